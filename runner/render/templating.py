"""Jinja, fenced in: a sandbox, no missing names, and data that is made harmless by the kind of file it goes into."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from traceback import walk_tb
from typing import Any

from jinja2 import StrictUndefined, TemplateError, TemplateRuntimeError, TemplateSyntaxError
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from runner.errors import RunnerError
from runner.render import cells, columns, loading, markdown, page, plain, rows, view
from runner.render.view import View

MOST = 20_000_000
"""Most characters of a page: a template that goes round for ever ends there."""

LINE = 2_000
"""Most characters of a line."""

KINDS = {"html": plain.line, "mail": plain.line, "md": plain.markdown, "txt": plain.line}
"""Ending before ``.j2`` -> what becomes of every value a template prints. HTML is escaped besides."""

ESCAPED = frozenset({"html", "mail"})
"""Endings of templates that make HTML."""


FILTERS: Mapping[str, Mapping[str, Callable[..., object]]] = {
    "html": page.FILTERS,
    "mail": {
        "spark": cells.spark,
        "drawn": cells.drawn,
        "change": cells.change,
        "soft": cells.soft,
        "narrow": cells.narrow,
        "destination": plain.destination,
        "percent": rows.length,
    },
    "md": {
        "table": markdown.table,
        "drawn": markdown.drawn,
        "number": markdown.number,
        "summary": markdown.summary,
        "link": markdown.link,
        "spark": columns.spark,
        "bar": markdown.bar,
    },
    "txt": {
        "columns": columns.lay,
        "wrap": columns.wrap,
        "strong": columns.strong,
        "lead": columns.lead,
        "figures": columns.figures,
        "drawn": columns.drawn,
        "goals": columns.goals,
    },
}
"""Ending before ``.j2`` -> the filters that lay out what is more than text."""


def fill(form: str, view: View, own: Path | None = None) -> bytes:
    """The digest in the template of a form (``html``), UTF-8.

    It is ``NAME.FORM.j2`` of the project's folder ``own``, where there is one for this report, else ``digest.FORM.j2``,
    the project's before the one that ships. RunnerError with the template's line where it cannot be filled.
    """
    environment = _environment(form, own)
    try:
        template = environment.select_template([f"{view.name}.{form}.j2", f"digest.{form}.j2"])
        return _bounded(template.generate(digest=view)).encode()
    except TemplateSyntaxError as error:
        raise RunnerError(f"{error.filename or error.name}:{error.lineno}: {error.message}") from error
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        raise RunnerError(f"{_place(error) or form}: {error}") from error


def line(template: str, known: Mapping[str, str]) -> str:
    """One line of text from a template that is a line itself; RunnerError where it cannot be filled."""
    environment = _Sandbox(undefined=StrictUndefined, autoescape=False, finalize=_harmless("txt"))
    try:
        filled = _bounded(environment.from_string(template).generate(known), LINE)
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        raise RunnerError(f"subject {template!r}: {error}") from error
    return " ".join(part for part in plain.line(filled).split(" ") if part).strip()


def forget() -> None:
    """Let go of the templates that were found, so that one which has come since takes the place it should."""
    _environment.cache_clear()


def _bounded(parts: Iterable[str], most: int = MOST) -> str:
    page, size = [], 0
    for part in parts:
        size += len(part)
        if size > most:
            raise TemplateRuntimeError(f"this has more than {most:,} characters")
        page.append(part)
    return "".join(page)


def _place(error: BaseException) -> str:
    """``FILE:LINE`` of the innermost template that the error came through."""
    frames = [(frame.f_code.co_filename, line) for frame, line in walk_tb(error.__traceback__)]
    return next((f"{name}:{line}" for name, line in reversed(frames) if name.endswith(".j2")), "")


READABLE: Mapping[type, frozenset[str]] = {
    each: frozenset(field.name for field in fields(each))
    for each in vars(view).values()
    if isinstance(each, type) and is_dataclass(each)
} | {LoopContext: frozenset({"index", "index0", "first", "last", "length"})}
"""Class -> fields that are data: they may be read without a look at what they are."""

NOTHING: frozenset[str] = frozenset()


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, which takes a third of the time of a page to look at every field of a view."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """What a template reads of a value."""
        if attribute in READABLE.get(type(obj), NOTHING):
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)


@cache
def _environment(kind: str, own: Path | None) -> ImmutableSandboxedEnvironment:
    environment = _Sandbox(
        loader=loading.loader(own),
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
