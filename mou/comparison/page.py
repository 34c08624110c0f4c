"""A comparison -> one page in Thai and English: what it is, in both; then what differs, each label in both.

It needs nothing else: no script, no address, its own font. Removed words are struck through and stand in [− −], added ones are
underlined and stand in {+ +}; colour only repeats it.
"""

import base64
import hashlib
from datetime import datetime
from pathlib import Path
from typing import Final

from markupsafe import Markup

from mou.comparison.compared import TITLES, Compared, TextVersion
from mou.comparison.comparing import ArticleChange, Edit, EditKind, Outcome
from mou.comparison.sides import NEWER, OLDER, Tongues, both_sides, marked, say_in, whole_article
from mou.comparison.wording import OUTCOMES, counts, day_in, moved, name_of, visible, what_this_is, which_is_older
from mou.comparison.words import DividerName
from mou.report.markup import Cell, bullets, code, joined, paragraphs, table
from signatures.messages import Message, say

_FOLDER: Final = Path(__file__).resolve().parent
_OTHER: Final = {"th": "en", "en": "th"}
_NOTHING: Final = Markup("")


def comparison_as_html(compared: Compared, language: str, *, more: Markup = _NOTHING) -> str:
    """Return the page, the reader's language (`th` or `en`) first; `more` is what else it says, below the differences."""
    style = _embedded_fonts() + _style("screen.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; font-src data:; base-uri 'none'; form-action 'none'"
    head = Markup(
        '<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<style>{}</style>'
    ).format(Markup(policy), Markup(style))  # noqa: S704  # our own style sheet and its digest
    return _page(compared, language, head, more)


def comparison_as_pdf(compared: Compared, language: str, *, made_at: datetime) -> bytes:
    """Return the page as an archival, accessible PDF; the same input gives the same bytes.

    Raises:
        RenderingError: the PDF cannot be drawn.
    """
    from mou.rendering.report_pdf import draw_report  # loads WeasyPrint

    return draw_report(_page(compared, language), _style("paper.css"), created=made_at)


def _page(compared: Compared, language: str, head: str = "", more: Markup = _NOTHING) -> str:
    other = _OTHER[language]
    tongues = Tongues(language, other, words_are_known=compared.comparison.divider is not DividerName.CLUSTERS)
    title = TITLES[compared.kind]
    heading = Markup('<h1>{}</h1><p class="again" lang="{}">{}</p>').format(title[language], other, title[other])
    parts = joined(_what_it_is(compared, one) for one in (language, other))
    return str(
        Markup(
            '<!doctype html>\n<html lang="{}"><head>{}\n<title>{}</title></head>\n<body><main>{}{}{}{}</main></body></html>\n'
        ).format(
            language,
            head,
            f"{title[language]}: {visible(compared.new.title)}",
            heading,
            parts,
            _differences(compared, tongues),
            more,
        )
    )


def _what_it_is(compared: Compared, language: str) -> Markup:
    """Return everything that is said about the two texts, in one language."""
    sums = paragraphs(say_in(one, language) for one in (which_is_older(compared, language), counts(compared)))
    notes = bullets([_legend(language), *(say_in(one, language) for one in what_this_is(compared))])
    return Markup('<section class="part" lang="{}">{}{}{}</section>').format(language, sums, _versions(compared, language), notes)


def _versions(compared: Compared, language: str) -> Markup:
    texts = (compared.old, compared.new)
    rows: list[tuple[Message, list[Cell]]] = [
        (say("Title of the document"), [visible(one.title) for one in texts]),
        (say("Version of the text"), [visible(one.version) for one in texts]),
        (say("Of the day"), [_day(one, language) for one in texts]),
        (say("Digest of the document"), [code(str(one.digest)) for one in texts]),
        (say("Digest of its words"), [code(str(compared.old_text_digest)), code(str(compared.new_text_digest))]),
    ]
    said = [[say_in(name, language), *cells] for name, cells in rows if any(cells)]
    heads = [say_in(one, language) for one in (say("Item"), OLDER, NEWER)]
    return table(say_in(say("The two texts"), language), heads, said, kind="versions")


def _day(text: TextVersion, language: str) -> str:
    return day_in(language, text.dated) if text.dated else ""


def _legend(language: str) -> Markup:
    removed, added = (say_in(words, language) for words in (say("removed words"), say("added words")))
    edits = (Edit(EditKind.REMOVED, removed), Edit(EditKind.KEPT, " "), Edit(EditKind.ADDED, added))
    return marked(edits, Tongues(language, language))


def _differences(compared: Compared, tongues: Tongues) -> Markup:
    comparison = compared.comparison
    differing = [
        (place, one) for place, one in enumerate(comparison.changes) if one.outcome not in {Outcome.UNCHANGED, Outcome.MOVED}
    ]
    unchanged = [name_of(one, is_new=True) for one in comparison.with_outcome(Outcome.UNCHANGED)]
    sections = (
        ("differing", say("What differs"), joined(_article(compared, place, one, tongues) for place, one in differing)),
        ("moved", say("Moved with the same text"), bullets(tongues.named(one) for one in moved(compared))),
        ("unchanged", say("Unchanged"), bullets(tongues.named(one) for one in unchanged)),
    )
    section = Markup('<section class="{}" lang="{}"><h2>{}</h2>{}</section>')
    wanted = (differing, comparison.with_outcome(Outcome.MOVED), unchanged)
    return joined(
        section.format(name, compared.language, tongues.both(title), content)
        for (name, title, content), has_any in zip(sections, wanted, strict=True)
        if has_any
    )


def _article(compared: Compared, place: int, change: ArticleChange, tongues: Tongues) -> Markup:
    def label(paragraph: int) -> str:
        return compared.label(place, paragraph)

    is_changed = change.outcome is Outcome.CHANGED
    sign, outcome = OUTCOMES[change.outcome]
    content = both_sides(change, tongues, label) if is_changed else whole_article(change, tongues, label)
    return Markup('<article class="{}"><h3>{}{}</h3><p class="state"><span class="sign">{}</span> {}</p>{}</article>').format(
        change.outcome.value, compared.label(place, None), _name(change, tongues), sign, tongues.both(outcome), content
    )


def _name(change: ArticleChange, tongues: Tongues) -> Markup:
    if change.outcome is not Outcome.CHANGED or not (change.number or change.heading):
        return tongues.named(name_of(change, is_new=change.new_place is not None))
    return Markup(" ").join(marked(edits, tongues) for edits in (change.number, change.heading) if edits)


def _style(name: str) -> str:
    return "\n".join((_FOLDER / one).read_text("utf-8") for one in ("page.css", name))


def _embedded_fonts() -> str:
    """Return the rules of the bundled font, regular and bold, with the files in them: not every machine can show Thai."""
    from mou.rendering.faces import bundled_family

    family = bundled_family()
    files = {weight: base64.b64encode(family.face(weight).path.read_bytes()).decode("ascii") for weight in (400, 700)}
    return "".join(
        f'@font-face {{ font-family: "Comparison"; font-weight: {weight}; src: url("data:font/ttf;base64,{content}"); }}\n'
        for weight, content in files.items()
    )
