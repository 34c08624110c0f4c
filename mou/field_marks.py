"""Values that know which field they are the value of, so that a Word draft can say so: text, days, whole numbers. Pure.

1. A marked value is the value: it compares, is counted and is written like one without a mark.
2. Where it is printed, with or without filters, marks stand around the text, with the expression. They are noncharacters, which
   no value holds, so that it does not matter whether the text comes to stand in the page or in an attribute.
3. In the end each pair of marks in the page becomes `<data value="EXPRESSION">`, which changes no page; every other mark goes.
4. What a template makes of a value by other means (a part of it, a sum) has no mark: it is no value of the list any more.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final, Protocol, runtime_checkable

from markupsafe import Markup, escape

FIELD_ELEMENT: Final = "data"
"""The HTML element around a printed value; its attribute `value` holds the expression."""

_START, _TEXT, _END = "\ufdd0", "\ufdd1", "\ufdd2"
_ELEMENT: Final = f'<{FIELD_ELEMENT} value="\\1">\\2</{FIELD_ELEMENT}>'
_PAIR: Final = re.compile(f"{_START}([^{_TEXT}]*){_TEXT}([^{_START}{_END}]*){_END}")
_MARKS: Final = re.compile(f"{_START}[^{_TEXT}]*{_TEXT}|{_END}")


@runtime_checkable
class Marked(Protocol):
    """A value with the expression that a template writes for it."""

    expression: str


class MarkedText(str):  # noqa: SLOT000  # one instance in a page, not one in a million
    """A text with its expression."""

    expression: str

    def __html__(self) -> str:
        """Return the escaped text between its marks, which is what printing a value asks for."""
        return printed(escape(str(self)), self.expression)


class MarkedNumber(int):
    """A whole number with its expression."""

    expression: str


class MarkedDay(date):
    """A day with its expression."""

    expression: str


class MarkedRecord:
    """A value with named parts, each of them marked, and an expression of its own: a period, an organisation."""

    def __init__(self, expression: str, parts: Mapping[str, object]) -> None:
        """Mark every part."""
        self.expression = expression
        for name, value in parts.items():
            setattr(self, name, marked(value, f"{expression}.{name}"))


def marked(value: object, expression: str) -> object:
    """Return the value with its expression, and each item of a list with its own; what can carry none is returned as it is."""
    match value:
        case Markup() | bool() | None:
            return value
        case str():
            return _with(MarkedText(value), expression)
        case int():
            return _with(MarkedNumber(value), expression)
        case date():
            return _with(MarkedDay(value.year, value.month, value.day), expression)
        case list() | tuple():
            return [marked(one, f"{expression}[{place}]") for place, one in enumerate(value)]
    parts = parts_of(value)
    return MarkedRecord(expression, parts) if parts else value


def parts_of(value: object) -> dict[str, object]:
    """Return the named parts of a plain record, such as a period; nothing for anything else."""
    if hasattr(value, "__dict__"):
        return dict(vars(value))
    return {name: getattr(value, name) for name in getattr(value, "__dataclass_fields__", ())}


def printed(text: str, expression: str) -> Markup:
    """Return escaped text between the marks of its expression."""
    return Markup(f"{_START}{escape(expression)}{_TEXT}{text}{_END}")  # noqa: S704  # both are escaped


def with_elements(text: str) -> str:
    """Return the page with an element in the place of each pair of marks, once there are none in its tags."""
    return without_marks(_PAIR.sub(_ELEMENT, text))


def without_marks(text: str) -> str:
    """Return the text as it would be if no value were marked."""
    return _MARKS.sub("", text)


def _with(value: MarkedText | MarkedNumber | MarkedDay, expression: str) -> object:
    value.expression = expression
    return value
