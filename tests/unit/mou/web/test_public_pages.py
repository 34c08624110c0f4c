"""The public page of a document: how far it is and its digests, and no person, whoever they are."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from starlette.testclient import TestClient

from mou.workflow.public_view import code_of, public_document, read_code
from mou.workflow.status import DocumentStatus
from mou.workflow.workspace import Workspace
from signatures.digests import digest_of
from signatures.ledger.checkpoint import open_checkpoint

PdfOf: TypeAlias = Callable[[str], Path]
StatusOf: TypeAlias = Callable[[str], DocumentStatus]
SignAs: TypeAlias = Callable[[str, str], None]

PERSONS = ("แก้ว", "สมมุติวงศ์", "ฟ้าใส", "เยาวมาลย์", "ประธานกลุ่ม", "ประธานกลุ่ม")


@pytest.mark.parametrize("organisation_id", ["org-1", "org-2"])
@pytest.mark.parametrize("language", ["th", "en"])
def test_no_person_is_named_on_the_page_or_to_programs(
    client: TestClient, status_of: StatusOf, organisation_id: str, language: str
) -> None:
    code = code_of(status_of(organisation_id).document)
    for path in (f"/d/{code}?lang={language}", f"/api/v1/documents/{code}"):
        answer = client.get(path)
        assert answer.status_code == 200
        text = answer.text.encode().decode("unicode_escape") if path.startswith("/api") else answer.text
        assert [person for person in PERSONS if person in answer.text or person in text] == []


def test_the_page_shows_how_far_the_document_is_and_where_it_stands_in_the_ledger(
    client: TestClient, status_of: StatusOf, pdf_of: PdfOf
) -> None:
    document = status_of("org-1").document
    page = client.get(f"/d/{code_of(document)}").text
    for shown in (
        "1 of 1 signatures are there.",
        document.title,
        str(document.document_number),
        "มูลนิธิสมมติหนึ่ง",
        document.prepared.hex,
        digest_of(pdf_of("org-1").read_bytes()).hex,
        "has signed",
        "example.org/test",
    ):
        assert shown in page


def test_programs_get_the_same_with_a_checkpoint_that_can_be_opened(
    client: TestClient, workspace: Workspace, status_of: StatusOf
) -> None:
    document = status_of("org-2").document
    told = client.get(f"/api/v1/documents/{code_of(document)}").json()
    assert (told["code"], told["title"], told["version"]) == (code_of(document), document.title, "2")
    assert (told["signed"], told["signatures"], told["is_complete"]) == (0, 1, False)
    assert told["places"] == [
        {
            "field": "S0001",
            "role": "party",
            "capacity": "authorised_representative",
            "organisation": "กลุ่มเยาวชนสมมติ",
            "state": "draft",
        }
    ]
    checkpoint = open_checkpoint(told["checkpoint"], (workspace.keys.ledger_public_key(),))
    assert all(one["entry"] < checkpoint.size for one in told["revisions"])
    assert told["revisions"][-1]["sha256"] == document.current.hex
    assert told["ledger_key"] == str(workspace.keys.ledger_public_key())


def test_a_document_is_found_by_the_digest_of_any_of_its_states(
    workspace: Workspace, status_of: StatusOf, sign_as: SignAs
) -> None:
    before = status_of("org-2").document
    sign_as("org-2", "นางสาวฟ้าใส เยาวมาลย์")
    after = status_of("org-2").document
    assert public_document(workspace, before.prepared.hex).asked_revision is None
    assert public_document(workspace, before.current.hex).asked_revision == 1
    found = public_document(workspace, after.current.hex)
    assert (found.asked_revision, found.code, found.signed, found.is_complete) == (2, code_of(after), 1, True)


def test_the_page_marks_the_revision_that_was_asked_for(client: TestClient, status_of: StatusOf) -> None:
    document = status_of("org-1").document
    assert "the one that you asked for" in client.get(f"/d/{document.current.hex}").text
    assert "the one that you asked for" not in client.get(f"/d/{code_of(document)}").text


def test_a_document_that_was_replaced_says_what_stands_in_its_place(
    client: TestClient, workspace: Workspace, status_of: StatusOf
) -> None:
    standing = status_of("org-1").document
    with workspace.database.read() as transaction:
        old = next(
            document
            for document in transaction.store.all_documents()
            if document.organisation_id == "org-1" and document.document_id != standing.document_id
        )
    page = client.get(f"/d/{code_of(old)}").text
    assert "This document was replaced" in page
    assert f'href="/d/{code_of(standing)}"' in page
    told = client.get(f"/api/v1/documents/{code_of(old)}").json()
    assert (told["is_superseded"], told["superseded_by"]) == (True, code_of(standing))
    assert "This document was replaced" not in client.get(f"/d/{code_of(standing)}").text


@pytest.mark.parametrize("code", ["0" * 32, "0" * 64, "0" * 31, "x", "' OR 1=1 --", "%2e%2e%2f", "๑" * 32])
def test_an_unknown_code_gets_a_calm_page(client: TestClient, code: str) -> None:
    answer = client.get(f"/d/{code}")
    assert answer.status_code == 404
    assert "no document of this site has this code" in answer.text or "There is nothing at this address." in answer.text
    told = client.get(f"/api/v1/documents/{code}")
    assert (told.status_code, told.json()["error"]["code"]) == (404, "not_found")


def test_a_part_of_a_digest_finds_nothing(client: TestClient, status_of: StatusOf) -> None:
    document = status_of("org-1").document
    for part in (
        document.input_digest.hex[:31],
        document.input_digest.hex[:33],
        document.input_digest.hex,
        document.current.hex[:32],
    ):
        assert client.get(f"/d/{part}").status_code == 404


def test_a_code_in_capitals_is_led_to_the_plain_one(client: TestClient, status_of: StatusOf) -> None:
    code = code_of(status_of("org-1").document)
    answer = client.get(f"/d/{code.upper()}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/d/{code}")


def test_an_address_with_nothing_but_lines_and_signs_is_no_code() -> None:
    assert [read_code(text) for text in ("", "-", "/", "sha256:", "sha256:" + "a" * 64)] == [None, None, None, None, "a" * 64]
