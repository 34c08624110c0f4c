"""What WeasyPrint may read, and what it says: it only logs a loss and goes on, here every loss is an error."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from mimetypes import guess_type
from pathlib import Path
from urllib.parse import unquote, urlsplit

from weasyprint.urls import URLFetcher, URLFetcherResponse

from mou.errors import RenderingError

FOLDER_ADDRESS = "file:///template/"
_IMAGES_IN_ADDRESSES = ("data:image/png;", "data:image/jpeg;", "data:image/svg+xml")
_SHOWN_OF_ADDRESS = 200  # characters


class FolderFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
    """Reads files of one folder, and images that are written into the address itself; remembers what it refused.

    WeasyPrint only logs what could not be read and goes on, so the caller looks at `refused` afterwards. The folder has the
    same address wherever it lies, since WeasyPrint names an image in the PDF after its address.
    """

    def __init__(self, folder: Path) -> None:
        """Read what lies under the folder once symbolic links are followed."""
        super().__init__()
        self._folder = folder.resolve()
        self.refused: list[str] = []
        self.has_read = False

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """Return the file's content, or refuse the address."""
        if url.startswith(_IMAGES_IN_ADDRESSES):
            return super().fetch(url, headers)
        path = (self._folder / unquote(urlsplit(url.removeprefix(FOLDER_ADDRESS)).path)).resolve()
        if not url.startswith(FOLDER_ADDRESS) or not path.is_relative_to(self._folder):
            self.refused.append(url[:_SHOWN_OF_ADDRESS])
            raise ValueError("only files of the template's folder are read")
        self.has_read = True
        return URLFetcherResponse(
            url, path.read_bytes(), {"Content-Type": guess_type(path.name)[0] or "application/octet-stream"}
        )


_warnings: ContextVar[list[str] | None] = ContextVar("weasyprint_warnings", default=None)


class _Collector(logging.Handler):
    """Keeps what WeasyPrint says while a document of this thread is in work."""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the message, unless nobody is collecting in this thread."""
        collected = _warnings.get()
        if collected is not None:
            collected.append(record.getMessage())


@cache
def _listen_to_weasyprint() -> None:
    logger = logging.getLogger("weasyprint")
    logger.setLevel(logging.WARNING)
    logger.addHandler(_Collector(logging.WARNING))


@contextmanager
def collected_warnings() -> Iterator[list[str]]:
    """Collect what WeasyPrint warns of in this thread while the block runs."""
    collected: list[str] = []
    _listen_to_weasyprint()
    token = _warnings.set(collected)
    try:
        yield collected
    finally:
        _warnings.reset(token)


def refuse_losses(addresses: Sequence[str], warnings: Sequence[str]) -> None:
    """Raise for addresses that were not read and for whatever else WeasyPrint warned of; no warning is harmless."""
    if addresses:
        raise RenderingError(
            "the template asks for {addresses}; only files inside its own folder are read: put the file there",
            addresses=", ".join(dict.fromkeys(addresses)),
        )
    if warnings:
        raise RenderingError("the document cannot be drawn faithfully: {warnings}", warnings="; ".join(dict.fromkeys(warnings)))
