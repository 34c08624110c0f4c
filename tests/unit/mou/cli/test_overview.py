"""The overview that `mou --help` prints: every command is there, can be loaded, and explains itself."""

from importlib import import_module

import click
import pytest

from mou.cli.overview import COMMANDS, overview
from mou.cli.program import program

LANGUAGES = ("en", "th")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_can_be_loaded_and_explains_itself(name: str) -> None:
    module, _, attribute = COMMANDS[name][0].partition(":")
    command = getattr(import_module(module), attribute or "command")
    assert isinstance(command, click.Command)
    assert command.name == name
    help_page = command.get_help(click.Context(command, info_name=name))
    assert help_page.startswith(f"Usage: {name} ")
    assert command.help is not None
    assert " ".join(command.help.splitlines()[0].split()) in " ".join(help_page.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_overview_names_every_command_with_its_line(language: str) -> None:
    lines = overview(language).splitlines()
    for name, (_, english, thai) in COMMANDS.items():
        told = english if language == "en" else thai
        assert any(line.split(None, 1) == [name, told] for line in lines), name


def test_the_group_knows_the_commands_of_the_overview_and_no_others() -> None:
    context = click.Context(program)
    assert program.list_commands(context) == list(COMMANDS)
    assert all(program.get_command(context, name) is not None for name in COMMANDS)
    assert program.get_command(context, "nonsense") is None


def test_each_language_is_told_in_its_own_letters() -> None:
    assert overview("en").isascii()
    assert any("\u0e01" <= letter <= "\u0e5b" for letter in overview("th"))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_every_command_says_what_it_does(name: str) -> None:
    command = program.get_command(click.Context(program), name)
    assert command is not None
    parts = command.commands.values() if isinstance(command, click.Group) else [command]
    for part in parts:
        silent = [one.name for one in part.params if isinstance(one, click.Option) and not one.help]
        assert silent == []
