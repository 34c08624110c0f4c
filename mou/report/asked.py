"""The first sections of a report: what was asked, by which rules it was checked, and what was trusted."""

from collections.abc import Iterator
from itertools import islice

from cryptography import x509
from markupsafe import Markup

import mou
from mou.report.case import Case
from mou.report.certificates import fingerprint, subject_of
from mou.report.laid_out import laid_out_by
from mou.report.markup import Cell, code, facts, joined, paragraphs, state, table
from mou.report.revocation import STATEMENTS_AT_MOST, statements_at_hand
from mou.report.voice import Voice
from mou.report.words import INTEGRITIES, OUTCOMES, SIGNS, VERDICTS
from signatures.digests import digest_of
from signatures.messages import say


def summary(case: Case, voice: Voice) -> Markup:
    """Return the answer, large, with the reason that decided it."""
    report = case.report
    verdict = state(voice(VERDICTS[report.verdict]), SIGNS[report.verdict], report.verdict)
    return Markup('<div class="verdict {}"><p class="answer">{}</p>{}</div>').format(
        report.verdict, verdict, paragraphs([voice(report.reason), voice(INTEGRITIES[report.integrity])])
    )


def what_was_asked(case: Case, voice: Voice) -> Markup:
    """Return the table of what was put before the program."""
    nothing = voice(say("none was given"))
    policy = case.policy
    rows: list[tuple[str, Cell]] = [
        (voice(say("file")), voice(case.file)),
        (
            voice(say("digest of the file (SHA-256)")),
            code(case.report.digest.hex) if case.report.digest else voice(say("unknown")),
        ),
        (voice(say("size")), voice.say("{count} bytes", count=len(case.pdf)) if case.pdf is not None else voice(say("unknown"))),
        (voice(say("evidence beside the file")), voice(case.evidence_file) if case.evidence_file else nothing),
    ]
    if case.evidence is not None:
        rows.append((voice(say("digest of the evidence (SHA-256)")), code(digest_of(case.evidence).hex)))
    if (by := laid_out_by(case.pdf, case.report)) is not None:
        rows.append((voice(say("its pages")), voice(by.sentence())))
    rows += [
        (voice(say("judged as of")), voice.moment(policy.at)),
        (voice(say("keys of ledgers")), _lines(code(str(key)) for key in policy.ledger_keys) or nothing),
        (
            voice(say("checkpoints that were held")),
            _lines(code(f"{held.origin} · {held.size} · {held.root.hex()}") for held in policy.held_checkpoints) or nothing,
        ),
        (voice(say("export of the ledger")), voice(say("was compared")) if policy.ledger_export else nothing),
        (voice(say("checked by")), f"mou {mou.__version__}"),
    ]
    return facts(voice(say("File, evidence, keys and time")), rows)


def what_was_checked(case: Case, voice: Voice) -> Markup:
    """Return the eight steps with what each found."""
    rows = (
        (
            f"{step.number} · {voice(step.name)}",
            state(voice(OUTCOMES[step.outcome]), SIGNS[step.outcome], step.outcome),
            voice(step.reason),
        )
        for step in case.report.steps
    )
    rule = say(
        "One failed step: failed. None failed and one or more not checked: cannot be known. All passed: passed. What was not "
        "checked never counts as passed. The words of a signature's result are those of ETSI EN 319 102-1."
    )
    heads = [voice(say("step and rule")), voice(say("outcome")), voice(say("reason"))]
    return joined([table(voice(say("Eight steps")), heads, rows, kind="judged"), paragraphs([voice(rule)])])


def what_was_trusted(case: Case, voice: Voice) -> Markup:
    """Return the roots, and the statements on revocation with their times."""
    if not case.policy.roots:
        roots = paragraphs([voice(say("No trust roots were given: whose keys signed is not known."))])
    else:
        heads = [voice(say("root")), voice(say("set")), voice(say("valid until")), voice(say("fingerprint (SHA-256)"))]
        rows = (
            (
                voice(subject_of(root)),
                voice(_set_of(case, root)),
                voice.moment(root.not_valid_after_utc),
                fingerprint(root),
            )
            for root in case.policy.roots
        )
        roots = table(voice(say("Roots that the verifier trusts")), heads, rows)
    return joined([roots, _revocation(case, voice)])


def _revocation(case: Case, voice: Voice) -> Markup:
    """Return which statements on revocation were at hand, with their times."""
    told = list(islice(statements_at_hand(case), STATEMENTS_AT_MOST))
    if not told:
        return paragraphs([voice(say("No statement on revocation was at hand."))])
    heads = [voice(say("statement")), voice(say("issuer")), voice(say("made")), voice(say("next one announced for"))]
    rows = (
        (voice(one.kind), voice(one.issuer), voice.moment(one.made), voice.moment(one.following) if one.following else "-")
        for one in told
    )
    return table(voice(say("Statements on revocation that were at hand, with their times")), heads, rows)


def _set_of(case: Case, root: x509.Certificate) -> str:
    return next((one.name for one in case.policy.root_sets if root in one.roots), "") or "-"


def _lines(cells: Iterator[Markup]) -> Markup:
    return Markup("<br>").join(cells)
