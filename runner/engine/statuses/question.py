"""What a request for a status report asks, checked."""

from __future__ import annotations

from dataclasses import dataclass

from runner.engine import bounds, parameters, query, searches
from runner.engine.accounts import Account
from runner.engine.bounds import Bounds
from runner.engine.fields import Fields
from runner.engine.inquiry import Inquiry
from runner.engine.statuses.kind import LEAD, Kind

_COMMON = ("date_start", "date_end", "query", "smart_view_id")


@dataclass(frozen=True, slots=True)
class Question:
    """The seconds a report compares, and which objects it looks at. Without a start it is overall, from the beginning.

    ``leads`` is SQL that gives the numbers of the leads to look at, ``narrowing`` the search that finds them; both are
    empty for all leads.
    """

    start: int | None
    end: int
    user: Account | None
    leads: str
    narrowing: str

    @property
    def period(self) -> Bounds:
        """The time in which changes and creations count."""
        return Bounds(self.start, self.end)


def read(inquiry: Inquiry, kind: Kind) -> Question:
    """The question of a request. ``ValidationError`` names every parameter that is wrong."""
    said = parameters.read(inquiry.request, _COMMON if kind is LEAD else ("user_id", *_COMMON))
    question = Question(*_ends(said, inquiry), parameters.user(said, inquiry.backend), *_leads(said, inquiry))
    said.check()
    return question


def _ends(said: Fields, inquiry: Inquiry) -> tuple[int | None, int]:
    """Start and end; the end is now where the request names none."""
    period, now = bounds.read(said, inquiry.offset), bounds.cut(inquiry.now)
    if period.end is not None:
        return period.start, period.end
    if period.start is not None and period.start > now:
        said.refuse("date_start", "The start is after the end, which is now.")
    return period.start, now


def _leads(said: Fields, inquiry: Inquiry) -> tuple[str, str]:
    """SQL of the leads that ``query`` or ``smart_view_id`` finds, and the search for them."""
    given = [name for name in ("query", "smart_view_id") if said.has(name)]
    if not given:
        return "", ""
    if len(given) > 1:
        for name in given:
            said.refuse(name, "Give query or smart_view_id, not both.")
        return "", ""
    (name,) = given
    if not said.sound(name):
        return "", ""
    text, catalog = said.text(name), query.Catalog.read(inquiry)
    try:
        narrowing = f"({text})" if name == "query" else f"in:{searches.quote(text)}"
        found = query.select(text, catalog) if name == "query" else query.saved(text, catalog)
        query.check_room(narrowing, catalog)
    except query.QueryError as problem:
        said.refuse(name, str(problem))
        return "", ""
    return found, narrowing
