"""Messages in the reader's language: the English template is the key, a gettext catalogue holds the Thai one."""

import gettext
from functools import cache
from pathlib import Path

from signatures.messages import Message

CATALOGUES = Path(__file__).parent / "locale"


def translate(message: Message, language: str) -> str:
    """Return the message in this language; a value that is itself a message is translated too."""
    template = _catalogue(language).gettext(message.template) if message.template else ""
    if not message.values:
        return template
    return template.format_map(
        {name: translate(value, language) if isinstance(value, Message) else value for name, value in message.values.items()}
    )


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation("mou", CATALOGUES, languages=[language])
