"""Links of invitations: ours alone, each for one invitation, and nowhere written down."""

import base64
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mou.app import create_workspace
from mou.workflow.asking import expire_overdue, withdraw
from mou.workflow.links import LinkRefusedError, invited_by, link_of, link_token, open_link
from tests.unit.mou.workflow.desk import Clock, Desk, opened_desk


@pytest.fixture
def desk(finished_workspace: Path, tmp_path: Path) -> Iterator[Desk]:
    with opened_desk(finished_workspace, tmp_path) as opened:
        yield opened


def token_of(desk: Desk, field: str) -> str:
    return link_token(desk.workspace, desk.invited(field).invitation.invitation_id)


def test_a_link_opens_the_invitation_that_it_was_made_for(desk: Desk) -> None:
    desk.ask("S0001", "S0002")
    opened = open_link(desk.workspace, token_of(desk, "S0002"))
    assert (opened.request.slot.field, opened.document.document_id) == ("S0002", desk.document_id)
    assert opened.is_current
    assert opened.waits_for is not None
    assert opened.waits_for.slot.field == "S0001"


def test_a_link_is_the_same_each_time_and_fits_into_an_address(desk: Desk) -> None:
    desk.ask("S0001")
    token = token_of(desk, "S0001")
    assert token == token_of(desk, "S0001")
    assert re.fullmatch(r"[A-Za-z0-9_-]{38}", token)
    assert link_of(desk.workspace, desk.invited("S0001").invitation.invitation_id) == f"http://127.0.0.1:8000/sign/{token}"


Tamper = Callable[[str], str]


def with_bit(token: str, number: int) -> str:
    content = bytearray(base64.urlsafe_b64decode(token + "=="))
    content[number // 8] ^= 1 << (number % 8)
    return base64.urlsafe_b64encode(bytes(content)).decode().rstrip("=")


TAMPERED: dict[str, Tamper] = {
    "one bit of the id": lambda token: with_bit(token, 3),
    "the last bit of the id": lambda token: with_bit(token, 95),
    "the first bit of the digest": lambda token: with_bit(token, 96),
    "the last bit of the digest": lambda token: with_bit(token, 223),
    "cut": lambda token: token[:-2],
    "the id alone": lambda token: token[:16],
    "longer": lambda token: f"{token[:37]}AAAAA",
    "empty": lambda _: "",
    "other letters": lambda token: f"{token[:-1]}ก",
    "a dot at the end": lambda token: f"{token}.",
    "a space in it": lambda token: f"{token[:5]} {token[5:]}",
    "zeros": lambda token: "A" * len(token),
}


@pytest.mark.parametrize("tamper", TAMPERED.values(), ids=TAMPERED.keys())
def test_a_link_that_was_changed_is_refused_without_saying_more(desk: Desk, tamper: Tamper) -> None:
    desk.ask("S0001")
    with pytest.raises(LinkRefusedError, match=r"^this link is not one of this network's") as refused:
        open_link(desk.workspace, tamper(token_of(desk, "S0001")))
    assert "inv_" not in str(refused.value)


def test_the_link_of_another_workspace_is_refused(desk: Desk, tmp_path: Path) -> None:
    desk.ask("S0001")
    invitation_id = desk.invited("S0001").invitation.invitation_id
    other = create_workspace(tmp_path / "other", name="เครือข่ายอื่น", origin="example.org/other", clock=Clock())
    with pytest.raises(LinkRefusedError):
        open_link(desk.workspace, link_token(other, invitation_id))
    other.database.close()


def test_a_right_token_of_an_invitation_that_never_was_is_refused_with_the_same_words(desk: Desk) -> None:
    with pytest.raises(LinkRefusedError, match=r"^this link is not one of this network's"):
        open_link(desk.workspace, link_token(desk.workspace, f"inv_{'0' * 24}"))


def test_a_link_that_was_taken_back_opens_and_says_so(desk: Desk) -> None:
    desk.ask("S0001")
    token = token_of(desk, "S0001")
    withdraw(desk.workspace, desk.document_id, "S0001")
    assert not open_link(desk.workspace, token).is_current
    desk.ask("S0001")
    assert not open_link(desk.workspace, token).is_current
    assert token_of(desk, "S0001") != token
    assert desk.invited("S0001").is_current


def test_an_invitation_of_an_earlier_round_is_not_current_although_nobody_took_it_back(desk: Desk) -> None:
    desk.ask("S0001", deadline=desk.clock.now.replace(hour=4))
    old = desk.invited("S0001").invitation.invitation_id
    desk.clock.move(days=1)
    expire_overdue(desk.workspace)
    desk.ask("S0001")
    invited = invited_by(desk.workspace, old)
    assert (invited.invitation.revoked_at, invited.is_current) == (None, False)


def test_nothing_that_is_kept_but_the_key_of_links_lets_anybody_make_a_link(desk: Desk) -> None:
    desk.ask("S0001")
    token = token_of(desk, "S0001")
    digest = base64.urlsafe_b64decode(token + "==")[12:]
    with closing(sqlite3.connect(desk.workspace.folder / "mou.db")) as database:
        dump = "\n".join(database.iterdump())
    assert token not in dump
    assert digest.hex() not in dump.casefold()
    key = desk.workspace.folder / "keys" / "links.key"
    assert (key.stat().st_mode & 0o777, len(key.read_bytes())) == (0o600, 32)
    key.unlink()
    with pytest.raises(LinkRefusedError):
        open_link(desk.workspace, token)
