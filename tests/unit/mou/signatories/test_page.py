"""The register as a page and as a PDF, in Thai and English: what it says, whom it does not name, that it needs nothing else."""

import json
import re
import subprocess
from html import unescape
from pathlib import Path

import pytest

from mou.errors import UsageError
from mou.rendering.conformance import check_conformance
from mou.signatories.page import register_as_html, register_as_pdf
from mou.signatories.record import register_as_record
from mou.signatories.rows import Names, OrganisationName, RegisterOfSignatories
from mou.signatories.writing import SUFFIXES, check_target, register_bytes
from tests.charters import day, founded
from tests.registers import PERSON_WORDS, a_charter, joined, some_papers


@pytest.fixture(scope="module")
def register() -> RegisterOfSignatories:
    return joined(a_charter(), some_papers(), day(30))


@pytest.fixture(scope="module")
def public() -> RegisterOfSignatories:
    return joined(a_charter(), some_papers(), day(30), is_public=True)


def words_of(page: str, language: str) -> str:
    """What a reader of this language reads, tags left out."""
    parts = re.findall(rf'<section class="part" lang="{language}">(.*?)(?=<section class="part"|</main>)', page, re.DOTALL)
    (part,) = parts
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", part)).split())


def test_the_readers_language_comes_first_and_the_other_follows(register: RegisterOfSignatories) -> None:
    for language, order in (("th", ["th", "en"]), ("en", ["en", "th"])):
        page = register_as_html(register, language)
        assert re.findall(r'<section class="part" lang="(..)">', page) == order
        assert page.startswith(f'<!doctype html>\n<html lang="{language}">')


def test_the_page_says_who_signed_how_on_which_authority_and_bound_by_what(register: RegisterOfSignatories) -> None:
    words = words_of(register_as_html(register, "en"), "en")
    for said in (
        "as it stood at the end of 28 April 2022",
        "✓ in force",
        "definitive signature of มูลนิธิสมมติสอง, ledger entry",
        "First Invented Foundation",
        "30 March 2022 · online",
        "as authorised representative · on the charter itself",
        "31 March 2022 · ■ on paper",
        "นายคำ สมมุติชน, ผู้อำนวยการ",
        "as attorney · on N-2565-001",
        "power of attorney issued on 24 March 2022 no evidence of stamp duty yet",
        "in force for it from 10 April 2022",
        "except articles 5, 7 objections: 1",
        "text as adopted",
        "Why it was returned",
        "proof of authority",
        "minor: 10 to 17 years",
        "Sample.",
        "It names persons: not for publication.",
    ):
        assert said in words


def test_thai_numbers_are_in_thai_numerals(register: RegisterOfSignatories) -> None:
    words = words_of(register_as_html(register, "th"), "th")
    assert "๒๘ เมษายน ๒๕๖๕" in words
    assert "ผู้มีอำนาจลงนาม" in words


def test_a_public_page_shows_no_person_and_says_so(public: RegisterOfSignatories) -> None:
    page = register_as_html(public, "th")
    assert [word for word in PERSON_WORDS if word in page] == []
    assert "It shows organisations and names no person." in page
    assert "กลุ่มเยาวชนสมมติ" in page
    assert "minor" not in page


def test_the_page_loads_and_runs_nothing(register: RegisterOfSignatories) -> None:
    page = register_as_html(register, "th")
    assert re.search(r"<script|\bon[a-z]+=|javascript:|\bstyle=|<link|<img", page) is None
    assert "default-src 'none'; style-src 'sha256-" in page
    assert re.findall(r"https?://", page) == []


def test_a_name_is_never_markup() -> None:
    evil = "<script>alert(1)</script>\u202e&amp;"
    names = Names({one: OrganisationName(evil, evil) for one in "abcy"}, {}, {"per_a": evil})
    page = register_as_html(joined(a_charter(), some_papers(), day(30), names=names), "th")
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;[U+202E]&amp;amp;" in page


def test_where_there_is_nothing_that_is_said() -> None:
    words = words_of(register_as_html(joined(a_charter(), [], day(0)), "en"), "en")
    for said in (
        "its text is not adopted",
        "Nobody has signed by this day.",
        "There is no reservation on this day.",
        "Nothing was returned.",
    ):
        assert said in words
    all_signed = joined(a_charter(), founded("a", "b"), day(0))
    assert len(all_signed.not_signed) == 2


def test_the_pdf_is_archival_accessible_and_says_the_same(public: RegisterOfSignatories, tmp_path: Path) -> None:
    pdf = register_as_pdf(public, "th")
    assert pdf == register_as_pdf(public, "th")
    assert check_conformance(pdf).findings == ()
    path = tmp_path / "register.pdf"
    path.write_bytes(pdf)
    text = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True, encoding="utf-8").stdout
    for said in ("กลุ่มเยาวชนสมมติ", "๒๘ เมษายน ๒๕๖๕", "Register of signatories", "on paper", "no evidence of stamp duty yet"):
        assert said in text
    assert [word for word in PERSON_WORDS if word in text] == []


def test_the_record_holds_everything_by_its_codes(register: RegisterOfSignatories) -> None:
    record = register_as_record(register)
    assert json.loads(json.dumps(record)) == record
    assert (record["format"], record["on"], record["is_public"]) == ("mou.register.v1", "2022-04-28", False)
    told = json.dumps(record, ensure_ascii=False)
    for said in (
        '"state": "in_force"',
        '"channel": "paper"',
        '"stamp_duty": "missing"',
        '"objector": "b"',
        '"clause": "proof_of_authority"',
    ):
        assert said in told


def test_a_public_record_names_nobody(public: RegisterOfSignatories) -> None:
    told = json.dumps(register_as_record(public), ensure_ascii=False)
    assert [word for word in PERSON_WORDS if word in told] == []
    assert "minors" not in told


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_kind_of_file_follows_from_its_name(public: RegisterOfSignatories, suffix: str) -> None:
    begins = {".pdf": b"%PDF-", ".xlsx": b"PK", ".json": b"{", ".html": b"<!doctype html>"}
    assert register_bytes(public, suffix.upper(), "th").startswith(begins[suffix])


def test_no_file_is_written_over_and_no_other_kind_is_made(tmp_path: Path) -> None:
    there = tmp_path / "register.pdf"
    there.write_bytes(b"kept")
    with pytest.raises(UsageError, match="never takes the place of a file"):
        check_target(there)
    with pytest.raises(UsageError, match=r"\.pdf, \.xlsx, \.json, \.html"):
        check_target(tmp_path / "register.docx")
    check_target(tmp_path / "register.XLSX")
