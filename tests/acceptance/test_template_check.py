"""A template is checked and looked at as people do it: by name or folder, without a workspace, in a shell or by a program."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypdfium2
import pytest

from mou.templates import bundled_template_names, bundled_templates_folder

if TYPE_CHECKING:
    from tests.acceptance.conftest import Answer, RunMou

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """A copy of a bundled template, to be spoilt."""
    return Path(shutil.copytree(bundled_templates_folder() / "child-friendly-city-mou", tmp_path / "child-friendly-city-mou"))


def spoil(folder: Path, old: str, new: str, *, file: str = "template.html") -> int:
    """Replace the words once, and return the line in which they stand."""
    path = folder / file
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")
    return text.count("\n", 0, text.index(old)) + 1


def findings(answer: "Answer") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answer.object["findings"]
    return found


@pytest.mark.parametrize("name", bundled_template_names())
def test_a_bundled_template_can_be_used_where_no_workspace_is(run_mou: "RunMou", tmp_path: Path, name: str) -> None:
    answer = run_mou("template", "check", name, cwd=tmp_path)
    assert answer.code == 0, answer.stdout
    assert answer.stdout.startswith(f"{name} can be used: ")


def test_a_template_with_a_warning_can_be_used_unless_one_is_strict(run_mou: "RunMou", city: Path) -> None:
    line = spoil(city, "อย่างน้อยปีละหนึ่งครั้ง", "อย่างน้อยปีละ 1 ครั้ง")
    lenient, strict = run_mou("template", "check", city), run_mou("template", "check", city, "--strict")
    assert (lenient.code, strict.code) == (0, 1)
    assert f"  - warning numerals_mixed, template.html, line {line}, ข้อ ๔\n" in lenient.stdout
    assert strict.stdout == lenient.stdout


def test_a_reference_that_leads_nowhere_fails_with_its_place_and_remedy(run_mou: "RunMou", city: Path) -> None:
    line = spoil(city, "และร่วมกันกำหนดแผนของปีต่อไปก่อนเริ่มปีนั้น", "ตามข้อ ๒๗")
    answer = run_mou("template", "check", city)
    assert answer.code == 1
    assert "can be used" not in answer.stdout
    assert f"  - error reference_nowhere, template.html, line {line}, ข้อ ๕\n      “ข้อ ๒๗” leads nowhere, in " in answer.stdout
    assert "      > name the one that is meant; " in answer.stdout


def test_a_program_gets_every_finding_with_its_code_and_place(run_mou: "RunMou", city: Path) -> None:
    joiner = spoil(city, "การแลกเปลี่ยนเรียนรู้และการศึกษาดูงานระหว่างพื้นที่", "การแลก\u2060เปลี่ยน")
    payment = spoil(city, "การติดตามและประเมินผล", "ค่าตอบแทนของวิทยากร")
    answer = run_mou("template", "check", city, "--json")
    assert answer.code == 1
    told = answer.object
    assert (told["template"], told["errors"]) == ("child-friendly-city-mou", 1)
    by_code = {one["code"]: one for one in told["findings"]}
    assert by_code["character_unseen"]["line"] == joiner
    assert by_code["payment_in_non_binding"] | {"found": "", "remedy": ""} == {
        "code": "payment_in_non_binding",
        "severity": "warning",
        "file": "template.html",
        "line": payment,
        "article": "ข้อ ๗",
        "page": None,
        "found": "",
        "remedy": "",
    }


def test_a_role_without_a_place_fails(run_mou: "RunMou", city: Path) -> None:
    spoil(city, '{{ signature(slot_of("party_witness"), "พยานฝ่ายองค์กรพื้นที่") }}', "")
    (finding,) = [one for one in findings(run_mou("template", "check", city, "--json")) if one["severity"] == "error"]
    assert finding["code"] == "role_without_place"
    assert "party_witness" in finding["found"]


def test_a_template_that_cannot_be_loaded_is_refused_in_words_and_in_json(run_mou: "RunMou", city: Path) -> None:
    line = spoil(city, "{{ ceremony.values.term_years }}", "{{ ceremony.values.term }}")
    refused, told = run_mou("template", "check", city), run_mou("template", "check", city, "--json")
    assert (refused.code, told.code) == (1, 1)
    assert refused.stderr.startswith(f"mou: {city}: the template cannot be used\n")
    assert [(one["code"], one["line"]) for one in findings(told)] == [("field_unknown", line), ("field_unused", None)]


def test_control_characters_of_a_template_do_not_reach_the_terminal(run_mou: "RunMou", city: Path) -> None:
    spoil(city, "การถอดบทเรียน", "\x1b[31mการถอดบทเรียน")
    answer = run_mou("template", "check", city)
    assert answer.code == 1
    assert "\x1b" not in answer.stdout


def test_a_page_that_cannot_be_drawn_is_told_and_no_traceback(run_mou: "RunMou", city: Path) -> None:
    spoil(city, ".article-number {", "p { white-space: nowrap; } .article-number {", file="template.css")
    answer = run_mou("template", "check", city)
    assert answer.code == 1
    assert "error page_undrawable" in answer.stdout
    assert "does not fit between the margins" in answer.stdout


def test_a_template_is_seen_as_a_draft_and_as_pictures_where_no_workspace_is(run_mou: "RunMou", tmp_path: Path) -> None:
    out = tmp_path / "ดู"
    answer = run_mou("template", "preview", "lanna-mou", "--png", "--pages", "1,5-6", "--out", out, cwd=tmp_path)
    assert answer.code == 0, answer.stderr
    names = ["lanna-mou.pdf", "lanna-mou-1.png", "lanna-mou-5.png", "lanna-mou-6.png"]
    assert sorted(path.name for path in out.iterdir()) == sorted(names)
    assert answer.stdout.splitlines() == [
        f"{out / names[0]}: 6 pages, filled with examples",
        *(str(out / name) for name in names[1:]),
    ]
    assert all((out / name).read_bytes().startswith(PNG) for name in names[1:])
    with pypdfium2.PdfDocument(out / "lanna-mou.pdf") as pdf:
        text = pdf[0].get_textpage().get_text_range()
        assert "ตัวอย่าง · ร่าง" in text
        assert "มูลนิธิเพื่อนเด็กดอยฟ้าใส" in text.replace("\r\n", "")
        assert not pdf.get_formtype()


def test_a_preview_without_pictures_is_the_draft_alone(run_mou: "RunMou", city: Path, tmp_path: Path) -> None:
    here = tmp_path / "here"
    here.mkdir()
    assert run_mou("template", "preview", city, cwd=here).code == 0
    assert [path.name for path in here.iterdir()] == ["child-friendly-city-mou.pdf"]


def test_a_memorandum_is_seen_with_the_charter_that_lies_beside_it(run_mou: "RunMou", tmp_path: Path) -> None:
    for name in ("lanna-mou", "lanna-charter"):
        shutil.copytree(bundled_templates_folder() / name, tmp_path / name)
    spoil(tmp_path / "lanna-charter", 'version = "1"', 'version = "27"', file="template.toml")
    assert run_mou("template", "preview", tmp_path / "lanna-mou", "--out", tmp_path).code == 0
    with pypdfium2.PdfDocument(tmp_path / "lanna-mou.pdf") as pdf:
        text = "".join(page.get_textpage().get_text_range() for page in pdf)
    assert "ฉบับที่ ๒๗" in text


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param(("--png", "--pages", "9"), "pages from 1 to 4 are expected", id="no such page"),
        pytest.param(("--png", "--pages", "3-2"), "pages from 1 to 4 are expected", id="backwards"),
        pytest.param(("--png", "--pages", "one"), "pages from 1 to 4 are expected", id="no number"),
        pytest.param(("--pages", "1"), "add --png", id="pages without pictures"),
    ],
)
def test_pages_that_are_not_there_are_refused_before_anything_is_written(
    run_mou: "RunMou", tmp_path: Path, options: tuple[str, ...], message: str
) -> None:
    out = tmp_path / "out"
    refused = run_mou("template", "preview", "child-friendly-city-mou", "--out", out, *options)
    assert refused.code == 2
    assert message in refused.stderr
    assert not out.exists()


def test_a_template_that_cannot_be_drawn_leaves_no_file(run_mou: "RunMou", city: Path, tmp_path: Path) -> None:
    spoil(city, ".article-number {", "p { white-space: nowrap; } .article-number {", file="template.css")
    out = tmp_path / "out"
    refused = run_mou("template", "preview", city, "--png", "--out", out)
    assert refused.code == 1
    assert "does not fit between the margins" in refused.stderr
    assert not out.exists()


def test_a_name_that_no_template_has_is_refused_with_those_that_there_are(run_mou: "RunMou", tmp_path: Path) -> None:
    for verb in ("check", "preview"):
        refused = run_mou("template", verb, "nothing", cwd=tmp_path)
        assert refused.code == 2
        assert "no template nothing; there are: child-friendly-city-mou" in refused.stderr
