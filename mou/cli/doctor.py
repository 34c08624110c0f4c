"""`mou doctor`: what works here and what does not, and whether PDFs are archival and accessible."""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from mou.cli.terminal import (
    echo_json,
    echo_message,
    find_chosen_workspace,
    json_option,
    pass_language,
    printable,
    workspace_option,
)
from mou.messages import translate
from signatures.messages import Message, say

if TYPE_CHECKING:
    from mou.rendering.conformance import Finding
    from mou.rendering.verapdf import Verdict
    from mou.workflow.checking_archive import CheckedFile

SIGNS = {True: "✓", False: "✗", None: "-"}
_MOST_FINDINGS = 10  # of one rule, or of one file not looked at, that are printed


class Detail(NamedTuple):
    """One line below a finding: what is wrong or was not looked at, under which standard's clause, and where."""

    standard: str
    clause: str
    message: Message
    place: Message
    is_fault: bool


class Check(NamedTuple):
    """One thing that was looked at; `works` is None where there was nothing to look at."""

    name: Message
    works: bool | None
    finding: Message
    details: tuple[Detail, ...] = ()


@click.command("doctor")
@click.option(
    "--pdf",
    "paths",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Look at this PDF alone, as an archive and a screen reader would (may be repeated).",
)
@click.option("--verapdf", "with_verapdf", is_flag=True, help="Ask veraPDF, too (MOU_VERAPDF, else verapdf on the PATH).")
@json_option
@workspace_option
@pass_language
def command(language: str, folder: Path | None, paths: tuple[Path, ...], *, with_verapdf: bool, as_json: bool) -> int:
    """Show what works on this machine, and in the workspace if there is one.

    A PDF without a finding is not thereby declared to be PDF/A-3a or PDF/UA-1: a full validator has the last word.
    """
    checks = list(_check_files(paths, with_verapdf=with_verapdf) if paths else _check_all(folder, with_verapdf=with_verapdf))
    if with_verapdf:
        checks += _verapdf_is_missing()
    if as_json:
        echo_json([_as_json(check) for check in checks])
    else:
        for check in checks:
            _print(language, check)
    return 1 if any(check.works is False for check in checks) else 0


def _check_all(folder: Path | None, *, with_verapdf: bool) -> Iterator[Check]:
    found = find_chosen_workspace(folder)
    yield _guarded(say("page layout"), _check_layout)
    yield _guarded(say("Thai line ends"), _check_line_ends)
    yield from _guarded_all(say("archival and accessible output"), lambda: _check_specimen(with_verapdf=with_verapdf))
    yield _check_office()
    if found is None:
        yield Check(say("workspace"), None, say("none here; make one with: mou init DIR"))
    else:
        yield from _guarded_all(
            say("archival and accessible documents"), lambda: _check_documents(found, with_verapdf=with_verapdf)
        )
        yield _guarded(say("workspace"), lambda: _check_workspace(found))
        yield _guarded(say("time stamps"), lambda: _check_timestamps(found))
        yield _guarded(say("mail"), lambda: _check_mail(found))


def _guarded(name: Message, look: Callable[[], tuple[bool | None, Message]]) -> Check:
    """Turn whatever a check runs into into its finding: this command exists to show faults, not to stop at the first."""
    (check,) = _guarded_all(name, lambda: [Check(name, *look())])
    return check


def _guarded_all(name: Message, look: Callable[[], Iterable[Check]]) -> list[Check]:
    """Do as `_guarded` does, for a look at several things."""
    from mou.cli.failures import exit_code_of, failure_message

    try:
        return list(look())
    except Exception as error:
        if exit_code_of(error) is None:
            raise
        return [Check(name, works=False, finding=failure_message(error))]


def _check_layout() -> tuple[bool, Message]:
    try:
        import mou.rendering.pdf  # noqa: F401  # loading it loads Pango
    except OSError as error:
        return False, say(
            "Pango cannot be loaded ({cause}); install it: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
            cause=str(error).splitlines()[0],
        )
    from mou.rendering.faces import bundled_family

    count = len(bundled_family().drawable_characters())
    return True, say("Pango is there, and Sarabun with {count} characters", count=count)


def _check_line_ends() -> tuple[bool | None, Message]:
    try:
        from mou.rendering.line_ends import LineEngine, line_engine
    except OSError:
        return None, say("not looked at: page layout does not work")
    if line_engine() is LineEngine.LIBTHAI:
        return True, say("Pango breaks Thai lines at words")
    return True, say("Pango was built without libthai: Thai lines end between the words of a list; libthai0 knows more words")


def _check_office() -> Check:
    """Look for LibreOffice, which nothing needs but a house that insists on its own Word layout: never a fault."""
    from mou.errors import RenderingError
    from mou.rendering.office import PROGRAM_NAME, find_office, open_office

    name = say("{program}", program=PROGRAM_NAME)
    if find_office() is None:
        return Check(name, None, say("not installed; only mou generate --through-libreoffice needs it"))
    try:
        office = open_office()
    except RenderingError as error:
        return Check(name, None, error.message)
    return Check(name, works=True, finding=say("{version} at {program}", version=office.version, program=office.program))


def _check_workspace(folder: Path) -> tuple[bool, Message]:
    from mou.app import open_workspace

    workspace = open_workspace(folder)
    with workspace.database.read() as transaction:
        size = transaction.ledger.head().size
    readable = [path.name for path in workspace.keys.folder.iterdir() if path.suffix == ".pem" and _is_open(path)]
    if readable:
        return False, say("keys that others can read: {names}; run: chmod 600", names=", ".join(sorted(readable)))
    return True, say("{folder}: database and keys are in order, {size} entries in the ledger", folder=folder, size=size)


def _is_open(path: Path) -> bool:
    """Whether a private key may be read by others than its owner."""
    return b"PRIVATE KEY" in path.read_bytes() and path.stat().st_mode & 0o077 != 0


def _check_mail(folder: Path) -> tuple[bool | None, Message]:
    from mou.app import open_workspace

    workspace = open_workspace(folder)
    found = workspace.mailer().try_out()
    return (True if workspace.settings.smtp_host else None), found


def _check_timestamps(folder: Path) -> tuple[bool | None, Message]:
    from mou.app import open_workspace

    service = open_workspace(folder).timestamps()
    if service is None:
        return None, say("no time stamp service is set: the times of signatures are claims (timestamp_url in mou.toml)")
    service.try_out()
    return True, say("{url} answers with a token", url=service.url)


def _check_specimen(*, with_verapdf: bool) -> Iterator[Check]:
    from mou.workflow.checking_archive import check_specimen

    yield _check_of(check_specimen(with_verapdf=with_verapdf), say("archival and accessible output"))


def _check_documents(folder: Path, *, with_verapdf: bool) -> Iterator[Check]:
    from mou.app import open_workspace
    from mou.workflow.checking_archive import check_newest_documents

    checked = check_newest_documents(open_workspace(folder), with_verapdf=with_verapdf)
    yield from (_check_of(file, file.name) for file in checked)
    if not checked:
        yield Check(say("archival and accessible documents"), None, say("nothing is published yet"))


def _check_files(paths: Iterable[Path], *, with_verapdf: bool) -> Iterator[Check]:
    from mou.workflow.checking_archive import check_files

    yield from (_check_of(file, file.name) for file in check_files(tuple(paths), with_verapdf=with_verapdf))


def _verapdf_is_missing() -> Iterator[Check]:
    """Yield a check that says so where veraPDF was asked for and is not installed."""
    from mou.rendering.verapdf import PROGRAM_VARIABLE, find_verapdf

    if find_verapdf() is None:
        missing = say(
            "not looked at: veraPDF is not installed; install it from verapdf.org (it needs Java), or name the program in {name}",
            name=PROGRAM_VARIABLE,
        )
        yield Check(Message("veraPDF"), None, missing)


def _check_of(file: "CheckedFile", name: Message) -> Check:
    details = [
        *(_of_finding(finding) for finding in file.report.findings),
        *(Detail("", "", unseen.message, unseen.place, is_fault=False) for unseen in file.report.unseen),
        *(detail for verdict in file.verdicts for detail in _of_verdict(verdict)),
    ]
    finding = file.report.summary()
    if file.laid_out_by is not None:
        finding = say(
            "laid out by {program}, which is not asked to follow these rules: {finding}",
            program=file.laid_out_by,
            finding=finding,
        )
    return Check(name, file.works, finding, tuple(details))


def _of_finding(finding: "Finding") -> Detail:
    return Detail(finding.standard, finding.clause, finding.message, finding.place, is_fault=True)


def _of_verdict(verdict: "Verdict") -> Iterator[Detail]:
    """Yield what veraPDF says of one file: each rule that failed in its own words, else one line."""
    if verdict.unseen is not None:
        yield Detail(verdict.standard, "", verdict.unseen, Message("veraPDF"), is_fault=False)
    for rule in verdict.failed:
        said = say(
            "{description} (test {test}, {count} times)", description=rule.description, test=rule.test, count=rule.failures
        )
        yield Detail(verdict.standard, rule.clause, said, say("veraPDF {place}", place=rule.place), is_fault=True)


def _print(language: str, check: Check) -> None:
    click.echo(f"{SIGNS[check.works]} {translate(check.name, language)}")
    echo_message(language, check.finding, indent="    ")
    for _, group in groupby(check.details, key=lambda detail: (detail.standard, detail.clause, detail.is_fault)):
        details = list(group)
        for detail in details[:_MOST_FINDINGS]:
            click.echo(f"    {_line(language, detail)}")
        if len(details) > _MOST_FINDINGS:
            echo_message(language, say("... and {count} more", count=len(details) - _MOST_FINDINGS), indent="    ")


def _line(language: str, detail: Detail) -> str:
    place, message = translate(detail.place, language), translate(detail.message, language)
    source = f"{detail.standard} {detail.clause}".strip()
    if not detail.is_fault:
        message = translate(say("not looked at: {what}", what=detail.message), language)
    return printable(": ".join(part for part in (source, place, message) if part))


def _as_json(check: Check) -> dict[str, object]:
    return {
        "name": str(check.name),
        "works": check.works,
        "finding": str(check.finding),
        "details": [
            {
                "standard": detail.standard,
                "clause": detail.clause,
                "message": str(detail.message),
                "place": str(detail.place),
                "is_fault": detail.is_fault,
            }
            for detail in check.details
        ],
    }
