import io
import math
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name

from signatures.digests import digest_of
from signatures.errors import FieldError, PdfUnreadableError
from signatures.fields import SEAL_FIELD, SignatureSlot, prepare_fields, read_fields, read_form

SLOT = SignatureSlot("S0001", "ลายมือชื่อ", 0, (60.0, 100.0, 260.0, 160.0))
Slots = tuple[SignatureSlot, ...]


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def saved(document: pikepdf.Pdf, **settings: object) -> bytes:
    written = io.BytesIO()
    document.save(written, **settings)  # type: ignore[arg-type]  # whatever a test wants of pikepdf
    return written.getvalue()


def form_fields(document: pikepdf.Pdf) -> dict[str, pikepdf.Object]:
    return {str(field.T): field for field in document.Root.AcroForm.Fields}


def test_the_same_document_and_slots_give_the_same_bytes(tagged_pdf: bytes, slots: Slots) -> None:
    assert prepare_fields(tagged_pdf, slots) == prepare_fields(tagged_pdf, list(slots))


@pytest.mark.parametrize("seed", ["0", "4242"])
def test_another_process_gives_the_same_bytes(
    tagged_pdf: bytes, slots: Slots, prepared: bytes, seed: str, tmp_path: Path
) -> None:
    source = tmp_path / "base.pdf"
    source.write_bytes(tagged_pdf)
    program = (
        "import sys, pathlib\n"
        "from signatures.digests import digest_of\n"
        "from signatures.fields import SignatureSlot, prepare_fields\n"
        f"slots = {[(slot.name, slot.label, slot.page, slot.box) for slot in slots]!r}\n"
        "pdf = pathlib.Path(sys.argv[1]).read_bytes()\n"
        "print(digest_of(prepare_fields(pdf, [SignatureSlot(*slot) for slot in slots])))\n"
    )
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    done = subprocess.run(
        [sys.executable, "-c", program, str(source)], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout.strip() == str(digest_of(prepared))


def test_prepared_fields_read_back_as_the_slots_say_and_the_seal_has_no_place(prepared: bytes, slots: Slots) -> None:
    form = read_form(prepared)
    seal, *rest = form.fields
    assert (seal.name, seal.is_filled, seal.page, seal.box) == (SEAL_FIELD, False, None, None)
    assert [(state.name, state.is_filled, state.page, state.box) for state in rest] == [
        (slot.name, False, slot.page, slot.box) for slot in slots
    ]
    assert form.docmdp_level is None


def test_a_document_has_one_revision_and_needs_no_repair_after_its_fields_are_made(prepared: bytes) -> None:
    assert prepared.count(b"%%EOF") == 1
    with pikepdf.open(io.BytesIO(prepared), attempt_recovery=False) as document:
        assert not document.check_pdf_syntax()


def test_fields_print_are_locked_not_hidden_and_say_what_they_are(prepared: bytes, slots: Slots) -> None:
    with opened(prepared) as document:
        fields = form_fields(document)
        assert {int(field.F) for field in fields.values()} == {4 + 128}
        assert {str(field.TU) for name, field in fields.items() if name != SEAL_FIELD} == {slot.label for slot in slots}
        assert [float(edge) for edge in fields[SEAL_FIELD].Rect] == [0, 0, 0, 0]
        assert all(field.AP.N.read_bytes() == b"" for field in fields.values())


def test_a_tagged_document_has_a_form_element_for_each_field(prepared: bytes) -> None:
    with opened(prepared) as document:
        fields = form_fields(document)
        root = document.Root.StructTreeRoot
        numbers = list(root.ParentTree.Nums)
        keys = [int(key) for key in numbers[::2]]
        assert keys == sorted(set(keys))
        parents = dict(zip(keys, numbers[1::2], strict=True))
        children = [child.objgen for child in root.K.K] if isinstance(root.K, Dictionary) else [c.objgen for c in root.K[0].K]
        for field in fields.values():
            element = parents[int(field.StructParent)]
            assert str(element.S) == "/Form"
            assert element.K.Type == Name.OBJR
            assert element.K.Obj.objgen == field.objgen
            assert str(element.Alt) == str(field.TU)
            assert element.objgen in children
            assert field.P.Tabs == Name.S
        assert int(root.ParentTreeNextKey) == max(keys) + 1


def test_the_pages_of_a_tagged_document_keep_their_own_entries_in_the_parent_tree(tagged_pdf: bytes, prepared: bytes) -> None:
    with opened(tagged_pdf) as before, opened(prepared) as after:
        for page_before, page_after in zip(before.pages, after.pages, strict=True):
            assert int(page_before.obj.StructParents) == int(page_after.obj.StructParents)
        assert len(after.Root.StructTreeRoot.ParentTree.Nums) == len(before.Root.StructTreeRoot.ParentTree.Nums) + 2 * 21


def test_a_document_without_tags_gets_fields_and_no_tags(plain_pdf: bytes) -> None:
    pdf = prepare_fields(plain_pdf, [SLOT])
    assert [state.name for state in read_fields(pdf)] == [SEAL_FIELD, "S0001"]
    with opened(pdf) as document:
        assert Name.StructTreeRoot not in document.Root
        assert all(Name.StructParent not in field for field in form_fields(document).values())


def test_a_document_without_slots_can_still_be_sealed(plain_pdf: bytes) -> None:
    assert [state.name for state in read_fields(prepare_fields(plain_pdf, []))] == [SEAL_FIELD]


def test_pages_that_share_their_list_of_annotations_do_not_share_the_field(plain_pdf: bytes) -> None:
    with opened(plain_pdf) as document:
        shared = document.make_indirect(Array())
        for page in document.pages:
            page.obj.Annots = shared
        pdf = prepare_fields(saved(document), [replace(SLOT, page=1)])
    with opened(pdf) as document:
        assert [[str(field.T) for field in page.obj.Annots] for page in document.pages] == [[SEAL_FIELD], ["S0001"]]


@pytest.mark.parametrize(
    "name",
    ["S0000", "S1", "S00001", "S0001.1", "s0001", "S๐๐๐๑", "", "S0001\n", " S0001"],
    ids=["seal", "short", "long", "tree", "small", "thai-digits", "empty", "line-end", "space"],
)
def test_a_name_of_another_form_is_refused(plain_pdf: bytes, name: str) -> None:
    with pytest.raises(FieldError) as refused:
        prepare_fields(plain_pdf, [replace(SLOT, name=name)])
    assert str(refused.value) == f"{name}: a field name from S0001 to S9999 is expected"


def test_a_name_that_came_twice_is_refused(plain_pdf: bytes) -> None:
    with pytest.raises(FieldError, match="S0001: each field has a name of its own, this one came twice"):
        prepare_fields(plain_pdf, [SLOT, replace(SLOT, page=1)])


@pytest.mark.parametrize("page", [2, -1], ids=["behind", "before"])
def test_a_page_that_is_not_there_is_refused(plain_pdf: bytes, page: int) -> None:
    with pytest.raises(FieldError, match=f"S0001: a page from 0 to 1 is expected, got {page}"):
        prepare_fields(plain_pdf, [replace(SLOT, page=page)])


@pytest.mark.parametrize(
    "box",
    [
        (500.0, 100.0, 600.0, 160.0),
        (-1.0, 100.0, 60.0, 160.0),
        (60.0, 800.0, 160.0, 843.0),
        (60.0, 100.0, 60.0, 160.0),
        (60.0, 100.0, 60.0001, 160.0),
        (260.0, 160.0, 60.0, 100.0),
        (60.0, 100.0, math.inf, 160.0),
        (60.0, math.nan, 260.0, 160.0),
    ],
    ids=["right", "left", "top", "no-width", "no-width-when-written", "turned-round", "endless", "no-number"],
)
def test_a_box_that_is_not_on_its_page_is_refused(plain_pdf: bytes, box: tuple[float, float, float, float]) -> None:
    with pytest.raises(FieldError) as refused:
        prepare_fields(plain_pdf, [replace(SLOT, box=box)])
    assert str(refused.value) == f"S0001: a box on its page ((0.0, 0.0, 595.0, 842.0)) is expected, got {box}"


def test_a_box_outside_what_is_shown_of_the_page_is_refused(plain_pdf: bytes) -> None:
    with opened(plain_pdf) as document:
        document.pages[0].obj.CropBox = Array([400, 842, 0, 300])
        cropped = saved(document)
    with pytest.raises(FieldError, match=r"a box on its page \(\(0.0, 300.0, 400.0, 842.0\)\) is expected"):
        prepare_fields(cropped, [SLOT])
    inside = replace(SLOT, box=(60.0, 400.0, 260.0, 460.0))
    assert read_fields(prepare_fields(cropped, [inside]))[1].box == inside.box


def test_a_box_on_that_of_another_field_is_refused(plain_pdf: bytes) -> None:
    other = replace(SLOT, name="S0002", box=(259.0, 150.0, 400.0, 200.0))
    with pytest.raises(FieldError) as refused:
        prepare_fields(plain_pdf, [SLOT, other])
    assert "S0002" in str(refused.value)
    assert "S0001" in str(refused.value)


def test_boxes_may_touch_and_may_lie_alike_on_two_pages(plain_pdf: bytes) -> None:
    beside = replace(SLOT, name="S0002", box=(260.0, 100.0, 400.0, 160.0))
    assert len(read_fields(prepare_fields(plain_pdf, [SLOT, beside, replace(SLOT, name="S0003", page=1)]))) == 4


def test_a_document_is_prepared_only_once(prepared: bytes) -> None:
    with pytest.raises(FieldError, match="a document without fields is expected, got one that has a form already"):
        prepare_fields(prepared, [SLOT])


def test_a_document_without_pages_has_no_place_for_a_field() -> None:
    with pytest.raises(FieldError, match="at least one page is expected"):
        prepare_fields(saved(pikepdf.new()), [])


@pytest.mark.parametrize("user", ["", "secret"], ids=["may-be-opened", "asks-for-a-password"])
def test_an_encrypted_document_is_refused(plain_pdf: bytes, user: str) -> None:
    with opened(plain_pdf) as document:
        encrypted = saved(document, encryption=pikepdf.Encryption(owner="owner", user=user))
    for use in (lambda pdf: prepare_fields(pdf, [SLOT]), read_fields):
        with pytest.raises(PdfUnreadableError, match="an open PDF is expected, got"):
            use(encrypted)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: b"",
        lambda _: b"%PDF-1.7\n",
        lambda _: bytes(range(256)) * 8,
        lambda pdf: pdf[: len(pdf) // 2],
        lambda pdf: pdf[40:],
    ],
    ids=["empty", "header-alone", "noise", "first-half", "beginning-lost"],
)
def test_what_is_no_sound_pdf_is_unreadable(plain_pdf: bytes, spoil: Callable[[bytes], bytes]) -> None:
    for use in (lambda pdf: prepare_fields(pdf, [SLOT]), read_fields):
        with pytest.raises(PdfUnreadableError, match="a PDF that can be read without repair is expected, got: "):
            use(spoil(plain_pdf))


@pytest.mark.parametrize(
    "form",
    [
        Dictionary(Fields=7),
        Dictionary(Fields=Array([Dictionary(FT=Name.Sig, T=7, Rect=Array([1, 2]))])),
        Dictionary(Fields=Array([7])),
    ],
    ids=["fields-a-number", "short-box", "field-a-number"],
)
def test_a_form_of_another_shape_is_unreadable(plain_pdf: bytes, form: pikepdf.Object) -> None:
    with opened(plain_pdf) as document:
        document.Root.AcroForm = form
        odd = saved(document)
    with pytest.raises(PdfUnreadableError):
        read_fields(odd)


def _without_parent_tree(document: pikepdf.Pdf) -> None:
    del document.Root.StructTreeRoot.ParentTree


def _with_branches(document: pikepdf.Pdf) -> None:
    tree = document.Root.StructTreeRoot.ParentTree
    leaf = document.make_indirect(Dictionary(Nums=tree.Nums, Limits=Array([0, 99])))
    document.Root.StructTreeRoot.ParentTree = document.make_indirect(Dictionary(Kids=Array([leaf])))


def _without_elements(document: pikepdf.Pdf) -> None:
    del document.Root.StructTreeRoot.K


def changed(pdf: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    with opened(pdf) as document:
        change(document)
        return saved(document)


def test_a_structure_tree_without_a_parent_tree_gets_one(tagged_pdf: bytes) -> None:
    with opened(prepare_fields(changed(tagged_pdf, _without_parent_tree), [SLOT])) as document:
        numbers = document.Root.StructTreeRoot.ParentTree.Nums
        assert [numbers[2 * index + 1].S for index in range(2)] == [Name.Form, Name.Form]


@pytest.mark.parametrize(
    ("change", "words"),
    [(_with_branches, "a parent tree in one piece is expected"), (_without_elements, "a document element is expected")],
    ids=["branches", "empty"],
)
def test_a_structure_tree_that_cannot_be_added_to_is_refused(
    tagged_pdf: bytes, change: Callable[[pikepdf.Pdf], None], words: str
) -> None:
    with pytest.raises(FieldError, match=words):
        prepare_fields(changed(tagged_pdf, change), [SLOT])


def test_a_certified_document_says_at_which_level_it_may_change(certified: bytes) -> None:
    form = read_form(certified)
    assert form.docmdp_level == 2
    assert [state.name for state in form.fields if state.is_filled] == [SEAL_FIELD]


def test_a_certification_by_another_field_is_not_that_of_the_seal(certified: bytes) -> None:
    def move(document: pikepdf.Pdf) -> None:
        seal, first, *_ = document.Root.AcroForm.Fields
        first.V = seal.V
        del seal.V

    assert read_form(changed(certified, move)).docmdp_level is None


edges = st.floats(min_value=0, max_value=200, allow_nan=False)


@given(left=edges, bottom=edges, width=st.floats(min_value=1, max_value=300), height=st.floats(min_value=1, max_value=300))
def test_any_box_on_the_page_reads_back_to_a_thousandth_of_a_point(
    plain_pdf: bytes, left: float, bottom: float, width: float, height: float
) -> None:
    box = (left, bottom, left + width, bottom + height)
    state = read_fields(prepare_fields(plain_pdf, [replace(SLOT, box=box)]))[1]
    assert state.box == pytest.approx(box, abs=0.0006)
