"""Opportunities with their ways through two pipelines, row by row, for the tests of the funnel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from runner.engine.layout import FAR
from runner.engine.load.funnel import STAYS
from tests.engine.memory import Api, Memory, micros

STATUSES = (
    ("stat_new", "New", "active", 0),
    ("stat_talk", "Talk", "active", 0),
    ("stat_lost", "Lost", "lost", 0),
    ("stat_won", "Won", "won", 0),
    ("stat_gone", "Gone away", "lost", 0),
    ("stat_paid", "Paid", "won", 0),
    ("stat_other", "Other", "active", 1),
    ("stat_old", "Old", "active", None),
)
"""ID, label, type and pipeline, by number: New, Talk, Won and Paid are the stages of the sales pipeline."""
NEW, TALK, LOST, WON, GONE, PAID, OTHER, OLD = range(8)

REPORT = {"start": "2026-11-02T00:00:00Z", "end": "2026-11-09T00:00:00Z"}
"""The window of the tests, a week."""
ACTIVE: dict[str, Any] = {"type": "active-stage-cohort", "pipeline": "pipe_sales", "report_datetime_range": REPORT}
CREATED: dict[str, Any] = {**ACTIVE, "type": "created-cohort", "cohort_datetime_range": REPORT}


def at(short: str) -> int:
    """``"03 10:00"`` is the third of November at ten; microseconds."""
    day, _, time = short.partition(" ")
    return micros(f"2026-11-{day}T{time or '00:00'}Z")


class Deals(Memory):
    """An office with two pipelines, two groups and three users, the last removed."""

    def __init__(self) -> None:
        super().__init__(
            organization=[{"id": "orga_1", "name": "Acme", "date_created": "2026-10-01T00:00:00Z"}],
            group=[
                {"id": "group_all", "name": "All", "members": [{"user_id": "user_gone"}, {"user_id": "user_a"}]},
                {"id": "group_none", "name": "None", "members": []},
            ],
            saved_search=[{"id": "save_acme", "name": "Acme only", "type": "lead", "query": "Acme"}],
        )
        self.add_user("user_a", "Ann Able")
        self.add_user("user_b", "Bob Baker")
        self.add_user("user_gone", "Gil Gone", present=False)
        self.add("pipeline", id="pipe_sales", name="Sales")
        self.add("pipeline", id="pipe_other", name="Other")
        self.add("pipeline", id="pipe_bare", name="Bare")
        for identity, label, kind, pipeline in STATUSES:
            deleted = int(pipeline is None)
            row = {"id": identity, "label": label, "type": kind, "pipeline": pipeline, "is_deleted": deleted}
            self.add("opportunity_status", **row)

    def deal(
        self, *way: tuple[str | int, int], user: int | None = 0, present: int | None = None, **columns: Any
    ) -> int:
        """An opportunity that went into each status at a moment, the first by being created; its number."""
        moments = [at(moment) if isinstance(moment, str) else moment for moment, _ in way]
        number = self._rows["opportunity"]
        row: dict[str, Any] = {"value": 100_000, "annualized": 100_000, "confidence": 50} | columns
        status = way[-1][1] if present is None else present
        self.add("opportunity", id=f"oppo_{number}", user_no=user, created=moments[0], status=status, **row)
        ends = [*moments[1:], FAR]
        before = [None, *(status for _, status in way)]
        spans = [
            value
            for place, (_, status) in enumerate(way)
            for value in (number, place, moments[place], ends[place], status, before[place])
        ]
        marks = ", ".join(["(?, ?, ?, ?, ?, ?)"] * len(way))
        names = "opportunity, place, since, until, status, previous"
        self._connection.execute(f"INSERT INTO opportunity_span ({names}) VALUES {marks}", spans)
        self._connection.execute("DELETE FROM funnel_stay")
        self._connection.execute(STAYS.replace("store.", ""))
        return number


def totals(backend: Any, offset: str = "0", **body: Any) -> Any:
    """The answer of the totals, which must be given."""
    return _ask(backend, "totals", offset, body)


def stages(backend: Any, offset: str = "0", **body: Any) -> Any:
    """The answer of the stages, which must be given."""
    return _ask(backend, "stages", offset, body)


def column(backend: Any, key: str, **body: Any) -> list[Any]:
    """One number of New, Talk, Won and Paid, over everybody."""
    return [row[key] for row in stages(backend, **body)["aggregations"]["stages"]]


def whole(backend: Any, *keys: str, **body: Any) -> list[Any]:
    """Numbers of the totals over everybody."""
    row: Mapping[str, Any] = totals(backend, **body)["aggregations"]
    return [row[key] for key in keys]


def users(told: Any) -> Sequence[str]:
    """Whose rows an answer has."""
    return [row["user_id"] for row in told["data"]]


def _ask(backend: Any, report: str, offset: str, body: dict[str, Any]) -> Any:
    headers = {"x-tz-offset": offset}
    response = Api(backend).post(f"report/funnel/opportunity/{report}/", body, headers=headers)
    assert response.status_code == 200, response.text
    return response.get_json()
