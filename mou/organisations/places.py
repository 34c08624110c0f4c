"""Whether an organisation's name, its place and its province go together, as far as the gazetteer knows."""

import re
from collections.abc import Iterator

from mou.models import Discrepancy, Organisation, OrganisationKind
from mou.organisations.gazetteer import Gazetteer
from mou.organisations.listed import OrganisationRow
from mou.organisations.tables import quoted
from signatures.messages import say

PROVINCES_NAMED = 5
# A municipality bears the name of its place; so do its children's council, a district's office, a subdistrict's administration.
_NAMED_AFTER_PLACE = re.compile(
    r"(?:สภาเด็กและเยาวชน)?(?:เทศบาล|องค์การบริหารส่วนตำบล|อบต\.|ที่ว่าการอำเภอ)\s*(?P<level>นคร|เมือง|ตำบล)?\s*(?P<place>[^\s()]+)"
)
_PLACE_IN_BRACKETS = re.compile(r"\((?P<place>(?:เขต|อำเภอ|กิ่งอำเภอ|ตำบล|แขวง|อ\.|ต\.)\s*[^\s()]+)\)")
_PROVINCE_IN_NAME = re.compile(r"(?:จังหวัด|จ\.)\s*(?P<province>[ก-ฮเ-ไะ-ฺ็-๎]+)")
_FIRST_DISTRICT = re.compile(r"(?:อำเภอ|อ\.)?\s*เมือง")
_MUNICIPALITY = re.compile(r"เทศบาล\s*(?P<level>นคร|เมือง|ตำบล)?\s*(?P<place>[^\s()]*)")
_MUNICIPALITIES = frozenset(
    {
        OrganisationKind.MUNICIPALITY,
        OrganisationKind.CITY_MUNICIPALITY,
        OrganisationKind.TOWN_MUNICIPALITY,
        OrganisationKind.SUBDISTRICT_MUNICIPALITY,
    }
)


def doubt_places(row: OrganisationRow, gazetteer: Gazetteer) -> Iterator[Discrepancy]:
    """Yield what does not go together in one row: level, place, province.

    A pair is doubted when its place is known in another province and not in this one. Without a province nothing is said.
    """
    organisation = row.organisation
    yield from _doubt_level(row, gazetteer)
    stated = _PROVINCE_IN_NAME.search(organisation.name_th)
    in_name = gazetteer.province(stated["province"]) if stated else None
    province = in_name
    if organisation.province:
        province = gazetteer.province(organisation.province)
        if province is None:
            yield Discrepancy(
                "province_unknown",
                say("no province is called {province}; it is kept as it stands", province=quoted(organisation.province)),
                row.number,
            )
        elif in_name and in_name != province:
            yield Discrepancy(
                "provinces_differ",
                say(
                    "the name says {in_name}, the province's column {in_column}",
                    in_name=quoted(in_name),
                    in_column=quoted(province),
                ),
                row.number,
            )
    if province:
        for place in _places(organisation, gazetteer):
            yield from _doubt_pair(row, place, province, gazetteer)


def _doubt_level(row: OrganisationRow, gazetteer: Gazetteer) -> Iterator[Discrepancy]:
    name = row.organisation.name_th
    match = _MUNICIPALITY.match(name)
    if match is None or row.organisation.kind not in _MUNICIPALITIES:
        return
    if match["level"] is None:
        yield Discrepancy(
            "level_missing",
            say("{name}: the level of the municipality is missing (นคร, เมือง or ตำบล)", name=quoted(name)),
            row.number,
        )
    elif _is_part_of_place(match, gazetteer):
        yield Discrepancy(
            "level_missing",
            say(
                "{name}: {word} may be the level of the municipality or the beginning of its place {place}",
                name=quoted(name),
                word=quoted(match["level"]),
                place=quoted(match["level"] + match["place"]),
            ),
            row.number,
        )


def _is_part_of_place(match: re.Match[str], gazetteer: Gazetteer) -> bool:
    level, place = match["level"], match["place"]
    return bool(level and not gazetteer.provinces_of(place) and gazetteer.provinces_of(level + place))


def _places(organisation: Organisation, gazetteer: Gazetteer) -> Iterator[str]:
    """Yield the places that the row names: in the name, in brackets after it, and in its address."""
    match = _NAMED_AFTER_PLACE.match(organisation.name_th)
    if match:
        yield (match["level"] or "") + match["place"] if _is_part_of_place(match, gazetteer) else match["place"]
    for match in _PLACE_IN_BRACKETS.finditer(organisation.name_th):
        yield match["place"]
    for place in (organisation.district, organisation.subdistrict):
        # Every province has an อำเภอเมือง, which is said without the province's name.
        if place and not _FIRST_DISTRICT.fullmatch(place):
            yield place


def _doubt_pair(row: OrganisationRow, place: str, province: str, gazetteer: Gazetteer) -> Iterator[Discrepancy]:
    known = sorted(gazetteer.provinces_of(place))
    if not known:
        yield Discrepancy(
            "place_unknown",
            say("the gazetteer does not know {place}, so that its province was not checked", place=quoted(place)),
            row.number,
        )
    elif province not in known:
        others = ", ".join(known[:PROVINCES_NAMED]) + (", …" if len(known) > PROVINCES_NAMED else "")
        yield Discrepancy(
            "province_and_place",
            say(
                "{name}: {place} is known in {others}, not in {province}; one half of the pair looks wrong, and which one is not "
                "for this program to decide",
                name=quoted(row.organisation.name_th),
                place=quoted(place),
                others=others,
                province=province,
            ),
            row.number,
        )
