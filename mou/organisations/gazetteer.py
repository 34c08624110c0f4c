"""Which places lie in which province, as far as two small files know; it can doubt a pair, never decide which half is wrong."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_PROVINCE_PREFIX = re.compile(r"^(?:จังหวัด|จ\.)\s*")
_PLACE_PREFIX = re.compile(r"^(?:อำเภอ|กิ่งอำเภอ|เขต|ตำบล|แขวง|อ\.|ต\.)\s*")
_OTHER_PROVINCE_NAMES = {
    "กรุงเทพฯ": "กรุงเทพมหานคร",
    "กรุงเทพ": "กรุงเทพมหานคร",
    "กทม.": "กรุงเทพมหานคร",
    "กทม": "กรุงเทพมหานคร",
    "อยุธยา": "พระนครศรีอยุธยา",
}


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Provinces by any of their names, and places (districts, subdistricts, landmarks) with the provinces they lie in."""

    provinces: Mapping[str, str]
    places: Mapping[str, frozenset[str]]

    def province(self, name: str) -> str | None:
        """The Thai name of the province that a cell names, with or without จังหวัด before it, or in English."""
        bare = _PROVINCE_PREFIX.sub("", name.strip())
        return self.provinces.get(bare) or self.provinces.get(_latin_key(bare))

    def provinces_of(self, place: str) -> frozenset[str]:
        """The provinces in which a place of that name is known; empty when the name is known nowhere."""
        return self.places.get(_PLACE_PREFIX.sub("", place.strip()), frozenset())


@cache
def open_gazetteer() -> Gazetteer:
    """Return the gazetteer that comes with the program, read once per process.

    A province's name and its first district's without เมือง are places too, since a city's municipality bears them.
    """
    provinces = dict(_OTHER_PROVINCE_NAMES)
    places: dict[str, set[str]] = {}
    for row in _rows("provinces.csv"):
        provinces[row["province"]] = row["province"]
        provinces[_latin_key(row["english"])] = row["province"]
        places.setdefault(row["province"], set()).add(row["province"])
    for row in _rows("places.csv"):
        names = [row["district"], row["district"].removeprefix("เมือง"), *row["places"].split()]
        for name in filter(None, names):
            places.setdefault(name, set()).add(row["province"])
    return Gazetteer(provinces, {name: frozenset(known) for name, known in places.items()})


def _rows(file_name: str) -> Iterator[dict[str, str]]:
    text = (files(__package__) / file_name).read_text(encoding="utf-8")
    yield from csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))


def _latin_key(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.casefold().removesuffix("province")) or name
