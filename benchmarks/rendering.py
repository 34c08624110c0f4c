"""What all that a document needs costs above plain pages: text that copies out, archive, tags, margins, checks, fields, digest.

1. Ours: as in `generation`, a warm process that has fonts and style sheets prepared and remembers lines of earlier documents.
2. Plain: WeasyPrint's `write_pdf` in a warm process of its own, fonts and style sheets prepared once as well, the same pages,
   without a PDF variant: no tags, no archive, nothing repaired, nothing checked, nothing to sign.
3. CPU time of the process for one document. Both files must have the same pages with the same letters.
"""

import time
from functools import cache
from pathlib import Path

from benchmarks.example import Example, open_example
from benchmarks.generation import Made, compared, letters_of, prepare, with_margins
from benchmarks.measurement import Findings, Goal, Ratio, Size, by_round, in_turns
from mou.jobs.pool import ProcessPool
from mou.models import FilledDocument
from mou.rendering.faces import find_family
from mou.rendering.pdf import rules_of_margins, starting_rules

GOAL = Goal(1.5, is_upper=True)
REPEATS = 5
WARMING_DOCUMENTS = 2


def measure(size: Size) -> Findings:
    """Return how many times as long as plain pages a document takes."""
    documents = size.documents or len(open_example().organisations)
    count = (size.repeats or REPEATS) * documents
    pages: dict[int, tuple[str, ...]] = {}
    with ProcessPool(1, open_example) as plain, ProcessPool(1, open_example) as product:

        def time_plain(number: int) -> float:
            [outcome] = plain.run(write_plain_pages, [number])
            return compared(outcome.unwrap(), number, pages)

        def time_product(number: int) -> float:
            [outcome] = product.run(prepare, [number])
            return compared(outcome.unwrap(), number, pages)

        for number in range(count, count + WARMING_DOCUMENTS):
            time_plain(number)
            time_product(number)
        ours, theirs = in_turns(count, time_product, time_plain)
    ratio = Ratio(
        "a document against plain pages",
        by_round("mou", ours, documents),
        by_round("plain pages", theirs, documents),
        "CPU, a memorandum",
        GOAL,
    )
    return Findings((ratio,))


def write_plain_pages(example: Example, number: int) -> Made:
    """Write the pages of one memorandum with nothing but WeasyPrint, everything prepared that can be."""
    filled = example.fill_memorandum(number)
    fonts, sheets = _prepared(filled.css, filled.folder)
    filled = with_margins(filled)
    begin = time.process_time()
    pdf = _write_pdf(filled, fonts, sheets)
    return Made(time.process_time() - begin, letters_of(pdf))


@cache
def _prepared(css: str, folder: str) -> tuple[object, list[object]]:
    """Return the fonts and the parsed style sheets of a template, kept for its next document."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    filled = open_example().fill_memorandum(0)
    family = find_family(filled.font)
    fonts = FontConfiguration()
    own = [(rules, family.folder) for rules in (starting_rules(family), rules_of_margins(filled, family))]
    rules = [*own, (css, Path(folder))]
    return fonts, [CSS(string=text, base_url=f"{place.as_uri()}/", font_config=fonts) for text, place in rules]


def _write_pdf(filled: FilledDocument, fonts: object, sheets: list[object]) -> bytes:
    from weasyprint import HTML

    pdf = HTML(string=filled.html, base_url=f"{Path(filled.folder).as_uri()}/").write_pdf(stylesheets=sheets, font_config=fonts)
    assert isinstance(pdf, bytes)
    return pdf
