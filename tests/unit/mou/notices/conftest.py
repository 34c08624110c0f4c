"""A notice of a small ledger, and the one after it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mou.charter.notices import Notice, ToldDocument
from signatures.digests import digest_of
from tests.unit.mou.notices.house import NETWORK, ON, PAPER, TEXT, House, found_house, signed, told


@pytest.fixture(scope="session")
def founded_house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return found_house(tmp_path_factory.mktemp("notices"))


@pytest.fixture
def house(founded_house: House, tmp_path: Path) -> House:
    """A copy of the ledger, to do with what the test wants."""
    content = (founded_house.folder / "ledger.db").read_bytes()
    (tmp_path / "ledger.db").write_bytes(content)
    return replace(founded_house, database=f"sqlite:///{tmp_path / 'ledger.db'}", folder=tmp_path)


@pytest.fixture(scope="session")
def notice(founded_house: House) -> Notice:
    """The first notice: one signature accepted, one returned."""
    assert founded_house.export().is_clean
    note = (founded_house.folder / "export" / "checkpoint").read_text("utf-8")
    return Notice(
        charter_id="doc_1",
        text=str(TEXT),
        title="ธรรมนูญตัวอย่าง",
        network=NETWORK,
        number=1,
        day=ON,
        checkpoint=note,
        instruments=tuple(told(number) for number in (1, 2)),
        documents=(ToldDocument(str(TEXT), str(digest_of(b"signed")), "N-1"), ToldDocument(str(digest_of(PAPER)))),
    )


@pytest.fixture(scope="session")
def sealed(founded_house: House, notice: Notice) -> bytes:
    """The first notice's PDF."""
    return founded_house.seal(notice)


@pytest.fixture
def second(notice: Notice, sealed: bytes, house: House) -> Callable[..., Notice]:
    """Makes a second notice of a third signature, changed as the test wants."""

    def make(**changes: object) -> Notice:
        house.issue(sealed, 1)
        note = house.receive(signed(3))
        plain = replace(
            notice, number=2, previous=str(digest_of(sealed)), checkpoint=note, instruments=(replace(told(3), entry=6),)
        )
        return replace(plain, **changes)  # type: ignore[arg-type]  # a test names any member

    return make
