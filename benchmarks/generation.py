"""Generation in one process: a memorandum as the product makes it, against a plain WeasyPrint loop over the same HTML.

1. Ours: fill the template; render; check characters, text, edges and signature boxes; repair the text layer; embed the record;
   declare PDF/A-3a and PDF/UA-1; make all signature fields; take the digest. Fonts and style sheets were prepared before.
2. The loop: `HTML(string=..., base_url=...).write_pdf(...)` over HTML that is filled for it beforehand, outside of its time, with
   the same style sheets, the same PDF variant, and fonts and style sheets made for each document, as one would write it.
3. Each side has a process of its own, since ours changes WeasyPrint in its process; only one of them works at a time.
4. CPU time of the process for one document. Both files must have the same pages with the same letters.
"""

import html
import time
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path

import pypdfium2

from benchmarks.example import Example, open_example
from benchmarks.measurement import Findings, Goal, Ratio, Size, by_round, in_turns
from mou.documents import prepare_document
from mou.jobs.pool import ProcessPool
from mou.models import FilledDocument
from mou.rendering.faces import find_family
from mou.rendering.margins import ATTRIBUTES, margin_texts
from mou.rendering.pdf import rules_of_margins, starting_rules

GOAL = Goal(1.15)
REPEATS = 5
WARMING_DOCUMENTS = 2
PDF_VARIANT = "pdf/a-3a"
# A plain loop's SARA AM is read as SARA AA, and some marks are lost: mending that is the text layer's work.
_SARA_AM_TO_SARA_AA = str.maketrans("\u0e33", "\u0e32")


@dataclass(frozen=True, slots=True)
class Made:
    """What a worker did with one document: its CPU seconds, and the letters of each page."""

    seconds: float
    pages: tuple[str, ...]


def measure(size: Size) -> Findings:
    """Return how many times as long the plain loop takes."""
    documents = size.documents or len(open_example().organisations)
    count = (size.repeats or REPEATS) * documents
    pages: dict[int, tuple[str, ...]] = {}
    with ProcessPool(1, open_example) as loop, ProcessPool(1, open_example) as product:

        def time_loop(number: int) -> float:
            [outcome] = loop.run(write_plainly, [number])
            return compared(outcome.unwrap(), number, pages)

        def time_product(number: int) -> float:
            [outcome] = product.run(prepare, [number])
            return compared(outcome.unwrap(), number, pages)

        for number in range(count, count + WARMING_DOCUMENTS):
            time_loop(number)
            time_product(number)
        plain, ours = in_turns(count, time_loop, time_product)
    ratio = Ratio(
        "generation in one process",
        by_round("plain WeasyPrint loop", plain, documents),
        by_round("mou", ours, documents),
        "CPU, a memorandum",
        GOAL,
    )
    return Findings((ratio,))


def prepare(example: Example, number: int) -> Made:
    """Make one memorandum as the product does, from the template to the file that is put before the signatories."""
    begin = time.process_time()
    prepared = prepare_document(example.fill_memorandum(number), created=example.created)
    return Made(time.process_time() - begin, letters_of(prepared.pdf))


def write_plainly(example: Example, number: int) -> Made:
    """Write one memorandum with nothing but WeasyPrint."""
    filled = example.fill_memorandum(number)
    family = find_family(filled.font)
    own = [(css, family.folder) for css in (starting_rules(family), rules_of_margins(filled, family))]
    rules = [*own, (filled.css, Path(filled.folder))]
    filled = with_margins(filled)
    begin = time.process_time()
    pdf = _write_pdf(filled, rules)
    return Made(time.process_time() - begin, letters_of(pdf))


def with_margins(filled: FilledDocument) -> FilledDocument:
    """The document with the texts of its margins where the style sheets look for them."""
    texts = zip(ATTRIBUTES, margin_texts(filled), strict=True)
    attributes = " ".join(f'{name}="{html.escape(text)}"' for name, text in texts)
    return replace(filled, html=filled.html.replace("<body>", f"<body {attributes}>"))


def _write_pdf(filled: FilledDocument, rules: list[tuple[str, Path]]) -> bytes:
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    sheets = [CSS(string=css, base_url=f"{folder.as_uri()}/", font_config=fonts) for css, folder in rules]
    markup = HTML(string=filled.html, base_url=f"{Path(filled.folder).as_uri()}/")
    pdf = markup.write_pdf(stylesheets=sheets, font_config=fonts, pdf_variant=PDF_VARIANT)
    assert isinstance(pdf, bytes)
    return pdf


def letters_of(pdf: bytes) -> tuple[str, ...]:
    """The letters and digits of each page, without marks, signs and white space."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        texts = [page.get_textpage().get_text_range().translate(_SARA_AM_TO_SARA_AA) for page in document]
    finally:
        document.close()
    return tuple("".join(letter for letter in text if unicodedata.category(letter)[0] in "LN") for text in texts)


def compared(made: Made, number: int, pages: dict[int, tuple[str, ...]]) -> float:
    """Return the seconds of a document whose pages are those that the other side made of it."""
    if pages.setdefault(number, made.pages) != made.pages:
        raise RuntimeError(f"document {number}: the two sides have different letters, so their times cannot be compared")
    return made.seconds
