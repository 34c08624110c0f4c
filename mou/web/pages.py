"""Pages: Jinja2 templates, filled in the reader's language.

Every template finds: `lang`, `_` (an English sentence with named places -> the reader's language), `said(message)` for a message
that a rule has made, `csrf`, `network_name`, `ledger_key`, `static(name)` and `integrity(name)` for files, `moment(time)` and
`day(date)` for time as a person reads it, and `shown(text)` for names that come from outside. A name that a template reads and
nobody gave is an error.
"""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse

from mou.messages import translate
from mou.report.voice import shown
from mou.thai import BANGKOK, english_date, thai_date, thai_datetime
from mou.web.language import language_of
from mou.web.sessions import csrf_token
from mou.web.site import site_of
from signatures.messages import Message

if TYPE_CHECKING:
    from jinja2 import Environment

    from mou.web.static_files import StaticFiles

TEMPLATES_FOLDER: Final = Path(__file__).parent / "templates"


def page_environment(static: "StaticFiles") -> "Environment":
    """Return the environment of the page templates; everything that is filled in is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["static"] = static.address
    environment.globals["integrity"] = static.integrity
    environment.globals["shown"] = shown
    return environment


def render(request: HTTPConnection, name: str, *, status_code: int = 200, **values: object) -> HTMLResponse:
    """Return the page that this template makes of the values; messages among them are said in the reader's language."""
    site = site_of(request)
    language = language_of(request)
    spoken = {key: translate(value, language) if isinstance(value, Message) else value for key, value in values.items()}
    given = {
        "lang": language,
        "_": _speaker(language),
        "csrf": csrf_token(request),
        "network_name": site.settings.name,
        "ledger_key": str(site.workspace.keys.ledger_public_key()),
        "said": lambda message: translate(message, language),
        "moment": lambda at: moment_in_words(at, language),
        "day": lambda at: day_in_words(at, language),
    }
    body = site.templates.get_template(name).render(given | spoken)
    return HTMLResponse(body, status_code, headers={"Content-Language": language})


def moment_in_words(at: datetime | None, language: str) -> str:
    """Return a moment in Bangkok time: of the Buddhist era in Thai; a dash for none."""
    if at is None:
        return "-"
    try:
        if language == "th":
            return thai_datetime(at)
        local = at.astimezone(BANGKOK)
        return f"{english_date(local.date())}, {local:%H:%M} (Bangkok)"
    except (ValueError, OverflowError):  # a signature may claim the last hour of the year 9999
        return at.isoformat()


def day_in_words(at: date | datetime | None, language: str) -> str:
    """Return a day, of a moment the day that it is in Bangkok; a dash for none."""
    if at is None:
        return "-"
    day = at.astimezone(BANGKOK).date() if isinstance(at, datetime) else at
    return thai_date(day) if language == "th" else english_date(day)


def _speaker(language: str) -> Callable[..., str]:
    """Return what templates call `_`."""

    def speak(template: str, /, **places: object) -> str:
        return translate(Message(template, places), language)

    return speak
