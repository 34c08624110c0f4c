"""`/verify`: anybody brings a PDF and sees the report that `mou verify` gives. The file is looked at and not kept."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, File, Request, UploadFile
from starlette.responses import JSONResponse, RedirectResponse, Response

from mou.messages import translate
from mou.report.laid_out import LaidOutBy, laid_out_by
from mou.report.voice import Voice
from mou.report.words import INTEGRITIES, KINDS, OUTCOMES, THAI_TYPES, TIME_SOURCES, VERDICTS, identity_in_words
from mou.web.language import language_of
from mou.web.limits import require_rate
from mou.web.pages import moment_in_words, render
from mou.web.site import Site, site_of
from mou.web.words import OUTCOME_KINDS
from mou.workflow.public_view import code_of, read_code
from mou.workflow.verifying import RecordedRevision, verify_submitted
from signatures.evidence_of_law import judge_by_law
from signatures.messages import say
from signatures.validation import SignatureCheck
from signatures.verification import VerificationReport

LONGEST_FILE_NAME: Final = 255

router = APIRouter()

ThisSite = Annotated[Site, Depends(site_of)]
SubmittedFile = Annotated[UploadFile, File(description="The signed PDF.")]
SubmittedEvidence = Annotated[
    UploadFile | None, File(description="The evidence file beside it; without it, that of this site is taken.")
]


@dataclass(frozen=True, slots=True)
class ShownStep:
    """One numbered step, in the reader's language."""

    number: int
    name: str
    kind: str
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class ShownSignature:
    """One signature, in the reader's language."""

    field: str
    signer: str
    kind: str
    verdict: str
    facts: tuple[tuple[str, str], ...]
    reason: str


@router.get("/verify", include_in_schema=False)
def ask(request: Request, code: str | None = None) -> Response:
    """Show the form; with a code as it is printed under the QR code, lead to the document's page."""
    if code is not None and (found := read_code(code)) is not None:
        return RedirectResponse(f"/d/{found}", 303)
    error = say("A code has 32 digits from 0 to 9 and a to f; this is none.") if code else None
    return render(request, "verify.html", errors={}, code_error=error, status_code=422 if error else 200)


@router.post("/verify", include_in_schema=False)
def show(
    request: Request, site: ThisSite, file: Annotated[UploadFile | None, File()] = None, evidence: SubmittedEvidence = None
) -> Response:
    """Verify the file and show the whole report; a form that was sent without one is shown again."""
    require_rate(request, "verify")
    language = language_of(request)
    if file is None:
        errors = {"file": translate(say("Choose the PDF that you want to verify."), language)}
        return render(request, "verify.html", errors=errors, code_error=None, status_code=422)
    report, recorded, by = _verified(site, file, evidence)
    voice = Voice(language)
    return render(
        request,
        "report.html",
        file_name=voice(_name_of(file)),
        digest=report.digest.hex if report.digest else "",
        verdict=voice(VERDICTS[report.verdict]),
        verdict_kind=OUTCOME_KINDS[report.verdict],
        passed=report.verdict == "passed",
        integrity=voice(INTEGRITIES[report.integrity]),
        reason=voice(report.reason),
        steps=_steps(report, voice),
        signatures=[_signature(check, voice) for check in report.signatures],
        laid_out_by=voice(by.sentence()) if by else None,
        recorded=recorded,
        recorded_code=code_of(recorded.document) if recorded else None,
        evidence_from=_evidence_from(evidence, recorded),
    )


@router.post(
    "/api/v1/verify",
    tags=["verification"],
    summary="Verify a signed PDF",
    response_description="The report: verdict, eight steps, each signature.",
)
def verify_by_program(request: Request, site: ThisSite, file: SubmittedFile, evidence: SubmittedEvidence = None) -> Response:
    """Return the object that `mou verify --json` prints for one file. The file is not kept.

    A file that is a revision recorded here is judged by the evidence of this site when none is sent; a link to its document is
    then in the header `Link`. Whatever the file holds, the answer is 200 and says so in `verdict`.
    """
    require_rate(request, "verify")
    report, recorded, by = _verified(site, file, evidence)
    links = {"Link": f'</api/v1/documents/{code_of(recorded.document)}>; rel="describedby"'} if recorded else {}
    said = {"laid_out_by": by.as_json()} if by else {}
    return JSONResponse({**report.as_json(_name_of(file)), **said}, headers=links)


def _verified(
    site: Site, file: UploadFile, evidence: UploadFile | None
) -> tuple[VerificationReport, RecordedRevision | None, LaidOutBy | None]:
    pdf = file.file.read()
    report, recorded = verify_submitted(site.workspace, pdf, evidence.file.read() if evidence is not None else None)
    return report, recorded, laid_out_by(pdf, report)


def _name_of(file: UploadFile) -> str:
    """The name that the sender gave, without a path: it is only said back."""
    return (file.filename or "file.pdf").replace("\\", "/").rpartition("/")[2][:LONGEST_FILE_NAME]


def _evidence_from(evidence: UploadFile | None, recorded: RecordedRevision | None) -> str:
    if evidence is not None:
        return "sent"
    return "own" if recorded else "none"


def _steps(report: VerificationReport, voice: Voice) -> list[ShownStep]:
    return [
        ShownStep(step.number, voice(step.name), OUTCOME_KINDS[step.outcome], voice(OUTCOMES[step.outcome]), voice(step.reason))
        for step in report.steps
    ]


def _signature(check: SignatureCheck, voice: Voice) -> ShownSignature:
    root = " · ".join(filter(None, (check.trust_root, check.trust_set)))
    reason = check.reason if check.integrity != "intact" or check.trust_reason is None else check.trust_reason
    facts = (
        (voice.say("Kind"), voice(KINDS[check.kind])),
        (voice.say("Capacity"), voice(check.capacity) or "-"),
        (voice.say("Time"), f"{moment_in_words(check.time, voice.language)} ({voice(TIME_SOURCES[check.time_source])})"),
        (voice.say("Level"), check.level),
        (voice.say("Trust root"), voice(root) or "-"),
        *([(voice.say("Known by"), voice(identity_in_words(check.identity)))] if check.identity else []),
        (voice.say("Type by Thai law"), voice(THAI_TYPES[judge_by_law(check).thai_type])),
    )
    return ShownSignature(
        field=voice(check.field),
        signer=voice(check.signer) or "-",
        kind=OUTCOME_KINDS[check.verdict],
        verdict=voice(VERDICTS[check.verdict]),
        facts=facts,
        reason=voice(reason),
    )
