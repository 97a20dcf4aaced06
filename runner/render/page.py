"""What HTML templates ask for besides drawings: rows of tables, lengths, safe links, what is folded away."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from runner.render import rows, svg
from runner.render.svg.columns import shade
from runner.render.view import TableView


def beyond(table: TableView) -> int:
    """How many rows the table has beyond those that are shown at first."""
    return max(len(table.rows) - table.cut, 0)


FILTERS: Mapping[str, Callable[..., object]] = {
    "bars": rows.bars,
    "beyond": beyond,
    "change": rows.change,
    "heads": rows.heads,
    "href": rows.href,
    "number": rows.number,
    "percent": rows.length,
    "rows": rows.rows,
    "series": shade,
    "total": rows.total,
    **svg.FILTERS,
}
"""Name of a filter in HTML templates -> what it does."""
