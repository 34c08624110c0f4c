"""The text that anybody copies out of a document is the text that was filled in, character for character.

`pdftotext -raw` gives a page's text in the order of its content: the body, then what stands in the margins (the mark of a
sample, the document's number and version, the page's number). The margins are known exactly and taken off; the rest of all
pages together must be the visible text of the filled document. White space is left out on both sides, since a line's end is no
character.
"""

import json
import subprocess
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mou.ceremony import read_ceremony
from mou.field_values import CharterReference
from mou.filling import fill_template
from mou.models import FilledDocument
from mou.organisations import read_organisations
from mou.templates import bundled_template_names, bundled_templates_folder, load_template
from signatures.digests import Digest

if TYPE_CHECKING:
    from tests.acceptance.conftest import RunMou

SAMPLE = "ตัวอย่าง"
THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
TOP_MARGIN = ("-r", "72", "-x", "0", "-y", "0", "-W", "596", "-H", "70")  # in points of A4: the body begins 70.9 points down
SHORTEST_TEXT = 5_000  # characters: a document that came out empty would agree with nothing filled in
MEMBERS = "lanna-charter/example/organisations.csv"
PARTNERS = "partnership-mou-th-en/example/partners.csv"
SIGNERS_OF_PILOT_AREAS = "child-friendly-city-mou/example/pilot-areas-sample-signers.csv"


@dataclass(frozen=True, slots=True)
class MadeDocument:
    """A document as the program made it, before anybody signed, and what was to stand in it."""

    pdf: Path
    filled: FilledDocument


class VisibleText(HTMLParser):
    """Collects what a reader of the body sees."""

    UNSHOWN = frozenset({"head", "style", "script", "template"})

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._unshown = 0

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        self._unshown += tag in self.UNSHOWN

    def handle_endtag(self, tag: str) -> None:
        self._unshown -= tag in self.UNSHOWN

    def handle_data(self, data: str) -> None:
        if not self._unshown:
            self.texts.append(data)


def visible_text(html: str) -> str:
    parser = VisibleText()
    parser.feed(html)
    parser.close()
    return "".join(parser.texts)


def bare(text: str) -> str:
    return "".join(text.split())


def pages_of(pdf: Path, *options: str) -> list[str]:
    """The text of each page; pdftotext ends each one with a form feed."""
    printed = subprocess.run(["pdftotext", *options, pdf, "-"], capture_output=True, check=True, encoding="utf-8").stdout
    *pages, rest = printed.split("\f")
    assert rest == ""
    return pages


def margins(page: int, pages: int, filled: FilledDocument) -> str:
    """What stands in the margins of one page, in the order of its content, in the languages of the document."""
    is_bilingual = filled.languages == ("th", "en")
    version = f"ฉบับที่{filled.version}".translate(THAI_DIGITS) + f"/Version{filled.version}" * is_bilingual
    count = f"หน้า{page}จาก{pages}".translate(THAI_DIGITS) + f"/Page{page}of{pages}" * is_bilingual
    return (SAMPLE if filled.is_sample else "") + bare(f"{filled.document_number or filled.title}·{version}{count}")


def body_text(document: MadeDocument) -> str:
    """The text of all pages without their margins."""
    bodies = []
    pages = pages_of(document.pdf, "-raw")
    for page_number, page in enumerate(pages, start=1):
        text, margin = bare(page), margins(page_number, len(pages), document.filled)
        assert text.endswith(margin), f"page {page_number} ends with {text[-60:]!r}, {margin!r} is expected"
        bodies.append(text.removesuffix(margin))
    return "".join(bodies)


def require_same_text(found: str, expected: str) -> None:
    """Compare two long texts, and show where they part."""
    at = next((i for i, (one, other) in enumerate(zip(found, expected, strict=False)) if one != other), None)
    at = min(len(found), len(expected)) if at is None else at
    assert found == expected, f"character {at}: {expected[at - 20 : at + 20]!r} is expected, got {found[at - 20 : at + 20]!r}"


def unsigned_pdf(run_mou: "RunMou", workspace: Path, document_id: str) -> Path:
    """The document as it was certified, before anybody's stamp stood on it: the ledger names its digest."""
    entries = run_mou("ledger", "show", "--last", 100_000, "--json", "-w", workspace).object["entries"]
    frozen = next(
        entry for entry in map(json.loads, entries) if (entry["type"], entry["subject"]) == ("revision.frozen", document_id)
    )
    digest = Digest.parse(frozen["body"]["after"]).hex
    return workspace / "files" / digest[:2] / digest


@pytest.fixture(scope="module")
def charter(run_mou: "RunMou", finished_demo: Path) -> MadeDocument:
    """The demo's charter."""
    templates = bundled_templates_folder()
    filled = fill_template(
        load_template(templates / "lanna-charter"),
        ceremony=read_ceremony(finished_demo / "ceremony.toml"),
        organisation=None,
        members=read_organisations(templates / MEMBERS).organisations,
        sequence=0,
    )
    return MadeDocument(unsigned_pdf(run_mou, finished_demo, row_of_charter(run_mou, finished_demo)["document"]), filled)


@pytest.fixture(scope="module")
def memorandum(run_mou: "RunMou", finished_demo: Path) -> MadeDocument:
    """The demo's memorandum of the organisation with the longest name."""
    templates = bundled_templates_folder()
    members = read_organisations(templates / MEMBERS).organisations
    longest = max(members, key=lambda member: len(member.name_th))
    consented = row_of_charter(run_mou, finished_demo)
    template = load_template(templates / "lanna-mou")
    filled = fill_template(
        template,
        ceremony=read_ceremony(finished_demo / "ceremony.toml"),
        organisation=longest,
        charter=CharterReference(
            consented["title"], load_template(templates / "lanna-charter").version, Digest.parse(consented["digest"])
        ),
        sequence=members.index(longest) + 1,
    )
    own = next(
        row for row in run_mou("status", "--json", "-w", finished_demo).table if row["organisation"] == longest.organisation_id
    )
    return MadeDocument(unsigned_pdf(run_mou, finished_demo, own["document"]), filled)


def made_alone(run_mou: "RunMou", folder: Path, name: str, listed: str, *, place: int) -> MadeDocument:
    """A memorandum of another example, made in a workspace of its own for the organisation at this place of its list."""
    template, workspace = bundled_templates_folder() / name, folder / "workspace"
    assert run_mou("init", workspace, "--name", "ตัวอย่าง").code == 0
    (workspace / "ceremony.toml").write_bytes((template / "example" / "ceremony.toml").read_bytes())
    assert run_mou("organisations", "import", template.parent / listed, "-w", workspace).code == 0
    party = read_organisations(template.parent / listed).organisations[place]
    made = run_mou("generate", name, "--organisation", party.organisation_id, "--json", "-w", workspace).table
    filled = fill_template(
        load_template(template),
        ceremony=read_ceremony(template / "example" / "ceremony.toml"),
        organisation=party,
        sequence=place + 1,
    )
    return MadeDocument(unsigned_pdf(run_mou, workspace, made[0]["document"]), filled)


@pytest.fixture(scope="module")
def city_memorandum(run_mou: "RunMou", tmp_path_factory: pytest.TempPathFactory) -> MadeDocument:
    """A memorandum of the pilot areas."""
    folder = tmp_path_factory.mktemp("city")
    return made_alone(run_mou, folder, "child-friendly-city-mou", SIGNERS_OF_PILOT_AREAS, place=0)


@pytest.fixture(scope="module")
def bilingual_memorandum(run_mou: "RunMou", tmp_path_factory: pytest.TempPathFactory) -> MadeDocument:
    """A memorandum in Thai and English, with the partner of the longest name."""
    return made_alone(run_mou, tmp_path_factory.mktemp("partner"), "partnership-mou-th-en", PARTNERS, place=1)


def row_of_charter(run_mou: "RunMou", workspace: Path) -> dict[str, Any]:
    return next(row for row in run_mou("status", "--json", "-w", workspace).table if row["template"] == "lanna-charter")


# The fixture that makes a document from each bundled template.
DOCUMENTS = {
    "lanna-charter": "charter",
    "lanna-mou": "memorandum",
    "child-friendly-city-mou": "city_memorandum",
    "partnership-mou-th-en": "bilingual_memorandum",
}


def test_every_bundled_template_is_looked_at() -> None:
    assert set(DOCUMENTS) == set(bundled_template_names())


@pytest.mark.parametrize("fixture", DOCUMENTS.values(), ids=DOCUMENTS.keys())
def test_the_text_copies_out_of_the_pdf_character_for_character(fixture: str, request: pytest.FixtureRequest) -> None:
    document: MadeDocument = request.getfixturevalue(fixture)
    expected = bare(visible_text(document.filled.html))
    assert len(expected) > SHORTEST_TEXT
    require_same_text(body_text(document), expected)


def test_every_page_of_every_document_of_the_demo_says_that_it_is_a_sample(finished_demo: Path) -> None:
    documents = sorted((finished_demo / "documents").rglob("*.pdf"))
    assert len(documents) == 20
    unmarked = [
        f"{path.name}, page {number}"
        for path in documents
        for number, top in enumerate(pages_of(path, "-raw", *TOP_MARGIN), start=1)
        if SAMPLE not in top
    ]
    assert unmarked == []


def test_a_character_that_is_lost_added_or_moved_is_seen() -> None:
    for wrong in ("กขคง", "กขงคจ", "กขคงจจ"):
        with pytest.raises(AssertionError, match="is expected, got"):
            require_same_text(wrong, "กขคงจ")
