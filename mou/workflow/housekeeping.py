"""What goes on by itself while the pages are served; each part may be repeated, and one that fails does not stop the others.

Every few seconds:
1. values that were received and are not in their document yet go in (`mou.workflow.receiving`);
2. what was recorded is published;
3. letters are sent; when one could not be, none is tried again for five minutes, since a mail server that is asked too often, or
   with a password that it refused, shuts its door.

Every few minutes:
4. requests whose deadline has passed are closed;
5. reminders whose hour has come are queued;
6. completed documents get validation data and an archive time stamp, where a time stamp service is set;
7. notices are published that a crash left unpublished.
"""

import logging
from collections.abc import Callable
from threading import Event, Thread

from mou.workflow.asking import expire_overdue, remind
from mou.workflow.extending import extend_completed
from mou.workflow.letters import deliver_queued
from mou.workflow.notice_letters import deliver_notices
from mou.workflow.notifying import publish_notices
from mou.workflow.publishing import publish_queued
from mou.workflow.receiving import apply_received
from mou.workflow.workspace import Workspace

SECONDS_BETWEEN_ROUNDS = 3
ROUNDS_BETWEEN_LOOKS_AT_DEADLINES = 100
ROUNDS_AFTER_A_FAILED_LETTER = 100

Part = Callable[[Workspace], object]

OFTEN: tuple[Part, ...] = (apply_received, publish_queued)
RARELY: tuple[Part, ...] = (expire_overdue, lambda workspace: remind(workspace, only_due=True), extend_completed, publish_notices)

_log = logging.getLogger(__name__)


def keep_house(workspace: Workspace, parts: tuple[Part, ...] = (*OFTEN, *RARELY, deliver_queued, deliver_notices)) -> None:
    """Do each part once. What stands in the way is logged by its kind alone: its words may name people."""
    for part in parts:
        try:
            part(workspace)
        except Exception as error:  # noqa: BLE001  # whatever it is: the other parts, and the next round, go on
            _log.warning("housekeeping: %s", type(error).__name__)


def _all_letters_went(workspace: Workspace) -> bool:
    """Send what is queued; False when something could not be sent."""
    try:
        failed = len(deliver_queued(workspace).failures) + len(deliver_notices(workspace).failures)
    except Exception as error:  # noqa: BLE001  # as above
        _log.warning("housekeeping: %s", type(error).__name__)
        return False
    if failed:
        _log.warning("housekeeping: %d letters could not be sent", failed)
    return failed == 0


def start_housekeeping(workspace: Workspace) -> Callable[[], None]:
    """Keep house in a thread of its own until the function that this returns is called; it then finishes its round."""
    stopped = Event()

    def run() -> None:
        rounds, rounds_without_mail = 0, 0
        while not stopped.is_set():
            keep_house(workspace, OFTEN if rounds % ROUNDS_BETWEEN_LOOKS_AT_DEADLINES else (*RARELY, *OFTEN))
            if rounds_without_mail == 0:
                rounds_without_mail = 0 if _all_letters_went(workspace) else ROUNDS_AFTER_A_FAILED_LETTER
            else:
                rounds_without_mail -= 1
            rounds += 1
            stopped.wait(SECONDS_BETWEEN_ROUNDS)

    thread = Thread(target=run, name="housekeeping")
    thread.start()

    def stop() -> None:
        stopped.set()
        thread.join()

    return stop
