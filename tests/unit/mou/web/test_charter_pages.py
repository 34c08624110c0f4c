"""The public page of a charter and the depositary's questions as calls: any day, organisations only, answers as `mou` gives."""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TypeAlias

import pytest
from starlette.testclient import TestClient

from mou.charter.answer_records import charter_as_record, party_as_record
from mou.web.application import create_app
from mou.web.charter_pages import read_day
from mou.workflow.charters import charter_on, party_on
from mou.workflow.notifying import issue_notice
from mou.workflow.public_view import code_of
from mou.workflow.status import find_document
from mou.workflow.workspace import Workspace
from tests.kept_charters import DAY, FORCE, PERSONS, make_kept_charter, open_later

NewBrowser: TypeAlias = Callable[..., TestClient]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_kept_charter(tmp_path_factory.mktemp("charter") / "workspace")


@pytest.fixture
def workspace(made: Path, tmp_path: Path) -> Iterator[Workspace]:
    shutil.copytree(made, tmp_path / "workspace")
    opened = open_later(tmp_path / "workspace")
    yield opened
    opened.database.close()


@pytest.fixture
def client(workspace: Workspace, new_browser: NewBrowser) -> TestClient:
    return new_browser(create_app(workspace, https=False))


@pytest.fixture
def code(workspace: Workspace) -> str:
    return code_of(find_document(workspace, "accord"))


def words_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("on", [None, DAY, FORCE])
def test_no_person_is_named_on_the_page(client: TestClient, code: str, language: str, on: date | None) -> None:
    answer = client.get(f"/c/{code}{'' if on is None else f'/{on}'}?lang={language}")
    assert answer.status_code == 200
    assert [person for person in (*PERSONS, "per_") if person in answer.text] == []


def test_the_public_ledger_of_a_youth_group_shows_no_person(client: TestClient, code: str) -> None:
    """Acceptance case 8, on the web and to programs."""
    for path in (
        f"/c/{code}",
        f"/d/{code}",
        f"/api/v1/charters/{code}",
        f"/api/v1/charters/{code}/parties",
        f"/api/v1/charters/{code}/parties/youth-1",
        f"/api/v1/documents/{code}",
    ):
        answer = client.get(path)
        told = answer.text if "html" in answer.headers["content-type"] else str(answer.json())
        assert answer.status_code == 200
        assert "youth" in told or "เยาวชน" in told or path == f"/api/v1/charters/{code}"
        assert [person for person in (*PERSONS, "per_") if person in told] == []


def test_the_page_shows_the_state_the_counts_and_each_organisation(client: TestClient, code: str) -> None:
    words = words_of(client.get(f"/c/{code}").text)
    for said in (
        "State of the charter on 1 December 2022",
        "✓ in force",
        "Have signed 3",
        "Asked and not signed 1",
        "Papers returned, not counted 1",
        "Conditions met on 29 March 2022",
        "In force from 28 April 2022",
        "กลุ่มเยาวชนสมมติ",
        "definitive signature · ■ on paper",
        "no evidence of stamp duty yet",
        "articles 5",
        "no objection",
        "This page names no person.",
    ):
        assert said in words
    assert "กลุ่มเยาวชนสมมติสอง" not in words  # asked and not signed: told by number alone


@pytest.mark.parametrize(
    ("on", "state"),
    [("2022-03-28", "its text is not adopted"), ("2022-04-27", "the day is fixed"), ("2022-04-28", "in force")],
)
def test_every_day_has_an_address_of_its_own(client: TestClient, code: str, on: str, state: str) -> None:
    asked = client.get(f"/c/{code}?at={on}")
    assert (asked.status_code, asked.headers["location"]) == (303, f"/c/{code}/{on}")
    page = client.get(f"/c/{code}/{on}")
    assert page.status_code == 200
    assert state in words_of(page.text)
    assert f'value="{on}"' in page.text


def test_a_field_left_empty_asks_for_today(client: TestClient, code: str) -> None:
    assert "1 December 2022" in client.get(f"/c/{code}?at=").text
    assert client.get(f"/api/v1/charters/{code}?at=").json()["status"]["on"] == "2022-12-01"


@pytest.mark.parametrize("day", ["2022-02-30", "tomorrow", "20220601", "2022-6-1", "<b>", "๒๕๖๕-๐๖-๐๑", "2022-W01-1"])
def test_what_is_no_day_is_told_beside_the_field(client: TestClient, code: str, day: str) -> None:
    page = client.get(f"/c/{code}/{day}")
    assert page.status_code == 422
    assert 'aria-invalid="true"' in page.text
    assert "a day like 2022-03-29 is expected" in page.text
    assert "<b>" not in page.text
    told = client.get(f"/api/v1/charters/{code}?at={day}")
    assert told.status_code == 422


def test_a_day_that_lies_ahead_says_so_and_a_year_of_the_buddhist_era_is_asked_about(client: TestClient, code: str) -> None:
    ahead = words_of(client.get(f"/c/{code}/2023-06-01").text)
    assert "This day has not come yet" in ahead
    assert "Did you mean" not in ahead
    era = client.get(f"/c/{code}/2565-04-28").text
    assert "Did you mean 28 April 2022?" in words_of(era)
    assert f'href="/c/{code}/2022-04-28"' in era
    assert "Did you mean 28 February 2025?" in words_of(client.get(f"/c/{code}/2568-02-29").text)
    assert client.get(f"/c/{code}/9999-12-31").status_code == 200
    assert client.get(f"/c/{code}/0001-01-01").status_code == 200


def test_the_language_changes_and_the_day_stays(client: TestClient, code: str) -> None:
    page = client.get(f"/c/{code}/2022-04-28?lang=th").text
    assert 'lang="th"' in page
    assert "๒๘ เมษายน ๒๕๖๕" in page


def test_the_documents_page_leads_to_the_register_and_back(client: TestClient, code: str) -> None:
    assert f'href="/c/{code}"' in client.get(f"/d/{code}").text
    assert f'href="/d/{code}"' in client.get(f"/c/{code}").text


def test_a_code_in_capitals_is_led_to_the_plain_one(client: TestClient, code: str) -> None:
    answer = client.get(f"/c/{code.upper()}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/c/{code}")


@pytest.mark.parametrize(
    "path", ["/c/{zero}", "/c/{zero}/2022-04-28", "/c/x", "/api/v1/charters/{zero}", "/api/v1/charters/x/missing"]
)
def test_an_unknown_charter_gets_a_calm_answer(client: TestClient, path: str) -> None:
    assert client.get(path.format(zero="0" * 32)).status_code == 404


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_page_holds_no_code_or_style_that_the_policy_forbids(client: TestClient, code: str, language: str) -> None:
    page = client.get(f"/c/{code}/2022-04-28?lang={language}").text
    assert re.search(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon[a-z]+=|javascript:", page) is None
    assert [address for address in re.findall(r'(?:src|href)="([^"]+)"', page) if address.startswith(("http", "//"))] == []


def test_the_questions_are_answered_as_the_commands_answer_them(client: TestClient, workspace: Workspace, code: str) -> None:
    charter = find_document(workspace, "accord").document_id
    for name in (code, charter):
        told = client.get(f"/api/v1/charters/{name}?at=2022-04-28").json()
        assert (told["charter"], told["code"], told["title"]) == (charter, code, "ธรรมนูญทดสอบ")
        assert told["status"] == charter_as_record(charter_on(workspace, charter, FORCE))
        party = client.get(f"/api/v1/charters/{name}/parties/org-1?at=2022-04-28").json()
        assert party == party_as_record(party_on(workspace, charter, "org-1", FORCE))
    assert client.get("/api/v1/charters").json()[0]["charter"] == charter
    missing = client.get(f"/api/v1/charters/{code}/missing?at=2022-03-28").json()
    assert missing == {"on": "2022-03-28", "unconfirmed": [], "missing": 3}
    forecast = client.get(f"/api/v1/charters/{code}/forecast?organisation=org-1&at=2022-05-01").json()
    assert (forecast["notified_on"], forecast["effective_on"]) == ("2022-05-01", "2022-07-30")
    assert (forecast["charter_remains"], bool(forecast["reason"])) == (True, True)


def test_an_organisation_that_nobody_knows_is_not_found(client: TestClient, code: str) -> None:
    assert client.get(f"/api/v1/charters/{code}/parties/org-9").status_code == 404
    assert client.get(f"/api/v1/charters/{code}/forecast?organisation=org-9").status_code == 404
    assert client.get(f"/api/v1/charters/{code}/forecast").status_code == 422


def test_what_was_told_whom_and_when_is_a_call_too(client: TestClient, workspace: Workspace, code: str) -> None:
    assert client.get(f"/api/v1/charters/{code}/notices").json() == []
    charter = find_document(workspace, "accord").document_id
    issued = issue_notice(workspace, charter)
    assert issued is not None
    (told,) = client.get(f"/api/v1/charters/{code}/notices").json()
    assert (told["number"], told["day"], told["digest"]) == (1, "2022-12-01", str(issued.stored.digest))
    assert {one["organisation"] for one in told["letters"]} == {"org-1", "org-2", "youth-1", "youth-2"}
    assert len(told["instruments"]) == len(issued.stored.notice.instruments) > 0
    assert [word for word in PERSONS if word in str(told)] == []
    assert client.get(f"/api/v1/charters/{code}/notices?at=2022-11-30").json() == []


def test_the_calls_are_described_for_programs(client: TestClient) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    for name in ("", "/parties", "/parties/{organisation}", "/missing", "/forecast", "/notices"):
        parameters = paths[f"/api/v1/charters/{{charter}}{name}"]["get"]["parameters"]
        assert "at" in {one["name"] for one in parameters}
    assert "If an organisation gives notice on a day" in client.get("/api/docs").text


def test_a_day_is_read_in_one_spelling_alone() -> None:
    assert read_day("2022-03-29") == date(2022, 3, 29)
