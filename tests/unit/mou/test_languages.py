"""Which text prevails, in which language each piece of a template is, and what a template with several languages must mark."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

import pytest

from mou.errors import TemplateError
from mou.languages import Language, mark_thai_in_english, pieces_of, prevailing_sentences
from mou.templates import bundled_templates_folder, load_template

WriteTemplate: TypeAlias = Callable[..., Path]
WriteBilingual: TypeAlias = Callable[..., Path]

BOTH = (Language.THAI, Language.ENGLISH)


def languages_of(markup: str, main: str = "th") -> list[tuple[str, str]]:
    return [(piece.source.strip(), piece.language) for piece in pieces_of(markup, main) if piece.is_text and piece.source.strip()]


@pytest.mark.parametrize(
    ("prevailing", "kind", "thai", "english"),
    [
        pytest.param(
            Language.THAI,
            "memorandum",
            "บันทึกความเข้าใจนี้ทำขึ้นเป็นภาษาไทยและภาษาอังกฤษ หากข้อความในแต่ละภาษาขัดหรือแย้งกัน ให้ถือข้อความภาษาไทยเป็นหลัก",
            "This Memorandum is made in Thai and English. If the texts differ in meaning, the Thai text prevails.",
            id="a memorandum, Thai",
        ),
        pytest.param(
            Language.ENGLISH,
            "charter",
            "ธรรมนูญนี้ทำขึ้นเป็นภาษาไทยและภาษาอังกฤษ หากข้อความในแต่ละภาษาขัดหรือแย้งกัน ให้ถือข้อความภาษาอังกฤษเป็นหลัก",
            "This Charter is made in Thai and English. If the texts differ in meaning, the English text prevails.",
            id="a charter, English",
        ),
    ],
)
def test_the_sentence_on_the_prevailing_text_says_the_same_in_each_language(
    prevailing: Language, kind: str, thai: str, english: str
) -> None:
    assert prevailing_sentences(BOTH, prevailing, is_charter=kind == "charter") == {"th": thai, "en": english}


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        pytest.param("ก<p lang='en'>a</p>ข", [("ก", "th"), ("a", "en"), ("ข", "th")], id="one element"),
        pytest.param('<div lang="en">a<p>b</p></div>', [("a", "en"), ("b", "en")], id="inherited"),
        pytest.param('<div lang="en">a<b lang="th">ก</b>b</div>', [("a", "en"), ("ก", "th"), ("b", "en")], id="back inside"),
        pytest.param('<p lang="en-GB">a', [("a", "en")], id="with a region"),
        pytest.param("<p LANG=EN>a", [("a", "en")], id="capitals, no quotation marks"),
        pytest.param('<p lang="en">a<br>b<wbr>c</p>ก', [("a", "en"), ("b", "en"), ("c", "en"), ("ก", "th")], id="void elements"),
        pytest.param('<p lang="en">a<p>ก', [("a", "en"), ("ก", "th")], id="a paragraph left open"),
        pytest.param('<p hreflang="en" data-lang="en">ก</p>', [("ก", "th")], id="other attributes"),
        pytest.param("<p lang='en'>a</b>b</p>", [("a", "en"), ("b", "en")], id="an end without a beginning"),
        pytest.param('<head><title lang="en">x</title></head><!-- <p lang="en"> -->ก', [("ก", "th")], id="head and comment"),
    ],
)
def test_text_is_in_the_language_of_the_nearest_element_that_states_one(markup: str, expected: list[tuple[str, str]]) -> None:
    assert languages_of(markup) == expected


def test_the_pieces_are_the_markup() -> None:
    markup = '<!doctype html><p lang="en">a &amp; b<br>c</p> <!-- d --> ก'
    assert "".join(piece.source for piece in pieces_of(markup, "th")) == markup
    assert all(markup[piece.start :].startswith(piece.source) for piece in pieces_of(markup, "th"))


@pytest.mark.parametrize(
    ("english", "marked"),
    [
        pytest.param("signed by นายสม ใจดี here", 'signed by <span lang="th">นายสม ใจดี</span> here', id="a name"),
        pytest.param("in ชุมชน ๒ (เขตบึงกุ่ม)", 'in <span lang="th">ชุมชน ๒ (เขตบึงกุ่ม</span>)', id="a name with a number"),
        pytest.param("ก and ข", '<span lang="th">ก</span> and <span lang="th">ข</span>', id="two names"),
        pytest.param("A &amp; B", "A &amp; B", id="none"),
    ],
)
def test_thai_in_an_english_element_is_marked_and_thai_elsewhere_is_not(english: str, marked: str) -> None:
    assert mark_thai_in_english(f'<p>ไทย</p><p lang="en">{english}</p>', "th") == f'<p>ไทย</p><p lang="en">{marked}</p>'


MARKUP = """<!doctype html>
<html lang="th"><head><title>ก</title></head><body>
<p>ทำกับ {{ organisation.name_th }} นี้ ตามมาตรฐาน SHA-256 (UNICEF)</p>
<p lang="en">made with {{ organisation.name_th }}</p>
<p>{{ template.prevailing.th }}</p>
<p lang="en">{{ template.prevailing.en }}</p>
{# ความเห็น Not a part of the text #}
</body></html>
"""


@pytest.fixture
def write_bilingual(write_template: WriteTemplate) -> WriteBilingual:
    """A function that writes the small template in two languages, with what the test changes in manifest and markup."""

    def write(
        manifest: Mapping[str, str] | None = None, markup: Mapping[str, str] | None = None, files: dict[str, bytes] | None = None
    ) -> Path:
        text = (write_template() / "template.toml").read_text(encoding="utf-8")
        text = changed(text, {'language = "th"': 'languages = ["th", "en"]\nprevailing_language = "th"'})
        return write_template(manifest=changed(text, manifest or {}), markup=changed(MARKUP, markup or {}), files=files)

    return write


def changed(text: str, replacements: Mapping[str, str]) -> str:
    for old, new in replacements.items():
        assert old in text
        text = text.replace(old, new, 1)
    return text


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(TemplateError) as refusal:
        load_template(folder)
    return [str(problem) for problem in refusal.value.problems]


def test_a_template_with_two_languages_knows_them_and_the_prevailing_one(write_bilingual: WriteBilingual) -> None:
    template = load_template(write_bilingual())
    assert (template.languages, template.language, template.prevailing_language) == (("th", "en"), "th", Language.THAI)
    assert template.prevailing == prevailing_sentences(BOTH, Language.THAI, is_charter=False)


def test_a_template_with_one_language_states_no_prevailing_one(write_template: WriteTemplate) -> None:
    template = load_template(write_template())
    assert (template.languages, template.prevailing_language, template.prevailing) == (("th",), None, {})


def test_one_language_may_be_written_as_a_list(write_bilingual: WriteBilingual) -> None:
    one = {'["th", "en"]\nprevailing_language = "th"': '["en"]'}
    assert (
        load_template(write_bilingual(one, {"{{ template.prevailing.th }}": "", "{{ template.prevailing.en }}": ""})).language
        == "en"
    )


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        pytest.param('prevailing_language = "th"\n', "", "one of th, en expected, missing", id="none prevails"),
        pytest.param('prevailing_language = "th"', 'prevailing_language = "my"', "got 'my'", id="one that is not there prevails"),
        pytest.param('["th", "en"]', '["th", "th"]', "languages: each language once expected, got 'th'", id="one twice"),
        pytest.param('["th", "en"]', '["th", "xx"]', "languages[2]: one of th, en expected, got 'xx'", id="unknown"),
        pytest.param('["th", "en"]', "[]", "languages: a list of one or more of th, en expected", id="none"),
        pytest.param('["th", "en"]', '["th"]', "no prevailing language where there is one language", id="one, and it prevails"),
        pytest.param(
            'numerals = "thai"',
            'numerals = "thai"\nlanguage = "th"',
            "language: languages or language, not both, expected, got 'th'",
            id="both keys",
        ),
    ],
)
def test_a_fault_in_the_languages_of_a_manifest_is_told(write_bilingual: WriteBilingual, old: str, new: str, told: str) -> None:
    assert any(told in problem for problem in problems_of(write_bilingual({old: new})))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        pytest.param(
            '<html lang="th">',
            '<html lang="en">',
            "line 2: <html lang=\"th\">, the first of languages, is expected, got 'en'",
            id="root",
        ),
        pytest.param("made with", "made กับ", "line 4: text in the language en is expected here, got “กับ”", id="Thai in English"),
        pytest.param(
            "ทำกับ",
            "ทำกับ made with the",
            'line 3: text in the language th is expected here, got “made with the”; mark it with <span lang="en">',
            id="English in Thai",
        ),
        pytest.param(' lang="en">made with', ">made with all due care", "got “made with all”", id="English without a mark"),
        pytest.param(
            "made with {{ organisation.name_th }}",
            'made with {{ "ก" ~ organisation.name_th }}',
            'line 4: text as HTML in an element of its language is expected, got the literal "ก"',
            id="Thai that code prints",
        ),
        pytest.param(
            "ทำกับ",
            "ทำกับ {% set words = 'made with all due care' %}",
            "got the literal 'made with all due care'",
            id="English set by code",
        ),
        pytest.param(
            "<p>{{ template.prevailing.th }}</p>", "", "print {{ template.prevailing.th }} in an element", id="no Thai sentence"
        ),
        pytest.param(
            '<p lang="en">{{ template.prevailing.en }}',
            "<p>{{ template.prevailing.en }}",
            "print {{ template.prevailing.en }}",
            id="the English sentence in a Thai element",
        ),
        pytest.param(
            "{{ template.prevailing.en }}",
            "{# {{ template.prevailing.en }} #}",
            "print {{ template.prevailing.en }}",
            id="the sentence in a comment",
        ),
    ],
)
def test_a_fault_in_the_languages_of_a_text_is_told_with_its_line(
    write_bilingual: WriteBilingual, old: str, new: str, told: str
) -> None:
    assert any(told in problem for problem in problems_of(write_bilingual(markup={old: new})))


def test_a_literal_that_code_compares_with_is_no_text(write_bilingual: WriteBilingual) -> None:
    compared = {"ทำกับ": '{% if organisation.name_th == "มูลนิธิ" %}ทำกับ{% endif %}'}
    assert load_template(write_bilingual(markup=compared)).languages == ("th", "en")


def test_an_included_file_is_looked_at_too(write_bilingual: WriteBilingual) -> None:
    part = {"part.html": '<p lang="en">ไทย</p>'.encode()}
    [problem] = problems_of(write_bilingual(markup={"ทำกับ": "ทำกับ{% include 'part.html' %}"}, files=part))
    assert "part.html, line 1: text in the language en is expected here, got “ไทย”" in problem


def test_a_text_in_one_language_may_hold_another(write_template: WriteTemplate) -> None:
    markup = '{{ organisation.name_th }} made with all due care <p lang="en">ไทย</p>'
    assert load_template(write_template(markup=markup)).languages == ("th",)


def charter_in(tmp_path: Path, languages: str, prevailing: str, authentic: str) -> list[str]:
    """The problems of the bundled charter, said to be in these languages."""
    folder = tmp_path / "lanna-charter"
    shutil.copytree(bundled_templates_folder() / "lanna-charter", folder)
    manifest = folder / "template.toml"
    stated = {
        'language = "th"': f'languages = {languages}\nprevailing_language = "{prevailing}"',
        'authentic_languages = ["th"]': f"authentic_languages = {authentic}",
    }
    manifest.write_text(changed(manifest.read_text(encoding="utf-8"), stated), encoding="utf-8")
    return [problem for problem in problems_of(folder) if " authentic_languages" in problem]


@pytest.mark.parametrize(
    ("prevailing", "authentic", "told"),
    [
        pytest.param("th", '["th", "en"]', None, id="both"),
        pytest.param("th", '["th"]', None, id="the other one is a translation"),
        pytest.param("en", '["th"]', "one of authentic_languages expected, got 'en'", id="a translation prevails"),
        pytest.param("th", '["th", "my"]', "authentic_languages: some of th, en expected, got 'my'", id="one that is not there"),
    ],
)
def test_the_authentic_languages_of_a_charter_are_languages_of_the_document(
    tmp_path: Path, prevailing: str, authentic: str, told: str | None
) -> None:
    problems = charter_in(tmp_path, '["th", "en"]', prevailing, authentic)
    assert [told in problem for problem in problems if told] == [True] * (told is not None)
    assert len(problems) == (told is not None)
