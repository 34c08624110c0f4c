"""A table of a TOML file read key by key: each wrong key becomes one problem, and all are reported at once."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Final, TypeVar

from mou.errors import InputError
from mou.thai import invisible_characters, misordered_marks
from signatures.messages import Message, say

Choice = TypeVar("Choice", bound=StrEnum)

_MISSING: Final = object()


class TableReader:
    """Reads one table; what is wrong is added to `problems`, and a stand-in value lets the reading go on.

    `where` names the file and the table, as it stands at the head of each problem.
    """

    def __init__(self, table: Mapping[str, object], where: str, problems: list[Message]) -> None:
        """Begin with no key read."""
        self.where = where
        self.problems = problems
        self._table = table
        self._read: set[str] = set()

    def value(self, key: str) -> object:
        """The value under the key as TOML has it; None where it is absent."""
        self._read.add(key)
        return self._table.get(key)

    def text(self, key: str) -> str:
        """The text under a key that must be there and not empty, with no character that nobody sees."""
        found = self._required(key, say("text that is not empty"))
        return "" if found is _MISSING else self._checked_text(key, found)

    def optional_text(self, key: str) -> str | None:
        """The text under the key, or None where the key is absent."""
        found = self.value(key)
        return None if found is None else self._checked_text(key, found)

    def texts(self, key: str, *, at_least: int = 1) -> tuple[str, ...]:
        """The list of texts under the key."""
        found = self.value(key)
        if not isinstance(found, list) or len(found) < at_least:
            if found is not None or at_least:
                self.expect(key, say("a list of at least {count} texts", count=at_least), found)
            return ()
        return tuple(self._checked_text(f"{key}[{place}]", one) for place, one in enumerate(found, 1))

    def integer(self, key: str, *, at_least: int = 0) -> int:
        """The whole number under a key that must be there."""
        found = self._required(key, say("a whole number"))
        return at_least if found is _MISSING else self._checked_integer(key, found, at_least)

    def optional_integer(self, key: str, *, at_least: int = 0) -> int | None:
        """The whole number under the key, or None where the key is absent."""
        found = self.value(key)
        return None if found is None else self._checked_integer(key, found, at_least)

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """The truth value under the key; without a default the key must be there."""
        found = self.value(key)
        if found is None and default is not None:
            return default
        if not isinstance(found, bool):
            self.expect(key, say("true or false"), found)
            return False
        return found

    def day(self, key: str) -> date:
        """The civil day under a key that must be there."""
        found = self._required(key, say("a day such as 2022-03-29"))
        return date.min if found is _MISSING else self._checked_day(key, found) or date.min

    def optional_day(self, key: str) -> date | None:
        """The civil day under the key, or None where the key is absent."""
        found = self.value(key)
        return None if found is None else self._checked_day(key, found)

    def optional_fraction(self, key: str) -> Fraction | None:
        """The fraction under the key, written as text such as "2/3", over 0 and at most 1."""
        found = self.value(key)
        if found is None:
            return None
        try:
            fraction = Fraction(found) if isinstance(found, str) and "." not in found else None
        except (ValueError, ZeroDivisionError):
            fraction = None
        if fraction is None or not 0 < fraction <= 1:
            self.expect(key, say('a fraction over 0 and at most 1, as text such as "2/3"'), found)
            return None
        return fraction

    def choice(self, key: str, kind: type[Choice]) -> Choice:
        """The member of `kind` that the text under the key names."""
        return self.chosen(key, self.value(key), kind)

    def choices(self, key: str, kind: type[Choice]) -> tuple[Choice, ...]:
        """The members of `kind` that the list under the key names, in its order."""
        found = self.value(key)
        if not isinstance(found, list) or not found:
            self.expect(key, say("a list of one or more of {choices}", choices=_named(kind)), found)
            return ()
        return tuple(self.chosen(f"{key}[{place}]", one, kind) for place, one in enumerate(found, 1))

    def chosen(self, key: str, found: object, kind: type[Choice]) -> Choice:
        """The member of `kind` that `found` names, which stands under `key`."""
        if isinstance(found, str) and found in set(kind):
            return kind(found)
        self.expect(key, say("one of {choices}", choices=_named(kind)), found)
        return next(iter(kind))

    def table(self, key: str) -> "TableReader":
        """A reader of the table under a key that must be there."""
        return self._below(key, self._required(key, say("a table")))

    def optional_table(self, key: str) -> "TableReader | None":
        """A reader of the table under the key, or None where the key is absent."""
        found = self.value(key)
        return None if found is None else self._below(key, found)

    def tables(self, key: str) -> tuple["TableReader", ...]:
        """A reader for each table of the list under the key; none where the key is absent."""
        found = self.value(key)
        if found is None:
            return ()
        if not isinstance(found, list):
            self.expect(key, say("a list of tables"), found)
            return ()
        return tuple(self._below(f"{key}[{place}]", one) for place, one in enumerate(found, 1))

    def items(self) -> Iterator[tuple[str, object]]:
        """All keys with their values, for a table whose keys are not known beforehand."""
        self._read.update(self._table)
        return iter(self._table.items())

    def finish(self) -> None:
        """Report every key that nobody asked for: a misspelt key must not be left out in silence."""
        for key in self._table:
            if key not in self._read:
                self.problems.append(
                    say("{where}: {key}: this key is not known; look for a misspelling", where=self.where, key=key)
                )

    def expect(self, key: str, expected: Message, got: object) -> None:
        """Add the problem that under `key` something else was expected."""
        if got is None or got is _MISSING:
            self.problems.append(
                say("{where}: {key}: {expected} expected, missing", where=self.where, key=key, expected=expected)
            )
        else:
            found = repr(got) if isinstance(got, (str, int, float)) else type(got).__name__
            self.problems.append(
                say("{where}: {key}: {expected} expected, got {got}", where=self.where, key=key, expected=expected, got=found)
            )

    def _required(self, key: str, expected: Message) -> object:
        found = self.value(key)
        if found is None:
            self.expect(key, expected, None)
            return _MISSING
        return found

    def _checked_text(self, key: str, found: object) -> str:
        if not isinstance(found, str) or not found.strip():
            self.expect(key, say("text that is not empty"), found)
            return ""
        self.problems.extend(text_problems(found, f"{self.where}: {key}"))
        return found

    def _checked_integer(self, key: str, found: object, at_least: int) -> int:
        if isinstance(found, bool) or not isinstance(found, int) or found < at_least:
            self.expect(key, say("a whole number of at least {least}", least=at_least), found)
            return at_least
        return found

    def _checked_day(self, key: str, found: object) -> date | None:
        # A record that went through JSON holds the day as text.
        if isinstance(found, str):
            try:
                return date.fromisoformat(found)
            except ValueError:
                found = str(found)
        if not isinstance(found, date) or isinstance(found, datetime):
            self.expect(key, say("a day such as 2022-03-29"), found)
            return None
        return found

    def _below(self, key: str, found: object) -> "TableReader":
        if found is not _MISSING and not isinstance(found, Mapping):
            self.expect(key, say("a table"), found)
        return TableReader(found if isinstance(found, Mapping) else {}, f"{self.where}: {key}", self.problems)


def _named(kind: type[StrEnum]) -> str:
    return ", ".join(kind)


def text_problems(text: str, where: str) -> Iterator[Message]:
    """What in the text may not be signed: characters that nobody sees, and marks in an order that nobody finds."""
    for character in invisible_characters(text):
        yield say(
            "{where}: no invisible character expected, got {character} in {text!r}; type the text again",
            where=where,
            character=character,
            text=text,
        )
    for cluster in misordered_marks(text):
        yield say(
            "{where}: vowel before tone mark expected, got them the other way round in {cluster!r}; type the word again",
            where=where,
            cluster=cluster,
        )


def read_toml(path: Path, error_kind: type[InputError]) -> dict[str, object]:
    """The whole of a TOML file.

    Raises:
        InputError: in the kind that the caller asks for: no such file, not UTF-8, or a syntax error with its line.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise error_kind("{path}: a file is expected here, there is none", path=path) from error
    except UnicodeDecodeError as error:
        raise error_kind(
            "{path}: text in UTF-8 is expected, byte {at} is not; save the file as UTF-8", path=path, at=error.start
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise error_kind("{path}: TOML is expected: {cause}", path=path, cause=error) from error
    except OSError as error:
        raise error_kind("{path}: the file cannot be read: {cause}", path=path, cause=error.strerror) from error
