"""Which numbers a job's tables will have, as far as that is known before anything is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from runner import metrics
from runner.model import Job, Unit


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table by key, and whether it has a total.

    A key that ends in ``*`` stands for all that begin so; a unit that depends on the answer is None.
    """

    units: Mapping[str, Unit | None]
    total: bool = True

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self._found(key) is not None

    def unit(self, key: str) -> Unit | None:
        """The unit of a column that the table has."""
        found = self._found(key)
        return None if found is None else self.units[found]

    def _found(self, key: str) -> str | None:
        open_ends = (name for name in self.units if name.endswith("*") and key.startswith(name[:-1]))
        return key if key in self.units else next(open_ends, None)


def _of(unit: Unit, *keys: str) -> dict[str, Unit | None]:
    return dict.fromkeys(keys, unit)


_MOVES = Columns(_of(Unit.COUNT, "count"), total=False)

_STATUSES: Mapping[str, Columns] = {
    "status_overview": Columns(
        {
            **_of(Unit.COUNT, "started", "ended", "change", "gained", "lost", "entered", "left"),
            **_of(Unit.FRACTION, "share", "change_rate"),
        },
        total=False,
    ),
    "status_transitions": _MOVES,
    "status_transitions_summary": _MOVES,
}

FIXED: Mapping[str, Mapping[str, Columns]] = MappingProxyType(
    {
        "sent_emails": {
            "templates": Columns(
                {**_of(Unit.COUNT, "total", "opened", "responded"), **_of(Unit.FRACTION, "open_rate", "reply_rate")}
            )
        },
        "statuses/lead": _STATUSES,
        "statuses/opportunity": _STATUSES,
        "funnel/opportunity/totals": {
            "totals": Columns(
                {
                    **_of(Unit.COUNT, "count", "count_total_complete", "count_total_won", "count_total_lost"),
                    **_of(Unit.FRACTION, "count_win_rate", "value_win_rate"),
                    **_of(Unit.MONEY, "value_total_complete", "value_total_won", "sales_velocity"),
                    **_of(Unit.MONEY, "average_value_annualized_per_won_opportunity"),
                    **_of(Unit.SECONDS, "average_time_to_win"),
                }
            )
        },
        "funnel/opportunity/stages": {
            "stages": Columns(
                {
                    **_of(Unit.COUNT, "count", "count_lost"),
                    **_of(Unit.FRACTION, "count_conversion_rate", "count_lost_ratio", "value_conversion_rate"),
                    **_of(Unit.FRACTION, "value_lost_ratio", "weighted_value_conversion_rate"),
                    **_of(Unit.MONEY, "value", "value_lost", "weighted_value"),
                    **_of(Unit.SECONDS, "average_time_to_advance"),
                },
                total=False,
            ),
            "users.count": Columns(_of(Unit.COUNT, "count.*")),
            "users.count_conversion_rate": Columns(_of(Unit.FRACTION, "count_conversion_rate.*")),
        },
    }
)
"""Endpoint -> key of a table -> its columns, where they are the same for every job. A test holds them true."""


def of(job: Job) -> Mapping[str, Columns]:
    """The tables that the job's section may have, by key."""
    if job.endpoint == "activity":
        own = {one.name: one.unit for one in job.derived}
        said = job.settings["metrics"]
        names = [str(name) for name in said] if isinstance(said, list) else []
        return {str(job.settings["type"]): Columns({name: own.get(name) or metrics.unit(name) for name in names})}
    if job.endpoint == "custom":
        y = str(job.settings.get("y") or "lead.count")
        return {
            "points": Columns({y: None, f"{y}:*": None} if "group_by" in job.settings else {y: None}),
            "series": Columns(_of(Unit.COUNT, "count"), total=False),
        }
    return FIXED[job.endpoint]
