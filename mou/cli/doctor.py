"""`mou doctor`: what works here and what does not."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import click

from mou.cli.terminal import echo_json, echo_message, find_chosen_workspace, json_option, pass_language, workspace_option
from mou.messages import translate
from signatures.messages import Message, say

SIGNS = {True: "✓", False: "✗", None: "-"}


class Check(NamedTuple):
    """One thing that was looked at; `works` is None where there was nothing to look at."""

    name: Message
    works: bool | None
    finding: Message


@click.command("doctor")
@json_option
@workspace_option
@pass_language
def command(language: str, folder: Path | None, *, as_json: bool) -> int:
    """Show what works on this machine, and in the workspace if there is one."""
    found = find_chosen_workspace(folder)
    checks = [_guarded(say("page layout"), _check_layout), _guarded(say("Thai line ends"), _check_line_ends)]
    if found is None:
        checks.append(Check(say("workspace"), None, say("none here; make one with: mou init DIR")))
    else:
        checks.append(_guarded(say("workspace"), lambda: _check_workspace(found)))
        checks.append(_guarded(say("time stamps"), lambda: _check_timestamps(found)))
    if as_json:
        echo_json([{"name": str(check.name), "works": check.works, "finding": str(check.finding)} for check in checks])
    else:
        for check in checks:
            click.echo(f"{SIGNS[check.works]} {translate(check.name, language)}")
            echo_message(language, check.finding, indent="    ")
    return 1 if any(check.works is False for check in checks) else 0


def _guarded(name: Message, look: Callable[[], tuple[bool | None, Message]]) -> Check:
    """Turn whatever a check runs into into its finding: this command exists to show faults, not to stop at the first."""
    from mou.cli.failures import exit_code_of, failure_message

    try:
        return Check(name, *look())
    except Exception as error:
        if exit_code_of(error) is None:
            raise
        return Check(name, works=False, finding=failure_message(error))


def _check_layout() -> tuple[bool, Message]:
    try:
        import mou.rendering.pdf  # noqa: F401  # loading it loads Pango
    except OSError as error:
        return False, say(
            "Pango cannot be loaded ({cause}); install it: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
            cause=str(error).splitlines()[0],
        )
    from mou.rendering.faces import drawable_characters

    return True, say("Pango is there, and Sarabun with {count} characters", count=len(drawable_characters()))


def _check_line_ends() -> tuple[bool | None, Message]:
    try:
        from mou.rendering.pdf import thai_line_breaking_works
    except OSError:
        return None, say("not looked at: page layout does not work")
    if thai_line_breaking_works():
        return True, say("Pango breaks Thai lines at words")
    return False, say(
        "Pango was built without libthai, so that Thai lines run off the page; install libthai0 and a Pango that uses it"
    )


def _check_workspace(folder: Path) -> tuple[bool, Message]:
    from mou.app import open_workspace

    workspace = open_workspace(folder)
    with workspace.database.read() as transaction:
        size = transaction.ledger.head().size
    readable = [path.name for path in workspace.keys.folder.iterdir() if path.suffix == ".pem" and _is_open(path)]
    if readable:
        return False, say("keys that others can read: {names}; run: chmod 600", names=", ".join(sorted(readable)))
    return True, say("{folder}: database and keys are in order, {size} entries in the ledger", folder=folder, size=size)


def _is_open(path: Path) -> bool:
    """Whether a private key may be read by others than its owner."""
    return b"PRIVATE KEY" in path.read_bytes() and path.stat().st_mode & 0o077 != 0


def _check_timestamps(folder: Path) -> tuple[bool | None, Message]:
    from mou.app import open_workspace

    service = open_workspace(folder).timestamps()
    if service is None:
        return None, say("no time stamp service is set: the times of signatures are claims (timestamp_url in mou.toml)")
    service.try_out()
    return True, say("{url} answers with a token", url=service.url)
