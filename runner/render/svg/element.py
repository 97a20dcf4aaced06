"""Elements of SVG. Everything that is no element itself is text, cleaned and escaped here and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from markupsafe import Markup

from runner.render import plain

_UNKNOWN_TO_XML = re.compile("[\ufffe\uffff]")


def element(name: str, *children: str, **attributes: str | float) -> Markup:
    """``<name a="...">children</name>``. In attributes ``_`` is ``-``, a last one is dropped (``class_``)."""
    written = "".join([f' {_named(key)}="{_text(value)}"' for key, value in attributes.items()])
    inner = "".join([_text(child) for child in children])
    return Markup(f"<{name}{written}>{inner}</{name}>")  # noqa: S704 - names are ours, the rest is escaped


def group(children: Iterable[Markup]) -> Markup:
    """Elements one after the other."""
    return Markup("".join(children))  # noqa: S704 - each is Markup


def picture(name: str, title: str, numbers: str, *children: str, **attributes: str | float) -> Markup:
    """The outermost element: an image with a title, and a description for those who do not see it."""
    return element(
        "svg",
        element("title", title, id=f"{name}.title"),
        element("desc", numbers, id=f"{name}.desc"),
        *children,
        role="img",
        aria_labelledby=f"{name}.title",
        aria_describedby=f"{name}.desc",
        width="100%",
        **attributes,
    )


def stretched(*children: str, **attributes: str | float) -> Markup:
    """Shapes whose coordinates are per cent of the picture, both ways."""
    return element("svg", *children, viewBox="0 0 100 100", preserveAspectRatio="none", width="100%", **attributes)


@lru_cache(4096)
def number(value: float) -> str:
    """A coordinate: at most two decimals, none that say nothing, never a negative zero."""
    return f"{round(value, 2) + 0:g}"


def percent(value: float) -> str:
    """A coordinate along the picture, of 0 to 100."""
    return f"{number(value)}%"


@cache
def _named(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _text(value: str | float) -> str:
    """The value as it may stand in an element or an attribute."""
    if isinstance(value, str):
        return value if isinstance(value, Markup) else _escaped(value)
    return number(value)


@lru_cache(4096)
def _escaped(text: str) -> str:
    return plain.html(_UNKNOWN_TO_XML.sub("", text))
