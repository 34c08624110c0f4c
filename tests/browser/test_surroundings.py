"""What the browser tests rest on does what they rest on: each part is shown to find what it is there to find."""

import asyncio
import base64
import smtplib
import subprocess
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from signatures.digests import digest_of
from signatures.timestamps import TimestampService
from tests.browser.accessibility import findings_of, require_accessible
from tests.browser.mailbox import Mailbox
from tests.browser.pages import is_complaint
from tests.browser.recording import Recording, Sent

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser.conftest import OpenPage
    from tests.browser.time_service import TimeService

SECRET = bytes(range(140, 200))
STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
    "worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PAGES = {
    "/good": "<!doctype html><html lang='en'><head><title>Good</title><link rel='icon' href='data:,'></head>"
    "<body><main><h1>Good</h1><form method='post' enctype='multipart/form-data'><label>File "
    "<input type='file' name='file'></label><button>Send</button></form></main></body></html>",
    "/bad": "<!doctype html><html><head><title>Bad</title><link rel='icon' href='data:,'><link rel='stylesheet' href='/pale.css'>"
    "</head><body><main><h1>Bad</h1><p class='pale'>hardly to be read</p><input name='nameless'></main></body></html>",
    "/inline": "<!doctype html><html lang='en'><head><title>Inline</title><link rel='icon' href='data:,'></head>"
    "<body><script>window.ran = true</script></body></html>",
    "/pale.css": ".pale { color: #ccc; background: #fff }",
}


@pytest.fixture
def pages() -> Iterator[str]:
    """A few still pages under the policy of the real ones."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = PAGES[self.path].encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/css" if self.path.endswith(".css") else "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", STRICT)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  # the library's own name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_other_tests_may_run_an_event_loop_while_the_browser_waits(running_browser: object) -> None:
    async def say_yes() -> bool:
        return True

    assert asyncio.run(say_yes())


def test_axe_judges_a_page_under_its_own_strict_policy(open_page: "OpenPage", pages: str) -> None:
    page = open_page()
    page.goto(f"{pages}/good")
    require_accessible(page)
    page.goto(f"{pages}/bad")
    rules = {finding.split()[0] for finding in findings_of(page)}
    assert {"html-has-lang", "label", "color-contrast"} <= rules
    with pytest.raises(AssertionError, match="html-has-lang"):
        require_accessible(page)


@pytest.mark.parametrize("device", ["phone", "small", "desk"])
def test_a_page_has_the_size_and_the_language_of_its_device(open_page: "OpenPage", pages: str, device: str) -> None:
    page = open_page(device=device, language="th", scheme="dark")
    page.goto(f"{pages}/good")
    seen = page.evaluate("[screen.width, navigator.language, matchMedia('(prefers-color-scheme: dark)').matches]")
    assert seen == [{"phone": 360, "small": 320, "desk": 1280}[device], "th-TH", True]


def test_a_script_that_the_policy_forbids_is_a_complaint(browser: "Browser", pages: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        with page.expect_console_message() as said:
            page.goto(f"{pages}/inline")
        assert page.evaluate("window.ran") is None
        assert "Content Security Policy" in said.value.text
        assert is_complaint(said.value.type, said.value.text)


FORMS = {
    "raw": SECRET,
    "a part": b"x" + SECRET[10:30] + b"y",
    "base64": b'{"key": "' + base64.b64encode(SECRET) + b'"}',
    "base64 after one byte": base64.b64encode(b"1" + SECRET),
    "base64 after two bytes": base64.urlsafe_b64encode(b"12" + SECRET),
    "base64 in a form": b"key=" + quote(base64.b64encode(SECRET), safe="").encode(),
    "hexadecimal": SECRET.hex().encode(),
    "hexadecimal, shifted": b"0" + SECRET.hex().upper().encode(),
    "percent": quote(SECRET).encode(),
}


@pytest.mark.parametrize("body", FORMS.values(), ids=FORMS.keys())
def test_a_secret_that_was_sent_is_found_in_any_form(body: bytes) -> None:
    assert Recording(sent=[Sent("POST", "http://127.0.0.1/", (), body)]).holds(SECRET)
    assert Recording(sent=[Sent("GET", "http://127.0.0.1/?" + body.decode("latin-1"), (), b"")]).holds(SECRET)


def test_what_was_not_sent_is_not_found_and_what_is_public_does_not_count() -> None:
    recording = Recording(sent=[Sent("POST", "http://127.0.0.1/", (("X", "y"),), SECRET[:30])])
    assert not recording.holds(bytes(range(60)))
    assert not recording.holds(SECRET, public=[SECRET[:30]])
    assert recording.holds(SECRET, public=[SECRET[:11]])


@pytest.mark.parametrize("password", ["รหัสลับ-2569", "correct horse"])
def test_a_password_that_was_sent_is_found(password: str) -> None:
    for body in (
        password.encode(),
        quote(password).encode(),
        base64.b64encode(password.encode("utf-16-be")),
        ascii(password).encode(),
    ):
        assert Recording(sent=[Sent("POST", "http://127.0.0.1/", (), body)]).holds_text(password)
    assert not Recording(sent=[Sent("POST", "http://127.0.0.1/", (), b"password=other")]).holds_text(password)


def test_an_uploaded_file_is_recorded_with_its_content(open_page: "OpenPage", pages: str, recording: Recording) -> None:
    page = open_page(through=recording)
    page.goto(f"{pages}/good")
    page.locator("input[type=file]").set_input_files({"name": "key.p12", "mimeType": "application/x-pkcs12", "buffer": SECRET})
    page.get_by_role("button", name="Send").click()
    page.wait_for_load_state()
    assert [request.method for request in recording.sent] == ["GET", "POST"]
    assert recording.holds(SECRET)


def test_what_would_leave_this_machine_is_recorded_and_stopped(browser: "Browser", recording: Recording) -> None:
    with browser.new_context(proxy={"server": recording.proxy}) as context:
        answer = context.new_page().goto("http://example.org/?a=b")
        assert answer is not None
        assert answer.status == 502
    assert recording.sent[0].url == "http://example.org/?a=b"


def test_mail_is_found_by_its_address_with_link_and_code(mail: Mailbox) -> None:
    for address, text in (("a@example.org", "รหัส 123456"), ("b@example.org", "เปิด http://127.0.0.1:1/x/y?z=1 ได้")):
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = "s@example.org", address, "เรื่อง ทดสอบ"
        message.set_content(text)
        message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="เอกสาร.pdf")
        with smtplib.SMTP("127.0.0.1", mail.port) as client:
            client.send_message(message)
    assert mail.newest("a@example.org").code == "123456"
    assert mail.newest("b@example.org").link == "http://127.0.0.1:1/x/y?z=1"
    assert mail.newest("b@example.org").attachments == {"เอกสาร.pdf": b"%PDF"}


def test_the_time_stamp_service_answers_and_its_tokens_lead_to_its_root(time_stamps: "TimeService", tmp_path: Path) -> None:
    digest = digest_of(b"text").hex
    token = tmp_path / "token.der"
    token.write_bytes(TimestampService(time_stamps.url).token(bytes.fromhex(digest)).dump())
    command = ["openssl", "ts", "-verify", "-token_in", "-in", str(token), "-CAfile", str(time_stamps.root), "-digest"]
    assert subprocess.run([*command, digest], capture_output=True, check=False).returncode == 0
    assert subprocess.run([*command, digest_of(b"other").hex], capture_output=True, check=False).returncode != 0
