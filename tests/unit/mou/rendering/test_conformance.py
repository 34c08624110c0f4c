"""Each rule of the check, broken alone in a document of our own; and our own documents, in every state, without a finding."""

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from mou.documents import prepare_document
from mou.rendering import conformance
from mou.rendering.conformance import RULES, Standard, check_conformance
from mou.rendering.conformance.font_program import read_true_type
from mou.rendering.specimen import SPECIMEN_DATE, write_specimen
from mou.rendering.stamp import StampRenderer
from signatures.authority import Subject, create_authority, new_private_key
from signatures.fields import read_fields
from signatures.signers import Signer, signer_from_key
from signatures.signing import SigningOrder, certify, sign

Change = Callable[[pikepdf.Pdf], object]
SIGNED_AT = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
NUMBERED_RULE = re.compile(r"^ ?(\d+)\. ([a-z ]+):((?: (?:A|UA) [\d.]+;?)+)", re.MULTILINE)
LINES = ("ลงลายมือชื่ออิเล็กทรอนิกส์", "นายก้อง ตัวอย่าง", "ผู้อำนวยการ", "๒๒ พฤศจิกายน ๒๕๖๙", "เอกสาร 8f3a12c9")


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The specimen as Renderer and prepare_fields make it."""
    return prepare_document(write_specimen(tmp_path_factory.mktemp("specimen")), created=SPECIMEN_DATE).pdf


@pytest.fixture(scope="module")
def seal() -> Signer:
    authority = create_authority("เครือข่ายตัวอย่าง", at=SIGNED_AT - timedelta(days=1), lifetime=timedelta(days=365))
    key = new_private_key()
    subject = Subject("เครือข่ายตัวอย่าง", "เครือข่ายตัวอย่าง")
    certificate = authority.issue(
        subject, key.public_key(), not_before=SIGNED_AT - timedelta(hours=1), not_after=SIGNED_AT + timedelta(days=30)
    )
    return signer_from_key(key, certificate, (authority.certificate,))


@pytest.fixture(scope="module")
def signed_states(honest: bytes, seal: Signer) -> tuple[bytes, ...]:
    """The document certified, then after each of its visible signatures with a stamp."""
    states = [certify(honest, seal, at=SIGNED_AT, name="เครือข่ายตัวอย่าง")]
    stamps = StampRenderer()
    for field in ("S0001", "S0002"):
        box = next(state.box for state in read_fields(honest) if state.name == field)
        assert box is not None
        stamp = stamps.draw(box[2] - box[0], box[3] - box[1], LINES)
        states.append(sign(states[-1], SigningOrder(field, "ผู้มีอำนาจลงนาม", LINES[1], SIGNED_AT), seal, appearance=stamp))
    return tuple(states)


def rules_broken(pdf: bytes) -> set[str]:
    """The names of the rules with a finding."""
    return {RULES[finding.rule - 1].find.__name__ for finding in check_conformance(pdf).findings}


def changed(pdf: bytes, change: Change) -> bytes:
    """The document with one change, saved without anything else."""
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        change(document)
        document.save(output, fix_metadata_version=False, object_stream_mode=pikepdf.ObjectStreamMode.preserve)
    return output.getvalue()


def test_an_unsigned_document_has_no_finding_and_nothing_is_left_out(honest: bytes) -> None:
    report = check_conformance(honest)
    assert (report.findings, report.unseen) == ((), ())
    assert str(report.summary()) == f"no fault found by {len(RULES)} rules; a full validator has the last word"


def test_saving_it_again_makes_no_finding(honest: bytes) -> None:
    assert rules_broken(changed(honest, lambda _document: None)) == set()


def test_a_document_has_no_finding_when_certified_and_after_each_visible_signature(signed_states: tuple[bytes, ...]) -> None:
    for state in signed_states:
        report = check_conformance(state)
        assert (report.findings, report.unseen) == ((), ())


def test_the_docstring_lists_every_rule_with_its_number_and_clauses() -> None:
    said = [
        (int(number), name, tuple(re.findall(r"(A|UA) ([\d.]+)", clauses)))
        for number, name, clauses in NUMBERED_RULE.findall(conformance.__doc__ or "")
    ]
    short = {Standard.ARCHIVE: "A", Standard.ACCESS: "UA"}
    assert said == [
        (number, rule.name, tuple((short[standard], clause) for standard, clause in rule.clauses))
        for number, rule in enumerate(RULES, start=1)
    ]


def empty_title(document: pikepdf.Pdf) -> None:
    document.docinfo["/Title"] = String("")
    edit_metadata("เอกสารตัวอย่าง</rdf:li></rdf:Alt></dc:title>".encode(), b"</rdf:li></rdf:Alt></dc:title>")(document)


def page_of(document: pikepdf.Pdf) -> pikepdf.Object:
    return document.pages[0].obj


def write_content(document: pikepdf.Pdf, edit: Callable[[bytes], bytes]) -> None:
    page = page_of(document)
    content = page.Contents.read_bytes()
    edited = edit(content)
    assert edited != content
    page.Contents = document.make_stream(edited)


def add_content(operations: bytes, *, tag: bytes = b"/Artifact BMC") -> Change:
    """Add operations to the page, marked as an artifact unless the tag is empty."""
    wrapped = tag + b"\n" + operations + b"\nEMC\n" if tag else operations + b"\n"
    return lambda document: write_content(document, lambda content: content + b"\n" + wrapped)


def edit_metadata(old: bytes, new: bytes) -> Change:
    def change(document: pikepdf.Pdf) -> None:
        content = document.Root.Metadata.read_bytes()
        assert old in content
        document.Root.Metadata.write(content.replace(old, new))

    return change


def element_of(document: pikepdf.Pdf, kind: str) -> pikepdf.Object:
    """The first structure element of a type, in reading order."""
    waiting = [document.Root.StructTreeRoot.K[0]]
    while waiting:
        element = waiting.pop(0)
        if Name(f"/{kind}") == element.S:
            return element
        waiting += [kid for kid in element.K if isinstance(kid, Dictionary) and Name.S in kid]
    raise LookupError(kind)


def image_of(document: pikepdf.Pdf) -> pikepdf.Object:
    objects = page_of(document).Resources.XObject
    return next(value for value in objects.values() if value.Subtype == Name.Image)


def font_of(document: pikepdf.Pdf) -> pikepdf.Object:
    return next(iter(page_of(document).Resources.Font.values()))


def annotation_of(document: pikepdf.Pdf, subtype: str) -> pikepdf.Object:
    return next(value for value in reversed(list(page_of(document).Annots)) if value.Subtype == Name(f"/{subtype}"))


def attachment_of(document: pikepdf.Pdf) -> pikepdf.Object:
    return document.Root.AF[0]


def set_entry(find: Callable[[pikepdf.Pdf], pikepdf.Object], key: str, value: object) -> Change:
    """Set an entry of an object; None takes it away."""

    def change(document: pikepdf.Pdf) -> None:
        holder = find(document)
        if value is None:
            del holder[key]
        else:
            holder[key] = value

    return change


def root_of(document: pikepdf.Pdf) -> pikepdf.Object:
    return document.Root


def state_of(document: pikepdf.Pdf) -> pikepdf.Object:
    return next(iter(page_of(document).Resources.ExtGState.values()))


def draw_form(document: pikepdf.Pdf, **entries: object) -> pikepdf.Object:
    """Draw a new empty form as an artifact."""
    form = document.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]), **entries)
    page_of(document).Resources.XObject.Added = form
    add_content(b"/Added Do")(document)
    return form


def replace_stream(find: Callable[[pikepdf.Pdf], pikepdf.Object], edit: Callable[[bytes], bytes]) -> Change:
    def change(document: pikepdf.Pdf) -> None:
        stream = find(document)
        content = stream.read_bytes()
        edited = edit(content)
        assert edited != content
        stream.write(edited)

    return change


def edit_map(text: str) -> Change:
    """Let the first glyph of a font stand for this text."""

    def edit(content: bytes) -> bytes:
        return re.sub(
            rb"(beginbfchar\s*<[0-9a-f]+> )<[0-9a-f]*>",
            rb"\1<" + text.encode("utf-16-be").hex().encode() + b">",
            content,
            count=1,
        )

    return replace_stream(lambda document: shown_bare(document).ToUnicode, edit)


def shown_bare(document: pikepdf.Pdf) -> pikepdf.Object:
    """The font of the headings: bold, its first glyph shown outside any ActualText."""
    return next(font for font in page_of(document).Resources.Font.values() if str(font.BaseFont).endswith("Sarabun-Italic"))


def break_widths(document: pikepdf.Pdf) -> None:
    """Declare every glyph two thousandths wider than it is."""
    descendant = font_of(document).DescendantFonts[0]
    descendant.W = Array(
        [Array([float(width) + 2 for width in entry]) if isinstance(entry, Array) else entry for entry in descendant.W]
    )


def break_glyph_count(document: pikepdf.Pdf) -> None:
    """Cut the number of glyphs in the font's maxp table."""
    stream = font_of(document).DescendantFonts[0].FontDescriptor.FontFile2
    program = bytearray(stream.read_bytes())
    at = next(12 + 16 * table for table in range(program[5]) if program[12 + 16 * table : 16 + 16 * table] == b"maxp")
    offset = int.from_bytes(program[at + 8 : at + 12])
    program[offset + 4 : offset + 6] = (5).to_bytes(2)
    stream.write(bytes(program))


def take_away_embedded_program(document: pikepdf.Pdf) -> None:
    del font_of(document).DescendantFonts[0].FontDescriptor[Name.FontFile2]


def draw_form_without_resources(document: pikepdf.Pdf) -> None:
    """Draw a form that sets a state of the page's resources."""
    draw_form(document).write(next(iter(page_of(document).Resources.ExtGState.keys())).encode() + b" gs")


def take_away_output_intent(document: pikepdf.Pdf) -> None:
    del document.Root[Name.OutputIntents]


def add_output_intent(document: pikepdf.Pdf) -> None:
    first = document.Root.OutputIntents[0]
    profile = document.make_stream(first.DestOutputProfile.read_bytes(), N=3)
    document.Root.OutputIntents.append(Dictionary(Type=Name.OutputIntent, S=Name.GTS_PDFX, DestOutputProfile=profile))


def profile_of(document: pikepdf.Pdf) -> pikepdf.Object:
    return document.Root.OutputIntents[0].DestOutputProfile


def draw_inline_image(entries: bytes) -> Change:
    return add_content(b"q BI /W 1 /H 1 /BPC 8 /CS /RGB " + entries + b" ID abc EI Q")


def draw_tagged_form_twice(document: pikepdf.Pdf) -> None:
    """Move a paragraph's marked content into a form that the page draws twice."""
    form = draw_form(document, Resources=page_of(document).Resources, StructParents=90)
    form.write(b"/Span <</MCID 0>> BDC EMC")
    element = element_of(document, "P")
    element.K.append(Dictionary(Type=Name.MCR, Pg=page_of(document), Stm=form, MCID=0))
    document.Root.StructTreeRoot.ParentTree.Nums.extend(Array([90, Array([element])]))
    write_content(document, lambda content: content.replace(b"/Artifact BMC\n/Added Do\nEMC\n", b"q /Added Do Q /Added Do"))


def hide_tagged_form_in_an_artifact(document: pikepdf.Pdf) -> None:
    draw_tagged_form_twice(document)
    write_content(document, lambda content: content.replace(b"q /Added Do Q /Added Do", b"/Artifact BMC /Added Do EMC"))


def use_role(name: str, roles: dict[str, str]) -> Change:
    def change(document: pikepdf.Pdf) -> None:
        element_of(document, "P").S = Name(f"/{name}")
        document.Root.StructTreeRoot.RoleMap = Dictionary({f"/{key}": Name(f"/{value}") for key, value in roles.items()})

    return change


def rename(kind: str, other: str, **entries: object) -> Change:
    """Give the first element of a type another one."""

    def change(document: pikepdf.Pdf) -> None:
        element = element_of(document, kind)
        element.S = Name(f"/{other}")
        for key, value in entries.items():
            element[f"/{key}"] = value

    return change


def forget_headers(document: pikepdf.Pdf) -> None:
    """Take away the names of the headers from a table's cells."""
    for row in element_of(document, "TBody").K:
        for cell in row.K:
            del cell.A[Name.Headers]


def name_unknown_header(document: pikepdf.Pdf) -> None:
    element_of(document, "TD").A.Headers = Array([String("nowhere")])
    for header in element_of(document, "THead").K[0].K:
        header.A.Scope = Name.Column


def drop_cell(document: pikepdf.Pdf) -> None:
    """Move the content of a row's last cell into the one before, so that the row is one cell short."""
    row = element_of(document, "TBody").K[0]
    last = row.K[-1]
    row.K[0].K.append(last.K[0])
    last.K[0].P = row.K[0]
    del row.K[-1]


def add_section(document: pikepdf.Pdf) -> None:
    table = element_of(document, "Table")
    table.K.append(document.make_indirect(Dictionary(Type=Name.StructElem, S=Name.THead, P=table, K=Array())))


def add_two_notes(document: pikepdf.Pdf) -> None:
    top = document.Root.StructTreeRoot.K[0]
    for _ in range(2):
        top.K.append(document.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Note, P=top, K=Array(), ID=String("n1"))))


def add_layers(document: pikepdf.Pdf) -> None:
    document.Root.OCProperties = Dictionary(OCGs=Array(), D=Dictionary(AS=Array(), Name=String("ชั้น")))


def add_annotation(document: pikepdf.Pdf, subtype: str) -> None:
    """Add an annotation that keeps every rule but the one on its type."""
    page, top = page_of(document), document.Root.StructTreeRoot.K[0]
    appearance = document.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]), Resources=Dictionary())
    annotation = document.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name(f"/{subtype}"),
            Rect=Array([1, 1, 9, 9]),
            F=4,
            AP=Dictionary(N=appearance),
            Contents=String("x"),
            StructParent=91,
        )
    )
    page.Annots.append(annotation)
    reference = Dictionary(Type=Name.OBJR, Obj=annotation, Pg=page)
    element = document.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Annot, P=top, Pg=page, K=Array([reference])))
    top.K.append(element)
    document.Root.StructTreeRoot.ParentTree.Nums.extend(Array([91, element]))


def draw_unmarked_form(document: pikepdf.Pdf) -> None:
    draw_form(document, Resources=Dictionary()).write(b"0 0 9 9 re f")
    write_content(document, lambda content: content.replace(b"/Artifact BMC\n/Added Do\nEMC", b"/Added Do"))


def not_marked(content: bytes) -> bytes:
    return content.replace(b"/Artifact\nBMC", b"/P BMC", 1)


def artifact_inside(content: bytes) -> bytes:
    return re.sub(rb"(/MCID 0>>\s*BDC)", rb"\1\n/Artifact BMC EMC", content, count=1)


def inside_artifact(content: bytes) -> bytes:
    return b"/Artifact BMC\n" + re.sub(rb"(/MCID 0>>\s*BDC.*?\nET\s+EMC)", rb"\1\nEMC", content, count=1, flags=re.DOTALL)


def forget_marked_content(document: pikepdf.Pdf) -> None:
    document.Root.StructTreeRoot.ParentTree.Nums[1][0] = None


def claim_marked_content(document: pikepdf.Pdf) -> None:
    element_of(document, "P").K.append(4711)


CHANGES: dict[str, tuple[str, Change]] = {
    "stream in another file": ("no_external_streams", set_entry(image_of, "/F", String("x"))),
    "unknown filter": ("allowed_filters", lambda document: image_of(document).write(b"x" * 16, filter=Name("/Secret"))),
    "LZW in an inline image": ("allowed_filters", draw_inline_image(b"/F /LZW")),
    "integer": ("implementation_limits", set_entry(root_of, "/Extra", 2**31)),
    "string": ("implementation_limits", set_entry(root_of, "/Extra", String("x" * 32_768))),
    "name": ("implementation_limits", set_entry(root_of, "/Extra", Name("/" + "x" * 128))),
    "nested q": ("implementation_limits", add_content(b"q " * 29 + b"Q " * 29)),
    "page size": ("implementation_limits", set_entry(page_of, "/BleedBox", Array([0, 0, 2, 9]))),
    "permission": ("permissions_of_the_certification", set_entry(root_of, "/Perms", Dictionary(Other=Dictionary()))),
    "name of the file": ("embedded_files_name_themselves", set_entry(attachment_of, "/UF", None)),
    "description": ("embedded_files_are_described", set_entry(attachment_of, "/Desc", None)),
    "media type": ("embedded_files_are_described", set_entry(lambda d: attachment_of(d).EF.F, "/Subtype", Name("/json"))),
    "date of change": ("embedded_files_are_described", set_entry(lambda d: attachment_of(d).EF.F.Params, "/ModDate", None)),
    "relationship": ("embedded_files_are_associated", set_entry(attachment_of, "/AFRelationship", None)),
    "association": ("embedded_files_are_associated", set_entry(root_of, "/AF", None)),
    "no metadata": ("metadata_are_there", set_entry(root_of, "/Metadata", None)),
    "broken metadata": ("metadata_are_well_formed", edit_metadata(b"</rdf:RDF>", b"")),
    "metadata with entities": (
        "metadata_are_well_formed",
        edit_metadata(b"<x:xmpmeta", b'<!DOCTYPE x [<!ENTITY a "b">]><x:xmpmeta'),
    ),
    "bytes in the header": ("metadata_are_well_formed", edit_metadata(b'id="W5M0', b'bytes="9" id="W5M0')),
    "level": ("metadata_identify_the_archive_level", edit_metadata(b'conformance="A"', b'conformance="B"')),
    "part of PDF/UA": ("metadata_identify_the_access_part", edit_metadata(b'pdfuaid:part="1"', b'pdfuaid:part="2"')),
    "title": ("metadata_give_the_title", empty_title),
    "undeclared property": (
        "metadata_declare_their_properties",
        edit_metadata(b"<pdfaProperty:name>part", b"<pdfaProperty:name>other"),
    ),
    "declaration without a category": (
        "metadata_declare_their_properties",
        edit_metadata(b"internal</pdfaProperty", b"secret</pdfaProperty"),
    ),
    "date of the metadata": (
        "metadata_agree_with_the_information",
        edit_metadata(b"<xmp:ModifyDate>2022", b"<xmp:ModifyDate>2021"),
    ),
    "producer": ("metadata_agree_with_the_information", lambda document: document.docinfo.__setitem__("/Producer", "x")),
    "creator": ("metadata_agree_with_the_information", lambda document: document.docinfo.__setitem__("/Author", "x")),
    "title of the document": (
        "metadata_agree_with_the_information",
        lambda document: document.docinfo.__setitem__("/Title", "x"),
    ),
    "unknown operator": ("content_streams_are_known_operators", add_content(b"BX 1 zz EX")),
    "open q": ("content_streams_are_known_operators", add_content(b"q")),
    "EMC without a beginning": ("content_streams_are_known_operators", add_content(b"EMC EMC", tag=b"")),
    "resources of the page": ("content_streams_name_their_resources", draw_form_without_resources),
    "second profile": ("output_intent", add_output_intent),
    "components": ("colour_profiles", set_entry(profile_of, "/N", 4)),
    "class of the profile": (
        "colour_profiles",
        replace_stream(profile_of, lambda content: content[:12] + b"link" + content[16:]),
    ),
    "version of the profile": ("colour_profiles", replace_stream(profile_of, lambda content: content[:8] + b"\5" + content[9:])),
    "CMYK fill": ("device_colours_have_their_profile", add_content(b"0 0 0 1 k")),
    "CMYK space": ("device_colours_have_their_profile", add_content(b"/DeviceCMYK CS")),
    "CMYK image": ("device_colours_have_their_profile", set_entry(image_of, "/ColorSpace", Name.DeviceCMYK)),
    "CMYK behind an index": (
        "device_colours_have_their_profile",
        set_entry(image_of, "/ColorSpace", Array([Name.Indexed, Name.DeviceCMYK, 0, String("abcd")])),
    ),
    "CMYK inline image": ("device_colours_have_their_profile", add_content(b"q BI /W 1 /H 1 /BPC 8 /CS /CMYK ID abcd EI Q")),
    "CMYK page group": (
        "device_colours_have_their_profile",
        set_entry(page_of, "/Group", Dictionary(S=Name.Transparency, CS=Name.DeviceCMYK)),
    ),
    "CMYK in a form": (
        "device_colours_have_their_profile",
        lambda document: draw_form(document, Resources=Dictionary()).write(b"0 0 0 1 K"),
    ),
    "CMYK in a field": (
        "device_colours_have_their_profile",
        lambda document: annotation_of(document, "Widget").AP.N.write(b"0 0 0 1 K"),
    ),
    "transfer function": ("graphics_states", set_entry(state_of, "/TR", Name.Identity)),
    "second transfer function": ("graphics_states", set_entry(state_of, "/TR2", Name.Identity)),
    "halftone phase": ("graphics_states", set_entry(state_of, "/HTP", Array([0, 0]))),
    "halftone": ("graphics_states", set_entry(state_of, "/HT", Dictionary(HalftoneType=6))),
    "intent of an operator": ("rendering_intents", add_content(b"/Bright ri")),
    "intent of an image": ("rendering_intents", set_entry(image_of, "/Intent", Name.Bright)),
    "intent of a state": ("rendering_intents", set_entry(state_of, "/RI", Name.Bright)),
    "interpolation": ("images", set_entry(image_of, "/Interpolate", value=True)),
    "interpolation of an inline image": ("images", draw_inline_image(b"/I true")),
    "alternates": ("images", set_entry(image_of, "/Alternates", Array())),
    "OPI of an image": ("images", set_entry(image_of, "/OPI", Dictionary())),
    "PostScript": ("no_postscript_and_opi", lambda document: draw_form(document, Resources=Dictionary(), Subtype2=Name.PS)),
    "OPI of a form": ("no_postscript_and_opi", lambda document: draw_form(document, Resources=Dictionary(), OPI=Dictionary())),
    "reference": ("no_reference_xobjects", lambda document: draw_form(document, Resources=Dictionary(), Ref=Dictionary())),
    "blend mode": ("blend_modes", set_entry(state_of, "/BM", Name.Glow)),
    "font without type": ("fonts_are_whole", set_entry(font_of, "/Type", None)),
    "font without a program": ("fonts_are_embedded", take_away_embedded_program),
    "glyph map": ("fonts_map_characters_to_glyphs", set_entry(lambda d: font_of(d).DescendantFonts[0], "/CIDToGIDMap", None)),
    "glyphs": ("fonts_have_the_glyphs_shown", break_glyph_count),
    "widths": ("widths_are_those_of_the_font", break_widths),
    "no text at all": ("glyphs_have_text", set_entry(font_of, "/ToUnicode", None)),
    "one glyph without text": ("glyphs_have_text", edit_map("")),
    "byte order mark as text": ("glyphs_have_real_text", edit_map("\ufeff")),
    "zero as text": ("glyphs_have_real_text", edit_map("\0")),
    "private use": ("private_characters_are_explained", edit_map("\uf710")),
    "type of annotation": ("annotations_are_of_allowed_types", lambda document: add_annotation(document, "Screen")),
    "trap network": ("no_trap_networks", lambda document: add_annotation(document, "TrapNet")),
    "hidden field": ("annotations_are_printed_and_not_hidden", set_entry(lambda d: annotation_of(d, "Widget"), "/F", 134)),
    "link without flags": ("annotations_are_printed_and_not_hidden", set_entry(lambda d: annotation_of(d, "Link"), "/F", None)),
    "no appearance": ("annotations_have_an_appearance", set_entry(lambda d: annotation_of(d, "Widget"), "/AP", None)),
    "appearance when pressed": (
        "annotations_have_an_appearance",
        lambda document: annotation_of(document, "Widget").AP.__setitem__("/D", annotation_of(document, "Widget").AP.N),
    ),
    "states of no button": (
        "annotations_have_an_appearance",
        lambda document: annotation_of(document, "Widget").AP.__setitem__(
            "/N", Dictionary(On=annotation_of(document, "Widget").AP.N)
        ),
    ),
    "action of a field": (
        "fields_have_no_actions",
        set_entry(lambda d: annotation_of(d, "Widget"), "/A", Dictionary(S=Name.URI, URI=String("x"))),
    ),
    "appearances made anew": (
        "appearances_are_not_made_anew",
        set_entry(lambda d: d.Root.AcroForm, "/NeedAppearances", value=True),
    ),
    "XFA": ("no_xfa_form", set_entry(lambda d: d.Root.AcroForm, "/XFA", Array())),
    "script": ("actions_are_allowed", set_entry(root_of, "/OpenAction", Dictionary(S=Name.JavaScript, JS=String("x")))),
    "launch": ("actions_are_allowed", set_entry(lambda d: annotation_of(d, "Link").A, "/S", Name.Launch)),
    "next action": (
        "actions_are_allowed",
        set_entry(lambda d: annotation_of(d, "Link").A, "/Next", Array([Dictionary(S=Name.Hide)])),
    ),
    "named action": ("actions_are_allowed", set_entry(root_of, "/OpenAction", Dictionary(S=Name.Named, N=Name.Print))),
    "document's own actions": ("no_actions_by_themselves", set_entry(root_of, "/AA", Dictionary())),
    "page's own actions": ("no_actions_by_themselves", set_entry(page_of, "/AA", Dictionary())),
    "layers": ("layers_have_a_name_and_no_automatism", add_layers),
    "field outside the structure": (
        "annotations_stand_in_the_structure",
        set_entry(lambda d: annotation_of(d, "Widget"), "/StructParent", None),
    ),
    "link in another element": ("annotations_stand_in_the_structure", rename("Link", "Span")),
    "link without words": (
        "links_and_annotations_are_described",
        set_entry(lambda d: annotation_of(d, "Link"), "/Contents", None),
    ),
    "field without words": ("fields_say_what_they_are", set_entry(lambda d: annotation_of(d, "Widget"), "/TU", None)),
    "tab order": ("tabs_follow_the_structure", set_entry(page_of, "/Tabs", None)),
    "not marked": ("document_is_marked", set_entry(lambda d: d.Root.MarkInfo, "/Marked", value=False)),
    "suspect": ("tags_are_not_suspect", set_entry(lambda d: d.Root.MarkInfo, "/Suspects", value=True)),
    "wrong parent": (
        "elements_name_their_parent",
        lambda document: set_entry(lambda d: element_of(d, "P"), "/P", element_of(document, "H1"))(document),
    ),
    "content of no element": ("marked_content_has_its_element", forget_marked_content),
    "element without content": ("marked_content_has_its_element", claim_marked_content),
    "id used twice": ("marked_content_has_its_element", add_content(b"/Span <</MCID 0>> BDC EMC", tag=b"")),
    "path outside": ("everything_drawn_is_marked", lambda document: write_content(document, not_marked)),
    "form outside": (
        "everything_drawn_is_marked",
        draw_unmarked_form,
    ),
    "artifact in content": ("artifacts_and_content_are_apart", lambda document: write_content(document, artifact_inside)),
    "content in an artifact": ("artifacts_and_content_are_apart", lambda document: write_content(document, inside_artifact)),
    "tagged form in an artifact": ("artifacts_and_content_are_apart", hide_tagged_form_in_an_artifact),
    "tagged form twice": ("tagged_forms_are_drawn_once", draw_tagged_form_twice),
    "no language": ("language_of_the_document", set_entry(root_of, "/Lang", None)),
    "language of an element": ("languages_are_well_formed", set_entry(lambda d: element_of(d, "P"), "/Lang", String("ไทย"))),
    "language of content": ("languages_are_well_formed", add_content(b"/Span <</Lang (th_TH)>> BDC EMC")),
    "name of the file in the window": ("title_is_shown", set_entry(root_of, "/ViewerPreferences", None)),
    "unknown type": ("structure_types_are_known", use_role("Paragraph", {})),
    "standard type mapped": ("role_map_is_sound", use_role("P", {"P": "Div"})),
    "figure": ("figures_have_a_text", set_entry(lambda d: element_of(d, "Figure"), "/Alt", None)),
    "formula": ("formulas_have_a_text", rename("P", "Formula")),
    "skipped heading": ("headings_descend_step_by_step", rename("H2", "H3")),
    "first heading": ("headings_descend_step_by_step", rename("H1", "H2")),
    "two kinds of headings": ("headings_are_of_one_kind", rename("H2", "H")),
    "notes with one id": ("notes_have_an_identifier", add_two_notes),
    "cell that is a paragraph": ("tables_lists_and_contents_are_nested", rename("TD", "P")),
    "entry outside a list": ("tables_lists_and_contents_are_nested", rename("P", "LI")),
    "second head": ("sections_and_captions_stand_in_order", add_section),
    "headers": ("table_headers_say_what_they_head", forget_headers),
    "unknown header": ("header_references_lead_somewhere", name_unknown_header),
    "short row": ("tables_are_regular", drop_cell),
}


def show_missing_glyph(document: pikepdf.Pdf) -> None:
    """Show glyph 0 with its right width and a text, so that nothing else is wrong with it."""
    name, font = next(iter(page_of(document).Resources.Font.items()))
    descendant = font.DescendantFonts[0]
    width = read_true_type(descendant.FontDescriptor.FontFile2.read_bytes()).advance(0)
    descendant.W = Array([0, Array([round(width)]), *descendant.W])
    font.ToUnicode.write(font.ToUnicode.read_bytes().replace(b"endcmap", b"1 beginbfchar\n<0000> <0041>\nendbfchar\nendcmap"))
    add_content(f"BT {name} 9 Tf <0000> Tj ET".encode())(document)


def encrypted(pdf: bytes, *, accessibility: bool) -> bytes:
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        allow = pikepdf.Permissions(accessibility=accessibility)
        document.save(
            output,
            encryption=pikepdf.Encryption(owner="x", R=3, aes=False, metadata=False, allow=allow),
            fix_metadata_version=False,
        )
    return output.getvalue()


def with_unnamed_object(pdf: bytes) -> bytes:
    return pdf + b"999 0 obj\n<<>>\nendobj\n" + pdf[pdf.rindex(b"startxref") :]


# What is done to the bytes, or cannot be broken without breaking more: the rules that find it, all of them.
MORE_CHANGES: dict[str, tuple[set[str], Callable[[bytes], bytes]]] = {
    "version": ({"header_and_binary_comment"}, lambda pdf: pdf.replace(b"%PDF-1.7", b"%PDF-1.9", 1)),
    "binary comment": ({"header_and_binary_comment"}, lambda pdf: pdf[:9] + b"%text" + pdf[14:]),
    "identifier": ({"trailer_identifier"}, lambda pdf: pdf.replace(b"/ID [", b"/IE [", 1)),
    "something after the end": ({"nothing_after_the_end", "every_revision_is_readable"}, lambda pdf: pdf + b"x"),
    "object that no table names": ({"every_revision_is_readable"}, with_unnamed_object),
    "encoding": (
        {"fonts_embed_their_encoding"},
        lambda pdf: changed(pdf, set_entry(font_of, "/Encoding", Name("/Secret-H"))),
    ),
    "missing glyph": ({"no_missing_glyph_is_shown"}, lambda pdf: changed(pdf, show_missing_glyph)),
    "no output intent": (
        {"output_intent", "device_colours_have_their_profile", "transparent_pages_name_their_colours"},
        lambda pdf: changed(pdf, take_away_output_intent),
    ),
    "circle of roles": (
        {"structure_types_are_known", "role_map_is_sound"},
        lambda pdf: changed(pdf, use_role("Absatz", {"Absatz": "Satz", "Satz": "Absatz"})),
    ),
    "no structure tree": (
        {"structure_tree_is_there", "marked_content_has_its_element", "annotations_stand_in_the_structure"},
        lambda pdf: changed(pdf, set_entry(root_of, "/StructTreeRoot", None)),
    ),
}
SIGNED_CHANGES: dict[str, tuple[str, bytes, bytes]] = {
    "kind of signature": ("signatures_hold_one_signer", rb"/ETSI\.CAdES\.detached", b"/ETSI.CAdES.attached"),
    "no signature in it": ("signatures_hold_one_signer", rb"/Contents <3082", b"/Contents <3182"),
    "range that ends early": ("signatures_cover_their_revision", rb"/ByteRange \[0 (\d+) (\d+) \d", rb"/ByteRange [0 \1 \2 0"),
    "range with a hole": ("signatures_cover_their_revision", rb"/ByteRange \[0 (\d+)\d ", rb"/ByteRange [0 \g<1>0 "),
}


def test_every_rule_has_a_fault_of_its_own() -> None:
    broken = {name for name, _ in CHANGES.values()} | {name for name, _, _ in SIGNED_CHANGES.values()}
    broken |= {name for names, _ in MORE_CHANGES.values() for name in names}
    assert {rule.find.__name__ for rule in RULES} == broken | {"no_encryption", "encryption_lets_screen_readers_in"}


@pytest.mark.parametrize("case", CHANGES)
def test_a_broken_fact_is_found_by_its_rule_and_no_other(case: str, honest: bytes) -> None:
    name, change = CHANGES[case]
    report = check_conformance(changed(honest, change))
    assert {RULES[finding.rule - 1].find.__name__ for finding in report.findings} == {name}
    assert report.unseen == ()


@pytest.mark.parametrize("case", MORE_CHANGES)
def test_what_breaks_more_than_one_fact_is_found_by_each_of_their_rules(case: str, honest: bytes) -> None:
    names, change = MORE_CHANGES[case]
    broken = change(honest)
    assert broken != honest
    assert rules_broken(broken) == names


@pytest.mark.parametrize("case", SIGNED_CHANGES)
def test_a_fault_of_a_signature_is_found(case: str, signed_states: tuple[bytes, ...]) -> None:
    name, found, replacement = SIGNED_CHANGES[case]
    broken, count = re.subn(found, replacement, signed_states[-1], count=1)
    assert count == 1
    assert rules_broken(broken) == {name}


def test_a_digest_in_a_signature_reference_is_found(signed_states: tuple[bytes, ...]) -> None:
    def add_digest(document: pikepdf.Pdf) -> None:
        document.Root.Perms.DocMDP.Reference[0].DigestMethod = Name.MD5

    # Saved anew, the ranges of the signatures are those of another file: that is found, too.
    assert rules_broken(changed(signed_states[-1], add_digest)) == {
        "permissions_of_the_certification",
        "signatures_cover_their_revision",
    }


@pytest.mark.parametrize("accessibility", [True, False], ids=["open to screen readers", "closed to screen readers"])
def test_an_encrypted_file_is_found(accessibility: bool, honest: bytes) -> None:  # noqa: FBT001  # the parameter of a table
    found = rules_broken(encrypted(honest, accessibility=accessibility))
    assert "no_encryption" in found
    assert ("encryption_lets_screen_readers_in" in found) is not accessibility


def test_a_fault_under_both_standards_is_a_finding_under_each(honest: bytes) -> None:
    report = check_conformance(changed(honest, take_away_embedded_program))
    assert [finding.clause for finding in report.of(Standard.ARCHIVE)] == ["6.2.11.4"]
    assert [finding.clause for finding in report.of(Standard.ACCESS)] == ["7.21.4.1"]
    assert str(report.summary()) == f"faults found by {len(RULES)} rules: 1 against PDF/A-3a, 1 against PDF/UA-1"


def test_a_finding_names_its_place(honest: bytes) -> None:
    (finding,) = check_conformance(changed(honest, set_entry(lambda d: annotation_of(d, "Widget"), "/F", 134))).findings
    assert str(finding.place) == "page 1, S0002"


def test_what_stands_in_for_private_use_is_no_finding(honest: bytes) -> None:
    def replaced(document: pikepdf.Pdf) -> None:
        edit_map("\uf710")(document)
        write_content(document, lambda content: re.sub(rb"BT\b", b"/Span <</ActualText (x)>> BDC BT", content))
        write_content(document, lambda content: re.sub(rb"ET\b", b"ET EMC", content))

    assert rules_broken(changed(honest, replaced)) == set()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(
            lambda document: image_of(document).write(b"\0", filter=Name.JPXDecode),
            "what a JPEG 2000 image holds",
            id="JPEG 2000",
        ),
        pytest.param(
            lambda document: set_entry(font_of, "/Encoding", document.make_stream(b"", Type=Name.CMap))(document),
            "what an embedded CMap says",
            id="embedded CMap",
        ),
        pytest.param(
            set_entry(page_of, "/BleedBox", Array([0, 0, 9])), "an object has an unexpected shape", id="box of three edges"
        ),
    ],
)
def test_what_cannot_be_judged_is_not_looked_at_and_never_passed(change: Change, expected: str, honest: bytes) -> None:
    report = check_conformance(changed(honest, change))
    assert any(expected in str(unseen.message) for unseen in report.unseen)
    assert not report.is_complete
    assert f"{len(RULES)} rules; a full" not in str(report.summary())


@pytest.mark.parametrize("content", [b"", b"no PDF", b"%PDF-1.7\n%\xff\xff\xff\xff\n"], ids=["empty", "text", "header alone"])
def test_a_file_that_cannot_be_opened_is_a_finding_and_the_rest_not_looked_at(content: bytes) -> None:
    report = check_conformance(content)
    assert {finding.clause for finding in report.findings} == {"6.1.7"}
    assert report.unseen


def test_a_truncated_file_is_a_finding(signed_states: tuple[bytes, ...]) -> None:
    assert check_conformance(signed_states[-1][:-100]).has_faults


def test_a_structure_tree_in_a_circle_comes_to_an_end(honest: bytes) -> None:
    def circle(document: pikepdf.Pdf) -> None:
        element_of(document, "P").K.append(document.Root.StructTreeRoot.K[0])

    assert check_conformance(changed(honest, circle)) is not None


def test_a_form_that_draws_itself_comes_to_an_end(honest: bytes) -> None:
    def circle(document: pikepdf.Pdf) -> None:
        form = draw_form(document)
        form.Resources = Dictionary(XObject=Dictionary(Self=form))
        form.write(b"/Self Do")

    assert rules_broken(changed(honest, circle)) == set()
