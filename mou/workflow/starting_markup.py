"""The pieces that the text of a new template is put together from: articles and items that are counted, and words as markup."""

import html
from collections.abc import Mapping, Sequence
from typing import Final

from mou.thai import Numerals, in_numerals

SIGNATURE_MACRO: Final = """{% macro signature(slot, side) %}
<div class="signature">
<p class="side">{{ side }}</p>
<div class="signature-box" id="slot-{{ slot.field }}"></div>
<p>ลงชื่อ {{ slot.capacity }}</p>
<p>({{ slot.person.full_name }})</p>
<p>{{ slot.person.position }}</p>
<p>{{ slot.organisation_name | lines(36) }}</p>
</div>
{% endmacro %}
"""
HEAD: Final = """<!doctype html>
<html lang="th">
<head>
<meta charset="utf-8">
<title>{{ document.title }}</title>
<meta name="author" content="{{ host.name_th }}">
</head>
<body>
"""
TITLE: Final = "<h1>{% for line in template.title_lines %}{{ line }}{% if not loop.last %}<br>{% endif %}{% endfor %}</h1>\n"
END: Final = "</body>\n</html>\n"


def sample_note(document: str) -> str:
    """The frame that tells of a sample that it is one."""
    return (
        '{% if document.is_sample %}\n<p class="sample-note"><strong>เอกสารนี้เป็นตัวอย่าง</strong> ถ้อยคำ เงื่อนไข ตัวเลข รายชื่อองค์กร '
        f"และรายชื่อบุคคลในเอกสารนี้จัดทำขึ้นเพื่อแสดงการใช้งานเท่านั้น มิใช่{document}ที่แท้จริงของ{{{{ host.name_th }}}}</p>\n{{% endif %}}\n"
    )


def as_markup(words: str) -> str:
    """Somebody's words as HTML in a template: what looks like a tag or a mark of Jinja is printed as it was written."""
    return html.escape(words, quote=False).replace("{", "&#123;")


def as_literal(words: str) -> str:
    """Somebody's words as a text in Jinja's code; printed, they are escaped."""
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'


def paragraph(markup: str) -> str:
    """A paragraph of markup."""
    return f"<p>{markup}</p>\n"


def texts(answers: Mapping[str, object], key: str) -> list[str]:
    """The lines that were answered; none where nothing was."""
    answer = answers.get(key)
    return [str(one) for one in answer] if isinstance(answer, (list, tuple)) else []


class Articles:
    """Counts the articles of a text and keeps their markup; `item` is how the text's own macro numbers a paragraph."""

    def __init__(self, numerals: Numerals, *, lettered: bool = False) -> None:
        """Begin without an article."""
        self.markup = ""
        self.number = 0
        self._numerals = numerals
        self._lettered = lettered
        self._items = 0

    def begin(self, heading: str, *paragraphs: str) -> int:
        """Begin the next article with these paragraphs of markup, and return its number."""
        self.number += 1
        self._items = 0
        self.markup += f"\n{{{{ article({self.number}, {as_literal(heading)}) }}}}\n"
        self.markup += "".join(map(paragraph, paragraphs))
        return self.number

    def items(self, words: Sequence[str]) -> None:
        """Add numbered paragraphs of these words to the article."""
        for one in words:
            self._items += 1
            number = f"{self._items}" if self._lettered else f"{self.number}, {self._items}"
            self.markup += f"{{{{ item({number}, {as_literal(one)}) }}}}\n"

    def item_of_markup(self, markup: str) -> None:
        """Add a numbered paragraph in which fields are printed."""
        self._items += 1
        number = f"{self._items} | letter" if self._lettered else f"{self.number} | item({self._items})"
        self.markup += f'<p class="item"><span class="number">{{{{ {number} }}}}</span>{markup}</p>\n'

    def add(self, markup: str) -> None:
        """Add markup after what there is."""
        self.markup += markup

    def in_words(self, number: int) -> str:
        """A number in the numerals of the document."""
        return in_numerals(number, self._numerals)
