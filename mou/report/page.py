"""Verified files -> one HTML page in Thai and English that needs nothing else: no script, no address, its own font.

The reader's language comes first, then the same once more in the other one, then the pictures. The policy in the page's head
forbids a browser to load or run anything; the style is allowed by its digest.
"""

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup

from mou.report.asked import summary, what_was_asked, what_was_checked, what_was_trusted
from mou.report.case import Case
from mou.report.figures import Voices, box_rules, page_pictures
from mou.report.limits import law_that_was_read, what_is_not_proven
from mou.report.markup import joined
from mou.report.pictures import Seen
from mou.report.signed import each_signature
from mou.report.voice import Voice
from signatures.messages import say

_FOLDER = Path(__file__).resolve().parent
_OTHER = {"th": "en", "en": "th"}


def report_page(cases: Sequence[Case], seen: Sequence[Seen], language: str) -> str:
    """Return the page; `seen` has one item for each file."""
    style = _embedded_fonts() + _style("screen.css", cases, seen)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
    )
    head = Markup(
        '<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<style>{}</style>'
    ).format(Markup(policy), Markup(style))  # noqa: S704  # our own style sheets and digest
    return report_markup(cases, seen, language, head)


def report_markup(cases: Sequence[Case], seen: Sequence[Seen], language: str, head: str = "") -> str:
    """Return the page with this in its head; without it there is no style."""
    first, second = voices = (Voice(language), Voice(_OTHER[language]))
    name = say("Report on the verification of signatures")
    title = first.say("{report}: {files}", report=name, files=", ".join(case.file for case in cases))
    heading = Markup('<h1>{}</h1><p class="again" lang="{}">{}</p>').format(first(name), second.language, second(name))
    body = joined(_article(number, case, one, voices) for number, (case, one) in enumerate(zip(cases, seen, strict=True)))
    return str(
        Markup(
            '<!doctype html>\n<html lang="{}"><head>{}\n<title>{}</title></head>\n<body><main>{}{}</main></body></html>\n'
        ).format(language, head, title, heading, body)
    )


def _embedded_fonts() -> str:
    """Return the rules of the bundled font, regular and bold, with the files in them: not every machine can show Thai."""
    from mou.rendering.faces import bundled_family

    family = bundled_family()
    files = {weight: base64.b64encode(family.face(weight).path.read_bytes()).decode("ascii") for weight in (400, 700)}
    return "".join(
        f'@font-face {{ font-family: "Report"; font-weight: {weight}; src: url("data:font/ttf;base64,{content}"); }}\n'
        for weight, content in files.items()
    )


def paper_style(cases: Sequence[Case], seen: Sequence[Seen]) -> str:
    """Return the style sheet of the PDF, without its font."""
    return _style("paper.css", cases, seen)


def _style(name: str, cases: Sequence[Case], seen: Sequence[Seen]) -> str:
    shared, own = ((_FOLDER / one).read_text("utf-8") for one in ("report.css", name))
    return f"{shared}\n{own}\n{box_rules(cases, seen)}"


def _article(number: int, case: Case, seen: Seen, voices: Voices) -> Markup:
    parts = joined(_part(case, seen, voice) for voice in voices)
    return Markup("<article>{}{}</article>").format(parts, page_pictures(number, case, seen, voices))


def _part(case: Case, seen: Seen, voice: Voice) -> Markup:
    """Return everything that is said of one file in one language."""
    sections = (
        ("asked", say("1. What was asked"), what_was_asked(case, voice)),
        ("checked", say("2. What was checked"), what_was_checked(case, voice)),
        ("trusted", say("3. What was trusted"), what_was_trusted(case, voice)),
        ("signatures", say("4. The signatures"), each_signature(case, seen, voice)),
        ("law", say("5. Which law was used"), law_that_was_read(voice)),
        ("limits", say("6. What this does not prove"), what_is_not_proven(voice)),
    )
    section = Markup('<section class="{}"><h3>{}</h3>{}</section>')
    body = joined(section.format(name, voice(title), content) for name, title, content in sections)
    return Markup('<section class="part" lang="{}"><h2>{}</h2>{}{}</section>').format(
        voice.language, voice.say("Verification of {file}", file=case.file), summary(case, voice), body
    )
