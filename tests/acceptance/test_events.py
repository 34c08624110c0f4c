"""The two source events, each as a complete, invented example: every paper from a table, every answer as of a day."""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mou.app import open_workspace
from mou.workflow.charters import choose_charter, parties_on
from tests.acceptance.conftest import Answer, RunMou, copy_of
from tests.acceptance.events import (
    CITIES,
    CITIES_CHARTER,
    NETWORK,
    PAPERS_OF_THE_CITIES,
    PAPERS_OF_THE_NETWORK,
    cities_with_adopted_text,
    network_with_adopted_text,
)

Ask = Callable[..., Mapping[str, Any]]


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory, run_mou: RunMou) -> tuple[Path, Answer]:
    """The network's workspace with every paper of its table received, and what the command answered."""
    workspace = network_with_adopted_text(tmp_path_factory.mktemp("events"), run_mou)
    return workspace, run_mou("instrument", "import", PAPERS_OF_THE_NETWORK, "--json", "-w", workspace)


@pytest.fixture(scope="module")
def cities(tmp_path_factory: pytest.TempPathFactory, run_mou: RunMou) -> tuple[Path, Answer]:
    """The pilot areas' workspace with every paper of its table received, and what the command answered."""
    workspace = cities_with_adopted_text(tmp_path_factory.mktemp("events"), run_mou)
    return workspace, run_mou("instrument", "import", PAPERS_OF_THE_CITIES, "--json", "-w", workspace)


def asked(workspace: Path, run_mou: RunMou) -> Ask:
    def ask(*question: object, at: str) -> Mapping[str, Any]:
        return run_mou("charter", *question, "--at", at, "--json", "-w", workspace).object

    return ask


@pytest.fixture
def of_network(network: tuple[Path, Answer], run_mou: RunMou) -> Ask:
    """Ask a question about the network's charter as of a day."""
    return asked(network[0], run_mou)


@pytest.fixture
def of_cities(cities: tuple[Path, Answer], run_mou: RunMou) -> Ask:
    """Ask a question about the pilot areas' charter as of a day."""
    return asked(cities[0], run_mou)


# The network.


def test_every_paper_of_the_network_is_accepted_but_the_one_that_a_delegate_signed_too_late(network: tuple[Path, Answer]) -> None:
    answer = network[1]
    found = answer.object
    assert answer.code == 1  # one was returned
    assert (found["accepted"], found["accepted_before"], found["returned"]) == (44, 1, 1)  # the adoption is there already
    (returned,) = [row for row in found["rows"] if row["outcome"] == "returned"]
    assert (returned["paper"]["party"], returned["paper"]["on"], returned["clause"]) == (
        "lanna-17",
        "2022-03-29",
        "proof_of_authority",
    )


# day: (state, signed, counted, still needed, in force for how many)
STORY = {
    "2022-03-28": ("not_adopted", 0, 0, 13, 0),
    "2022-03-29": ("not_in_force", 12, 12, 1, 0),  # the ceremony: 12 in due form, one returned
    "2022-04-20": ("date_fixed", 13, 13, 0, 0),  # the deputy mayor signs again, on a new order
    "2022-05-19": ("date_fixed", 13, 13, 0, 0),
    "2022-05-20": ("in_force", 13, 13, 0, 13),  # 30 days later
    "2022-06-15": ("in_force", 17, 17, 0, 13),  # four more, each with 30 days of its own
    "2022-07-14": ("in_force", 17, 17, 0, 13),
    "2022-07-15": ("in_force", 17, 17, 0, 17),
    "2023-02-20": ("in_force", 17, 19, 0, 17),  # two accede
    "2023-03-22": ("in_force", 17, 19, 0, 19),
    "2023-08-01": ("in_force", 17, 19, 0, 19),  # one gives notice
    "2023-10-29": ("in_force", 17, 19, 0, 19),
    "2023-10-30": ("in_force", 17, 18, 0, 18),  # 90 days later it has left
    "2023-11-20": ("in_force", 17, 19, 0, 18),  # a third accedes
    "2023-12-20": ("in_force", 17, 19, 0, 19),
}


@pytest.mark.parametrize(("day", "expected"), STORY.items(), ids=STORY.keys())
def test_the_networks_charter_on_each_day_of_its_story(
    of_network: Ask, day: str, expected: tuple[str, int, int, int, int]
) -> None:
    found = of_network("status", at=day)
    (condition,) = found["conditions"]
    assert (found["state"], found["signed"], found["counted"], condition["missing"], found["in_force_for"]) == expected
    assert (found["listed"], condition["needed"]) == (19, 13)


def test_what_brought_the_networks_charter_into_force_is_one_paper(network: tuple[Path, Answer], of_network: Ask) -> None:
    (trigger,) = of_network("status", at="2022-05-20")["triggers"]
    (row,) = [row for row in network[1].object["rows"] if row["instrument"] == trigger]
    assert (row["paper"]["party"], row["paper"]["on"], row["paper"]["capacity"]) == ("lanna-17", "2022-04-20", "acting_on_behalf")


def test_acceptance_case_9_counts_over_time_are_derived_from_dated_papers(
    network: tuple[Path, Answer], of_network: Ask, run_mou: RunMou
) -> None:
    workspace = open_workspace(network[0])
    listed = run_mou("organisations", "list", "--json", "-w", network[0]).table
    assert Counter(row["list"] for row in listed) == {"organisations": 19, "youth-groups": 16, "later-members-sample": 3}
    youth = {row["organisation_id"] for row in listed if row["list"] == "youth-groups"}
    counted = []
    for day in ("2022-03-29", "2022-05-20", "2023-03-22", "2023-12-20"):
        status = of_network("status", at=day)
        parties = parties_on(workspace, choose_charter(workspace, None), date.fromisoformat(day))
        assert not youth & {party.party for party in parties}  # 16 groups beside the members: none of them is one
        assert status["counted"] == sum(party.is_counted for party in parties)
        assert status["in_force_for"] == sum(bool(party.is_bound) for party in parties)
        assert status["signed"] == sum(party.signed_on is not None for party in parties)
        counted.append(status["counted"])
    assert counted == [12, 13, 19, 19]


def test_channels_belong_to_signatures_not_to_organisations(network: tuple[Path, Answer]) -> None:
    signed = [row for row in network[1].object["rows"] if row["paper"]["kind"] == "signed_definitive"]
    at_ceremony = [row for row in signed if row["paper"]["on"] == "2022-03-29" and row["outcome"] == "accepted"]
    assert Counter(row["paper"]["channel"] for row in at_ceremony) == {"on_site": 8, "online": 4}
    of_one = [row["paper"]["channel"] for row in signed if row["paper"]["party"] == "lanna-17"]
    assert of_one == ["on_site", "online"]


def test_who_withdrew_is_bound_to_the_last_day_of_its_notice(of_network: Ask) -> None:
    last, after = (of_network("party", "lanna-08", at=day) for day in ("2023-10-29", "2023-10-30"))
    assert (last["state"], last["is_bound"], last["leaves_on"]) == ("withdrawing", True, "2023-10-30")
    assert (after["state"], after["is_bound"], after["left_on"]) == ("former_party", False, "2023-10-30")


def test_who_never_signed_is_told_apart_from_who_left(of_network: Ask) -> None:
    assert {of_network("party", one, at="2022-07-01")["state"] for one in ("lanna-09", "lanna-19")} == {"lapsed"}


def test_a_misspelt_name_is_corrected_after_the_time_to_object_and_nobody_signs_again(of_network: Ask) -> None:
    (open_one,) = of_network("status", at="2023-03-05")["rectifications"]
    (effected,) = of_network("status", at="2023-03-06")["rectifications"]
    assert (open_one["last_day_to_object"], open_one["effected_on"], effected["effected_on"]) == (
        "2023-03-03",
        None,
        "2023-03-06",
    )
    assert effected["replaces"] != effected["text"]
    member = of_network("party", "lanna-01", at="2023-03-06")
    assert (member["signed_on"], member["text"], member["rectifications"]) == (
        "2022-03-29",
        effected["replaces"],
        ["rectification-1"],
    )


def test_the_ledger_holds_no_name_of_the_networks_papers(network: tuple[Path, Answer], run_mou: RunMou) -> None:
    shown = run_mou("ledger", "show", "--last", "1000", "--json", "-w", network[0]).stdout
    assert "instrument.received" in shown
    assert re.search(r"[\u0e01-\u0e5b]", shown) is None


def test_the_same_papers_again_make_nothing(network: tuple[Path, Answer], run_mou: RunMou) -> None:
    before = run_mou("ledger", "show", "--last", "1000", "--json", "-w", network[0]).stdout
    again = run_mou("instrument", "import", PAPERS_OF_THE_NETWORK, "--json", "-w", network[0]).object
    assert (again["accepted"], again["accepted_before"], again["returned"]) == (0, 45, 1)
    assert run_mou("ledger", "show", "--last", "1000", "--json", "-w", network[0]).stdout == before


# The pilot areas. None of them is known to have signed anything.


def test_acceptance_case_2_the_pilot_areas_are_imported_as_the_news_lists_them(
    cities: tuple[Path, Answer], run_mou: RunMou
) -> None:
    read = run_mou("organisations", "import", CITIES / "pilot-areas-sample-signers.csv", "--json", "-w", cities[0]).object
    assert (read["declared_count"], len(read["organisations"])) == (8, 7)
    assert [one["code"] for one in read["discrepancies"]] == [
        "declared_count",
        "not_juristic_person",
        "level_missing",
        "province_and_place",
    ]


def test_a_deputy_signs_on_behalf_of_the_mayor_under_an_order_for_this_charter_alone(
    cities: tuple[Path, Answer], of_cities: Ask
) -> None:
    rows = [row for row in cities[1].object["rows"] if row["paper"]["party"] == "pilot-4"]
    order, signature = (row["paper"] for row in rows)
    assert (order["authority"]["kind"], order["authority"]["issued_on"], order["authority"]["expires_on"]) == (
        "delegation_order",
        "2017-09-11",
        "2017-09-30",
    )
    assert (signature["capacity"], signature["authority_id"]) == ("acting_on_behalf", order["authority"]["authority_id"])
    assert (order["authority"]["covers"], order["authority"]["holder"]) == ([signature["document"]], signature["signatory"])
    assert of_cities("party", "pilot-4", at="2017-09-13")["is_counted"]


def test_the_deputys_order_covers_nothing_else_and_no_later_day(
    cities: tuple[Path, Answer], run_mou: RunMou, tmp_path: Path
) -> None:
    workspace = copy_of(cities[0], tmp_path / "cities")
    table = tmp_path / "later.csv"
    table.write_text("วันที่,เอกสาร,องค์กร,ผู้ลงนาม\n1/12/2560,ถอนตัว,pilot-4,นายตัวอย่างสิบห้า สมมตินาม\n", encoding="utf-8")
    answer = run_mou("instrument", "import", table, "-w", workspace)
    assert answer.code == 1
    assert "RETURNED, not counted: notice of withdrawal, pilot-4, 2017-12-01; clause proof_of_authority" in answer.stdout


def test_acceptance_case_5_a_delegate_who_signs_after_the_authority_expired_is_returned_kept_and_not_counted(
    cities: tuple[Path, Answer], of_cities: Ask, run_mou: RunMou
) -> None:
    workspace, answer = cities
    assert (answer.code, answer.object["returned"]) == (1, 1)
    kept = run_mou("charter", "instruments", "--party", "pilot-6", "--json", "-w", workspace).table
    assert [(row["paper"]["kind"], row["outcome"], row["clause"]) for row in kept] == [
        ("authority_deposited", "accepted", None),
        ("signed_definitive", "returned", "proof_of_authority"),
        ("authority_deposited", "accepted", None),
        ("signed_definitive", "accepted", None),
    ]
    assert "2017-08-31" in kept[1]["fact"]  # the last day of the order
    entries = [
        json.loads(leaf) for leaf in run_mou("ledger", "show", "--last", "1000", "--json", "-w", workspace).object["entries"]
    ]
    assert [one["body"]["clause"] for one in entries if one["type"] == "instrument.returned"] == ["proof_of_authority"]
    party, charter = of_cities("party", "pilot-6", at="2017-09-13"), of_cities("status", at="2017-09-13")
    assert (party["is_counted"], party["signed_on"]) == (False, None)
    assert (charter["counted"], charter["conditions"][0]["missing"]) == (5, 1)


CITIES_STORY = {
    "2017-09-13": ("not_in_force", 5, 0),
    "2017-10-02": ("date_fixed", 6, 0),  # a new order, and the same deputy signs again
    "2017-10-31": ("date_fixed", 6, 0),
    "2017-11-01": ("in_force", 6, 6),
}


@pytest.mark.parametrize(("day", "expected"), CITIES_STORY.items(), ids=CITIES_STORY.keys())
def test_the_pilot_areas_charter_on_each_day_of_its_story(of_cities: Ask, day: str, expected: tuple[str, int, int]) -> None:
    found = of_cities("status", at=day)
    assert (found["state"], found["counted"], found["in_force_for"]) == expected


def test_for_the_community_nobody_signs_since_who_could_is_open(of_cities: Ask) -> None:
    assert of_cities("party", "pilot-1", at="2017-09-13")["state"] == "invited"
    assert of_cities("party", "pilot-1", at="2018-01-01")["state"] == "lapsed"


@pytest.mark.parametrize("papers", [PAPERS_OF_THE_NETWORK, PAPERS_OF_THE_CITIES], ids=["network", "cities"])
def test_every_row_of_both_tables_says_that_it_is_invented(papers: Path) -> None:
    remark, _, *rows = papers.read_text(encoding="utf-8").splitlines()
    assert remark.startswith("# ข้อมูลสมมติ")
    assert rows
    assert all("ข้อมูลสมมติ" in row for row in rows)


@pytest.mark.parametrize("folder", [NETWORK, CITIES_CHARTER], ids=["network", "cities"])
def test_the_source_file_says_that_the_papers_are_invented(folder: Path) -> None:
    source = (folder / "SOURCE").read_text(encoding="utf-8")
    assert "instruments-sample.csv" in source
    assert "INVENTED" in source.upper()
