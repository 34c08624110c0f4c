"""The folder of wordings: for each document that changes were accepted into, one file for each version, written once."""

import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mou.drafts.wordings import Wording, folder_of, read_history
from mou.errors import ConflictError
from mou.storage.files import sync_folder

_FILE: Final = re.compile(r"[0-9]{4,}\.json")


@dataclass(frozen=True, slots=True)
class WordingStore:
    """Files at `<template>/<organisation id>/0001.json`, those of a joint document at `<template>/0001.json`."""

    folder: Path

    def history(self, template: str, organisation_id: str | None) -> tuple[Wording, ...]:
        """Return the wordings of a document, the oldest first.

        Raises:
            WorkspaceError: one was changed or is missing.
        """
        folder = self.folder / folder_of(template, organisation_id)
        files = sorted(path for path in folder.glob("*.json") if _FILE.fullmatch(path.name) and path.is_file())
        return read_history([path.read_bytes() for path in files], template, organisation_id)

    def add(self, wording: Wording) -> None:
        """Keep a wording: its file's name is given last, and only once. **The commit point**.

        A crash before it leaves a temporary file that nobody reads.

        Raises:
            ConflictError: somebody else accepted changes into the same version meanwhile.
        """
        path = self.folder / folder_of(wording.template, wording.organisation_id) / f"{wording.number:04d}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(prefix=".new-", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(wording.content)
                file.flush()
                os.fsync(file.fileno())
            os.link(temporary, path)
        except FileExistsError as error:
            raise ConflictError(
                "{path}: somebody else accepted changes into this text meanwhile; look at mou document history, and accept again",
                path=path,
            ) from error
        finally:
            Path(temporary).unlink(missing_ok=True)
        sync_folder(path.parent)
