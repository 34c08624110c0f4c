"""The last section: which law was read and when, and what a report does not prove."""

from markupsafe import Markup

from mou.report.markup import bullets, paragraphs
from mou.report.voice import Voice
from mou.thai import english_date, thai_date
from signatures.evidence_of_law import READ_ON
from signatures.messages import say

_NOT_PROVEN = (
    say(
        "This does not prove that what the text says is true, that a signatory was entitled to bind the organisation, "
        "or that no later instrument changed it."
    ),
    say("It does not prove who sat at the machine: a certificate names the holder of a key, not who used it."),
    say("A time without a time stamp is what the signer's machine claimed; it proves nothing."),
    say("A seal shows that the file was not changed since; it is nobody's signature and nobody's consent."),
    say("A root counts here because the verifier chose it; this report does not vouch for the choice."),
    say("Revocation is judged by the statements named here, as of their times; nobody was asked."),
    say("The pictures show how this program draws a page; other programs may draw it differently."),
)


def law_that_was_read(voice: Voice) -> Markup:
    """Return the law and the version of our reading."""
    day = thai_date(READ_ON) if voice.language == "th" else english_date(READ_ON)
    return paragraphs(
        [
            voice.say(
                "Law used: the Electronic Transactions Act B.E. 2544, with its amendments No. 2 (B.E. 2551), No. 3 and No. 4 "
                "(both B.E. 2562), as this program's authors read them in secondary copies; version of the reading: {day}.",
                day=day,
            ),
            voice(
                say(
                    "Types 1 to 3 are those of recommendation ขมธอ. 23-2563 of 29 May 2020. The recommendation is not binding "
                    "law, and type 3 is not the qualified electronic signature of the European regulation."
                )
            ),
            voice(say("This page is no legal advice; whether a signature is reliable is for a court to decide.")),
        ]
    )


def what_is_not_proven(voice: Voice) -> Markup:
    """Return what nobody may read into a report."""
    return bullets(map(voice, _NOT_PROVEN))
