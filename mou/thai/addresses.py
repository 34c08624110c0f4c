"""An organisation's address in Thai, and the names of places in it. Pure."""

from mou.models import Organisation


def thai_address(organisation: Organisation) -> str | None:
    """The address on one line, with ตำบล อำเภอ จังหวัด (in Bangkok แขวง เขต) before names that lack them; None if none is known."""
    in_bangkok = (organisation.province or "").startswith("กรุงเทพ")
    subdistrict, district, province = ("แขวง", "เขต", "") if in_bangkok else ("ตำบล", "อำเภอ", "จังหวัด")
    parts = (
        organisation.address_line,
        _with_prefix(organisation.subdistrict, subdistrict, ("ตำบล", "แขวง", "ต.")),
        _with_prefix(organisation.district, district, ("อำเภอ", "เขต", "อ.")),
        _with_prefix(organisation.province, province, ("จังหวัด", "จ.", "กรุงเทพ")),
        organisation.postal_code,
    )
    return " ".join(part for part in parts if part) or None


def place_names(organisation: Organisation) -> tuple[str, ...]:
    """The names of places in the organisation's address, in the form in which the address has them."""
    in_bangkok = (organisation.province or "").startswith("กรุงเทพ")
    return tuple(
        name
        for name in (
            _with_prefix(organisation.subdistrict, "แขวง" if in_bangkok else "ตำบล", ("ตำบล", "แขวง", "ต.")),
            _with_prefix(organisation.district, "เขต" if in_bangkok else "อำเภอ", ("อำเภอ", "เขต", "อ.")),
            _with_prefix(organisation.province, "" if in_bangkok else "จังหวัด", ("จังหวัด", "จ.", "กรุงเทพ")),
        )
        if name
    )


def _with_prefix(name: str | None, prefix: str, known: tuple[str, ...]) -> str | None:
    return name if not name or name.startswith(known) else prefix + name
