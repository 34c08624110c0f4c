"""`mou charter amend|rectify|renew|depositary`: what changes a charter, recorded step by step as its clauses ask."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mou.charter.instruments import Instrument, InstrumentKind
from mou.cli.charter_options import (
    Day,
    Given,
    Vote,
    charter_option,
    kept_file,
    meeting_options,
    paper_options,
)
from mou.cli.terminal import echo, open_chosen_workspace, pass_language, workspace_option

if TYPE_CHECKING:
    from mou.comparison.compared import Compared
    from mou.workflow.workspace import Workspace

text_option = click.option(
    "--text", "text", required=True, help="The new text: a document of the workspace (number, file name, PDF), or any other file."
)
name_argument = click.argument("name")


@click.group("amend")
def amend() -> None:
    """Change the text: proposed, adopted by a meeting, accepted by parties. Each party has a text of its own."""


@click.group("rectify")
def rectify() -> None:
    """Correct an error without new signatures: proposed, open to objection, effected."""


@amend.command("propose")
@name_argument
@text_option
@click.option(
    "--by", "members", multiple=True, metavar="ORGANISATION", help="The members that propose it; nobody: the committee."
)
@paper_options
def propose_amendment(given: Given, name: str, text: str, members: tuple[str, ...]) -> int:
    """Propose the amendment NAME (letters, digits, -, such as 2566-1)."""

    def complete(workspace: "Workspace", paper: Instrument) -> Instrument:
        return replace(paper, reference=name, text=text_digest(workspace, text), proposed_by=members)

    return given.receive(InstrumentKind.AMENDMENT_PROPOSED, complete)


@amend.command("adopt")
@name_argument
@meeting_options
@paper_options
def adopt_amendment(given: Given, name: str, vote: Vote) -> int:
    """Record that a meeting adopted the amendment NAME."""
    return given.receive(
        InstrumentKind.AMENDMENT_ADOPTED,
        lambda workspace, paper: replace(paper, reference=name, meeting=vote.as_meeting(workspace)),
    )


@amend.command("accept")
@name_argument
@click.argument("organisation")
@paper_options
def accept_amendment(given: Given, name: str, organisation: str) -> int:
    """Record that ORGANISATION accepted the amendment NAME."""
    return given.receive_act(InstrumentKind.AMENDMENT_ACCEPTED, organisation, lambda _, paper: replace(paper, reference=name))


@rectify.command("propose")
@name_argument
@click.option("--replaces", required=True, help="The text with the error: a document of the workspace, or any other file.")
@text_option
@paper_options
def propose_rectification(given: Given, name: str, replaces: str, text: str) -> int:
    """Propose the rectification NAME; the time to object begins."""

    def complete(workspace: "Workspace", paper: Instrument) -> Instrument:
        old, new = text_digest(workspace, replaces), text_digest(workspace, text)
        return replace(paper, reference=name, text=new, replaces=old)

    return given.receive(InstrumentKind.RECTIFICATION_PROPOSED, complete)


@rectify.command("object")
@name_argument
@click.argument("organisation")
@paper_options
def object_to_rectification(given: Given, name: str, organisation: str) -> int:
    """Record that ORGANISATION objects to the rectification NAME."""
    return given.receive_act(InstrumentKind.RECTIFICATION_OBJECTED, organisation, lambda _, paper: replace(paper, reference=name))


@rectify.command("effect")
@name_argument
@paper_options
def effect_rectification(given: Given, name: str) -> int:
    """Record that the rectification NAME is effected: the time to object is over, and nobody has objected."""
    return given.receive(InstrumentKind.RECTIFICATION_EFFECTED, lambda _, paper: replace(paper, reference=name))


@click.command("renew")
@click.option("--until", type=Day(), help="The last day of the new term; without it, a term as long as the first.")
@click.option("--no", "is_refused", is_flag=True, help="The meeting decided that the charter ends with its term.")
@meeting_options
@paper_options
def renew(given: Given, until: date | None, vote: Vote, *, is_refused: bool) -> int:
    """Record what a meeting decided about the next term, before this one ends."""

    def complete(workspace: "Workspace", paper: Instrument) -> Instrument:
        return replace(paper, meeting=vote.as_meeting(workspace), renewed=not is_refused, until=until)

    return given.receive(InstrumentKind.RENEWAL_DECIDED, complete)


@click.command("depositary")
@click.argument("successor")
@paper_options
def change_depositary(given: Given, successor: str) -> int:
    """Record that SUCCESSOR keeps the charter from this day; --file holds the decision."""
    return given.receive(InstrumentKind.DEPOSITARY_CHANGED, lambda _, paper: replace(paper, successor=successor))


@click.command("copy")
@click.argument("document")
@charter_option
@workspace_option
@pass_language
def certify_copy(language: str, document: str, charter: str | None, folder: Path | None) -> None:
    """Write a certified true copy of DOCUMENT: its newest state inside a sealed page that names its place in the ledger."""
    from mou.workflow import copying
    from mou.workflow.charters import choose_charter
    from mou.workflow.status import find_document

    workspace = open_chosen_workspace(folder)
    copied = copying.certify_copy(workspace, choose_charter(workspace, charter), find_document(workspace, document))
    if copied.is_new:
        echo(language, "{path}: certified and recorded (entry {entry})", path=copied.path, entry=copied.received.entry_index)
    else:
        echo(language, "{path}: was certified before (entry {entry})", path=copied.path, entry=copied.received.entry_index)


@click.command("compare")
@click.argument("document")
@click.option(
    "--kind",
    type=click.Choice(["amendment", "rectification", "draft"]),
    default="draft",
    show_default=True,
    help="What it is made for.",
)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Where to write it: a .html, .pdf, .json or .txt file."
)
@workspace_option
@pass_language
def compare(language: str, document: str, kind: str, out: Path | None, folder: Path | None) -> None:
    """Lay DOCUMENT beside what its template, list and ceremony would make of it today, article by article."""
    from mou.comparison.compared import ComparisonKind
    from mou.comparison.text import comparison_as_text
    from mou.workflow.comparing import compare_with_today
    from mou.workflow.status import find_document

    workspace = open_chosen_workspace(folder)
    compared = compare_with_today(workspace, find_document(workspace, document), ComparisonKind(kind))
    if out is None:
        click.echo(comparison_as_text(compared, language))
        return
    out.write_bytes(_comparison_in(compared, language, out.suffix, workspace))
    echo(language, "{path}: written; the newer text has the digest {digest}", path=out, digest=compared.new.digest)


def _comparison_in(compared: "Compared", language: str, suffix: str, workspace: "Workspace") -> bytes:
    """The comparison in the form that the file's name asks for."""
    from mou.comparison.page import comparison_as_html, comparison_as_pdf
    from mou.comparison.record import comparison_as_record
    from mou.comparison.text import comparison_as_text
    from mou.errors import UsageError

    match suffix.lower():
        case ".html":
            return comparison_as_html(compared, language).encode()
        case ".pdf":
            return comparison_as_pdf(compared, language, made_at=workspace.clock())
        case ".json":
            return json.dumps(comparison_as_record(compared), ensure_ascii=False, indent=2).encode()
        case ".txt":
            return comparison_as_text(compared, language).encode()
        case _:
            raise UsageError("a name that ends with .html, .pdf, .json or .txt is expected, got {suffix}", suffix=suffix or "-")


def text_digest(workspace: "Workspace", text: str) -> str:
    """Return the digest of a text: of a document as its signatories see it, or of a file, which is kept.

    Raises:
        UsageError: it is neither.
    """
    from mou.errors import UsageError
    from mou.workflow.status import find_document

    try:
        return str(find_document(workspace, text).prepared)
    except UsageError:
        if not Path(text).is_file():
            raise
        return kept_file(workspace, Path(text)) or ""
