"""veraPDF, where it is installed: a file and a flavour -> the rules that failed, by clause.

It is started once for each flavour with all files, as `verapdf --format xml --flavour 3a FILE ...`, and writes one report on
standard output, log messages on standard error (docs.verapdf.org, CLI validation). Its exit code is not asked: it says that
*some* file failed, the report says which. `--format xml` is the machine-readable report from version 1.24 on; the older kind of
that name has another root element and is refused as unreadable. A job without a whole validation report (it could not be
parsed, was stopped, or belongs to another profile) is not looked at, never passed.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from mou.errors import RenderingError
from mou.rendering.conformance.report import Standard
from signatures.messages import Message, say

PROGRAM_VARIABLE = "MOU_VERAPDF"
_FLAVOURS = {Standard.ARCHIVE: "3a", Standard.ACCESS: "ua1"}
_PROFILES = {Standard.ARCHIVE: "PDF/A-3A", Standard.ACCESS: "PDF/UA-1"}
_TIME_LIMIT_SECONDS = 300.0  # a Java machine starts in a few seconds; a document takes a few more
_MOST_FAILURES = 5  # of one rule that are reported
_EXCERPT_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class FailedRule:
    """A rule that veraPDF found broken: `failures` times, first at `place`, which is its own way to name an object."""

    clause: str
    test: str
    description: str
    failures: int
    place: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What veraPDF says of one file under one standard; `unseen` says why it says nothing."""

    path: Path
    standard: Standard
    failed: tuple[FailedRule, ...] = ()
    unseen: Message | None = None

    @property
    def passed(self) -> bool | None:
        """Whether the file was found to conform; None where it was not looked at."""
        return None if self.unseen is not None else not self.failed


def find_verapdf(environment: Mapping[str, str] = os.environ) -> str | None:
    """Return the installed program: what MOU_VERAPDF names, else `verapdf` on the PATH, else None."""
    return shutil.which(environment.get(PROGRAM_VARIABLE) or "verapdf", path=environment.get("PATH"))


def run_verapdf(program: str, paths: Sequence[Path], *, time_limit_seconds: float = _TIME_LIMIT_SECONDS) -> tuple[Verdict, ...]:
    """Return veraPDF's verdict on each file as PDF/A-3a and as PDF/UA-1; where it fails itself, the verdict says so."""
    verdicts: list[Verdict] = []
    for standard in Standard:
        try:
            answer = _answer(program, paths, standard, time_limit_seconds)
            verdicts += read_report(answer, paths, standard)
        except RenderingError as error:
            verdicts += (Verdict(path, standard, unseen=error.message) for path in paths)
    return tuple(verdicts)


def _answer(program: str, paths: Sequence[Path], standard: Standard, time_limit_seconds: float) -> bytes:
    command = [program, "--format", "xml", "--flavour", _FLAVOURS[standard], "--maxfailuresdisplayed", str(_MOST_FAILURES)]
    if any(path.suffix.lower() != ".pdf" for path in paths):
        command.append("--nonpdfext")
    command += (str(path.absolute()) for path in paths)  # an absolute path cannot be taken for an option
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=time_limit_seconds, check=False)  # noqa: S603  # the program that the operator named
    except subprocess.TimeoutExpired as error:
        raise RenderingError("veraPDF gave no answer within {seconds} seconds", seconds=round(time_limit_seconds)) from error
    except OSError as error:
        raise RenderingError("{program} cannot be started: {cause}", program=program, cause=error.strerror) from error
    if not done.stdout.strip():
        raise RenderingError(
            "veraPDF ended with code {code} and without a report: {cause}",
            code=done.returncode,
            cause=_excerpt(done.stderr.decode("utf-8", "replace")),
        )
    return done.stdout


def read_report(report: bytes, paths: Sequence[Path], standard: Standard) -> tuple[Verdict, ...]:
    """Return the verdict on each file from a machine-readable report of `--format xml`.

    Raises:
        RenderingError: it is no such report, or not on these files.
    """
    try:
        root = ET.fromstring(report)  # noqa: S314  # what an installed program says; expat bounds the growth of entities
    except ET.ParseError as error:
        raise RenderingError(
            "a report of veraPDF in XML is expected, got: {excerpt}", excerpt=_excerpt(report.decode("utf-8", "replace"))
        ) from error
    jobs = root.findall("jobs/job") if root.tag == "report" else []
    if len(jobs) != len(paths):
        raise RenderingError(
            "a report of veraPDF on {expected} files is expected, got one on {count}", expected=len(paths), count=len(jobs)
        )
    by_name = {job.findtext("item/name", "").strip(): job for job in jobs}
    return tuple(_verdict(path, by_name.get(str(path.absolute()), job), standard) for path, job in zip(paths, jobs, strict=True))


def _verdict(path: Path, job: ET.Element, standard: Standard) -> Verdict:
    name = job.findtext("item/name", "").strip()
    if Path(name).name != path.name:
        return Verdict(path, standard, unseen=say("the report of veraPDF is on another file: {name}", name=name))
    report = job.find("validationReport")
    if report is None:
        cause = " ".join(job.itertext()).split()
        return Verdict(path, standard, unseen=say("veraPDF could not check the file: {cause}", cause=_excerpt(" ".join(cause))))
    details = report.find("details")
    profile, is_compliant = report.get("profileName", ""), report.get("isCompliant")
    if not profile.startswith(_PROFILES[standard]) or report.get("jobEndStatus", "normal") != "normal" or details is None:
        return Verdict(
            path, standard, unseen=say("veraPDF did not finish the check (profile {profile})", profile=profile or say("none"))
        )
    failed = tuple(_failed_rule(rule) for rule in details.findall("rule") if rule.get("status") == "failed")
    if is_compliant not in {"true", "false"} or (is_compliant == "true") != (not failed) or _contradicts(details, failed):
        return Verdict(path, standard, unseen=say("the report of veraPDF contradicts itself"))
    return Verdict(path, standard, failed)


def _contradicts(details: ET.Element, failed: Sequence[FailedRule]) -> bool:
    """Whether the number of failed rules is another than that of those listed."""
    return details.get("failedRules", str(len(failed))) != str(len(failed))


def _failed_rule(rule: ET.Element) -> FailedRule:
    return FailedRule(
        clause=rule.get("clause", ""),
        test=rule.get("testNumber", ""),
        description=" ".join(rule.findtext("description", "").split()),
        failures=int(rule.get("failedChecks", "1")) if rule.get("failedChecks", "1").isdigit() else 1,
        place=" ".join(rule.findtext("check/context", "").split()),
    )


def _excerpt(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _EXCERPT_CHARACTERS else line[:_EXCERPT_CHARACTERS] + " ..."
