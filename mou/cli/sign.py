"""`mou sign`: one signatory, one document, their own key: in a file, on a token, or behind a signing service."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mou.cli.terminal import echo, open_chosen_workspace, pass_language, read_text, workspace_option
from mou.errors import UsageError
from mou.messages import translate
from signatures.messages import say

if TYPE_CHECKING:
    from mou.workflow.signing import Signed
    from mou.workflow.workspace import Workspace
    from signatures.csc_keys import Credential, Unlocking
    from signatures.signers import Signer


@click.command("sign")
@click.argument("documents", metavar="DOCUMENT...", nargs=-1, required=True)
@click.option("--slot", "field", required=True, help="The signature field, such as S0001; mou status DOCUMENT shows them.")
@click.option("--pkcs12", "key_file", type=click.Path(path_type=Path), help="The signatory's own key, in a file (.p12, .pfx).")
@click.option("--pkcs11", "token_uri", metavar="URI", help="... on a token: pkcs11:token=...;object=...?module-path=LIBRARY.")
@click.option("--csc", "service_name", metavar="NAME", help="... behind a signing service, named in mou.toml as [csc.NAME].")
@click.option(
    "--password-file", type=click.Path(path_type=Path), help="File whose first line is the key's password or PIN (else asked)."
)
@click.option(
    "--picture",
    "picture_file",
    type=click.Path(path_type=Path),
    help="PNG or JPEG of the handwritten signature or the organisation's stamp, shown on the page.",
)
@click.option("--channel", type=click.Choice(["on_site", "online"]), help="How the signatory takes part in the ceremony.")
@workspace_option
@pass_language
def command(
    language: str,
    documents: tuple[str, ...],
    field: str,
    key_file: Path | None,
    token_uri: str | None,
    service_name: str | None,
    password_file: Path | None,
    picture_file: Path | None,
    channel: str | None,
    folder: Path | None,
) -> None:
    """Sign DOCUMENT (its id, its number or its PDF in the workspace) in one field, with one of --pkcs12, --pkcs11 and --csc.

    Several documents are signed in one pass, in the same field of each; the title and the digest of every one are shown before.
    """
    from mou.ceremony import Channel
    from mou.workflow.minors import check_ready
    from mou.workflow.publishing import publish_queued
    from mou.workflow.signing import check_picture, sign_document
    from mou.workflow.stamps import open_picture
    from mou.workflow.status import find_document
    from signatures.token_address import read_address

    if sum(given is not None for given in (key_file, token_uri, service_name)) != 1:
        raise UsageError("one of --pkcs12, --pkcs11 and --csc is expected: where the signatory's own key is")
    if token_uri is not None:
        read_address(token_uri)  # what is wrong in it is told before anything is opened
    typing = _Typing(language, password_file)
    workspace = open_chosen_workspace(folder)
    found = [find_document(workspace, one) for one in documents]
    picture = None if picture_file is None else open_picture(picture_file)
    for one in found:
        check_ready(workspace, one.document_id, field, has_picture=picture is not None)
        if picture is not None:
            check_picture(workspace, one.document_id, field, picture)
        if len(found) > 1:
            echo(language, "{document}: {title}, {digest}", document=one.file_name, title=one.title, digest=one.prepared)
    by = None if channel is None else Channel(channel)
    with _open_key(typing, workspace, key_file, token_uri, service_name) as signer:
        for one in found:
            _say_signed(language, sign_document(workspace, one.document_id, field, signer, picture=picture, channel=by))
    publish_queued(workspace)


def _say_signed(language: str, signed: "Signed") -> None:
    place = {
        "document": signed.document.file_name,
        "field": signed.request.slot.field,
        "name": signed.request.slot.person.full_name,
    }
    if signed.is_new:
        echo(language, "{document}, {field}: signed by {name} and recorded", **place)
    else:
        echo(language, "{document}, {field}: {name} has signed already; nothing was done", **place)


class _Typing:
    """What the signatory types, or has in a file; a PIN is asked for once, a one-time code for each signature."""

    def __init__(self, language: str, password_file: Path | None) -> None:
        self.language = language
        self.password_file = password_file
        self._kept: str | None = None

    def secret(self, prompt: str) -> str:
        """Return the password or PIN."""
        if self._kept is None:
            if self.password_file is not None:
                self._kept = (read_text(self.password_file).splitlines() or [""])[0]
            else:
                self._kept = click.prompt(prompt, hide_input=True, default="", show_default=False, err=True)
        return self._kept

    def unlocking(self, credential: "Credential") -> "Unlocking":
        """Return what a signing service asks the holder for; the code counts once, so that it may be seen."""
        from signatures.csc_keys import Unlocking

        with _stopped_by_one_interrupt():
            pin = self.secret("PIN") if credential.asks_pin else None
            prompt = translate(say("one-time code"), self.language)
            code = click.prompt(prompt, default="", show_default=False, err=True) if credential.asks_code else None
        return Unlocking(pin, code)


@contextmanager
def _stopped_by_one_interrupt() -> Iterator[None]:
    """Let Ctrl-C end a prompt in the middle of a signature, and the signature with it.

    The event loop would otherwise wait for the prompt to return first; and click's own exception is one of those that mean to
    signing that the key failed.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    except click.Abort as error:
        raise KeyboardInterrupt from error
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _open_key(
    typing: _Typing, workspace: "Workspace", key_file: Path | None, token_uri: str | None, service_name: str | None
) -> Iterator["Signer"]:
    """Give the signer of the one key that was named; a token stays open while the block runs."""
    if key_file is not None:
        from signatures.signers import open_pkcs12

        yield open_pkcs12(key_file, typing.secret("password"))
    elif token_uri is not None:
        from signatures.pkcs11_keys import open_token
        from signatures.token_address import read_address

        with open_token(read_address(token_uri), lambda: typing.secret("PIN")) as signer:
            yield signer
    else:
        assert service_name is not None
        yield _open_service(typing, workspace, service_name)


def _open_service(typing: _Typing, workspace: "Workspace", name: str) -> "Signer":
    """Return the signer of the key that a signing service of the settings holds.

    Raises:
        UsageError: the settings name no such service.
        KeyUnavailableError: the service does not answer, or has no key that can be used from here.
    """
    from signatures.csc_keys import fetch_credential, service_signer, signed_in
    from signatures.csc_service import service_of
    from signatures.running import run

    services = workspace.settings.csc
    if name not in services:
        raise UsageError(
            "{name}: a signing service of mou.toml is expected; it has {services}",
            name=name,
            services=", ".join(sorted(services)) or say("none"),
        )
    service = run(signed_in(service_of(name, services[name], os.environ)))
    return service_signer(service, run(fetch_credential(service)), typing.unlocking)
