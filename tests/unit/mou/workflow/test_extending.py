"""Which documents are extended by themselves: complete ones, once, where a time stamp service is set."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import pytest

from mou.workflow import extending
from mou.workflow.extending import extend_completed
from mou.workflow.signing import sign_document
from mou.workflow.status import document_statuses
from mou.workflow.workspace import Workspace
from signatures.errors import TimestampError
from signatures.signers import Signer


@pytest.fixture
def with_time(workspace: Workspace) -> Workspace:
    settings = workspace.settings.model_copy(update={"timestamp_url": "http://127.0.0.1:9/"})
    return replace(workspace, settings=settings)


def complete_charter(workspace: Workspace, issue: Callable[..., Signer]) -> str:
    document_id = document_statuses(workspace, "lanna-charter")[0].document.document_id
    for field, name in (("S0001", "นางแก้ว ตัวอย่าง"), ("S0002", "นายคำ ตัวอย่าง")):
        sign_document(workspace, document_id, field, issue(name))
    return document_id


def test_without_a_time_stamp_service_nothing_is_extended(workspace: Workspace, issue: Callable[..., Signer]) -> None:
    complete_charter(workspace, issue)
    assert extend_completed(workspace) == 0


def test_a_completed_document_is_extended_and_no_other(
    workspace: Workspace, with_time: Workspace, issue: Callable[..., Signer], monkeypatch: pytest.MonkeyPatch
) -> None:
    charter = complete_charter(workspace, issue)
    asked: list[str] = []

    def note(_: Workspace, document_id: str, *__: object) -> SimpleNamespace:
        asked.append(document_id)
        return SimpleNamespace(is_new=True)

    monkeypatch.setattr(extending, "extend_document", note)
    assert extend_completed(with_time) == 1
    assert asked == [charter]


def test_a_document_that_is_extended_already_is_left_alone(
    workspace: Workspace, with_time: Workspace, issue: Callable[..., Signer], monkeypatch: pytest.MonkeyPatch
) -> None:
    charter = complete_charter(workspace, issue)
    with workspace.database.read() as transaction:
        newest = transaction.store.revisions(charter)[-1]
    after = replace(newest, number=newest.number + 1, field="T0001", entry_index=newest.entry_index + 1000)
    with workspace.database.write() as transaction:
        transaction.store.put_revision(after, before=newest.digest)
    monkeypatch.setattr(extending, "extend_document", lambda *_: pytest.fail("it is extended already"))
    assert extend_completed(with_time) == 0


def test_a_document_that_cannot_be_extended_now_is_left_for_the_next_time(
    workspace: Workspace, with_time: Workspace, issue: Callable[..., Signer], caplog: pytest.LogCaptureFixture
) -> None:
    complete_charter(workspace, issue)
    assert extend_completed(with_time) == 0
    assert [record.getMessage() for record in caplog.records] == [
        f"a completed document waits to be extended: {TimestampError.__name__}"
    ]
