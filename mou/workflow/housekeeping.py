"""What goes on by itself while the pages are served; each part may be repeated, and one that fails does not stop the others.

1. Values that were received and are not in their document yet go in (`mou.workflow.receiving`).
2. What was recorded is published.
3. Requests whose deadline has passed are closed.
4. Reminders whose hour has come are queued.
5. Letters are sent.
"""

import logging
from collections.abc import Callable

from mou.errors import MouError
from mou.workflow.asking import expire_overdue, remind
from mou.workflow.letters import deliver_queued
from mou.workflow.publishing import publish_queued
from mou.workflow.receiving import apply_received
from mou.workflow.workspace import Workspace
from signatures.errors import SignaturesError

_log = logging.getLogger(__name__)

_PARTS: tuple[Callable[[Workspace], object], ...] = (
    apply_received,
    publish_queued,
    expire_overdue,
    lambda workspace: remind(workspace, only_due=True),
    deliver_queued,
)


def keep_house(workspace: Workspace) -> None:
    """Do every part once. What stands in the way is logged by its kind alone: its words may name people."""
    for part in _PARTS:
        try:
            part(workspace)
        except (MouError, SignaturesError) as error:
            _log.warning("housekeeping: %s", type(error).__name__)
