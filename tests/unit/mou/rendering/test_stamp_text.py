"""Room for stamps: what is let through when a document is made can be drawn when the last person signs, on any day."""

from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mou.errors import RenderingError
from mou.models import Capacity, Person, SignatorySlot
from mou.rendering.stamp import StampRenderer, require_layout
from mou.rendering.stamp_text import require_room_for_stamps, stamp_lines
from mou.thai import BANGKOK
from signatures.digests import Digest, digest_of
from signatures.fields import SignatureSlot

LOW = 44.0  # points: room for five lines and no more
BOX = (0.0, 0.0, 213.7, 62.4)
ANY_DIGEST = digest_of(b"any")
CONSONANTS = "กขคฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ"

syllables = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["", "", "เ", "แ", "โ", "ไ", "ใ"]),
        st.sampled_from(CONSONANTS),
        st.sampled_from(["", "ั", "ิ", "ี", "ึ", "ื", "ุ", "ู", "่", "้", "๊", "๋", "์", "ี่", "ู้", "ั้", "้ำ", "่า", "ำ", "า", "ะ"]),
        st.sampled_from(["", *CONSONANTS]),
    ),
)
anything_thai = st.text(st.sampled_from([chr(code) for code in (*range(0x0E01, 0x0E3B), *range(0x0E40, 0x0E5C))]), max_size=12)
words = st.lists(syllables, min_size=1, max_size=24).map("".join)
names = st.one_of(
    st.lists(words, min_size=1, max_size=20).map(" ".join).map(lambda name: name[:300].strip()),
    st.tuples(words, anything_thai, words).map("".join),
)
boxes = st.sampled_from([BOX, BOX, (10.0, 10.0, 160.0, 80.0), (0.0, 0.0, 213.7, 44.0), (0.0, 0.0, 110.0, 62.4)])


def signatory(name: str, capacity: Capacity = Capacity.AUTHORISED_REPRESENTATIVE, field: str = "S0001") -> SignatorySlot:
    person = Person(name.partition(" ")[0], name.partition(" ")[2], "ประธาน", "นาย")
    return SignatorySlot(field, "party", "org-1", "มูลนิธิทดสอบ", person, capacity, 1)


def slot(box: tuple[float, float, float, float] = BOX, field: str = "S0001") -> SignatureSlot:
    return SignatureSlot(field, "ลายมือชื่อ", 0, box)


@pytest.fixture(scope="module")
def stamps() -> StampRenderer:
    return StampRenderer()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    name=names,
    capacity=st.sampled_from(list(Capacity)),
    box=boxes,
    at=st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2099, 1, 1)),  # noqa: DTZ001  # a zone is added below
    digest=st.binary(min_size=32, max_size=32).map(lambda content: Digest(content.hex())),
)
def test_whatever_the_check_of_room_lets_through_can_be_drawn(
    name: str,
    capacity: Capacity,
    box: tuple[float, float, float, float],
    at: datetime,
    digest: Digest,
    stamps: StampRenderer,
) -> None:
    who = signatory(name, capacity)
    try:
        require_room_for_stamps([slot(box)], [who])
    except RenderingError as error:
        assert str(error).startswith("S0001: ")  # noqa: PT017  # hypothesis gives names of both kinds
        return
    width, height = box[2] - box[0], box[3] - box[1]
    assert stamps.draw(width, height, stamp_lines(who, digest, at=at.replace(tzinfo=BANGKOK))).startswith(b"%PDF-")


@pytest.mark.parametrize("length", [60, 100, 150])
def test_a_long_name_of_ordinary_words_has_room(length: int) -> None:
    name = (" ".join(["ประกายกาญจน์ศิริรัตนวิไล"] * 12))[:length].strip()
    require_room_for_stamps([slot()], [signatory(name)])


@pytest.mark.parametrize(
    "name", [" ".join(["ประกายกาญจน์ศิริรัตนวิไล"] * 12)[:300], "ประกายกาญจน์" * 8], ids=["300 characters", "no space"]
)
def test_a_name_without_room_is_refused_with_its_slot_and_person(name: str) -> None:
    who = signatory(name, field="S0002")
    with pytest.raises(RenderingError) as refusal:
        require_room_for_stamps([slot(), slot(field="S0002")], [signatory("แก้ว ตัวอย่าง"), who])
    assert str(refusal.value).startswith(f"S0002: the signature of {who.person.full_name} does not fit")
    assert "214 x 62 points" in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        pytest.param("ສົມສັກ ລາວ", "LAO LETTER", id="Lao"),
        pytest.param("အောင် မြန်မာ", "MYANMAR LETTER", id="Burmese"),
        pytest.param("แก้ว 🙂", "U\\+1F642", id="emoji"),
        pytest.param("น\u0e4d\u0e32 ใจ", "SARA AM", id="a vowel in two"),
        pytest.param("น\u0e34\u0e33 ใจ", "correct its spelling", id="two vowels"),
        pytest.param("ข\u0e49\u0e38 ใจ", "correct its spelling", id="a tone before its vowel"),
    ],
)
def test_a_name_that_cannot_be_drawn_is_refused_when_the_document_is_made(name: str, told: str) -> None:
    with pytest.raises(RenderingError, match=f"^S0001: .*{told}"):
        require_room_for_stamps([slot()], [signatory(name)])


def test_the_widest_day_decides_and_not_the_day_on_which_it_is_asked() -> None:
    """In a box that has room in May and, by a hair, not on a wide day in November, nobody is let through."""
    who = signatory("แก้ว ตัวอย่าง", Capacity.WITNESS)
    may, november = datetime(2026, 5, 1, 1, 1, tzinfo=BANGKOK), datetime(2034, 11, 27, 17, 17, tzinfo=BANGKOK)
    width = next(width / 4 for width in range(1000, 0, -1) if not fits(width / 4, who, november))
    assert fits(width, who, may)
    with pytest.raises(RenderingError, match="does not fit"):
        require_room_for_stamps([slot((0, 0, width, LOW))], [who])


def fits(width: float, who: SignatorySlot, at: datetime) -> bool:
    try:
        require_layout(width, LOW, stamp_lines(who, ANY_DIGEST, at=at))
    except RenderingError:
        return False
    return True
