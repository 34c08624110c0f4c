"""What may be added to a signed PDF: the rules by which each later revision is compared with a signed one.

Built from pyHanko's rules, fewer than its default, which lets anybody fill form fields and add signature fields:

1. No form filling but signatures in signature fields.
2. A new field only together with its signature. In our own documents, whose fields were all made before the first
   signature, only an invisible document time stamp may bring one.
3. Validation data (DSS), the file's own structure, XMP and document information.
4. In files from elsewhere, freeing an object that nothing used: some tools tidy up while they sign.
5. After the last signature or time stamp nothing but validation data and what 3 names, judged by what it holds: no change in
   the form, and no object that nothing uses, since a later revision could hook it up.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import HistoricalResolver
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, ModificationLevel, StandardDiffPolicy, SuspiciousModification
from pyhanko.sign.diff_analysis.form_rules_api import FieldComparisonContext, FieldMDPRule, FormUpdate, FormUpdatingRule
from pyhanko.sign.diff_analysis.rules.form_field_rules import SigFieldCreationRule, SigFieldModificationRule
from pyhanko.sign.diff_analysis.rules_api import ReferenceUpdate, WhitelistRule

_NUMBERS_OF_A_BOX = 4


@dataclass(frozen=True)
class _FreshFieldRule(FieldMDPRule):
    """Refuse each new field that holds no signature yet; leave the rest, widgets among it, to pyHanko's rule.

    Only `SuspiciousModification` may be raised in here: pyHanko lets any other exception escape.
    """

    timestamps_only: bool
    widgets: SigFieldCreationRule = field(default_factory=SigFieldCreationRule)

    def apply(self, context: FieldComparisonContext) -> Iterable[tuple[ModificationLevel, FormUpdate]]:
        """Look at the fields that the signed revision does not have."""
        for name, spec in context.field_specs.items():
            if spec.old_field_ref is None and spec.new_field is not None:
                self._require_allowed(name, spec.new_field)
        yield from self.widgets.apply(context)

    def _require_allowed(self, name: str, new_field: generic.DictionaryObject) -> None:
        value = _member(new_field, "/V")
        if not isinstance(value, generic.DictionaryObject):
            raise SuspiciousModification(f"new field {name} holds no signature")
        if self.timestamps_only and (value.get("/Type") != "/DocTimeStamp" or not _is_invisible(new_field)):
            raise SuspiciousModification(f"new field {name} is not an invisible document time stamp")


def _is_invisible(new_field: generic.DictionaryObject) -> bool:
    """Whether the field is its own widget, with an empty box; one with widgets apart is taken as visible."""
    box = _member(new_field, "/Rect")
    if "/Kids" in new_field or not isinstance(box, generic.ArrayObject) or len(box) != _NUMBERS_OF_A_BOX:
        return False
    return bool(box[0] == box[2] or box[1] == box[3])


def _member(of: generic.DictionaryObject, key: str) -> generic.PdfObject | None:
    """Return the member, a reference followed: `get` would not follow it."""
    try:
        member: generic.PdfObject = of[key]
    except KeyError:
        return None
    return member


class _UnusedObjectFreedRule(WhitelistRule):
    """Approve freed references that cannot be reached from the signed revision's trailer."""

    def apply(self, old: HistoricalResolver, new: HistoricalResolver) -> Iterable[ReferenceUpdate]:
        """Follow everything in the signed revision once, and only when something was freed."""
        freed = new.reader.xrefs.refs_freed_in_revision(new.revision)
        if freed:
            used = old.collect_dependencies(old.trailer_view)
            yield from (ReferenceUpdate(reference) for reference in freed if reference not in used)


OWN_POLICY = StandardDiffPolicy(
    global_rules=DEFAULT_DIFF_POLICY.global_rules,
    form_rule=FormUpdatingRule([_FreshFieldRule(timestamps_only=True), SigFieldModificationRule()]),
)

FOREIGN_POLICY = StandardDiffPolicy(
    global_rules=[
        *DEFAULT_DIFF_POLICY.global_rules,
        _UnusedObjectFreedRule().as_qualified(ModificationLevel.LTA_UPDATES),
    ],
    form_rule=FormUpdatingRule([_FreshFieldRule(timestamps_only=False), SigFieldModificationRule()]),
    reject_object_freeing=False,
)

CLOSING_POLICY = StandardDiffPolicy(
    global_rules=DEFAULT_DIFF_POLICY.global_rules,
    form_rule=FormUpdatingRule([]),
    ignore_orphaned_objects=False,
)
