"""The register -> one page in Thai and English that needs nothing else: no script, no address, its own font.

The reader's language comes first, then the same once more in the other one. The policy in the page's head forbids a browser to
load or run anything; the style is allowed by its digest.
"""

import base64
import hashlib
from pathlib import Path
from typing import Final

from markupsafe import Markup

from mou.report.markup import bullets, code, facts, joined
from mou.report.voice import Voice
from mou.signatories.rows import RegisterOfSignatories
from mou.signatories.tables import Tables
from mou.signatories.words import day_in, number_in
from signatures.messages import Message, say

_FOLDER: Final = Path(__file__).resolve().parent
_OTHER: Final = {"th": "en", "en": "th"}
_TITLE: Final = say("Register of signatories")


def register_as_html(register: RegisterOfSignatories, language: str) -> str:
    """Return the page, the reader's language (`th` or `en`) first."""
    style = _embedded_fonts() + _style("screen.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; font-src data:; base-uri 'none'; form-action 'none'"
    head = Markup(
        '<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="robots" content="noindex">\n'
        "<style>{}</style>"
    ).format(Markup(policy), Markup(style))  # noqa: S704  # our own style sheet and its digest
    return _page(register, language, head)


def register_as_pdf(register: RegisterOfSignatories, language: str) -> bytes:
    """Return the page as an archival, accessible PDF; the same register gives the same bytes.

    Raises:
        RenderingError: the PDF cannot be drawn.
    """
    from mou.rendering.report_pdf import draw_report  # loads WeasyPrint

    return draw_report(_page(register, language), _style("paper.css"), created=register.made_at)


def _page(register: RegisterOfSignatories, language: str, head: str = "") -> str:
    voice = Voice(language)
    title = voice.say(
        "{register}: {charter}, {day}", register=_TITLE, charter=register.charter.title, day=day_in(language, register.on)
    )
    parts = joined(_part(register, one) for one in (language, _OTHER[language]))
    return str(
        Markup(
            '<!doctype html>\n<html lang="{}"><head>{}\n<title>{}</title></head>\n<body><main>{}</main></body></html>\n'
        ).format(language, head, title, parts)
    )


def _part(register: RegisterOfSignatories, language: str) -> Markup:
    """Return the whole register in one language."""
    voice, tables = Voice(language), Tables(register, language)
    sections = (
        ("standing", say("1. State of the charter"), tables.state()),
        ("rows", say("2. Signatories"), tables.signatories()),
        ("objections", say("3. Reservations and objections, pair by pair"), tables.reservations()),
        ("versions", say("4. Texts of the charter"), tables.texts()),
        ("missing", say("5. Asked and not signed"), tables.not_signed()),
        ("returns", say("6. Returned: kept, and not counted"), tables.returned()),
        ("source", say("7. What this register rests on"), _what_it_rests_on(register, voice)),
    )
    section = Markup('<section class="{}"><h2>{}</h2>{}</section>')
    body = joined(section.format(name, voice(title), content) for name, title, content in sections)
    return Markup('<section class="part" lang="{}">{}{}</section>').format(language, _heading(register, voice), body)


def _heading(register: RegisterOfSignatories, voice: Voice) -> Markup:
    charter, language = register.charter, voice.language
    lines = [Markup('<p class="charter" lang="th">{}</p>').format(Voice("th")(charter.title))]
    number = "" if charter.number is None else voice.say("number {number}", number=charter.number)
    asked = voice.say("as it stood at the end of {day}", day=day_in(language, register.on))
    lines.append(Markup('<p class="asked">{}</p>').format(" · ".join(filter(None, (number, asked)))))
    lines.append(Markup('<p class="copy"><strong>{}</strong> {}</p>').format(*map(voice, _whose_copy(register))))
    if charter.is_sample:
        lines.append(Markup('<p class="copy"><strong>{}</strong> {}</p>').format(*map(voice, _SAMPLE)))
    return Markup("<header><h1>{}</h1>{}</header>").format(voice(_TITLE), joined(lines))


_SAMPLE: Final = (say("Sample."), say("Every organisation, person, day and number in it is invented."))


def _whose_copy(register: RegisterOfSignatories) -> tuple[Message, Message]:
    if register.is_public:
        return say("Public copy."), say("It shows organisations and names no person.")
    return say("The secretariat's own copy."), say("It names persons: not for publication.")


def _what_it_rests_on(register: RegisterOfSignatories, voice: Voice) -> Markup:
    language, charter = voice.language, register.charter
    rows = (
        (voice.say("Charter, text before the first signature"), code(charter.text)),
        (voice.say("Code of the charter"), code(charter.code)),
        (voice.say("Network"), voice(charter.network)),
        (voice.say("Ledger"), voice(register.ledger.origin)),
        (voice.say("Entries in the ledger"), number_in(language, register.ledger.size)),
        (voice.say("Made on"), voice.moment(register.made_at)),
        (
            voice.say("Checkpoint of the ledger"),
            Markup("<br>").join(code(line) for line in _lines_of(register.ledger.checkpoint)),
        ),
    )
    return joined([facts(voice.say("Source"), rows), bullets(voice(one) for one in _LIMITS)])


_LIMITS: Final = (
    say("Everything here is computed from the instruments that the ledger holds; no count is typed in by hand."),
    say("A day is answered as it stood at its end. What takes effect later does not change it; what is received late does."),
    say("A returned paper stays in the ledger and is counted nowhere."),
    say("A signature on paper is called one, wherever it is shown."),
    say(
        "The depositary records, examines form, computes and notifies. "
        "Whether somebody had capacity or authority it does not rule on."
    ),
    say("An objection to a reservation is shown between the two that it concerns, and nobody has ruled on it."),
    say("Missing evidence of stamp duty is said, and keeps nobody from signing."),
)


def _lines_of(text: str) -> list[str]:
    return [line for line in text.splitlines() if line]


def _style(name: str) -> str:
    return "\n".join((_FOLDER / one).read_text("utf-8") for one in ("page.css", name))


def _embedded_fonts() -> str:
    """Return the rules of the bundled font, regular and bold, with the files in them: not every machine can show Thai."""
    from mou.rendering.faces import bundled_family

    family = bundled_family()
    files = {weight: base64.b64encode(family.face(weight).path.read_bytes()).decode("ascii") for weight in (400, 700)}
    return "".join(
        f'@font-face {{ font-family: "Register"; font-weight: {weight}; src: url("data:font/ttf;base64,{content}"); }}\n'
        for weight, content in files.items()
    )
