from itertools import combinations, pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mou.thai import balanced_lines, columns, split_at_joints

PIECES = ("มูลนิธิ", "เทศบาลตำบล", "สิทธิเด็ก", "และ", "เพื่อ", "แห่ง", "ลำทับ", "ที่", "2", "(ก)", " ", " ", "  ", "ab")
NAMES = st.lists(st.sampled_from(PIECES), max_size=9).map("".join)
WIDTHS = st.integers(min_value=1, max_value=30)


def every_way(name: str, width: int) -> list[list[str]]:
    """Each way to set the name in lines that fit or are one part, found the slow way: by trying every set of joints."""
    parts = split_at_joints(name.strip(" "))
    joints = range(1, len(parts))
    ways = []
    for cut in (cut for count in range(len(parts)) for cut in combinations(joints, count)):
        edges = list(pairwise([0, *cut, len(parts)]))
        lines = ["".join(gap + part for gap, part in parts[start:end]).lstrip(" ") for start, end in edges]
        if all(columns(line) <= width or end == start + 1 for line, (start, end) in zip(lines, edges, strict=True)):
            ways.append(lines)
    return ways


def spread_of(lines: list[str]) -> int:
    widths = [columns(line) for line in lines]
    return max(widths) - min(widths)


@given(NAMES, WIDTHS)
def test_the_lines_joined_are_the_text_up_to_the_spaces_at_which_it_was_broken(name: str, width: int) -> None:
    rest = name.strip(" ")
    for line in balanced_lines(name, width):
        assert rest.startswith(line)
        assert line == line.strip(" ")
        rest = rest.removeprefix(line).lstrip(" ")
    assert rest == ""


@given(NAMES.filter(str.strip), WIDTHS)
@example("เครือข่าย ข้อ  2 แห่งที่", 7)
@example("มูลนิธิเทศบาลตำบล เทศบาลตำบล", 1)
def test_no_way_with_so_few_lines_is_more_even(name: str, width: int) -> None:
    fitting = every_way(name, width)
    fewest = min(map(len, fitting))
    lines = list(balanced_lines(name, width))
    assert lines in fitting
    assert len(lines) == fewest
    assert spread_of(lines) == min(spread_of(way) for way in fitting if len(way) == fewest)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        pytest.param("เทศบาลตำบลลำทับ", 40, ("เทศบาลตำบลลำทับ",), id="short enough"),
        pytest.param(
            "มูลนิธิส่งเสริมโอกาสเด็กและเยาวชนลุ่มน้ำโขงเพื่อการพัฒนาที่ยั่งยืน",
            40,
            ("มูลนิธิส่งเสริมโอกาสเด็กและเยาวชน", "ลุ่มน้ำโขงเพื่อการพัฒนาที่ยั่งยืน"),
            id="at a joint",
        ),
        pytest.param(
            "ชุมชนสุวรรณประสิทธิ์ 2 (เขตบึงกุ่ม) กรุงเทพมหานคร",
            30,
            ("ชุมชนสุวรรณประสิทธิ์ 2", "(เขตบึงกุ่ม) กรุงเทพมหานคร"),
            id="at a space, and never before a number or after a bracket",
        ),
        pytest.param(
            "Memorandum of Understanding on the Care of Rivers",
            20,
            ("Memorandum of", "Understanding on", "the Care of Rivers"),
            id="English",
        ),
        pytest.param("เทศบาลตำบล", 3, ("เทศบาลตำบล",), id="the word for a kind alone"),
        pytest.param("กรุงเทพมหานคร", 3, ("กรุงเทพมหานคร",), id="nothing to break at"),
        pytest.param("  ", 10, (), id="empty"),
        pytest.param("\u0e34", 10, ("\u0e34",), id="a mark alone, which takes no column"),
    ],
)
def test_a_name_is_set_in_lines(text: str, width: int, lines: tuple[str, ...]) -> None:
    assert balanced_lines(text, width) == lines


def test_a_break_at_a_space_is_chosen_where_one_inside_a_word_is_as_even() -> None:
    assert spread_of(["ขขข", "กกและก"]) == spread_of(["ขขข  กก", "และก"])
    assert balanced_lines("ขขข  กกและก", 10) == ("ขขข", "กกและก")


def test_a_name_of_many_words_is_set_without_trying_every_way() -> None:
    text = " ".join("กขค"[: 1 + number % 3] for number in range(300))
    assert spread_of(list(balanced_lines(text, 40))) <= 3


@pytest.mark.parametrize("width", [0, -1])
def test_a_line_that_holds_nothing_is_refused(width: int) -> None:
    with pytest.raises(ValueError, match="at least one column"):
        balanced_lines("ก", width)
