"""A comparison with what it is for and what it compares: two versions, each with its digest."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from mou.comparison.articles import articles_of, text_digest
from mou.comparison.comparing import Comparison, compare
from mou.comparison.words import CLUSTERS, Divider
from mou.models import FilledDocument
from signatures.digests import Digest
from signatures.messages import say


class ComparisonKind(StrEnum):
    """What a comparison is made for."""

    RECTIFICATION = "rectification"
    AMENDMENT = "amendment"
    DRAFT = "draft"


TITLES: Final[Mapping[ComparisonKind, Mapping[str, str]]] = MappingProxyType(
    {
        ComparisonKind.RECTIFICATION: {"th": "บันทึกแก้คำผิด", "en": "Procès-verbal of rectification"},
        ComparisonKind.AMENDMENT: {"th": "ฉบับแก้ไขเพิ่มเติม", "en": "Amendment"},
        ComparisonKind.DRAFT: {"th": "ตารางเปรียบเทียบร่าง", "en": "Comparison of drafts"},
    }
)
"""What the paper is called, in both of its languages."""


@dataclass(frozen=True, slots=True)
class TextVersion:
    """One of the two texts: the document as it is known to others, by the digest of its file; a draft may have no version."""

    title: str
    version: str
    digest: Digest
    dated: date | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """An older and a newer version and what differs between them; `language` is that of both texts (BCP 47).

    `labels` are what changes are called where each can be named by itself, such as `[3]`: by the place of the article among the
    comparison's, and of the paragraph in it, or None for the article's number, heading and place.
    """

    kind: ComparisonKind
    old: TextVersion
    new: TextVersion
    comparison: Comparison
    language: str = "th"
    labels: Mapping[tuple[int, int | None], str] = field(default_factory=dict)

    def label(self, article: int, paragraph: int | None) -> str:
        """Return what a change is called, with a space behind it, or nothing."""
        found = self.labels.get((article, paragraph))
        return f"{found} " if found else ""

    def __post_init__(self) -> None:
        """Refuse what cannot be: a newer text of an earlier day, and two texts under one digest."""
        if self.old.dated and self.new.dated and self.old.dated > self.new.dated:
            raise ValueError(
                say(
                    "the older text first is expected, got one of {old} before one of {new}",
                    old=self.old.dated,
                    new=self.new.dated,
                )
            )
        if self.old.digest == self.new.digest and not self.comparison.finds_nothing:
            raise ValueError(say("two texts that differ have two digests, got {digest} twice", digest=self.old.digest))

    @property
    def old_text_digest(self) -> Digest:
        """The digest of the words of the older text, as they were read."""
        return text_digest(self.comparison.old_articles)

    @property
    def new_text_digest(self) -> Digest:
        """The digest of the words of the newer text, as they were read."""
        return text_digest(self.comparison.new_articles)


def compare_documents(
    kind: ComparisonKind,
    old: FilledDocument,
    new: FilledDocument,
    *,
    digests: tuple[Digest, Digest],
    days: tuple[date | None, date | None] = (None, None),
    divider: Divider = CLUSTERS,
) -> Compared:
    """Return what differs between two documents, the older one first; a name that either of them knows is one word.

    Args:
        kind: what the comparison is made for.
        old: the older document.
        new: the newer one.
        digests: of the two files, by which others know them.
        days: of the two texts, where they are known.
        divider: what finds Thai words (`installed_divider()`).
    """
    names = (*old.protected_names, *new.protected_names)
    before, after = (articles_of(one.html, one.protected_names) for one in (old, new))
    older, newer = (
        TextVersion(one.title, one.version, digest, day) for one, digest, day in zip((old, new), digests, days, strict=True)
    )
    return Compared(kind, older, newer, compare(before, after, divider=divider, names=names), language=new.language)
