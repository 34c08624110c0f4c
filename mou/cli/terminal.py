"""Reading options and printing: what every command shares."""

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

import click

from mou.errors import InputError, MouError, UsageError
from mou.messages import translate
from signatures.messages import Message, say

if TYPE_CHECKING:
    from mou.spreadsheets import Heading, SheetTable
    from mou.workflow.workspace import Workspace

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")

PRIVATE_FILE: Final = 0o600  # a table may name persons
_TABLES: Final = "mou.cli.tables"
_SPACES: Final = "\u00a0\u200b"  # no terminal obeys them, and sentences and Thai names have them


@dataclass(frozen=True, slots=True)
class DayHeading:
    """The heading of a column of days: in a workbook each of them stands in words beside it."""

    message: Message


@dataclass(frozen=True, slots=True)
class Shortened:
    """A text that would fill the page: the whole, for which a workbook has room, and what is printed of it."""

    whole: str
    short: str


Cell: TypeAlias = str | int | date | Message | Shortened | None

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
    echo_message(language, say(template, **values))


def echo_message(language: str, message: Message, *, indent: str = "") -> None:
    """Print a message that a rule has made."""
    click.echo(indent + printable(translate(message, language)))


def echo_json(value: object) -> None:
    """Print one JSON document, Thai as it is written."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def xlsx_option(function: Callable[..., ResultT]) -> Callable[..., ResultT]:
    """Give a command that prints tables the option --xlsx FILE: each becomes a sheet of that workbook, and none is printed.

    The file appears, or takes the place of an older one, when the command has come to its end.
    """

    @click.option(
        "--xlsx",
        "workbook",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Write the table to a workbook (FILE.xlsx) instead of printing it; an older file is replaced.",
    )
    @wraps(function)
    def with_workbook(*arguments: object, workbook: Path | None, **options: object) -> ResultT:
        if workbook is None:
            return function(*arguments, **options)
        if options.get("as_json"):
            raise UsageError("--json and --xlsx are two forms of one table; ask for one of them")
        check_workbook_path(workbook)
        context = click.get_current_context()
        tables: list[SheetTable] = []
        context.meta[_TABLES] = tables
        result = function(*arguments, **options)
        _write_workbook(context.find_object(str) or "en", workbook, tables)
        return result

    return with_workbook


def check_workbook_path(path: Path) -> None:
    """Refuse a name under which no workbook can be written, before anything is computed.

    Raises:
        UsageError: it does not end in .xlsx, it is a folder, or its folder is not there.
    """
    if path.suffix.lower() != ".xlsx":
        raise UsageError("{path}: a name that ends in .xlsx is expected, since a workbook is written", path=path)
    if path.is_dir():
        raise UsageError("{path}: a file is expected, and there is a folder of that name", path=path)
    if not path.parent.is_dir():
        raise UsageError("{path}: there is no folder {folder}; make it first, or name another", path=path, folder=path.parent)


def print_table(
    language: str,
    headings: Sequence[Message | DayHeading],
    rows: Iterable[Sequence[Cell]],
    *,
    title: Message | None = None,
) -> None:
    """Print a table as wide as it needs on a terminal that is wide enough, wrapped on a narrow one.

    Where --xlsx was given it becomes a sheet of that name instead; without a title the sheet is called like the command.
    """
    context = click.get_current_context(silent=True)
    if context is not None and _TABLES in context.meta:
        name = translate(title, language) if title else context.command_path.partition(" ")[2]
        context.meta[_TABLES].append(_sheet(name, headings, rows))
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        table.add_column(translate(_message_of(heading), language))
    for row in rows:
        table.add_row(*(printable(_shown(cell, language)) for cell in row))
    width = None if sys.stdout.isatty() else 160
    Console(width=width, highlight=False, markup=False).print(table)


def _sheet(title: str, headings: Sequence[Message | DayHeading], rows: Iterable[Sequence[Cell]]) -> "SheetTable":
    from mou.spreadsheets import SheetTable

    return SheetTable(title, tuple(map(_heading, headings)), [[_whole(cell) for cell in row] for row in rows])


def _heading(heading: Message | DayHeading) -> "Heading":
    from mou.spreadsheets import Heading

    message = _message_of(heading)
    return Heading(translate(message, "th"), translate(message, "en"), is_day=isinstance(heading, DayHeading))


def _message_of(heading: Message | DayHeading) -> Message:
    return heading.message if isinstance(heading, DayHeading) else heading


def _shown(cell: Cell, language: str) -> str:
    if isinstance(cell, Message):
        return translate(cell, language)
    if isinstance(cell, Shortened):
        return cell.short
    return "" if cell is None else str(cell)


def _whole(cell: Cell) -> str | int | date | Message | None:
    return cell.whole if isinstance(cell, Shortened) else cell


def _write_workbook(language: str, path: Path, tables: "Sequence[SheetTable]") -> None:
    from mou.spreadsheets import tables_as_workbook
    from mou.storage.files import replace_file

    if not tables:
        raise MouError("{path} was not written: there is nothing to stand in a table", path=path)
    replace_file(path, tables_as_workbook(tables, title=tables[0].title, language=language), mode=PRIVATE_FILE)
    echo(language, "{path}: table written; rows in it: {count}", path=path, count=sum(len(one.rows) for one in tables))


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


def printable(line: str) -> str:
    """Return a line with what a terminal would obey shown as U+FFFD: names and files come from outside."""
    return "".join(letter if letter.isprintable() or letter in _SPACES else "\ufffd" for letter in line)
