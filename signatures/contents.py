"""Two PDF objects -> whether they say the same, though they may be stored under other numbers."""

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import HistoricalResolver

_DEPTH_AT_MOST = 100


def member(of: generic.DictionaryObject, key: str) -> generic.PdfObject | None:
    """Return the member, a reference followed (`get` would not follow it); None when there is none."""
    try:
        found: generic.PdfObject = of[key]
    except KeyError:
        return None
    return found


def same_content(one: generic.PdfObject, other: generic.PdfObject, old: HistoricalResolver, new: HistoricalResolver) -> bool:
    """Whether an object of the old revision and one of the new are equal, references followed.

    A reference is equal to itself without a look: an object that was overwritten is for other rules to judge, wherever it is
    named.
    """
    return _Pair(old, new).are_same(one, other, 0)


class _Pair:
    """Two revisions, and the pairs of references that were met on the way; a circle is equal as far as it is equal."""

    def __init__(self, old: HistoricalResolver, new: HistoricalResolver) -> None:
        self._old, self._new = old, new
        self._met: set[tuple[generic.Reference, generic.Reference]] = set()

    def are_same(self, one: generic.PdfObject, other: generic.PdfObject, depth: int) -> bool:
        if depth > _DEPTH_AT_MOST or type(one) is not type(other):
            return False
        if isinstance(one, generic.IndirectObject) and isinstance(other, generic.IndirectObject):
            return one == other or self._lead_to_same(one.reference, other.reference, depth)
        if isinstance(one, generic.DictionaryObject) and isinstance(other, generic.DictionaryObject):
            return self._same_members(one, other, depth)
        if isinstance(one, generic.ArrayObject) and isinstance(other, generic.ArrayObject):
            return len(one) == len(other) and all(
                self.are_same(one.raw_get(index), other.raw_get(index), depth + 1) for index in range(len(one))
            )
        return isinstance(one, generic.NullObject) or bool(one == other)

    def _lead_to_same(self, one: generic.Reference, other: generic.Reference, depth: int) -> bool:
        if (one, other) in self._met:
            return True
        self._met.add((one, other))
        return self.are_same(self._old(one), self._new(other), depth + 1)

    def _same_members(self, one: generic.DictionaryObject, other: generic.DictionaryObject, depth: int) -> bool:
        if isinstance(one, generic.StreamObject) and one.encoded_data != getattr(other, "encoded_data", None):
            return False
        return one.keys() == other.keys() and all(self.are_same(one.raw_get(key), other.raw_get(key), depth + 1) for key in one)
