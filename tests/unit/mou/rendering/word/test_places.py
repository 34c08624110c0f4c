"""Places for signatures in a Word file: everybody has one, it stands alone, or a page behind the text has them all."""

from collections.abc import Sequence

import pytest
from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn

from mou.errors import InputError
from mou.models import Capacity, Person, SignatorySlot
from mou.rendering.word.own_layout.filled_layout import file_bytes
from mou.rendering.word.own_layout.places import BEGIN, END, make_places, token
from tests.house_layout import house_file, opened

MARK = "0123456789abcdef"
SOURCE = "note/template.docx"


def slot(number: int, role: str = "party") -> SignatorySlot:
    person = Person(prefix="นาย", given_name=f"ก้อง{number}", family_name="ทดสอบ", position="ประธาน")
    return SignatorySlot(f"S{number:04d}", role, "org-1", "มูลนิธิสมมติ", person, Capacity.AUTHORISED_REPRESENTATIVE, 1)


def made(paragraphs: Sequence[str], slots: Sequence[SignatorySlot]) -> list[str]:
    """The names of all bookmarks, in the order of the text."""
    document = opened(house_file(paragraphs=paragraphs))
    make_places(document, SOURCE, MARK, slots)
    read = opened(file_bytes(document))
    return [one.get(qn("w:name")) for one in read.element.body.iter(qn("w:bookmarkStart"))]


def refusal(paragraphs: Sequence[str], slots: Sequence[SignatorySlot]) -> str:
    with pytest.raises(InputError, match="the places for signatures are not right") as refused:
        made(paragraphs, slots)
    return str(refused.value)


def test_a_place_becomes_two_bookmarks_where_its_tag_stood() -> None:
    names = made(["ก", token(MARK, "S0002"), "ข", f" {token(MARK, 'S0001')} "], [slot(1), slot(2)])
    assert names == [f"{BEGIN}leftS0002", f"{END}S0002", f"{BEGIN}leftS0001", f"{END}S0001"]


def test_without_a_tag_a_page_behind_the_text_has_everybody() -> None:
    document = opened(house_file())
    make_places(document, SOURCE, MARK, [slot(1), slot(2), slot(3)])
    read = opened(file_bytes(document))
    words = [cell.text.strip() for row in read.tables[-1].rows for cell in row.cells]
    assert words == [*(f"(นายก้อง{number} ทดสอบ)\nประธาน\nมูลนิธิสมมติ" for number in (1, 2, 3)), ""]
    assert read.element.body[-1].tag == qn("w:sectPr")
    title = next(one for one in read.paragraphs if one.text == "หน้าลงลายมือชื่อ")
    assert title.paragraph_format.page_break_before


@pytest.mark.parametrize(
    ("paragraphs", "told"),
    [
        ([token(MARK, "S0001")], "นายก้อง2 ทดสอบ (party): one place for the signature is expected, got 0"),
        (
            [token(MARK, "S0001"), token(MARK, "S0001"), token(MARK, "S0002")],
            "นายก้อง1 ทดสอบ (party): one place for the signature is expected, got 2",
        ),
        (
            [f"ลงชื่อ {token(MARK, 'S0001')}", token(MARK, "S0002")],
            "a place for a signature that stands alone in a paragraph of the text is expected, got: ลงชื่อ …",
        ),
    ],
    ids=["one has none", "one has two", "not alone"],
)
def test_places_that_are_not_right_are_refused_by_name(paragraphs: Sequence[str], told: str) -> None:
    assert told in refusal(paragraphs, [slot(1), slot(2)])


@pytest.mark.parametrize("name", ["drawing", "sectPr"])
def test_what_would_go_with_the_tag_of_a_place_unseen_is_refused(name: str) -> None:
    document = opened(house_file(paragraphs=[token(MARK, "S0001")]))
    document.paragraphs[1].runs[0]._r.append(OxmlElement(f"w:{name}"))
    with pytest.raises(InputError, match="got a picture, a note, or the end of a page or section beside it"):
        make_places(document, SOURCE, MARK, [slot(1)])


def test_a_place_in_a_margin_is_refused() -> None:
    document = opened(house_file())
    document.sections[0].footer.paragraphs[0].text = token(MARK, "S0001")
    with pytest.raises(InputError, match="stands alone in a paragraph of the text"):
        make_places(document, SOURCE, MARK, [slot(1)])


def test_a_place_in_a_footnote_is_refused_and_never_printed_as_text() -> None:
    document = opened(house_file())
    paragraph = f"<w:p><w:r><w:t>{token(MARK, 'S0001')}</w:t></w:r></w:p>"
    note = f"<w:footnotes {nsdecls('w')}><w:footnote>{paragraph}</w:footnote></w:footnotes>"
    part = Part(PackURI("/word/footnotes.xml"), CT.WML_FOOTNOTES, note.encode(), document.part.package)
    document.part.relate_to(part, RT.FOOTNOTES)
    with pytest.raises(InputError, match="stands alone in a paragraph of the text"):
        make_places(document, SOURCE, MARK, [slot(1)])


def test_a_value_that_looks_like_the_place_of_another_document_stays_text() -> None:
    document = opened(house_file(paragraphs=[token("another mark", "S0001")]))
    make_places(document, SOURCE, MARK, [slot(1)])
    assert document.paragraphs[1].text == token("another mark", "S0001")
