"""What may be added to a signed PDF: the rules by which each later revision is compared with a signed one.

Two policies, both built from pyHanko's rules, and both narrower than its default, which lets anybody fill form fields and add
signature fields.

OWN, for documents that were prepared by this program, whose fields were all made before the first signature:

1. A signature field is filled, and nothing of it but /V and /AP changes. Its appearance is drawn at its own size into its box.
2. A field for the registry's number and date (R0001 ...: text, prepared and empty) is filled once, by the same rules.
3. A document time stamp may bring an invisible field of its own. No other field is new, none goes.
4. Validation data (DSS), the file's own structure, XMP and document information.
5. After the last signature or time stamp nothing but what 4 names, judged by what it holds: no change in the form, and no object
   that nothing uses, since a later revision could hook it up (CLOSING).

FOREIGN, for files from elsewhere, whose tools do more than they need:

6. A new field may come together with its signature. The page that gets it may be rewritten as long as everything else on it
   says the same (`signatures.pages`).
7. An object that nothing used may be freed. A number that something names and nothing defines may be defined only where no page
   hangs from it. Validation data may be refreshed in place (`signatures.stores`).
8. Form values and notes only where the certification says so: text fields from DocMDP level 2 on, notes without a look of their
   own at level 3. Without a certification a form value is a modification: it is how shadow documents change their look.
9. What draws the values stays: no fonts replaced in the form's resources, no order to draw all fields anew.

Only `SuspiciousModification` may be raised by a rule: pyHanko lets any other exception escape.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import HistoricalResolver
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, ModificationLevel, StandardDiffPolicy, SuspiciousModification
from pyhanko.sign.diff_analysis.form_rules_api import (
    FieldComparisonContext,
    FieldComparisonSpec,
    FieldMDPRule,
    FormUpdate,
    FormUpdatingRule,
)
from pyhanko.sign.diff_analysis.rules.form_field_rules import (
    DSSCompareRule,
    GenericFieldModificationRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
)
from pyhanko.sign.diff_analysis.rules_api import QualifiedWhitelistRule, ReferenceUpdate, WhitelistRule
from pyhanko.sign.fields import MDPPerm

from signatures.boxes import fits, read_box
from signatures.contents import member, same_content
from signatures.pages import PageRule
from signatures.stores import StoreRule

REGISTRY_FIELD = re.compile(r"R[0-9]{4}")
"""Names of the fields that a registry fills with its number and date."""
LONGEST_REGISTRY_VALUE = 200
"""Characters."""

CHANGED_BY_FILLING = frozenset({"/V", "/AP"})
_FIELDS_ALONE = frozenset({"/Fields"})
_OF_THE_DOCUMENT = frozenset({"/Root", "/Info", "/Encrypt"})
"""The entries of a trailer from which hangs what a viewer shows (ISO 32000-2, table 15)."""


@dataclass(frozen=True)
class _FreshFieldRule(FieldMDPRule):
    """Refuse each new field that holds no signature yet; leave the rest, widgets among it, to pyHanko's rule."""

    timestamps_only: bool
    widgets: SigFieldCreationRule = field(default_factory=SigFieldCreationRule)

    def apply(self, context: FieldComparisonContext) -> Iterable[tuple[ModificationLevel, FormUpdate]]:
        """Look at the fields that the signed revision does not have."""
        for name, spec in context.field_specs.items():
            if spec.old_field_ref is None and spec.new_field is not None:
                self._require_allowed(name, spec.new_field)
        yield from self.widgets.apply(context)

    def _require_allowed(self, name: str, new_field: generic.DictionaryObject) -> None:
        value = member(new_field, "/V")
        if not isinstance(value, generic.DictionaryObject):
            raise SuspiciousModification(f"new field {name} holds no signature")
        if self.timestamps_only and (value.get("/Type") != "/DocTimeStamp" or not is_invisible(new_field)):
            raise SuspiciousModification(f"new field {name} is not an invisible document time stamp")


def is_invisible(new_field: generic.DictionaryObject) -> bool:
    """Whether the field is its own widget, with an empty box; one with widgets apart is taken as visible."""
    box = member(new_field, "/Rect")
    place = read_box(box) if isinstance(box, generic.ArrayObject) else None
    return "/Kids" not in new_field and place is not None and place.is_empty


class _OwnFillingRule(SigFieldModificationRule):
    """A signature field is filled; its appearance is drawn at its own size."""

    def __init__(self) -> None:
        super().__init__(
            allow_in_place_appearance_stream_changes=False,
            always_modifiable=frozenset(),
            value_update_keys=CHANGED_BY_FILLING,
        )

    def check_form_field(
        self, fq_name: str, spec: FieldComparisonSpec, context: FieldComparisonContext
    ) -> Iterable[tuple[ModificationLevel, FormUpdate]]:
        """Look at the appearance first."""
        if spec.field_type == "/Sig" and spec.old_field is not None and spec.new_field is not None:
            _require_fitting_appearance(fq_name, spec.old_field, spec.new_field)
        yield from super().check_form_field(fq_name, spec, context)


class _RegistryRule(GenericFieldModificationRule):
    """A field for the registry's number and date is filled once; no other form value may change."""

    def __init__(self) -> None:
        super().__init__(
            allow_in_place_appearance_stream_changes=False,
            always_modifiable=frozenset(),
            value_update_keys=CHANGED_BY_FILLING,
        )

    def check_form_field(
        self, fq_name: str, spec: FieldComparisonSpec, context: FieldComparisonContext
    ) -> Iterable[tuple[ModificationLevel, FormUpdate]]:
        """Say nothing of any other field: what nobody approves is refused."""
        old, new = spec.old_field, spec.new_field
        if old is None or new is None or not is_registry_field(fq_name, new):
            return
        if old != new:
            if not is_registry_filling(old, new):
                raise SuspiciousModification(f"registry field {fq_name} was to be filled once, with a text")
            _require_fitting_appearance(fq_name, old, new)
        yield from super().check_form_field(fq_name, spec, context)


def is_registry_field(name: str, of: generic.DictionaryObject) -> bool:
    """Whether this is a prepared text field of the registry."""
    return REGISTRY_FIELD.fullmatch(name) is not None and of.get("/FT") == "/Tx" and "/Kids" not in of


def is_registry_filling(old: generic.DictionaryObject, new: generic.DictionaryObject) -> bool:
    """Whether an empty field got a text, as part of itself and at most 200 characters long."""
    before, value = old.raw_get("/V") if "/V" in old else "", new.raw_get("/V") if "/V" in new else ""
    return before == "" and isinstance(value, generic.TextStringObject) and 0 < len(value) <= LONGEST_REGISTRY_VALUE


def _require_fitting_appearance(name: str, old: generic.DictionaryObject, new: generic.DictionaryObject) -> None:
    if "/AP" in new and ("/AP" not in old or new.raw_get("/AP") != old.raw_get("/AP")):
        look = member(new, "/AP")
        form = member(look, "/N") if isinstance(look, generic.DictionaryObject) and look.keys() == {"/N"} else None
        if not is_fitting_appearance(new, form):
            raise SuspiciousModification(f"the appearance of {name} is not one form of its box's size")


def is_fitting_appearance(of: generic.DictionaryObject, form: generic.PdfObject | None) -> bool:
    """Whether the appearance is a form that is drawn at its own size into the field's box."""
    if not isinstance(form, generic.StreamObject):
        return False
    rect, bbox, matrix = member(of, "/Rect"), member(form, "/BBox"), member(form, "/Matrix")
    arrays = (rect, bbox) if matrix is None else (rect, bbox, matrix)
    return all(isinstance(array, generic.ArrayObject) for array in arrays) and fits(rect, bbox, matrix)  # type: ignore[arg-type]  # arrays, as just seen


class _FormLookRule(FieldMDPRule):
    """Refuse what changes how values are drawn: other resources under a known name, or an order to draw all fields anew."""

    def apply(self, context: FieldComparisonContext) -> Iterable[tuple[ModificationLevel, FormUpdate]]:
        """Compare both forms."""
        old, new = member(context.old.root, "/AcroForm"), member(context.new.root, "/AcroForm")
        assert isinstance(old, generic.DictionaryObject)
        assert isinstance(new, generic.DictionaryObject)
        if bool(new.get("/NeedAppearances")) and not bool(old.get("/NeedAppearances")):
            raise SuspiciousModification("an order to draw all form values anew was added")
        self._require_kept(context, member(old, "/DR"), member(new, "/DR"))
        return ()

    def _require_kept(
        self, context: FieldComparisonContext, old: generic.PdfObject | None, new: generic.PdfObject | None
    ) -> None:
        if not isinstance(old, generic.DictionaryObject) or not isinstance(new, generic.DictionaryObject):
            return
        for category in old:
            before, after = member(old, category), member(new, category)
            if not isinstance(before, generic.DictionaryObject):
                continue
            kept = isinstance(after, generic.DictionaryObject) and all(
                name in after and same_content(before.raw_get(name), after.raw_get(name), context.old, context.new)
                for name in before
            )
            if not kept:
                raise SuspiciousModification(f"{category} in the form's resources were replaced")


class _UnusedObjectFreedRule(WhitelistRule):
    """Approve freed references that cannot be reached from the signed revision's trailer."""

    def apply(self, old: HistoricalResolver, new: HistoricalResolver) -> Iterable[ReferenceUpdate]:
        """Follow everything in the signed revision once, and only when something was freed."""
        freed = new.reader.xrefs.refs_freed_in_revision(new.revision)
        if freed:
            used = old.collect_dependencies(old.trailer_view)
            yield from (ReferenceUpdate(reference) for reference in freed if reference not in used)


class _UndefinedInTrailerRule(WhitelistRule):
    """Approve an object under a number that nothing but an entry of the trailer that no viewer knows had named before.

    LibreOffice names its source file there (/AdditionalStreams), under a number that is then given to something else. A
    stream stays refused: LibreOffice would open it.
    """

    def apply(self, old: HistoricalResolver, new: HistoricalResolver) -> Iterable[ReferenceUpdate]:
        """Look at the objects of this revision that something named before anything defined them."""
        for reference in new.explicit_refs_in_revision():
            usages = old._get_usages_of_ref(reference)  # noqa: SLF001  # as pyHanko's own rules do
            is_undefined = old.reader.xrefs.get_historical_ref(reference, old.revision) is None
            if not usages or not is_undefined:
                continue
            if any(usage.path[0] in _OF_THE_DOCUMENT for usage in usages):
                raise SuspiciousModification(f"{reference!r} is named in the signed revision and defined only later")
            if not isinstance(new(reference), generic.StreamObject):
                yield ReferenceUpdate(reference)


def _foreign_policy(level: MDPPerm | None) -> StandardDiffPolicy:
    values = [GenericFieldModificationRule()] if level in {MDPPerm.FILL_FORMS, MDPPerm.ANNOTATE} else []
    return StandardDiffPolicy(
        global_rules=[
            *_without_store_rule(DEFAULT_DIFF_POLICY.global_rules),
            StoreRule().as_qualified(ModificationLevel.LTA_UPDATES),
            _UndefinedInTrailerRule().as_qualified(ModificationLevel.LTA_UPDATES),
            _UnusedObjectFreedRule().as_qualified(ModificationLevel.LTA_UPDATES),
        ],
        form_rule=FormUpdatingRule(
            [
                _FormLookRule(),
                _FreshFieldRule(timestamps_only=False, widgets=SigFieldCreationRule(approve_widget_bindings=False)),
                PageRule(are_notes_allowed=level is MDPPerm.ANNOTATE),
                SigFieldModificationRule(),
                *values,
            ]
        ),
        reject_object_freeing=False,
    )


def _without_store_rule(rules: Iterable[QualifiedWhitelistRule]) -> list[QualifiedWhitelistRule]:
    return [rule for rule in rules if not isinstance(getattr(rule, "rule", rule), DSSCompareRule)]


OWN_POLICY = StandardDiffPolicy(
    global_rules=[
        *DEFAULT_DIFF_POLICY.global_rules,
        _UndefinedInTrailerRule().as_qualified(ModificationLevel.LTA_UPDATES),
    ],
    form_rule=FormUpdatingRule(
        [_FreshFieldRule(timestamps_only=True), _OwnFillingRule(), _RegistryRule()], ignored_acroform_keys=_FIELDS_ALONE
    ),
)

CLOSING_POLICY = StandardDiffPolicy(
    global_rules=DEFAULT_DIFF_POLICY.global_rules,
    form_rule=FormUpdatingRule([], ignored_acroform_keys=_FIELDS_ALONE),
    ignore_orphaned_objects=False,
)
"""For what follows the last signature of an own document."""

FOREIGN_POLICIES = {level: _foreign_policy(level) for level in (None, *MDPPerm)}
"""By the level of the certification under which the file was signed; None where there is none."""


def is_sound(at: HistoricalResolver) -> bool:
    """Whether a revision by itself holds what the rules ask of every revision: a well-formed form, store and metadata.

    Compared with itself nothing has changed, so that whatever is refused is the revision's own fault.
    """
    try:
        for rule in OWN_POLICY.global_rules:
            for _ in rule.apply_qualified(at, at):
                pass
        assert OWN_POLICY.form_rule is not None
        for _ in OWN_POLICY.form_rule.apply(at, at):
            pass
    except SuspiciousModification:
        return False
    return True
