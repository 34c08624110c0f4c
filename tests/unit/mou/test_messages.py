"""Every message can be said in Thai: source, mou.po and mou.mo agree, and the places are filled as in English."""

import gettext
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from io import BytesIO
from pathlib import Path
from string import Formatter
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from mou.cli.overview import overview
from mou.errors import UsageError
from mou.messages import CATALOGUES, translate
from signatures.errors import KeyUnavailableError
from signatures.messages import Message, say

CHECKOUT = Path(__file__).resolve().parents[3]
GLOSSARY = CHECKOUT / "docs" / "glossary.md"
SCRIPT = CHECKOUT / "docs" / "scripts" / "update_catalogue.py"
PO = CATALOGUES / "th" / "LC_MESSAGES" / "mou.po"
MO = PO.with_suffix(".mo")


def load_script() -> ModuleType:
    spec = spec_from_file_location("update_catalogue", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SCRIPT_MODULE = load_script()


def read_catalogue() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="th")


@cache
def translations() -> dict[str, str]:
    return {str(message.id): str(message.string) for message in read_catalogue() if message.id}


@cache
def templates_in_source() -> frozenset[str]:
    return frozenset(template.text for template in SCRIPT_MODULE.find_templates(SCRIPT_MODULE.read_sources())[0])


def places_of(template: str) -> set[tuple[str, str | None, str | None]]:
    """Every place with its conversion and format: `{text!r}` and `{sequence:03d}` mean the same in every language."""
    return {(name, conversion, form) for _, name, form, conversion in Formatter().parse(template) if name is not None}


def glossary_rows() -> Iterator[list[str]]:
    """The cells of each row: English, Thai, meaning, words that are not used."""
    for line in GLOSSARY.read_text(encoding="utf-8").splitlines():
        if line.startswith("| ") and not line.startswith(("| English", "| ---")):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def rejected_words() -> set[str]:
    return {word for _, _, _, rejected in glossary_rows() for word in rejected.split(", ") if word}


def test_every_template_in_the_source_has_a_translation() -> None:
    held = translations()
    assert {template for template in templates_in_source() if not held.get(template)} == set()


def test_the_catalogue_holds_nothing_that_the_source_no_longer_says() -> None:
    assert translations().keys() - templates_in_source() == set()
    assert not read_catalogue().obsolete


def test_no_translation_is_marked_as_a_guess() -> None:
    assert [message.id for message in read_catalogue() if message.fuzzy] == []


def test_every_template_in_the_source_is_a_literal() -> None:
    assert SCRIPT_MODULE.find_templates(SCRIPT_MODULE.read_sources())[1] == ()


def test_a_translation_has_exactly_the_places_of_its_template() -> None:
    assert {template: thai for template, thai in translations().items() if places_of(thai) != places_of(template)} == {}


def test_the_compiled_catalogue_says_what_the_readable_one_says() -> None:
    with MO.open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert {template: compiled.gettext(template) for template in translations()} == translations()


def test_no_translation_holds_a_character_that_nobody_sees() -> None:
    unseen = {"Cf", "Cc", "Co", "Cn", "Zl", "Zp"}
    found = {
        thai: [f"U+{ord(letter):04X}" for letter in thai if unicodedata.category(letter) in unseen or letter in "\u00a0\u2060"]
        for thai in translations().values()
    }
    assert {thai: letters for thai, letters in found.items() if letters} == {}


def test_a_translation_is_spelt_so_that_a_search_finds_it() -> None:
    # SARA AM in two parts, NIKHAHIT before a tone mark, two SARA E for SARA AE, a tone mark before its vowel, two spaces
    misspelt = re.compile("\u0e4d\u0e32|\u0e4d[\u0e48-\u0e4b]\u0e32|\u0e40\u0e40|[\u0e48-\u0e4b][\u0e31\u0e34-\u0e39]|  |^ | $")
    assert [thai for thai in translations().values() if misspelt.search(thai)] == []


def test_a_translation_is_in_thai_wherever_its_template_has_words() -> None:
    for template, thai in translations().items():
        words = "".join(text for text, *_ in Formatter().parse(template))
        assert bool(re.search("[A-Za-z]", words)) == bool(re.search("[\u0e01-\u0e2e]", thai)), template


# Words with one meaning alone: `list` and `field` are said in more than one way, `signature` is also a value in a file.
@pytest.mark.parametrize(
    "term",
    [
        "certificate",
        "checkpoint",
        "consistency proof",
        "inclusion proof",
        "receipt",
        "revision",
        "revocation list",
        "signature field",
        "trust root",
        "workspace",
    ],
)
def test_a_term_is_said_by_the_word_that_the_glossary_has_for_it(term: str) -> None:
    word = {row[0]: row[1] for row in glossary_rows()}[term]
    saying_it = {english: thai for english, thai in translations().items() if re.search(rf"\b{term}s?\b", english)}
    assert saying_it
    assert [thai for thai in saying_it.values() if word not in thai] == []


@pytest.mark.parametrize("word", sorted(rejected_words()))
def test_no_message_uses_a_word_that_the_glossary_rejects(word: str) -> None:
    assert [thai for thai in (*translations().values(), overview("th")) if word in thai] == []


SAYS = {
    "signatures/messages.py": "def say(template, /, **values): return Message(template, values)",
    "mou/terminal.py": "def echo(language, template, /, **values): click.echo(translate(say(template, **values), language))",
    "mou/errors.py": "class MouError(Exception):\n    def __init__(self, template, /, **values): super().__init__(template)",
    "mou/a.py": "class LateError(EarlyError): pass",
    "mou/b.py": "class EarlyError(errors.MouError): pass",
}


def found_in(source: str) -> tuple[list[str], tuple[str, ...]]:
    templates, not_literal = SCRIPT_MODULE.find_templates({**SAYS, "mou/c.py": source})
    return [template.text for template in templates], not_literal


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("say('{count} rows', count=3)", id="a message"),
        pytest.param("messages.say('{count} rows', count=3)", id="a message by the name of its module"),
        pytest.param("Message('{count} rows', {'count': 3})", id="a message without say"),
        pytest.param("echo(language, '{count} rows', count=3)", id="a line of the command line"),
        pytest.param("raise LateError('{count} rows', count=3)", id="an error of a class that derives from another file's"),
        pytest.param("def f():\n    return EarlyError('{count} ' 'rows', count=3)", id="adjacent literals"),
        pytest.param(
            "class OwnError(LateError):\n    def __init__(self): super().__init__('{count} rows', count=3)",
            id="an error's own constructor",
        ),
    ],
)
def test_a_template_is_found_where_it_is_said(source: str) -> None:
    assert found_in(source) == (["{count} rows"], ())


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("say(f'{count} rows')", id="an f-string"),
        pytest.param("raise LateError('{count}' + ' rows', count=3)", id="a sum"),
        pytest.param("say('%s rows' % count)", id="a filled template"),
        pytest.param("echo(language, sentence)", id="a variable"),
        pytest.param("template = 'rows'\nsay(template)", id="a variable called like the parameter"),
        pytest.param("say()", id="nothing"),
    ],
)
def test_a_template_that_is_no_literal_is_told_with_its_place(source: str) -> None:
    texts, not_literal = found_in(source)
    assert texts == []
    assert [place.split(":")[0] for place in not_literal] == ["mou/c.py"]


@pytest.mark.parametrize(
    "page",
    [
        pytest.param("<p>{{ _('{count} rows', count=3) }}</p>", id="a sentence"),
        pytest.param('<a title="{{ _("{count} rows", count=3) }}">', id="a sentence in an attribute"),
        pytest.param(
            "{% macro m() %}{% if x %}{{ f(_('{count} rows', count=n)) }}{% endif %}{% endmacro %}", id="inside a macro"
        ),
        pytest.param("{{ _('{count} ' 'rows', count=3) }}", id="adjacent literals"),
    ],
)
def test_a_sentence_on_a_page_is_found(page: str) -> None:
    templates, not_literal = SCRIPT_MODULE.find_templates({**SAYS, "mou/web/templates/a.html": page})
    assert ([template.text for template in templates], not_literal) == (["{count} rows"], ())


def test_a_sentence_on_a_page_that_is_no_literal_is_told_with_its_line() -> None:
    page = "<p>\n{{ _(sentence) }}\n{{ _('rows ' ~ n) }}\n{{ _() }}</p>"
    templates, not_literal = SCRIPT_MODULE.find_templates({**SAYS, "mou/web/templates/a.html": page})
    assert (templates, not_literal) == (
        (),
        ("mou/web/templates/a.html:2", "mou/web/templates/a.html:3", "mou/web/templates/a.html:4"),
    )


def test_the_pages_of_the_site_are_read_for_their_sentences() -> None:
    assert "mou/web/templates/base.html" in SCRIPT_MODULE.read_sources()


def test_what_click_prints_is_no_message() -> None:
    assert found_in("click.echo(language, 'rows')") == ([], ())


class Keeper:
    """The script on a catalogue of its own and a source that a test writes."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.po, self.mo = folder / "th" / "mou.po", folder / "th" / "mou.mo"
        monkeypatch.setattr(SCRIPT_MODULE, "FOLDER", self.po.parent)
        self._monkeypatch = monkeypatch

    def run(self, source: str) -> int:
        self._monkeypatch.setattr(SCRIPT_MODULE, "read_sources", lambda: {**SAYS, "mou/c.py": source})
        code = SCRIPT_MODULE.main()
        assert isinstance(code, int)
        return code

    def translate(self, english: str, thai: str) -> None:
        entry = f'msgid "{english}"\nmsgstr "'
        text = self.po.read_text(encoding="utf-8")
        assert entry in text
        self.po.write_text(text.replace(entry, entry + thai), encoding="utf-8")

    def said(self, english: str) -> str:
        with self.mo.open("rb") as file:
            return gettext.GNUTranslations(file).gettext(english)


@pytest.fixture
def keeper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Keeper:
    return Keeper(tmp_path, monkeypatch)


def test_a_new_message_waits_for_its_translation_and_is_said_in_english_until_then(
    keeper: Keeper, capsys: pytest.CaptureFixture[str]
) -> None:
    assert keeper.run("say('a table')") == 1
    assert keeper.said("a table") == "a table"
    keeper.translate("a table", "ตาราง")
    assert keeper.run("say('a table')") == 0
    assert keeper.said("a table") == "ตาราง"
    assert "without a translation: 'a table'" in capsys.readouterr().out


def test_a_message_that_is_no_longer_said_is_dropped_and_shown_once_more(
    keeper: Keeper, capsys: pytest.CaptureFixture[str]
) -> None:
    keeper.run("say('a table'); say('rows')")
    keeper.translate("a table", "ตาราง")
    keeper.translate("rows", "แถว")
    assert keeper.run("say('rows')") == 0
    assert "a table" not in keeper.po.read_text(encoding="utf-8")
    assert "dropped: 'a table', which was 'ตาราง'" in capsys.readouterr().out


def test_the_same_source_gives_the_same_bytes_and_names_no_day(keeper: Keeper) -> None:
    source = "say('a table'); say('nothing after the last %%EOF'); say('rows')"
    keeper.run(source)
    keeper.translate("rows", "แถว")
    keeper.run(source)
    written = keeper.po.read_bytes(), keeper.mo.read_bytes()
    keeper.run(source)
    assert (keeper.po.read_bytes(), keeper.mo.read_bytes()) == written
    assert b"Date" not in b"".join(written)


def test_nothing_is_written_while_a_template_is_no_literal(keeper: Keeper) -> None:
    keeper.run("say('a table')")
    written = keeper.po.read_bytes()
    assert keeper.run("say('rows'); say(f'{a}')") == 1
    assert keeper.po.read_bytes() == written


def test_a_line_that_moves_changes_nothing(keeper: Keeper) -> None:
    keeper.run("say('a table')")
    written = keeper.po.read_bytes()
    keeper.run("\n\nsay('a table')")
    assert keeper.po.read_bytes() == written


def test_a_message_is_said_in_the_language_that_is_asked_for() -> None:
    message = say("{path} cannot be read: {cause}", path="a.pdf", cause="EIO")
    assert translate(message, "th") == "อ่าน a.pdf ไม่ได้: EIO"
    assert translate(message, "en") == "a.pdf cannot be read: EIO"


def test_a_message_inside_a_message_is_translated_too() -> None:
    expected = say("a list of one or more of {choices}", choices="a, b")
    message = say("{where}: {key}: {expected} expected, missing", where="x.toml", key="kinds", expected=expected)
    assert translate(say("row {row}: {finding}", row=3, finding=message), "th") == (
        "แถวที่ 3: x.toml: kinds: ข้อกำหนดคือ รายการที่มีอย่างน้อยหนึ่งใน a, b แต่ไม่มี"
    )
    assert translate(message, "en") == str(message) == "x.toml: kinds: a list of one or more of a, b expected, missing"


@pytest.mark.parametrize("language", ["th", "en"])
def test_braces_in_a_value_are_no_places(language: str) -> None:
    said = translate(say("{place}: {cause}", place="{cause}", cause="{0} {place!r} }{"), language)
    assert said == "{cause}: {0} {place!r} }{"


@given(place=st.text(), cause=st.text())
def test_a_value_is_said_as_it_is_whatever_it_holds(place: str, cause: str) -> None:
    assert translate(say("{place}: {cause}", place=place, cause=cause), "th") == f"{place}: {cause}"


def test_places_in_a_message_without_values_stand_for_themselves() -> None:
    pattern = say('a pattern with {year} and {sequence}, such as "LCRN-MOU-{year}-{sequence:03d}"')
    assert translate(pattern, "th").endswith('เช่น "LCRN-MOU-{year}-{sequence:03d}"')
    assert translate(pattern, "en") == str(pattern)


def test_a_place_that_shows_a_value_as_python_writes_it_does_so_in_thai() -> None:
    message = say("{place}: base64 is expected, got {text!r}", place="salt", text="a\n")
    assert translate(message, "th") == r"salt: ต้องเป็น base64 แต่พบ 'a\n'"


def test_what_the_catalogue_does_not_know_is_said_in_english() -> None:
    # As a script that uses the packages may make it; the source itself says nothing that the catalogue lacks.
    assert translate(Message("{count} geese", {"count": 3}), "th") == "3 geese"


def test_an_empty_message_stays_empty() -> None:
    assert translate(Message(""), "th") == ""


def test_the_message_of_an_error_is_said_in_thai() -> None:
    wrong_use = UsageError("--evidence goes with one file: {count} were given", count=2)
    assert translate(wrong_use.message, "th") == "--evidence ใช้กับไฟล์เดียว แต่ระบุมา 2 ไฟล์"
    wrong_password = KeyUnavailableError("{source}: wrong password, or the file is damaged; try again", source="a.p12")
    assert translate(wrong_password.message, "th") == "a.p12: รหัสผ่านไม่ถูกต้องหรือไฟล์เสียหาย ให้ลองอีกครั้ง"


def test_the_catalogue_that_is_kept_is_the_one_that_the_script_would_write() -> None:
    templates, _ = SCRIPT_MODULE.find_templates(SCRIPT_MODULE.read_sources())
    catalogue = SCRIPT_MODULE.make_catalogue(templates, translations())
    written = read_po(BytesIO(SCRIPT_MODULE.po_bytes(catalogue)), locale="th")
    assert {str(message.id): str(message.string) for message in written if message.id} == translations()
    assert SCRIPT_MODULE.mo_bytes(catalogue) == MO.read_bytes()
