"""Errors as a person reads them: one sentence each, in the reader's language, never a traceback for bad input."""

import errno
import os

import click

from mou.cli.terminal import printable
from mou.errors import InputError, MouError
from mou.messages import translate
from signatures.errors import SignaturesError
from signatures.messages import Message, say


def exit_code_of(error: Exception) -> int | None:
    """Return the exit code for an error that has a message for people; None for a fault of the program itself."""
    if isinstance(error, MouError):
        return error.exit_code
    return 1 if isinstance(error, (SignaturesError, OSError)) else None


def show_failure(error: Exception, language: str) -> None:
    """Print what went wrong, and every problem of a bad input on a line of its own, to standard error."""
    click.echo(f"mou: {printable(translate(failure_message(error), language))}", err=True)
    if isinstance(error, InputError):
        for problem in error.problems:
            click.echo(f"  - {printable(translate(problem, language))}", err=True)


def show_stopped(language: str) -> None:
    """Print what a person who pressed Ctrl-C wants to know."""
    stopped = say("stopped; what was recorded stays recorded, and the same command goes on from there")
    click.echo(f"mou: {translate(stopped, language)}", err=True)


def failure_message(error: Exception) -> Message:
    """Return the message of an error that `exit_code_of` knows."""
    if isinstance(error, (MouError, SignaturesError)):
        return error.message
    assert isinstance(error, OSError)
    place = error.filename or ""
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return say(
            "no space left to write {place}: nothing was recorded for this step; free some space and run the command again",
            place=place,
        )
    return say("{place}: {cause}", place=place, cause=os.strerror(error.errno) if error.errno else str(error))
