"""Jinja, fenced in: a sandbox, no missing names, and data that is made harmless by the kind of file it goes into."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from runner.errors import RunnerError
from runner.render import columns, page, plain
from runner.render.view import View

KINDS = {"html": plain.line, "md": plain.markdown, "txt": plain.line}
"""Ending before ``.j2`` -> what becomes of every value a template prints. HTML is escaped besides."""


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
        autoescape=kind == "html",
        finalize=_harmless(kind),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"columns": columns.lay, "wrap": columns.wrap}
    if kind == "html":
        environment.filters |= page.FILTERS
    if kind == "md":
        environment.filters["destination"] = _destination
    del environment.filters["safe"]  # what a template prints is data, whatever its author thinks of it
    return environment


def _destination(url: str) -> Markup:
    return Markup(plain.destination(url))  # noqa: S704 - no sign that Markdown knows is left in it


def _harmless(kind: str) -> Any:
    clean = KINDS[kind]

    def finalize(value: Any) -> Any:
        """Every value is data, unless a filter of ours has laid it out."""
        return value if isinstance(value, Markup) else clean(str(value))

    return finalize
