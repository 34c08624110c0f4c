"""A small workspace with a charter that two foundations and a youth group have signed: its papers received, all invented."""

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from mou.app import create_workspace, open_workspace
from mou.ceremony import Channel
from mou.charter.clauses import AuthorityKind
from mou.charter.instruments import Authority, Instrument, InstrumentKind, Meeting, PaperOriginal
from mou.models import Capacity, OrganisationKind
from mou.templates import bundled_templates_folder
from mou.workflow.depositing import adopt_text, person_id, receive_instrument, with_authority_id
from mou.workflow.generating import generate, plan_generation
from mou.workflow.importing import import_organisations
from mou.workflow.publishing import publish_queued
from mou.workflow.status import find_document
from mou.workflow.workspace import Workspace

BEGIN = datetime(2022, 3, 29, 2, 0, tzinfo=UTC)
DAY = BEGIN.date()
FORCE = date(2022, 4, 28)
LATER = datetime(2022, 12, 1, 2, 0, tzinfo=UTC)
CLAUSES = (Path(__file__).parent / "data" / "charters" / "base.toml").read_text(encoding="utf-8")
PERSONS = ("แก้ว", "สมมุติวงศ์", "คำแปง", "สมมุติชน", "ฟ้าใส", "เยาวมาลย์", "ดาวเรือง", "ประธานกลุ่ม", "ผู้ประสานงาน", "หมายเหตุลับ")
MEMBERS = """\
รหัสองค์กร,ชื่อองค์กร,ประเภท,จังหวัด,คำนำหน้าผู้แทน,ชื่อผู้แทน,นามสกุลผู้แทน,ตำแหน่งผู้แทน
org-1,มูลนิธิสมมติหนึ่ง,มูลนิธิ,เชียงใหม่,นาง,แก้ว,สมมุติวงศ์,ประธานกลุ่ม
org-2,มูลนิธิสมมติสอง,มูลนิธิ,เชียงใหม่,นาย,คำแปง,สมมุติชน,ผู้ประสานงาน
youth-1,กลุ่มเยาวชนสมมติ,กลุ่มเยาวชน,เชียงใหม่,นางสาว,ฟ้าใส,เยาวมาลย์,ประธานกลุ่ม
youth-2,กลุ่มเยาวชนสมมติสอง,กลุ่มเยาวชน,เชียงใหม่,นางสาว,ดาวเรือง,เยาวมาลย์,ประธานกลุ่ม
"""
MANIFEST = """
name = "accord"
title = "ธรรมนูญทดสอบ"
title_lines = ["ธรรมนูญทดสอบ"]
kind = "charter"
language = "th"
numerals = "thai"
version = "1"

[[fields]]
name = "members"
type = "organisations"
label = "สมาชิก"
example = "มูลนิธิตัวอย่าง"

[[roles]]
name = "member"
label = "ผู้แทนสมาชิก"
capacity = "authorised_representative"
order = 1
source = "organisation.representative"
for_each_organisation = true
"""
MARKUP = """<!doctype html>
<html lang="th"><head><meta charset="utf-8"><title>ธรรมนูญทดสอบ</title></head><body>
{% for member in members %}<p>สมาชิก {{ member.name_th }}</p>{% endfor %}
{% for slot in slots %}<div class="signature-box" id="slot-{{ slot.field }}"></div><p>{{ slot.person.full_name }}</p>{% endfor %}
</body></html>
"""


def final_clauses(**changes: str) -> str:
    """Return the invented clauses as a part of a manifest; a change names a key and its value as TOML."""
    lines = []
    for line in CLAUSES.splitlines():
        key = line.partition(" = ")[0]
        lines.append(f"{key} = {changes[key]}" if key in changes else line)
    text = "\n".join(lines).replace("[proof_of_authority]", "[final_clauses.proof_of_authority]")
    return "[final_clauses]\n" + text.replace("[amendments]", "[final_clauses.amendments]")


def write_charter(workspace: Path, clauses: str) -> None:
    """Write the template of the charter into a workspace."""
    folder = workspace / "templates" / "accord"
    folder.mkdir(parents=True)
    (folder / "template.toml").write_text(MANIFEST + clauses, encoding="utf-8")
    (folder / "template.html").write_text(MARKUP, encoding="utf-8")
    (folder / "template.css").write_text("p { margin: 0 }", encoding="utf-8")


def make_kept_charter(folder: Path) -> Path:
    """Make the workspace: the charter adopted and signed on one day, in force 30 days later.

    `org-1` signs online and excepts an article, `org-2` on paper on a power of attorney without stamp duty, `youth-1` on site;
    `youth-2` signs without authority, and its paper is returned.
    """
    workspace = create_workspace(folder, name="เครือข่ายทดสอบ", origin="example.org/accord", clock=tick_from(BEGIN))
    shutil.copyfile(bundled_templates_folder() / "lanna-charter" / "example" / "ceremony.toml", folder / "ceremony.toml")
    (folder / "members.csv").write_text(MEMBERS, encoding="utf-8")
    import_organisations(workspace, folder / "members.csv")
    reservations = '{ mode = "allowed", objection_days = 30 }'
    write_charter(folder, final_clauses(entry_into_force="{ min_count = 3, delay_days = 30 }", reservations=reservations))
    for task in plan_generation(workspace, "accord"):
        generate(workspace, task)
    publish_queued(workspace)
    _receive_all(workspace)
    workspace.database.close()
    return folder


def open_later(folder: Path) -> Workspace:
    """Open the workspace in December of the year of its ceremony."""
    return open_workspace(folder, clock=tick_from(LATER))


def tick_from(begin: datetime) -> Callable[[], datetime]:
    """A clock that moves on by a second with every look."""
    seconds = iter(range(10**6))
    return lambda: begin + timedelta(seconds=next(seconds))


def _receive_all(workspace: Workspace) -> None:
    document = find_document(workspace, "accord")
    meeting = Meeting({Channel.ON_SITE: 2, Channel.ONLINE: 2}, 4, 0, 0)
    adopt_text(workspace, document, meeting, on=DAY)
    foundation, youth = OrganisationKind.FOUNDATION, OrganisationKind.YOUTH_GROUP
    text = str(document.prepared)
    held = (
        ("org-1", foundation, AuthorityKind.BOARD_RESOLUTION, None),
        ("org-2", foundation, AuthorityKind.POWER_OF_ATTORNEY, False),
        ("youth-1", youth, AuthorityKind.APPOINTMENT, None),
    )
    for party, kind, authority, stamp in held:
        shown = with_authority_id(party, Authority("", authority, DAY - timedelta(days=9), stamp_duty_shown=stamp))
        deposit = Instrument("", InstrumentKind.AUTHORITY_DEPOSITED, DAY, party=party, party_kind=kind, authority=shown)
        receive_instrument(workspace, document.document_id, deposit, note="หมายเหตุลับของกองเลขานุการ")
    signed = (
        ("org-1", foundation, Channel.ONLINE, "นางแก้ว สมมุติวงศ์"),
        ("org-2", foundation, Channel.PAPER, "นายคำแปง สมมุติชน"),
        ("youth-1", youth, Channel.ON_SITE, "นางสาวฟ้าใส เยาวมาลย์"),
        ("youth-2", youth, Channel.ONLINE, "นางสาวดาวเรือง เยาวมาลย์"),
    )
    excepted = Instrument("", InstrumentKind.RESERVED, DAY, party="org-1", party_kind=foundation, provisions=("5",))
    receive_instrument(workspace, document.document_id, excepted)
    for party, kind, channel, person in signed:
        attester = person_id(workspace, "org-1", "นางแก้ว สมมุติวงศ์")
        on_paper = PaperOriginal("sha256:" + "5c" * 32, text, attested_by=attester, received_by="usr_secretariat")
        paper = Instrument(
            "",
            InstrumentKind.SIGNED_DEFINITIVE,
            DAY,
            party=party,
            party_kind=kind,
            document=text,
            channel=channel,
            capacity=Capacity.AUTHORISED_REPRESENTATIVE,
            signatory=person_id(workspace, party, person),
            paper=on_paper if channel is Channel.PAPER else None,
        )
        receive_instrument(workspace, document.document_id, paper)
