"""Receiving a whole table of papers: every cell is read first, then all papers are examined and recorded together.

The order, each step safe to repeat:
1. read the table; a cell that cannot be used ends it here, with every such cell named, and nothing was kept;
2. keep the files that the rows name, by their digests. *A crash here leaves files that nothing names*;
3. one transaction receives all papers, in the order of their days. **The commit point.** *A crash before it leaves nothing; after
   it, the same table again makes nothing twice*.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from mou.charter.instruments import Charter
from mou.charter.paper_cells import Lookups
from mou.charter.paper_table import PaperRow, PaperTable, read_papers
from mou.errors import InputError
from mou.organisations.reading import MAXIMUM_BYTES
from mou.organisations.tables import Table
from mou.organisations.text_table import read_text_table
from mou.storage.database import Transaction
from mou.thai import BANGKOK
from mou.workflow.depositing import Deposit, kept_charter, person_id, receive_instruments, with_authority_id
from mou.workflow.examining import Presented
from mou.workflow.workspace import Workspace
from signatures.digests import digest_of_file

_ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class ReceivedRow:
    """A row and what became of its paper."""

    row: PaperRow
    deposit: Deposit


@dataclass(frozen=True, slots=True)
class ReceivedTable:
    """Every row of a table in its order, and the columns that mean nothing here."""

    rows: tuple[ReceivedRow, ...]
    unknown_columns: tuple[str, ...]


def import_papers(workspace: Workspace, charter_id: str, path: Path) -> ReceivedTable:
    """Receive every paper of a table (.xlsx or .csv): examine it, record it, and say what became of it.

    Raises:
        InputError: the file cannot be read, or cells of it cannot be used, all of them named; nothing was recorded.
        UsageError: no such charter is kept.
    """
    table = _read_table(path)
    beside = _FilesBeside(path.resolve().parent)
    with workspace.database.read() as transaction:
        read = read_papers(table, _lookups(workspace, transaction, kept_charter(transaction, charter_id), beside))
    beside.keep(workspace)
    deposits = receive_instruments(workspace, charter_id, _presented(read))
    rows = tuple(ReceivedRow(row, deposit) for row, deposit in zip(read.rows, deposits, strict=True))
    return ReceivedTable(rows, read.unknown_columns)


@dataclass(frozen=True, slots=True)
class _FilesBeside:
    """The files in a table's folder that its rows name. None outside it is read, so that a table from elsewhere takes nothing."""

    folder: Path
    digests: dict[str, str | None] = field(default_factory=dict)

    def digest(self, name: str) -> str | None:
        """Return the digest of a file by its path beside the table; None where there is none."""
        if name not in self.digests:
            path = self._path(name)
            is_there = path.is_relative_to(self.folder) and path.is_file()
            self.digests[name] = str(digest_of_file(path)) if is_there else None
        return self.digests[name]

    def keep(self, workspace: Workspace) -> None:
        """Keep every file that was named.

        Raises:
            InputError: one was changed while the table was read.
        """
        for name, digest in self.digests.items():
            if digest is not None and str(workspace.files.put(self._path(name).read_bytes())) != digest:
                raise InputError("{file} was changed while the table was read; run the command again", file=name)

    def _path(self, name: str) -> Path:
        return (self.folder / name.replace("\\", "/")).resolve()


def _read_table(path: Path) -> Table:
    """Return the table of a file; its header is found by the column of the organisation.

    Raises:
        InputError: the file cannot be read, or holds no table.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAXIMUM_BYTES + 1)
    except OSError as error:
        raise InputError(
            "{file} cannot be read: {reason}", file=str(path), reason=error.strerror or type(error).__name__
        ) from error
    if len(content) > MAXIMUM_BYTES:
        raise InputError(
            "{file}: a list of at most {limit} MiB is expected, got more", file=path.name, limit=MAXIMUM_BYTES // 2**20
        )
    try:
        if content.startswith(_ZIP):
            from mou.organisations.workbook import read_workbook  # brings openpyxl

            return read_workbook(path.name, content)
        return read_text_table(path.name, content)
    except InputError as error:
        raise InputError(
            "{file}: a table of papers is expected, with one column each for วันที่ (on), เอกสาร (instrument), องค์กร (organisation)",
            file=path.name,
            problems=error.problems or (error.message,),
        ) from error


def _lookups(workspace: Workspace, transaction: Transaction, charter: Charter, beside: _FilesBeside) -> Lookups:
    organisations = [listed.organisation for listed in transaction.store.organisations()]
    ids: dict[str, tuple[str, ...]] = {}
    for one in organisations:
        name = " ".join(one.name_th.split())
        ids[name] = (*ids.get(name, ()), one.organisation_id)
    documents = {
        name: str(document.prepared)
        for document in transaction.store.documents()
        for name in (document.document_id, document.document_number, document.file_name)
        if name is not None
    }
    return Lookups(
        charter=charter,
        today=workspace.clock().astimezone(BANGKOK).date(),
        kinds={one.organisation_id: one.kind for one in organisations},
        ids=ids,
        document=documents.get,
        file=beside.digest,
        person=lambda organisation, name: person_id(workspace, organisation, name),
        authority=with_authority_id,
    )


def _presented(read: PaperTable) -> Iterator[Presented]:
    places = {row.number: place for place, row in enumerate(read.rows)}
    for row in read.rows:
        yield Presented(row.paper, row.note, None if row.about_row is None else places[row.about_row])
