"""`mou charter register` as people run it: a youth group signs with its own key, and what is published shows no person."""

import io
import json
import shutil
import stat
import subprocess
import zipfile
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mou.templates import bundled_templates_folder
from signatures.authority import Subject, new_private_key, open_authority, write_pkcs12
from tests.kept_charters import final_clauses, write_charter

if TYPE_CHECKING:
    from tests.acceptance.conftest import RunMou, StateOf, WriteList

MEMBERS = (
    ("founder-1", "มูลนิธิสมมติหนึ่ง", "foundation", "นาง", "แก้วมณี", "สมมุติวงศ์", "ประธานมูลนิธิ"),
    ("youth-1", "กลุ่มเยาวชนสมมติ", "youth_group", "นางสาว", "ฟ้าใส", "เยาวมาลย์", "หัวหน้ากลุ่ม"),
    ("youth-2", "กลุ่มเยาวชนสมมติสอง", "youth_group", "นาย", "ดาวเหนือ", "เยาวพงศ์", "หัวหน้ากลุ่ม"),
)
NAMES = {"S0001": "นางแก้วมณี สมมุติวงศ์", "S0002": "นางสาวฟ้าใส เยาวมาลย์"}
PERSON_WORDS = ("แก้วมณี", "สมมุติวงศ์", "ประธานมูลนิธิ", "ฟ้าใส", "เยาวมาลย์", "ดาวเหนือ", "เยาวพงศ์", "หัวหน้ากลุ่ม", "เก็บไว้ในตู้", "per_")
KINDS = ("pdf", "xlsx", "json", "html")
PASSWORD = "ความลับ-correct-horse"


@pytest.fixture(scope="module")
def signed(run_mou: "RunMou", made_workspace: Path, write_list: "WriteList", tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A charter that a foundation and a youth group have signed with their own keys, each on an authority; another has not."""
    folder = tmp_path_factory.mktemp("register")
    workspace = folder / "workspace"
    shutil.copytree(made_workspace, workspace)
    window, force = "{ opens_on = 2022-03-29 }", "{ min_count = 2, delay_days = 0 }"
    write_charter(workspace, final_clauses(signature_window=window, entry_into_force=force))
    members = write_list(folder / "parties.csv", MEMBERS)
    appointment = ("--kind", "appointment", "--issued-on", "2022-03-20", "--note", "เก็บไว้ในตู้ของนางสาวฟ้าใส")
    resolution = ("--kind", "board_resolution", "--issued-on", "2022-03-20", "--person", NAMES["S0001"])
    for command in (
        ("organisations", "import", members),
        ("generate", "accord", "--list", "parties"),
        ("charter", "adopt", "accord", "--on", "2022-03-29", "--present", "on_site=3", "--in-favour", "3"),
        ("instrument", "authority", "founder-1", "--on", "2022-03-29", *resolution),
        ("instrument", "authority", "youth-1", "--on", "2022-03-29", "--person", NAMES["S0002"], *appointment),
        *(sign_arguments(workspace, folder, field, name) for field, name in NAMES.items()),
        ("charter", "receive"),
    ):
        done = run_mou(*command, "-w", workspace)
        assert done.code == 0, done.stdout + done.stderr
    return workspace


def sign_arguments(workspace: Path, folder: Path, field: str, name: str) -> tuple[object, ...]:
    own = workspace / "keys"
    authority = open_authority((own / "authority.key.pem").read_bytes(), (own / "authority.pem").read_bytes(), source="authority")
    key, begin = new_private_key(), authority.certificate.not_valid_before_utc
    certificate = authority.issue(Subject(name), key.public_key(), not_before=begin, not_after=begin + timedelta(days=30))
    path, password = folder / f"{field}.p12", folder / "password.txt"
    path.write_bytes(write_pkcs12(name, key, certificate, (authority.certificate,), PASSWORD))
    password.write_text(f"{PASSWORD}\n", encoding="utf-8")
    return ("sign", "accord", "--slot", field, "--pkcs12", path, "--password-file", password)


def words_in(path: Path) -> str:
    """Everything that a reader of the file could find in it."""
    content = path.read_bytes()
    if path.suffix == ".pdf":
        return subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True, encoding="utf-8").stdout
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return unescape("\n".join(archive.read(name).decode("utf-8") for name in archive.namelist()))
    return content.decode("utf-8")


def register(run_mou: "RunMou", workspace: Path, *arguments: object) -> dict[str, Any]:
    done = run_mou("charter", "register", "--json", *arguments, "-w", workspace)
    assert done.code == 0, done.stderr
    return done.object


@pytest.mark.parametrize("kind", KINDS)
def test_public_ledger_of_a_youth_group_shows_no_person(run_mou: "RunMou", signed: Path, tmp_path: Path, kind: str) -> None:
    """Acceptance case 8."""
    own, public = tmp_path / f"own.{kind}", tmp_path / f"public.{kind}"
    for out, arguments in ((own, ()), (public, ("--public",))):
        done = run_mou("charter", "register", *arguments, "--out", out, "-w", signed)
        assert done.code == 0, done.stderr
    assert "กลุ่มเยาวชนสมมติ" in words_in(public)
    assert [word for word in PERSON_WORDS if word in words_in(public)] == []
    assert "ฟ้าใส" in words_in(own)  # the secretariat's own copy names who signed
    assert [stat.S_IMODE(one.stat().st_mode) for one in (own, public)] == [0o600, 0o644]


def test_the_register_tells_who_signed_who_did_not_and_since_when_it_is_in_force(run_mou: "RunMou", signed: Path) -> None:
    told = register(run_mou, signed)
    assert [(one["status"]["party"], one["status"]["state"]) for one in told["signatories"]] == [
        ("founder-1", "party_in_force"),
        ("youth-1", "party_in_force"),
    ]
    assert [one["party"] for one in told["not_signed"]] == ["youth-2"]
    assert (told["status"]["state"], told["status"]["counted"], told["status"]["in_force_for"]) == ("in_force", 2, 2)
    assert {one["instrument"] for one in told["triggered_by"]} == set(told["status"]["triggers"])
    acts = [one["acts"][0] for one in told["signatories"]]
    assert [one["signatory"].split(",")[0] for one in acts] == list(NAMES.values())
    assert [one["authority"]["kind"] for one in acts] == ["board_resolution", "appointment"]
    shown = run_mou("charter", "register", "-w", signed)
    assert "signatories: 2; asked and not signed: 1; papers returned, not counted: 0" in shown.stdout


def test_the_register_of_an_earlier_day_is_that_days(run_mou: "RunMou", signed: Path) -> None:
    before = register(run_mou, signed, "--at", "2022-03-28")
    assert (before["status"]["state"], before["signatories"], before["instruments"]) == ("not_adopted", [], [])
    adopted = register(run_mou, signed, "--at", "2022-03-29")
    assert (adopted["status"]["state"], len(adopted["not_signed"]), len(adopted["instruments"])) == ("not_in_force", 3, 3)
    assert adopted["status"]["conditions"][0]["missing"] == 2


def test_a_register_changes_nothing_in_the_workspace(
    run_mou: "RunMou", signed: Path, tmp_path: Path, state_of: "StateOf"
) -> None:
    before = state_of(signed)
    for kind in KINDS:
        assert run_mou("charter", "register", "--out", tmp_path / f"one.{kind}", "-w", signed).code == 0
    assert state_of(signed) == before


def test_the_json_file_is_what_the_terminal_is_given(run_mou: "RunMou", signed: Path, tmp_path: Path) -> None:
    out = tmp_path / "register.json"
    printed = register(run_mou, signed, "--public", "--out", out)
    assert json.loads(out.read_text(encoding="utf-8")) == printed


def test_no_file_is_written_over_and_another_kind_is_refused(run_mou: "RunMou", signed: Path, tmp_path: Path) -> None:
    there = tmp_path / "register.pdf"
    there.write_bytes(b"kept")
    for out in (there, tmp_path / "register.docx"):
        refused = run_mou("charter", "register", "--out", out, "-w", signed)
        assert refused.code == 2
        assert out.name in refused.stderr
    assert there.read_bytes() == b"kept"
    assert [path.name for path in tmp_path.iterdir()] == ["register.pdf"]


def test_counts_over_time_are_derived_from_dated_events(run_mou: "RunMou", demo: Path) -> None:
    """Acceptance case 9, on the bundled example's papers, every one of them invented: 19 on the list, then some accede."""
    example = bundled_templates_folder() / "lanna-charter" / "example"
    meeting = ("--present", "on_site=11", "--present", "online=8", "--in-favour", "19")
    for command in (
        ("charter", "adopt", "lanna-charter", "--on", "2022-03-29", *meeting),
        ("organisations", "import", example / "later-members-sample.csv"),
        ("instrument", "import", example / "instruments-sample.csv"),
    ):
        done = run_mou(*command, "-w", demo)
        assert done.code in {0, 1}, done.stderr  # one paper of the example is returned
    found = {}
    for on in ("2022-03-28", "2022-03-29", "2022-05-20", "2023-02-20", "2023-10-30", "2023-12-31"):
        told = register(run_mou, demo, "--at", on)
        rows = [one["status"] for one in told["signatories"]]
        assert told["status"]["counted"] == sum(one["is_counted"] for one in rows)
        assert told["status"]["in_force_for"] == sum(one["is_bound"] is True for one in rows)
        assert told["status"]["signed"] == sum(one["signed_on"] is not None for one in rows)
        found[on] = (told["status"]["listed"], told["status"]["counted"], len(told["not_signed"]))
    assert found == {
        "2022-03-28": (19, 0, 19),
        "2022-03-29": (19, 12, 7),
        "2022-05-20": (19, 13, 6),
        "2023-02-20": (19, 19, 2),
        "2023-10-30": (19, 18, 2),
        "2023-12-31": (19, 19, 2),
    }
