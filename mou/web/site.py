"""What every page needs, wired once by `application.create_app` and kept on the application."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from starlette.requests import HTTPConnection

from mou.config import Settings
from mou.web.entry_key import EntryKey
from mou.web.static_files import StaticFiles
from mou.workflow.workspace import Workspace

if TYPE_CHECKING:
    from jinja2 import Environment
    from limits.strategies import RateLimiter

    from mou.notify import Mailer


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The workspace behind the pages, and what the pages are made with.

    `secret` is the key from which the keys of cookies, forms and the desk's door are derived. `mailer` is what the application
    was given to send mail with, None when nothing is set. `hosts` are the names by which the site may be called. `forwarded` says
    that a proxy stands before it, whose word on the visitor's address counts.
    """

    workspace: Workspace
    templates: "Environment"
    static: StaticFiles
    limiter: "RateLimiter"
    rates: Mapping[str, str]
    secret: bytes = field(repr=False)
    entry: EntryKey = field(repr=False)
    mailer: "Mailer | None"
    https: bool
    forwarded: bool
    hosts: frozenset[str]
    any_address: bool

    @property
    def settings(self) -> Settings:
        """What the workspace is set to."""
        return self.workspace.settings


def site_of(request: HTTPConnection) -> Site:
    """Return the site that answers this request; also a dependency of endpoints."""
    return cast("Site", request.app.state.site)
