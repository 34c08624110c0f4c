import html
import json
import pickle
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from mou.ceremony import Ceremony, read_ceremony
from mou.charter.clauses import parse_clauses
from mou.errors import FillingError
from mou.filling import CharterReference, fill_template
from mou.models import Capacity, FilledDocument, JuristicPerson, Organisation, OrganisationKind, Person
from mou.templates import Template, bundled_templates_folder, load_template
from mou.thai import to_arabic_digits
from mou.unbroken_text import LONGEST_WITHOUT_SPACE
from signatures.canonical import canonical_bytes
from signatures.digests import digest_of

WriteTemplate: TypeAlias = Callable[..., Path]

CHARTER = CharterReference("ธรรมนูญของเครือข่าย", "1", digest_of(b"the charter"))


def field(name: str, kind: str = "text", *, required: bool = True) -> str:
    return f'\n[[fields]]\nname = "{name}"\ntype = "{kind}"\nlabel = "ป้าย"\nexample = "ก"\nrequired = {str(required).lower()}\n'


def text_of(filled: FilledDocument) -> str:
    """The text as a reader sees it: no tags, no character references."""
    body = re.sub(r"<head>.*?</head>", "", filled.html, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]*>", "", body))


def fill(template: Template, ceremony: Ceremony, organisation: Organisation | None) -> FilledDocument:
    return fill_template(template, ceremony=ceremony, organisation=organisation, charter=CHARTER, sequence=7)


def refusal_of(template: Template, ceremony: Ceremony, organisation: Organisation | None) -> str:
    with pytest.raises(FillingError) as refusal:
        fill(template, ceremony, organisation)
    return str(refusal.value)


def bundled(name: str) -> Template:
    return load_template(bundled_templates_folder() / name)


def lanna_ceremony() -> Ceremony:
    return read_ceremony(bundled_templates_folder() / "lanna-charter" / "example" / "ceremony.toml")


def city_ceremony() -> Ceremony:
    return read_ceremony(bundled_templates_folder() / "child-friendly-city-mou" / "example" / "ceremony.toml")


def test_a_document_holds_the_value_and_everything_that_a_renderer_needs(
    write_template: WriteTemplate, ceremony: Ceremony, party: Organisation
) -> None:
    folder = write_template()
    filled = fill(load_template(folder), ceremony, party)
    assert "ทำกับ มูลนิธิตะวัน นี้" in text_of(filled)
    assert (filled.template_name, filled.document_number, filled.folder) == ("small", "N-2565-007", str(folder))
    assert filled.css == "p { margin: 0 }"
    assert filled.is_sample


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("{{ ceremony.title }}", id="jinja expression"),
        pytest.param("{% include 'template.html' %}", id="jinja statement"),
        pytest.param("<b>มูลนิธิ</b>", id="markup"),
        pytest.param("</body><script>alert(1)</script>", id="script"),
        pytest.param("../../etc/passwd", id="path"),
        pytest.param("A&B <x> \"y\" 'z'", id="ampersand and quotes"),
        pytest.param("&lt;b&gt;", id="already escaped"),
    ],
)
def test_whatever_a_name_looks_like_it_is_printed_literally(
    write_template: WriteTemplate, ceremony: Ceremony, party: Organisation, name: str
) -> None:
    filled = fill(load_template(write_template()), ceremony, replace(party, name_th=name))
    assert f"ทำกับ {name} นี้" in text_of(filled)
    assert "<script>" not in filled.html
    assert "<b>" not in filled.html


def test_the_same_input_gives_the_same_document(write_template: WriteTemplate, ceremony: Ceremony, party: Organisation) -> None:
    template = load_template(write_template())
    assert fill(template, ceremony, party) == fill(template, ceremony, party)


def test_a_document_and_its_template_survive_the_way_to_a_worker_process(
    write_template: WriteTemplate, ceremony: Ceremony, party: Organisation
) -> None:
    template = load_template(write_template())
    again = pickle.loads(pickle.dumps(template))  # noqa: S301  our own bytes
    assert fill(again, pickle.loads(pickle.dumps(ceremony)), party) == fill(template, ceremony, party)  # noqa: S301


def test_an_empty_value_that_is_required_is_refused_with_its_label(
    write_template: WriteTemplate, ceremony: Ceremony, party: Organisation
) -> None:
    markup = "{{ organisation.name_th }}{{ ceremony.funder }}"
    template = load_template(write_template(markup=markup, more_fields=field("ceremony.funder")))
    assert "ceremony.funder (ป้าย): a value is expected, there is none" in refusal_of(template, ceremony, party)


def test_a_value_that_may_be_left_out_is_left_out(write_template: WriteTemplate, ceremony: Ceremony, party: Organisation) -> None:
    markup = "{{ organisation.name_th }}{% if ceremony.funder %} ทุนจาก {{ ceremony.funder }}{% endif %}."
    template = load_template(write_template(markup=markup, more_fields=field("ceremony.funder", required=False)))
    assert text_of(fill(template, ceremony, party)) == "มูลนิธิตะวัน."
    assert text_of(fill(template, replace(ceremony, funder="กองทุน"), party)) == "มูลนิธิตะวัน ทุนจาก กองทุน."


def test_a_value_left_out_that_is_printed_all_the_same_is_refused(
    write_template: WriteTemplate, ceremony: Ceremony, party: Organisation
) -> None:
    markup = "{{ organisation.name_th }}{{ ceremony.funder }}"
    template = load_template(write_template(markup=markup, more_fields=field("ceremony.funder", required=False)))
    assert "got NoneType" in refusal_of(template, ceremony, party)


def test_a_text_that_goes_on_without_a_space_is_refused_with_its_field_before_it_is_laid_out(
    write_template: WriteTemplate, ceremony: Ceremony, party: Organisation
) -> None:
    template = load_template(
        write_template(markup="{{ organisation.name_th }} {{ ceremony.funder }}", more_fields=field("ceremony.funder"))
    )
    fill(template, replace(ceremony, funder="ทุน" + "ก" * (LONGEST_WITHOUT_SPACE - 3) + " ข"), party)
    told = refusal_of(template, replace(ceremony, funder="ทุน" + "ก" * 100_000), party)
    assert "ceremony.funder (ป้าย): a space is expected after at most 2000 letters, got 100003 without one: “ทุนกกก" in told


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param("{{ organisation.name_th }}\n<p>ความ <b>LONG</b></p>", id="words"),
        pytest.param("{{ organisation.name_th }}\n<p>ความ &lt;LONG&gt;</p>", id="references"),
        pytest.param('{{ organisation.name_th }}\n{{ "LONG" }}', id="a literal"),
    ],
)
def test_a_text_of_the_template_without_a_space_is_refused_with_its_line(
    write_template: WriteTemplate, ceremony: Ceremony, party: Organisation, markup: str
) -> None:
    template = load_template(write_template(markup=markup.replace("LONG", "กข" * 1_001)))
    assert "template.html, line 2: a space is expected" in refusal_of(template, ceremony, party)


@pytest.mark.parametrize(
    ("code", "told"),
    [("{{ 1 // 0 }}", "line 2: the code of the template breaks off with ZeroDivisionError"), ("{{ 'a' + 1 }}", "TypeError")],
)
def test_code_of_a_template_that_breaks_off_is_told_with_its_line(
    write_template: WriteTemplate, ceremony: Ceremony, party: Organisation, code: str, told: str
) -> None:
    template = load_template(write_template(markup="{{ organisation.name_th }}\n" + code))
    assert told in refusal_of(template, ceremony, party)


def test_a_field_that_does_not_exist_is_refused(write_template: WriteTemplate, ceremony: Ceremony, party: Organisation) -> None:
    markup = "{{ organisation.name_th }}{{ organisation.shoe_size }}"
    template = load_template(write_template(markup=markup, more_fields=field("organisation.shoe_size")))
    assert "organisation.shoe_size (ป้าย): there is no such field" in refusal_of(template, ceremony, party)


def test_an_attribute_that_no_value_has_is_refused_while_the_text_runs(
    write_template: WriteTemplate, ceremony: Ceremony, party: Organisation
) -> None:
    template = load_template(write_template(markup="{{ organisation.name_th }}{{ (slots | first).colour }}"))
    assert "colour" in refusal_of(template, ceremony, party)


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        pytest.param("ceremony.date", "text", "text is expected, got date", id="day for text"),
        pytest.param("ceremony.place", "day", "day is expected, got str", id="text for a day"),
        pytest.param("document.is_sample", "integer", "integer is expected, got bool", id="truth for a number"),
        pytest.param("ceremony.plans", "texts", "texts is expected, got tuple", id="plans for texts"),
    ],
)
def test_a_value_of_another_type_is_refused(
    write_template: WriteTemplate, ceremony: Ceremony, party: Organisation, name: str, kind: str, expected: str
) -> None:
    markup = "{{ organisation.name_th }}{% if " + name + " %}{% endif %}"
    template = load_template(write_template(markup=markup, more_fields=field(name, kind)))
    assert expected in refusal_of(template, ceremony, party)


def test_a_day_is_printed_by_its_filter_and_refused_without_one(
    write_template: WriteTemplate, ceremony: Ceremony, party: Organisation
) -> None:
    day = field("ceremony.date", "day")
    right = load_template(write_template(markup="{{ organisation.name_th }} {{ ceremony.date | thai_date }}", more_fields=day))
    assert text_of(fill(right, ceremony, party)) == "มูลนิธิตะวัน ๒๙ มีนาคม ๒๕๖๕"
    wrong = load_template(write_template(markup="{{ organisation.name_th }} {{ ceremony.date }}", more_fields=day))
    assert "date without the filter thai_date" in refusal_of(wrong, ceremony, party)


def test_numbers_follow_the_numerals_of_the_template_and_names_keep_their_own(
    write_template: WriteTemplate, ceremony: Ceremony, party: Organisation
) -> None:
    markup = "{{ organisation.name_th }} {{ document.sequence }}"
    template = load_template(write_template(markup=markup, more_fields=field("document.sequence", "integer")))
    named = replace(party, name_th="ชุมชนสุวรรณประสิทธิ์ 2")
    assert text_of(fill(template, ceremony, named)) == "ชุมชนสุวรรณประสิทธิ์ 2 ๗"
    assert text_of(fill(replace(template, numerals="arabic"), ceremony, named)) == "ชุมชนสุวรรณประสิทธิ์ 2 7"


def test_text_is_composed_so_that_two_spellings_are_one(
    write_template: WriteTemplate, ceremony: Ceremony, party: Organisation
) -> None:
    template = load_template(write_template())
    decomposed, composed = (replace(party, name_th=name) for name in ("Cafe\u0301 ผ\u0e48\u0e39", "Caf\u00e9 ผ\u0e39\u0e48"))
    assert fill(template, ceremony, decomposed) == fill(template, ceremony, composed)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        pytest.param("มูลนิธิ\u2060ตะวัน", "U+2060 WORD JOINER", id="word joiner"),
        pytest.param("มูลนิธิ\nตะวัน", "U+000A", id="line break"),
        pytest.param("ท\u0e48\u0e35พัก", "vowel before tone mark", id="marks in the wrong order"),
    ],
)
def test_text_that_must_not_be_signed_is_refused(
    write_template: WriteTemplate, ceremony: Ceremony, party: Organisation, name: str, told: str
) -> None:
    template = load_template(write_template())
    assert told in refusal_of(template, ceremony, replace(party, name_th=name))
    person = Person(name, "ใจดี", "ผู้อำนวยการ")
    assert told in refusal_of(template, ceremony, replace(party, representative=person))


def test_an_organisation_without_a_representative_is_refused_by_name(
    write_template: WriteTemplate, ceremony: Ceremony, party: Organisation
) -> None:
    told = refusal_of(load_template(write_template()), ceremony, replace(party, representative=None))
    assert "org-01 มูลนิธิตะวัน" in told
    assert "organisation.representative" in told


def test_nobody_is_a_witness_of_their_own_signature(ceremony: Ceremony, party: Organisation) -> None:
    told = refusal_of(bundled("lanna-mou"), ceremony, replace(party, witness=party.representative))
    assert "a witness other than the signatories is expected, got นางกมล ใจดี" in told


def test_all_problems_are_told_at_once(ceremony: Ceremony, party: Organisation) -> None:
    broken = replace(party, name_th="ก\u200bข", witness=None)
    with pytest.raises(FillingError) as refusal:
        fill_template(bundled("lanna-mou"), ceremony=replace(ceremony, themes=()), organisation=broken, charter=None, sequence=1)
    told = str(refusal.value)
    for part in ("U+200B", "organisation.witness", "ceremony.themes", "charter.title"):
        assert part in told


def test_a_memorandum_needs_an_organisation(ceremony: Ceremony) -> None:
    told = refusal_of(bundled("lanna-mou"), ceremony, None)
    assert "an organisation is expected" in told


def test_the_memorandum_has_its_four_places_in_signing_order_and_the_countersigner_last(
    ceremony: Ceremony, party: Organisation
) -> None:
    filled = fill(bundled("lanna-mou"), ceremony, party)
    assert [(slot.field, slot.role, slot.order, slot.capacity) for slot in filled.slots] == [
        ("S0001", "party", 1, Capacity.AUTHORISED_REPRESENTATIVE),
        ("S0002", "party_witness", 2, Capacity.WITNESS),
        ("S0003", "network_witness", 2, Capacity.WITNESS),
        ("S0004", "network", 3, Capacity.NETWORK_COUNTERSIGNER),
    ]
    assert [slot.organisation_id for slot in filled.slots] == ["org-01", "org-01", "host", "host"]


def members_of(party: Organisation, count: int) -> tuple[Organisation, ...]:
    return tuple(replace(party, organisation_id=f"org-{place:02d}", name_th=f"มูลนิธิตะวัน {place}") for place in range(1, count + 1))


def test_the_charter_has_one_place_for_each_member_and_no_number(party: Organisation) -> None:
    members = members_of(party, 19)
    filled = fill_template(bundled("lanna-charter"), ceremony=lanna_ceremony(), organisation=None, members=members, sequence=0)
    assert [slot.field for slot in filled.slots] == [f"S{place:04d}" for place in range(1, 20)]
    assert {slot.order for slot in filled.slots} == {1}
    assert all(f'id="slot-{slot.field}"' in filled.html for slot in filled.slots)
    assert "จำนวน ๑๙ องค์กร" in text_of(filled)
    assert filled.document_number is None


def test_a_charter_without_members_is_refused() -> None:
    with pytest.raises(FillingError, match="members"):
        fill_template(bundled("lanna-charter"), ceremony=lanna_ceremony(), organisation=None, sequence=0)


@pytest.mark.parametrize("name", ["lanna-charter", "lanna-mou", "child-friendly-city-mou"])
def test_articles_are_numbered_without_a_gap_and_there_are_ten_or_more(name: str, party: Organisation) -> None:
    filled = fill_bundled(name, party)
    numbers = [int(to_arabic_digits(number)) for number in re.findall(r'class="article-number">[^๐-๙]*ข้อ ([๐-๙]+)', filled.html)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 10


@pytest.mark.parametrize("name", ["lanna-charter", "lanna-mou", "child-friendly-city-mou"])
def test_paragraphs_are_numbered_inside_their_article(name: str, party: Organisation) -> None:
    article, paragraph = 0, 0
    for number in re.findall(r"ข้อ ([๐-๙]+)</span></span>|class=\"number\">([๐-๙]+)\.([๐-๙]+)<", fill_bundled(name, party).html):
        if number[0]:
            article, paragraph = int(to_arabic_digits(number[0])), 0
        else:
            paragraph += 1
            assert (int(to_arabic_digits(number[1])), int(to_arabic_digits(number[2]))) == (article, paragraph)
    assert article >= 10


@pytest.mark.parametrize("name", ["lanna-charter", "lanna-mou", "child-friendly-city-mou"])
def test_one_system_of_numerals_stands_in_the_whole_document(name: str, party: Organisation) -> None:
    text = text_of(fill_bundled(name, party)).replace(CHARTER.digest.hex, "").replace("SHA-256", "")
    assert not re.search("[0-9]", re.sub(r"(LCRN|CFC)-MOU-[\d-]+", "", text))


@pytest.mark.parametrize("name", ["lanna-charter", "lanna-mou", "child-friendly-city-mou"])
def test_a_sample_says_so_in_a_sentence_and_a_real_document_does_not(name: str, party: Organisation) -> None:
    assert "เอกสารนี้เป็นตัวอย่าง" in text_of(fill_bundled(name, party))
    assert "ตัวอย่าง" not in text_of(fill_bundled(name, party, is_sample=False)).replace("ตัวอย่างดี", "")


def fill_bundled(name: str, party: Organisation, *, is_sample: bool = True) -> FilledDocument:
    ceremony = replace(city_ceremony() if name.startswith("child") else lanna_ceremony(), is_sample=is_sample)
    if name == "lanna-charter":
        return fill_template(bundled(name), ceremony=ceremony, organisation=None, members=(party,), sequence=0)
    return fill(bundled(name), ceremony, party)


def test_the_memorandum_prints_the_digest_of_the_charter_and_has_it_in_its_record(party: Organisation) -> None:
    filled = fill_bundled("lanna-mou", party)
    assert CHARTER.digest.hex in text_of(filled)
    assert filled.record["charter"] == {"title": CHARTER.title, "version": "1", "digest": str(CHARTER.digest)}


def test_the_charter_prints_and_records_its_final_clauses(party: Organisation) -> None:
    filled = fill_bundled("lanna-charter", party)
    assert "เมื่อครบ ๙๐ วันนับแต่วันที่ผู้เก็บรักษาได้รับแจ้ง" in text_of(filled)
    record: Any = filled.record["final_clauses"]
    assert parse_clauses(record, "the record") == bundled("lanna-charter").clauses


def test_the_record_is_canonical_json_that_names_everybody_who_signs(party: Organisation) -> None:
    record = fill_bundled("lanna-mou", party).record
    assert json.loads(canonical_bytes(json.loads(json.dumps(record)))) == record
    signatories: Any = record["signatories"]
    assert [one["name"] for one in signatories][:2] == ["นางกมล ใจดี", "นางสาวสายฝน รักษ์ไทย"]
    values: Any = record["fields"]
    assert (values["ceremony.date"], values["organisation.kind"]) == ("2022-03-29", "มูลนิธิ")


def test_no_address_for_mail_and_no_row_of_the_list_travels_with_the_document(party: Organisation) -> None:
    for name in ("lanna-charter", "lanna-mou", "child-friendly-city-mou"):
        filled = fill_bundled(name, party)
        everything = json.dumps(filled.record, ensure_ascii=False) + filled.html
        assert "example.org" not in everything
        assert "ลับ" not in json.dumps(filled.record, ensure_ascii=False)


def test_an_unregistered_group_signs_through_the_person_who_is_named(party: Organisation) -> None:
    group = replace(party, kind=OrganisationKind.UNREGISTERED_CIVIL_SOCIETY_GROUP, juristic_person=JuristicPerson.NO)
    assert "ในนามของกลุ่มที่มิได้จดทะเบียนเป็นนิติบุคคล" in text_of(fill_bundled("lanna-mou", group))
    assert "ในนามของกลุ่มที่มิได้จดทะเบียนเป็นนิติบุคคล" not in text_of(fill_bundled("lanna-mou", party))


@pytest.mark.parametrize("heading", ["local_council_resolution", "มติสภาท้องถิ่น"])
def test_a_column_that_one_template_asks_for_is_found_by_its_name_or_its_thai_heading(party: Organisation, heading: str) -> None:
    resolved = replace(party, source_row={heading: "มติที่ ๕ วันที่ ๑ กันยายน ๒๕๖๐"})
    assert "โดยความเห็นชอบของสภาท้องถิ่นตามมติที่ ๕" in text_of(fill_bundled("child-friendly-city-mou", resolved))
    assert "สภาท้องถิ่นตาม" not in text_of(fill_bundled("child-friendly-city-mou", party))


def test_names_of_parties_persons_and_places_are_protected_and_nothing_in_a_tag_is(
    write_template: WriteTemplate, ceremony: Ceremony, party: Organisation
) -> None:
    markup = (
        "<head><title>มูลนิธิตะวัน</title></head>"
        '<p title="{{ organisation.name_th }} > ๓๐ วัน">ของ{{ organisation.name_th }} <!-- มูลนิธิตะวัน --> ๓๐ วัน</p>'
    )
    filled = fill(load_template(write_template(markup=markup)), ceremony, party)
    assert "<title>มูลนิธิตะวัน</title>" in filled.html
    assert 'title="มูลนิธิตะวัน > ๓๐ วัน"' in filled.html
    assert "<!-- มูลนิธิตะวัน -->" in filled.html
    assert 'ของ<wbr><span class="nb">มูลนิธิตะวัน</span> ' in filled.html
    assert '<span class="nb">๓๐ วัน</span></p>' in filled.html
    assert {"มูลนิธิตะวัน", "นางกมล ใจดี", "โรงแรมวินทรีย์", "จังหวัดเชียงใหม่", "เครือข่ายตัวอย่าง", "ความเข้าใจ"} <= set(filled.protected_names)
    assert list(filled.protected_names) == sorted(filled.protected_names, key=lambda name: (-len(name), name))


def test_a_value_of_the_event_may_be_of_any_plain_type(
    write_template: WriteTemplate, ceremony: Ceremony, party: Organisation
) -> None:
    values: Mapping[str, Any] = {"count": 3, "day": date(2022, 4, 1), "flag": True}
    markup = (
        "{{ organisation.name_th }} {{ ceremony.values.count }} {{ ceremony.values.day | thai_date }}"
        "{% if ceremony.values.flag %} ใช่{% endif %}{% if ceremony.values.none %} ไม่{% endif %}"
    )
    fields = [("count", "integer", True), ("day", "day", True), ("flag", "flag", True), ("none", "text", False)]
    more = "".join(field(f"ceremony.values.{name}", kind, required=required) for name, kind, required in fields)
    filled = fill(load_template(write_template(markup=markup, more_fields=more)), replace(ceremony, values=values), party)
    assert text_of(filled) == "มูลนิธิตะวัน ๓ ๑ เมษายน ๒๕๖๕ ใช่"


def bilingual(write_template: WriteTemplate, markup: str) -> Template:
    manifest = (write_template() / "template.toml").read_text(encoding="utf-8")
    stated = manifest.replace('language = "th"', 'languages = ["th", "en"]\nprevailing_language = "en"')
    return load_template(write_template(manifest=stated, markup=markup))


PREVAILING = '<p>{{ template.prevailing.th }}</p><p lang="en">{{ template.prevailing.en }}</p>'


def test_the_text_and_the_record_of_a_bilingual_document_say_which_text_prevails(
    write_template: WriteTemplate, ceremony: Ceremony, party: Organisation
) -> None:
    filled = fill(bilingual(write_template, "<p>{{ organisation.name_th }}</p>" + PREVAILING), ceremony, party)
    assert "ให้ถือข้อความภาษาอังกฤษเป็นหลัก" in text_of(filled)
    assert "the English text prevails" in text_of(filled)
    template: Any = filled.record["template"]
    assert (template["languages"], template["prevailing_language"], template["language"]) == (["th", "en"], "en", "th")
    assert filled.languages == ("th", "en")


def test_the_record_of_a_document_in_one_language_names_that_one_alone(
    write_template: WriteTemplate, ceremony: Ceremony, party: Organisation
) -> None:
    filled = fill(load_template(write_template()), ceremony, party)
    template: Any = filled.record["template"]
    assert set(template) == {"name", "title", "kind", "version", "language", "digest"}
    assert filled.languages == ("th",)


def test_a_thai_value_in_an_english_element_is_marked_as_thai_and_protected(
    write_template: WriteTemplate, ceremony: Ceremony, party: Organisation
) -> None:
    markup = '<p lang="en">made with {{ organisation.name_th }} here</p>' + PREVAILING
    filled = fill(bilingual(write_template, markup), ceremony, party)
    assert '<span lang="th"><span class="nb">มูลนิธิตะวัน</span></span> here' in filled.html


def test_a_document_that_leaves_out_the_sentence_on_the_prevailing_text_is_refused(
    write_template: WriteTemplate, ceremony: Ceremony, party: Organisation
) -> None:
    markup = "{{ organisation.name_th }}" + PREVAILING.replace(
        "{{ template.prevailing.en }}", "{% if slots | length > 9 %}{{ template.prevailing.en }}{% endif %}"
    )
    assert (
        "template.prevailing.en: this sentence is expected in the text: This Memorandum is made in Thai and English"
        in refusal_of(bilingual(write_template, markup), ceremony, party)
    )
