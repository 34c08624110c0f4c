"""veraPDF through a program that takes its command line and writes its machine-readable report, or fails as it may."""

import os
import stat
import sys
from pathlib import Path
from typing import Protocol

import pytest

from mou.errors import RenderingError
from mou.rendering.conformance import Standard
from mou.rendering.verapdf import Verdict, find_verapdf, read_report, run_verapdf

# The options that are used, as docs.verapdf.org describes them, and the report that `--format xml` writes.
PROGRAM = """#!{python}
import sys, time
from pathlib import Path
from xml.sax.saxutils import escape

options, files = {{}}, []
arguments = iter(sys.argv[1:])
for argument in arguments:
    if argument == "--nonpdfext":
        options[argument] = ""
    elif argument.startswith("--"):
        options[argument] = next(arguments)
    else:
        files.append(Path(argument))
assert set(options) <= {{"--format", "--flavour", "--maxfailuresdisplayed", "--nonpdfext"}}, options
assert options["--format"] == "xml"
flavour = options["--flavour"]
profile = {{"3a": "PDF/A-3A validation profile", "ua1": "PDF/UA-1 validation profile"}}[flavour]
print("WARNING: something in a font", file=sys.stderr)
{fault}

RULE = '''<rule specification="ISO" clause="6.2.11.7" testNumber="1" status="failed" failedChecks="12">
<description>Text for
   every glyph</description><object>Glyph</object><test>toUnicode != null</test>
<check status="failed"><context>root/document[0]/pages[0](6 0 obj PDPage)</context></check></rule>'''

def job(path):
    content = path.read_text()
    item = f'<item size="{{len(content)}}"><name>{{escape(str(path))}}</name></item>'
    if content == "no pdf":
        return f'<job>{{item}}<taskResult type="PARSE" isExecuted="true" isSuccess="false"><duration>0</duration>' \\
            "<exceptionMessage>Exception: Couldn't parse stream</exceptionMessage></taskResult></job>"
    failed = flavour in content.split()
    word = "is not" if failed else "is"
    return f'<job>{{item}}<validationReport jobEndStatus="normal" profileName="{{profile}}" ' \\
        f'statement="PDF file {{word}} compliant." isCompliant="{{str(not failed).lower()}}">' \\
        f'<details passedRules="9" failedRules="{{int(failed)}}" passedChecks="9" failedChecks="{{12 * failed}}">' \\
        f'{{RULE if failed else ""}}</details></validationReport></job>'

print('<?xml version="1.0" encoding="utf-8"?>')
print("<report><buildInformation/><jobs>" + "".join(map(job, files)) + "</jobs><batchSummary/></report>")
sys.exit(1)
"""


class Install(Protocol):
    """Installs the program, with a fault of its own before it writes anything."""

    def __call__(self, fault: str = "") -> str:
        """Return its path."""
        ...


@pytest.fixture
def install(tmp_path: Path) -> Install:
    def install_program(fault: str = "") -> str:
        path = tmp_path / "verapdf"
        path.write_text(PROGRAM.format(python=sys.executable, fault=fault), encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return str(path)

    return install_program


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "sound.pdf"
    path.write_text("sound")
    return path


def by_standard(verdicts: tuple[Verdict, ...]) -> dict[Standard, Verdict]:
    return {verdict.standard: verdict for verdict in verdicts}


def test_each_file_is_judged_under_both_standards(install: Install, sound: Path, tmp_path: Path) -> None:
    faulty = tmp_path / "faulty.pdf"
    faulty.write_text("3a")
    verdicts = run_verapdf(install(), [sound, faulty])
    assert [(verdict.path.name, verdict.standard, verdict.passed) for verdict in verdicts] == [
        ("sound.pdf", Standard.ARCHIVE, True),
        ("faulty.pdf", Standard.ARCHIVE, False),
        ("sound.pdf", Standard.ACCESS, True),
        ("faulty.pdf", Standard.ACCESS, True),
    ]


def test_a_failed_rule_has_its_clause_its_words_how_often_and_where(install: Install, tmp_path: Path) -> None:
    faulty = tmp_path / "faulty.pdf"
    faulty.write_text("ua1")
    (rule,) = by_standard(run_verapdf(install(), [faulty]))[Standard.ACCESS].failed
    assert (rule.clause, rule.test, rule.failures) == ("6.2.11.7", "1", 12)
    assert rule.description == "Text for every glyph"
    assert rule.place == "root/document[0]/pages[0](6 0 obj PDPage)"


def test_two_files_of_one_name_are_not_confused(install: Install, tmp_path: Path) -> None:
    paths = [tmp_path / folder / "document.pdf" for folder in ("one", "two")]
    for path, content in zip(paths, ("sound", "3a"), strict=True):
        path.parent.mkdir()
        path.write_text(content)
    verdicts = run_verapdf(install(), paths)
    assert [verdict.passed for verdict in verdicts if verdict.standard is Standard.ARCHIVE] == [True, False]


def test_a_file_whose_name_looks_like_an_option_is_a_file(
    install: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path("--off & <x>")
    path.write_text("sound")
    assert [verdict.passed for verdict in run_verapdf(install(), [path])] == [True, True]


def test_a_file_that_it_cannot_parse_is_not_looked_at(install: Install, tmp_path: Path) -> None:
    path = tmp_path / "other.pdf"
    path.write_text("no pdf")
    for verdict in run_verapdf(install(), [path]):
        assert verdict.passed is None
        assert "Couldn't parse stream" in str(verdict.unseen)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        pytest.param("sys.exit('no Java found')", "ended with code 1 and without a report: WARNING", id="crashes"),
        pytest.param("import os; os.kill(os.getpid(), 9)", "ended with code -9", id="is killed"),
        pytest.param(
            "print('Usage: verapdf'); sys.exit(2)",
            "a report of veraPDF in XML is expected, got: Usage: verapdf",
            id="says nonsense",
        ),
        pytest.param(
            "print('<report/>'); sys.exit(0)", "a report of veraPDF on 1 files is expected, got one on 0", id="judges no file"
        ),
        pytest.param("print('<validation/>'); sys.exit(0)", "got one on 0", id="another report"),
        pytest.param("print('<report><jobs>'); sys.exit(0)", "a report of veraPDF in XML is expected", id="breaks off"),
        pytest.param("time.sleep(60)", "gave no answer within 1 seconds", id="hangs"),
    ],
)
def test_where_it_fails_itself_nothing_passes(fault: str, expected: str, install: Install, sound: Path) -> None:
    limit = 1.0 if "sleep" in fault else 30.0
    verdicts = run_verapdf(install(fault), [sound], time_limit_seconds=limit)
    assert [verdict.passed for verdict in verdicts] == [None, None]
    assert all(expected in str(verdict.unseen) for verdict in verdicts)


def test_a_program_that_cannot_be_started_looks_at_nothing(tmp_path: Path, sound: Path) -> None:
    verdicts = run_verapdf(str(tmp_path / "absent"), [sound])
    assert [verdict.passed for verdict in verdicts] == [None, None]
    assert "cannot be started" in str(verdicts[0].unseen)


REPORT = (
    '<report><jobs><job><item><name>/x/sound.pdf</name></item><validationReport jobEndStatus="normal" '
    'profileName="PDF/A-3A validation profile" isCompliant="true"><details failedRules="0"/>'
    "</validationReport></job></jobs></report>"
)


def test_a_whole_report_passes() -> None:
    (verdict,) = read_report(REPORT.encode(), [Path("sound.pdf")], Standard.ARCHIVE)
    assert verdict.passed


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param('isCompliant="true"', "", id="without a verdict"),
        pytest.param('isCompliant="true"', 'isCompliant="false"', id="not compliant without a failed rule"),
        pytest.param('failedRules="0"', 'failedRules="3"', id="failed rules that are not listed"),
        pytest.param('jobEndStatus="normal"', 'jobEndStatus="cancelled"', id="stopped"),
        pytest.param("PDF/A-3A", "PDF/A-2B", id="of another profile"),
        pytest.param('<details failedRules="0"/>', "", id="without details"),
        pytest.param("sound.pdf", "other.pdf", id="on another file"),
    ],
)
def test_a_report_that_is_not_whole_is_not_looked_at(old: str, new: str) -> None:
    assert old in REPORT
    (verdict,) = read_report(REPORT.replace(old, new).encode(), [Path("sound.pdf")], Standard.ARCHIVE)
    assert verdict.passed is None


def test_no_report_at_all_is_refused() -> None:
    with pytest.raises(RenderingError, match="in XML is expected"):
        read_report(b"", [Path("sound.pdf")], Standard.ARCHIVE)


def test_the_program_is_the_one_named_else_the_one_on_the_path(install: Install, tmp_path: Path) -> None:
    program = install()
    assert find_verapdf({"PATH": str(tmp_path)}) == program
    assert find_verapdf({"PATH": os.defpath, "MOU_VERAPDF": program}) == program
    assert find_verapdf({"PATH": str(tmp_path / "nowhere")}) is None
    assert find_verapdf({"PATH": str(tmp_path), "MOU_VERAPDF": str(tmp_path / "absent")}) is None
