"""How a page of the browser is looked at: what on its console is a fault, what its layout must hold."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


ASKED_FOR = (
    "Failed to load resource: the server responded with a status of",
    "Failed to load resource: net::ERR_EMPTY_RESPONSE",
)


def is_complaint(kind: str, text: str) -> bool:
    """Whether a line of the browser's console is a fault; an answer that refuses or is lost is none: tests ask for such."""
    return kind == "error" and not text.startswith(ASKED_FOR)


def require_no_sideways_scroll(page: "Page") -> None:
    """Nothing of a page may reach beyond the width of its device."""
    wide = page.evaluate(
        """() => [...document.querySelectorAll('body *')]
            .filter(each => each.getClientRects().length && each.getBoundingClientRect().right > innerWidth + 1)
            .filter(each => { for (let above = each.parentElement; above; above = above.parentElement)
                if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(above).overflowX)) return false; return true })
            .map(each => each.outerHTML.slice(0, 120))"""
    )
    width, shown = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert (width <= shown, wide) == (True, [])


def words_of(part: "Locator") -> str:
    """Return what a person reads in a part of a page, on one line."""
    return " ".join(part.inner_text().split())


def is_one_file(one: bytes, other: bytes) -> bool:
    """Whether one of two files begins with the other: the house may have extended a complete document in between."""
    return one.startswith(other) or other.startswith(one)
