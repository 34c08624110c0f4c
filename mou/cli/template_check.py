"""`mou template check`: a template looked at rule by rule, each finding with its place and what to do."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mou.cli.terminal import echo, echo_json, find_chosen_workspace, json_option, pass_language, printable, workspace_option
from mou.errors import InputError, TemplateError, UsageError
from mou.messages import translate
from signatures.messages import say

if TYPE_CHECKING:
    from mou.template_checks.findings import Finding, Place
    from mou.templates import Template


@click.command("check")
@click.argument("path", metavar="NAME|FOLDER", type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="Fail for warnings, too.")
@json_option
@workspace_option
@pass_language
def command(language: str, path: Path, folder: Path | None, *, strict: bool, as_json: bool) -> int:
    """Check a template: by its folder, or by the name that mou template list shows.

    It is filled with examples and drawn; each finding has its place and what to do. Errors fail, warnings only with --strict.
    """
    from mou.template_checks.checking import check_template, refusal_findings

    try:
        template, charter = templates_at(path, folder)
    except TemplateError as refusal:
        if not as_json:
            raise
        _print_json(str(path), refusal_findings(refusal), language)
        return 1
    findings = check_template(template, charter)
    errors = sum(one.severity == "error" for one in findings)
    if as_json:
        _print_json(template.name, findings, language)
    else:
        _print(language, template, findings, errors)
    return 1 if errors or (strict and findings) else 0


def templates_at(path: Path, folder: Path | None) -> "tuple[Template, Template | None]":
    """Return the template of this folder or name, and that of the charter to which it consents, where it can be found.

    The charter lies beside the template's folder, else among the workspace's and the bundled ones.

    Raises:
        UsageError: there is no template of this name.
        TemplateError: there is one and it cannot be used.
    """
    from mou.templates import MANIFEST, load_template
    from mou.workflow.templates import find_template

    workspace = find_chosen_workspace(folder)
    own = workspace / "templates" if workspace else None
    template = load_template(path) if path.is_dir() else find_template(own, str(path))
    if template.charter is None:
        return template, None
    beside = template.folder.parent / template.charter
    try:
        return template, load_template(beside) if (beside / MANIFEST).is_file() else find_template(own, template.charter)
    except (UsageError, InputError):
        return template, None


def place_in_words(place: "Place", language: str) -> str:
    """Return where a finding stands, as far as it is known: file and line, article, page."""
    parts = []
    if place.file:
        parts.append(
            translate(say("{file}, line {line}", file=place.file, line=place.line), language) if place.line else place.file
        )
    if place.article:
        parts.append(place.article)
    if place.page:
        parts.append(translate(say("page {page} of the example", page=place.page), language))
    return ", ".join(parts)


def _print(language: str, template: "Template", findings: "tuple[Finding, ...]", errors: int) -> None:
    if not errors:
        echo(
            language,
            "{name} can be used: {fields} fields, {roles} roles",
            name=template.name,
            fields=len(template.fields),
            roles=len(template.roles),
        )
    if findings:
        echo(
            language,
            "{name}: {errors} errors, {warnings} warnings",
            name=template.name,
            errors=errors,
            warnings=len(findings) - errors,
        )
    severities = {"error": say("error"), "warning": say("warning")}
    for one in findings:
        place = place_in_words(one.place, language)
        heading = translate(severities[one.severity], language)
        click.echo(printable(f"  - {heading} {one.code}" + (f", {place}" if place else "")))
        click.echo(printable(f"      {translate(one.found, language)}"))
        click.echo(printable(f"      > {translate(one.remedy, language)}"))


def _print_json(name: str, findings: "tuple[Finding, ...]", language: str) -> None:
    echo_json(
        {
            "template": name,
            "errors": sum(one.severity == "error" for one in findings),
            "warnings": sum(one.severity == "warning" for one in findings),
            "findings": [
                {
                    "code": one.code,
                    "severity": one.severity,
                    "file": one.place.file or None,
                    "line": one.place.line or None,
                    "article": one.place.article or None,
                    "page": one.place.page or None,
                    "found": translate(one.found, language),
                    "remedy": translate(one.remedy, language),
                }
                for one in findings
            ],
        }
    )
