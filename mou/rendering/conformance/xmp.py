"""An XMP packet -> its properties and the schemas that it declares (XMP specification, 2005; ISO 19005-3, 6.6.2)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
XMP_BASIC = "http://ns.adobe.com/xap/1.0/"
PDF = "http://ns.adobe.com/pdf/1.3/"
PDFA_ID = "http://www.aiim.org/pdfa/ns/id/"
PDFUA_ID = "http://www.aiim.org/pdfua/ns/id/"
_SCHEMA = "http://www.aiim.org/pdfa/ns/schema#"
_PROPERTY = "http://www.aiim.org/pdfa/ns/property#"
_EXTENSION = "http://www.aiim.org/pdfa/ns/extension/"
# Schemas that need no declaration: those of the XMP specification and of ISO 19005 (6.6.2.3.1).
PREDEFINED = frozenset(
    {
        DUBLIN_CORE,
        XMP_BASIC,
        PDF,
        PDFA_ID,
        _EXTENSION,
        "http://ns.adobe.com/xap/1.0/rights/",
        "http://ns.adobe.com/xap/1.0/mm/",
        "http://ns.adobe.com/xap/1.0/bj/",
        "http://ns.adobe.com/xap/1.0/t/pg/",
        "http://ns.adobe.com/xmp/1.0/DynamicMedia/",
        "http://ns.adobe.com/photoshop/1.0/",
        "http://ns.adobe.com/camera-raw-settings/1.0/",
        "http://ns.adobe.com/tiff/1.0/",
        "http://ns.adobe.com/exif/1.0/",
        "http://ns.adobe.com/exif/1.0/aux/",
    }
)
_NOT_PROPERTIES = frozenset({RDF, "http://www.w3.org/XML/1998/namespace"})

Property = tuple[str, str]  # namespace and local name


@dataclass(frozen=True, slots=True)
class Xmp:
    """The packet's properties, each with its values in order, and what its extension schemas declare, whole or not."""

    values: Mapping[Property, tuple[str, ...]]
    declared: frozenset[Property]
    incomplete_declarations: tuple[str, ...]
    """The names of declared properties that lack one of the four fields, or whose category is unknown."""

    def first(self, namespace: str, name: str) -> str:
        """Return the first value of a property, empty where it has none."""
        return next(iter(self.values.get((namespace, name), ())), "")


def read_xmp(content: bytes) -> Xmp | None:
    """Return what a packet says; None where it is not well-formed XML in UTF-8, or declares entities."""
    if b"<!ENTITY" in content:  # a packet has no use for them, and a small file could grow without bound
        return None
    try:
        content.decode("utf-8")
        root = ET.fromstring(content.strip(b"\0 \t\r\n"))  # noqa: S314  # entities are refused above
    except (UnicodeDecodeError, ET.ParseError):
        return None
    values: dict[Property, tuple[str, ...]] = {}
    for description in root.iterfind(f".//{{{RDF}}}RDF/{{{RDF}}}Description"):
        for name, found in _properties(description):
            values[name] = values.get(name, ()) + found
    declarations = list(_declarations(root))
    return Xmp(
        values,
        frozenset((namespace, name) for namespace, name, is_whole in declarations if is_whole),
        tuple(name for _, name, is_whole in declarations if not is_whole),
    )


def _properties(description: ET.Element) -> Iterator[tuple[Property, tuple[str, ...]]]:
    for tag, text in description.attrib.items():
        if (name := _split(tag))[0] not in _NOT_PROPERTIES:
            yield name, (text,)
    for child in description:
        items = tuple(item.text or "" for item in child.iter(f"{{{RDF}}}li"))
        yield _split(child.tag), items or ((child.text or "").strip(),)


def _split(tag: str) -> Property:
    namespace, _, name = tag.removeprefix("{").rpartition("}")
    return namespace, name


def _declarations(root: ET.Element) -> Iterator[tuple[str, str, bool]]:
    """Yield each property that an extension schema declares: namespace, name, and whether the declaration is whole."""
    for schema in root.iterfind(f".//{{{_EXTENSION}}}schemas/{{{RDF}}}Bag/{{{RDF}}}li"):
        fields = {_split(child.tag)[1]: (child.text or "").strip() for child in _fields(schema)}
        is_described = all(fields.get(name) for name in ("schema", "namespaceURI", "prefix"))
        for declared in schema.iterfind(f".//{{{_SCHEMA}}}property/{{{RDF}}}Seq/{{{RDF}}}li"):
            said = {child.tag: (child.text or "").strip() for child in _fields(declared)}
            name, kind, category, description = (
                said.get(f"{{{_PROPERTY}}}{key}", "") for key in ("name", "valueType", "category", "description")
            )
            is_whole = bool(is_described and name and kind and description and category in {"internal", "external"})
            yield fields.get("namespaceURI", ""), name, is_whole


def _fields(item: ET.Element) -> list[ET.Element]:
    """Return the fields of a structure, which may stand in a Description of its own."""
    inner = item.find(f"{{{RDF}}}Description")
    return list(item if inner is None else inner)
