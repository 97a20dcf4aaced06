"""Drill-through links: paths inside Close's app that list what a number counts.

A link is a path and never a whole URL: whose app it is in, the project says. What an answer gives is taken only where
it is such a path, percent-encoded throughout; anything else is no link, and no error.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, unquote

LONGEST = 8000
"""Characters of a link; browsers and servers refuse longer ones."""

_PAGE = re.compile(r"/(?:search|opportunities)/((?:[A-Za-z0-9_.~=&+-]|%[0-9A-Fa-f]{2})+)/?")


def page(path: object) -> str:
    """The path as it is where it leads to a list of leads or of opportunities, else nothing."""
    found = _PAGE.fullmatch(path) if isinstance(path, str) and len(path) <= LONGEST else None
    # A part of dots only, in whatever spelling, would lead up and out of the list.
    return found[0] if found and unquote(found[1]).strip(".") else ""


def search(queries: object) -> str:
    """The page of leads that any of the search strings finds: one string, or a list of them."""
    found = either(queries)
    return page(f"/search/{quote(found, safe='', errors='replace')}/") if found else ""


def either(queries: object) -> str:
    """The one search string that finds what any of them finds; nothing where one of them is none."""
    listed: Sequence[object] = queries if isinstance(queries, list) else [queries]
    texts = [text for text in listed if isinstance(text, str) and text.strip()]
    if not texts or len(texts) != len(listed):
        return ""
    return texts[0] if len(texts) == 1 else " or ".join(f"({text})" for text in texts)


def inside(data: Any, *keys: str) -> Any:
    """What stands in ``data`` under the keys; None where there is no such thing."""
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data
