"""What stands in a Word file as a drawing: text boxes, pictures, charts, shapes, equations, objects. Pure."""

from collections.abc import Iterator
from typing import Final

from mou.rendering.word.element_names import MC, OFFICE, PIC, WP, A, Element, V, W
from mou.rendering.word.reading.plain_text import chosen, plain_text
from mou.rendering.word.values import LossKind, View

DRAWINGS: Final = frozenset({f"{W}drawing", f"{W}pict", f"{W}object", f"{W}contentPart"})
_BOX: Final = f"{W}txbxContent"


def lost_drawings(drawing: Element, view: View) -> Iterator[tuple[LossKind, str]]:
    """Return what a drawing holds: the text of each text box, the description or name of a picture, chart or shape."""
    if drawing.tag == f"{W}object":
        objects = drawing.iter(f"{OFFICE}OLEObject")
        yield LossKind.EMBEDDED, next((one.get("ProgID", "") for one in objects), "")
        return
    boxes = [
        one for one in drawing.iter(_BOX) if next(one.iterancestors(_BOX), drawing) in {drawing, *drawing.iterancestors(_BOX)}
    ]
    for box in boxes:
        yield LossKind.TEXT_BOX, plain_text(box, view)
    if next(drawing.iter(f"{PIC}pic", f"{V}imagedata"), None) is not None:
        yield LossKind.PICTURE, _description(drawing)
    elif not boxes:
        yield LossKind.EMBEDDED, _description(drawing)


def drawings_in(element: Element) -> Iterator[Element]:
    """Return the drawings of a header or footer, in the markup that Word shows; not those inside a drawing."""
    for child in element:
        if child.tag in DRAWINGS:
            yield child
        elif child.tag == f"{MC}AlternateContent":
            if (choice := chosen(child)) is not None:
                yield from drawings_in(choice)
        else:
            yield from drawings_in(child)


def _description(drawing: Element) -> str:
    for properties in drawing.iter(f"{WP}docPr"):
        if said := properties.get("descr") or properties.get("title") or properties.get("name"):
            return str(said)
    for shape in drawing.iter(f"{V}textpath", f"{V}imagedata", f"{V}shape"):
        if said := shape.get("string") or shape.get(f"{OFFICE}title") or shape.get("alt"):
            return str(said)
    kind = next((one.get("uri", "") for one in drawing.iter(f"{A}graphicData")), "")
    return kind.rpartition("/")[2]
