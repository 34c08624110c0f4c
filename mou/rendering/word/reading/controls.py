"""The content controls of a Word file (`w:sdt`): what each is for. Pure."""

from typing import Final

from mou.rendering.word.element_names import W14, Element, W

_TO_FILL_IN: Final = frozenset({f"{W}dropDownList", f"{W}comboBox", f"{W}date", f"{W}text", f"{W14}checkbox"}) | {
    f"{W}showingPlcHdr",  # what stands there is the request to type something
    f"{W}dataBinding",  # Word shows what the bound part says, whatever stands here
}
_CONTENTS: Final = frozenset({"Table of Contents", "Bibliographies"})


def is_form_control(control: Element) -> bool:
    """Return whether somebody chooses or types in it, or Word fills it from elsewhere; a control that only holds text is none."""
    properties = control.find(f"{W}sdtPr")
    return properties is not None and any(one.tag in _TO_FILL_IN for one in properties)


def is_contents(control: Element) -> bool:
    """Return whether it holds a table of contents from Word's gallery."""
    gallery = control.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and gallery.get(f"{W}val") in _CONTENTS
