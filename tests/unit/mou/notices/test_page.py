"""The page of a notice: both languages, archival and accessible, every kind with words, nothing of a person."""

import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pypdfium2
import pytest

from mou.charter.facts import Fact, FactKind
from mou.charter.instruments import InstrumentKind
from mou.charter.notices import Notice, NoticeError, notice_bytes
from mou.notices.drawing import carried_notice, draw_notice
from mou.notices.page import notice_page
from mou.notices.words import CLAUSES, KINDS, fact_in_words, outcome_of
from mou.rendering.archive import read_record
from mou.rendering.conformance import check_conformance
from tests.unit.mou.notices.house import AT, PAPER, TEXT, House, told

EVERY_FACT = tuple(
    Fact(kind, date(2026, 11, 20 + place), "org-1", "องค์กรสมมติ ๑", "A1", date(2026, 12, 30), ("ins_2",), holds=place % 2 == 0)
    for place, kind in enumerate(FactKind)
)


def bare(text: str) -> str:
    return "".join(text.replace("\ufffe", "").split())


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "".join(bare(page.get_textpage().get_text_range()) for page in document)


def full(notice: Notice) -> Notice:
    """A notice with every kind of instrument, and every fact."""
    kinds = [
        replace(told(1), kind=kind, provisions=("5", "7"), successor="org-9" if kind is InstrumentKind.SUCCEEDED else None)
        for kind in InstrumentKind
    ]
    return replace(notice, instruments=(*notice.instruments, *kinds), facts=EVERY_FACT)


def test_a_sealed_notice_follows_the_rules_of_archive_and_access(house: House, notice: Notice) -> None:
    found = check_conformance(house.seal(full(notice)))
    assert (found.findings, found.unseen) == ((), ())


def test_the_page_says_everything_in_thai_and_in_english(notice: Notice, tmp_path: Path) -> None:
    pdf = draw_notice(full(notice), created=AT)
    (tmp_path / "notice.pdf").write_bytes(pdf)
    read = subprocess.run(["pdftotext", "-raw", tmp_path / "notice.pdf", "-"], capture_output=True, check=True)
    wanted = [
        "หนังสือแจ้งของผู้เก็บรักษา ฉบับที่ ๑",
        "Depositary notice no. 1",
        "๒๒ พฤศจิกายน ๒๕๖๙",
        "22 November 2026",
        "ส่งคืน ไม่นับ: หลักฐานอำนาจลงนาม",
        "returned, not counted: proof of authority",
        "ตราประทับอัตโนมัติ",
        "nobody's signature",
        "องค์กรสมมติ 2",
        notice.head.root.hex(),
        str(TEXT),
    ]
    for text in (text_of(pdf), bare(read.stdout.decode())):
        assert [words for words in wanted if bare(words) not in text] == []


def test_the_same_notice_gives_the_same_bytes_and_carries_itself(notice: Notice) -> None:
    pdf = draw_notice(notice, created=AT)
    assert pdf == draw_notice(notice, created=AT)
    assert carried_notice(pdf) == notice
    assert read_record(pdf)["number"] == 1


def test_names_from_a_list_cannot_become_markup(notice: Notice) -> None:
    named = replace(notice, instruments=(replace(told(1), name="<b>มูลนิธิ</b> & 'ตัวอย่าง'"),))
    assert "&lt;b&gt;มูลนิธิ&lt;/b&gt; &amp; &#39;ตัวอย่าง&#39;" in notice_page(named).replace("&#x27;", "&#39;")


def test_a_notice_that_no_reader_would_take_is_not_drawn(notice: Notice) -> None:
    with pytest.raises(NoticeError):
        draw_notice(replace(notice, instruments=()), created=AT)


def test_a_file_without_a_notice_carries_none() -> None:
    for content in (b"%PDF-1.7", PAPER, b""):
        with pytest.raises(NoticeError):
            carried_notice(content)


# The words.


def test_every_kind_of_instrument_has_words_of_its_own() -> None:
    assert set(KINDS) == set(InstrumentKind)
    assert len({one.th for one in KINDS.values()}) == len({one.en for one in KINDS.values()}) == len(KINDS)


@pytest.mark.parametrize("kind", FactKind)
def test_every_fact_is_a_sentence_in_both_languages_and_so_is_its_end(kind: FactKind) -> None:
    fact = Fact(kind, date(2022, 4, 20), "org-1", "องค์กรสมมติ", "A1", date(2022, 5, 20))
    said, over = fact_in_words(fact), fact_in_words(replace(fact, holds=False))
    assert ("๒๐ เมษายน ๒๕๖๕" in said.th, "20 April 2022" in said.en) == (True, True)
    assert (said.th in over.th, said.en in over.en) == (True, True)
    assert "{" not in said.th + said.en


def test_every_clause_by_which_a_paper_can_be_returned_has_words() -> None:
    import mou.charter

    sources = Path(mou.charter.__file__).parent.glob("*form*.py")
    named = {name for path in sources for name in clause_names(path.read_text("utf-8"))}
    assert named >= {"form", "proof_of_authority", "signature_window"}
    assert named - set(CLAUSES) == set()


def clause_names(source: str) -> set[str]:
    """The first argument of each `require(...)`, wherever it is written out."""
    import ast

    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    found = set()
    for call in calls:
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name.startswith("require"):
            found |= {one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return found


def test_a_clause_that_is_not_known_is_shown_as_it_is() -> None:
    assert outcome_of(replace(told(1), returned_for="unheard_of")).en == "returned, not counted: unheard_of"


def test_the_notice_is_bound_to_what_the_page_was_drawn_from(notice: Notice) -> None:
    assert notice_bytes(carried_notice(draw_notice(full(notice), created=AT))) == notice_bytes(full(notice))
