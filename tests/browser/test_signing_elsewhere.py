"""Signing in a program of one's own: saved from the page, signed with pyHanko, brought back to the page."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko.sign.fields import SigSeedSubFilter

from tests.browser.accessibility import require_accessible
from tests.browser.certificates import own_certificate
from tests.browser.signing import Signing, aside

if TYPE_CHECKING:
    from tests.browser.conftest import OpenPage
    from tests.browser.site import Site

PASSWORD = "correct-horse"


@pytest.fixture
def signing(open_page: "OpenPage", site: "Site", files: Path) -> Signing:
    """Somebody at a desk who has come to the page on which a file is saved and brought back."""
    signing = Signing(site, open_page(language="th"), site.invite())
    signing.arrive_at_review("elsewhere")
    return signing


def sign_elsewhere(content: bytes, file: bytes, field: str = "S0001") -> bytes:
    """What another program makes of a PDF and a PKCS#12 file."""
    signer = SimpleSigner.load_pkcs12_data(file, [], PASSWORD.encode())
    assert signer is not None
    about = PdfSignatureMetadata(field_name=field, subfilter=SigSeedSubFilter.PADES)
    signed = io.BytesIO()
    sign_pdf(IncrementalPdfFileWriter(io.BytesIO(content)), about, signer=signer, output=signed)
    return signed.getvalue()


def bring_back(signing: Signing, content: bytes) -> None:
    choice = {"name": "ลงนามแล้ว.pdf", "mimeType": "application/pdf", "buffer": content}
    signing.page.locator("#file").set_input_files(choice)  # type: ignore[arg-type]  # a typed dict of the library's own
    signing.page.locator("form", has=signing.page.locator("#file")).locator("button.button-large").click()


def signed_copy(signing: Signing, folder: Path) -> bytes:
    saved = signing.saved("download", folder).read_bytes()
    own = own_certificate(signing.site.workspace, signing.invited.person.full_name)
    return aside(lambda: sign_elsewhere(saved, own.file(PASSWORD)))


def test_a_file_that_was_signed_elsewhere_is_taken_back_and_the_program_says_passed(signing: Signing, files: Path) -> None:
    require_accessible(signing.page)
    bring_back(signing, signed_copy(signing, files))
    signing.be_done()
    signing.require_passed()


REFUSED: dict[str, Callable[[bytes], bytes]] = {
    "a byte of the text changed": lambda signed: signed[:2000] + bytes([signed[2000] ^ 1]) + signed[2001:],
    "something appended": lambda signed: signed + b"\n% a note\n1 0 obj\n<<>>\nendobj\n",
    "cut short": lambda signed: signed[:-400],
    "no PDF": lambda _signed: b"PK\x03\x04 something else",
    "empty": lambda _signed: b"",
}


@pytest.mark.parametrize("change", REFUSED.values(), ids=REFUSED.keys())
def test_a_file_that_was_altered_is_refused_in_words_and_the_right_one_is_still_taken(
    signing: Signing, files: Path, change: Callable[[bytes], bytes]
) -> None:
    signed = signed_copy(signing, files)
    bring_back(signing, change(signed))
    expect(signing.page.locator("#errors")).to_be_visible()
    require_accessible(signing.page)
    bring_back(signing, signed)
    signing.be_done()
    signing.require_passed()


def test_the_file_as_it_was_saved_is_not_a_signature(signing: Signing, files: Path) -> None:
    saved = signing.saved("download", files).read_bytes()
    bring_back(signing, saved)
    expect(signing.page.locator("#errors")).to_be_visible()


def test_a_file_that_somebody_else_signed_is_refused_by_name(signing: Signing, files: Path) -> None:
    saved = signing.saved("download", files).read_bytes()
    other = own_certificate(signing.site.workspace, "นายคนอื่น ไม่ใช่ผู้ลงนาม")
    bring_back(signing, aside(lambda: sign_elsewhere(saved, other.file(PASSWORD))))
    expect(signing.page.locator("#errors")).to_contain_text(signing.invited.person.full_name)
