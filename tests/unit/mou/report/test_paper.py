"""The PDF of a report: archival, accessible, the same bytes each time, and its text copies out as the page says it."""

import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest

from mou.rendering.conformance import check_conformance
from mou.rendering.faces import bundled_family
from mou.rendering.report_pdf import draw_report, drawable_text
from mou.report.case import Case
from mou.report.writing import report_bytes

MADE_AT = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
UNDRAWABLE = "名\U0001f600\u202e\u0e4d\u0e32"


def as_pdf(case: Case, language: str = "th") -> bytes:
    return report_bytes([case], language, as_pdf=True, made_at=MADE_AT)


def bare(text: str) -> str:
    return "".join(text.replace("\ufffe", "").split())


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "".join(bare(page.get_textpage().get_text_range()) for page in document)


@pytest.mark.parametrize("name", ["honest", "alone", "damaged", "unreadable"])
def test_a_report_on_paper_follows_the_rules_of_archive_and_access(name: str, request: pytest.FixtureRequest) -> None:
    found = check_conformance(as_pdf(request.getfixturevalue(name)))
    assert (found.findings, found.unseen) == ((), ())


def test_the_text_copies_out_in_both_languages(honest: Case, tmp_path: Path) -> None:
    pdf = as_pdf(honest)
    (tmp_path / "report.pdf").write_bytes(pdf)
    read = subprocess.run(["pdftotext", "-raw", tmp_path / "report.pdf", "-"], capture_output=True, check=True)
    for text in (text_of(pdf), bare(read.stdout.decode())):
        assert bare("ผ่านครบทุกขั้นตั้งแต่ 0 ถึง 7") in text
        for check in honest.report.signatures:
            assert text.count(bare(check.signer)) >= 2
            assert text.count(check.certificate_digest.removeprefix("sha256:")) == 2
        assert bare("This does not prove that what the text says is true") in text


def test_the_same_case_gives_the_same_bytes(alone: Case) -> None:
    assert as_pdf(alone) == as_pdf(alone)


def test_a_name_in_letters_that_the_font_lacks_is_written_out(alone: Case) -> None:
    text = text_of(as_pdf(replace(alone, file=f"{UNDRAWABLE}.pdf"), "en"))
    assert bare("Verification of [U+540D][U+1F600][U+202E]\u0e33.pdf") in text


def test_every_letter_that_is_drawn_has_a_glyph() -> None:
    drawable = bundled_family().drawable_characters()
    text = drawable_text(f"<p>✓✗ ก {UNDRAWABLE}\n</p>", drawable)
    assert {letter for letter in text if ord(letter) not in drawable} <= {"\n"}


def test_the_page_reaches_for_no_file_and_no_address() -> None:
    from mou.errors import RenderingError

    with pytest.raises(RenderingError):
        draw_report(
            '<html lang="en"><title>x</title><body><img src="file:///etc/passwd" alt="x"></body></html>', "", created=MADE_AT
        )
