"""A house's own Word file beside the text: whether it can be filled, and whether a field is declared for nothing."""

from collections.abc import Iterator

from mou.errors import InputError
from mou.template_checks.findings import Finding, Place, error, line_of
from mou.templates import MANIFEST, OWN_LAYOUT, Template
from mou.word_import.own_layout import fields_used_nowhere, has_own_layout, open_own_layout
from signatures.messages import say


def in_own_layout(template: Template, manifest: str) -> Iterator[Finding]:
    """Yield what speaks against filling the file, and each declared field that neither it nor the text uses."""
    if not has_own_layout(template):
        return
    place = Place(OWN_LAYOUT, 0)
    try:
        own = open_own_layout(template)
    except InputError as refused:
        for problem in refused.problems or (refused.message,):
            yield error("own_layout_unusable", place, problem, say("correct the file in Word, or take it out of the folder"))
        return
    for problem in own.problems:
        yield error("own_layout_unusable", place, problem, say("correct the file in Word, or take it out of the folder"))
    for name in fields_used_nowhere(template, own):
        yield error(
            "field_unused",
            Place(MANIFEST, line_of(manifest, f'"{name}"')),
            say("{field} is declared, and neither the text nor the Word file uses it", field=name),
            say("take it out of the manifest, so that nobody collects what no document needs"),
        )
