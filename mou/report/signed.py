"""The section on each signature: who, as what, with which certificate, when, and what the law's tests find in it."""

from collections.abc import Iterator
from itertools import chain

from cryptography import x509
from markupsafe import Markup

from mou.report.case import Case
from mou.report.certificates import fingerprint, issuer_countries, issuer_of, subject_of
from mou.report.markup import Cell, facts, joined, paragraphs, state, table
from mou.report.pictures import Seen
from mou.report.places import Place
from mou.report.voice import Voice
from mou.report.words import BEARINGS, KINDS, SIGNS, THAI_TYPES, TIME_SOURCES, VERDICTS, identity_in_words
from signatures.evidence_of_law import judge_by_law
from signatures.messages import say
from signatures.validation import SignatureCheck

_HOME = "TH"
_SIGNATURE_INTEGRITIES = {
    "intact": say("intact"),
    "modified": say("changed afterwards in a way that is not allowed"),
    "invalid": say("wrong: other bytes, or another key"),
    "unreadable": say("cannot be read"),
}
_TRUST = {
    True: say("the certificate leads to a root, not revoked"),
    False: say("not established"),
    None: say("not looked at"),
}


def each_signature(case: Case, seen: Seen, voice: Voice) -> Markup:
    """Return one part per signature, numbered as in the pictures."""
    checks = case.report.signatures
    if not checks:
        return paragraphs([voice(say("No signature was found in the file."))])
    return joined(_signature(number, check, seen, voice) for number, check in enumerate(checks, start=1))


def _signature(number: int, check: SignatureCheck, seen: Seen, voice: Voice) -> Markup:
    title = voice.say("Signature {number}: {field}", number=number, field=check.field)
    rows = chain(_about_signature(check, seen, voice), _about_certificate(check, voice))
    return Markup('<section class="signature"><h4>{}</h4>{}{}{}</section>').format(
        title, facts(voice(say("Signature, time and certificate")), rows), _law_table(check, voice), _type(check, voice)
    )


def _about_signature(check: SignatureCheck, seen: Seen, voice: Voice) -> Iterator[tuple[str, Cell]]:
    yield voice(say("result")), state(voice(VERDICTS[check.verdict]), SIGNS[check.verdict], check.verdict)
    yield voice(say("kind of signature")), voice(KINDS[check.kind])
    yield voice(say("signer")), voice(check.signer) or "-"
    yield voice(say("capacity, as stated in the signature")), voice(check.capacity) or "-"
    time = voice.moment(check.time) if check.time is not None else "-"
    yield voice(say("time")), f"{time} ({voice(TIME_SOURCES[check.time_source])})"
    yield voice(say("level")), check.level
    yield (
        voice(say("integrity")),
        voice.say("{word}: {reason}", word=_SIGNATURE_INTEGRITIES[check.integrity], reason=check.reason),
    )
    yield voice(say("trust")), voice(_TRUST[check.trusted] if check.trust_reason is None else check.trust_reason)
    yield voice(say("root and set")), voice(" · ".join(filter(None, (check.trust_root, check.trust_set)))) or "-"
    yield voice(say("sub-indication (EN 319 102-1)")), voice(check.sub_indication) or "-"
    yield voice(say("place")), _place(check, seen, voice)


def _place(check: SignatureCheck, seen: Seen, voice: Voice) -> str:
    if not seen.was_read:
        return voice(say("could not be looked for"))
    places = seen.places.get(check.field, ())
    return "; ".join(_in_words(place, voice) for place in places) or voice(say("it has no box that can be seen"))


def _in_words(place: Place, voice: Voice) -> str:
    return voice.say(
        "page {page}, {left} % from the left and {top} % from the top, {width} % wide and {height} % high",
        page=place.page,
        left=round(100 * place.left),
        top=round(100 * place.top),
        width=round(100 * place.width),
        height=round(100 * place.height),
    )


def _about_certificate(check: SignatureCheck, voice: Voice) -> Iterator[tuple[str, Cell]]:
    name = voice(say("certificate"))
    try:
        certificate = x509.load_der_x509_certificate(check.certificate)
        subject, issuer = subject_of(certificate), issuer_of(certificate)
        abroad = [country for country in issuer_countries(certificate) if country != _HOME]
    except ValueError:
        yield name, voice(say("cannot be read"))
        return
    yield voice(say("holder of the certificate")), voice(subject)
    label = voice.say("{issuer} (foreign authority: {country})", issuer=issuer, country=", ".join(abroad))
    yield voice(say("issuer of the certificate")), label if abroad else voice(issuer)
    yield voice(say("serial number")), f"{certificate.serial_number:x}"
    yield voice(say("valid from")), voice.moment(certificate.not_valid_before_utc)
    yield voice(say("valid until")), voice.moment(certificate.not_valid_after_utc)
    yield voice(say("fingerprint (SHA-256)")), fingerprint(certificate)


def _law_table(check: SignatureCheck, voice: Voice) -> Markup:
    """Return the four tests row by row."""
    rows = (
        (
            f"{row.number} · {voice(row.test)}",
            state(voice(BEARINGS[row.bearing]), SIGNS[row.bearing], row.bearing),
            voice(row.evidence),
        )
        for row in judge_by_law(check).rows
    )
    heads = [voice(say("test")), voice(say("evidence")), voice(say("which"))]
    return table(voice(say("The four tests of section 26, Electronic Transactions Act")), heads, rows, kind="judged")


def _type(check: SignatureCheck, voice: Voice) -> Markup:
    found = judge_by_law(check)
    rows = [
        (voice(say("type of signature")), voice(THAI_TYPES[found.thai_type])),
        (voice(say("why not higher")), voice(found.why_not_higher)),
    ]
    if check.identity:
        rows.append((voice(say("how the network says that it knew the signatory")), voice(identity_in_words(check.identity))))
    return facts(voice(say("Type of electronic signature, computed from the evidence")), rows)
