import fcntl
import os
import re
import subprocess
import sys
import threading
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mou.charter.clauses import FinalClauses, clauses_as_record, parse_clauses
from mou.errors import InputError, TemplateError
from mou.languages import Language
from mou.models import Capacity
from mou.template_files import HIDDEN_PREFIX, house_style, manifest_text, require_template_name, write_template
from mou.templates import (
    FieldType,
    Role,
    SignatorySource,
    Template,
    TemplateField,
    TemplateKind,
    bundled_template_names,
    bundled_templates_folder,
    load_template,
)

FIELD = TemplateField("organisation.name_th", FieldType.TEXT, "ชื่อองค์กร", "มูลนิธิตัวอย่าง")
ROLE = Role("party", "ผู้แทน", Capacity.AUTHORISED_REPRESENTATIVE, 1, SignatorySource.ORGANISATION_REPRESENTATIVE)
MARKUP = '<html lang="th"><p>{{ organisation.name_th }}</p></html>'

any_text = st.text(st.characters(exclude_categories=["Cs"]))


def manifest_of(template: Template) -> str:
    return manifest_text(
        name=template.name,
        title=template.title,
        title_lines=template.title_lines,
        kind=template.kind,
        languages=template.languages,
        numerals=template.numerals,
        version=template.version,
        fields=template.fields,
        roles=template.roles,
        charter=template.charter,
        protected_terms=template.protected_terms,
        prevailing_language=template.prevailing_language,
        clauses=template.clauses,
    )


def small_manifest(
    *, name: str = "small", title: str = "ก", terms: tuple[str, ...] = (), fields: tuple[TemplateField, ...] = (FIELD,)
) -> str:
    return manifest_text(
        name=name,
        title=title,
        title_lines=(title,),
        kind=TemplateKind.MEMORANDUM,
        languages=("th",),
        numerals="thai",
        version="1",
        fields=fields,
        roles=(ROLE,),
        protected_terms=terms,
    )


def small_files(manifest: str | None = None, markup: str = MARKUP) -> dict[str, bytes]:
    return {
        "template.toml": (manifest or small_manifest()).encode(),
        "template.html": markup.encode(),
        "template.css": house_style().encode(),
        "example/members.csv": "รหัส\n".encode(),
    }


@given(title=any_text, terms=st.lists(any_text).map(tuple), label=any_text, example=any_text)
def test_what_is_written_is_read_again_whatever_characters_it_holds(
    title: str, terms: tuple[str, ...], label: str, example: str
) -> None:
    field = TemplateField("organisation.name_th", FieldType.TEXT, label, example, required=False)
    read = tomllib.loads(small_manifest(title=title, terms=terms, fields=(field,)))
    assert (read["title"], read["title_lines"]) == (title, [title])
    assert read.get("protected_terms", []) == list(terms)
    assert read["fields"] == [
        {"name": "organisation.name_th", "type": "text", "label": label, "example": example, "required": False}
    ]


@pytest.mark.parametrize("text", ['ก "ข" ค', "A\\B", "a\tb\nc\rd", "\x00\x1f\x7f", '"""', "'", "# ก", "๑=๒", "\u2028\u0085"])
def test_a_text_with_marks_of_toml_comes_back(text: str) -> None:
    assert tomllib.loads(small_manifest(title=text))["title"] == text


def test_half_a_surrogate_pair_is_refused_before_it_reaches_a_file() -> None:
    with pytest.raises(ValueError, match="half a surrogate pair"):
        small_manifest(title="a\ud800")


def test_a_manifest_without_a_language_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one language"):
        manifest_text(
            name="a",
            title="a",
            title_lines=("a",),
            kind=TemplateKind.MEMORANDUM,
            languages=(),
            numerals="thai",
            version="1",
            fields=(),
            roles=(),
        )


@pytest.mark.parametrize("name", bundled_template_names())
def test_a_bundled_template_written_from_its_values_is_the_same_template(name: str, tmp_path: Path) -> None:
    source = bundled_templates_folder() / name
    original = load_template(source)
    files = {path.relative_to(source).as_posix(): path.read_bytes() for path in source.rglob("*") if path.is_file()}
    written = write_template(tmp_path / name, files | {"template.toml": manifest_of(original).encode()})
    same = ("name", "title", "title_lines", "kind", "languages", "numerals", "version", "fields", "roles", "sources")
    assert [getattr(written, one) for one in same] == [getattr(original, one) for one in same]
    rest = ("clauses", "charter", "protected_terms", "prevailing_language")
    assert [getattr(written, one) for one in rest] == [getattr(original, one) for one in rest]
    assert load_template(tmp_path / name) == written


def clauses_of_every_shape() -> list[FinalClauses]:
    clauses = load_template(bundled_templates_folder() / "lanna-charter").clauses
    assert clauses is not None
    record = clauses_as_record(clauses)
    changes: list[dict[str, object]] = [
        {"expulsion": "none", "remains_in_force_below_minimum": "silent", "successor_depositary": 'a"b\\c'},
        {
            "reservations": {"mode": "listed", "clauses": ["ข้อ ๕", "ข้อ ๗"], "objection_days": 30},
            "duration": {"renewal": "automatic", "ends_on": "2030-12-31"},
            "withdrawal": {"notice_days": 30, "earliest_on": "2027-01-01"},
            "entry_into_force": {"delay_days": 30, "min_count": 3, "class_minimums": {"foundation": 1}},
            "remains_in_force_below_minimum": False,
        },
    ]
    return [parse_clauses({**record, **change}, "test", is_signed=True) for change in changes]


def test_final_clauses_of_every_shape_are_read_again() -> None:
    for clauses in clauses_of_every_shape():
        text = manifest_text(
            name="a",
            title="a",
            title_lines=("a",),
            kind=TemplateKind.CHARTER,
            languages=("th", "en"),
            numerals="arabic",
            version="1",
            fields=(),
            roles=(),
            prevailing_language=Language.THAI,
            clauses=clauses,
        )
        read = tomllib.loads(text)
        assert (read["languages"], read["prevailing_language"]) == (["th", "en"], "th")
        assert parse_clauses(read["final_clauses"], "test", is_signed=True) == clauses


def test_a_template_is_written_with_its_folders_and_its_example(tmp_path: Path) -> None:
    folder = tmp_path / "templates" / "small"
    template = write_template(folder, small_files())
    assert (template.name, template.folder) == ("small", folder)
    assert (folder / "example" / "members.csv").read_text(encoding="utf-8") == "รหัส\n"
    assert [path.name for path in folder.parent.iterdir()] == ["small"]


def test_what_cannot_be_used_is_told_with_every_problem_at_its_later_place_and_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "templates" / "small"
    with pytest.raises(TemplateError) as refusal:
        write_template(folder, small_files(markup='{{ ceremony.place }}\n<img src="../seal.png">'))
    told = str(refusal.value)
    assert f"{folder / 'template.html'}, line 1: a field that template.toml declares is expected" in told
    assert f"{folder / 'template.html'}, line 2: the name of a file" in told
    assert HIDDEN_PREFIX not in told
    assert list(tmp_path.iterdir()) == []


def test_a_manifest_that_is_no_toml_is_told_at_its_later_place(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match=re.escape(str(tmp_path / "small" / "template.toml"))) as refusal:
        write_template(tmp_path / "small", small_files(manifest="name = "))
    assert HIDDEN_PREFIX not in str(refusal.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["folder", "file", "link to nowhere"])
def test_what_is_there_already_is_never_touched(kind: str, tmp_path: Path) -> None:
    folder = tmp_path / "small"
    if kind == "folder":
        folder.mkdir()
    elif kind == "file":
        folder.write_text("mine")
    else:
        folder.symlink_to(tmp_path / "nowhere")
    before = os.lstat(folder).st_ino
    with pytest.raises(InputError, match="a folder that is not there yet is expected"):
        write_template(folder, small_files())
    assert os.lstat(folder).st_ino == before
    assert [path.name for path in tmp_path.iterdir()] == ["small"]


@pytest.mark.parametrize("name", ["", ".hidden", "-w", "a b", "a/b", "a\\b", "a\u200bb", "x" * 101, "ก ข", ".."])
def test_a_name_that_cannot_stand_in_a_command_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="a template's name"):
        require_template_name(name)


@pytest.mark.parametrize("name", ["river-mou", "mou_2", "ธรรมนูญ", "บันทึก-แม่น้ำปิง", "v1.2", "x" * 100])
def test_a_name_in_latin_or_thai_letters_is_taken(name: str) -> None:
    require_template_name(name)


@pytest.mark.parametrize("path", ["../outside", "/etc/passwd", "a/../../b", "a\\b", ""])
def test_a_path_that_leads_out_of_the_folder_is_a_fault_of_the_program(path: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="inside the template's folder"):
        write_template(tmp_path / "small", {**small_files(), path: b""})
    assert list(tmp_path.iterdir()) == []


CRASH = """
import os, sys
from pathlib import Path
from mou import template_files
template_files.load_template = lambda folder: os._exit(7)
template_files.write_template(Path(sys.argv[1]), {"template.toml": b"", "template.html": b""})
"""


def test_a_crash_before_the_renaming_leaves_a_hidden_folder_which_the_next_run_removes(tmp_path: Path) -> None:
    died = subprocess.run([sys.executable, "-c", CRASH, str(tmp_path / "small")], check=False)
    assert died.returncode == 7
    [left] = tmp_path.iterdir()
    assert left.name.startswith(HIDDEN_PREFIX)
    write_template(tmp_path / "small", small_files())
    assert [path.name for path in tmp_path.iterdir()] == ["small"]


def test_a_disk_that_is_full_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_template(tmp_path / "templates" / "small", small_files())
    assert list(tmp_path.iterdir()) == []


def test_a_neighbour_that_is_still_writing_is_waited_for(tmp_path: Path) -> None:
    half_written = tmp_path / f"{HIDDEN_PREFIX}neighbour"
    half_written.mkdir()
    descriptor = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    writing = threading.Thread(target=write_template, args=(tmp_path / "small", small_files()))
    writing.start()
    writing.join(timeout=0.3)
    assert writing.is_alive()
    assert half_written.is_dir()
    half_written.rename(tmp_path / "neighbour")
    os.close(descriptor)
    writing.join()
    assert {path.name for path in tmp_path.iterdir()} == {"neighbour", "small"}


def test_two_that_write_the_same_name_at_one_moment_are_one_template_and_one_refusal(tmp_path: Path) -> None:
    outcomes: list[object] = []

    def write(label: str) -> None:
        try:
            outcomes.append(write_template(tmp_path / "small", small_files(small_manifest(title=label))).title)
        except InputError as error:
            outcomes.append(error)

    threads = [threading.Thread(target=write, args=(label,)) for label in ("ก", "ข")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [title] = [one for one in outcomes if isinstance(one, str)]
    assert sum(isinstance(one, InputError) for one in outcomes) == 1
    assert load_template(tmp_path / "small").title == title
    assert [path.name for path in tmp_path.iterdir()] == ["small"]


def test_the_house_style_sets_every_class_that_a_bundled_style_sheet_sets() -> None:
    """What only one bundled text needs is left out: its two languages side by side, and its own columns."""
    own = set(re.findall(r"\.([a-z][\w-]*)", house_style()))
    for name in ("lanna-mou", "lanna-charter", "child-friendly-city-mou"):
        style = re.sub(r"/\*.*?\*/", "", load_template(bundled_templates_folder() / name).css, flags=re.DOTALL)
        assert set(re.findall(r"\.([a-z][\w-]*)", style)) <= own
