"""One suite for every database that the workflow can stand on."""

import os
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, create_engine, inspect, make_url, text

from mou.errors import WorkspaceError
from mou.models import Capacity, Organisation, OrganisationKind, Person, SignatorySlot
from mou.requests import RequestState, SignatureRequest, sign_request
from mou.storage.database import SCHEMA_VERSION, Database, open_database
from mou.storage.store import Document, ListedOrganisation, NotFoundError, Revision, StaleRevisionError
from mou.storage.tables import workflow_metadata
from signatures.bundle import ExpectedSignature
from signatures.digests import Digest, digest_of
from signatures.ledger.checkpoint import LedgerKey
from signatures.ledger.entry import Event
from signatures.ledger.store import ledger_metadata

ORIGIN = "example.org/test"
NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
EXPECTED = (ExpectedSignature("S0001", "signature", "นางสมมติ ตัวอย่าง", "ผู้มีอำนาจลงนาม", None),)
SERVER = os.environ.get("MOU_TEST_DATABASE_URL")


@pytest.fixture(scope="session")
def ledger_key() -> LedgerKey:
    return LedgerKey.generate(ORIGIN)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'mou.db'}"
        return
    if SERVER is None:
        pytest.skip("no PostgreSQL here: MOU_TEST_DATABASE_URL is not set")
    schema = f"test_{uuid.uuid4().hex}"
    engine = create_engine(SERVER)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    yield make_url(SERVER).update_query_dict({"options": f"-csearch_path={schema}"}).render_as_string(hide_password=False)
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


@pytest.fixture
def database(url: str, ledger_key: LedgerKey) -> Iterator[Database]:
    opened = open_database(url, origin=ORIGIN, ledger_key=ledger_key)
    yield opened
    opened.close()


def member(organisation_id: str = "org-1", name: str = "มูลนิธิสมมติ") -> Organisation:
    return Organisation(
        organisation_id,
        name,
        OrganisationKind.FOUNDATION,
        representative=Person("สมมติ", "ตัวอย่าง", "ประธาน", prefix="นาง"),
        source_row={"ชื่อ": name},
    )


def request_of(document_id: str) -> SignatureRequest:
    slot = SignatorySlot(
        "S0001", "party", "org-1", "มูลนิธิสมมติ", Person("สมมติ", "ตัวอย่าง", "ประธาน"), Capacity.AUTHORISED_REPRESENTATIVE, 1
    )
    return SignatureRequest(document_id, slot)


def document_of(document_id: str = "doc_1", *, file_name: str = "LCRN-001") -> Document:
    seed = f"{document_id} {file_name}".encode()
    return Document(
        document_id=document_id,
        template="lanna-mou",
        organisation_id="org-1",
        input_digest=digest_of(seed + b"input"),
        prepared=digest_of(seed + b"prepared"),
        current=digest_of(seed + b"certified"),
        revision_count=1,
        version="1",
        title="บันทึกความเข้าใจ",
        document_number="LCRN-001",
        file_name=file_name,
        salt=b"\x07" * 32,
        created_at=NOW,
    )


def keep_document(database: Database, document: Document) -> None:
    with database.write() as transaction:
        transaction.store.put_organisation(ListedOrganisation("members", 1, member()), at=NOW)
        transaction.store.add_document(document, [request_of(document.document_id)])
        transaction.store.add_revision(Revision(document.document_id, 1, document.current, "S0000", 1, NOW, EXPECTED))


def sign_first_field(database: Database, document: Document, *, before: Digest, after: Digest) -> None:
    signed = sign_request(request_of(document.document_id), certificate=digest_of(b"certificate"), at=NOW)
    with database.write() as transaction:
        revision = Revision(document.document_id, 2, after, "S0001", 2, NOW, EXPECTED)
        transaction.store.put_signature(signed, revision, before=before)


def _metadata_of_both() -> MetaData:
    both = MetaData()
    for table in (*workflow_metadata.tables.values(), *ledger_metadata.tables.values()):
        table.to_metadata(both)
    return both


def test_the_tables_are_the_sum_of_the_migrations(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, _metadata_of_both()) == []
        checks = inspect(connection).get_check_constraints("ledger_head")
    assert [check["name"] for check in checks] == ["ck_ledger_head_one_row"]


def test_opening_a_database_again_changes_nothing(database: Database, url: str, ledger_key: LedgerKey) -> None:
    keep_document(database, document_of())
    again = open_database(url, origin=ORIGIN, ledger_key=ledger_key)
    with again.read() as transaction:
        assert transaction.store.document("doc_1") == document_of()
    again.close()


def test_a_database_of_a_newer_version_is_left_alone(database: Database, url: str, ledger_key: LedgerKey) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(WorkspaceError, match=f"schema 9999.*up to {SCHEMA_VERSION}.*newer mou"):
        open_database(url, origin=ORIGIN, ledger_key=ledger_key)


def record_and_crash(database: Database) -> None:
    with database.write() as transaction:
        transaction.ledger.append([Event("log.opened", "log_1", "usr_secretariat", {}, "op-1")], at=NOW)
        transaction.store.put_organisation(ListedOrganisation("members", 1, member()), at=NOW)
        raise RuntimeError("power cut")


def test_the_ledger_and_the_workflow_are_committed_together_or_not_at_all(database: Database) -> None:
    with pytest.raises(RuntimeError, match="power cut"):
        record_and_crash(database)
    with database.read() as transaction:
        assert transaction.ledger.head().size == 0
        assert transaction.store.organisations() == ()


def test_an_organisation_comes_back_as_it_was_with_its_source_row(database: Database) -> None:
    with database.write() as transaction:
        transaction.store.put_organisation(ListedOrganisation("members", 1, member()), at=NOW)
    with database.read() as transaction:
        assert transaction.store.organisations("members") == (ListedOrganisation("members", 1, member()),)


def test_an_organisation_that_comes_again_is_brought_up_to_date_in_its_place(database: Database) -> None:
    with database.write() as transaction:
        transaction.store.put_organisation(ListedOrganisation("members", 1, member()), at=NOW)
        transaction.store.put_organisation(ListedOrganisation("members", 9, member(name="มูลนิธิชื่อใหม่")), at=NOW)
    with database.read() as transaction:
        (listed,) = transaction.store.organisations()
    assert (listed.number, listed.organisation.name_th) == (1, "มูลนิธิชื่อใหม่")


def test_a_signature_moves_the_document_on(database: Database) -> None:
    document = document_of()
    keep_document(database, document)
    after = digest_of(b"signed")
    sign_first_field(database, document, before=document.current, after=after)
    with database.read() as transaction:
        now = transaction.store.document("doc_1")
        (request,) = transaction.store.requests("doc_1")
        assert transaction.store.revisions("doc_1")[-1].expected == EXPECTED
    assert (now.current, now.revision_count) == (after, 2)
    assert (request.state, request.certificate, request.signed_at) == (RequestState.SIGNED, digest_of(b"certificate"), NOW)


def test_a_signature_on_a_stale_revision_is_refused_and_changes_nothing(database: Database) -> None:
    document = document_of()
    keep_document(database, document)
    with pytest.raises(StaleRevisionError, match="another signature was recorded meanwhile"):
        sign_first_field(database, document, before=digest_of(b"older"), after=digest_of(b"signed"))
    with database.read() as transaction:
        assert transaction.store.document("doc_1") == document
        assert len(transaction.store.revisions("doc_1")) == 1


def test_a_superseded_document_no_longer_stands_but_is_kept(database: Database) -> None:
    keep_document(database, document_of())
    with database.write() as transaction:
        transaction.store.add_document(document_of("doc_2", file_name="LCRN-001-v2"), [])
        transaction.store.supersede("doc_1", "doc_2")
    with database.read() as transaction:
        assert [document.document_id for document in transaction.store.documents("lanna-mou")] == ["doc_2"]
        assert {document.document_id for document in transaction.store.all_documents()} == {"doc_1", "doc_2"}
        assert transaction.store.count_documents_named("LCRN-001") == 2


def test_a_document_that_is_not_there_is_said_to_be_missing(database: Database) -> None:
    with database.read() as transaction, pytest.raises(NotFoundError, match=r"no document doc_9.*mou status"):
        transaction.store.document("doc_9")


def test_queued_work_stays_queued_until_it_is_done(database: Database) -> None:
    with database.write() as transaction:
        transaction.store.queue("op-1", "publish", "doc_1")
        transaction.store.queue("op-1", "publish", "doc_1")
        transaction.store.queue("op-2", "publish", "doc_2")
    with database.write() as transaction:
        transaction.store.mark_done(["op-1"], at=NOW)
    with database.read() as transaction:
        assert transaction.store.queued("publish") == (("op-2", "doc_2"),)
