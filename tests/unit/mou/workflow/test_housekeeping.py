"""What goes on by itself: one part that fails does not stop the others, and stopping waits for the round."""

import logging
from threading import Event

import pytest

from mou.errors import MouError
from mou.workflow import housekeeping
from mou.workflow.housekeeping import keep_house, start_housekeeping
from mou.workflow.workspace import Workspace


def test_a_part_that_fails_is_logged_without_its_words_and_the_others_go_on(
    workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    done = []

    def fail(_: Workspace) -> None:
        raise MouError("นางแก้ว ตัวอย่าง cannot be reached")

    def fault(_: Workspace) -> None:
        raise ZeroDivisionError

    with caplog.at_level(logging.WARNING):
        keep_house(workspace, (fail, fault, lambda _: done.append(1)))
    assert done == [1]
    assert [record.getMessage() for record in caplog.records] == ["housekeeping: MouError", "housekeeping: ZeroDivisionError"]


def test_every_part_can_be_done_on_a_workspace_in_which_nobody_was_asked(
    workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        keep_house(workspace)
    assert caplog.records == []


def test_it_goes_on_until_it_is_stopped(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    rounds, twice = [], Event()

    def count(_: Workspace) -> None:
        rounds.append(1)
        if len(rounds) == 2:
            twice.set()

    monkeypatch.setattr(housekeeping, "SECONDS_BETWEEN_ROUNDS", 0.01)
    monkeypatch.setattr(housekeeping, "OFTEN", (count,))
    monkeypatch.setattr(housekeeping, "RARELY", ())
    stop = start_housekeeping(workspace)
    assert twice.wait(timeout=30)
    stop()
    finished = len(rounds)
    assert finished == len(rounds)
    assert finished >= 2
