"""The ten acceptance cases, under their names; those that have a home of their own are listed, and have to be there.

| case | where |
| --- | --- |
| 1 | here |
| 2 | `acceptance/test_events.py` |
| 3 | `unit/mou/charter/test_ages.py`, `unit/mou/test_minors.py` |
| 4 | here, and `unit/mou/charter/test_illustrations.py` for every other clause |
| 5 | `acceptance/test_events.py` |
| 6 | `acceptance/test_notices.py` |
| 7 | here |
| 8 | `acceptance/test_register.py`, `unit/mou/test_minors.py` |
| 9 | `acceptance/test_events.py` |
| 10 | here |
"""

import subprocess
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from shutil import copyfile

import pytest

from mou.app import create_workspace
from mou.ceremony import Channel
from mou.charter.register import replay
from mou.charter.status import charter_status
from mou.templates import bundled_templates_folder
from mou.workflow.generating import generate, plan_generation
from mou.workflow.importing import import_organisations
from mou.workflow.publishing import publish_queued
from mou.workflow.signing import sign_document
from mou.workflow.status import document_statuses
from mou.workflow.workspace import Workspace
from signatures.authority import Subject, new_private_key
from signatures.signers import Signer, signer_from_key
from signatures.verification import VerificationPolicy, verify
from tests.acceptance.conftest import RunMou, WriteTemplate
from tests.conftest import SignedMemorandum
from tests.illustrations import read_illustration

TESTS = Path(__file__).parents[1]
ELSEWHERE = {
    2: (("acceptance/test_events.py", "test_acceptance_case_2_"),),
    3: (("unit/mou/charter/test_ages.py", "test_acceptance_case_3_"), ("unit/mou/test_minors.py", "test_acceptance_case_3_")),
    5: (("acceptance/test_events.py", "test_acceptance_case_5_"),),
    6: (("acceptance/test_notices.py", "test_case_6_"),),
    8: (
        ("acceptance/test_register.py", "test_public_ledger_of_a_youth_group"),
        ("unit/mou/test_minors.py", "test_acceptance_case_8_"),
    ),
    9: (("acceptance/test_events.py", "test_acceptance_case_9_"),),
}
CEREMONY = datetime(2022, 3, 29, 2, 0, tzinfo=UTC)
ONLINE = 8
GOLDEN = (
    "น้ำ",
    "คล้ำ",
    "ญู",
    "นายธีระศักดิ์ ฑีฆายุพันธุ์",
    "เมืองที่เป็นมิตร",
    "MOU ที่",
    "๑๒๓๔๕๖๗๘๙๐ 1234567890",
    "วันที่ ๒๙ มีนาคม พ.ศ. ๒๕๖๕",
)


@pytest.mark.parametrize("case", ELSEWHERE)
def test_a_case_that_has_a_home_of_its_own_is_there_under_its_name(case: int) -> None:
    for file, name in ELSEWHERE[case]:
        assert f"def {name}" in (TESTS / file).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def ceremony(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The network's charter and a memorandum for each of the 19 organisations, all invented, on the morning of 29 March 2565."""
    folder = tmp_path_factory.mktemp("case-1") / "workspace"
    seconds = iter(range(10**6))
    workspace = create_workspace(
        folder,
        name="เครือข่ายตัวอย่าง",
        origin="example.org/case-1",
        clock=lambda: CEREMONY + timedelta(seconds=next(seconds)),
    )
    example = bundled_templates_folder() / "lanna-charter" / "example"
    copyfile(example / "ceremony.toml", folder / "ceremony.toml")
    import_organisations(workspace, example / "organisations.csv")
    for template in ("lanna-charter", "lanna-mou"):
        for task in plan_generation(workspace, template):
            generate(workspace, task)
    return workspace


def signer_for(workspace: Workspace, name: str) -> Signer:
    own, key = workspace.keys.authority(), new_private_key()
    certificate = own.issue(Subject(name), key.public_key(), not_before=CEREMONY, not_after=CEREMONY + timedelta(days=30))
    return signer_from_key(key, certificate, (own.certificate,))


def test_acceptance_case_1_19_instruments_are_signed_in_parallel_and_countersigned_in_one_batch(ceremony: Workspace) -> None:
    memoranda = document_statuses(ceremony, "lanna-mou")
    assert len(memoranda) == 19
    channels = {
        one.document.document_id: Channel.ONLINE if place < ONLINE else Channel.ON_SITE for place, one in enumerate(memoranda)
    }

    def sign_as_the_organisation(document_id: str) -> None:
        (status,) = (one for one in memoranda if one.document.document_id == document_id)
        for request in sorted(status.requests, key=lambda one: one.slot.order):
            if request.slot.organisation_id == status.document.organisation_id:
                key = signer_for(ceremony, request.slot.person.full_name)
                sign_document(ceremony, document_id, request.slot.field, key, channel=channels[document_id])

    with ThreadPoolExecutor(4) as rooms:
        list(rooms.map(sign_as_the_organisation, channels))
    hosts = [one.slot for one in sorted(memoranda[0].requests, key=lambda one: one.slot.order)][-2:]
    for slot in hosts:  # the chair, then the network's witness: one key each, all documents in one pass
        key = signer_for(ceremony, slot.person.full_name)
        for document_id in channels:
            sign_document(ceremony, document_id, slot.field, key, channel=Channel.ON_SITE)
    publish_queued(ceremony)
    finished = document_statuses(ceremony, "lanna-mou")
    assert Counter(one.signed for one in finished) == {4: 19}
    by_organisation = Counter(one.requests[0].channel for one in finished)
    assert by_organisation == {Channel.ONLINE: ONLINE, Channel.ON_SITE: 19 - ONLINE}
    policy = VerificationPolicy(
        roots=ceremony.keys.roots(), ledger_keys=(ceremony.keys.ledger_public_key(),), at=CEREMONY + timedelta(hours=5)
    )
    published = sorted((ceremony.documents_folder / "lanna-mou").glob("*.pdf"))
    verdicts = [verify(pdf.read_bytes(), evidence_of(pdf).read_bytes(), policy).verdict for pdf in published]
    assert verdicts == ["passed"] * 19


def evidence_of(pdf: Path) -> Path:
    (found,) = (one for one in pdf.parent.glob(f"{pdf.stem}.*") if one.suffix != ".pdf")
    return found


@pytest.mark.parametrize("order", ["as written", "reversed"])
def test_acceptance_case_4_the_worked_illustration_is_replayed_as_of_each_of_its_dates(order: str) -> None:
    illustration = read_illustration(TESTS / "data" / "charters" / "worked-illustration.toml")
    papers = list(illustration.instruments)
    register = replay(illustration.charter, papers if order == "as written" else papers[::-1])
    found = [
        (str(day), charter_status(register, day).state.value, charter_status(register, day).counted)
        for day in (date(2022, 3, 29), date(2022, 4, 20), date(2022, 5, 19), date(2022, 5, 20))
    ]
    assert found == [
        ("2022-03-29", "not_in_force", 12),
        ("2022-04-20", "date_fixed", 13),
        ("2022-05-19", "date_fixed", 13),
        ("2022-05-20", "in_force", 13),
    ]


def test_acceptance_case_7_where_revocation_cannot_be_reached_nothing_is_claimed(memorandum: SignedMemorandum) -> None:
    without = verify(memorandum.pdf, memorandum.evidence_bytes(revocation_lists=()), memorandum.policy())
    assert without.verdict == "indeterminate"
    assert verify(memorandum.pdf, memorandum.evidence_bytes(), memorandum.policy()).verdict == "passed"


def test_acceptance_case_10_the_golden_strings_are_rendered_and_taken_out_identically(
    run_mou: RunMou, workspace: Path, write_template: WriteTemplate
) -> None:
    write_template(workspace, body="<p>{{ organisation.name_th }}</p>" + "".join(f"<p>{one}</p>" for one in GOLDEN))
    made = run_mou("generate", "faulty", "--list", "members", "--organisation", "org-1", "-w", workspace)
    assert made.code == 0, made.stderr
    (pdf,) = (workspace / "documents" / "faulty").glob("*.pdf")
    told = subprocess.run(["pdftotext", "-raw", pdf, "-"], capture_output=True, check=True).stdout.decode()
    assert set(GOLDEN) <= set(told.splitlines())
