"""`mou serve`: the web pages and the HTTP interface of a workspace."""

import logging
import signal
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mou.cli.terminal import echo, open_chosen_workspace, pass_language, workspace_option
from mou.errors import UsageError

if TYPE_CHECKING:
    from types import FrameType

    import uvicorn

    from mou.workflow.workspace import Workspace

ANY_ADDRESS = frozenset({"0.0.0.0", "::"})  # noqa: S104  # only where --host asks for it
SECONDS_TO_FINISH = 10
CALLERS_WAITING = 128
REQUIRED = ("fastapi", "itsdangerous", "limits", "multipart", "uvicorn")


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on; by default this machine alone.")
@click.option(
    "--port",
    default=8000,
    show_default=True,
    envvar="MOU_PORT",
    show_envvar=True,
    type=click.IntRange(0, 65535),
    help="The port to listen on; 0 takes one that is free.",
)
@click.option(
    "--https-behind-proxy",
    "behind_proxy",
    is_flag=True,
    help="A proxy before it speaks https and says in X-Forwarded-For who calls; nobody may reach this port past it.",
)
@workspace_option
@pass_language
def command(language: str, host: str, port: int, folder: Path | None, *, behind_proxy: bool) -> None:
    """Serve the pages: the desk, signing, verification, and /api/v1.

    The link to the desk is printed here and works once. Ctrl-C ends it; what is under way is finished first.
    """
    _require_extra()
    workspace = open_chosen_workspace(folder)
    try:
        _serve(workspace, language, host, port, behind_proxy=behind_proxy)
    finally:
        workspace.database.close()


def _require_extra() -> None:
    from importlib.util import find_spec

    missing = [name for name in REQUIRED if find_spec(name) is None]
    if missing:
        raise UsageError(
            "mou serve needs packages that are not installed here ({missing}); install them with: pip install 'mou[web]'",
            missing=", ".join(missing),
        )


def _serve(workspace: "Workspace", language: str, host: str, port: int, *, behind_proxy: bool) -> None:
    import uvicorn

    from mou.web.application import create_app
    from mou.workflow.housekeeping import start_housekeeping

    listening = _listen(host, port)
    own_address = _address(host, listening.getsockname()[1])
    workspace = workspace.reached_at(own_address)
    address = workspace.site_url if behind_proxy else own_address
    is_https = behind_proxy or workspace.site_url.startswith("https://")
    _log_to_standard_error()
    app = create_app(
        workspace,
        https=is_https,
        mailer=workspace.mailer(),
        forwarded=behind_proxy,
        hosts=() if host in ANY_ADDRESS else (host,),
        any_address=host in ANY_ADDRESS,
    )
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # the pages read the one header that counts themselves
        timeout_graceful_shutdown=SECONDS_TO_FINISH,
    )
    server = uvicorn.Server(config)
    _end_calmly(server)
    stop_housekeeping = start_housekeeping(workspace)
    try:
        echo(language, "pages: {address}", address=address)
        echo(language, "desk, opens once: {link}", link=f"{address}/enter/{app.state.site.entry.text}")
        if is_https and not behind_proxy:
            echo(
                language,
                "cookies go over https only: open the pages by {address}, not by this machine's own",
                address=workspace.site_url,
            )
        sys.stdout.flush()
        server.run(sockets=[listening])
    finally:
        stop_housekeeping()
        listening.close()


def _listen(host: str, port: int) -> socket.socket:
    """Listen at once, so that the address is good when it is printed."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=CALLERS_WAITING)
    except OSError as error:
        raise UsageError(
            "{host}, port {port}: nothing can be served there ({cause}); choose another with --host or --port",
            host=host,
            port=port,
            cause=error.strerror,
        ) from error


def _end_calmly(server: "uvicorn.Server") -> None:
    """Let the server end without a fault: told to before it runs, or by the signal that it raises again once it has finished."""

    def stop(_number: int, _frame: "FrameType | None") -> None:
        server.should_exit = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)


def _log_to_standard_error() -> None:
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    own = logging.getLogger("mou")
    own.setLevel(logging.INFO)
    own.handlers, own.propagate = [lines], False
    server = logging.getLogger("uvicorn")
    server.setLevel(logging.WARNING)
    server.handlers, server.propagate = [lines], False


def _address(host: str, port: int) -> str:
    name = "127.0.0.1" if host in ANY_ADDRESS else f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}"
