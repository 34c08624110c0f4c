"""`mou consent`: what minors and their guardians agree to, each thing apart, and its withdrawal."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mou.cli.charter_options import Day
from mou.cli.terminal import (
    Cell,
    DayHeading,
    echo,
    echo_json,
    json_option,
    open_chosen_workspace,
    pass_language,
    print_table,
    workspace_option,
    xlsx_option,
)
from mou.errors import UsageError
from mou.messages import translate
from signatures.messages import say

if TYPE_CHECKING:
    from mou.consents import GivenConsent
    from mou.workflow.consents import GuardianPaper, SignatoryConsents

KINDS = ("guardian_consent", "minor_assent", "name_publication", "photo_publication")
HEADINGS = (say("field"), say("signatory"), say("age"), say("missing"), say("agreed to"), DayHeading(say("on")), say("id"))
_KINDS = {
    "guardian_consent": say("a guardian lets them sign"),
    "minor_assent": say("wants to sign"),
    "name_publication": say("may be named in public"),
    "photo_publication": say("a picture may be used"),
}
_AGES = {
    "under_10": say("under 10"),
    "10_to_17": say("10 to 17"),
    "18_to_19": say("18 or 19"),
    "20_or_over": say("20 or over"),
    None: say("not known"),
}
_LACKS = {
    "guardian_consent": say("a guardian's consent"),
    "minor_assent": say("the own assent"),
    "assent_after_consent": say("the own assent, once more"),
    "adult_beside": say("an adult beside"),
}


@click.group("consent")
def command() -> None:
    """Record what minors and their guardians agree to: to sign, to be named, to a picture; each apart, each to be withdrawn."""


@command.command("give")
@click.argument("document")
@click.option("--slot", "field", required=True, help="The field of the signatory whom it is about; mou consent list shows them.")
@click.option("--kind", type=click.Choice(KINDS), required=True, help="What is agreed to; mou consent text shows the words.")
@click.option("--on", "given_on", type=Day(), help="The day of the paper, or on which it was said (default: today).")
@click.option("--guardian", help="The guardian's name, where a guardian consents.")
@click.option("--relationship", help="What the guardian is to the signatory, such as มารดา.")
@click.option(
    "--file",
    "paper",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What the guardian signed, as a file; it is kept.",
)
@workspace_option
@pass_language
def give(
    language: str,
    document: str,
    field: str,
    kind: str,
    given_on: date | None,
    guardian: str | None,
    relationship: str | None,
    paper: Path | None,
    folder: Path | None,
) -> None:
    """Record a consent for DOCUMENT (its id, its number or its PDF) that was brought to the secretariat."""
    from mou.consents import ConsentKind
    from mou.workflow.consents import give_consent
    from mou.workflow.status import find_document

    workspace = open_chosen_workspace(folder)
    found = find_document(workspace, document)
    brought = _guardian_paper(guardian, relationship, paper)
    recorded = give_consent(workspace, found.document_id, field, ConsentKind(kind), given_on=given_on, guardian=brought)
    values = {
        "document": found.file_name,
        "field": field,
        "name": recorded.consent.signatory,
        "kind": _KINDS[kind],
        "consent": recorded.consent.consent_id,
    }
    if recorded.is_new:
        echo(language, "{document}, {field}, {name}: recorded: {kind} ({consent})", **values)
    else:
        echo(language, "{document}, {field}, {name}: recorded before: {kind} ({consent}); nothing was done", **values)


@command.command("withdraw")
@click.argument("consent")
@workspace_option
@pass_language
def withdraw(language: str, consent: str, folder: Path | None) -> None:
    """Record that CONSENT (its id) was withdrawn. What was signed stays; the signatory is no longer named in public."""
    from mou.workflow.consents import withdraw_consent

    workspace = open_chosen_workspace(folder)
    recorded = withdraw_consent(workspace, consent)
    values = {"consent": consent, "name": recorded.consent.signatory, "kind": _KINDS[recorded.consent.kind.value]}
    if recorded.is_new:
        echo(language, "{consent}, {name}: withdrawn: {kind}. What was signed stays", **values)
    else:
        echo(language, "{consent}, {name}: withdrawn before: {kind}; nothing was done", **values)


@command.command("list")
@click.argument("document")
@json_option
@xlsx_option
@workspace_option
@pass_language
def show_list(language: str, document: str, folder: Path | None, *, as_json: bool) -> None:
    """Show for each signatory of DOCUMENT the band of age, what is missing beside the signature, and every consent."""
    from mou.workflow.consents import consents_for_document
    from mou.workflow.status import find_document

    workspace = open_chosen_workspace(folder)
    signatories = consents_for_document(workspace, find_document(workspace, document))
    if as_json:
        echo_json([_as_json(one) for one in signatories])
    else:
        rows = [row for one in signatories for row in _rows(one, language)]
        print_table(language, HEADINGS, rows, title=say("Consents"))


@command.command("text")
@click.argument("kind", type=click.Choice(KINDS))
@pass_language
def show_text(language: str, kind: str) -> None:
    """Print the words that are agreed to, in Thai, to be signed on paper; their digest is the version that is recorded."""
    from mou.consents import ConsentKind, words_of

    words = words_of(ConsentKind(kind))
    click.echo(f"{words.text}\n\n{words.detail}\n")
    echo(language, "version: {digest}", digest=words.digest)


def _guardian_paper(guardian: str | None, relationship: str | None, paper: Path | None) -> "GuardianPaper | None":
    from mou.workflow.consents import GuardianPaper

    if guardian is None and relationship is None and paper is None:
        return None
    if guardian is None or relationship is None or paper is None:
        raise UsageError(
            "--guardian, --relationship and --file are expected together: who consents, and the paper that they signed"
        )
    return GuardianPaper(guardian, relationship, paper.read_bytes())


def _rows(one: "SignatoryConsents", language: str) -> list[tuple[Cell, ...]]:
    """Return a signatory's rows of the table: one for each consent, and one where there is none."""
    first = (
        one.request.slot.field,
        one.request.slot.person.full_name,
        translate(_AGES[one.band.value if one.band else None], language),
        ", ".join(translate(_LACKS[lack.value], language) for lack in one.lacks),
    )
    consents: list[tuple[Cell, ...]] = [*(_cells(each, language) for each in one.consents)] or [("", None, "")]
    return [(*(first if place == 0 else ("", "", "", "")), *cells) for place, cells in enumerate(consents)]


def _cells(consent: "GivenConsent", language: str) -> tuple[str, date, str]:
    words = translate(_KINDS[consent.kind.value], language)
    if consent.withdrawn_at is not None:
        words = translate(say("withdrawn: {kind}", kind=words), language)
    return words, consent.given_on, consent.consent_id


def _as_json(one: "SignatoryConsents") -> dict[str, object]:
    return {
        "field": one.request.slot.field,
        "name": one.request.slot.person.full_name,
        "organisation": one.request.slot.organisation_name,
        "age": one.band.value if one.band else None,
        "missing": [lack.value for lack in one.lacks],
        "consents": [
            {
                "id": each.consent_id,
                "kind": each.kind.value,
                "text": str(each.text),
                "given_on": each.given_on.isoformat(),
                "recorded_at": _iso(each.recorded_at),
                "recorded_by": each.recorded_by,
                "guardian": each.guardian.name if each.guardian else None,
                "relationship": each.guardian.relationship if each.guardian else None,
                "paper": str(each.guardian.paper) if each.guardian else None,
                "withdrawn_at": _iso(each.withdrawn_at),
            }
            for each in one.consents
        ],
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
