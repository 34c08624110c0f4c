"""Which language a page speaks: what was asked for, else the session's, else what the browser prefers, else Thai."""

from typing import Final, cast, get_args

from starlette.requests import HTTPConnection

from mou.messages import translate
from mou.web.sessions import Language, keep_session, read_session
from signatures.messages import Message

DEFAULT: Final[Language] = "th"
_KNOWN: Final = frozenset(get_args(Language))


def language_of(request: HTTPConnection) -> Language:
    """Return the language of this answer; one that the address asks for (`?lang=en`) is kept in the session."""
    session = read_session(request)
    wanted = request.query_params.get("lang")
    if wanted in _KNOWN:
        language = cast("Language", wanted)
        if session.language != language:
            keep_session(request, session.with_language(language))
        return language
    return session.language or preferred(request.headers.get("accept-language", ""))


def preferred(header: str) -> Language:
    """Return which of our languages an Accept-Language header ranks first (RFC 9110, 12.5.4); Thai when it names none."""
    ranked: list[tuple[float, int, Language]] = []
    for place, part in enumerate(header.split(",")):
        name, _, quality = part.partition(";")
        primary = name.strip().lower().partition("-")[0]
        if primary in _KNOWN and (weight := _weight(quality)) > 0:
            ranked.append((-weight, place, cast("Language", primary)))
    return min(ranked)[2] if ranked else DEFAULT


def say_in(request: HTTPConnection, message: Message) -> str:
    """Return a message in the language of this answer."""
    return translate(message, language_of(request))


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
