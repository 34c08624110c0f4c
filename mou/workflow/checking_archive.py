"""Is what we make archival and accessible? The specimen of this machine, the newest document of each template, any PDF.

Each file is looked at by our own rules, and by veraPDF where it was asked for and is installed. What was not looked at counts
neither as a fault nor as sound.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from mou.errors import RenderingError, UsageError
from mou.rendering.archive import read_record
from mou.rendering.conformance import ConformanceReport, check_conformance
from mou.rendering.specimen import SPECIMEN_DATE, write_specimen
from mou.rendering.verapdf import Verdict, find_verapdf, run_verapdf
from mou.workflow.workspace import Workspace
from signatures.messages import Message, say


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """One file with what the rules saw and, where veraPDF was asked, its verdicts; a path is a name in every language.

    `laid_out_by` names another program that laid out a document of this workspace: it was never made to follow these rules.
    """

    name: Message
    report: ConformanceReport
    verdicts: tuple[Verdict, ...] = ()
    laid_out_by: str | None = None

    @property
    def works(self) -> bool | None:
        """False where anybody found a fault, None where something was not looked at or is none of our making, else True."""
        if self.laid_out_by is not None:
            return None
        passed = [verdict.passed for verdict in self.verdicts]
        if self.report.has_faults or False in passed:
            return False
        return None if None in passed or not self.report.is_complete else True


def check_specimen(*, with_verapdf: bool = False) -> CheckedFile:
    """Make a page with everything that a document may hold on this machine, with its fields, and look at it.

    Raises:
        RenderingError: it cannot be made here.
    """
    from mou.documents import prepare_document  # loads Pango, which a look at a finished PDF does not need

    with TemporaryDirectory(prefix="mou-specimen-") as folder:
        path = Path(folder) / "specimen.pdf"
        path.write_bytes(prepare_document(write_specimen(Path(folder)), created=SPECIMEN_DATE).pdf)
        (checked,) = _check(((say("a page made now"), path),), with_verapdf=with_verapdf)
    return checked


def check_newest_documents(workspace: Workspace, *, with_verapdf: bool = False) -> tuple[CheckedFile, ...]:
    """Look at the document of each template that was published last."""
    newest: dict[str, Path] = {}
    with workspace.database.read() as transaction:
        documents = transaction.store.documents()
    for document in documents:
        path = workspace.documents_folder / document.template / f"{document.file_name}.pdf"
        known = newest.get(document.template)
        if path.is_file() and (known is None or path.stat().st_mtime_ns >= known.stat().st_mtime_ns):
            newest[document.template] = path
    named = tuple((say("{path}", path=path.relative_to(workspace.folder)), path) for _, path in sorted(newest.items()))
    checked = _check(named, with_verapdf=with_verapdf)
    return tuple(replace(one, laid_out_by=_other_program(path)) for one, (_, path) in zip(checked, named, strict=True))


def _other_program(path: Path) -> str | None:
    """Return which other program laid out a document of ours; None where we did."""
    try:
        named = read_record(_read(path)).get("laid_out_by")
    except RenderingError:
        return None
    return str(named["program"]) if isinstance(named, dict) and "program" in named else None


def check_files(paths: Sequence[Path], *, with_verapdf: bool = False) -> tuple[CheckedFile, ...]:
    """Look at PDFs from anywhere.

    Raises:
        UsageError: a file cannot be read.
    """
    return _check(tuple((say("{path}", path=path), path) for path in paths), with_verapdf=with_verapdf)


def _check(files: Sequence[tuple[Message, Path]], *, with_verapdf: bool) -> tuple[CheckedFile, ...]:
    program = find_verapdf() if with_verapdf else None
    verdicts = run_verapdf(program, [path for _, path in files]) if program is not None and files else ()
    return tuple(
        CheckedFile(name, check_conformance(_read(path)), tuple(verdict for verdict in verdicts if verdict.path == path))
        for name, path in files
    )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError("{path} cannot be read: {cause}", path=path, cause=error.strerror) from error
