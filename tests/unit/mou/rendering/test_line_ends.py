import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from hashlib import sha256
from importlib import resources
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring, tostring

import pytest
import weasyprint
from hypothesis import given
from hypothesis import strategies as st
from weasyprint.formatting_structure.boxes import LineBox, TextBox
from weasyprint.text.line_break import get_log_attrs

from mou.errors import RenderingError
from mou.rendering import line_ends, line_memory
from mou.rendering.faces import bundled_family
from mou.rendering.line_ends import (
    BREAK,
    WORD_LIST_FILE,
    LineEngine,
    divided,
    line_engine,
    may_break,
    open_breaks,
    pango_breaks_thai,
    pieces_of,
)
from mou.rendering.line_memory import RememberedFonts, last_sound_break
from mou.rendering.sources import FOLDER_ADDRESS, FolderFetcher
from mou.thai import columns

Lines = Callable[[str, str], list[str]]
WithoutLibthai = Callable[[str, object], bytes]

NAMES = ("มูลนิธิรักษ์เด็ก", "โรงแรมวินทรีย์", "ฑีฆายุพันธุ์", "พรอมรธรรม", "ชุมชนสุวรรณประสิทธิ์ 2 (เขตบึงกุ่ม)")
# One paragraph without a space: the slice that is looked at ends inside one of its words at any width.
SENTENCE = (
    "ทั้งสองฝ่ายตกลงร่วมกันส่งเสริมและคุ้มครองสิทธิเด็กและเยาวชนชนเผ่าพื้นเมืองในภาคเหนือโดยมีวัตถุประสงค์เพื่อพัฒนาคุณภาพชีวิตและ"
    "ความร่วมมือของเครือข่ายภาครัฐภาคเอกชนและภาคประชาสังคมให้เข้มแข็งอย่างต่อเนื่องและยั่งยืน"
)
NARROW = "letter-spacing: -0.25em"  # as narrow as letters of other fonts are
FAULTY_WIDTHS_MM = (60, 61, 66)  # where the slice of this sentence is cut in a way that moves a line's end
LONGEST_WORD_COLUMNS = 20
THAI = st.text(st.sampled_from("กขคงดตนบมยรลวสหอเแโใไะาำิีึืุู็่้๊์ฯๆ"), max_size=60)

# What a process without libthai makes of a paragraph: the engine, and whether a document of the real renderer comes out.
CHILD = """
import json, sys
from datetime import UTC, datetime
from mou.errors import RenderingError
from mou.models import FilledDocument
from mou.rendering.line_ends import line_engine
from mou.rendering.pdf import Renderer
body, names, folder = json.loads(sys.stdin.read())
html = f'<!doctype html><html lang="th"><head><title>x</title></head><body>{body}</body></html>'
css = "p { text-indent: 0; width: 100mm }"
filled = FilledDocument("test", "sha256:00", "x", "th", html, css, folder, {}, (), tuple(names), None, False)
try:
    rendered = Renderer().render(filled, created=datetime(2022, 3, 29, tzinfo=UTC))
    sys.stdout.buffer.write(f"{line_engine()}\\n".encode() + rendered.pdf)
except RenderingError as error:
    sys.stdout.buffer.write(f"{line_engine()}\\n{error}".encode())
"""
STUB = """
#include <stddef.h>
void *th_brk_new(const char *dictionary) { return NULL; }
int th_brk_find_breaks(void *engine, const unsigned char *text, int breaks[], size_t room) { return 0; }
"""


def opened(markup: str, names: tuple[str, ...] = ()) -> str:
    """The element after its breaks were opened, each of them shown as a stroke."""
    element = fromstring(markup)  # noqa: S314  # written here
    open_breaks(element, names)
    return tostring(element, encoding="unicode").replace(BREAK, "|")


@pytest.fixture
def no_libthai(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A Pango that finds no break in Thai text."""
    attribute = type("Attribute", (), {"is_line_break": 0})
    monkeypatch.setattr(line_ends, "get_log_attrs", lambda text, _language: [attribute] * (len(text) + 1))
    line_engine.cache_clear()
    yield
    line_engine.cache_clear()


def test_pango_finds_thai_words_on_this_machine() -> None:
    assert pango_breaks_thai()
    assert line_engine() is LineEngine.LIBTHAI


def test_without_libthai_the_word_list_is_chosen(no_libthai: None) -> None:
    assert line_engine() is LineEngine.WORD_LIST


def test_with_neither_the_message_says_what_to_install(no_libthai: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_ends, "find_spec", lambda _name: None)
    with pytest.raises(RenderingError, match=r"install libthai.*or the Python package nlpo3"):
        line_engine()


def test_a_missing_word_list_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(line_ends, "WORD_LIST_FILE", tmp_path / "none.txt")
    line_ends._segmenter.cache_clear()
    with pytest.raises(RenderingError, match=r"none\.txt; install mou again"):
        open_breaks(Element("body"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("สิทธิเด็กและเยาวชน", "สิทธิ|เด็ก|และ|เยาวชน", id="words"),
        pytest.param("มูลนิธิรักษ์เด็กและโรงแรมวินทรีย์", "มูลนิธิรักษ์เด็ก|และ|โรงแรมวินทรีย์", id="names are whole"),
        pytest.param("โดยพรอมรธรรมและฑีฆายุพันธุ์", "โดย|พรอมรธรรม|และ|ฑีฆายุพันธุ์", id="names that are in no list"),
        pytest.param("เขตบึงกุ่มและเขตบึง", "เขตบึงกุ่ม|และ|เขต|บึง", id="a part of a name with spaces"),
        pytest.param("โครงการเมืองแนวทางการทำงาน", "โครงการ|เมือง|แนวทาง|การทำงาน", id="what longest matching tears"),
        pytest.param("เครือข่ายฯและต่างๆ", "เครือข่ายฯ|และ|ต่างๆ", id="no break before ฯ and ๆ"),
        pytest.param("มี 60คน ๒๕๖๕พ.ศ. abcที่", "มี 60คน ๒๕๖๕พ.ศ. abcที่", id="nothing beside digits, signs and Latin letters"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_breaks_are_opened_between_words(text: str, expected: str) -> None:
    assert opened(f"<p>{text}</p>", NAMES) == (f"<p>{expected}</p>" if text else "<p />")


def test_breaks_are_opened_in_texts_and_tails_but_not_in_protected_spans_or_what_is_no_text() -> None:
    markup = (
        "<body>สิทธิเด็ก<b>และเยาวชน<!--สิทธิเด็ก--></b>สิทธิเด็ก"
        '<span class="x nb">สิทธิ<i>เด็กและ</i>เด็ก</span>สิทธิเด็ก'
        "<style>สิทธิเด็ก</style><script>สิทธิเด็ก</script><title>สิทธิเด็ก</title>"
        '<svg xmlns="http://www.w3.org/2000/svg"><text>สิทธิเด็ก</text></svg></body>'
    )
    assert re.sub(r'ns0:| xmlns:ns0="[^"]*"', "", opened(markup)) == (
        "<body>สิทธิ|เด็ก<b>และ|เยาวชน</b>สิทธิ|เด็ก"
        '<span class="x nb">สิทธิ<i>เด็กและ</i>เด็ก</span>สิทธิ|เด็ก'
        "<style>สิทธิเด็ก</style><script>สิทธิเด็ก</script><title>สิทธิเด็ก</title>"
        "<svg><text>สิทธิเด็ก</text></svg></body>"
    )


def test_a_comment_in_the_tree_is_left_alone() -> None:
    html = weasyprint.HTML(string="<body><p>สิทธิเด็ก<!--สิทธิเด็ก-->สิทธิเด็ก</p>").etree_element
    open_breaks(html.find("body"))
    [comment] = html.find("body/p")
    assert (comment.text, comment.tail) == ("สิทธิเด็ก", f"สิทธิ{BREAK}เด็ก")


def test_a_short_name_inside_a_longer_word_divides_nothing() -> None:
    assert opened("<p>ลีลาของมาลี</p>", ("ลี",)) == "<p>ลีลา|ของ|มาลี</p>"
    assert opened("<p>ลีลาของลี</p>", ("ลี", "ลา")) == "<p>ลีลา|ของ|ลี</p>"


def test_a_long_name_opens_at_its_joints_alone() -> None:
    name = "สำนักงานพัฒนาสังคมและความมั่นคงของมนุษย์"
    assert opened(f"<p>โดย{name}นี้</p>", (name,)) == "<p>โดย|สำนักงาน|พัฒนาสังคมและความมั่นคงของมนุษย์|นี้</p>"


@given(run=THAI, names=st.lists(THAI.filter(bool), max_size=3))
def test_whatever_is_written_nothing_is_lost_and_no_break_stands_before_a_mark(run: str, names: list[str]) -> None:
    pieces = divided(run, line_ends._pattern_of(names), line_ends._segmenter())
    assert "".join(pieces) == run
    assert not any(piece[0] in "ะัาำิีึืุู็่้๊์ฯๆ" for piece in pieces[1:])
    assert not any(piece[-1] in "เแโใไ" for piece in pieces[:-1])


@pytest.mark.parametrize("mark", [chr(code) for code in (*range(0x0E2F, 0x0E3B), *range(0x0E45, 0x0E4F))])
def test_no_line_begins_with_a_sign_that_belongs_to_what_stands_before_it(mark: str) -> None:
    assert not may_break(f"ก{mark}ก", 1)


@pytest.mark.parametrize("vowel", "เแโใไ")
def test_no_line_ends_with_a_leading_vowel(vowel: str) -> None:
    assert not may_break(f"{vowel}ก", 1)


def test_the_word_list_is_that_of_pythainlp_less_what_a_line_cannot_use() -> None:
    source = resources.files("pythainlp").joinpath("corpus", "words_th.txt").read_text("utf-8").splitlines()
    usable = {
        word for word in source if re.fullmatch("[\u0e01-\u0e3a\u0e40-\u0e4e]+", word) and columns(word) <= LONGEST_WORD_COLUMNS
    }
    assert WORD_LIST_FILE.read_text("utf-8").splitlines() == sorted(usable)
    said = WORD_LIST_FILE.with_suffix(".SOURCE").read_text("utf-8")
    assert f"{sha256(WORD_LIST_FILE.read_bytes()).hexdigest()}  thai_words.txt" in said


@pytest.fixture(scope="module")
def lines() -> Lines:
    """The lines of one paragraph in the bundled font, as the layout has them."""
    family = bundled_family()
    fonts = RememberedFonts()
    sheet = weasyprint.CSS(
        string=f'{family.font_face_rules()} html {{ font: 10.9pt "{family.css_name}" }} @page {{ size: 300mm }}',
        base_url=FOLDER_ADDRESS,
        url_fetcher=FolderFetcher(family.folder),
        font_config=fonts,
    )

    def laid_out(text: str, style: str) -> list[str]:
        fonts.lines.clear()
        html = weasyprint.HTML(string=f'<html lang="th"><body><p style="{style}">{text}</p>')
        document = html.render(font_config=fonts, stylesheets=[sheet])
        boxes = [box for page in document.pages for box in page._page_box.descendants() if isinstance(box, LineBox)]
        return ["".join(part.text for part in box.descendants() if isinstance(part, TextBox)) for box in boxes]

    return laid_out


def is_sound(text: str, found: list[str]) -> bool:
    """Whether each line ends where the whole text has a break."""
    attributes = get_log_attrs(text, "th")
    ends = [len("".join(found[:count])) for count in range(1, len(found))]
    assert "".join(found) == text
    assert ends
    return all(attributes[end].is_line_break for end in ends)


@pytest.mark.parametrize("width", FAULTY_WIDTHS_MM)
def test_a_line_ends_where_the_whole_text_has_a_break_though_weasyprint_looks_at_a_slice(width: int, lines: Lines) -> None:
    assert is_sound(SENTENCE, lines(SENTENCE, f"width: {width}mm; {NARROW}"))


@pytest.mark.parametrize("width", FAULTY_WIDTHS_MM)
def test_without_the_guard_the_slice_moves_a_line_end(width: int, lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_memory, "last_sound_break", lambda *_arguments: None)
    assert not is_sound(SENTENCE, lines(SENTENCE, f"width: {width}mm; {NARROW}"))


def test_where_no_line_end_is_moved_nothing_is_broken_again(lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    styles = [f"width: {width}mm; {style}" for width in range(60, 161, 20) for style in ("", "font-weight: 700")]
    guarded = [lines(SENTENCE, style) for style in styles]
    monkeypatch.setattr(line_memory, "last_sound_break", lambda *_arguments: None)
    assert [lines(SENTENCE, style) for style in styles] == guarded


def test_an_end_is_sound_where_white_space_stands_between_it_and_the_end_of_the_slice() -> None:
    assert last_sound_break("สิทธิ เด็กและเยาวชน", 6, 9, "th") is None
    assert last_sound_break("สิทธิเด็กและ เยาวชน", 5, 14, "th") is None


def test_an_end_inside_a_word_is_cut_at_the_last_break_of_the_slice() -> None:
    text = "สิทธิเด็กและเยาวชน"
    assert last_sound_break(text, 5, 11, "th") is None
    assert last_sound_break(text, 7, 11, "th") == len("สิทธิเด็ก")
    assert last_sound_break(text, 2, 4, "th") is None  # no break at all that could be taken instead


@pytest.fixture(scope="module")
def without_libthai(tmp_path_factory: pytest.TempPathFactory) -> WithoutLibthai:
    """Run Python code in a process whose libthai finds nothing, with a value as JSON on its standard input."""
    compiler = shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        pytest.skip("a C compiler (cc) on Linux is expected, to build a libthai that finds nothing")
    folder = tmp_path_factory.mktemp("stub")
    source, library = folder / "stub.c", folder / "stub.so"
    source.write_text(STUB, "utf-8")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, source], check=True)

    def run(code: str, said: object) -> bytes:
        return subprocess.run(
            [sys.executable, "-c", code],
            input=json.dumps(said).encode(),
            env={**os.environ, "LD_PRELOAD": str(library), "PYTHONUTF8": "1"},
            capture_output=True,
            check=True,
        ).stdout

    return run


def test_a_text_of_our_own_is_taken_apart_where_a_line_may_end() -> None:
    assert pieces_of("สิทธิเด็ก และเยาวชน (เชียงใหม่)") == ("สิทธิ", "เด็ก ", "และ", "เยาวชน ", "(เชียงใหม่)")
    assert pieces_of(f"สิทธิ{BREAK}เด็ก") == ("สิทธิ", "เด็ก")


def test_without_libthai_a_text_of_our_own_is_taken_apart_at_the_same_places(without_libthai: WithoutLibthai) -> None:
    code = "import json, sys; from mou.rendering.line_ends import pieces_of as take; print(*take(json.load(sys.stdin)), sep='|')"
    found = without_libthai(code, "สิทธิเด็ก และเยาวชน (เชียงใหม่)").decode().strip()
    assert found == "สิทธิ|เด็ก |และ|เยาวชน |(เชียงใหม่)"


def test_without_libthai_a_document_is_rendered_inside_its_margins_and_its_names_are_whole(
    without_libthai: WithoutLibthai, read_text: Callable[[bytes], tuple[str, str]], tmp_path: Path
) -> None:
    names = NAMES[:4]
    text = "".join(f"ลงนามกับ{name}และเครือข่ายในโครงการเมือง" for name in names) + SENTENCE
    engine, _, pdf = without_libthai(CHILD, [f"<p>{text}</p>", names, str(tmp_path)]).partition(b"\n")
    assert engine == b"word list"
    assert all(found.startswith(text) for found in read_text(pdf))  # text beyond the margins would have been refused
    file = tmp_path / "document.pdf"
    file.write_bytes(pdf)
    raw = subprocess.run(["pdftotext", "-raw", file, "-"], capture_output=True, check=True).stdout.decode().split()
    assert len(raw) > 5
    assert all(any(name in line for line in raw) for name in (*names, "โครงการ"))


def test_without_libthai_a_word_that_no_line_can_hold_is_refused_and_not_drawn_beyond_the_margin(
    without_libthai: WithoutLibthai, tmp_path: Path
) -> None:
    said = without_libthai(CHILD, [f'<p><span class="nb">{SENTENCE}</span></p>', (), str(tmp_path)])
    engine, _, refusal = said.partition(b"\n")
    assert engine == b"word list"
    assert "does not fit between the margins" in refusal.decode()
