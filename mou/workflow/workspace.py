"""A workspace as the use cases see it: settings, database, files and keys, wired by `mou.app`."""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mou.ceremony import Ceremony, read_ceremony
from mou.config import Settings
from mou.errors import WorkspaceError
from mou.storage.database import Database
from mou.storage.files import FileStore
from mou.storage.wordings import WordingStore
from mou.workflow.keys import KeyFolder
from signatures.canonical import JsonValue, canonical_bytes

if TYPE_CHECKING:
    from mou.notify import Mailer
    from signatures.timestamps import TimestampService

CEREMONY_FILE = "ceremony.toml"
DEFAULT_SITE_URL = "http://127.0.0.1:8000"
SECRETARIAT = "usr_secretariat"  # the actor of everything that the workspace does by itself


@dataclass(frozen=True, slots=True)
class Workspace:
    """Everything that a use case needs; the clock is passed in, so that a test can set it."""

    folder: Path
    settings: Settings
    database: Database
    files: FileStore
    keys: KeyFolder
    clock: Callable[[], datetime]

    @property
    def documents_folder(self) -> Path:
        """Where every document lies under a name that a person understands, with its evidence beside it."""
        return self.folder / "documents"

    @property
    def templates_folder(self) -> Path:
        """Where the workspace's own templates lie; one of the same name stands before a bundled one."""
        return self.folder / "templates"

    @property
    def texts_folder(self) -> Path:
        """Where the words of each document lie as they were filled in."""
        return self.folder / "texts"

    @property
    def wordings(self) -> WordingStore:
        """What was accepted into the texts of documents, version after version."""
        return WordingStore(self.folder / "wordings")

    @property
    def prepared(self) -> FileStore:
        """Where documents wait that are prepared for a key elsewhere: none of them is a document, and none is kept."""
        return FileStore(self.folder / "prepared")

    @property
    def site_url(self) -> str:
        """Where signatories reach the pages; without a slash at the end."""
        return (self.settings.site_url or self.settings.public_url or DEFAULT_SITE_URL).rstrip("/")

    def reached_at(self, address: str) -> "Workspace":
        """Return the workspace as one whose pages are reached at this address, unless its settings name another."""
        if self.settings.site_url or self.settings.public_url:
            return self
        return replace(self, settings=self.settings.model_copy(update={"site_url": address}))

    def mailer(self) -> "Mailer":
        """Return what sends mail: a server, or the outbox folder where none is set."""
        from mou.notify.opening import MailSettings, open_mailer  # brings the mail packages

        settings = self.settings
        mail = MailSettings(
            host=settings.smtp_host,
            port=settings.smtp_port,
            security=settings.smtp_security,
            user=settings.smtp_user,
            password=os.environ.get("MOU_SMTP_PASSWORD"),
            mail_from=settings.mail_from,
        )
        return open_mailer(mail, outbox=self.folder / "outbox" / "mail")

    def timestamps(self) -> "TimestampService | None":
        """Return the time stamp service, if one is set."""
        from signatures.timestamps import TimestampService  # brings pyHanko and an HTTP client

        return TimestampService(self.settings.timestamp_url) if self.settings.timestamp_url else None

    def ceremony(self) -> Ceremony:
        """Return what is the same for every document of this workspace.

        Raises:
            WorkspaceError: there is no `ceremony.toml` yet.
        """
        path = self.folder / CEREMONY_FILE
        if not path.is_file():
            raise WorkspaceError(
                "{path} is missing: it says who the host is, where and when; copy one from templates/*/example and fill it in",
                path=path,
            )
        return read_ceremony(path)


def operation_id(*parts: JsonValue) -> str:
    """Return the id under which an act is recorded: the same act always has the same one."""
    return hashlib.sha256(canonical_bytes(list(parts))).hexdigest()
