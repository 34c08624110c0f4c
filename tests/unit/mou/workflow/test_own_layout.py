"""The house's own Word file: a draft that says what it is not, and on request the PDF that is signed, named as such for ever."""

import json
import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from mou.app import create_workspace, open_workspace
from mou.drafts.wordings import Wording
from mou.errors import ConflictError, InputError, RenderingError, UsageError
from mou.rendering.archive import read_record
from mou.report.laid_out import laid_out_by
from mou.templates import OWN_LAYOUT, bundled_templates_folder
from mou.workflow.drafting import write_own_layout_draft
from mou.workflow.generating import GenerationTask, generate
from mou.workflow.importing import import_organisations
from mou.workflow.printing import print_document
from mou.workflow.publishing import publish_queued
from mou.workflow.signing import sign_document
from mou.workflow.verifying import policy_of, verify_published
from mou.workflow.workspace import Workspace
from signatures.authority import Subject, new_private_key
from signatures.digests import Digest, digest_of
from signatures.signers import Signer, signer_from_key
from signatures.verification import verify
from tests.house_layout import bytes_of, house_file, opened
from tests.office import office as installed_office
from tests.unit.mou.workflow.conftest import BEGIN, MEMBERS, tick_from

Issue = Callable[[str], Signer]

NAME = "มูลนิธิ A&B <x> “ตะวัน”"
MANIFEST = """
name = "note"
title = "บันทึกทดสอบ"
title_lines = ["บันทึกทดสอบ"]
kind = "memorandum"
language = "th"
numerals = "thai"
version = "1"

[[fields]]
name = "document.number"
type = "text"
label = "เลขที่"
example = "1"

[[fields]]
name = "organisation.name_th"
type = "text"
label = "ชื่อองค์กร"
example = "มูลนิธิตัวอย่าง"

[[fields]]
name = "organisation.representative.full_name"
type = "text"
label = "ผู้แทน"
example = "นายตัวอย่าง สมมติ"

[[fields]]
name = "ceremony.date"
type = "day"
label = "วันที่"
example = "2022-03-29"

[[roles]]
name = "party"
label = "ผู้แทนองค์กร"
capacity = "authorised_representative"
order = 1
source = "organisation.representative"

[[roles]]
name = "witness"
label = "พยาน"
capacity = "witness"
order = 2
source = "organisation.witness"
"""
MARKUP = """<!doctype html>
<html lang="th"><head><meta charset="utf-8"><title>ทดสอบ</title></head><body>
<p>{{ document.number }} {{ organisation.name_th }} {{ organisation.representative.full_name }}</p>
<p>{{ ceremony.date | thai_date }}</p>
{% for slot in slots %}<div class="signature-box" id="slot-{{ slot.field }}"></div>
<p>{{ slot.person.full_name }}</p>
{% endfor %}
</body></html>
"""
DAY = "เมื่อวันที่ {{ ceremony.date | thai_date }}"
PARTY = "ทำกับ {{ organisation.name_th }} โดย {{ organisation.representative.full_name }}"
TASK = GenerationTask("note", "members", "org-1", through_office=True)


@pytest.fixture(scope="module")
def made_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("own_layout") / "workspace"
    workspace = create_workspace(folder, name="เครือข่ายทดสอบ", origin="example.org/test", clock=tick_from(BEGIN))
    shutil.copyfile(bundled_templates_folder() / "lanna-charter" / "example" / "ceremony.toml", folder / "ceremony.toml")
    members = folder / "members.csv"
    members.write_text(MEMBERS.replace("มูลนิธิสมมติหนึ่ง", NAME), encoding="utf-8")
    import_organisations(workspace, members)
    workspace.database.close()
    template = folder / "templates" / "note"
    template.mkdir(parents=True)
    (template / "template.toml").write_text(MANIFEST, encoding="utf-8")
    (template / "template.html").write_text(MARKUP, encoding="utf-8")
    (template / "template.css").write_text("", encoding="utf-8")
    return folder


@pytest.fixture
def workspace(made_workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("MOU_SOFFICE", installed_office())
    folder = tmp_path / "workspace"
    shutil.copytree(made_workspace, folder)
    return open_workspace(folder, clock=tick_from(BEGIN))


@pytest.fixture
def issue(workspace: Workspace) -> Issue:
    def make(name: str) -> Signer:
        authority = workspace.keys.authority()
        key = new_private_key()
        certificate = authority.issue(Subject(name), key.public_key(), not_before=BEGIN, not_after=BEGIN.replace(year=2027))
        return signer_from_key(key, certificate, (authority.certificate,))

    return make


def put(workspace: Workspace, content: bytes) -> None:
    (workspace.folder / "templates" / "note" / OWN_LAYOUT).write_bytes(content)


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def test_the_draft_has_the_layout_of_the_house_and_says_that_it_is_none_to_sign(workspace: Workspace) -> None:
    put(workspace, house_file(paragraphs=[PARTY, DAY]))
    document = opened(write_own_layout_draft(workspace, TASK).read_bytes())
    assert document.paragraphs[1].text == f"ทำกับ {NAME} โดย นางแก้ว ตัวอย่าง"
    assert document.paragraphs[2].text == "เมื่อวันที่ ๒๙ มีนาคม ๒๕๖๕"
    *house, words = [one.text for one in document.sections[0].footer.paragraphs]
    assert house == ["แบบฟอร์มของหน่วยงาน"]
    assert "มิใช่ฉบับที่ลงนาม" in words
    in_our_layout = generate(workspace, GenerationTask("note", "members", "org-1")).document
    assert words.splitlines()[-1] == str(in_our_layout.prepared)


def test_a_word_file_that_lacks_what_was_accepted_into_the_text_is_no_draft_of_it(workspace: Workspace) -> None:
    put(workspace, house_file(paragraphs=[PARTY, DAY]))
    words, file = digest_of(b"words"), digest_of(b"file")
    workspace.wordings.add(Wording("note", "org-1", 1, None, words, words, file, file, (1,), (), BEGIN))
    with pytest.raises(ConflictError, match="the house's own Word file has none of them"):
        write_own_layout_draft(workspace, TASK)
    assert not (workspace.folder / "drafts").exists()


def test_fields_named_in_thai_are_those_of_the_import(workspace: Workspace) -> None:
    put(workspace, house_file(paragraphs=["{{ ชื่อองค์กร }} ลงวันที่ {{ วันที่ }}"]))
    document = opened(write_own_layout_draft(workspace, TASK).read_bytes())
    assert document.paragraphs[1].text == f"{NAME} ลงวันที่ ๒๙ มีนาคม ๒๕๖๕"


def test_a_long_name_may_be_set_in_lines(workspace: Workspace) -> None:
    put(workspace, house_file(paragraphs=["{{ organisation.name_th | lines(16) }}"]))
    text = opened(write_own_layout_draft(workspace, TASK).read_bytes()).paragraphs[1].text
    assert "\n" in text
    assert text.replace("\n", " ") == NAME


@pytest.mark.parametrize(
    "places", [(), ("party", "witness")], ids=["on a page behind the text", "where the house has its places"]
)
def test_it_is_sealed_signed_by_everybody_and_verified_and_names_libreoffice(
    places: tuple[str, ...], workspace: Workspace, issue: Issue
) -> None:
    put(workspace, house_file(paragraphs=[PARTY, DAY], places=places))
    made = generate(workspace, TASK)
    sign_document(workspace, made.document.document_id, "S0001", issue("นางแก้ว ตัวอย่าง"))
    sign_document(workspace, made.document.document_id, "S0002", issue("นายก้อง ตัวอย่าง"))
    publish_queued(workspace)
    report = verify_published(workspace, made.document.document_id)
    assert (report.verdict, len(report.signatures)) == ("passed", 3)
    pdf = (workspace.documents_folder / "note" / f"{made.document.file_name}.pdf").read_bytes()
    by = laid_out_by(pdf, report)
    assert by is not None
    assert by.program == "LibreOffice"
    assert str(by.sentence()) == f"laid out by LibreOffice {by.version} from the house's own Word file, not by this program"
    assert f"ทำกับ {NAME} โดย นางแก้ว ตัวอย่าง" in text_of(pdf)
    assert print_document(workspace, made.document.document_id).signed == 2
    kept = json.loads((workspace.texts_folder / f"{made.document.document_id}.json").read_text(encoding="utf-8"))
    assert "ทำกับ มูลนิธิ A&amp;B &lt;x&gt; “ตะวัน” โดย นางแก้ว ตัวอย่าง" in kept["html"]


def test_a_repeat_makes_nothing_new_and_asks_no_libreoffice(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    put(workspace, house_file())
    first = generate(workspace, TASK)
    monkeypatch.setenv("MOU_SOFFICE", "/there/is/none")
    again = generate(workspace, TASK)
    assert (first.is_new, again.is_new) == (True, False)
    assert again.document == first.document


def test_our_own_layout_names_no_other_program(workspace: Workspace) -> None:
    made = generate(workspace, GenerationTask("note", "members", "org-1"))
    pdf = workspace.files.get(made.document.current)
    assert "laid_out_by" not in read_record(pdf)
    assert laid_out_by(pdf, verify(pdf, None, policy_of(workspace))) is None


def test_the_record_names_the_bytes_that_were_laid_out(workspace: Workspace) -> None:
    put(workspace, house_file())
    pdf = workspace.files.get(generate(workspace, TASK).document.current)
    named = read_record(pdf)["laid_out_by"]
    assert isinstance(named, dict)
    assert set(named) == {"program", "version", "layout"}
    assert Digest.parse(str(named["layout"]))


def test_a_file_that_was_changed_says_nothing_of_who_laid_it_out(workspace: Workspace) -> None:
    put(workspace, house_file())
    pdf = workspace.files.get(generate(workspace, TASK).document.current)
    with pikepdf.open(BytesIO(pdf)) as document:
        written = BytesIO()
        document.save(written)
    changed = written.getvalue()
    assert laid_out_by(changed, verify(changed, None, policy_of(workspace))) is None
    assert laid_out_by(pdf, verify(pdf, None, policy_of(workspace))) is not None


@pytest.mark.parametrize(
    ("paragraphs", "told"),
    [
        (
            ["ก {{ organisation.name_en }} ข"],
            "paragraph 2, “ก {{ organisation.name_en }} ข”: a field that template.toml declares",
        ),
        (["{{ place_of('nobody') }}"], "one of party, witness, got nobody"),
        (["{{ place_of('party') }}"], "นายก้อง ตัวอย่าง (witness): one place for the signature is expected, got 0"),
        (["{{ organisation.name_th | safe }}"], "safe"),
        (["{{ organisation.name_th "], "a tag that begins and ends in this paragraph is expected"),
    ],
    ids=["not declared", "no such role", "somebody has no place", "a filter that makes markup", "not closed"],
)
def test_a_file_that_cannot_be_filled_is_refused_and_nothing_is_left(
    paragraphs: list[str], told: str, workspace: Workspace
) -> None:
    put(workspace, house_file(paragraphs=paragraphs))
    for work in (write_own_layout_draft, generate):
        with pytest.raises(InputError) as refused:
            work(workspace, TASK)
        assert told in str(refused.value)
    assert not (workspace.folder / "drafts").exists()
    with workspace.database.read() as transaction:
        assert transaction.store.documents("note") == ()


def test_a_template_without_the_file_is_told_where_it_belongs(workspace: Workspace) -> None:
    with pytest.raises(UsageError, match=r"note has no Word file of its own: .* as template\.docx"):
        generate(workspace, TASK)


def test_without_libreoffice_nothing_is_recorded(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    put(workspace, house_file())
    monkeypatch.setenv("MOU_SOFFICE", "/there/is/none")
    with pytest.raises(RenderingError, match="LibreOffice is expected here, there is none"):
        generate(workspace, TASK)
    with workspace.database.read() as transaction:
        assert transaction.store.documents("note") == ()


def test_a_box_that_no_stamp_has_room_in_is_refused_before_anybody_signs(workspace: Workspace) -> None:
    document = opened(house_file(paragraphs=[PARTY]))
    table = document.add_table(rows=1, cols=12)
    table.cell(0, 0).text = "{{ place_of('party') }}"
    table.cell(0, 1).text = "{{ place_of('witness') }}"
    put(workspace, bytes_of(document))
    with pytest.raises(RenderingError, match="S0001"):
        generate(workspace, TASK)
