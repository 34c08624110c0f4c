"""The application: every page and every part of the interface, wired to one workspace. Nothing happens on import.

A router that is to be part of it goes into `_routers`; a page asks for its `Site` by `Depends(site_of)`.
"""

from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends, FastAPI
from starlette.middleware import Middleware

import mou
from mou.templates import bundled_templates_folder
from mou.web.entry_key import EntryKey
from mou.web.limits import RATES, new_limiter
from mou.web.pages import page_environment
from mou.web.problems import ERROR_ANSWERS, add_handlers
from mou.web.request_log import RequestLog
from mou.web.security import Guard, SecurityHeaders, allowed_hosts
from mou.web.sessions import SessionMiddleware, require_csrf, web_secret
from mou.web.site import Site
from mou.web.static_files import STATIC_FOLDER, StaticFiles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mou.notify import Mailer
    from mou.workflow.workspace import Workspace


def create_app(  # each is one thing that differs between a desk, a proxy and a test
    workspace: "Workspace",
    *,
    https: bool,
    mailer: "Mailer | None" = None,
    forwarded: bool = False,
    hosts: tuple[str, ...] = (),
    any_address: bool = False,
    rates: "Mapping[str, str] | None" = None,
) -> FastAPI:
    """Return the application for this workspace.

    Args:
        workspace: what the pages show and change.
        https: whether browsers reach it by https; cookies are then Secure.
        mailer: what sends mail, None when nothing is set.
        forwarded: whether a proxy stands before it, whose X-Forwarded-For counts.
        hosts: names by which it may be called, beside that of `public_url` and those of this machine.
        any_address: whether it may be called by any plain address, as in a room without a name server.
        rates: how often one visitor may try, where that differs from `RATES`.
    """
    secret = web_secret(workspace)
    static = StaticFiles(STATIC_FOLDER, bundled_templates_folder() / "fonts")
    site = Site(
        workspace=workspace,
        templates=page_environment(static),
        static=static,
        limiter=new_limiter(),
        rates={**RATES, **(rates or {})},
        secret=secret,
        entry=EntryKey(secret),
        mailer=mailer,
        https=https,
        forwarded=forwarded,
        hosts=allowed_hosts((workspace.settings.public_url, workspace.site_url), hosts),
        any_address=any_address,
    )
    app = FastAPI(
        title="mou",
        version=mou.__version__,
        openapi_url=None,  # served by api_docs
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        responses=ERROR_ANSWERS,
        dependencies=[Depends(require_csrf)],
        middleware=[Middleware(RequestLog), Middleware(SecurityHeaders), Middleware(SessionMiddleware), Middleware(Guard)],
    )
    app.state.site = site
    add_handlers(app)
    for router in _routers():
        app.include_router(router)
    return app


def _routers() -> tuple[APIRouter, ...]:
    """Return every router of the site, in the order in which an address is looked for."""
    from mou.web import (
        api_docs,
        charter_pages,
        desk_pages,
        entry_pages,
        file_pages,
        passkey_api,
        public_pages,
        service_pages,
        signing_answers,
        signing_api,
        signing_pages,
        verification_pages,
    )

    return (
        file_pages.router,
        entry_pages.router,
        desk_pages.router,
        verification_pages.router,
        public_pages.router,
        charter_pages.router,
        signing_pages.router,
        signing_answers.router,
        signing_api.router,
        passkey_api.new_router(),
        service_pages.router,
        api_docs.router,
    )
