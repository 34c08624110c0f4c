"""Which language a command answers in."""

import os


def choose_language(wanted: str | None = None) -> str:
    """Return `th` or `en`: what was asked for, else `MOU_LANG`, else what the locale begins with, else English."""
    for choice in (wanted, *(os.environ.get(name) for name in ("MOU_LANG", "LC_ALL", "LC_MESSAGES", "LANG"))):
        if choice:
            return "th" if choice.lower().startswith("th") else "en"
    return "en"
