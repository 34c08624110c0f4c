"""A signed PDF -> where its signatures are seen, and pictures of those pages; drawn in a process of its own, with limits.

A picture is how this program draws the page. It proves nothing, so what cannot be drawn is only left out.
"""

import json
import subprocess
import sys
from dataclasses import dataclass

from mou.report.places import Place

SECONDS_AT_MOST = 60


@dataclass(frozen=True, slots=True)
class Picture:
    """One page, counted from 1, as a PNG in base64; its size in pixels."""

    number: int
    width: int
    height: int
    png: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What can be seen of the signatures of one file; both are empty where nothing could be drawn."""

    places: dict[str, tuple[Place, ...]]
    """By field; a field that is not there has no box that can be seen."""
    pages: tuple[Picture, ...]
    was_read: bool = True
    """Whether places could be looked for at all."""


NOTHING_SEEN = Seen({}, (), was_read=False)


def look_at(pdf: bytes) -> Seen:
    """Return places and pictures; `NOTHING_SEEN` for a file that cannot be drawn within the limits."""
    try:
        answer = subprocess.run(
            [sys.executable, "-I", "-m", "mou.report.drawing"],  # this very program, never a module of the folder one stands in
            input=pdf,
            capture_output=True,
            check=True,
            timeout=SECONDS_AT_MOST,
        )
        return seen_in(answer.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return NOTHING_SEEN


def seen_in(told: bytes) -> Seen:
    """Return what the drawing process told.

    Raises:
        ValueError: it told something else.
    """
    try:
        drawn = json.loads(told)
        places = {field: tuple(Place(**one) for one in found) for field, found in drawn["places"].items()}
        return Seen(places, tuple(Picture(**one) for one in drawn["pages"]))
    except (TypeError, KeyError) as error:
        raise ValueError("places and pages are expected") from error
