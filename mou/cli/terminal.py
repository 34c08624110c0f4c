"""Reading options and printing: what every command shares."""

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from mou.errors import InputError, UsageError
from mou.messages import translate
from signatures.messages import Message, say

if TYPE_CHECKING:
    from mou.workflow.workspace import Workspace

ItemT = TypeVar("ItemT")

workspace_option = click.option(
    "-w",
    "--workspace",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="The workspace (default: MOU_WORKSPACE, else the folder you stand in or its nearest parent that is one).",
)
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document instead of a table.")
pass_language = click.make_pass_decorator(str)


def find_chosen_workspace(wanted: Path | None) -> Path | None:
    """Return the workspace's folder: the one asked for, else `MOU_WORKSPACE`, else here or the nearest parent, else None."""
    from mou.config import find_workspace

    if wanted is None and (from_environment := os.environ.get("MOU_WORKSPACE")):
        return Path(from_environment)
    return wanted or find_workspace(Path.cwd())


def open_chosen_workspace(folder: Path | None) -> "Workspace":
    """Open the workspace that the command was called for, and finish what a crash left undone.

    Raises:
        UsageError: no workspace was named, and there is none here.
    """
    from mou.app import open_workspace
    from mou.workflow.publishing import publish_queued

    if (found := find_chosen_workspace(folder)) is None:
        raise UsageError("no workspace here; make one with: mou init DIR, or name one with -w DIR")
    workspace = open_workspace(found)
    publish_queued(workspace)
    return workspace


def read_text(path: Path) -> str:
    """Return what a text file holds.

    Raises:
        InputError: it is no text in UTF-8; what it holds is not repeated, since it may be a password.
    """
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InputError("{path}: text in UTF-8 is expected, got something else", path=path) from error


def echo(language: str, template: str, /, **values: object) -> None:
    """Print one message in the reader's language."""
    click.echo(translate(say(template, **values), language))


def echo_message(language: str, message: Message, *, indent: str = "") -> None:
    """Print a message that a rule has made."""
    click.echo(indent + translate(message, language))


def echo_json(value: object) -> None:
    """Print one JSON document, Thai as it is written."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_table(language: str, headings: Sequence[Message], rows: Iterable[Sequence[str]]) -> None:
    """Print a table as wide as it needs on a terminal that is wide enough, wrapped on a narrow one."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        table.add_column(translate(heading, language))
    for row in rows:
        table.add_row(*(_plain(cell) for cell in row))
    width = None if sys.stdout.isatty() else 160
    Console(width=width, highlight=False, markup=False).print(table)


@contextmanager
def progress(language: str, message: Message, total: int) -> Iterator["Steps"]:
    """Show a progress bar on standard error while the block runs; nothing where that is not a terminal."""
    if not sys.stderr.isatty():
        yield Steps(None)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(translate(message, language), total=total)
        yield Steps(lambda: bar.advance(task))


class Steps:
    """Counts what is done, on a bar or silently."""

    def __init__(self, advance: Callable[[], None] | None) -> None:
        """Take what moves the bar by one."""
        self._advance = advance

    def each(self, items: Iterable[ItemT]) -> Iterator[ItemT]:
        """Give every item on and move the bar by one after it."""
        for item in items:
            yield item
            if self._advance is not None:
                self._advance()


def _plain(cell: str) -> str:
    """Keep a cell from being read as terminal control: names come from outside."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in cell)
