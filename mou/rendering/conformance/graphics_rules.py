"""Rules on colour, images, forms and transparency. Sources: ISO 19005-3:2012, 6.2.2 to 6.2.10; ISO 14289-1:2014, 7.20."""

from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from mou.rendering.conformance.inspection import Content, Inspection, Located, inherited, page_place
from mou.rendering.conformance.report import Fault, Observation, Rule, Unseen
from signatures.messages import Message, say

_CATALOG = say("the catalog")
_DEVICE_OF = {b"GRAY": "/DeviceGray", b"RGB ": "/DeviceRGB", b"CMYK": "/DeviceCMYK"}
_COMPONENTS = {b"GRAY": 1, b"RGB ": 3, b"CMYK": 4, b"Lab ": 3}
_OUTPUT_CLASSES = (b"prtr", b"mntr")
_INPUT_CLASSES = (*_OUTPUT_CLASSES, b"scnr", b"spac")
_ICC_HEADER_BYTES, _FIRST_TOO_NEW_ICC = 128, (4, 5)  # ISO 15076-1 is version 4.4 at most
_DEVICE_SPACES = {"/DeviceGray": "/DefaultGray", "/DeviceRGB": "/DefaultRGB", "/DeviceCMYK": "/DefaultCMYK"}
_SHORT_SPACES = {"/G": "/DeviceGray", "/RGB": "/DeviceRGB", "/CMYK": "/DeviceCMYK"}  # in inline images
_INTENTS = frozenset(["/RelativeColorimetric", "/AbsoluteColorimetric", "/Perceptual", "/Saturation"])
_BLEND_MODES_NAMES = (
    "/Normal /Compatible /Multiply /Screen /Overlay /Darken /Lighten /ColorDodge /ColorBurn /HardLight /SoftLight "
    "/Difference /Exclusion /Hue /Saturation /Color /Luminosity"
)
_BLEND_MODES = frozenset(_BLEND_MODES_NAMES.split())
_DEEPEST_COLOUR_SPACE = 8


def content_streams_are_known_operators(inspection: Inspection) -> Iterator[Observation]:
    """Content streams hold operators of ISO 32000-1 alone, and close what they open."""
    for content in inspection.contents:
        if unknown := content.facts.unknown_operators:
            yield Fault(
                say("operators of ISO 32000-1 are expected, got {names}", names=", ".join(sorted(unknown))), content.place
            )
        if not content.facts.is_balanced:
            yield Fault(say("each q and each marked content is expected to be closed in its stream"), content.place)


def content_streams_name_their_resources(inspection: Inspection) -> Iterator[Observation]:
    """What a content stream draws with stands in resources of its own."""
    for content in inspection.contents:
        own = content.source.get(Name.Resources, Dictionary())
        missing = sorted(
            name for kind, names in content.facts.used_resources for name in names if name not in own.get(kind, Dictionary())
        )
        if missing:
            yield Fault(say("resources of its own are expected for {names}", names=", ".join(missing)), content.place)


def output_intent(inspection: Inspection) -> Iterator[Observation]:
    """There is a PDF/A output intent with a profile, and no two intents have two profiles."""
    intents = list(inspection.root.get(Name.OutputIntents, ()))
    profiles = {intent.DestOutputProfile.objgen for intent in intents if Name.DestOutputProfile in intent}
    if not any(intent.get(Name.S) == Name.GTS_PDFA1 and Name.DestOutputProfile in intent for intent in intents):
        yield Fault(say("an output intent GTS_PDFA1 with a colour profile is expected"), _CATALOG)
    if len(profiles) > 1:
        yield Fault(say("one colour profile is expected in all output intents, got {count}", count=len(profiles)), _CATALOG)


def colour_profiles(inspection: Inspection) -> Iterator[Observation]:
    """Each ICC profile has a header of version 4.4 at most, of a class for its use, with as many components as N says."""
    profile = _output_profile(inspection)
    if profile is not None:
        yield from _profile_faults(profile, _OUTPUT_CLASSES, _CATALOG)
    for place, space in _arrays_of(inspection, "/ICCBased"):
        yield from _profile_faults(space[1], _INPUT_CLASSES, place)


def _arrays_of(inspection: Inspection, kind: str) -> Iterator[tuple[Message, pikepdf.Object]]:
    """Yield each colour space of a kind that stands in a dictionary."""
    for located in inspection.dictionaries:
        for value in located.value.values():
            if isinstance(value, Array) and len(value) > 1 and value[0] == Name(kind):
                yield located.place, value


def _profile_faults(profile: pikepdf.Object, classes: tuple[bytes, ...], place: Message) -> Iterator[Fault]:
    header = profile.read_bytes()[:_ICC_HEADER_BYTES]
    space, version = header[16:20], tuple(header[8:10])
    if len(header) < _ICC_HEADER_BYTES or header[36:40] != b"acsp" or header[12:16] not in classes or space not in _COMPONENTS:
        yield Fault(say("an ICC profile for output, of grey, RGB or CMYK, is expected"), place)
    elif (version[0], version[1] >> 4) >= _FIRST_TOO_NEW_ICC:
        yield Fault(
            say(
                "an ICC profile of version 4.4 at most is expected, got {major}.{minor}", major=version[0], minor=version[1] >> 4
            ),
            place,
        )
    elif int(profile.get(Name.N, 0)) != _COMPONENTS[space]:
        yield Fault(
            say("N is expected to be the number of components of the ICC profile, {expected}", expected=_COMPONENTS[space]), place
        )


def _output_profile(inspection: Inspection) -> pikepdf.Object | None:
    for intent in inspection.root.get(Name.OutputIntents, ()):
        if intent.get(Name.S) == Name.GTS_PDFA1 and isinstance(intent.get(Name.DestOutputProfile), Stream):
            profile: pikepdf.Object = intent.DestOutputProfile
            return profile
    return None


def device_colours_have_their_profile(inspection: Inspection) -> Iterator[Observation]:
    """A device colour space is used only where the output intent, or a default colour space, says what it means (6.2.4.3)."""
    profile = _output_profile(inspection)
    known = _DEVICE_OF.get(profile.read_bytes()[16:20], "") if profile is not None else ""
    for place, space, resources in _spaces_used(inspection):
        defaults = resources.get(Name.ColorSpace, Dictionary())
        for device in sorted(_devices(space, resources)):
            is_known = device == known or (device == "/DeviceGray" and profile is not None)
            if not is_known and _DEVICE_SPACES[device] not in defaults:
                yield Fault(
                    say("{space} is used, but no output intent says what it means", space=device.removeprefix("/")), place
                )


def _spaces_used(inspection: Inspection) -> Iterator[tuple[Message, object, pikepdf.Object]]:
    """Yield every colour space that is used, with the resources that its name is looked up in."""
    for content in inspection.contents:
        resources = content.resources
        yield from ((content.place, Name(name), resources) for name in sorted(content.facts.colour_spaces))
        yield from (
            (content.place, image.get("/CS", image.get("/ColorSpace")), resources) for image in content.facts.inline_images
        )
        yield from ((content.place, value, resources) for value in _drawn_with(content))
    for number, page in enumerate(inspection.pages):
        yield page_place(number), page.get(Name.Group, Dictionary()).get(Name.CS), inherited(page, Name.Resources) or Dictionary()


def _drawn_with(content: Content) -> Iterator[object]:
    """Yield the colour spaces of the images, forms, shadings and patterns that a stream draws."""
    objects = content.resources.get(Name.XObject, Dictionary())
    for name in sorted({drawing.name for drawing in content.facts.drawings} & set(objects.keys())):
        yield objects[name].get(Name.ColorSpace)
        yield objects[name].get(Name.Group, Dictionary()).get(Name.CS)
    shadings = content.resources.get(Name.Shading, Dictionary())
    yield from (shadings[name].get(Name.ColorSpace) for name in sorted(content.facts.shadings & set(shadings.keys())))
    patterns = content.resources.get(Name.Pattern, Dictionary())
    for name in sorted(content.facts.patterns & set(patterns.keys())):
        yield patterns[name].get(Name.Shading, Dictionary()).get(Name.ColorSpace)


def _devices(space: object, resources: pikepdf.Object) -> set[str]:
    """Return the device colour spaces that a colour space rests on."""
    waiting, found = [space], set[str]()
    for _ in range(_DEEPEST_COLOUR_SPACE):
        if not waiting:
            break
        value = waiting.pop()
        if isinstance(value, Name):
            name = _SHORT_SPACES.get(str(value), str(value))
            if name in _DEVICE_SPACES:
                found.add(name)
            else:
                waiting += [named for named in [resources.get(Name.ColorSpace, Dictionary()).get(name)] if named is not None]
        elif isinstance(value, Array) and len(value) == 1:
            waiting.append(value[0])
        elif isinstance(value, Array) and str(value[0]) in {"/Indexed", "/I", "/Pattern"}:
            waiting.append(value[1])
        elif isinstance(value, Array) and str(value[0]) in {"/Separation", "/DeviceN"}:
            waiting.append(value[2])
    return found


def graphics_states(inspection: Inspection) -> Iterator[Observation]:
    """A graphics state has no transfer function (TR, TR2 but Default), no HTP, and halftones of type 1 or 5 without a name."""
    for state in _states(inspection):
        if Name.TR in state.value or state.value.get(Name.TR2, Name.Default) != Name.Default or Name.HTP in state.value:
            yield Fault(say("a graphics state without TR, TR2 and HTP is expected"), state.place)
        halftone = state.value.get(Name.HT)
        if isinstance(halftone, Dictionary | Stream) and (
            halftone.get(Name.HalftoneType) not in {1, 5} or Name.HalftoneName in halftone
        ):
            yield Fault(say("a halftone of type 1 or 5 without a name is expected"), state.place)


def _states(inspection: Inspection) -> Iterator[Located]:
    """Yield the graphics states of all resources."""
    for located in inspection.dictionaries:
        states = located.value.get(Name.ExtGState)
        if isinstance(states, Dictionary):
            yield from (Located(state, located.place) for state in states.values() if isinstance(state, Dictionary))


def rendering_intents(inspection: Inspection) -> Iterator[Observation]:
    """A rendering intent is one of the four of ISO 32000-1."""
    for content in inspection.contents:
        if unknown := sorted(content.facts.intents - _INTENTS):
            yield Fault(
                say("a rendering intent of ISO 32000-1 is expected, got {names}", names=", ".join(unknown)), content.place
            )
    chosen = [(image.place, image.value.get(Name.Intent)) for image in _images(inspection)]
    chosen += [(state.place, state.value.get(Name.RI)) for state in _states(inspection)]
    for place, intent in chosen:
        if intent is not None and str(intent) not in _INTENTS:
            yield Fault(say("a rendering intent of ISO 32000-1 is expected, got {names}", names=str(intent)), place)


def _images(inspection: Inspection) -> Iterator[Located]:
    return (located for located in inspection.streams if located.value.get(Name.Subtype) == Name.Image)


def images(inspection: Inspection) -> Iterator[Observation]:
    """An image has no alternates, no OPI, and is not interpolated; what JPEG 2000 holds is not looked at."""
    for image in _images(inspection):
        if Name.Alternates in image.value or Name.OPI in image.value:
            yield Fault(say("an image without Alternates and OPI is expected"), image.place)
        if image.value.get(Name.Interpolate, False):
            yield Fault(say("an image that is not interpolated is expected (Interpolate)"), image.place)
        if "/JPXDecode" in str(image.value.get(Name.Filter, "")):
            yield Unseen(say("what a JPEG 2000 image holds (channels, bit depth, colour)"), image.place)
    for content in inspection.contents:
        if any(inline.get("/I", inline.get("/Interpolate", False)) for inline in content.facts.inline_images):
            yield Fault(say("an image that is not interpolated is expected (Interpolate)"), content.place)


def no_postscript_and_opi(inspection: Inspection) -> Iterator[Observation]:
    """There is no PostScript XObject, and no form with PostScript or OPI."""
    for located in inspection.streams:
        value = located.value
        if value.get(Name.Subtype) == Name.PS or value.get(Name.Subtype2) == Name.PS or Name.PS in value:
            yield Fault(say("an XObject without PostScript is expected"), located.place)
        if value.get(Name.Subtype) == Name.Form and Name.OPI in value:
            yield Fault(say("a form without OPI is expected"), located.place)


def no_reference_xobjects(inspection: Inspection) -> Iterator[Observation]:
    """No form stands for a page of another file."""
    for located in inspection.streams:
        if located.value.get(Name.Subtype) == Name.Form and Name.Ref in located.value:
            yield Fault(say("a form that holds its own content is expected, got a reference XObject"), located.place)


def blend_modes(inspection: Inspection) -> Iterator[Observation]:
    """A blend mode is one of ISO 32000-1."""
    for state in _states(inspection):
        modes = state.value.get(Name.BM, Array())
        for mode in modes if isinstance(modes, Array) else [modes]:
            if str(mode) not in _BLEND_MODES:
                yield Fault(say("a blend mode of ISO 32000-1 is expected, got {mode}", mode=str(mode)), state.place)


def transparent_pages_name_their_colours(inspection: Inspection) -> Iterator[Observation]:
    """Without an output intent, a page with transparency has a group with a colour space."""
    if _output_profile(inspection) is not None:
        return
    for content in inspection.contents:
        if content.page is None or Name.CS in content.source.get(Name.Group, Dictionary()):
            continue
        if _is_transparent(content):
            yield Fault(say("a page with transparency is expected to have a group with a colour space"), content.place)


def _is_transparent(content: Content) -> bool:
    """Whether a page's own content is drawn with transparency: a mask, an opacity, a blend mode or a group."""
    states = content.resources.get(Name.ExtGState, Dictionary())
    objects = content.resources.get(Name.XObject, Dictionary())
    drawn = [objects[name] for name in {drawing.name for drawing in content.facts.drawings} & set(objects.keys())]
    return any(_lets_through(states[name]) for name in content.facts.states & set(states.keys())) or any(
        Name.SMask in value or value.get(Name.Group, Dictionary()).get(Name.S) == Name.Transparency for value in drawn
    )


def _lets_through(state: pikepdf.Object) -> bool:
    opacities = (float(state.get(key, 1)) for key in (Name.ca, Name.CA))
    return (
        any(opacity < 1 for opacity in opacities)
        or state.get(Name.SMask, Name("/None")) != Name("/None")
        or state.get(Name.BM, Name.Normal) != Name.Normal
    )


RULES = (
    Rule(content_streams_are_known_operators, archive="6.2.2"),
    Rule(content_streams_name_their_resources, archive="6.2.2"),
    Rule(output_intent, archive="6.2.3"),
    Rule(colour_profiles, archive="6.2.4.2"),
    Rule(device_colours_have_their_profile, archive="6.2.4.3"),
    Rule(graphics_states, archive="6.2.5"),
    Rule(rendering_intents, archive="6.2.6"),
    Rule(images, archive="6.2.8"),
    Rule(no_postscript_and_opi, archive="6.2.9"),
    Rule(no_reference_xobjects, archive="6.2.9", access="7.20"),
    Rule(blend_modes, archive="6.2.10"),
    Rule(transparent_pages_name_their_colours, archive="6.2.10"),
)
