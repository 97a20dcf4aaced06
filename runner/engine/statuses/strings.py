"""The search strings of a status report: each finds the leads of the objects that a number counts."""

from __future__ import annotations

from dataclasses import dataclass

from runner.engine import bounds, searches
from runner.engine.statuses.kind import LEAD, Kind
from runner.engine.statuses.question import Question


@dataclass(frozen=True, slots=True)
class Strings:
    """Writes the searches of one report. A ``name`` is the label of a status, or its ID where the label is not its own.

    ``overview``, ``moved`` and ``shifted`` speak of the objects themselves; ``whole`` makes that the search for their
    leads, with all that narrows the report.
    """

    kind: Kind
    asked: Question

    def overview(self, name: str) -> dict[str, str]:
        """Number -> the search for the objects it counts. An overall report has no start to compare with."""
        ended = self._on(name, self.asked.end)
        turnover = {
            "entered": f"({self._created(name)}) or {self._change(f'new_status:{searches.quote(name)}')}",
            "left": self._change(f"old_status:{searches.quote(name)}"),
        }
        if self.asked.start is None:
            return {"ended": ended, **turnover}
        started = self._on(name, self.asked.start)
        gained, lost = f"not {started} and {ended}", f"{started} and not {ended}"
        return {"started": started, "ended": ended, "gained": gained, "lost": lost, **turnover}

    def moved(self, origin: str | None, target: str) -> str:
        """The objects that went from one status into another, or were created in it."""
        if origin is None:
            return self._created(target)
        return self._change(f"old_status:{searches.quote(origin)} new_status:{searches.quote(target)}")

    def shifted(self, origin: str | None, target: str) -> str:
        """The objects that are in one status on the end, and were in another, or not there, on the start."""
        ended = self._on(target, self.asked.end)
        if self.asked.start is None:
            return ended
        if origin is None:
            return f"created > {bounds.text(self.asked.start)} and {ended}"
        return f"{self._on(origin, self.asked.start)} and {ended}"

    def own(self, inner: str) -> str:
        """A search among the objects themselves, narrowed to the user's."""
        user = self.asked.user
        return f"({inner}) and user:{searches.quote(user.id)}" if user else inner

    def whole(self, inner: str) -> str:
        """The search for the leads of the objects that a search among these finds."""
        found = inner if self.kind is LEAD else f"opportunity({self.own(inner)})"
        return f"({found}) and {self.asked.narrowing}" if self.asked.narrowing else found

    def _on(self, name: str, second: int) -> str:
        return f"{self.kind.on}(status:{searches.quote(name)} on:{bounds.text(second)})"

    def _created(self, name: str) -> str:
        original = f"{self.kind.original}:{searches.quote(name)}"
        return " and ".join([original, *self.asked.period.searches("created")])

    def _change(self, statuses: str) -> str:
        return f"{self.kind.change}({' and '.join([statuses, *self.asked.period.searches('date')])})"
