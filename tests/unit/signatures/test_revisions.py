import re
from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING

import pikepdf
import pytest

from signatures.errors import PdfUnreadableError
from signatures.revisions import findings, read_revisions

if TYPE_CHECKING:
    from tests.conftest import SignedMemorandum


def words(pdf: bytes) -> str:
    return " / ".join(str(finding) for finding in findings(pdf))


def with_compressed_objects() -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    written = BytesIO()
    document.save(written, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return written.getvalue()


def linearised() -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    written = BytesIO()
    document.save(written, linearize=True)
    return written.getvalue()


def last_table(pdf: bytes) -> int:
    return int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])


def update(pdf: bytes, body: bytes, entries: bytes, *, startxref: int | None = None, ending: bytes = b"%%EOF\n") -> bytes:
    """Return the PDF with a revision by hand: objects, a table with these entries, a trailer."""
    root = re.findall(rb"/Root (\d+ \d+ R)", pdf)[-1]
    size = re.findall(rb"/Size (\d+)", pdf)[-1]
    table = len(pdf) + len(body)
    trailer = b"trailer\n<< /Size %d /Root %s /Prev %d >>\n" % (int(size) + 10, root, last_table(pdf))
    place = table if startxref is None else startxref
    return pdf + body + b"xref\n" + entries + trailer + b"startxref\n%d\n" % place + ending


def entry(number: int, place: int) -> bytes:
    return b"%d 1\n%010d 00000 n \n" % (number, place)


@pytest.mark.parametrize(
    "make", [pytest.param(with_compressed_objects, id="compressed"), pytest.param(linearised, id="linearised")]
)
def test_an_ordinary_file_is_one_revision_without_findings(make: Callable[[], bytes]) -> None:
    assert words(make()) == ""
    assert [(revision.start, revision.end) for revision in read_revisions(make())] == [(0, len(make()))]


def test_each_signature_adds_one_revision_that_ends_where_the_state_before_ended(memorandum: "SignedMemorandum") -> None:
    ends = [len(memorandum.prepared), *(len(state) for state in memorandum.states)]
    assert words(memorandum.pdf) == ""
    assert [revision.end for revision in read_revisions(memorandum.pdf)] == ends


def test_revisions_adjoin_and_each_has_its_table(memorandum: "SignedMemorandum") -> None:
    revisions = read_revisions(memorandum.pdf)
    assert [revision.start for revision in revisions] == [0, *(revision.end for revision in revisions[:-1])]
    assert all(revision.start < table < revision.end for revision in revisions for table in revision.tables)
    assert all(revision.objects for revision in revisions)


def test_a_well_formed_update_by_hand_has_no_findings(memorandum: "SignedMemorandum") -> None:
    pdf = memorandum.prepared
    body = b"900 0 obj\n<< /Text (a \\) b (c)) /Hex <00 ff> >>\nendobj\n"
    assert words(update(pdf, body, entry(900, len(pdf)))) == ""


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(b"", "beginning with %PDF-", id="empty"),
        pytest.param(b"just a text\n", "beginning with %PDF-", id="text"),
        pytest.param(b"%PDF-1.7\n", "can be followed", id="header alone"),
        pytest.param(b"%PDF-1.7\nstartxref\n0\n%%EOF\n", "can be followed", id="a loop to the header"),
        pytest.param(b"%PDF-1.7\n" + b"[" * 50_000 + b"\nstartxref\n9\n%%EOF\n", "can be followed", id="deep brackets"),
    ],
)
def test_a_file_that_cannot_be_followed_is_a_finding_and_no_traceback(content: bytes, expected: str) -> None:
    with pytest.raises(PdfUnreadableError):
        read_revisions(content)
    assert expected in words(content)


def test_bytes_before_the_header_are_refused(memorandum: "SignedMemorandum") -> None:
    assert "beginning with %PDF- at byte 0" in words(b"x" + memorandum.pdf)


@pytest.mark.parametrize(
    ("tail", "expected"),
    [
        pytest.param(b"\n\n", "nothing but one end of line", id="blank lines"),
        pytest.param(b"% a comment\n", "nothing but one end of line", id="a comment"),
        pytest.param(b"999 0 obj\n<< >>\nendobj\n", "belong to no object", id="a loose object"),
        pytest.param(b"\x00" * 8, "nothing but one end of line", id="zeros"),
    ],
)
def test_nothing_may_follow_the_last_end(memorandum: "SignedMemorandum", tail: bytes, expected: str) -> None:
    assert expected in words(memorandum.pdf + tail)


@pytest.mark.parametrize(
    ("broken", "expected"),
    [
        pytest.param(
            lambda pdf: update(pdf, b"900 0 obj\n<<>>\nendobj\n901 0 obj\n<<>>\nendobj\n", entry(900, len(pdf))),
            "belong to no object",
            id="an object that the table does not list",
        ),
        pytest.param(
            lambda pdf: update(pdf, b"", b"0 1\n0000000000 65535 f \n"),
            "its table has no entry",
            id="a table with object 0 alone",
        ),
        pytest.param(
            lambda pdf: update(pdf, b"900 0 obj\n<<>>\nendobj\n", entry(900, len(pdf) + 4)),
            "is expected there by its table",
            id="a place inside the object",
        ),
        pytest.param(
            lambda pdf: update(pdf, b"901 0 obj\n<<>>\nendobj\n", entry(900, len(pdf))),
            "object 900 0 is expected there by its table",
            id="another object's number",
        ),
        pytest.param(
            lambda pdf: update(pdf, b"900 0 obj\n<<>>\n", entry(900, len(pdf))),
            "it has no endobj",
            id="an object without endobj",
        ),
        pytest.param(
            lambda pdf: update(pdf, b"900 0 obj\n<<>>\nxref\n901 0 obj\n<<>>\nendobj\n", entry(900, len(pdf))),
            "comes before endobj",
            id="a table's word before endobj",
        ),
        pytest.param(
            lambda pdf: update(pdf, b"900 0 obj\n<<>>]\nendobj\n", entry(900, len(pdf))),
            "closes nothing",
            id="a bracket too many",
        ),
        pytest.param(
            lambda pdf: update(pdf, b"900 0 obj\n(no end\nendobj\n", entry(900, len(pdf))),
            "is malformed",
            id="a string without end",
        ),
        pytest.param(
            lambda pdf: update(pdf, b"900 0 obj\n<</Length 3>>stream\nabcd\nendstream\nendobj\n", entry(900, len(pdf))),
            "endstream and endobj are expected 3 bytes after",
            id="a stream longer than it says",
        ),
        pytest.param(
            lambda pdf: update(
                pdf, b"900 0 obj\n<</Length 4/L#65ngth 9>>stream\nabcd\nendstream\nendobj\n", entry(900, len(pdf))
            ),
            "one /Length is expected",
            id="two lengths, one spelt with an escape",
        ),
        pytest.param(
            lambda pdf: update(pdf, b"% 901 0 obj hidden\n900 0 obj\n<<>>\nendobj\n", entry(900, len(pdf) + 19)),
            "holds the word obj",
            id="an object in a comment",
        ),
        pytest.param(
            lambda pdf: update(pdf, b"900 0 obj\n<<>>\nendobj\n", entry(900, len(pdf)), ending=b""),
            "",
            id="no end of file",
        ),
        pytest.param(
            lambda pdf: update(pdf, b"900 0 obj\n<<>>\nendobj\n", entry(900, len(pdf)), startxref=last_table(pdf)),
            "belong to no object",
            id="startxref that leads back over the update",
        ),
    ],
)
def test_a_revision_that_is_not_well_formed_is_found(
    memorandum: "SignedMemorandum", broken: Callable[[bytes], bytes], expected: str
) -> None:
    met = words(broken(memorandum.prepared))
    assert met
    assert expected in met


def test_an_object_hidden_before_the_table_that_names_it_is_found(memorandum: "SignedMemorandum") -> None:
    hidden = update(
        memorandum.prepared, b"900 0 obj\n<<>>\nendobj\n901 0 obj\n<<>>\nendobj\n", entry(900, len(memorandum.prepared))
    )
    place = hidden.rindex(b"901 0 obj")
    assert "only revision 2 names it" in words(update(hidden, b"", entry(901, place)))


def test_findings_can_be_counted_from_a_byte_on(memorandum: "SignedMemorandum") -> None:
    broken = update(
        memorandum.prepared, b"900 0 obj\n<<>>\nendobj\n901 0 obj\n<<>>\nendobj\n", entry(900, len(memorandum.prepared))
    )
    assert findings(broken)
    assert findings(broken, after=len(broken)) == ()


def test_a_table_that_names_many_places_inside_one_object_is_answered_in_one_pass(memorandum: "SignedMemorandum") -> None:
    """Read anew from each of the 40,000 places, the array would take hours."""
    base = memorandum.prepared
    count = 40_000
    table = b"".join(b"%010d 00000 n \n" % (len(base) + 10 + 2 * index) for index in range(count))
    hostile = update(base, b"900 0 obj\n" + b"[ " * count + b"\nendobj\n", b"900 %d\n" % count + table)
    assert len(findings(hostile)) >= count
