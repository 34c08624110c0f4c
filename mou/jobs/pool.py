"""Jobs on one machine: in this process, or in a pool of warm worker processes."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from types import TracebackType
from typing import Any, Generic, Self

from mou.errors import MouError
from mou.jobs import DeskT, ItemT, Outcome, ResultT
from signatures.errors import SignaturesError


class WorkerLostError(MouError):
    """A worker process is gone; nothing says how far its job had come, and a repeat finds out."""


@dataclass(frozen=True, slots=True)
class InlineRunner(Generic[DeskT]):
    """Runs every job in this process, one after the other, at a desk that is prepared already."""

    desk: DeskT

    def __enter__(self) -> Self:
        """Nothing is to be made ready here."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Nothing is left running here."""

    def run(self, job: Callable[[DeskT, ItemT], ResultT], items: Sequence[ItemT]) -> Iterator[Outcome[ItemT, ResultT]]:
        """Run the job for every item in the order given."""
        for item in items:
            yield _outcome(job, self.desk, item)


class ProcessPool(Generic[DeskT]):
    """Runs jobs in worker processes, each of which prepares its desk once and keeps it.

    Workers are started fresh (`spawn`), so that no open database or lock is inherited, and end when this process does,
    killed or not.
    """

    def __init__(self, workers: int, prepare: Callable[..., DeskT], *arguments: object) -> None:
        """Start no process yet: workers come with the first job. `prepare(*arguments)` makes a worker's desk."""
        self._executor = ProcessPoolExecutor(
            max_workers=workers,
            mp_context=get_context("spawn"),
            initializer=_prepare_worker,
            initargs=(prepare, arguments),
        )

    def __enter__(self) -> Self:
        """Use the pool in a block."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Let running jobs end, drop those that have not begun."""
        self._executor.shutdown(wait=True, cancel_futures=True)

    def run(self, job: Callable[[DeskT, ItemT], ResultT], items: Sequence[ItemT]) -> Iterator[Outcome[ItemT, ResultT]]:
        """Run the job for every item, giving each outcome as soon as it is there."""
        futures = [self._executor.submit(_work, job, item) for item in items]
        try:
            for future in as_completed(futures):
                yield future.result()
        except BrokenProcessPool as error:
            raise WorkerLostError(
                "a worker process ended before its work was done (killed, or out of memory); what was recorded stays recorded: "
                "run the command again"
            ) from error


def processes_can_be_started() -> bool:
    """Whether this system gives what worker processes need to speak to each other; a locked-down container may not."""
    try:
        get_context("spawn").Lock()
    except OSError:
        return False
    return True


_desk: Any = None  # a worker process holds exactly one desk, made by its initializer


def _prepare_worker(prepare: Callable[..., object], arguments: tuple[object, ...]) -> None:
    global _desk  # noqa: PLW0603  # an initializer has no other way to leave something for the jobs of its process
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _desk = prepare(*arguments)


def _end_with_parent() -> None:
    """Leave as soon as the parent is gone: a killed parent cannot tell its workers, and an orphan must not go on writing."""
    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _work(job: Callable[[Any, ItemT], ResultT], item: ItemT) -> Outcome[ItemT, ResultT]:
    return _outcome(job, _desk, item)


def _outcome(job: Callable[[DeskT, ItemT], ResultT], desk: DeskT, item: ItemT) -> Outcome[ItemT, ResultT]:
    """Catch what is raised on purpose and what the system refuses; a fault of the program itself goes up."""
    try:
        return Outcome(item, job(desk, item), None)
    except (MouError, SignaturesError, OSError) as error:
        return Outcome(item, None, error)
