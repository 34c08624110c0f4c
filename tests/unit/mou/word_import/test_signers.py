"""Who signs where: told by tags and words, guessed and noted where nothing tells, added where there is no place."""

import tomllib

import pytest

from mou.charter.clauses import parse_clauses
from mou.templates import TemplateKind, bundled_templates_folder
from mou.word_import.template_of import ImportedTemplate, TemplateWishes, template_of
from tests.unit.mou.word_import.typed import TITLE, bold, cell, centred, file, paragraph, table

SIGNED = ("ลงชื่อ....................", "(..............)")


def imported(*blocks: object) -> ImportedTemplate:
    words = (TITLE, paragraph(bold("ข้อ ๑ ชื่อ")), "ข้อความ", *blocks)
    return template_of(file(*words), b"bytes", TemplateWishes("memorandum"))  # type: ignore[arg-type]  # paragraphs and tables


def roles(made: ImportedTemplate) -> list[tuple[str, str, int]]:
    return [(one["name"], one["source"], one["order"]) for one in tomllib.loads(made.files["template.toml"].decode())["roles"]]


def notes(made: ImportedTemplate) -> str:
    return "\n".join(map(str, made.report.notes))


def places(made: ImportedTemplate) -> list[str]:
    html = made.files["template.html"].decode()
    return [one.partition('"')[0] for one in html.split('slot_of("')[1:]]


def test_tags_tell_whose_place_it_is() -> None:
    made = imported(
        *("ลงชื่อ..........", "({{ organisation.representative.full_name }})", "{{ organisation.representative.position }}"),
        *("ลงชื่อ..........", "({{ host.representative.full_name }})"),
    )
    assert places(made) == ["party", "host"]
    assert roles(made) == [("party", "organisation.representative", 1), ("host", "host.representative", 3)]
    assert "guessed" not in notes(made)


def test_words_tell_whose_place_it_is() -> None:
    made = imported("ฝ่ายเครือข่าย\tฝ่ายองค์กรสมาชิก", "ลงชื่อ..........\tลงชื่อ..........", "(.......)\t(.......)")
    assert places(made) == ["host", "party"]
    assert '<p class="side">ฝ่ายองค์กรสมาชิก</p>' in made.files["template.html"].decode()
    assert "guessed" not in notes(made)


def test_without_any_word_the_first_is_the_host_and_it_is_told() -> None:
    made = imported(*SIGNED, *SIGNED)
    assert places(made) == ["host", "party"]
    assert notes(made).count("it was guessed that") == 2


def test_a_place_alone_is_the_organisations() -> None:
    assert places(imported(*SIGNED)) == ["party"]


def test_witnesses_are_told_by_their_word_and_sign_second() -> None:
    made = imported(
        *("ลงชื่อ........\tลงชื่อ........", "(นายก)\t({{ organisation.representative.full_name }})"),
        *("ลงชื่อ........พยาน\tลงชื่อ........พยาน", "(.......)\t(.......)"),
    )
    assert places(made) == ["host", "party", "host_witness", "party_witness"]
    assert [order for _, _, order in roles(made)] == [1, 2, 2, 3]


def test_a_typed_name_gives_way_and_is_told() -> None:
    made = imported(paragraph("ลงชื่อ........"), paragraph("(นายภูผา สมมติ)", place="paragraph 8"), "ประธาน")
    assert "นายภูผา" not in made.files["template.html"].decode()
    assert "paragraph 8: what was typed, นายภูผา สมมติ, gives way to what is known of the signatory" in notes(made)


def test_other_lines_beside_a_place_are_kept() -> None:
    made = imported("ลงชื่อ........", "({{ organisation.representative.full_name }})", "โทร {{ phone }}", "โทร {{ fax }}")
    assert "<p>โทร {{ ceremony.values.phone }}</p>\n<p>โทร {{ ceremony.values.fax }}</p>" in made.files["template.html"].decode()


def test_a_sentence_before_the_place_is_no_label() -> None:
    made = imported("ฝ่ายใดจะเลิกต้องแจ้งล่วงหน้า {{ notice_days }} วัน", *SIGNED)
    assert "<p>ฝ่ายใดจะเลิกต้องแจ้งล่วงหน้า {{ ceremony.values.notice_days }} วัน</p>" in made.files["template.html"].decode()


def test_a_fifth_place_is_kept_as_words_and_told() -> None:
    made = imported(*(SIGNED * 3))
    assert made.report.signature_places == 2
    assert "nobody is left who could sign here" in notes(made)
    assert "<p>ลงชื่อ....................</p>" in made.files["template.html"].decode()


def test_where_no_place_is_found_two_are_added_before_the_annexes_and_told() -> None:
    made = imported(centred(bold("ภาคผนวก")), "ก")
    html = made.files["template.html"].decode()
    assert places(made) == ["host", "party"]
    assert html.index("signature-block") < html.index("annex")
    assert "no place for a signature was found; places for host, party were added at the end" in notes(made)


@pytest.mark.parametrize("has_borders", [True, False])
def test_places_in_a_table_are_found_with_and_without_lines(*, has_borders: bool) -> None:
    made = imported(
        table(
            ["ลงชื่อ..........", "ลงชื่อ.........."],
            ["(..........)", "(..........)"],
            ["ผู้แทนเจ้าภาพ", "ผู้แทนองค์กร"],
            has_borders=has_borders,
        )
    )
    assert made.report.signature_places == 2


def test_a_table_that_speaks_of_signing_is_a_table() -> None:
    made = imported(table(["ขั้นตอน", "ผู้รับผิดชอบ"], ["ลงนามในบันทึก", "ประธาน"]))
    assert made.report.tables == 1


def test_a_charter_has_a_place_for_each_member() -> None:
    manifest = tomllib.loads((bundled_templates_folder() / "lanna-charter" / "template.toml").read_text(encoding="utf-8"))
    clauses = parse_clauses(manifest["final_clauses"], "clauses.toml")
    words = file(TITLE, paragraph(bold("ข้อ ๑ ชื่อ")), "ข้อความ", *SIGNED)
    made = template_of(words, b"bytes", TemplateWishes("charter", TemplateKind.CHARTER, clauses))
    table_of_roles = tomllib.loads(made.files["template.toml"].decode())["roles"]
    assert [one["for_each_organisation"] for one in table_of_roles] == [True]
    assert '{% for slot in slots_of("party") %}' in made.files["template.html"].decode()


def test_a_label_that_belongs_to_the_title_or_a_chapter_is_not_taken_out_of_it() -> None:
    def heading(words: str) -> object:
        return centred(bold(words, 20))

    sign = ("ลงชื่อ..............", "(..............)")
    titled = template_of(file(heading("บันทึกข้อตกลง"), heading("ฝ่ายที่หนึ่ง"), *sign), b"", TemplateWishes("a"))  # type: ignore[arg-type]
    chapters = template_of(file(TITLE, "ความ", heading("หมวด ๑"), heading("พยาน"), *sign), b"", TemplateWishes("a"))  # type: ignore[arg-type]

    assert 'title = "บันทึกข้อตกลงฝ่ายที่หนึ่ง"' in titled.files["template.toml"].decode()
    assert '<h2 class="chapter">หมวด ๑<br>พยาน</h2>' in chapters.files["template.html"].decode()


def test_numbers_that_word_counts_beside_a_place_are_kept() -> None:
    block = table([cell(paragraph("พยานคนแรก", number="๑."), paragraph("ลงชื่อ..............", number="๒."), "(..............)")])
    html = template_of(file(TITLE, block), b"", TemplateWishes("a")).files["template.html"].decode()
    assert '<p class="side">๑. พยานคนแรก</p>' in html
