"""The document security store of a file from elsewhere: what a later revision may do to it (ETSI EN 319 142-1, 5.4.2).

pyHanko's own rule refuses every change of an entry that was there. Other tools refresh them: they write the store, its lists
and the entries for single signatures (VRI) anew, under new numbers or the old ones. Allowed is what holds nothing but streams of
certificates, lists and answers, and hangs from the store alone.
"""

import re
from collections.abc import Iterable

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import HistoricalResolver
from pyhanko.sign.diff_analysis import SuspiciousModification
from pyhanko.sign.diff_analysis.rules_api import ReferenceUpdate, WhitelistRule

_LISTS = frozenset({"/Certs", "/CRLs", "/OCSPs"})
_LISTS_OF_ONE = frozenset({"/Cert", "/CRL", "/OCSP"})
_BESIDE_LISTS = frozenset({"/Type", "/TU", "/TS"})
_NAME_OF_ONE = re.compile(r"/[0-9A-Fa-f]{40,128}")
_PLACE = ("/Root", "/DSS")


class StoreRule(WhitelistRule):
    """Approve a store that is well-formed, everything new in it, and what was overwritten in it."""

    def apply(self, old: HistoricalResolver, new: HistoricalResolver) -> Iterable[ReferenceUpdate]:
        """Look at the store of the later revision; its removal is refused."""
        if "/DSS" not in new.root:
            if "/DSS" in old.root:
                raise SuspiciousModification("the validation data were removed")
            return
        for reference in references_in_store(new.root):
            if old.reader.xrefs.get_historical_ref(reference, old.revision) is None:
                yield ReferenceUpdate(reference)
                for beside in new.collect_dependencies(new(reference), since_revision=old.revision + 1):
                    yield ReferenceUpdate(beside)
        for reference in new.explicit_refs_in_revision():
            usages = old._get_usages_of_ref(reference)  # noqa: SLF001  # as pyHanko's own rules do
            hangs_from_store = bool(usages) and all(usage.path[: len(_PLACE)] == _PLACE for usage in usages)
            if hangs_from_store and not isinstance(new(reference), generic.StreamObject):
                yield ReferenceUpdate(reference)


def references_in_store(root: generic.DictionaryObject) -> set[generic.Reference]:
    """Return every reference in the catalog's store, that to itself among them, once it is found to hold nothing else.

    Raises:
        SuspiciousModification: it is no dictionary, or holds something else.
    """
    met: set[generic.Reference] = set()
    store = _dictionary("the validation data", root.raw_get("/DSS"), met)
    _require_lists("the validation data", store, _LISTS, {"/Type", "/VRI"}, met)
    if "/VRI" in store:
        entries = _dictionary("/VRI", store.raw_get("/VRI"), met)
        for name in entries:
            if not _NAME_OF_ONE.fullmatch(name):
                raise SuspiciousModification(f"VRI key {name} is not the digest of a signature")
            entry = _dictionary(f"VRI key {name}", entries.raw_get(name), met)
            _require_lists(f"VRI key {name}", entry, _LISTS_OF_ONE, _BESIDE_LISTS, met)
            if "/TS" in entry:
                _followed(entry.raw_get("/TS"), met)
    return met


def _followed(item: generic.PdfObject, met: set[generic.Reference]) -> generic.PdfObject:
    if isinstance(item, generic.IndirectObject):
        met.add(item.reference)
        found: generic.PdfObject = item.get_object()
        return found
    return item


def _dictionary(what: str, item: generic.PdfObject, met: set[generic.Reference]) -> generic.DictionaryObject:
    found = _followed(item, met)
    if not isinstance(found, generic.DictionaryObject) or isinstance(found, generic.StreamObject):
        raise SuspiciousModification(f"{what}: a dictionary is expected")
    return found


def _require_lists(
    what: str,
    of: generic.DictionaryObject,
    lists: frozenset[str],
    beside: Iterable[str],
    met: set[generic.Reference],
) -> None:
    if unknown := of.keys() - {*lists, *beside}:
        raise SuspiciousModification(f"{what}: unexpected keys {sorted(unknown)}")
    for key in of.keys() & lists:
        listed = _followed(of.raw_get(key), met)
        items = [listed.raw_get(index) for index in range(len(listed))] if isinstance(listed, generic.ArrayObject) else [listed]
        if not all(isinstance(_followed(item, met), generic.StreamObject) for item in items):
            raise SuspiciousModification(f"{what}: {key} is expected to be a list of streams")
