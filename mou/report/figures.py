"""The pictures of a report: each page with signatures, every box marked with its signature's number, sign and word."""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from markupsafe import Markup

from mou.report.case import Case
from mou.report.markup import joined, state
from mou.report.pictures import Picture, Seen
from mou.report.places import Place
from mou.report.voice import Voice
from mou.report.words import SIGNS, VERDICTS
from signatures.messages import Message, say
from signatures.validation import SignatureCheck

Voices: TypeAlias = tuple[Voice, Voice]


def box_rules(cases: Sequence[Case], seen: Sequence[Seen]) -> str:
    """Return where each box lies on its picture, as rules of a style sheet: so the page needs no style of its own elsewhere."""
    return "\n".join(
        f".{name} {{ left: {100 * place.left:.3f}%; top: {100 * place.top:.3f}%;"
        f" width: {100 * place.width:.3f}%; height: {100 * place.height:.3f}% }}"
        for case_number, (case, one) in enumerate(zip(cases, seen, strict=True))
        for name, _, _, place in _boxes(case_number, case, one)
    )


def _boxes(case_number: int, case: Case, seen: Seen) -> Iterator[tuple[str, int, SignatureCheck, Place]]:
    """Yield every box that can be seen: the name of its style, its signature's number, the signature, the place."""
    for number, check in enumerate(case.report.signatures, start=1):
        for index, place in enumerate(seen.places.get(check.field, ())):
            yield f"box-{case_number}-{number}-{index}", number, check, place


def page_pictures(case_number: int, case: Case, seen: Seen, voices: Voices) -> Markup:
    """Return the pictures of one file, or that there are none."""
    title = _in_both(Markup("<h2>{}</h2>"), say("Pages with signatures"), voices)
    marked = [
        (picture, [box for box in _boxes(case_number, case, seen) if box[3].page == picture.number]) for picture in seen.pages
    ]
    figures = joined(_figure(picture, boxes, voices) for picture, boxes in marked if boxes)
    if not figures:
        absent = say("There are no pictures of the pages; where each signature stands is said in words above.")
        figures = _in_both(Markup("<p>{}</p>"), absent, voices)
    return Markup('<section class="pictures">{}{}</section>').format(title, figures)


def _figure(picture: Picture, boxes: Sequence[tuple[str, int, SignatureCheck, Place]], voices: Voices) -> Markup:
    """Return one page; what its picture shows is said again below, in both languages."""
    page = say("Page {page}", page=picture.number)
    sheet = Markup('<img src="data:image/png;base64,{}" width="{}" height="{}" alt="{}">').format(
        picture.png, picture.width, picture.height, voices[0](page)
    )
    marks = joined(
        Markup('<span class="box {} {}"><span class="mark">{} {}</span></span>').format(
            name, check.verdict, number, state(voices[0](VERDICTS[check.verdict]), SIGNS[check.verdict], check.verdict)
        )
        for name, number, check, _ in boxes
    )
    said = _in_both(Markup("<p>{}</p>"), _caption(page, boxes), voices)
    return Markup('<figure><div class="sheet">{}{}</div><figcaption>{}</figcaption></figure>').format(sheet, marks, said)


def _caption(page: Message, boxes: Sequence[tuple[str, int, SignatureCheck, Place]]) -> Message:
    """Return the page's name and, after it, each box: number, field, result."""
    words = page
    for _, number, check, _ in boxes:
        words = say(
            "{before} · box {number}: {field}, {verdict}",
            before=words,
            number=number,
            field=check.field,
            verdict=VERDICTS[check.verdict],
        )
    return words


def _in_both(tag: Markup, words: Message, voices: Voices) -> Markup:
    """Return the words in both languages, each marked as what it is."""
    return joined(Markup('<div lang="{}">{}</div>').format(voice.language, tag.format(voice(words))) for voice in voices)
