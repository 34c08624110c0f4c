"""A .docx from a stranger: what is refused, by name, and that nothing else than a refusal ever comes of a bad file."""

import contextlib
import io
import struct
import zipfile
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mou.errors import InputError
from mou.rendering.word.opening import packed as packing
from mou.rendering.word.opening.package import MAXIMUM_DEPTH, open_package
from mou.rendering.word.opening.packed import MAXIMUM_MEMBERS, MAXIMUM_PACKED_BYTES, unpacked
from mou.rendering.word.reading.word_file import read_word
from tests.data.word.office_markup import NAMESPACES, OFFICE, add, field, new_document, packed, paragraph, row, run, table

FILE = "บันทึก.docx"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
DOCUMENT = "word/document.xml"
RELATED = "word/_rels/document.xml.rels"
TYPES = "[Content_Types].xml"


def _word_file(*blocks: str) -> bytes:
    document = new_document()
    add(document, *(blocks or (paragraph("ข้อ ๑ ตัวอย่าง"),)))
    return packed(document)


SOUND = _word_file()


def _repacked(parts: Mapping[str, bytes | None], content: bytes = SOUND) -> bytes:
    """The same file with other parts in place of its own, or further ones, or without those that are None."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        names = {name: old.read(name) for name in old.namelist()} | dict(parts)
        for name, part in names.items():
            if part is not None:
                new.writestr(name, part)
    return result.getvalue()


def _part(name: str, content: bytes = SOUND) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


def _related(kind: str, target: str, mode: str = "External", family: str = OFFICE) -> bytes:
    """The file with one more relation of its text."""
    relation = f'<Relationship Id="rIdX" Type="{family}/{kind}" Target="{target}" TargetMode="{mode}"/>'
    return _repacked({RELATED: _part(RELATED).replace(b"</Relationships>", f"{relation}</Relationships>".encode())})


def _typed(name: str, kind: str) -> bytes:
    override = f'<Override PartName="/{name}" ContentType="{kind}"/></Types>'.encode()
    return _repacked({TYPES: _part(TYPES).replace(b"</Types>", override), name: b"\0\1"})


def _compound(*streams: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + b"".join(name.encode("utf-16-le") for name in streams)


def _twice(name: str) -> bytes:
    result = io.BytesIO(SOUND)
    with zipfile.ZipFile(result, "a") as archive:
        archive.writestr(name.upper(), b"<w:document/>")
    return result.getvalue()


def _encrypted() -> bytes:
    """The file with the mark of a password on its text, in the member's head and in the directory."""
    content = bytearray(SOUND)
    for signature, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = -1
        while (at := content.find(signature, at + 1)) >= 0:
            content[at + flags] |= 1
    return bytes(content)


def _lying_about_size() -> bytes:
    """Zeros that unpack to 9 MiB, in a directory that says ten bytes."""
    content = bytearray(_repacked({"word/media/image1.bin": bytes(9 * 1024 * 1024)}))
    size = struct.pack("<I", 9 * 1024 * 1024)
    while (at := content.find(size)) >= 0:
        content[at : at + 4] = struct.pack("<I", 10)
    return bytes(content)


def _with_declaration(text: str, encoding: str) -> bytes:
    return f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode("utf-16" if encoding == "UTF-16" else "utf-8")


def _with_link_used_by(markup: str) -> bytes:
    """The file with an ordinary hyperlink to another machine that something else than a link names."""
    relation = f'<Relationship Id="rIdL" Type="{OFFICE}/hyperlink" Target="https://example.org/x" TargetMode="External"/>'
    related = _part(RELATED).replace(b"</Relationships>", f"{relation}</Relationships>".encode())
    return _repacked({RELATED: related}, _word_file(markup))


def _with_drawing(drawing: bytes) -> bytes:
    types = _part(TYPES).replace(b"</Types>", b'<Default Extension="svg" ContentType="image/svg+xml"/></Types>')
    return _repacked({TYPES: types, "word/media/a.svg": drawing})


DOCTYPE = '<!DOCTYPE a [<!ENTITY b "cccccccc">]><a>&b;</a>'
DEEP = "<w:smartTag>" * (MAXIMUM_DEPTH + 1) + run("ลึก") + "</w:smartTag>" * (MAXIMUM_DEPTH + 1)
TOO_DEEP_FOR_ANYBODY = "<a>" * 5_000 + "</a>" * 5_000
WORDLESS = {"password": ("EncryptionInfo", "EncryptedPackage"), "old": ("WordDocument", "1Table")}

MACRO_TYPE = b"ms-word.document.macroEnabled.main"
WORD_TYPE = b"openxmlformats-officedocument.wordprocessingml.document.main"
MICROSOFT = "http://schemas.microsoft.com/office/2006/relationships"
CONTROL = '<w:p><w:r><w:object><w:control w:name="CommandButton1"/></w:object></w:r></w:p>'
BEGIN = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
INCLUDED_PICTURE = " includepicture &quot;http://example.org/a.png&quot; "
PICTURE_FIELD = f'<w:p><w:fldSimple w:instr="{INCLUDED_PICTURE}">{run("x")}</w:fldSimple></w:p>'

REFUSED = {
    "nothing": (b"", "got an empty file"),
    "a PDF": (b"%PDF-1.7\n", "got PDF"),
    "a web page": (b"<html></html>", "got HTML/XML"),
    "RTF": (rb"{\rtf1 a}", "got RTF"),
    "too large": (b"PK\3\4" + bytes(MAXIMUM_PACKED_BYTES), "at most 32 MiB"),
    "a password": (_compound(*WORDLESS["password"]), "protected by a password"),
    "the format of Word 97": (_compound(*WORDLESS["old"]), "Word 97 to 2003 (.doc)"),
    "half a file": (SOUND[: len(SOUND) // 2], "damaged"),
    "a packed file of something else": (_repacked(dict.fromkeys([TYPES], None)), "another packed file"),
    "a part twice": (_twice(DOCUMENT), "part WORD/DOCUMENT.XML: a name that stands once"),
    "a part outside": (_repacked({"../evil.xml": b"<a/>"}), "part ../evil.xml: a name that stands once and stays inside"),
    "too many parts": (_repacked({f"a/{number}.bin": b"" for number in range(MAXIMUM_MEMBERS)}), "at most 4000 parts"),
    "a part with a password": (_encrypted(), "a part without a password"),
    "a bomb": (_repacked({"word/media/image1.bin": bytes(9 * 1024 * 1024)}), "at most 200 times its size"),
    "a bomb that lies": (_lying_about_size(), "damaged"),
    "a document type": (_repacked({"customXml/item1.xml": DOCTYPE.encode()}), "part customXml/item1.xml: text without"),
    "a document type in UTF-16": (
        _repacked({"customXml/item1.xml": _with_declaration(DOCTYPE, "UTF-16")}), "part customXml/item1.xml: text without",
    ),
    "an entity that another encoding hides": (
        _repacked({"customXml/item1.xml": b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4-<a/>'}), "UTF-7",
    ),
    "UTF-32": (_repacked({"customXml/item1.xml": "<a/>".encode("utf-32-le")}), "UTF-8 or UTF-16 is expected"),
    "no XML": (_repacked({DOCUMENT: b"<w:document"}), "part word/document.xml: well-formed XML"),
    "deep XML": (_word_file(f"<w:p>{DEEP}</w:p>"), "at most 120 levels"),
    "XML deeper than the parser goes": (_repacked({"customXml/item1.xml": TOO_DEEP_FOR_ANYBODY.encode()}), "customXml/item1.xml"),
    "more text than the limit": (
        _repacked({f"customXml/item{number}.xml": b"<a>" + bytes(range(33, 38)) * 1_700_000 + b"</a>" for number in range(4)}),
        "at most",
    ),
    "macros": (_typed("word/vbaProject.bin", "application/vnd.ms-office.vbaProject"), "a macro or a control"),
    "a file that may hold macros": (
        _repacked({TYPES: _part(TYPES).replace(WORD_TYPE, MACRO_TYPE)}),
        "application/vnd.ms-word.document.macroEnabled.main+xml",
    ),
    "macros that nothing names": (_repacked({"word/vbaProject.bin": b"macros"}), "word/vbaProject.bin"),
    "a relation to macros": (_related("vbaProject", "vba.bin", "Internal", MICROSOFT), "vba.bin"),
    "an ActiveX control": (_related("control", "activeX/activeX1.xml", "Internal"), "a macro or a control"),
    "a control in the text": (_word_file(CONTROL), "CommandButton1"),
    "a template elsewhere": (_related("attachedTemplate", "file:///S:/office.dotm"), "got the template file:///S:/office.dotm"),
    "a picture elsewhere": (_related("image", "https://example.org/x.png"), "kind image to https://example.org/x.png"),
    "an object elsewhere": (_related("oleObject", "https://example.org/x.xlsx"), "kind oleObject to https://example.org/x.xlsx"),
    "a text elsewhere": (_related("subDocument", "part2.docx"), "kind subDocument to part2.docx"),
    "a frame elsewhere": (_related("frame", "https://example.org/"), "kind frame to https://example.org/"),
    "a share, without the word External": (_related("image", r"\\server\share\x.png", "Internal"), r"\\server\share\x.png"),
    "an address without the word External": (_related("image", "http://example.org/x.png", "Internal"), "http://example.org/x.png"),
    "a file inside": (_related("aFChunk", "afchunk.html", "Internal"), "another file inside this one (afchunk.html)"),
    "a file inside, in the text": (_word_file('<w:altChunk r:id="rId9"/>'), "another file inside this one (rId9)"),
    "a picture of the old kind elsewhere": (
        _word_file('<w:p><w:r><w:pict><v:shape><v:imagedata src="http://example.org/x.png"/></v:shape></w:pict></w:r></w:p>'),
        "http://example.org/x.png",
    ),
    "DDE": (_word_file(paragraph(field('DDEAUTO c:\\\\a.exe "x"', "1"))), "got the field DDEAUTO"),
    "a file brought in": (_word_file(paragraph(field("INCLUDETEXT C:/x.docx", "1"))), "got the field INCLUDETEXT C:/x.docx"),
    "a picture brought in": (
        _word_file(PICTURE_FIELD),
        "includepicture",
    ),
    "a field whose command is computed": (
        _word_file(
            '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
            + field("QUOTE 68 68 69", "DDE")
            + '<w:r><w:instrText>AUTO x</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
        ),
        "got the field AUTO x",
    ),
    "a command in pieces": (
        _word_file(
            '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>D</w:instrText></w:r>'
            '<w:r><w:instrText>DE x y</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
        ),
        "got the field DDE x y",
    ),
    "a command with a remark in it": (
        _word_file(
            '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>D<!-- a -->DE<?b c?>AUTO x y</w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
        ),
        "got the field DDEAUTO x y",
    ),
    "fields in fields": (_word_file(f"<w:p>{BEGIN * 51}</w:p>"), "at most 50 fields"),
    "Strict Open XML": (
        _repacked({DOCUMENT: b'<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"/>'}), "Strict Open XML",
    ),
    "a workbook": (
        _repacked({TYPES: _part(TYPES).replace(b"wordprocessingml.document.main", b"spreadsheetml.sheet.main")}),
        "spreadsheetml.sheet.main",
    ),
    "a part that is missing": (_repacked({"word/styles.xml": None}), "damaged"),
    "no body": (_repacked({DOCUMENT: f"<w:document {NAMESPACES}/>".encode()}), "damaged"),
    "an SVG picture that fetches": (
        _with_drawing(b'<svg><image href="https://example.org/a.png"/></svg>'), "part word/media/a.svg: nothing outside the file",
    ),
    "an SVG picture that fetches, in UTF-16": (
        _with_drawing('<svg><image href="https://example.org/a.png"/></svg>'.encode("utf-16")),
        "part word/media/a.svg: nothing outside the file",
    ),
    "an SVG picture whose style fetches": (
        _with_drawing(b"<svg><rect style='fill: url( https://example.org/a.svg#b )'/></svg>"), "kind image to https://example.org/a",
    ),
    "another file before it": (SOUND + SOUND, "damaged"),
    "a picture by an ordinary link": (
        _with_link_used_by('<w:p><w:r><w:drawing><a:blip r:link="rIdL"/></w:drawing></w:r></w:p>'),
        "a link of the kind blip to https://example.org/x",
    ),
    "a template by an ordinary link": (
        _with_link_used_by('<w:attachedTemplate r:id="rIdL"/>'), "got the template https://example.org/x",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("content", "told"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_cannot_be_opened_safely_is_refused_by_name(content: bytes, told: str) -> None:
    with pytest.raises(InputError) as refused:
        open_package(FILE, content)

    assert FILE in str(refused.value)
    assert told in str(refused.value)


def test_everything_that_reaches_outside_is_told_at_once() -> None:
    relation = f'<Relationship Id="a" Type="{OFFICE}/image" Target="https://example.org/b.png" TargetMode="External"/>'
    further = f'<Relationships xmlns="{RELATIONS}">{relation}</Relationships>'.encode()
    content = _repacked({"word/_rels/footer9.xml.rels": further}, _related("image", "https://example.org/a.png"))

    with pytest.raises(InputError) as refused:
        open_package(FILE, content)

    assert [problem.values["part"] for problem in refused.value.problems] == [RELATED, "word/_rels/footer9.xml.rels"]
    assert "got 2 such places" in str(refused.value)


def test_a_link_that_only_a_person_follows_is_no_danger() -> None:
    assert open_package(FILE, _related("hyperlink", "https://example.org/")).paragraphs


def test_an_ordinary_link_may_stand_in_the_text_or_around_a_picture() -> None:
    markup = paragraph(
        f'<w:hyperlink r:id="rIdL">{run("ที่นี่")}</w:hyperlink>', '<w:r><w:drawing><a:hlinkClick r:id="rIdL"/></w:drawing></w:r>'
    )

    assert open_package(FILE, _with_link_used_by(markup)).paragraphs


def test_an_svg_picture_of_its_own_is_opened() -> None:
    assert open_package(FILE, _with_drawing(b'<svg><use href=" #a"/><rect fill="url(#b)"/></svg>')).paragraphs


def test_a_sound_file_is_opened() -> None:
    assert [one.text for one in open_package(FILE, SOUND).paragraphs] == ["ข้อ ๑ ตัวอย่าง"]


def test_a_part_in_utf_16_is_read() -> None:
    markup = f"<w:document {NAMESPACES}><w:body>{paragraph('ข้อ ๑')}<w:sectPr/></w:body></w:document>"

    assert open_package(FILE, _repacked({DOCUMENT: _with_declaration(markup, "UTF-16")})).paragraphs[0].text == "ข้อ ๑"


def test_no_more_is_unpacked_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "MAXIMUM_UNPACKED_BYTES", 100_000)

    with pytest.raises(InputError, match="the file is made to be larger than it looks"):
        unpacked(FILE, SOUND)


def test_a_way_of_packing_that_cannot_be_stopped_is_refused() -> None:
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr(DOCUMENT, "<a/>")

    with pytest.raises(InputError, match=r"part word/document\.xml: a part packed by the method 0 or 8"):
        unpacked(FILE, result.getvalue())


def test_tables_as_deep_as_the_limit_are_read() -> None:
    blocks = paragraph("ชั้นในสุด")
    for _ in range(37):
        blocks = table(row(f"<w:tc><w:tcPr/>{blocks}<w:p/></w:tc>"), columns=1)

    assert read_word(FILE, _word_file(blocks)).blocks


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=0, max_value=len(SOUND) - 1))
def test_a_file_that_is_cut_off_is_refused(length: int) -> None:
    with pytest.raises(InputError):
        open_package(FILE, SOUND[:length])


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(min_value=0, max_value=len(SOUND) - 1), st.integers(min_value=0, max_value=7)),
        min_size=1,
        max_size=6,
    )
)
def test_a_file_with_flipped_bits_is_read_or_refused(flips: list[tuple[int, int]]) -> None:
    content = bytearray(SOUND)
    for at, bit in flips:
        content[at] ^= 1 << bit

    with contextlib.suppress(InputError):
        read_word(FILE, bytes(content))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_text_with_parts_torn_out_and_moved_is_read_or_refused(data: st.DataObject) -> None:
    with zipfile.ZipFile(io.BytesIO(COMPLICATED)) as archive:
        name = data.draw(
            st.sampled_from(sorted(one for one in archive.namelist() if one.startswith("word/") and one.endswith(".xml")))
        )
        markup = archive.read(name)
    pieces = markup.split(b"<")
    for _ in range(data.draw(st.integers(min_value=1, max_value=4))):
        begin = data.draw(st.integers(min_value=1, max_value=len(pieces) - 1))
        taken = pieces.pop(begin)
        if data.draw(st.booleans()):
            pieces.insert(data.draw(st.integers(min_value=1, max_value=len(pieces))), taken)

    with contextlib.suppress(InputError):
        read_word(FILE, _repacked({name: b"<".join(pieces)}, COMPLICATED))


COMPLICATED = _word_file(paragraph("ก", field("PAGE", "1"), "ข"), table(row("ค", "ง"), columns=2))
