"""A template: its manifest, its text, the fields it asks for, who signs, and for a charter the final clauses."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

import mou
from mou.charter.clauses import FinalClauses, parse_clauses
from mou.errors import TemplateError
from mou.languages import Language, prevailing_sentences
from mou.models import Capacity, Font
from mou.template_languages import language_problems
from mou.template_source import decode_markup, outside_references, read_files, used_fields
from mou.thai import Numerals
from mou.toml_tables import TableReader, read_toml
from signatures.canonical import canonical_bytes
from signatures.digests import Digest, digest_of
from signatures.messages import Message, say

MANIFEST: Final = "template.toml"
MARKUP: Final = "template.html"
STYLE: Final = "template.css"
EXAMPLE_FOLDER: Final = "example"
OWN_LAYOUT: Final = "template.docx"
"""The house's own Word file, where there is one; it is filled with the same fields."""


class TemplateKind(StrEnum):
    """What a template makes: the common text, or one organisation's consent to it."""

    CHARTER = "charter"
    MEMORANDUM = "memorandum"


class FieldType(StrEnum):
    """What kind of value a field takes."""

    TEXT = "text"
    INTEGER = "integer"
    FLAG = "flag"
    DAY = "day"
    TEXTS = "texts"
    PERIODS = "periods"
    ORGANISATIONS = "organisations"


class SignatorySource(StrEnum):
    """Which person of which party signs."""

    ORGANISATION_REPRESENTATIVE = "organisation.representative"
    ORGANISATION_WITNESS = "organisation.witness"
    HOST_REPRESENTATIVE = "host.representative"
    HOST_WITNESS = "host.witness"

    @property
    def is_of_organisation(self) -> bool:
        """Whether the person is the organisation's, not the host's."""
        return self in {SignatorySource.ORGANISATION_REPRESENTATIVE, SignatorySource.ORGANISATION_WITNESS}

    @property
    def is_witness(self) -> bool:
        """Whether the person signs as a witness."""
        return self in {SignatorySource.ORGANISATION_WITNESS, SignatorySource.HOST_WITNESS}


@dataclass(frozen=True, slots=True)
class TemplateField:
    """One field: its dotted name in the text, and what it takes. A field that is not required may be left out."""

    name: str
    type: FieldType
    label: str
    example: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class Role:
    """Somebody who signs: roles of one order sign in parallel, a higher order waits.

    `for_each_organisation` means one place for each member organisation, as on a charter's page of adoption.
    """

    name: str
    label: str
    capacity: Capacity
    order: int
    source: SignatorySource
    for_each_organisation: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """A template read once and whole: what `digest` covers is what `sources` and `css` hold.

    `sources` are the HTML files by name, `template.html` among them; `charter` names the template of the charter to which the
    memorandum consents; `protected_terms` are words that no line may break. The first of `languages` is the document's own;
    where there are several, `prevailing_language` is the one whose text counts if they differ.
    """

    name: str
    title: str
    title_lines: tuple[str, ...]
    kind: TemplateKind
    languages: tuple[str, ...]
    numerals: Numerals
    version: str
    fields: tuple[TemplateField, ...]
    roles: tuple[Role, ...]
    folder: Path
    digest: Digest
    sources: tuple[tuple[str, str], ...] = field(repr=False)
    css: str = field(repr=False)
    clauses: FinalClauses | None = None
    charter: str | None = None
    protected_terms: tuple[str, ...] = ()
    font: Font = Font.SARABUN
    prevailing_language: Language | None = None

    @property
    def language(self) -> str:
        """The document's main language, which what is not marked otherwise is in."""
        return self.languages[0]

    @property
    def prevailing(self) -> dict[Language, str]:
        """The sentence that says which text prevails, in each language; none where there is one language."""
        if self.prevailing_language is None:
            return {}
        languages = [Language(one) for one in self.languages]
        return prevailing_sentences(languages, self.prevailing_language, is_charter=self.kind is TemplateKind.CHARTER)

    @property
    def is_joint(self) -> bool:
        """Whether one document is made for a whole list, with a place for each organisation."""
        return any(role.for_each_organisation for role in self.roles)


class _NumeralStyle(StrEnum):
    THAI = "thai"
    ARABIC = "arabic"


def load_template(folder: Path) -> Template:
    """Return the template that this folder holds.

    Raises:
        TemplateError: with every problem of manifest, text, fields and references at once, each with its file.
    """
    if not folder.is_dir():
        raise TemplateError("{folder}: a folder with a template is expected, there is none", folder=folder)
    manifest_path = folder / MANIFEST
    manifest = read_toml(manifest_path, TemplateError)
    problems: list[Message] = []
    files = read_files(folder, problems)
    problems.extend(
        say("{path}: a file is expected here, there is none", path=folder / needed)
        for needed in (MARKUP, STYLE)
        if needed not in files
    )
    sources = decode_markup(folder, files, problems)
    template = _read_manifest(TableReader(manifest, str(manifest_path), problems), folder, files, sources)
    before = len(problems)
    used = used_fields(folder, dict(sources), problems)
    if len(problems) == before:  # what a text with a syntax error uses is not known
        problems.extend(_field_problems(template.fields, used, manifest_path, has_own_layout=OWN_LAYOUT in files))
    problems.extend(outside_references(folder, files))
    if template.prevailing_language is not None:
        problems.extend(language_problems(folder, dict(sources), tuple(template.prevailing)))
    if problems:
        raise TemplateError("{folder}: the template cannot be used", folder=folder, problems=tuple(problems))
    return template


def _read_manifest(
    table: TableReader, folder: Path, files: Mapping[str, bytes], sources: tuple[tuple[str, str], ...]
) -> Template:
    languages = _read_languages(table)
    template = Template(
        name=table.text("name"),
        title=table.text("title"),
        title_lines=table.texts("title_lines"),
        kind=table.choice("kind", TemplateKind),
        languages=languages,
        numerals="thai" if table.choice("numerals", _NumeralStyle) is _NumeralStyle.THAI else "arabic",
        version=table.text("version"),
        fields=tuple(_read_field(one) for one in table.tables("fields")),
        roles=_read_roles(table),
        folder=folder,
        digest=_digest_of_files(files),
        sources=sources,
        css=files.get(STYLE, b"").decode("utf-8-sig", "replace"),
        clauses=_read_clauses(table),
        charter=table.optional_text("charter"),
        protected_terms=table.texts("protected_terms", at_least=0),
        prevailing_language=_read_prevailing_language(table, languages),
        font=Font.SARABUN if table.value("font") is None else table.choice("font", Font),
    )
    if template.name and template.name != folder.name:
        table.expect("name", say("the name of the folder, {folder}", folder=folder.name), template.name)
    if template.kind is TemplateKind.CHARTER and table.value("final_clauses") is None:
        table.expect("final_clauses", say("the final clauses of a charter"), None)
    if template.kind is TemplateKind.MEMORANDUM and template.clauses is not None:
        table.expect("final_clauses", say("no final clauses in a memorandum"), "final_clauses")
    if template.clauses is not None and table.value("languages") is not None:
        _check_authentic_languages(table, template, template.clauses)
    table.finish()
    return template


def _read_languages(table: TableReader) -> tuple[str, ...]:
    """The languages of the document, the main one first: `languages`, or `language` for one alone."""
    if table.value("languages") is None:
        return (table.text("language"),)
    if table.value("language") is not None:
        table.expect("language", say("languages or language, not both,"), table.value("language"))
    languages = table.choices("languages", Language) or (Language.THAI,)
    for name in _repeated(languages):
        table.expect("languages", say("each language once"), str(name))
    return tuple(dict.fromkeys(languages))


def _read_prevailing_language(table: TableReader, languages: tuple[str, ...]) -> Language | None:
    """The language whose text prevails: stated exactly where there are several, and one of them."""
    stated = table.value("prevailing_language")
    if len(languages) == 1:
        if stated is not None:
            table.expect("prevailing_language", say("no prevailing language where there is one language,"), stated)
        return None
    if stated not in languages:
        table.expect("prevailing_language", say("one of {choices}", choices=", ".join(languages)), stated)
        return Language(languages[0])
    return Language(str(stated))


def _check_authentic_languages(table: TableReader, template: Template, clauses: FinalClauses) -> None:
    """Each authentic language is one of the document's, and the prevailing one is authentic: a translation cannot prevail."""
    expected = say("some of {choices}", choices=", ".join(template.languages))
    for one in clauses.authentic_languages:
        if one not in template.languages:
            table.expect("final_clauses: authentic_languages", expected, one)
    if template.prevailing_language not in {None, *clauses.authentic_languages}:
        table.expect("prevailing_language", say("one of authentic_languages"), str(template.prevailing_language))


def _read_field(table: TableReader) -> TemplateField:
    found = TemplateField(
        name=table.text("name"),
        type=table.choice("type", FieldType),
        label=table.text("label"),
        example=table.text("example"),
        required=table.flag("required", default=True),
    )
    table.finish()
    return found


def _read_roles(table: TableReader) -> tuple[Role, ...]:
    roles = tuple(_read_role(one) for one in table.tables("roles"))
    if not roles:
        table.expect("roles", say("at least one role that signs"), None)
    for name in _repeated(role.name for role in roles):
        table.expect("roles", say("each role once"), name)
    last = max((role.order for role in roles), default=0)
    for role in roles:
        if role.capacity is Capacity.NETWORK_COUNTERSIGNER and (
            role.order < last or any(other.order == last for other in roles if other is not role)
        ):
            table.expect(f"roles: {role.name}", say("the countersigner alone and last in order"), role.order)
    return tuple(sorted(roles, key=lambda role: role.order))


def _read_role(table: TableReader) -> Role:
    role = Role(
        name=table.text("name"),
        label=table.text("label"),
        capacity=table.choice("capacity", Capacity),
        order=table.integer("order", at_least=1),
        source=table.choice("source", SignatorySource),
        for_each_organisation=table.flag("for_each_organisation", default=False),
    )
    if role.source.is_witness != (role.capacity is Capacity.WITNESS):
        table.expect("capacity", say("witness exactly where the source is a witness"), role.capacity)
    if role.for_each_organisation and not role.source.is_of_organisation:
        table.expect("source", say("a person of the organisation, where there is one role for each"), role.source)
    table.finish()
    return role


def _read_clauses(table: TableReader) -> FinalClauses | None:
    found = table.optional_table("final_clauses")
    if found is None:
        return None
    try:
        return parse_clauses(dict(found.items()), found.where)
    except TemplateError as error:
        table.problems.extend(error.problems)
        return None


def _field_problems(
    fields: tuple[TemplateField, ...], used: Mapping[str, str], manifest_path: Path, *, has_own_layout: bool
) -> Iterable[Message]:
    declared = {one.name for one in fields}
    for name in _repeated(one.name for one in fields):
        yield say("{path}: fields: each field once is expected, got {name} twice", path=manifest_path, name=name)
    for name, place in used.items():
        if name not in declared:
            yield say(
                "{place}: a field that {manifest} declares is expected, got {name}", place=place, manifest=MANIFEST, name=name
            )
    if has_own_layout:  # which may use the others: it is opened when it is filled, and when the template is checked
        return
    for name in sorted(declared - set(used)):
        yield say("{path}: fields: {name} is declared, and the text never uses it", path=manifest_path, name=name)


def _repeated(names: Iterable[str]) -> list[str]:
    return sorted(name for name, times in Counter(names).items() if times > 1)


def _digest_of_files(files: Mapping[str, bytes]) -> Digest:
    """The digest over all files: of the canonical table of their digests by path."""
    return digest_of(canonical_bytes({name: str(digest_of(content)) for name, content in files.items()}))


def bundled_templates_folder() -> Path:
    """Return the folder of the bundled templates: inside the installed package, else in the checkout beside it.

    Raises:
        TemplateError: neither is there, so the installation is damaged.
    """
    package = Path(mou.__file__).resolve().parent
    for folder in (package / "bundled_templates", package.parent / "templates"):
        if folder.is_dir():
            return folder
    raise TemplateError("{package}: the bundled templates are missing; install mou again", package=package)


def bundled_template_names() -> tuple[str, ...]:
    """Return the names of the bundled templates, in order."""
    return tuple(sorted(path.parent.name for path in bundled_templates_folder().glob(f"*/{MANIFEST}")))
