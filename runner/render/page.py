"""What HTML templates ask for besides drawings: lengths, safe links, what is folded away."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from runner.render import svg
from runner.render.svg.columns import shade
from runner.render.svg.element import percent
from runner.render.view import TableView

SCHEMES = ("https://", "http://", "mailto:")


def href(link: str) -> str:
    """The link if it leads to a page or to a person; data is not to run anything."""
    return link if link.lower().startswith(SCHEMES) else "#"


def length(share: float) -> str:
    """A share as a length in CSS: ``64.06%``."""
    return percent(100 * share)


def beyond(table: TableView) -> int:
    """How many rows the table has beyond those that are shown at first."""
    return max(len(table.rows) - table.cut, 0)


FILTERS: Mapping[str, Callable[..., object]] = {
    "beyond": beyond,
    "href": href,
    "percent": length,
    "series": shade,
    **svg.FILTERS,
}
"""Name of a filter in HTML templates -> what it does."""
