"""A draft in Word goes out, comes back with changes, and chosen ones of them become the text of the document."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mou.comparison.articles import articles_of, articles_of_blocks
from mou.comparison.blocks import read_source
from mou.drafts.differing import DraftDifference, Tracking, tracking_of
from mou.drafts.editing import expected_articles
from mou.drafts.findings import findings_of
from mou.drafts.fixed_words import fixed_words
from mou.drafts.outputs import difference_as_html, difference_as_record, difference_as_text
from mou.drafts.planning import carried_over, plan
from mou.drafts.wordings import with_wordings, words_digest
from mou.errors import ConflictError, InputError, RenderingError, UsageError, WorkspaceError
from mou.models import FilledDocument
from mou.storage import wordings
from mou.storage.store import Document
from mou.workflow.accepting import Acceptance, Accepted, accept, difference_between, history_of
from mou.workflow.draft_texts import read_file, sent_file, sent_text, task_of, task_of_draft, task_of_file
from mou.workflow.drafting import write_word_draft
from mou.workflow.generating import GenerationTask, fill_for, generate
from mou.workflow.importing import import_organisations
from mou.workflow.publishing import publish_queued
from mou.workflow.signing import sign_document
from mou.workflow.templates import find_template
from mou.workflow.workspace import Workspace
from signatures.canonical import canonical_bytes
from tests.office import WORD_FORMAT, converted
from tests.unit.mou.drafts.word_drafts import added_after, retyped, saved, taken_out, tracked
from tests.unit.mou.workflow.conftest import Issue

NOBODY = Acceptance()
CHARTER = GenerationTask("lanna-charter", "members", None)

Edit = Callable[[WordDocument], None]


def once_a_year(document: WordDocument) -> None:
    retyped(document, "ปีละหนึ่งครั้ง", "ปีละสองครั้ง")


def no_first_duty(document: WordDocument) -> None:
    taken_out(document, "ปฏิบัติตามธรรมนูญและมติ")


def one_duty_more(document: WordDocument) -> None:
    added_after(document, "ไม่ก่อให้เกิดภาระผูกพันทางการเงิน", "๗.๓ รายงานต่อมูลนิธิสมมติหนึ่ง ภายใน ๓๐ วัน & <b>ทุกครั้ง</b>")


def another_plan(document: WordDocument) -> None:
    cell = next(cell for table in document.tables for row in table.rows for cell in row.cells if "แผน" in cell.text)
    cell.paragraphs[0].runs[0].text = "แผนงาน"


def another_person(document: WordDocument) -> None:
    retyped(document, "นางแก้ว", "นางกล้วย")


def tracked_plan(document: WordDocument) -> None:
    tracked(document, "โดยสุจริต", "โดยสุจริตใจ")


EDITS: tuple[Edit, ...] = (once_a_year, no_first_duty, one_duty_more, another_plan)


@pytest.fixture
def draft(workspace: Workspace, task: GenerationTask) -> Path:
    """The memorandum's draft, as it is sent."""
    return write_word_draft(workspace, task)


def came_back(draft: Path, *edits: Edit, name: str = "returned.docx") -> Path:
    return saved(draft, draft.with_name(name), *edits)


def differing(draft: Path, returned: Path) -> DraftDifference:
    return difference_between(sent_file(draft), read_file(returned))


def filled(workspace: Workspace, task: GenerationTask) -> FilledDocument:
    return fill_for(workspace, find_template(workspace.templates_folder, task.template), task)


def accept_all(workspace: Workspace, task: GenerationTask, difference: DraftDifference) -> Accepted:
    return accept(workspace, task, difference, {one.number for one in difference.changes}, NOBODY)


def text_of(workspace: Workspace, document: Document) -> str:
    with pypdfium2.PdfDocument(workspace.files.get(document.current)) as pdf:
        return "".join(page.get_textpage().get_text_range() for page in pdf).replace("\r\n", "")


def test_a_draft_says_the_words_of_the_document_block_by_block(workspace: Workspace, task: GenerationTask, draft: Path) -> None:
    today = filled(workspace, task)
    read = [one.block for one in read_file(draft).page.blocks]
    assert read == [one.block for one in read_source(today.html, today.protected_names).blocks]


def test_every_accepted_change_makes_the_text_what_came_back(workspace: Workspace, task: GenerationTask, draft: Path) -> None:
    returned = came_back(draft, *EDITS)
    difference = differing(draft, returned)
    assert len(difference.changes) == len(EDITS)
    accepted = accept_all(workspace, task, difference)
    today = filled(workspace, task)
    assert (accepted.version, accepted.is_new, today.version) == ("1.1", True, "1.1")
    assert articles_of(today.html, today.protected_names) == articles_of_blocks(
        [one.block for one in read_file(returned).page.blocks]
    )
    assert words_digest(today) == accepted.wording.text
    assert '<p class="item"><span class="number">๗.๓</span>รายงานต่อ' in today.html
    assert '<span class="nb">มูลนิธิสมมติหนึ่ง</span>' in today.html.partition("๗.๓")[2].partition("</p>")[0]
    assert "ภายใน <span" in today.html


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_choice_of_changes_of_a_real_draft_is_carried_over_exactly(
    workspace: Workspace, task: GenerationTask, draft: Path, data: st.DataObject
) -> None:
    shutil.rmtree(workspace.folder / "wordings", ignore_errors=True)
    edits = data.draw(st.lists(st.sampled_from(EDITS), min_size=1, unique=True))
    difference = differing(draft, came_back(draft, *edits))
    chosen = [one for one in difference.changes if data.draw(st.booleans())]
    today = filled(workspace, task)
    source = read_source(today.html, today.protected_names)
    carried = carried_over(difference.sent.page.blocks, source.blocks)
    found = plan(difference.compared.comparison, chosen, difference.returned.page, source, carried)
    assert found.obstacles == ()
    if chosen:
        kept = accept(workspace, task, difference, {one.number for one in chosen}, NOBODY)
        assert kept.wording.edits == tuple(edit for _, edit in found.edits)
        after = expected_articles(source, kept.wording.edits)
        newer = with_wordings(today, [kept.wording])
        assert words_digest(newer) == kept.wording.text
        assert articles_of(newer.html, newer.protected_names) == after


def test_the_new_document_has_its_own_digest_and_tells_its_history(
    workspace: Workspace, task: GenerationTask, draft: Path
) -> None:
    old = generate(workspace, task).document
    accept(workspace, task, differing(draft, came_back(draft, *EDITS)), {1, 2}, Acceptance("นางสาวเลขา ลับ", "ลับ"))
    made = generate(workspace, task)
    assert made.is_new
    assert made.document.prepared != old.prepared
    assert made.document.version == "1.1"
    assert "ปีละสองครั้ง" in text_of(workspace, made.document)
    assert not generate(workspace, task).is_new
    record = filled(workspace, task).record
    wording = record["wording"]
    assert isinstance(wording, dict)
    assert wording["version"] == "1.1"
    assert [one["changes"] for one in wording["history"]] == [[1, 2]]
    assert "ลับ" not in json.dumps(record, ensure_ascii=False)
    assert "ลับ".encode() not in workspace.files.get(made.document.current)


def test_drafts_and_other_organisations(workspace: Workspace, task: GenerationTask, draft: Path) -> None:
    other = replace(task, organisation_id="org-2")
    before = filled(workspace, other)
    accept_all(workspace, task, differing(draft, came_back(draft, once_a_year)))
    assert filled(workspace, other) == before
    newer = read_file(write_word_draft(workspace, task))
    assert any("ปีละสองครั้ง" in one.block.text for one in newer.page.blocks)


def test_accepting_the_same_again_returns_what_is_there(workspace: Workspace, task: GenerationTask, draft: Path) -> None:
    kept = saved(draft, draft.with_name("kept.docx"))
    difference = differing(kept, came_back(draft, *EDITS))
    first = accept(workspace, task, difference, {1, 3}, NOBODY)
    again = accept(workspace, task, difference, {3, 1}, Acceptance("somebody else"))
    assert (again.wording, again.is_new) == (first.wording, False)
    assert history_of(workspace, task) == (first.wording,)


def test_what_was_accepted_before_is_not_put_in_twice(workspace: Workspace, task: GenerationTask, draft: Path) -> None:
    difference = differing(draft, came_back(draft, *EDITS))
    numbers = {one.number for one in difference.changes}
    some, rest = set(list(numbers)[:2]), set(list(numbers)[2:])
    first = accept(workspace, task, difference, some, NOBODY)
    for one in some:
        again = accept(workspace, task, difference, {one}, NOBODY)
        assert (again.wording, again.is_new) == (first.wording, False)
    second = accept(workspace, task, difference, numbers, NOBODY)
    assert (second.is_new, set(second.wording.changes)) == (True, rest)
    assert accept(workspace, task, difference, numbers, NOBODY).wording == second.wording
    assert second.wording.text == difference.compared.new_text_digest


def test_drafts_of_two_readers_are_accepted_one_after_the_other(workspace: Workspace, task: GenerationTask, draft: Path) -> None:
    one = differing(draft, came_back(draft, once_a_year, name="one.docx"))
    other = differing(draft, came_back(draft, no_first_duty, one_duty_more, name="other.docx"))
    first, second = accept_all(workspace, task, one), accept_all(workspace, task, other)
    assert (second.version, second.wording.previous, second.wording.base) == ("1.2", first.wording.digest, first.wording.text)
    html = filled(workspace, task).html
    assert "ปีละสองครั้ง" in html
    assert "๗.๓" in html
    assert "ปฏิบัติตามธรรมนูญและมติ" not in html


def test_words_that_were_changed_meanwhile_are_not_changed_by_an_older_draft(
    workspace: Workspace, task: GenerationTask, draft: Path
) -> None:
    accept_all(workspace, task, differing(draft, came_back(draft, once_a_year, name="one.docx")))
    thrice = differing(draft, came_back(draft, lambda word: retyped(word, "ปีละหนึ่งครั้ง", "ปีละสามครั้ง"), name="three.docx"))
    with pytest.raises(InputError, match="change 1: the text says something else there today"):
        accept_all(workspace, task, thrice)


def test_a_value_of_the_list_is_refused_with_its_field_and_nothing_is_accepted(
    workspace: Workspace, task: GenerationTask, draft: Path
) -> None:
    difference = differing(draft, came_back(draft, another_person, once_a_year))
    with pytest.raises(InputError, match=r"change 1: นางแก้ว ตัวอย่าง .*organisation\.representative\.full_name"):
        accept_all(workspace, task, difference)
    assert history_of(workspace, task) == ()
    assert "organisation.representative.full_name: this value comes from the list" in difference_as_text(difference, "en")
    assert accept(workspace, task, difference, {2}, NOBODY).version == "1.1"


def test_a_joint_document_has_one_text_for_all(workspace: Workspace) -> None:
    draft = write_word_draft(workspace, CHARTER)
    returned = came_back(draft, lambda word: retyped(word, "การเลิก", "การเลิกเครือข่าย"))
    accepted = accept_all(workspace, CHARTER, differing(draft, returned))
    assert "การเลิกเครือข่าย" in filled(workspace, CHARTER).html
    assert (workspace.folder / "wordings" / "lanna-charter" / "0001.json").read_bytes() == accepted.wording.content


def test_nothing_is_accepted_into_a_text_that_somebody_signed(
    workspace: Workspace, task: GenerationTask, draft: Path, issue: Issue
) -> None:
    document = generate(workspace, task).document
    publish_queued(workspace)
    sign_document(workspace, document.document_id, "S0001", issue("นางแก้ว ตัวอย่าง"))
    with pytest.raises(ConflictError, match="is signed already"):
        accept_all(workspace, task, differing(draft, came_back(draft, once_a_year)))
    assert history_of(workspace, task) == ()


def test_a_text_that_changed_since_is_named_and_nothing_is_made_of_it(
    workspace: Workspace, task: GenerationTask, draft: Path
) -> None:
    accept_all(workspace, task, differing(draft, came_back(draft, once_a_year)))
    ceremony = workspace.folder / "ceremony.toml"
    ceremony.write_text(ceremony.read_text("utf-8").replace("โรงแรมวินทรีย์", "โรงแรมสมมติ"), "utf-8")
    with pytest.raises(ConflictError, match="move the folder wordings/lanna-mou/org-1 out") as refused:
        generate(workspace, task)
    assert "--change NUMBER --document lanna-mou/org-1" in str(refused.value)
    (workspace.folder / "wordings" / "lanna-mou" / "org-1").rename(workspace.folder.parent / "moved")
    again = accept_all(workspace, task_of(workspace, "lanna-mou/org-1"), differing(draft, draft.with_name("returned.docx")))
    assert again.is_new
    assert "โรงแรมสมมติ" in (newer := filled(workspace, task).html)
    assert "ปีละสองครั้ง" in newer


def test_a_file_says_which_document_it_is_of_and_words_say_it_too(
    workspace: Workspace, task: GenerationTask, draft: Path
) -> None:
    assert task_of_file(workspace, read_file(draft)) == task
    file = read_file(draft)
    assert task_of_file(workspace, replace(file, document=None)) == task
    accept_all(workspace, task, differing(draft, came_back(draft, once_a_year)))
    assert task_of_file(workspace, replace(file, document=None)) == task
    with pytest.raises(UsageError, match="--document"):
        task_of_file(workspace, replace(read_file(came_back(draft, once_a_year, no_first_duty)), document=None))


def test_a_draft_that_says_of_which_text_it_is_is_not_taken_for_another_one(
    workspace: Workspace, task: GenerationTask, draft: Path
) -> None:
    for sent in (sent_file(draft), sent_text(workspace, "lanna-mou/org-1")):
        assert task_of_draft(workspace, sent) == task_of_draft(workspace, sent, "lanna-mou/org-1") == task
        with pytest.raises(ConflictError, match="it is a draft of lanna-mou/org-1, not of lanna-mou/org-2"):
            task_of_draft(workspace, sent, "lanna-mou/org-2")
    told_nothing = sent_file(came_back(draft, once_a_year, no_first_duty))
    unknown = replace(told_nothing, file=replace(told_nothing.file, document=None))
    assert task_of_draft(workspace, unknown, "lanna-mou/org-2").organisation_id == "org-2"


@pytest.mark.parametrize("name", ["LCRN-MOU-2565-001", "lanna-mou/org-1"])
def test_a_draft_is_found_by_the_document_or_by_template_and_organisation(
    workspace: Workspace, task: GenerationTask, draft: Path, name: str
) -> None:
    sent = sent_text(workspace, name)
    assert sent.task == task
    assert sent.file.page.blocks == read_file(draft).page.blocks
    assert [one.outcome for one in difference_between(sent, read_file(draft)).changes] == []


def by_name(workspace: Workspace, returned: Path) -> DraftDifference:
    file = read_file(returned)
    return difference_between(sent_text(workspace, "lanna-mou/org-1", file), file)


def test_the_same_is_accepted_once_by_name_and_by_file(workspace: Workspace, task: GenerationTask, draft: Path) -> None:
    returned = came_back(draft, *EDITS)
    first = accept(workspace, task, by_name(workspace, returned), {1}, NOBODY)
    second = accept(workspace, task, differing(draft, returned), {2, 3}, NOBODY)
    assert (first.version, second.version) == ("1.1", "1.2")
    for difference in (by_name(workspace, returned), differing(draft, returned)):
        for number, kept in ((1, first), (2, second), (3, second)):
            again = accept(workspace, task, difference, {number}, NOBODY)
            assert (again.wording, again.is_new) == (kept.wording, False)
    assert by_name(workspace, returned).accepted == {1: "1.1", 2: "1.2", 3: "1.2"}
    assert "[2] version 1.2" in difference_as_text(by_name(workspace, returned), "en")
    generate(workspace, task)
    last = accept_all(workspace, task, by_name(workspace, returned))
    assert (last.version, last.wording.changes) == ("1.3", (4,))


def test_values_of_a_document_whose_list_changed_meanwhile_are_known_all_the_same(
    workspace: Workspace, task: GenerationTask, draft: Path
) -> None:
    generate(workspace, task)
    ceremony = workspace.folder / "ceremony.toml"
    ceremony.write_text(ceremony.read_text("utf-8").replace("โรงแรมวินทรีย์", "โรงแรมสมมติ"), "utf-8")
    difference = by_name(workspace, came_back(draft, another_person))
    assert "โรงแรมวินทรีย์" in "".join(one.block.text for one in difference.sent.page.blocks)
    with pytest.raises(InputError, match=r"organisation\.representative\.full_name"):
        accept_all(workspace, task, difference)


def test_the_same_words_sent_in_another_file_are_accepted_once(workspace: Workspace, task: GenerationTask, draft: Path) -> None:
    returned = came_back(draft, one_duty_more)
    accept_all(workspace, task, differing(draft, returned))
    saved_again = saved(draft, draft.with_name("saved-again.docx"), lambda word: setattr(word.core_properties, "title", "other"))
    assert read_file(saved_again).digest != read_file(draft).digest
    assert not accept_all(workspace, task, differing(saved_again, returned)).is_new


def test_by_name_a_reader_of_an_older_version_takes_nothing_back_that_another_one_asked_for(
    workspace: Workspace, task: GenerationTask, draft: Path
) -> None:
    accept_all(workspace, task, by_name(workspace, came_back(draft, once_a_year, name="one.docx")))
    other = by_name(workspace, came_back(draft, no_first_duty, name="other.docx"))
    assert [one.outcome.value for one in other.changes] == ["removed"]
    assert accept_all(workspace, task, other).version == "1.2"
    assert "ปีละสองครั้ง" in filled(workspace, task).html


def test_by_name_a_draft_without_its_digest_is_known_by_what_was_accepted_of_it(
    workspace: Workspace, task: GenerationTask, draft: Path
) -> None:
    file = replace(read_file(came_back(draft, *EDITS)), document=None)

    def difference() -> DraftDifference:
        return difference_between(sent_text(workspace, "lanna-mou/org-1", file), file)

    first = accept(workspace, task, difference(), {1}, NOBODY)
    assert accept(workspace, task, difference(), {1}, NOBODY).wording == first.wording
    assert accept_all(workspace, task, difference()).wording.changes == (2, 3, 4)


def test_a_draft_without_changes_is_told_so(workspace: Workspace, task: GenerationTask, draft: Path) -> None:
    with pytest.raises(UsageError, match="there is no change to accept"):
        accept(workspace, task, differing(draft, draft), set(), NOBODY)


def test_a_joint_text_of_several_lists_is_not_guessed(workspace: Workspace) -> None:
    later = workspace.folder / "later.csv"
    later.write_text((workspace.folder / "members.csv").read_text("utf-8").replace("org-", "late-"), "utf-8")
    import_organisations(workspace, later)
    assert task_of(workspace, "lanna-charter") == CHARTER  # its document was made
    with workspace.database.write() as transaction:
        charter = transaction.store.documents("lanna-charter")[0].document_id
        transaction.store.supersede(charter, charter)
    with pytest.raises(UsageError, match="each of the lists later, members"):
        task_of(workspace, "lanna-charter")
    with pytest.raises(UsageError, match="one document for the whole list: name it lanna-charter"):
        task_of(workspace, "lanna-charter/org-1")


def test_an_unknown_name_is_refused_with_what_is_expected(workspace: Workspace) -> None:
    with pytest.raises(UsageError, match="TEMPLATE/ORGANISATION"):
        task_of(workspace, "nothing")
    with pytest.raises(UsageError, match="lanna-mou/org-1"):
        task_of(workspace, "lanna-mou/nobody")


def test_a_draft_of_another_text_is_told_and_not_accepted(workspace: Workspace, task: GenerationTask, draft: Path) -> None:
    other = write_word_draft(workspace, replace(task, organisation_id="org-2"))
    difference = differing(draft, other)
    assert "is of another text" in difference_as_text(difference, "en")
    with pytest.raises(ConflictError, match="a draft of another text"):
        accept(workspace, task, difference, {1}, NOBODY)


def test_tracked_changes_and_comments_are_shown_as_claims_and_the_rest_as_untracked(draft: Path) -> None:
    def commented(word: WordDocument) -> None:
        tracked(word, "โดยสุจริต", "โดยสุจริตใจ")
        paragraph = next(one for one in word.paragraphs if "ปีละสองครั้ง" in one.text)
        word.add_comment(paragraph.runs, text="ขอแก้ <b>ด้วย</b>", author="คุณผู้อ่าน", initials="อ")

    difference = differing(draft, came_back(draft, once_a_year, commented))
    kinds = tracking_of(difference)
    assert sorted(kinds.values()) == [Tracking.TRACKED, Tracking.UNTRACKED]
    text, page = difference_as_text(difference, "en"), difference_as_html(difference, "th")
    untracked = next(number for number, kind in kinds.items() if kind is Tracking.UNTRACKED)
    assert f"Not tracked: changes {untracked}." in text
    assert "คุณผู้ตรวจ <x>, 2026-11-25 16:30: inserted: “โดยสุจริตใจ”" in text
    assert "ขอแก้ <b>ด้วย</b>" in text
    assert "nobody checked them" in text
    assert "คุณผู้ตรวจ &lt;x&gt;" in page
    assert "<b>ด้วย" not in page
    record = difference_as_record(difference)
    assert [one["tracking"] for one in record["changes"]] == [kinds[1].value, kinds[2].value]  # type: ignore[union-attr, index, call-overload]
    for number in kinds:
        assert f"[{number}] " in text
        assert f"[{number}] " in page


def test_a_draft_that_was_tracked_from_end_to_end_has_no_untracked_change(draft: Path) -> None:
    difference = differing(draft, came_back(draft, tracked_plan))
    assert [tracking_of(difference)[one.number] for one in difference.changes] == [Tracking.TRACKED]
    assert "Every change was tracked." in difference_as_text(difference, "en")


def test_a_draft_that_libreoffice_saved_has_only_the_changes_that_were_typed(
    workspace: Workspace, task: GenerationTask, draft: Path, tmp_path: Path
) -> None:
    returned = converted(came_back(draft, once_a_year, one_duty_more, tracked_plan), WORD_FORMAT, tmp_path / "office")
    untouched = converted(draft, WORD_FORMAT, tmp_path / "untouched")
    assert differing(draft, untouched).changes == ()
    assert not [one.lines for one in findings_of(differing(draft, untouched)) if one.lines]
    assert read_file(untouched).document == read_file(draft).document
    difference = differing(draft, returned)
    kinds = tracking_of(difference)
    assert sorted(kinds.values()) == [Tracking.TRACKED, Tracking.UNTRACKED, Tracking.UNTRACKED]
    accept_all(workspace, task, difference)
    today = filled(workspace, task)
    assert articles_of(today.html, today.protected_names) == articles_of_blocks(
        [one.block for one in difference.returned.page.blocks]
    )


def test_two_who_accept_at_once_do_not_make_one_version(workspace: Workspace, task: GenerationTask, draft: Path) -> None:
    one = differing(draft, came_back(draft, once_a_year, name="one.docx"))
    accepted = accept_all(workspace, task, one)
    with pytest.raises(ConflictError, match="somebody else accepted"):
        workspace.wordings.add(replace(accepted.wording, note="the other"))
    assert history_of(workspace, task) == (accepted.wording,)


def test_a_crash_before_the_commit_point_leaves_nothing_and_one_after_it_everything(
    workspace: Workspace, task: GenerationTask, draft: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    difference = differing(draft, came_back(draft, once_a_year))
    with monkeypatch.context() as patched:
        patched.setattr("os.link", _crash)
        with pytest.raises(KeyboardInterrupt):
            accept_all(workspace, task, difference)
    assert history_of(workspace, task) == ()
    assert not list((workspace.folder / "wordings").rglob("*.*"))
    with monkeypatch.context() as patched:
        patched.setattr(wordings, "sync_folder", _crash)
        with pytest.raises(KeyboardInterrupt):
            accept_all(workspace, task, difference)
    assert len(history_of(workspace, task)) == 1
    assert not accept_all(workspace, task, difference).is_new


def _crash(*_: object) -> None:
    raise KeyboardInterrupt


def _other_words(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace("สองครั้ง".encode(), "สิบครั้ง".encode()))


def _cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def _of_another_version(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"mou.wording.v1", b"mou.wording.v9"))


def _gone(path: Path) -> None:
    path.unlink()


def _nested(path: Path) -> None:
    path.write_bytes(b"[" * 100_000)


def _of_no_block(path: Path) -> None:
    record = json.loads(path.read_bytes())
    record["edits"][0]["block"] = -1
    path.write_bytes(canonical_bytes(record))


@pytest.mark.parametrize("harm", [_other_words, _cut_short, _of_another_version, _gone, _nested, _of_no_block])
def test_a_history_that_was_changed_is_told_and_not_used(
    workspace: Workspace, task: GenerationTask, draft: Path, harm: Callable[[Path], None]
) -> None:
    accept_all(workspace, task, differing(draft, came_back(draft, once_a_year, name="one.docx")))
    accept_all(workspace, task, differing(draft, came_back(draft, one_duty_more, name="two.docx")))
    harm(workspace.folder / "wordings" / "lanna-mou" / "org-1" / "0001.json")
    with pytest.raises(WorkspaceError, match="is not what was accepted"):
        filled(workspace, task)


def test_a_file_without_its_digest_is_told(draft: Path) -> None:
    def nameless(word: WordDocument) -> None:
        for relation in list(word.part.package.rels.values()):
            if relation.reltype.endswith("custom-properties"):
                del word.part.package.rels[relation.rId]
        for section in word.sections:
            for text in section.footer._element.iter(qn("w:t")):
                text.text = ""

    difference = differing(draft, came_back(draft, nameless))
    assert difference.returned.document is None
    assert "does not say any more of which document it is" in difference_as_text(difference, "en")


def test_words_with_which_the_program_computes_are_not_changed_by_a_draft(workspace: Workspace) -> None:
    words = fixed_words(find_template(workspace.templates_folder, "lanna-charter")).clauses
    today = filled(workspace, CHARTER)
    texts = [one.block.text for one in read_source(today.html, today.protected_names).blocks]
    printed = [text for text in texts if text in words or text.partition(" ")[2] in words]
    assert len(set(printed)) >= len(words) // 2  # the Thai ones, each with its number
    draft = write_word_draft(workspace, CHARTER)
    sentence = next(text for text in printed if "วัน" in text)
    returned = came_back(draft, lambda word: taken_out(word, sentence[-30:]), lambda word: retyped(word, "การเลิก", "การยุบเลิก"))
    difference = differing(draft, returned)
    with pytest.raises(InputError, match="words of the final clauses"):
        accept_all(workspace, CHARTER, difference)
    assert history_of(workspace, CHARTER) == ()


def test_nothing_is_put_in_among_words_with_which_the_program_computes(workspace: Workspace) -> None:
    draft = write_word_draft(workspace, CHARTER)
    returned = came_back(draft, lambda word: added_after(word, "ธรรมนูญนี้ไม่มีกำหนดเวลาสิ้นสุด", "เว้นแต่ครบห้าปี"))
    with pytest.raises(InputError, match="among the words of the final clauses"):
        accept_all(workspace, CHARTER, differing(draft, returned))
    assert history_of(workspace, CHARTER) == ()


UNFIT = {
    "what nobody sees": ("\u202e", InputError, "change 1: returned.docx: no invisible character"),
    "a tone mark before its vowel": ("ก่ี", InputError, "change 1: returned.docx: vowel before tone mark"),
    "no space for pages": (" " + "ก" * 3_000, InputError, "a space is expected after at most 2000 letters, got 3000"),
    "a sign without a glyph": ("😀", RenderingError, "has no glyph"),
}


@pytest.mark.parametrize(("words", "kind", "message"), UNFIT.values(), ids=UNFIT.keys())
def test_what_no_document_could_be_made_of_is_not_accepted(
    workspace: Workspace, task: GenerationTask, draft: Path, words: str, kind: type[Exception], message: str
) -> None:
    returned = came_back(draft, lambda word: retyped(word, "โดยสุจริต", f"โดยสุจริต{words}"))
    with pytest.raises(kind, match=message):
        accept_all(workspace, task, differing(draft, returned))
    assert history_of(workspace, task) == ()
    assert not generate(workspace, task).is_new
