"""The steps of making one memorandum, in order, each with the CPU time that it takes in a warm process."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import ParamSpec, TypeVar

import mou.rendering.pdf
from benchmarks.example import SIGNED_AT, open_example
from benchmarks.measurement import Figure, Findings, Size, by_round
from benchmarks.signed import seal, trust
from mou.rendering.pdf import Renderer
from mou.workflow.demonstrating import NETWORK_NAME
from signatures.digests import digest_of
from signatures.fields import prepare_fields
from signatures.revisions import findings
from signatures.signing import certify
from signatures.validation import validate_signatures

REPEATS = 3
WARMING_DOCUMENTS = 2
UNIT = "CPU, a memorandum"
REST_OF_RENDERING = "render: layout and drawing"
# What `Renderer.render` calls when WeasyPrint is done; each is timed in its place, and the rest is WeasyPrint's.
PARTS_OF_RENDERING = {
    "repair_text": "render: text layer",
    "check_characters": "render: checks",
    "check_text": "render: checks",
    "check_edges": "render: checks",
    "check_slots": "render: checks",
    "mark_languages": "render: languages",
    "mark_pages": "render: word on each page of a sample",
    "attach_record": "render: record, PDF/A and PDF/UA",
    "declare_universal_access": "render: record, PDF/A and PDF/UA",
    "saved": "render: writing the file",
}

ParametersT = ParamSpec("ParametersT")
ResultT = TypeVar("ResultT")


class Clock:
    """CPU seconds of each step, in the order in which the steps came up first."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.seconds: dict[str, float] = defaultdict(float)

    def __call__(
        self, step: str, work: Callable[ParametersT, ResultT], *arguments: ParametersT.args, **named: ParametersT.kwargs
    ) -> ResultT:
        """Do the work and add its time to the step's."""
        begin = time.process_time()
        result = work(*arguments, **named)
        self.seconds[step] += time.process_time() - begin
        return result


def measure(size: Size) -> Findings:
    """Return the time of each step of making a memorandum, up to its certified and validated file."""
    documents = size.documents or len(open_example().organisations)
    count = documents * (size.repeats or REPEATS)
    renderer = Renderer()
    for number in range(count, count + WARMING_DOCUMENTS):
        _make(renderer, number)
    made = [_make(renderer, number) for number in range(count)]
    steps = [_figure(step, [seconds[step] for seconds in made], documents) for step in made[0]]
    return Findings(figures=(*steps, _figure("all steps", [sum(seconds.values()) for seconds in made], documents)))


def _figure(step: str, seconds: Sequence[float], documents: int) -> Figure:
    return Figure(step, by_round("mou", seconds, documents), UNIT)


def _make(renderer: Renderer, number: int) -> dict[str, float]:
    clock, example = Clock(), open_example()
    filled = clock("fill", example.fill_memorandum, number)
    with _timed_parts() as parts:
        rendered = clock(REST_OF_RENDERING, renderer.render, filled, created=example.created)
    clock.seconds[REST_OF_RENDERING] -= sum(parts.seconds.values())
    clock.seconds.update(parts.seconds)
    prepared = clock("signature fields", prepare_fields, rendered.pdf, rendered.slots)
    clock("digest", digest_of, prepared)
    certified = clock("certify with the seal", certify, prepared, seal(), at=SIGNED_AT, name=NETWORK_NAME)
    clock("account for every byte", findings, certified)
    clock("validate the seal", validate_signatures, certified, trust(), at=SIGNED_AT)
    return dict(clock.seconds)


@contextmanager
def _timed_parts() -> Iterator[Clock]:
    """Time the parts of rendering while the block runs."""
    parts = Clock()
    originals = {name: getattr(mou.rendering.pdf, name) for name in PARTS_OF_RENDERING}
    for name, original in originals.items():
        setattr(mou.rendering.pdf, name, partial(parts, PARTS_OF_RENDERING[name], original))
    try:
        yield parts
    finally:
        for name, original in originals.items():
            setattr(mou.rendering.pdf, name, original)
