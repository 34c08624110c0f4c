"""Texts for properties: any two, and a text with what somebody might have changed in it."""

from dataclasses import replace

from hypothesis import strategies as st

from mou.comparison.articles import Article, PieceKind
from mou.comparison.words import CLUSTERS, Divider, installed_divider

WORDS = ("เด็ก", "เยาวชน", "และ", "สิทธิ", "หน้าที่", "น้ำ", "ข้อ", "๒", "สาม", "สิบ", " ", "(ก)", " · ", "Child", "e\u0301", "<b>&")
PARAGRAPHS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(lambda words: f"ก{''.join(words)}".strip())
NUMBERS = st.sampled_from(("", "ข้อ ๑", "ข้อ ๒", "ข้อ ๑๐", "หมวด ๑"))
HEADINGS = st.sampled_from(("", "ชื่อ", "หลักการ", "การถอนตัว"))
ARTICLES = st.builds(Article, st.sampled_from(PieceKind), NUMBERS, HEADINGS, st.lists(PARAGRAPHS, max_size=4).map(tuple))
TEXTS = st.lists(ARTICLES, max_size=8).map(tuple)
DIVIDERS: "st.SearchStrategy[Divider]" = st.sampled_from([CLUSTERS, installed_divider()])


@st.composite
def versions(draw: st.DrawFn) -> tuple[tuple[Article, ...], tuple[Article, ...]]:
    """A text, and the same with articles left out, put in, moved, renumbered and edited."""
    old = draw(TEXTS)
    new: list[Article] = [one for one in old if draw(st.integers(0, 5))]
    for place, one in enumerate(new):
        if draw(st.booleans()):
            new[place] = draw(_edited(one))
    for one in draw(st.lists(ARTICLES, max_size=2)):
        new.insert(draw(st.integers(0, len(new))), one)
    if draw(st.booleans()) and new:
        new.append(new.pop(0))
    return old, tuple(new)


@st.composite
def _edited(draw: st.DrawFn, article: Article) -> Article:
    paragraphs = list(article.paragraphs)
    if paragraphs:
        place = draw(st.integers(0, len(paragraphs) - 1))
        cut = draw(st.integers(1, len(paragraphs[place])))
        paragraphs[place] = paragraphs[place][:cut] + draw(st.sampled_from(WORDS)) + paragraphs[place][cut:]
    return replace(article, number=draw(NUMBERS), paragraphs=tuple(paragraphs))
