"""Remembers where WeasyPrint broke a line, since most paragraphs of a template are the same for every organisation.

WeasyPrint offers no place for this, so the function that breaks one line is wrapped, and only where the style belongs to our
own fonts. The wrapped function depends on nothing but its arguments and the style properties named here; its results are
handed out as copies. With another version than the one this was read from, nothing is wrapped: slower, and the same bytes.
"""

from collections.abc import Callable
from copy import copy
from operator import itemgetter
from typing import Any

import weasyprint
from weasyprint.layout import inline, preferred
from weasyprint.text.fonts import FontConfiguration

from mou.errors import RenderingError

_READ_FROM = "70."  # text/line_break.py: split_first_line, Layout.setup, Layout.set_text; text/fonts.py: font_features
_REMEMBERED_LINES = 20_000  # about 20 MB

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
        if len(fonts.lines) >= _REMEMBERED_LINES:
            fonts.lines.clear()
        fonts.lines[key] = (copy(fresh[0]), *fresh[1:])
        return fresh

    split_first_line.__wrapped__ = original  # type: ignore[attr-defined]
    inline.split_first_line = preferred.split_first_line = split_first_line
