"""The workbook in which a secretary begins a list of organisations, with what one template asks for."""

from typing import Final

from mou.organisations.starter import starter_workbook
from mou.organisations.starter_columns import AskedColumn, starter_columns
from mou.templates import SignatorySource, Template

_PREFIX: Final = "organisation.columns."
_SIGNATORY: Final = ("given_name", "family_name", "position")
# What of a list a template's field reads; a field that always has a value asks for nothing.
_READS: Final = {
    "organisation.name_en": ("name_en",),
    "organisation.abbreviation": ("abbreviation",),
    "organisation.registration_number": ("registration_number",),
    "organisation.address": ("address_line",),
    "organisation.district": ("district",),
    "organisation.province": ("province",),
    "organisation.representative.full_name": ("representative_given_name", "representative_family_name"),
    "organisation.representative.position": ("representative_position",),
    "organisation.witness.full_name": ("witness_given_name", "witness_family_name"),
    "organisation.witness.position": ("witness_position",),
}
_SIGNS: Final = {
    SignatorySource.ORGANISATION_REPRESENTATIVE: "representative",
    SignatorySource.ORGANISATION_WITNESS: "witness",
}


def starter_for(template: Template | None = None, *, with_dates_of_birth: bool = False) -> bytes:
    """Return the starter; with a template, also the columns that it alone asks for, and what it cannot do without is required."""
    if template is None:
        return starter_workbook(starter_columns(with_dates_of_birth=with_dates_of_birth))
    asked = tuple(
        AskedColumn(one.name.removeprefix(_PREFIX), one.label, one.example, is_required=one.required)
        for one in template.fields
        if one.name.startswith(_PREFIX)
    )
    required = {field for one in template.fields if one.required for field in _READS.get(one.name, ())}
    for role in template.roles:
        if role.source in _SIGNS:
            required |= {f"{_SIGNS[role.source]}_{field}" for field in _SIGNATORY}
    return starter_workbook(starter_columns(asked, required=required, with_dates_of_birth=with_dates_of_birth))
