"""What somebody under 20 is told who cannot sign yet: what is missing, and who can do it. Calm, and nobody's fault."""

from starlette.requests import Request
from starlette.responses import Response

from mou.messages import translate
from mou.minors import GIVEN_WITH_ASSENT, WARNING, Lack, lacks_of
from mou.web.invited import asked_on_page
from mou.web.language import language_of
from mou.web.pages import render
from mou.web.site import site_of
from mou.workflow.links import Invited
from mou.workflow.minors import occasion_of
from signatures.messages import Message, say

_WORDS: dict[Lack, tuple[Message, Message]] = {
    Lack.GUARDIAN_CONSENT: (
        say("Your mother, your father or another guardian has not agreed yet"),
        say(
            "They read the document and sign a sheet with the words of consent. The secretariat gives them the sheet, takes it "
            "back and records it."
        ),
    ),
    Lack.ADULT_BESIDE: (
        say("No adult of your organisation or group signs beside you yet"),
        say(
            "Somebody of your organisation or group who is 20 or over signs the same document, such as an adviser. Your "
            "organisation names them, and the secretariat enters them."
        ),
    ),
}


def missing_page(request: Request, token: str, invited: Invited) -> Response | None:
    """Return the page that says what has to be there before this signatory can agree and sign; None when nothing is missing.

    The own assent is not among it: it is given on the page that follows.
    """
    lacks = [lack for lack in lacks_of(occasion_of(site_of(request).workspace, invited)) if lack not in GIVEN_WITH_ASSENT]
    if not lacks:
        return None
    language = language_of(request)
    return render(
        request,
        "sign/minor.html",
        asked=asked_on_page(request, invited),
        missing=[tuple(translate(sentence, language) for sentence in _WORDS[lack]) for lack in lacks],
        warning=WARNING if Lack.GUARDIAN_CONSENT in lacks else None,
        download_url=f"/sign/{token}/download",
        decline_url=f"/sign/{token}/decline",
    )
