"""Draws the pictures of the pages that README and docs show: a workspace of invented people, the real program, a real browser.

    python docs/scripts/draw_site.py            # needs Chromium; writes docs/pictures/

What is drawn is what `mou serve` shows; nothing is staged but the people.
"""

import email
import email.policy
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Sequence

CHECKOUT = Path(__file__).resolve().parents[2]
PICTURES = CHECKOUT / "docs" / "pictures"
MOU = Path(sys.executable).with_name("mou")
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
GAP_PX = 24
MEMBERS = """\
ชื่อองค์กร,ประเภท,จังหวัด,คำนำหน้า ผู้แทน,ชื่อ ผู้แทน,สกุล ผู้แทน,ตำแหน่ง ผู้แทน,อีเมล ผู้แทน,คำนำหน้า พยาน,ชื่อ พยาน,สกุล พยาน,ตำแหน่ง พยาน
มูลนิธิบ้านริมน้ำ,มูลนิธิ,เชียงใหม่,นาง,สายฝน,ใจงาม,ประธานกรรมการ,saifon@example.org,นาย,ต้นกล้า,แสงดาว,เลขานุการ
เทศบาลตำบลริมธารสมมติ,เทศบาลตำบล,เชียงราย,นาย,ภูผา,สมมติ,นายกเทศมนตรี,phupha@example.org,นาง,ธารา,สมมติ,ปลัดเทศบาล
"""


def main() -> int:
    """Draw every picture."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        workspace = make_workspace(Path(folder))
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        serving = subprocess.Popen(
            [MOU, "--lang", "en", "serve", "-w", workspace, "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            assert serving.stdout is not None
            pages, desk = (line.split()[-1] for line in (serving.stdout.readline(), serving.stdout.readline()))
            os.environ["MOU_SITE_URL"] = pages
            run_mou("request", "send", "--all", "--deadline", "2099-12-31", "-w", workspace)
            draw_signing(browser, workspace, pages)
            draw_desk(browser, desk)
            draw_verification(browser, workspace, pages)
        finally:
            serving.terminate()
            serving.communicate(timeout=60)
            browser.close()
    return 0


def make_workspace(folder: Path) -> Path:
    """Make a workspace with a charter and two memoranda of invented people."""
    workspace, members = folder / "ours", folder / "members.csv"
    run_mou("init", workspace, "--name", "เครือข่ายสิทธิเด็กล้านนา (ตัวอย่าง)")
    shutil.copyfile(CHECKOUT / "templates" / "lanna-charter" / "example" / "ceremony.toml", workspace / "ceremony.toml")
    members.write_text(MEMBERS, encoding="utf-8")
    run_mou("organisations", "import", members, "-w", workspace)
    for template in ("lanna-charter", "lanna-mou"):
        run_mou("generate", template, "-w", workspace)
    return workspace


def draw_signing(browser: Browser, workspace: Path, pages: str) -> None:
    """Draw the way of a signatory on a phone: reading, agreeing, the last look, afterwards."""
    page = new_page(browser, PHONE, scale=2)
    page.goto(pages + re.findall(r"/sign/\S+", newest_mail(workspace, "LCRN-MOU-2565-001"))[0])
    page.locator("form[action$='/code'] button").first.click()
    code = re.findall(r"\b\d{6}\b", newest_mail(workspace, "รหัส"))[0]
    page.fill("#code", code)
    page.locator("form[action$='/confirm'] button").click()
    page.locator("#reader").wait_for(state="visible", timeout=60_000)
    page.locator("#reader-pages canvas").first.wait_for(timeout=60_000)
    page.wait_for_timeout(4000)
    reading = shot(page)
    for _ in range(8):
        page.locator("#reader-next").click()
        page.wait_for_timeout(1500)
    for name in ("read", "sign", "electronic"):
        page.check(f"#consent-{name}")
    page.locator("#consents-heading").evaluate("heading => heading.scrollIntoView()")
    agreeing = shot(page)
    page.locator("form[action$='/read'] button.button-large").click()
    page.locator("#sign:not([disabled])").wait_for(timeout=60_000)
    page.locator("#signing-heading").evaluate("heading => heading.scrollIntoView()")
    looking = shot(page)
    page.locator("#sign").click()
    page.wait_for_url("**/done", timeout=120_000)
    page.wait_for_timeout(500)
    save("signing-page.png", side_by_side([reading, agreeing, looking, shot(page)]))


def draw_desk(browser: Browser, entry: str) -> None:
    """Draw the secretariat's desk and one document on it."""
    page = new_page(browser, DESK)
    page.goto(entry)
    page.locator("form[action^='/enter'] button").click()
    page.locator("a[href^='/documents/']").first.wait_for()
    save("desk.png", shot(page, whole=True))


def draw_verification(browser: Browser, workspace: Path, pages: str) -> None:
    """Draw what a person sees who brings a PDF."""
    page = new_page(browser, DESK)
    page.goto(f"{pages}/verify")
    page.set_input_files("input[type=file]", workspace / "documents" / "lanna-mou" / "LCRN-MOU-2565-001.pdf")
    page.locator("form[action='/verify'] button, form[enctype] button").first.click()
    page.locator("h1").wait_for()
    page.wait_for_timeout(4000)
    save("verification-page.png", shot(page))


def new_page(browser: Browser, size: dict[str, int], *, scale: int = 1) -> Page:
    """Return a page in Thai of this size."""
    context = browser.new_context(viewport=size, locale="th-TH", device_scale_factor=scale)  # type: ignore[arg-type]
    return context.new_page()


def newest_mail(workspace: Path, word: str) -> str:
    """Return the text of the newest mail to the first signatory in which this word stands."""
    found = sorted((workspace / "outbox" / "mail").glob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in found:
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        body = message.get_body()
        text = f"{message['Subject']}\n{body.get_content() if body is not None else ''}"
        if "saifon@example.org" in message["To"] and word in text:
            return text
    raise SystemExit(f"no mail with {word}")


def shot(page: Page, *, whole: bool = False) -> Image.Image:
    """Return what the page shows."""
    return Image.open(io.BytesIO(page.screenshot(full_page=whole))).convert("RGB")


def side_by_side(pictures: "Sequence[Image.Image]") -> Image.Image:
    """Return the pictures in one row on grey, at half of their size."""
    small = [each.resize((each.width // 2, each.height // 2), Image.Resampling.LANCZOS) for each in pictures]
    row = Image.new("RGB", (sum(each.width + GAP_PX for each in small) + GAP_PX, small[0].height + 2 * GAP_PX), "#b9b4a8")
    left = GAP_PX
    for each in small:
        row.paste(each, (left, GAP_PX))
        left += each.width + GAP_PX
    return row


def save(name: str, picture: Image.Image) -> None:
    """Write a picture with few colours: pages have no more."""
    picture.quantize(128).save(PICTURES / name, optimize=True)
    print(f"docs/pictures/{name}: {picture.width} x {picture.height}")


def run_mou(*arguments: object) -> None:
    """Run the program, and stop when it does not succeed."""
    subprocess.run([MOU, *map(str, arguments)], check=True, stdout=subprocess.DEVNULL)


def find_chromium() -> str:
    """Return the browser that the system has."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        raise SystemExit("Chromium is needed")
    return found


if __name__ == "__main__":
    sys.exit(main())
