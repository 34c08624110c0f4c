"""`mou template preview`: a template drawn with its examples, as a marked draft and as pictures of its pages."""

import re
from pathlib import Path
from typing import Final

import click

from mou.cli.template_check import templates_at
from mou.cli.terminal import echo, pass_language, workspace_option
from mou.errors import UsageError

_NUMBERS: Final = re.compile(r"\s*(\d{1,4})(?:\s*-\s*(\d{1,4}))?\s*")


@click.command("preview")
@click.argument("path", metavar="NAME|FOLDER", type=click.Path(path_type=Path))
@click.option("--png", "as_pictures", is_flag=True, help="Each page as a picture, too.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="The folder for the files (default: the one you stand in).",
)
@click.option("--pages", help="Only the pictures of these pages, such as 1,2 or 2-4.")
@workspace_option
@pass_language
def command(language: str, path: Path, out: Path, folder: Path | None, pages: str | None, *, as_pictures: bool) -> None:
    """Draw a template with its examples: a PDF that is marked as a sample and a draft, and its pages as pictures."""
    from mou.storage.files import replace_file
    from mou.template_checks.examples import example_document
    from mou.template_checks.pages import count_pages, draft_pdf, pages_as_png

    if pages is not None and not as_pictures:
        raise UsageError("--pages chooses pictures: add --png, or leave it out")
    template, charter = templates_at(path, folder)
    pdf = draft_pdf(example_document(template, charter))
    chosen = _chosen_pages(pages, count_pages(pdf)) if as_pictures else ()
    # All pictures are made before the first file is written.
    pictures = list(pages_as_png(pdf, chosen))
    replace_file(out / f"{template.name}.pdf", pdf)
    for number, picture in pictures:
        replace_file(out / f"{template.name}-{number}.png", picture)
    echo(language, "{file}: {pages} pages, filled with examples", file=out / f"{template.name}.pdf", pages=count_pages(pdf))
    for number, _ in pictures:
        click.echo(str(out / f"{template.name}-{number}.png"))


def _chosen_pages(wanted: str | None, count: int) -> tuple[int, ...]:
    """The numbers of the pages that are asked for, each once and in order; all where none is.

    Raises:
        UsageError: it is no list of pages, or names one that is not there.
    """
    if wanted is None:
        return tuple(range(1, count + 1))
    chosen: set[int] = set()
    for part in wanted.split(","):
        match = _NUMBERS.fullmatch(part)
        first = int(match[1]) if match else 0
        last = int(match[2] or match[1]) if match else 0
        if not 1 <= first <= last <= count:
            raise UsageError(
                "--pages: pages from 1 to {count} are expected, such as 1,2 or 2-4, got {wanted}", count=count, wanted=wanted
            )
        chosen.update(range(first, last + 1))
    return tuple(sorted(chosen))
