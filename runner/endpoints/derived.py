"""Metrics that a definition makes itself: what is asked for them, and what becomes of the answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from runner import formula
from runner.endpoints.moment import Told
from runner.model import Job


def asked(job: Job, metrics: Iterable[str]) -> tuple[str, ...]:
    """The metrics that the API is asked for, each once: the job's own, and the parts of those it does not know."""
    own = {one.name: one.expression for one in job.derived}
    waiting, found = list(metrics), dict[str, bool]()
    while waiting:
        key = waiting.pop(0)
        if key not in found:
            found[key] = key in own
            waiting[:0] = [part.key for part in formula.parts(own[key])] if key in own else []
    return tuple(key for key, is_own in found.items() if not is_own)


def told(job: Job, said: Told) -> Told:
    """The answers with the definition's metrics in every row and in the totals, made of the numbers as they came."""
    if not job.derived:
        return said
    return replace(
        said,
        current=_answer(job, said.current),
        compared=tuple((period, _answer(job, data)) for period, data in said.compared),
        parts=tuple((part, _answer(job, data)) for part, data in said.parts),
    )


def _answer(job: Job, data: Any) -> Any:
    more = data["aggregations"]
    totals = {**more, "totals": _figures(job, more["totals"])}
    return {**data, "data": [_figures(job, row) for row in data["data"]], "aggregations": totals}


def _figures(job: Job, row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with what is made of it; a metric may be made of those before it."""
    found = dict(row)
    for one in job.derived:
        found[one.name] = formula.evaluate(one.expression, found)
    return found
