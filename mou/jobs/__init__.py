"""Work that may run elsewhere: one interface, whatever carries the jobs.

A job is a function of a module, called with a desk (what its process prepared once) and one item. It must be safe to
repeat: a job that was killed is simply run again.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Generic, Protocol, Self, TypeVar

DeskT = TypeVar("DeskT")
DeskT_co = TypeVar("DeskT_co", covariant=True)
ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")


@dataclass(frozen=True, slots=True)
class Outcome(Generic[ItemT, ResultT]):
    """How one job ended: its result, or the error that it raised on purpose."""

    item: ItemT
    result: ResultT | None
    error: Exception | None

    def unwrap(self) -> ResultT:
        """Return the result, or raise the job's error."""
        if self.error is not None:
            raise self.error
        return self.result  # type: ignore[return-value]  # without an error there is a result, which may be None by its own type


class JobRunner(Protocol[DeskT_co]):
    """Carries jobs to where they run and gives back each outcome as it comes, in no fixed order; used in a `with` block."""

    def __enter__(self) -> Self:
        """Make ready to carry jobs."""
        ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Let running jobs end and drop those that have not begun."""
        ...

    def run(self, job: Callable[[DeskT_co, ItemT], ResultT], items: Sequence[ItemT]) -> Iterator[Outcome[ItemT, ResultT]]:
        """Run the job once for every item; an error of one leaves the others alone."""
        ...
