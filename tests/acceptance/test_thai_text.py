"""What docs/thai-text.md says of Thai text, measured by the same functions that make its tables, on fewer strings and widths."""

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from mou.errors import RenderingError
from mou.models import Font
from mou.rendering import line_memory
from mou.rendering.faces import Family, find_family
from mou.rendering.pdf import Renderer
from mou.templates import bundled_template_names

CHECKOUT = Path(__file__).resolve().parents[2]
PAGE = CHECKOUT / "docs" / "thai-text.md"
TEXTS = "MOU_TEXTS"
STYLES = ((400, "normal"), (400, "italic"), (700, "normal"), (700, "italic"))


@pytest.fixture(scope="module", autouse=True)
def scripts() -> Iterator[None]:
    """Make the scripts of the documentation importable while this file is tested."""
    folder = str(CHECKOUT / "docs" / "scripts")
    sys.path.insert(0, folder)
    yield
    sys.path.remove(folder)


@pytest.fixture(scope="module")
def measure_text(scripts: None) -> ModuleType:
    return import_module("measure_text")


@pytest.fixture(scope="module")
def line_counts(scripts: None) -> ModuleType:
    return import_module("line_counts")


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer()


def installed(name: Font) -> Family:
    try:
        return find_family(name)
    except RenderingError as error:
        pytest.skip(str(error))


@pytest.mark.parametrize(("weight", "style"), STYLES, ids=["regular", "italic", "bold", "bold italic"])
@pytest.mark.parametrize("font", Font)
def test_what_readers_take_out_is_what_was_put_in(font: Font, weight: int, style: str, measure_text: ModuleType) -> None:
    family = installed(font)
    strings = measure_text.GOLDEN[STYLES.index((weight, style)) :: 4]
    wrong = measure_text.count_wrong_characters(family, family.face(weight, style), strings, sizes_pt=(10.9,))
    counted = {reader: count for reader, count in wrong.items() if "mutool" not in reader}  # the one of Debian 12 reads no spans
    assert counted == dict.fromkeys(counted, 0)
    assert counted


@pytest.mark.parametrize(
    ("found", "wrong"),
    [
        pytest.param("น้ำทั้งสิ้น", 0, id="nothing"),
        pytest.param("น้ำ ทั้ง\u200bสิ้น\n", 0, id="white space"),
        pytest.param("น้าทั้งสิ้น", 1, id="a vowel"),
        pytest.param("น้ำทังสิ้น", 1, id="a lost mark"),
        pytest.param("น้ำทั้งสิน้", 2, id="a mark behind its neighbour"),
        pytest.param("", 11, id="everything"),
    ],
)
def test_wrong_characters_are_counted(found: str, wrong: int, measure_text: ModuleType) -> None:
    assert measure_text.wrong_characters("น้ำทั้งสิ้น", found) == wrong


@pytest.mark.parametrize("name", bundled_template_names())
def test_no_line_of_a_bundled_template_ends_badly(name: str, line_counts: ModuleType, renderer: Renderer) -> None:
    found = line_counts.count_lines(line_counts.fill_example(name), renderer, (100, 160))
    assert found == line_counts.LineEnds(ends=found.ends)
    assert found.ends > 100


def test_no_line_ends_where_the_whole_text_has_no_break_in_an_installed_font(line_counts: ModuleType, renderer: Renderer) -> None:
    font = installed(Font.TH_SARABUN_NEW).name
    document = replace(line_counts.fill_example("lanna-mou"), font=font)
    assert line_counts.count_lines(document, renderer, (120, 140)).unsound == 0


def test_the_texts_of_a_folder_end_no_line_badly(line_counts: ModuleType, measure_text: ModuleType, renderer: Renderer) -> None:
    folder = os.environ.get(TEXTS)
    if not folder:
        pytest.skip(f"{TEXTS} names no folder of texts")
    documents = line_counts.documents_of(Path(folder), measure_text.NAMES)
    assert documents
    for document in documents.values():
        found = line_counts.count_lines(document, renderer)
        assert found == line_counts.LineEnds(ends=found.ends)


# Each of these breaks one thing on purpose, so that the counts above can be believed.
NAME = "เทศบาลเมืองเขาสามร้อยยอด"
# Without a space, and narrow: the slice that WeasyPrint looks at is cut in a way that moves a line's end.
ONE_RUN = (
    "ทั้งสองฝ่ายตกลงร่วมกันส่งเสริมและคุ้มครองสิทธิเด็กและเยาวชนชนเผ่าพื้นเมืองในภาคเหนือโดยมีวัตถุประสงค์เพื่อพัฒนาคุณภาพชีวิตและ"
    "ความร่วมมือของเครือข่ายภาครัฐภาคเอกชนและภาคประชาสังคมให้เข้มแข็งอย่างต่อเนื่องและยั่งยืน"
)
SENTENCE = f"จัดขึ้นที่{NAME}ในวันที่ ๒๙ มีนาคม พ.ศ. ๒๕๖๕ โดยเด็กและเยาวชน "


def test_a_name_and_a_number_that_are_not_protected_are_seen(line_counts: ModuleType, renderer: Renderer) -> None:
    document = line_counts.document_of(f"<p>{SENTENCE * 20}</p>", (NAME,), CHECKOUT)
    found = line_counts.count_lines(document, renderer, (100, 107, 113, 120))
    assert found.in_names
    assert found.in_numbers
    assert not found.past_box


def test_a_span_that_no_line_can_hold_is_seen(line_counts: ModuleType, renderer: Renderer) -> None:
    document = line_counts.document_of(f'<p><span class="nb">{SENTENCE * 2}</span></p>', (), CHECKOUT)
    assert line_counts.count_lines(document, renderer, (100,)).past_box == 1


def test_a_line_end_that_weasyprint_made_up_is_seen(
    line_counts: ModuleType, renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = f'<p style="letter-spacing: -0.25em; text-indent: 0">{ONE_RUN}</p>'
    document = line_counts.document_of(body, (), CHECKOUT)
    widths = (60, 61, 66)
    assert line_counts.count_lines(document, renderer, widths).unsound == 0
    monkeypatch.setattr(line_memory, "last_sound_break", lambda *_arguments: None)
    assert line_counts.count_lines(document, Renderer(), widths).unsound == len(widths)


def test_the_page_holds_the_tables_of_a_run(measure_text: ModuleType) -> None:
    page = PAGE.read_text("utf-8")
    measured = page.partition(measure_text.BEGIN)[2].partition(measure_text.END)[0]
    for name in (*bundled_template_names(), *Font):
        assert name in measured
