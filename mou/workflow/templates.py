"""Where templates come from: the workspace's own folder first, then those that the program brings."""

from functools import lru_cache
from pathlib import Path

from mou.errors import UsageError
from mou.templates import MANIFEST, Template, bundled_template_names, bundled_templates_folder, load_template


def find_template(own: Path | None, name: str) -> Template:
    """Return the template of this name; `own` is the workspace's folder of templates, where there is one.

    Raises:
        UsageError: there is none; the message names those that there are.
        TemplateError: there is one and it cannot be used.
    """
    names = template_names(own)
    if name not in names:
        raise UsageError("no template {name}; there are: {names}", name=name, names=", ".join(names))
    if own is not None and (own / name).is_dir():
        return _load(own / name)
    return _load(bundled_templates_folder() / name)


def template_names(own: Path | None) -> tuple[str, ...]:
    """Return the names of the workspace's own templates and of the bundled ones."""
    names = {path.parent.name for path in own.glob(f"*/{MANIFEST}")} if own is not None else set()
    return tuple(sorted(names | set(bundled_template_names())))


@lru_cache(maxsize=16)
def _load(folder: Path) -> Template:
    """Read a template once per process; a running process keeps the text that it began with."""
    return load_template(folder)
