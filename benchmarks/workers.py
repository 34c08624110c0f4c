"""Two worker processes against one, through the pool that the product uses: wall time of a batch of memoranda, workers warm.

1. *counting*: a bare loop, which shares nothing and needs no memory: what the machine lets through at this moment. Where it is
   far below 2, other programs are busy, and the figures below it say nothing of the product.
2. *prepared*: fill, render, check, make the fields; nothing is shared.
3. *recorded*: the whole job of `mou generate`, with the seal, its validation, the file store, and ledger and workflow in one
   SQLite database in the folder of temporary files.

Both pools stay open for the whole run; the one that is not asked waits without work. CPU time a document is shown for one and
for two workers: where it grows, the two get in each other's way in the processor, and no program can make that good.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from benchmarks.example import Example, open_example
from benchmarks.measurement import Figure, Findings, Goal, Ratio, Series, Size, in_turns
from mou.app import create_workspace, open_workspace
from mou.documents import prepare_document
from mou.jobs.pool import ProcessPool
from mou.storage.store import ListedOrganisation
from mou.templates import bundled_templates_folder
from mou.workflow.demonstrating import CHARTER, NETWORK_NAME, new_origin
from mou.workflow.generating import GenerationTask, generate, plan_generation
from mou.workflow.workspace import CEREMONY_FILE, Workspace

GOAL = Goal(1.8)
REPEATS = 3
TURNS_OF_THE_LIST = 2  # with an odd number of documents one worker would be idle at the end
WARMING_ROUNDS = 20
COUNTED = 15_000_000
UNIT = "wall, a memorandum"

DeskT = TypeVar("DeskT")
ItemT = TypeVar("ItemT")
Job = Callable[[DeskT, ItemT], float]


def measure(size: Size) -> Findings:
    """Return how many times as long one worker takes as two."""
    example = open_example()
    documents = size.documents or TURNS_OF_THE_LIST * len(example.organisations)
    repeats = size.repeats or REPEATS
    batches = 2 * repeats
    numbers = [range(start, start + documents) for start in range(0, batches * documents, documents)]
    warming = range(batches * documents, batches * documents + WARMING_ROUNDS * 2)
    with ProcessPool(1, open_example) as one, ProcessPool(2, open_example) as two:
        counted = _compare("two workers, counting", one, two, count, numbers, warming, goal=None)
        prepared = _compare("two workers, prepared", one, two, prepare, numbers, warming)
    with (
        _workspace(example, [*numbers, warming]) as (workspace, tasks),
        ProcessPool(1, open_workspace, workspace.folder) as one_desk,
        ProcessPool(2, open_workspace, workspace.folder) as two_desks,
    ):
        recorded = _compare("two workers, recorded", one_desk, two_desks, record, tasks[:-1], tasks[-1])
    return Findings(counted.ratios + prepared.ratios + recorded.ratios, prepared.figures + recorded.figures)


def count(_example: Example, _number: int) -> float:
    """Count for about as long as a document takes; return the CPU seconds that it took."""
    begin = time.process_time()
    for _ in range(COUNTED):
        pass
    return time.process_time() - begin


def prepare(example: Example, number: int) -> float:
    """Prepare one memorandum; return the CPU seconds that it took."""
    begin = time.process_time()
    prepare_document(example.fill_memorandum(number), created=example.created)
    return time.process_time() - begin


def record(workspace: Workspace, task: GenerationTask) -> float:
    """Generate one memorandum as `mou generate` does; return the CPU seconds that it took."""
    begin = time.process_time()
    made = generate(workspace, task)
    if not made.is_new:
        raise RuntimeError(f"{made.document.file_name} was made before, so that nothing was measured")
    return time.process_time() - begin


def process_of(desk: DeskT, work: tuple[Job[DeskT, ItemT], ItemT]) -> int:
    """Do one work and return the process that did it."""
    job, item = work
    job(desk, item)
    return os.getpid()


def _compare(
    name: str,
    one: ProcessPool[DeskT],
    two: ProcessPool[DeskT],
    job: Job[DeskT, ItemT],
    batches: Sequence[Sequence[ItemT]],
    warming: Iterable[ItemT],
    *,
    goal: Goal | None = GOAL,
) -> Findings:
    """Run every second batch in either pool."""
    items = iter(warming)
    _warm_up(one, 1, job, items)
    _warm_up(two, 2, job, items)
    spent: dict[int, list[float]] = {1: [], 2: []}

    def time_batch(pool: ProcessPool[DeskT], workers: int, batch: Sequence[ItemT]) -> float:
        begin = time.perf_counter()
        seconds = [outcome.unwrap() for outcome in pool.run(job, batch)]
        wall = time.perf_counter() - begin
        spent[workers].append(sum(seconds) / len(batch))
        return wall / len(batch)

    ones, twos = in_turns(
        len(batches) // 2,
        lambda number: time_batch(one, 1, batches[2 * number]),
        lambda number: time_batch(two, 2, batches[2 * number + 1]),
    )
    ratio = Ratio(name, Series("one worker", tuple(ones)), Series("two workers", tuple(twos)), UNIT, goal)
    figures = tuple(
        Figure(f"{name}: {workers} at work", Series("mou", tuple(seconds)), "CPU, a memorandum")
        for workers, seconds in spent.items()
    )
    return Findings((ratio,), figures)


def _warm_up(pool: ProcessPool[DeskT], workers: int, job: Job[DeskT, ItemT], items: Iterator[ItemT]) -> None:
    """Give out works until every worker has done one."""
    processes: set[int] = set()
    while len(processes) < workers:
        batch = [(job, item) for _, item in zip(range(workers), items, strict=False)]
        if not batch:
            raise RuntimeError("a worker of the pool did nothing while the others worked; measure again on a calmer machine")
        processes |= {outcome.unwrap() for outcome in pool.run(process_of, batch)}


@contextmanager
def _workspace(example: Example, batches: Sequence[range]) -> Iterator[tuple[Workspace, list[tuple[GenerationTask, ...]]]]:
    """A new workspace with its charter, one list of organisations for each batch, and what is to be made of each list."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = create_workspace(Path(folder) / "workspace", name=NETWORK_NAME, origin=new_origin())
        shutil.copyfile(bundled_templates_folder() / CHARTER / "example" / CEREMONY_FILE, workspace.folder / CEREMONY_FILE)
        names = [f"batch-{place:02d}" for place in range(len(batches))]
        with workspace.database.write() as transaction:
            for name, batch in zip(names, batches, strict=True):
                for place, number in enumerate(batch, start=1):
                    listed = ListedOrganisation(name, place, example.organisation(number))
                    transaction.store.put_organisation(listed, at=workspace.clock())
        [charter] = plan_generation(workspace, CHARTER, list_name=names[0])
        generate(workspace, charter)
        yield workspace, [plan_generation(workspace, example.memorandum.name, list_name=name) for name in names]
        workspace.database.close()
