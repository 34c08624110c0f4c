"""The few pieces of HTML that a report is made of; every text is escaped where it is put in."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

Cell = str | Markup


def joined(parts: Iterable[Markup]) -> Markup:
    """Return the pieces one after the other."""
    return Markup("\n").join(parts)


def state(word: str, sign: str, outcome: str) -> Markup:
    """Return an outcome as sign and word; the colour comes from the class and says nothing more."""
    return Markup('<span class="state {}"><span class="sign">{}</span> {}</span>').format(outcome, sign, word)


def facts(caption: str, rows: Iterable[tuple[str, Cell]]) -> Markup:
    """Return a table with one fact to a row."""
    body = joined(Markup('<tr><th scope="row">{}</th><td>{}</td></tr>').format(name, value) for name, value in rows)
    return Markup('<table class="facts"><caption>{}</caption><tbody>{}</tbody></table>').format(caption, body)


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]], *, kind: str = "listed") -> Markup:
    """Return a table with a head; the first cell of each row names the row, the kind is its style.

    The head is a row like the others, so that a PDF does not repeat it: it would be text that nobody put in.
    """
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(one) for one in heads)
    body = joined(_row(row) for row in rows)
    return Markup('<table class="{}"><caption>{}</caption><tbody><tr>{}</tr>{}</tbody></table>').format(kind, caption, head, body)


def _row(cells: Sequence[Cell]) -> Markup:
    first, *others = cells
    rest = Markup("").join(Markup("<td>{}</td>").format(cell) for cell in others)
    return Markup('<tr><th scope="row">{}</th>{}</tr>').format(first, rest)


def paragraphs(texts: Iterable[Cell]) -> Markup:
    """Return each text as a paragraph."""
    return joined(Markup("<p>{}</p>").format(text) for text in texts)


def bullets(texts: Iterable[Cell]) -> Markup:
    """Return the texts as a list."""
    return Markup("<ul>{}</ul>").format(joined(Markup("<li>{}</li>").format(text) for text in texts))


def code(text: str) -> Markup:
    """Return a digest or another text that is compared letter by letter."""
    return Markup("<code>{}</code>").format(escape(text))
