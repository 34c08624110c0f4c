"""Every table of the command line can be had as a workbook, and a workbook is written whole or not at all."""

import ast
import inspect
import sys
import textwrap
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from stat import S_IMODE
from types import FunctionType

import click
import openpyxl
import pytest

from mou.cli.overview import COMMANDS
from mou.cli.program import program
from mou.cli.terminal import Cell, DayHeading, Shortened, json_option, pass_language, print_table, xlsx_option
from mou.errors import MouError, UsageError
from signatures.messages import say

# Why a command with --json that prints a table has no --xlsx.
EXCEPTIONS = {"charter register": "writes its own workbook, with a sheet for each part of the register: --out OUT.xlsx"}
HEADINGS = (say("no."), say("name"), DayHeading(say("day")), say("missing"))
ROWS: tuple[tuple[Cell, ...], ...] = ((1, "=A&B <x>", date(2022, 3, 29), Shortened("ก, ข, ค", "ก, ข …")), (2, "", None, None))


def leaves(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        for part in command.list_commands(click.Context(command)):
            found = command.get_command(click.Context(command), part)
            assert found is not None
            yield from leaves(f"{name} {part}".strip(), found)
    else:
        yield name, command


def every_command() -> dict[str, click.Command]:
    return dict(leaves("", program))


def options_of(command: click.Command) -> set[str]:
    return {option for one in command.params for option in one.opts}


def prints_a_table(command: click.Command) -> bool:
    """Whether `print_table` is called by the command's function, or by a function of its module that it calls."""
    assert command.callback is not None
    function = inspect.unwrap(command.callback)
    module = vars(sys.modules[function.__module__])
    waiting, seen = [function], {function}
    while waiting:
        tree = ast.parse(textwrap.dedent(inspect.getsource(waiting.pop())))
        called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
        if "print_table" in called:
            return True
        own = {module[name] for name in called if isinstance(module.get(name), FunctionType)}
        new = {one for one in own if one.__module__ == function.__module__} - seen
        waiting += new
        seen |= new
    return False


def test_each_table_that_can_be_had_as_json_can_be_had_as_a_workbook() -> None:
    commands = every_command()
    tables = {name for name, command in commands.items() if "--json" in options_of(command) and prints_a_table(command)}
    assert {"organisations list", "status", "template show", "notice show", "charter register"} <= tables
    without = {name for name in tables if "--xlsx" not in options_of(commands[name])}
    assert without == set(EXCEPTIONS)


def test_a_command_with_the_option_prints_a_table() -> None:
    assert [name for name, one in every_command().items() if "--xlsx" in options_of(one) and not prints_a_table(one)] == []
    assert len(every_command()) > len(COMMANDS)


def ran(*arguments: object, fails: bool = False, is_empty: bool = False) -> object:
    """Run a command that prints one table, or none where it is empty, and fails after it where it should."""

    @click.command("sample")
    @json_option
    @xlsx_option
    @pass_language
    def sample(language: str, *, as_json: bool) -> int:
        assert not as_json
        if is_empty:
            return 0
        print_table(language, HEADINGS, ROWS, title=say("Organisations"))
        if fails:
            raise MouError("it failed")
        return 7

    return sample.main([str(one) for one in arguments], prog_name="mou sample", standalone_mode=False, obj="th")


def test_the_workbook_holds_what_would_be_printed_and_nothing_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "ตาราง.xlsx"
    assert ran("--xlsx", path) == 7
    assert len(capsys.readouterr().out.splitlines()) == 1
    (sheet,) = openpyxl.load_workbook(path).worksheets
    head, first, second = sheet.iter_rows(values_only=True)
    assert [str(each).split("\n")[1] for each in head] == ["no.", "name", "day", "day (B.E.)", "missing"]
    assert first == (1, "=A&B <x>", datetime.fromisoformat("2022-03-29"), "๒๙ มีนาคม พ.ศ. ๒๕๖๕", "ก, ข, ค")
    assert second == (2, None, None, None, None)


def test_without_the_option_the_table_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert ran() == 7
    printed = capsys.readouterr().out
    assert "2022-03-29" in printed
    assert "ก, ข …" in printed


def test_an_older_file_is_replaced_and_only_its_owner_may_read_what_names_persons(tmp_path: Path) -> None:
    path = tmp_path / "table.xlsx"
    path.write_text("older", encoding="utf-8")
    ran("--xlsx", path)
    assert openpyxl.load_workbook(path).worksheets
    assert S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["table.xlsx"]


def test_an_older_file_stays_as_it_was_when_the_command_fails(tmp_path: Path) -> None:
    path = tmp_path / "table.xlsx"
    path.write_text("older", encoding="utf-8")
    with pytest.raises(MouError, match="it failed"):
        ran("--xlsx", path, fails=True)
    assert path.read_text(encoding="utf-8") == "older"


def test_an_older_file_stays_as_it_was_when_the_disk_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "table.xlsx"
    path.write_text("older", encoding="utf-8")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        ran("--xlsx", path)
    assert path.read_text(encoding="utf-8") == "older"
    assert [one.name for one in tmp_path.iterdir()] == ["table.xlsx"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        pytest.param("table.csv", "a name that ends in .xlsx is expected", id="another kind of file"),
        pytest.param("none/table.xlsx", "there is no folder", id="no folder"),
        pytest.param("folder.xlsx", "there is a folder of that name", id="a folder of that name"),
    ],
)
def test_a_name_under_which_no_workbook_can_be_written_is_refused(tmp_path: Path, name: str, told: str) -> None:
    (tmp_path / "folder.xlsx").mkdir()
    with pytest.raises(UsageError, match=told):
        ran("--xlsx", tmp_path / name)
    assert [one.name for one in tmp_path.iterdir()] == ["folder.xlsx"]


def test_one_table_is_asked_for_in_one_form(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="two forms of one table"):
        ran("--json", "--xlsx", tmp_path / "table.xlsx")


def test_where_there_is_no_table_no_workbook_is_written_and_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(MouError, match="there is nothing to stand in a table"):
        ran("--xlsx", tmp_path / "table.xlsx", is_empty=True)
    assert list(tmp_path.iterdir()) == []
