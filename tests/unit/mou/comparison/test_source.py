"""Where blocks and elements stand in the source of a page: what was read can be found again."""

from hypothesis import given
from hypothesis import strategies as st

from mou.comparison.blocks import blocks_of, read_source

PAGE = (
    '<html><body>\n<p>ก <b>ข</b></p>text<section class="annex"><table><tr><td>๑</td><td>ค<br>ง</td></tr>\n'
    '<tr><td><p>จ</p><p>ฉ</p></td></tr></table></section><div class="signature"><p>ลงชื่อ</p><p>(ช)</p></div><p>ซ</body></html>'
)
MARKUP = st.lists(
    st.sampled_from(
        (
            "<p>",
            "</p>",
            "<div>",
            "</div>",
            "<tr>",
            "<td>",
            "</table>",
            "<b>",
            "</b>",
            "<br>",
            "<h2>",
            "</h2>",
            "ก",
            "&amp;",
            "\n",
            "<",
        )
    ),
    max_size=20,
).map("".join)


def test_the_source_of_each_block_says_the_block_again() -> None:
    source = read_source(PAGE)
    assert [one.block.text for one in source.blocks] == ["ก ข", "text", "๑ · คง", "จ · ฉ", "ลงชื่อ · (ช)", "ซ"]
    for placed in source.blocks:
        for cell in placed.cells:
            assert [one.text for one in blocks_of(PAGE[cell.start : cell.end])] == [cell.text]


def test_an_element_stands_from_its_first_to_its_last_letter_and_knows_its_blocks() -> None:
    source = read_source(PAGE)
    written = {PAGE[one.start : one.end]: (one.first, one.last) for one in source.elements}
    assert written["<p>ก <b>ข</b></p>"] == (0, 1)
    assert written["<tr><td>๑</td><td>ค<br>ง</td></tr>"] == (2, 3)
    assert written['<div class="signature"><p>ลงชื่อ</p><p>(ช)</p></div>'] == (4, 5)
    assert written["<p>ซ"] == (5, 6)
    assert next(one for one in source.elements if one.tag == "section").last == 4
    assert [one.is_row for one in source.blocks] == [False, False, True, True, True, False]


@given(MARKUP)
def test_places_are_in_order_and_inside_the_page_whatever_the_markup(markup: str) -> None:
    source = read_source(markup)
    places = [cell for placed in source.blocks for cell in placed.cells]
    assert [one.start for one in places] == sorted(one.start for one in places)
    assert all(0 <= one.start <= one.end <= len(markup) for one in places)
    for one in source.elements:
        assert 0 <= one.start <= one.end <= len(markup)
        assert 0 <= one.first <= one.last <= len(source.blocks)
