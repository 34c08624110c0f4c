"""Whether Word opens a draft without offering to repair it, as far as the rules of Microsoft's Open XML SDK tell."""

import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from mou.models import FilledDocument
from mou.rendering.word.drafting.draft import word_of
from signatures.digests import digest_of
from tests.golden.draw_pages import EXAMPLES, fill_example
from tests.office_rules import findings_in

PIECES = {
    "nothing": "",
    "text of all kinds": '<p>ก <b>หนา <i>เอน</i></b><br>ข&#9;ค <span lang="en">English</span> A&amp;B &lt;x&gt;</p>',
    "headings": "<h1>หนึ่ง</h1><h2>สอง</h2><h6>หก</h6>",
    "a table": "<table><tr><th>ก</th><th>ข</th></tr><tr><td colspan=2>ค</td></tr><tr><td>ง</td><td></td></tr></table>",
    "two tables in a row": "<table><tr><td>ก</td></tr></table><table><tr><td>ข</td></tr></table>",
    "side by side": '<div><div class="half"><p>ซ้าย</p></div><div class="half"><p>ขวา</p></div></div>',
    "a picture": '<p><img src="logo.png" alt="ตรา &amp; &quot;โล่&quot;"> ชื่อ <img src="logo.png" alt=""></p>',
    "a box and a frame": '<p class="frame">ก</p><div class="box"></div>',
    "a new page": '<p>ก</p><div class="annex"><h2>ผนวก</h2><p>ข</p></div>',
    "an item": '<p class="item"><span class="number">๑.๑</span>ก</p>',
}
CSS = """
.half { display: inline-block; width: 50%; }
.frame { border: 1pt solid #333; padding: 40pt; }
.box { border: 1pt solid; height: 20mm; }
.annex { break-before: page; } .item { padding-left: 37mm; text-indent: -12mm; } .number { display: inline-block; width: 12mm; }
"""


def saved(filled: FilledDocument, folder: Path) -> Path:
    file = folder / "draft.docx"
    file.write_bytes(word_of(filled, digest=digest_of(b"the PDF"), created=datetime(2022, 3, 29, tzinfo=UTC)))
    return file


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("marks_fields", [False, True], ids=["plain", "with marked fields"])
def test_the_draft_of_a_bundled_template_has_no_fault(name: str, marks_fields: bool, tmp_path: Path) -> None:  # noqa: FBT001
    assert findings_in(saved(fill_example(name, marks_fields=marks_fields), tmp_path)) == []


@pytest.mark.parametrize("body", PIECES.values(), ids=PIECES.keys())
def test_the_draft_of_anything_a_page_may_hold_has_no_fault(body: str, tmp_path: Path) -> None:
    Image.new("RGB", (40, 20), "red").save(tmp_path / "logo.png")
    html = f'<html lang="th"><body>{body}</body></html>'
    filled = replace(fill_example("lanna-mou"), html=html, css=CSS, folder=str(tmp_path))
    assert findings_in(saved(filled, tmp_path)) == []


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("word/settings.xml", b"<w:trackRevisions/>", b"<w:trackRevisionz/>"),
        ("word/styles.xml", b"<w:name w:val=", b"<w:qFormat/><w:name w:val="),
        ("word/document.xml", b"<w:body>", b"<w:body><w:t>x</w:t>"),
        ("word/document.xml", b"<w:sz w:val=", b"<w:sz w:wal="),
    ],
)
def test_a_draft_with_a_fault_is_seen_as_one(part: str, old: bytes, new: bytes, tmp_path: Path) -> None:
    """The referee itself: what it is trusted with above, it finds."""
    draft, broken = saved(fill_example("lanna-mou"), tmp_path), tmp_path / "broken.docx"
    with zipfile.ZipFile(draft) as before, zipfile.ZipFile(broken, "w") as after:
        for entry in before.infolist():
            content = before.read(entry)
            if entry.filename == part:
                assert old in content
                content = content.replace(old, new, 1)
            after.writestr(entry, content)
    assert any(part in one for one in findings_in(broken))
