"""The click group: finds a command by its name, and turns every error into a message and an exit code in one place."""

from importlib import import_module

import click

from mou.cli.language import choose_language
from mou.cli.overview import COMMANDS, overview

EXIT_FAILED = 1


class _LazyGroup(click.Group):
    """A group that imports only the command that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # the signature is click's
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command = getattr(import_module(module), name or "command")
        assert isinstance(command, click.Command)
        return command

    def get_help(self, ctx: click.Context) -> str:
        return overview(ctx.obj or choose_language())


def _keep_language(ctx: click.Context, _option: click.Parameter, wanted: str | None) -> None:
    ctx.obj = choose_language(wanted)


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--lang", type=click.Choice(["th", "en"]), expose_value=False, is_eager=True, callback=_keep_language)
@click.version_option(package_name="mou", message="mou %(version)s")
def program() -> None:
    """Charters and memoranda of understanding: filled, signed, recorded, verified."""


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code; only a fault of the program itself leaves as an exception."""
    try:
        result = program.main(arguments, prog_name="mou", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        from mou.cli.failures import show_stopped

        show_stopped(_language_of(arguments))
        return EXIT_FAILED
    except Exception as error:
        from mou.cli.failures import exit_code_of, show_failure

        code = exit_code_of(error)
        if code is None:
            raise
        show_failure(error, _language_of(arguments))
        return code
    return result if isinstance(result, int) else 0


def _language_of(arguments: list[str]) -> str:
    """The language of a command line whose click context is gone by now."""
    wanted = arguments[arguments.index("--lang") + 1] if "--lang" in arguments[:-1] else None
    return choose_language(wanted)
