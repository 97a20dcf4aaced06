"""What a definition wants to reach, and how far that has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:  # every definition has working days, few have targets
    from runner.model.checking import Amount, Number
    from runner.model.period import Period
    from runner.model.source import Path
    from runner.model.table import Cell, Column

Per: TypeAlias = Literal["day", "week", "month", "quarter", "year"]


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The days that work is done on: days of the week (Monday is 0) but for the holidays."""

    week: frozenset[int] = frozenset(range(5))
    holidays: frozenset[date] = frozenset()

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and day.weekday() in self.week and day not in self.holidays


@dataclass(frozen=True, slots=True)
class Target:
    """A number that is to reach ``goal``, in each ``per`` where one is said, else in the job's whole period.

    ``paced``: a running period is held against the part of the goal that its working days so far should have brought.
    """

    name: str
    number: Number
    goal: Amount
    place: Path
    label: str = ""
    per: Per | None = None
    paced: bool = True


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a target has come; ``fault`` says why nobody knows, the numbers are raw, in the column's unit.

    ``goal`` is that of the whole period. ``expected`` is what working days alone would have brought by now (``gone`` of
    ``days`` are over); None where the period is over or nothing is paced.
    """

    target: Target
    period: Period | None = None
    column: Column | None = None
    cell: Cell | None = None
    goal: float | None = None
    expected: float | None = None
    over: bool = False
    gone: int = 0
    days: int = 0
    fault: str = ""
