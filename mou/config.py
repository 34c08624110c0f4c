"""Settings of a workspace: `mou.toml`, and above it the environment variables that begin with `MOU_`."""

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from mou.errors import WorkspaceError

SETTINGS_FILE = "mou.toml"
WORKSPACE_VERSION = 1


class SettingsError(WorkspaceError):
    """The settings of a workspace cannot be used."""


class CscSettings(BaseModel):
    """A remote signing service: where it is, and which credential to use where it is always the same."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = Field(pattern=r"^https?://\S+$")
    client_id: str | None = None
    credential_id: str | None = None
    title: str | None = None  # what people read; the name in mou.toml, where there is none


class Settings(BaseSettings):
    """What a workspace is set to. Nothing secret stands here: keys lie in `keys/`."""

    model_config = SettingsConfigDict(env_prefix="MOU_", extra="forbid", frozen=True)

    workspace_version: int = Field(ge=1)
    name: str = Field(min_length=1)  # of the network or programme; stands in its certificates
    origin: str = Field(pattern=r"^[^\s+]+$")  # of the ledger: a name without scheme, space or plus (C2SP tlog-checkpoint)
    timestamp_url: str | None = None  # RFC 3161 service; signatures reach B-T when it is set
    # Where the public finds documents by the code on their pages; short, since it is printed whole and drawn as a QR code.
    public_url: str | None = Field(default=None, pattern=r"^https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~/-]*)?$", max_length=60)
    # Where signatories reach `mou serve`; links in invitations begin with it. None: as public_url, else this machine alone.
    site_url: str | None = Field(default=None, pattern=r"^https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~/-]*)?$", max_length=200)
    mail_from: str | None = Field(default=None, pattern=r"^[^@\s<>]+@[^@\s<>]+$")  # the secretariat's address
    smtp_host: str | None = None  # None: mails are written into the outbox folder
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str | None = None  # its password: MOU_SMTP_PASSWORD in the environment, never in a file of the workspace
    csc: dict[str, CscSettings] = {}  # remote signing services (Cloud Signature Consortium), by name
    database_url: str | None = None  # None: SQLite in the workspace
    workers: int = Field(default=2, ge=1, le=64)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  # the base class fixes the names; two sources are enough here
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take the environment first, then the file."""
        return env_settings, init_settings


def read_settings(folder: Path) -> Settings:
    """Return the settings of the workspace in this folder.

    Raises:
        WorkspaceError: the folder is no workspace, or one of a newer version.
        SettingsError: the file cannot be read, or a value is not what its name asks for; all of them are named.
    """
    path = folder / SETTINGS_FILE
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise WorkspaceError(
            "{folder} is not a workspace: it has no mou.toml; make one with: mou init {folder}", folder=folder
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError("{path} cannot be read as TOML: {cause}", path=path, cause=error) from error
    version = values.get("workspace_version")
    if isinstance(version, int) and version > WORKSPACE_VERSION:
        raise WorkspaceError(
            "{folder} is a workspace of version {found}, this program knows up to {known}; use a newer mou",
            folder=folder,
            found=version,
            known=WORKSPACE_VERSION,
        )
    try:
        return Settings(**values)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in error.errors())
        raise SettingsError("{path}: {wrong}", path=path, wrong=wrong) from error


def settings_text(*, name: str, origin: str) -> str:
    """Return the `mou.toml` of a new workspace."""
    return "\n".join(
        [
            f"workspace_version = {WORKSPACE_VERSION}",
            f"name = {_quoted(name)}",
            f"origin = {_quoted(origin)}  # the name of this workspace's ledger; never change it",
            '# timestamp_url = "https://..."  # RFC 3161 service: signatures then carry a trusted time (B-T)',
            '# public_url = "https://..."  # stands on every page, as text and as a QR code, with the document behind it',
            '# site_url = "https://..."  # where signatories reach mou serve; links in invitations begin with it',
            '# mail_from = "secretariat@example.org"  # the address that invitations come from',
            '# smtp_host = "mail.example.org"  # else mails lie in outbox/; smtp_port, smtp_security and smtp_user as needed',
            '# database_url = "postgresql+psycopg://..."  # else SQLite in this folder',
            "workers = 2",
            "",
        ]
    )


def find_workspace(start: Path) -> Path | None:
    """Return the folder itself or its nearest parent that holds a `mou.toml`."""
    for folder in (start, *start.parents):
        if (folder / SETTINGS_FILE).is_file():
            return folder
    return None


def _quoted(text: str) -> str:
    """Return the text as a TOML basic string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in escaped) + '"'
