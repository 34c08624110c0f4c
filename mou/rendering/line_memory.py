"""Remembers where WeasyPrint broke a line, since most paragraphs of a template are the same for every organisation.

WeasyPrint offers no place for this, so the function that breaks one line is wrapped, and only where the style belongs to our
own fonts. The wrapped function depends on nothing but its arguments and the style properties named here; its results are
handed out as copies. With another version than the one this was read from, nothing is wrapped: slower, and the same bytes,
but for the fault that is mended on the way:

WeasyPrint gives Pango only a slice of the text to find the first line's end, as many characters as four times the width in
font sizes. Where letters are narrow, the slice may end soon behind the line, inside a Thai word; libthai then reads the stump
and what stands before it in another way, and the line ends where the whole text has no break. Such a line is broken again, from
a text that is cut at a break which the whole text has.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from math import inf
from operator import itemgetter
from typing import Any

import weasyprint
from weasyprint.layout import inline, preferred
from weasyprint.text.fonts import FontConfiguration
from weasyprint.text.line_break import get_log_attrs

from mou.errors import RenderingError

_READ_FROM = "70."  # text/line_break.py: split_first_line, Layout.setup, Layout.set_text; text/fonts.py: font_features
_REMEMBERED_LINES = 20_000  # about 20 MB
_SLICE_RATIO = 4  # split_first_line: ratio
_WRAPPING = frozenset(("normal", "pre-wrap", "pre-line"))
_COLLAPSING = frozenset(("normal", "pre-line"))

_PROPERTIES = itemgetter(
    "direction",
    "font_family",
    "font_feature_settings",
    "font_kerning",
    "font_language_override",
    "font_size",
    "font_stretch",
    "font_style",
    "font_variant_alternates",
    "font_variant_caps",
    "font_variant_east_asian",
    "font_variant_ligatures",
    "font_variant_numeric",
    "font_variant_position",
    "font_variation_settings",
    "font_weight",
    "hyphenate_character",
    "hyphenate_limit_chars",
    "hyphenate_limit_zone",
    "hyphens",
    "lang",
    "letter_spacing",
    "overflow_wrap",
    "tab_size",
    "text_decoration_line",
    "white_space",
    "word_break",
    "word_spacing",
)

# layout, length, resume index, width, height, baseline
_Line = tuple[Any, int, int | None, float, float, float]


class RememberedFonts(FontConfiguration):  # type: ignore[misc]  # WeasyPrint ships no types
    """Fonts that stay as they are once closed, and the lines that were broken with them."""

    def __init__(self) -> None:
        """Begin with the fonts of the machine and no lines."""
        super().__init__()
        self._is_closed = False
        self.lines: dict[tuple[object, ...], _Line] = {}
        _remember_lines()

    def close(self) -> None:
        """Refuse every further font: one that a template brought would be there for the next template, too."""
        self._is_closed = True

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Take fonts in while the block runs, and be closed afterwards."""
        self._is_closed = False
        try:
            yield
        finally:
            self._is_closed = True

    def add_font_face(self, rule_descriptors: dict[str, Any], url_fetcher: Callable[[str], Any]) -> None:
        """Add a font of the base style; refuse one of a template."""
        if self._is_closed:
            raise RenderingError(
                "the template declares the font {family} with @font-face; only the bundled fonts are used: remove the rule",
                family=str(rule_descriptors.get("font_family", "")),
            )
        super().add_font_face(rule_descriptors, url_fetcher)


def _remember_lines() -> None:
    original = inline.split_first_line
    if not weasyprint.VERSION.startswith(_READ_FROM) or hasattr(original, "__wrapped__"):
        return

    def split_first_line(
        text: str,
        style: Any,  # noqa: ANN401  # WeasyPrint ships no types
        context: object,
        max_width: float | None,
        justification_spacing: float,
        is_line_start: bool = True,  # noqa: FBT001, FBT002  # the signature is WeasyPrint's
        minimum: bool = False,  # noqa: FBT001, FBT002
    ) -> _Line:
        fonts = style.font_config
        if not isinstance(fonts, RememberedFonts):
            return original(text, style, context, max_width, justification_spacing, is_line_start, minimum)  # type: ignore[no-any-return]
        key = (text, max_width, justification_spacing, is_line_start, minimum, _PROPERTIES(style))
        try:
            hash(key)
        except TypeError:  # a property whose value cannot be a key, such as a set of text decorations
            return original(text, style, context, max_width, justification_spacing, is_line_start, minimum)  # type: ignore[no-any-return]
        line = fonts.lines.get(key)
        if line is not None:
            return copy(line[0]), *line[1:]
        fresh: _Line = original(text, style, context, max_width, justification_spacing, is_line_start, minimum)
        cut = _cut_before_slice_end(text, fresh[2], style, max_width)
        if cut:
            # A space that hangs over the end of the line is no part of it.
            first = text[:cut].rstrip(" ") if style["white_space"] in _COLLAPSING else text[:cut]
            fresh = original(first, style, context, max_width, justification_spacing, is_line_start, minimum)
            if fresh[2] is None:
                fresh = (*fresh[:2], len(text[:cut].encode()), *fresh[3:])
        if len(fonts.lines) >= _REMEMBERED_LINES:
            fonts.lines.clear()
        fonts.lines[key] = (copy(fresh[0]), *fresh[1:])
        return fresh

    split_first_line.__wrapped__ = original  # type: ignore[attr-defined]
    inline.split_first_line = preferred.split_first_line = split_first_line


def _cut_before_slice_end(text: str, resume_index: int | None, style: Any, max_width: float | None) -> int | None:  # noqa: ANN401
    """Return where to cut the text that is to be broken again, in characters; None where the line's end is sound.

    `resume_index` is where the next line begins, in bytes of UTF-8.
    """
    size = style["font_size"]
    if resume_index is None or max_width in (None, inf) or not size or style["white_space"] not in _WRAPPING:
        return None
    assert max_width is not None
    length = int(max_width / size * _SLICE_RATIO)
    if size * _SLICE_RATIO > max_width or length >= len(text):
        return None
    return last_sound_break(text, len(text.encode()[:resume_index].decode()), length, style["lang"])


def last_sound_break(text: str, end: int, length: int, language: str | None) -> int | None:
    """Return the last break of the whole text within its first `length` characters; None where `end` is such a break, too.

    None also where white space stands between `end` and the end of the slice, since words are looked for from one white space
    to the next, and where the slice has no break at all.
    """
    if end > length or any(map(str.isspace, text[end - 1 : length])):
        return None
    space = next((place for place in range(length, len(text)) if text[place].isspace()), len(text))
    attributes = get_log_attrs(text[:space], language)
    if attributes[end].is_line_break:
        return None
    return next((place for place in range(length, 0, -1) if attributes[place].is_line_break), None)
