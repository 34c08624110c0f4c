"""The short way and pyHanko's full analysis agree on verdict, level and changed fields, whatever a document went through.

Histories are drawn at random: legal and illegal revisions, interleaved. Their signatures are dictionaries without a value, since
what is compared here is what revisions do, not what keys do.
"""

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import TYPE_CHECKING

import pikepdf
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, SuspiciousModification

from signatures.changes import OWN_POLICY
from signatures.comparison import Comparison, Lock
from signatures.fields import SignatureSlot, prepare_fields
from signatures.reader import open_reader
from signatures.revisions import read_revisions
from signatures.steps import Step, recognised_steps

if TYPE_CHECKING:
    from tests.conftest import SignedMemorandum

NO_LOCK = Lock(None, None)
FIELDS = ("S0001", "S0002", "S0003")
Change = Callable[["Writer"], None]


class Writer(IncrementalPdfFileWriter):
    """A writer that leaves the metadata alone, as the product's does."""

    def _update_meta(self) -> None:
        pass

    def touch_catalog(self) -> None:
        """Say that the catalog was changed."""
        self.mark_update(self.root_ref)

    def written(self) -> bytes:
        """Return the file with the new revision."""
        out = BytesIO()
        self.write(out)  # type: ignore[no-untyped-call]  # pyHanko's carries no types
        return out.getvalue()


def dictionary(**members: generic.PdfObject) -> generic.DictionaryObject:
    return generic.DictionaryObject({pdf_name(f"/{key}"): value for key, value in members.items()})


def numbers(*values: float) -> generic.ArrayObject:
    return generic.ArrayObject([generic.FloatObject(value) for value in values])


def form(width: float, height: float) -> generic.StreamObject:
    members = {pdf_name("/Subtype"): pdf_name("/Form"), pdf_name("/BBox"): numbers(0, 0, width, height)}
    return generic.StreamObject(members, stream_data=b"0 0 9 9 re f")


def field_of(writer: Writer, name: str) -> generic.IndirectObject:
    for found in writer.root["/AcroForm"]["/Fields"]:
        if found.get_object()["/T"] == name:
            assert isinstance(found, generic.IndirectObject)
            return found
    raise LookupError(name)


def change(writer: Writer, name: str, **members: generic.PdfObject) -> None:
    reference = field_of(writer, name)
    reference.get_object().update(dictionary(**members))
    writer.mark_update(reference)


def signature(writer: Writer, kind: str = "/Sig", **more: generic.PdfObject) -> generic.IndirectObject:
    return writer.add_object(dictionary(Type=pdf_name(kind), Filter=pdf_name("/Adobe.PPKLite"), **more))


def fill(name: str) -> Change:
    return lambda writer: change(writer, name, V=signature(writer))


def fill_and_draw(name: str) -> Change:
    return lambda writer: change(writer, name, V=signature(writer), AP=dictionary(N=writer.add_object(form(200, 60))))


def fill_and_draw_larger(writer: Writer) -> None:
    change(writer, "S0002", V=signature(writer), AP=dictionary(N=writer.add_object(form(400, 60))))


def fill_with_more(writer: Writer) -> None:
    change(writer, "S0002", V=signature(writer, Extra=writer.add_object(generic.StreamObject(stream_data=b"hidden"))))


def fill_and_move(writer: Writer) -> None:
    change(writer, "S0002", V=signature(writer), Rect=numbers(0, 0, 200, 60))


def fill_and_leave_loose(writer: Writer) -> None:
    change(writer, "S0001", V=signature(writer))
    writer.add_object(generic.StreamObject(stream_data=b"loose"))


def fill_two(writer: Writer) -> None:
    change(writer, "S0001", V=signature(writer))
    change(writer, "S0002", V=signature(writer))


def stamp_in_prepared_field(writer: Writer) -> None:
    change(writer, "S0003", V=signature(writer, "/DocTimeStamp"))


def register(writer: Writer) -> None:
    change(writer, "R0001", V=pdf_string("ทะเบียน 1/2565"), AP=dictionary(N=writer.add_object(form(100, 20))))


def register_otherwise(writer: Writer) -> None:
    change(writer, "R0001", V=pdf_string("ทะเบียน 9/2599"))


def register_too_long(writer: Writer) -> None:
    change(writer, "R0001", V=pdf_string("1" * 201))


def register_under_a_signature(writer: Writer) -> None:
    register(writer)
    fill_and_draw("S0003")(writer)


def register_under_two_signatures(writer: Writer) -> None:
    register(writer)
    fill_two(writer)


def register_and_draw_larger(writer: Writer) -> None:
    register(writer)
    fill_and_draw_larger(writer)


def add_store(writer: Writer) -> None:
    certificate = writer.add_object(generic.StreamObject(stream_data=b"certificate"))
    writer.root["/DSS"] = writer.add_object(dictionary(Certs=generic.ArrayObject([certificate])))
    writer.touch_catalog()


def grow_store(writer: Writer) -> None:
    if "/DSS" not in writer.root:
        return add_store(writer)
    writer.root["/DSS"]["/Certs"].append(writer.add_object(generic.StreamObject(stream_data=b"another")))
    writer.update_container(writer.root["/DSS"]["/Certs"])
    return None


def add_strange_store(writer: Writer) -> None:
    writer.root["/DSS"] = writer.add_object(dictionary(Page=writer.root["/Pages"]["/Kids"].raw_get(0)))
    writer.touch_catalog()


def new_field(kind: str, box: generic.ArrayObject, *, on_page: bool = True) -> Change:
    def add(writer: Writer) -> None:
        page = writer.root["/Pages"]["/Kids"].raw_get(0)
        name = f"T{len(writer.root['/AcroForm']['/Fields']):04}"
        added = writer.add_object(
            dictionary(
                Type=pdf_name("/Annot"),
                Subtype=pdf_name("/Widget"),
                FT=pdf_name("/Sig"),
                T=pdf_string(name),
                Rect=box,
                F=generic.NumberObject(132),
                V=signature(writer, kind),
                P=page,
            )
        )
        fields = writer.root["/AcroForm"]["/Fields"]
        fields.append(added)
        writer.update_container(fields)
        if on_page:
            page.get_object()["/Annots"].append(added)
            writer.update_container(page.get_object()["/Annots"])

    return add


def draw_over(writer: Writer) -> None:
    page = writer.root["/Pages"]["/Kids"].raw_get(0)
    page.get_object()["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"0 0 500 500 re f"))
    writer.mark_update(page)


def note(writer: Writer) -> None:
    page = writer.root["/Pages"]["/Kids"].raw_get(0)
    page.get_object()["/Annots"].append(writer.add_object(dictionary(Subtype=pdf_name("/Text"), Rect=numbers(0, 0, 9, 9))))
    writer.update_container(page.get_object()["/Annots"])


def rewrite_alike(writer: Writer) -> None:
    writer.mark_update(field_of(writer, "S0003"))


def remove_form(writer: Writer) -> None:
    writer.root["/AcroForm"]["/Fields"] = generic.ArrayObject()
    writer.update_container(writer.root["/AcroForm"])


LEGAL: dict[str, Change] = {
    **{f"fill {name}": fill(name) for name in FIELDS},
    "fill and draw": fill_and_draw("S0001"),
    "register": register,
    "register otherwise": register_otherwise,
    "register under a signature": register_under_a_signature,
    "add validation data": add_store,
    "grow validation data": grow_store,
    "time stamp": new_field("/DocTimeStamp", numbers(0, 0, 0, 0)),
    "time stamp on no page": new_field("/DocTimeStamp", numbers(0, 0, 0, 0), on_page=False),
    "time stamp in a prepared field": stamp_in_prepared_field,
}
ILLEGAL: dict[str, Change] = {
    "draw larger": fill_and_draw_larger,
    "fill with more": fill_with_more,
    "fill and move": fill_and_move,
    "leave loose": fill_and_leave_loose,
    "fill two": fill_two,
    "register too long": register_too_long,
    "register under two signatures": register_under_two_signatures,
    "register and draw larger": register_and_draw_larger,
    "strange validation data": add_strange_store,
    "visible time stamp": new_field("/DocTimeStamp", numbers(300, 300, 400, 400)),
    "new signature": new_field("/Sig", numbers(0, 0, 0, 0)),
    "draw over": draw_over,
    "note": note,
    "rewrite alike": rewrite_alike,
    "remove form": remove_form,
}
CHANGES = LEGAL | ILLEGAL


@pytest.fixture(scope="module")
def base(memorandum: "SignedMemorandum") -> bytes:
    """A document with three empty fields and one for the registry, none of them filled."""
    slots = [SignatureSlot(name, name, 0, (60.0, 100.0 + 80 * row, 260.0, 160.0 + 80 * row)) for row, name in enumerate(FIELDS)]
    with pikepdf.open(BytesIO(prepare_fields(memorandum.blank(), slots))) as document:
        registry = document.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Widget,
                FT=pikepdf.Name.Tx,
                T="R0001",
                Rect=[400, 700, 500, 720],
                F=4,
                P=document.pages[0].obj,
            )
        )
        document.Root.AcroForm.Fields.append(registry)
        document.pages[0].Annots.append(registry)
        written = BytesIO()
        document.save(written, deterministic_id=True, min_version="1.7", object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return written.getvalue()


def history(base: bytes, names: Sequence[str]) -> bytes:
    pdf = base
    for name in names:
        writer = Writer(BytesIO(pdf))
        try:
            CHANGES[name](writer)
        except LookupError:  # an earlier revision took the field away
            break
        pdf = writer.written()
    return pdf


def steps_of(pdf: bytes) -> tuple[Step | None, ...]:
    return recognised_steps(pdf, open_reader(pdf, strict=True), read_revisions(pdf)[0].end)


def plain(outcome: DiffResult | SuspiciousModification) -> object:
    if isinstance(outcome, SuspiciousModification):
        return "refused"
    return outcome.modification_level, outcome.changed_form_fields


def outcomes(pdf: bytes, *, short: bool) -> list[object]:
    """Return what is said of each revision as if it had been signed."""
    reader = open_reader(pdf, strict=True)
    count = reader.xrefs.total_revisions
    steps = steps_of(pdf) if short else (None,) * count
    comparison = Comparison(reader, steps, last_signed_revision=count - 1, is_own=True)
    return [plain(comparison.after(number, NO_LOCK)) for number in range(count)]


DRAWN = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@DRAWN
@given(names=st.lists(st.sampled_from(sorted(CHANGES)), min_size=1, max_size=5))
@example(names=["fill S0001", "fill S0001"])
@example(names=["register", "fill S0001", "register otherwise"])
@example(names=["time stamp", "grow validation data", "time stamp", "grow validation data"])
def test_the_short_way_and_the_long_way_agree_on_any_history(base: bytes, names: list[str]) -> None:
    pdf = history(base, names)
    assert outcomes(pdf, short=True) == outcomes(pdf, short=False)


@DRAWN
@given(names=st.permutations(sorted(LEGAL)).map(lambda names: names[:5]))
def test_what_the_short_way_allows_pyhanko_itself_allows_alike(base: bytes, names: list[str]) -> None:
    """The rules of the policy, applied by pyHanko's own loop and read by its own reader."""
    pdf = history(base, names)
    steps = steps_of(pdf)
    reader = PdfFileReader(BytesIO(pdf))
    for first in range(len(steps)):
        later = steps[first + 1 :]
        if later and None not in later:
            full = OWN_POLICY.review_file(reader, first)
            assert isinstance(full, DiffResult), full
            known = [step for step in later if step is not None]
            assert full.modification_level == max(step.level for step in known)
            assert full.changed_form_fields == {name for step in known for name in step.fields}


@pytest.mark.parametrize("name", LEGAL)
def test_every_legal_step_is_recognised(base: bytes, name: str) -> None:
    assert steps_of(history(base, [name]))[1] is not None


def test_a_store_that_grows_in_place_is_recognised(base: bytes) -> None:
    assert None not in steps_of(history(base, ["add validation data", "fill S0001", "grow validation data"]))[1:]


@pytest.mark.parametrize("name", ILLEGAL)
def test_no_illegal_step_is_recognised(base: bytes, name: str) -> None:
    assert steps_of(history(base, [name]))[1] is None


@pytest.mark.parametrize(
    "name", sorted(ILLEGAL.keys() - {"rewrite alike", "fill two", "leave loose", "register under two signatures"})
)
def test_every_illegal_step_is_refused(base: bytes, name: str) -> None:
    assert outcomes(history(base, [name]), short=True)[0] == "refused"


@pytest.mark.parametrize(
    "names", [["fill S0001", "fill S0001"], ["register", "register otherwise"]], ids=["signature", "registry"]
)
def test_a_value_is_filled_once(base: bytes, names: list[str]) -> None:
    """Pairs of revisions do not show it to a signature that is older than both."""
    assert outcomes(history(base, names), short=True)[:2] == ["refused", "refused"]
    assert outcomes(history(base, names[:1]), short=True)[0] != "refused"
