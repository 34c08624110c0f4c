"""A report's HTML -> a tagged PDF/A-3a and PDF/UA-1, in the bundled font, whose text copies out exactly.

Its text comes from files of strangers. A character for which the font has no glyph is written out as [U+1F600], so that a name
cannot keep the report from being made.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

import pikepdf
import weasyprint

from mou.rendering.archive import (
    OUTPUT_INTENT,
    PREPARED_OUTPUT_INTENT,
    declare_universal_access,
    metadata_date,
    open_colour_profile,
    saved,
)
from mou.rendering.checks import check_text
from mou.rendering.faces import bundled_family
from mou.rendering.languages import SpokenText, mark_languages, spoken_texts
from mou.rendering.line_ends import LineEngine, line_engine, open_breaks
from mou.rendering.line_memory import RememberedFonts
from mou.rendering.sources import FOLDER_ADDRESS, FolderFetcher, collected_warnings, refuse_losses
from mou.rendering.structure import Content, UnwrittenPdf, read_structure, release_margins
from mou.rendering.text_layer import repair_text

_DRAWN_BY_LAYOUT = frozenset(map(ord, "\t\n\r \u200b"))
_IN_THE_FONT = str.maketrans({"✓": "√", "✗": "×"})
_SPLIT_SARA_AM = ("\u0e4d\u0e32", "\u0e33")


def draw_report(html: str, css: str, *, created: datetime) -> bytes:
    """Return the PDF; the same input gives the same bytes.

    Args:
        html: the whole page; its texts are escaped already, images stand in it.
        css: its style sheet, without the font.
        created: the aware time of the metadata.

    Raises:
        RenderingError: WeasyPrint lost something, or the text of the PDF is not the text put in.
    """
    drawn = _draw(drawable_text(html, bundled_family().drawable_characters()), css, created)
    with pikepdf.open(BytesIO(drawn.pdf)) as pdf:
        runs = repair_text(pdf, drawn.margins)
        check_text("".join(one.text for one in drawn.spoken), runs, drawn.structure)
        mark_languages(pdf, drawn.spoken, runs, drawn.structure)
        declare_universal_access(pdf)
        return saved(pdf)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A PDF as WeasyPrint wrote it, the text that must stand in it, and what its marked contents are."""

    pdf: bytes
    spoken: tuple[SpokenText, ...]
    structure: tuple[Mapping[int, Content], ...]
    margins: tuple[frozenset[int], ...]


def _draw(html: str, css: str, created: datetime) -> _Drawn:
    family = bundled_family()
    fetcher = FolderFetcher(family.folder)
    fonts = RememberedFonts()
    structure: list[Mapping[int, Content]] = []
    margins: list[frozenset[int]] = []

    def finish(_document: weasyprint.Document, pdf: UnwrittenPdf) -> None:
        structure.extend(found := read_structure(pdf))
        margins.extend(release_margins(pdf, found))

    with fonts.opened(), collected_warnings() as warnings:
        page = weasyprint.HTML(string=html, url_fetcher=fetcher)
        spoken = tuple(spoken_texts(page.etree_element))
        if line_engine() is LineEngine.WORD_LIST:
            open_breaks(page.etree_element.find("body"))
        font = f'{family.font_face_rules()}\nhtml {{ font-family: "{family.css_name}" }}\n'
        style = weasyprint.CSS(string=font + css, base_url=FOLDER_ADDRESS, url_fetcher=fetcher, font_config=fonts)
        document = page.render(
            font_config=fonts,
            stylesheets=[style],
            color_profiles={OUTPUT_INTENT: open_colour_profile()},
            output_intent=OUTPUT_INTENT,
        )
        document.metadata.created = document.metadata.modified = metadata_date(created)
        content = document.write_pdf(
            pdf_variant="pdf/a-3a", uncompressed_pdf=True, output_intent=PREPARED_OUTPUT_INTENT, finisher=finish
        )
    refuse_losses(fetcher.refused, warnings)
    return _Drawn(content, spoken, tuple(structure), tuple(margins))


def drawable_text(text: str, drawable: frozenset[int]) -> str:
    """Return the text in letters that the font has; the markup around it is plain ASCII."""
    known = text.translate(_IN_THE_FONT).replace(*_SPLIT_SARA_AM)
    missing = {letter for letter in set(known) if ord(letter) not in drawable | _DRAWN_BY_LAYOUT}
    return known.translate({ord(letter): f"[U+{ord(letter):04X}]" for letter in missing})
