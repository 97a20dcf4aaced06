"""Jinja, fenced in: a sandbox, no missing names, and data that is made harmless by the kind of file it goes into."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from runner.errors import RunnerError
from runner.render import cells, columns, markdown, plain
from runner.render.view import View

KINDS = {"html": plain.line, "mail": plain.line, "md": plain.markdown, "txt": plain.line}
"""Ending before ``.j2`` -> what becomes of every value a template prints. HTML is escaped besides."""

ESCAPED = frozenset({"html", "mail"})
"""Endings of templates that make HTML."""


FILTERS: Mapping[str, Mapping[str, Callable[..., object]]] = {
    "html": {},
    "mail": {
        "spark": cells.spark,
        "drawn": cells.drawn,
        "change": cells.change,
        "soft": cells.soft,
        "narrow": cells.narrow,
        "destination": plain.destination,
    },
    "md": {
        "table": markdown.table,
        "drawn": markdown.drawn,
        "number": markdown.number,
        "summary": markdown.summary,
        "link": markdown.link,
        "spark": columns.spark,
    },
    "txt": {
        "columns": columns.lay,
        "wrap": columns.wrap,
        "strong": columns.strong,
        "lead": columns.lead,
        "figures": columns.figures,
        "drawn": columns.drawn,
    },
}
"""Ending before ``.j2`` -> the filters that lay out what is more than text."""


def fill(folder: Path, name: str, view: View) -> bytes:
    """The template ``name`` of ``folder`` (``digest.html.j2``) with the digest in it, UTF-8."""
    kind = name.removesuffix(".j2").rpartition(".")[2]
    try:
        return _environment(folder, kind).get_template(name).render(digest=view).encode()
    except TemplateError as error:
        raise RunnerError(f"{folder / name}: {error}") from error


@cache
def _environment(folder: Path, kind: str) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        autoescape=kind in ESCAPED,
        finalize=_harmless(kind),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= FILTERS[kind]
    del environment.filters["safe"]  # what a template prints is data, whatever its author thinks of it
    return environment


def _harmless(kind: str) -> Any:
    clean = KINDS[kind]

    def finalize(value: Any) -> Any:
        """Every value is data, unless a filter of ours has laid it out."""
        return value if isinstance(value, Markup) else clean(str(value))

    return finalize
