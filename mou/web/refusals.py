"""What the site refuses before a page is reached, as one value: status, code, and three sentences for a person."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.exceptions import HTTPException

from signatures.messages import Message, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What happened, what was kept, what to do next; `code` is for programs."""

    status: int
    code: str
    what: Message
    kept: Message
    next_step: Message
    details: tuple[Message, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


class RefusedError(HTTPException):
    """A request that ends here. An `HTTPException`, since that is what the framework lets pass while it reads a body."""

    def __init__(self, problem: Problem) -> None:
        """Keep the problem for whoever words the answer."""
        super().__init__(problem.status)
        self.problem = problem


NOTHING_RECORDED = say("Nothing was recorded, and what was recorded before stays as it is.")
CHECK_THE_ADDRESS = say("See that the address was copied whole, or go back to where the link came from.")

NOT_FOUND = Problem(
    status=404,
    code="not_found",
    what=say("There is nothing at this address."),
    kept=NOTHING_RECORDED,
    next_step=CHECK_THE_ADDRESS,
)
STALE_FORM = Problem(
    status=403,
    code="stale_form",
    what=say("This form does not belong to the present session of your browser, so it was not taken."),
    kept=say("Nothing was recorded. What you typed is still on the page before this one."),
    next_step=say("Go back, copy what you typed, reload the page and send it again. Cookies of this site must be allowed."),
)
FOREIGN_FORM = Problem(
    status=403,
    code="foreign_form",
    what=say("This form was sent from another site, so it was not taken."),
    kept=NOTHING_RECORDED,
    next_step=say("Open the page of this site itself and send the form from there."),
)
WRONG_HOST = Problem(
    status=400,
    code="wrong_host",
    what=say("This site is not known by the name under which it was called."),
    kept=NOTHING_RECORDED,
    next_step=say("Use the address that stands in the invitation or on the document."),
)
DESK_ONLY = Problem(
    status=401,
    code="desk_only",
    what=say("This is for the secretariat alone."),
    kept=NOTHING_RECORDED,
    next_step=say("Open the entry link that mou serve has printed where it was started."),
)


def too_many(seconds: int) -> RefusedError:
    """Return the refusal of somebody who tries too often."""
    return RefusedError(
        Problem(
            status=429,
            code="too_many_requests",
            what=say("That was too often in a short time."),
            kept=NOTHING_RECORDED,
            next_step=say("Wait {seconds} seconds and try again.", seconds=seconds),
            headers={"Retry-After": str(seconds)},
        )
    )


def too_large(limit: int) -> RefusedError:
    """Return the refusal of more bytes than this address takes."""
    wanted = say("{count} MiB", count=limit // 2**20) if limit >= 2**20 else say("{count} KiB", count=limit // 2**10)
    return RefusedError(
        Problem(
            status=413,
            code="too_large",
            what=say("What was sent is too large: at most {limit} are taken here.", limit=wanted),
            kept=say("Nothing of it was kept."),
            next_step=say("Choose a smaller file and send it again."),
            headers={"Connection": "close"},
        )
    )
