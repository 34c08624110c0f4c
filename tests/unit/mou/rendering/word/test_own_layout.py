"""A house's own Word file: every value arrives as it is, whatever it looks like, and every tag that cannot be filled is named."""

import io
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest
from docx import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from mou.errors import InputError
from mou.rendering.word.opening.package import open_package
from mou.rendering.word.own_layout.filled_layout import as_file, file_bytes, filled_layout, mark_as_draft
from mou.rendering.word.own_layout.tags import read_layout
from mou.template_source import sandbox
from tests.house_layout import bytes_of, house_file, opened, split_over_runs
from tests.office import converted

SOURCE = "note/template.docx"
ENVIRONMENT = sandbox({}, "thai")
STRANGE = "มูลนิธิ A&B <x> “ก” \"ข\" 'ค' {{ 7 * 7 }} {% if x %} {_{ {# y #} ผู้ใหญ่ น้ำ ปั้น  สองช่อง"


def context(name: str = "มูลนิธิ") -> dict[str, object]:
    return {
        "organisation": SimpleNamespace(name_th=name, representative=SimpleNamespace(full_name="นายก้อง ทดสอบ")),
        "document": SimpleNamespace(number="N-1", is_sample=True),
        "members": [SimpleNamespace(name_th="ก"), SimpleNamespace(name_th="ข & ค")],
    }


def filled(content: bytes, values: dict[str, object] | None = None) -> bytes:
    return file_bytes(filled_layout(read_layout(content, SOURCE, ENVIRONMENT), values or context(), ENVIRONMENT))


def problems_of(paragraphs: Sequence[str]) -> tuple[str, ...]:
    with pytest.raises(InputError) as refused:
        filled(house_file(paragraphs=paragraphs))
    return tuple(str(problem) for problem in refused.value.problems)


@pytest.mark.parametrize(
    "name",
    [STRANGE, "หนึ่ง\nสอง\tสาม", " เว้นหน้า และหลัง ", "]]>&amp;&lt;b&gt;", "{{ organisation }}"],
    ids=["signs, quotes, tags and marks", "line end and tab", "spaces around", "escapes", "a tag alone"],
)
def test_a_value_arrives_exactly(name: str) -> None:
    document = opened(filled(house_file(paragraphs=["ก {{ organisation.name_th }} ข"]), context(name)))
    assert document.paragraphs[1].text == f"ก {name} ข"


def test_libreoffice_reads_the_same_value(tmp_path: Path) -> None:
    path = tmp_path / "draft.docx"
    path.write_bytes(filled(house_file(paragraphs=["ทำกับ {{ organisation.name_th }}"]), context(STRANGE)))
    text = converted(path, "txt:Text (encoded):UTF8", tmp_path / "out").read_text(encoding="utf-8-sig")
    assert f"ทำกับ {STRANGE}" in text.splitlines()


def test_a_tag_that_word_split_over_runs_is_filled() -> None:
    document = Document()
    paragraph = document.add_paragraph()
    split_over_runs(paragraph, "ก {", "{ organi", "sation.na", "me_th }", "} ข {{ document", ".number }}")
    assert opened(filled(bytes_of(document))).paragraphs[0].text == "ก มูลนิธิ ข N-1"


def test_quotation_marks_as_word_writes_them_are_those_of_code() -> None:
    document = opened(filled(house_file(paragraphs=["{{ [“ก”, ‘ข’] | join(“&”) }}"])))
    assert document.paragraphs[1].text == "ก&ข"


def test_rows_paragraphs_and_margins_are_filled() -> None:
    document = opened(house_file(paragraphs=["{%p if document.is_sample %}", "ตัวอย่าง", "{%p else %}", "จริง", "{%p endif %}"]))
    table = document.add_table(rows=3, cols=2)
    for row, texts in enumerate(
        (("{%tr for m in members %}", ""), ("{{ loop.index }}", "{{ m.name_th }}"), ("{%tr endfor %}", ""))
    ):
        for cell, text in zip(table.rows[row].cells, texts, strict=True):
            cell.text = text
    result = opened(filled(bytes_of(document)))
    assert [one.text for one in result.paragraphs[1:]] == ["ตัวอย่าง"]
    assert [[cell.text for cell in row.cells] for row in result.tables[0].rows] == [["๑", "ก"], ["๒", "ข & ค"]]
    assert result.sections[0].header.paragraphs[0].text == "สำนักงานตัวอย่าง เลขที่ N-1"


def test_the_same_input_gives_the_same_bytes_and_a_sound_file() -> None:
    once = filled(house_file())
    assert once == filled(house_file())
    assert open_package(SOURCE, once).paragraphs[1].text == "ทำกับ มูลนิธิ โดย นายก้อง ทดสอบ"


def test_every_wrong_tag_is_told_at_once_with_its_paragraph_and_the_text_around_it() -> None:
    told = problems_of(
        ["ดี", "ชื่อ {{ organisation.name_th", "ก {{ a b }} ข", "{{r document.number }}", "ข้าง {%p if document.number %}", "}} ค"]
    )
    assert len(told) == 5
    assert told[0].startswith("paragraph 3, “ชื่อ {{ organisation.name_th”: a tag that begins and ends in this paragraph")
    assert told[1].startswith("paragraph 4, “ก {{ a b }} ข”: Jinja2 syntax is expected: ")
    assert "write it without the letter r" in told[2]
    assert "the paragraph around this tag is taken out" in told[3]
    assert told[4].startswith("paragraph 7, “}} ค”")


def test_a_block_that_is_not_closed_is_told_where_it_begins() -> None:
    (told,) = problems_of(["ก", "{% if document.number %}ข", "ค {{ document.number }}"])
    assert "endif" in told


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("ก {{ organisation.nothing }} ข", "near “ก {{ organisation.nothing }} ข”"),
        ("{{ document.is_sample }}", "text or a whole number is expected where a value is printed, got bool"),
        ("{{ 1 / 0 }}", "division by zero"),
        ("{{ organisation.__class__ }}", "access to attribute '__class__'"),
        ("{{ 'a' + 1 }}", "near "),
        ("{% include 'x.html' %}", "x.html"),
        ("{{ 'ก'.ljust(2 ** 62) }}", "near “{{ 'ก'.ljust(2 ** 62) }}”"),
    ],
    ids=["no such field", "a flag", "arithmetic", "the sandbox", "types", "another file", "more than the machine has"],
)
def test_what_cannot_be_printed_is_told_with_the_text_around_it(text: str, cause: str) -> None:
    (told,) = problems_of(["ก", text])
    assert cause in told


@pytest.mark.parametrize(("letter", "code"), [("\v", "U+000B"), ("\0", "U+0000"), ("\ufffe", "U+FFFE"), ("\ud800", "U+D800")])
def test_a_letter_that_no_word_file_can_hold_is_told_with_the_text_around_it(letter: str, code: str) -> None:
    with pytest.raises(InputError) as refused:
        filled(house_file(paragraphs=["ก", "ข {{ organisation.name_th }} ค"]), context(f"หนึ่ง{letter}สอง"))
    (told,) = map(str, refused.value.problems)
    assert told.startswith("near “ข หนึ่ง\ufffdสอง ค”: ")
    assert f"a value holds {code}, which no Word file can hold" in told


def test_code_that_fails_while_it_is_read_is_told_with_its_paragraph() -> None:
    (told,) = problems_of(["ก", "ข {{ (2 ** 99999)|string }} ค"])
    assert told.startswith("paragraph 3, “ข {{ (2 ** 99999)|string }} ค”: Jinja2 syntax is expected: ")


@pytest.mark.parametrize("name", ["drawing", "pict", "footnoteReference", "sectPr", "br"])
def test_what_would_go_with_a_tag_unseen_is_refused(name: str) -> None:
    document = opened(house_file(paragraphs=["{%p if document.number %}", "ก", "{%p endif %}"]))
    element = OxmlElement(f"w:{name}")
    element.set(qn("w:type"), "page")
    document.paragraphs[1].runs[0]._r.append(element)
    with pytest.raises(InputError) as refused:
        filled(bytes_of(document))
    (told,) = map(str, refused.value.problems)
    assert "the paragraph around this tag is taken out when the file is filled, and something else stands in it" in told


def test_escaping_cannot_be_turned_off() -> None:
    (told,) = problems_of(["{% autoescape false %}{{ organisation.name_th }}{% endautoescape %}"])
    assert "every value is written as text" in told


def test_tags_that_take_the_file_apart_are_refused_and_nothing_is_mended() -> None:
    document = opened(house_file(paragraphs=[]))
    table = document.add_table(rows=1, cols=1)
    table.cell(0, 0).text = "{% if document.number %}ก"
    document.add_paragraph("ข{% endif %}{% if not document.number %}ค{% endif %}")
    content = bytes_of(document)
    assert "ก" in opened(filled(content)).tables[0].cell(0, 0).text
    values = context() | {"document": SimpleNamespace(number="")}
    with pytest.raises(InputError, match="the tags take this Word file apart"):
        filled(content, values)


def test_a_tag_in_a_comment_box_beside_the_text_is_filled_once_for_each_copy() -> None:
    document = opened(house_file(paragraphs=["ก"]))
    outer = document.paragraphs[1]._p
    box, inner = OxmlElement("w:txbxContent"), OxmlElement("w:p")
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "ในกล่อง {{ document.number }}"
    run.append(text)
    inner.append(run)
    box.append(inner)
    outer.r_lst[0].append(box)
    xml = opened(filled(bytes_of(document))).element.body.xml
    assert "ในกล่อง N-1" in xml


@pytest.mark.parametrize(
    ("tag", "name", "cause"),
    [
        ("w:ins", None, "one text is expected, got tracked changes"),
        ("w:fldSimple", "DATE", "got the field DATE"),
    ],
    ids=["tracked changes", "the day of printing"],
)
def test_a_file_that_would_say_something_else_tomorrow_is_refused(tag: str, name: str | None, cause: str) -> None:
    document = opened(house_file())
    element = OxmlElement(tag)
    if name is not None:
        element.set(qn("w:instr"), f" {name} ")
    document.paragraphs[1]._p.append(element)
    with pytest.raises(InputError) as refused:
        read_layout(bytes_of(document), SOURCE, ENVIRONMENT).require_sound()
    assert cause in str(refused.value)


@pytest.mark.parametrize(
    "markup",
    [
        '<w:r><w:instrText>{{ "INCLUDE" ~ "PICTURE" }} "http://example.org/x.png"</w:instrText></w:r>',
        "<w:r><w:instrText>{</w:instrText></w:r><w:r><w:instrText>{ document.number }}</w:instrText></w:r>",
        '<w:fldSimple w:instr="{{ document.number }}"/>',
        "<w:r><!-- {% if x %} --></w:r>",
    ],
    ids=["an instruction", "an instruction in two parts", "an attribute", "a remark"],
)
def test_a_tag_that_would_write_what_nobody_has_looked_at_is_refused(markup: str) -> None:
    document = opened(house_file(paragraphs=["ก"]))
    document.element.body.insert(0, parse_xml(f"<w:p {nsdecls('w')}>{markup}</w:p>"))
    with pytest.raises(InputError) as refused:
        filled(bytes_of(document))
    (told,) = map(str, refused.value.problems)
    assert told.startswith("document: a tag stands in what nobody reads")


def test_a_tag_where_nothing_fills_it_is_told() -> None:
    document = opened(house_file())
    document.add_comment(document.paragraphs[1].runs, text="{{ document.number }}")
    with pytest.raises(InputError, match="comments: a tag stands where nothing fills it"):
        read_layout(bytes_of(document), SOURCE, ENVIRONMENT).require_sound()


def test_what_is_no_word_file_is_not_opened() -> None:
    with pytest.raises(InputError, match=r"note/template\.docx"):
        read_layout(b"%PDF-1.7", SOURCE, ENVIRONMENT)


def test_a_draft_says_so_in_every_margin_below_the_words_of_the_house() -> None:
    document = filled_layout(read_layout(house_file(), SOURCE, ENVIRONMENT), context(), ENVIRONMENT)
    document.sections[0].different_first_page_header_footer = True
    document.add_section()
    document.sections[1].footer.is_linked_to_previous = False
    mark_as_draft(document, "ร่าง", ["มิใช่ฉบับที่ลงนาม", "sha256:00"])
    sections = opened(file_bytes(document)).sections
    assert [one.text for one in sections[0].footer.paragraphs] == ["แบบฟอร์มของหน่วยงาน", "มิใช่ฉบับที่ลงนาม\nsha256:00"]
    assert sections[0].header.paragraphs[-1].text == "ร่าง"
    assert sections[0].first_page_footer.paragraphs[-1].text == "มิใช่ฉบับที่ลงนาม\nsha256:00"
    assert sections[1].footer.paragraphs[-1].text == "มิใช่ฉบับที่ลงนาม\nsha256:00"


def test_what_must_be_seen_again_is_known_of_a_filled_file() -> None:
    document = filled_layout(read_layout(house_file(), SOURCE, ENVIRONMENT), context(STRANGE), ENVIRONMENT)
    file = as_file(document)
    assert STRANGE in file.words
    assert "Sarabun" in file.fonts
    assert opened(file.content).paragraphs[1].text == f"ทำกับ {STRANGE} โดย นายก้อง ทดสอบ"
    assert io.BytesIO(file.content).getvalue() == file_bytes(document)
