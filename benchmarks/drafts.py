"""What a draft in Word costs beside the PDF of the same document: both from the same filled template, in one warm process.

CPU time for one document. Nothing is recorded on either side; filling is left out of both.
"""

import time

from benchmarks.example import Example, open_example
from benchmarks.measurement import Findings, Goal, Ratio, Size, by_round, in_turns
from mou.jobs.pool import ProcessPool
from signatures.digests import digest_of

GOAL = Goal(1.0, is_upper=True)
REPEATS = 5
DOCUMENTS = 8
WARMING_DOCUMENTS = 2


def measure(size: Size) -> Findings:
    """Return how many times as long as a PDF a draft in Word takes."""
    documents = size.documents or DOCUMENTS
    count = (size.repeats or REPEATS) * documents
    with ProcessPool(1, open_example) as pool:

        def time_word(number: int) -> float:
            [outcome] = pool.run(write_draft, [number])
            return outcome.unwrap()

        def time_pdf(number: int) -> float:
            [outcome] = pool.run(write_pdf, [number])
            return outcome.unwrap()

        for number in range(count, count + WARMING_DOCUMENTS):
            time_word(number)
            time_pdf(number)
        drafts, pdfs = in_turns(count, time_word, time_pdf)
    ratio = Ratio(
        "a draft in Word against its PDF",
        by_round("Word", drafts, documents),
        by_round("PDF", pdfs, documents),
        "CPU, a memorandum",
        GOAL,
    )
    return Findings((ratio,))


def write_draft(example: Example, number: int) -> float:
    """Write one memorandum as a Word file; return the seconds that it took."""
    from mou.rendering.word.drafting.draft import word_of

    filled = example.fill_memorandum(number)
    digest = digest_of(str(number).encode())
    begin = time.process_time()
    word_of(filled, digest=digest, created=example.created)
    return time.process_time() - begin


def write_pdf(example: Example, number: int) -> float:
    """Make the same memorandum ready to sign; return the seconds that it took."""
    from mou.documents import prepare_document

    filled = example.fill_memorandum(number)
    begin = time.process_time()
    prepare_document(filled, created=example.created)
    return time.process_time() - begin
