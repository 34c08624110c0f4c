"""The register of signatories from a workspace: names where they belong, one snapshot, and nobody in a public copy."""

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from mou.ceremony import Channel
from mou.charter.answers import CharterState
from mou.errors import UsageError
from mou.signatories.record import register_as_record
from mou.signatories.rows import StampDuty
from mou.storage.store import NotFoundError
from mou.workflow import registering
from mou.workflow.charters import charter_on, parties_on
from mou.workflow.public_view import code_of
from mou.workflow.registering import (
    find_kept_charter,
    has_register,
    kept_charters,
    register_on,
    require_known_organisation,
    today,
)
from mou.workflow.status import find_document
from mou.workflow.workspace import Workspace
from signatures.digests import digest_of
from tests.kept_charters import DAY, FORCE, PERSONS, make_kept_charter, open_later


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_kept_charter(tmp_path_factory.mktemp("registering") / "workspace")


@pytest.fixture
def workspace(made: Path, tmp_path: Path) -> Iterator[Workspace]:
    shutil.copytree(made, tmp_path / "workspace")
    opened = open_later(tmp_path / "workspace")
    yield opened
    opened.database.close()


@pytest.fixture
def charter(workspace: Workspace) -> str:
    return find_document(workspace, "accord").document_id


def test_the_secretariats_copy_names_who_signed_and_what_they_are(workspace: Workspace, charter: str) -> None:
    register = register_on(workspace, charter, FORCE, is_public=False)
    acts = [one.decisive for one in register.signatories]
    assert [act and act.signatory for act in acts] == [
        "นางแก้ว สมมุติวงศ์, ประธานกลุ่ม",
        "นายคำแปง สมมุติชน, ผู้ประสานงาน",
        "นางสาวฟ้าใส เยาวมาลย์, ประธานกลุ่ม",
    ]
    assert [act and act.channel for act in acts] == [Channel.ONLINE, Channel.PAPER, Channel.ON_SITE]
    assert [one.authorities[0].stamp_duty for one in register.signatories][1] is StampDuty.MISSING
    assert register.charter.is_sample
    assert register.charter.network == "เครือข่ายสิทธิเด็กล้านนา"


def test_a_public_copy_names_nobody_of_whatever_kind_of_organisation(
    workspace: Workspace, charter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_arguments: object) -> str:
        raise AssertionError("a person was looked up for a public copy")

    monkeypatch.setattr(registering, "person_id", never)
    told = json.dumps(register_as_record(register_on(workspace, charter, FORCE, is_public=True)), ensure_ascii=False)
    assert [word for word in (*PERSONS, "per_", "usr_secretariat") if word in told] == []
    assert "กลุ่มเยาวชนสมมติ" in told


def test_the_register_says_what_the_questions_answer(workspace: Workspace, charter: str) -> None:
    for on in (date(2022, 3, 28), DAY, FORCE, date(2022, 12, 1)):
        register = register_on(workspace, charter, on, is_public=True)
        assert register.status == charter_on(workspace, charter, on)
        answered = {one.party: one for one in parties_on(workspace, charter, on)}
        assert all(answered[one.status.party] == one.status for one in register.signatories)
    assert register.status.state is CharterState.IN_FORCE
    assert [one.party for one in register.not_signed] == ["youth-2"]
    assert [one.party for one in register.returned] == ["youth-2"]


def test_the_register_names_the_state_of_the_ledger_that_it_was_computed_from(workspace: Workspace, charter: str) -> None:
    register = register_on(workspace, charter, FORCE, is_public=True)
    with workspace.database.read() as transaction:
        assert register.ledger.size == transaction.ledger.head().size
        assert register.ledger.checkpoint == transaction.ledger.note()
    assert all(one.entry < register.ledger.size for one in (*register.instruments, *register.returned))


def test_a_charter_is_found_by_its_id_its_code_and_the_digest_of_its_text(workspace: Workspace, charter: str) -> None:
    document = find_document(workspace, "accord")
    (kept,) = kept_charters(workspace)
    for name in (charter, code_of(document), document.prepared.hex, document.current.hex):
        assert find_kept_charter(workspace, name) == kept
    assert has_register(workspace, document.prepared)
    assert not has_register(workspace, digest_of(b"another"))
    for name in ("0" * 32, "f" * 64, "doc_none", "", "' OR 1=1"):
        with pytest.raises(NotFoundError):
            find_kept_charter(workspace, name)


def test_a_charter_that_is_not_kept_has_no_register(workspace: Workspace) -> None:
    with pytest.raises(UsageError, match="mou charter adopt"):
        register_on(workspace, "doc_none", FORCE, is_public=True)


def test_an_organisation_is_known_from_the_list_from_its_papers_or_not_at_all(workspace: Workspace, charter: str) -> None:
    require_known_organisation(workspace, charter, "org-1")
    require_known_organisation(workspace, charter, "youth-2")
    with pytest.raises(NotFoundError):
        require_known_organisation(workspace, charter, "org-9")


def test_today_is_the_day_in_bangkok(workspace: Workspace) -> None:
    assert today(workspace) == date(2022, 12, 1)
