"""A comparison -> plain text in one language, for a terminal and a mail."""

from collections.abc import Iterator

from mou.comparison.compared import TITLES, Compared, TextVersion
from mou.comparison.comparing import ArticleChange, Edits, Outcome
from mou.comparison.wording import (
    OUTCOMES,
    SIGNS,
    LeftOut,
    counts,
    moved,
    name_of,
    shown_places,
    visible,
    what_this_is,
    which_is_older,
)
from mou.messages import translate
from signatures.digests import Digest
from signatures.messages import Message, say


def comparison_as_text(compared: Compared, language: str) -> str:
    """Return the comparison in this language (`th` or `en`): [−removed−]{+added+}; unchanged articles are only named."""
    comparison = compared.comparison
    lines = [
        TITLES[compared.kind][language],
        "",
        *_version(say("Older text"), compared.old, compared.old_text_digest, language),
        *_version(say("Newer text"), compared.new, compared.new_text_digest, language),
        "",
        translate(which_is_older(compared, language), language),
        translate(counts(compared), language),
    ]
    for place, change in enumerate(comparison.changes):
        if change.outcome not in {Outcome.UNCHANGED, Outcome.MOVED}:
            lines += ["", *_article(compared, place, change, language)]
    lines += _named(say("Moved with the same text"), moved(compared), language)
    unchanged = [name_of(one, is_new=True) for one in comparison.with_outcome(Outcome.UNCHANGED)]
    lines += _named(say("Unchanged"), unchanged, language)
    return "\n".join([*lines, "", *(translate(one, language) for one in what_this_is(compared)), ""])


def _version(label: Message, text: TextVersion, words: Digest, language: str) -> list[str]:
    numbered = say("{text}: {title}, version {version}", text=label, title=text.title, version=text.version)
    title = translate(numbered if text.version else say("{text}: {title}", text=label, title=text.title), language)
    document = translate(say("digest of the document: {digest}", digest=text.digest), language)
    return [visible(title), f"  {document}", f"  {translate(say('digest of its words: {digest}', digest=words), language)}"]


def _article(compared: Compared, place: int, change: ArticleChange, language: str) -> Iterator[str]:
    sign, outcome = OUTCOMES[change.outcome]
    yield f"{sign} {compared.label(place, None)}{_name(change, language)}: {translate(outcome, language)}"
    for shown in shown_places(change):
        if isinstance(shown, LeftOut):
            yield f"    {translate(shown.message, language)}"
        else:
            yield f"    {compared.label(place, shown)}{edits_as_text(change.paragraphs[shown])}"


def _name(change: ArticleChange, language: str) -> str:
    if change.outcome is Outcome.CHANGED and (name := f"{edits_as_text(change.number)} {edits_as_text(change.heading)}".strip()):
        return name
    return _said(name_of(change, is_new=change.new_place is not None), language)


def edits_as_text(edits: Edits) -> str:
    """Return the words with signs around those that were removed or added: [−removed−]{+added+}."""
    return "".join(f"{SIGNS[edit.kind][0]}{visible(edit.text)}{SIGNS[edit.kind][1]}" for edit in edits)


def _named(label: Message, names: list[str | Message], language: str) -> list[str]:
    if not names:
        return []
    return ["", f"{translate(label, language)}:", *(f"    {_said(name, language)}" for name in names)]


def _said(words: str | Message, language: str) -> str:
    return visible(translate(words, language) if isinstance(words, Message) else words)
