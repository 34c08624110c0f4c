"""The HTML page: complete in both languages, harmless whatever a file holds, and sufficient alone."""

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from mou.cli.verify import show_report
from mou.report.case import Case
from mou.report.page import report_page
from mou.report.pictures import NOTHING_SEEN, Picture, Seen
from mou.report.places import Place
from mou.report.voice import LONGEST_TEXT, Voice, shown
from signatures.authority import new_private_key
from signatures.digests import digest_of

if TYPE_CHECKING:
    from signatures.validation import SignatureCheck

HOSTILE = "<script>alert(1)</script>\"'&<img src=x onerror=y>\u202e\u0007}</style>"
PNG = base64.b64encode(b"a picture").decode()
SEEN = Seen(
    {"S0001": (Place(1, 0.1, 0.2, 0.3, 0.04),), "S0002": (Place(3, 0.5, 0.5, 0.1, 0.1),)},
    (Picture(1, 990, 1400, PNG),),
)
VOID = {"meta", "br", "img"}


class Reader(HTMLParser):
    """What a browser makes of a page: its elements in order, and the text below each language."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[tuple[str, str]] = [("", "")]
        self.texts: dict[str, str] = {}
        self.unbalanced: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.elements.append((tag, attributes))
        if tag not in VOID:
            self.open.append((tag, attributes.get("lang") or self.open[-1][1]))

    def handle_endtag(self, tag: str) -> None:
        if self.open.pop()[0] != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        tag, language = self.open[-1]
        if tag not in {"style", "title"}:
            self.texts[language] = self.texts.get(language, "") + data + " "

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def read(case: Case, seen: Seen = NOTHING_SEEN, language: str = "en") -> Reader:
    return Reader(report_page([case], [seen], language))


def with_signature(case: Case, **changed: object) -> Case:
    """The case with its second signature described otherwise."""
    seal, first, *others = case.report.signatures
    other: SignatureCheck = replace(first, **changed)  # type: ignore[arg-type]  # any of its facts
    return replace(case, report=replace(case.report, signatures=(seal, other, *others)))


def test_a_passed_file_is_reported_with_what_was_asked_and_by_what(honest: Case) -> None:
    said = read(honest).texts["en"]
    assert honest.pdf is not None
    assert honest.evidence is not None
    root = honest.policy.roots[0]
    expected = [
        "✓   PASSED",
        "mou-0001.pdf",
        digest_of(honest.pdf).hex,
        digest_of(honest.evidence).hex,
        "2026-11-22 03:00:00 UTC",
        str(honest.policy.ledger_keys[0]),
        "network",
        root.subject.rfc4514_string(),
        "Statements on revocation that were at hand",
        "list, from the evidence",
        "2026-11-22 00:59:00 UTC",
    ]
    assert [text for text in expected if " ".join(text.split()) not in " ".join(said.split())] == []


def test_every_step_stands_in_the_report_with_its_outcome_and_reason(honest: Case, alone: Case, damaged: Case) -> None:
    for case in (honest, alone, damaged):
        said = " ".join(read(case).texts["en"].split())
        words = {"passed": "✓ passed", "failed": "✗ FAILED", "not_checked": "? not checked"}
        for step in case.report.steps:
            assert f"{step.number} · {step.name} {words[step.outcome]} {step.reason}" in said


@pytest.mark.parametrize(("name", "answer"), [("honest", "✓ PASSED"), ("alone", "? CANNOT BE KNOWN"), ("damaged", "✗ FAILED")])
def test_each_of_the_three_answers_has_a_sign_and_a_word(name: str, answer: str, request: pytest.FixtureRequest) -> None:
    page = read(request.getfixturevalue(name))
    assert f"Verification of mou-0001.pdf {answer}" in " ".join(page.texts["en"].split())


def test_each_signature_has_signer_capacity_certificate_time_level_and_place(honest: Case) -> None:
    said = " ".join(read(honest, SEEN).texts["en"].split())
    for check in honest.report.signatures:
        assert check.signer in said
        assert check.capacity in said
        assert check.certificate_digest.removeprefix("sha256:") in said
    assert said.count("(as the signer's machine claimed)") == 5
    assert said.count("level B-B") == 5
    assert "page 1, 10 % from the left and 20 % from the top, 30 % wide and 4 % high" in said
    assert said.count("it has no box that can be seen") == 3


def test_the_four_tests_of_section_26_stand_row_by_row_with_evidence_or_none(honest: Case) -> None:
    said = " ".join(read(with_signature(honest)).texts["en"].split())
    assert said.count("1 · what makes the signature is linked to the signatory alone ✓ there is evidence") == 4
    assert said.count("2 · it was under the signatory's sole control when it was made ? no evidence") == 5
    assert said.count("type 1: general electronic signature (section 9)") == 4
    assert said.count("there is no evidence for test 2: nothing in the file or beside it shows who held the key") == 4
    assert "type 2:" not in said


def test_a_seal_is_never_shown_as_a_persons_signature(honest: Case) -> None:
    said = " ".join(read(honest).texts["en"].split())
    seal = said[said.index("Signature 1: S0000") : said.index("Signature 2:")]
    assert "set by an automated system or for an organisation, no person's signature" in seal
    assert "type of signature none, or it cannot be known" in seal


def test_what_is_not_proven_and_which_law_was_read_stand_in_every_report(honest: Case, damaged: Case, unreadable: Case) -> None:
    for case in (honest, damaged, unreadable):
        said = " ".join(read(case).texts["en"].split())
        assert "This does not prove that what the text says is true" in said
        assert "The recommendation is not binding law, and type 3 is not the qualified electronic signature" in said
        assert "version of the reading: 25 November 2026" in said


def test_a_file_that_cannot_be_read_gives_a_report_that_says_so(unreadable: Case) -> None:
    said = " ".join(read(unreadable).texts["en"].split())
    assert "Verification of none.pdf ✗ FAILED none.pdf cannot be read: No such file or directory" in said
    assert "digest of the file (SHA-256) unknown" in said
    assert "No signature was found in the file." in said


def certificate_from(country: str) -> bytes:
    """A certificate whose issuer names this country."""
    key = new_private_key()
    issuer = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, country), x509.NameAttribute(NameOID.COMMON_NAME, "Some CA")])
    now = datetime(2026, 11, 22, tzinfo=UTC)
    builder = x509.CertificateBuilder().subject_name(issuer).issuer_name(issuer).public_key(key.public_key()).serial_number(7)
    made = builder.not_valid_before(now).not_valid_after(now + timedelta(days=1)).sign(key, SHA256())
    return made.public_bytes(Encoding.DER)


@pytest.mark.parametrize(("country", "is_foreign"), [("DE", True), ("TH", False)])
def test_a_foreign_authority_is_labelled_and_not_judged(honest: Case, country: str, is_foreign: bool) -> None:  # noqa: FBT001
    case = with_signature(honest, certificate=certificate_from(country))
    page = read(case)
    label = f"CN=Some CA,C={country} (foreign authority: {country})"
    assert (label in " ".join(page.texts["en"].split())) is is_foreign
    assert case.report.verdict == honest.report.verdict


def test_a_certificate_that_cannot_be_read_is_said_to_be_so(honest: Case) -> None:
    assert "certificate cannot be read" in " ".join(read(with_signature(honest, certificate=b"")).texts["en"].split())


def test_a_date_that_no_calendar_here_reaches_is_shown_in_universal_time() -> None:
    last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert Voice("th").moment(last) == Voice("en").moment(last) == "9999-12-31 23:59:59 UTC"


@pytest.mark.parametrize("language", ["th", "en"])
def test_both_languages_stand_in_the_page_the_readers_first(honest: Case, language: str) -> None:
    page = read(honest, SEEN, language)
    other = {"th": "en", "en": "th"}[language]
    assert [one["lang"] for one in page.of("section") if "lang" in one] == [language, other]
    assert page.of("html") == [{"lang": language}]
    assert "ไม่ผ่าน" in Reader(report_page([honest], [SEEN], language)).texts["th"] or "ผ่าน" in page.texts["th"]


def test_several_files_stand_in_one_report_in_their_order(honest: Case, unreadable: Case) -> None:
    page = Reader(report_page([unreadable, honest], [NOTHING_SEEN, SEEN], "en"))
    assert len(page.of("article")) == 2
    assert page.texts["en"].index("Verification of none.pdf") < page.texts["en"].index("Verification of mou-0001.pdf")


def test_the_page_needs_nothing_else_and_may_load_nothing(honest: Case) -> None:
    text = report_page([honest], [SEEN], "en")
    page = Reader(text)
    assert {tag for tag, _ in page.elements} & {"script", "link", "iframe", "object", "embed", "form", "base", "svg"} == set()
    assert [one for _, attributes in page.elements for one in attributes if one.startswith("on") or one == "style"] == []
    assert {str(one["src"])[:22] for one in page.of("img")} == {"data:image/png;base64,"}
    assert set(re.findall(r"url\(\"?([^;\"]*)", text)) == {"data:font/ttf"}
    assert re.findall(r"https?://|@import", text) == []
    assert [tag for tag, attributes in page.elements if attributes.keys() & {"href", "action", "srcset", "background"}] == []


def test_the_pages_policy_allows_its_own_style_and_no_other(honest: Case) -> None:
    text = report_page([honest], [SEEN], "en")
    style = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style[0].encode()).digest()).decode()
    policy = next(one["content"] for one in Reader(text).of("meta") if one.get("http-equiv") == "Content-Security-Policy")
    assert len(style) == 1
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
    )


def test_whatever_a_file_or_its_name_holds_is_text(honest: Case) -> None:
    case = replace(with_signature(honest, field=HOSTILE, signer=HOSTILE, capacity=HOSTILE, trust_root=HOSTILE), file=HOSTILE)
    page = read(case, Seen({HOSTILE: (Place(1, 0, 0, 1, 1),)}, SEEN.pages))
    assert {tag for tag, _ in page.elements} & {"script"} == set()
    assert len(page.of("img")) == 1
    assert (page.unbalanced, page.open) == ([], [("", "")])
    assert "<script>alert(1)</script>\"'&<img src=x onerror=y>[U+202E][U+0007]}</style>" in page.texts["en"]


def test_tables_can_be_read_out(honest: Case) -> None:
    page = read(honest, SEEN)
    assert len(page.of("caption")) == len(page.of("table"))
    assert {one.get("scope") for one in page.of("th")} == {"row", "col"}
    assert all(one["alt"] for one in page.of("img"))


def test_each_box_is_marked_by_number_sign_and_word_on_the_page_where_it_is(honest: Case) -> None:
    text = report_page([honest], [SEEN], "en")
    page = Reader(text)
    boxes = [one["class"] for one in page.of("span") if str(one.get("class", "")).startswith("box ")]
    assert boxes == ["box box-0-2-0 passed"]  # that of S0002 is on a page without a picture
    assert ".box-0-2-0 { left: 10.000%; top: 20.000%; width: 30.000%; height: 4.000% }" in text
    assert "Page 1 · box 2: S0001, PASSED" in page.texts["en"]
    assert "2   ✓   PASSED" in page.texts["en"] or "2 ✓ PASSED" in " ".join(page.texts["en"].split())


def test_without_pictures_the_page_says_so(honest: Case) -> None:
    page = read(honest, replace(SEEN, pages=()))
    assert page.of("img") == []
    assert "There are no pictures of the pages" in page.texts["en"]
    assert "page 1, 10 % from the left" in page.texts["en"]


@given(st.text())
def test_a_text_is_shown_on_one_line_without_anything_unseen(text: str) -> None:
    line = shown(text)
    assert line.isprintable()
    assert len(line) <= LONGEST_TEXT + 2


def letters() -> Iterator[str]:
    yield from ("\u202e", "\u2066", "\u200b", "\x00", "\ue000", "\ufeff")


@pytest.mark.parametrize("letter", list(letters()), ids=ascii)
def test_a_character_that_hides_is_written_out(letter: str) -> None:
    assert shown(f"a{letter}b") == f"a[U+{ord(letter):04X}]b"


def test_no_name_steers_the_terminal(honest: Case, capsys: pytest.CaptureFixture[str]) -> None:
    case = with_signature(honest, signer="\x1b[2Ja", capacity="b\rc", time=datetime(9999, 12, 31, 23, 59, tzinfo=UTC))
    show_report("en", Path("a\x1b.pdf"), case.report)
    printed = capsys.readouterr().out
    assert {letter for letter in printed if not letter.isprintable()} == {"\n"}
    assert "  S0001  [U+001B][2Ja  b c\n         9999-12-31T23:59:00+00:00" in printed
