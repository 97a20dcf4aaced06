"""What became of a definition's checks and targets, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from runner import checks
from runner.errors import Severity
from runner.model import Breach, Cell, Column, Digest, Progress, Row, Unit, Value, Verdict
from runner.render import changes, numbers
from runner.render.digits import MINUS, NBSP
from runner.render.scene import address, number, past
from runner.render.style import Style
from runner.render.view import Alarm, Fact, Goal

MOST = 20
"""Most failed checks that are told; their number is told anyway."""

ROWS = 5
"""Most rows that are told of one check."""

NO_ROW = {checks.TOTAL: "no total", checks.EVERY: "no rows"}

LIMITS = {"min": "at least", "max": "at most", "change_min": "no less than", "change_max": "no more than"}


def alarms(digest: Digest, look: Style, anchors: Mapping[str, str]) -> tuple[Alarm, ...]:
    """The checks that failed, errors first. ``anchors`` are the sections' ids by job."""
    failed = [verdict for verdict in digest.checks if verdict.breaches]
    failed.sort(key=lambda verdict: verdict.check.severity is not Severity.ERROR)
    return tuple(_alarm(verdict, digest, look, anchors) for verdict in failed[:MOST])


def alarm(digest: Digest) -> str:
    """How many checks of severity error failed; empty where none did."""
    wrong = sum(bool(one.breaches) and one.check.severity is Severity.ERROR for one in digest.checks)
    return f"{wrong} of {len(digest.checks)} checks failed" if wrong else ""


def passed(digest: Digest) -> tuple[Fact, ...]:
    """The line of the footer that says how many checks passed, where there are any."""
    whole = len(digest.checks)
    well = sum(not one.breaches for one in digest.checks)
    return (Fact("Checks", f"{well} of {whole} passed"),) if whole else ()


def words(verdict: Verdict, digest: Digest, look: Style) -> tuple[str, str]:
    """A failed check in a title and a sentence or two: the number and its limit, where it stands."""
    check, (first, *others) = verdict.check, verdict.breaches
    what = _what(first, check.number.column)
    if others:
        said = [f"{_head(breach.row, look)}: {_said(breach, look)}" for breach in verdict.breaches[:ROWS]]
        left = len(verdict.breaches) - len(said)
        told = "; ".join([*said, *([f"and {left} more"] if left else [])])
        title = f"{what}: {len(verdict.breaches)} {_several(verdict.breaches)}"
    else:
        of = f" of {_head(first.row, look)}" if first.row and check.number.row != "total" else ""
        title, told = f"{what}{of}: {_said(first, look, check.number.row)}", ""
    if check.message:
        title, told = check.message.rstrip("."), told or title
    where = f"{_title(check.number.job, digest)}, check {check.name}"
    return title, f"{told}. {where}." if told else f"{where}."


def _alarm(verdict: Verdict, digest: Digest, look: Style, anchors: Mapping[str, str]) -> Alarm:
    title, text = words(verdict, digest, look)
    cell = verdict.breaches[0].cell
    is_error = verdict.check.severity is Severity.ERROR
    return Alarm(
        tone="bad" if is_error else "warn",
        sign="✕" if is_error else "!",
        title=title,
        text=text,
        link=address(cell, digest) if cell else "",
        section=anchors.get(verdict.check.number.job, ""),
    )


def _several(breaches: Sequence[Breach]) -> str:
    faults = {breach.fault for breach in breaches}
    return "beyond the limit" if faults == {"limit"} else "missing" if faults == {"missing"} else "not as demanded"


def _what(breach: Breach, column: str) -> str:
    return breach.column.label if breach.column else column


def _head(row: Row | None, look: Style) -> str:
    return numbers.text(row.head, Unit.DATE, look) if row else ""


def _title(job: str, digest: Digest) -> str:
    return next((section.title for section in digest.sections if section.job == job), job)


def _said(breach: Breach, look: Style, row: str = "") -> str:
    """One number and why it is not as demanded."""
    match breach.fault:
        case "not-loaded":
            return f"not loaded: {breach.text}"
        case "no-number":
            return f"no such number; {breach.text}" if breach.text else "no such number"
        case "no-row":
            said = NO_ROW.get(row, f"no such row, '{row}'")
            return f"{said}; {breach.text}" if breach.text else said
        case "missing":
            return _unknown(breach, look)
        case "unfit":
            return f"'{breach.limit.amount.text if breach.limit else ''}' is no limit of such a number"
        case "limit":
            return _beyond(breach, look)


def _unknown(breach: Breach, look: Style) -> str:
    """A number that is missing, or was when its change is asked for."""
    if breach.limit is None or breach.column is None or breach.cell is None:
        return "missing"
    return f"{numbers.text(breach.cell.value, breach.column.unit, look)}, not known before"


def _beyond(breach: Breach, look: Style) -> str:
    limit, column, cell = breach.limit, breach.column, breach.cell
    if limit is None or column is None or cell is None:
        return ""
    now, word = numbers.text(cell.value, column.unit, look), LIMITS[limit.sort]
    if limit.sort in ("min", "max"):
        return f"{now} ({word} {numbers.text(limit.amount.raw(column.unit), column.unit, look)})"
    allowed = limit.amount.text.replace("-", MINUS)
    was = numbers.text(past(cell), column.unit, look)
    return f"{now} from {was} ({_moved(cell, column, limit.amount.mark, look)}, {word} {allowed})"


def _moved(cell: Cell, column: Column, mark: str, look: Style) -> str:
    """The change as its limit has it: of small counts and of rates in per cent, too, where that is in per cent."""
    now, before = number(cell.value), number(past(cell))
    if now is None or before is None or before == 0 or mark == "pp":
        return str(changes.delta(cell.value, past(cell), column, look))
    moved = checks.change(now, before, mark)
    arrow = "▲" if moved > 0 else "▼"
    return f"{arrow}{NBSP}{numbers.text(abs(moved), Unit.FRACTION, look)}" if moved else "same"


# ---- targets ---------------------------------------------------------------------------------------------


def goals(digest: Digest, look: Style, anchors: Mapping[str, str]) -> tuple[Goal, ...]:
    """How far each target has come. ``anchors`` are the sections' ids by job."""
    return tuple(_goal(one, digest, look, anchors) for one in digest.targets)


def _goal(one: Progress, digest: Digest, look: Style, anchors: Mapping[str, str]) -> Goal:
    target = one.target
    label = target.label or (one.column.label if one.column else target.number.column)
    section = anchors.get(target.number.job, "")
    if one.column is None or one.cell is None or one.goal is None or one.fault:
        return Goal(label, numbers.NONE, "", "", None, None, one.fault, "flat", "", section)
    now, shown = number(one.cell.value), _whole(one.goal, one.column)
    part = now / one.goal if now is not None and one.goal > 0 else None
    tone, pace = _pace(one, now, one.goal, one.column, look)
    return Goal(
        label=label,
        text=numbers.text(one.cell.value, one.column.unit, look),
        goal=numbers.text(shown, one.column.unit, look),
        percent="" if part is None else numbers.whole_percent(part, look),
        share=None if part is None else min(max(part, 0.0), 1.0),
        expected=one.expected / one.goal if one.expected is not None and one.goal > 0 else None,
        pace=pace,
        tone=tone,
        link=address(one.cell, digest),
        section=section,
    )


def _pace(one: Progress, now: float | None, goal: float, column: Column, look: Style) -> tuple[changes.Tone, str]:
    """Whether it goes well, in a tone and in words."""
    days = f"{one.gone} of {one.days} working {'day is' if one.days == 1 else 'days are'} over"
    if now is None:
        return "flat", "not known"
    if now >= goal:
        more = _size(now, goal, column, look)
        return "good", f"reached, {more} more" if more else "reached"
    left = _size(goal, now, column, look)
    if one.over:
        return "bad", f"missed by {left}"
    if one.expected is None:
        return "flat", f"{left} to go"
    if one.gone == 0:
        return "flat", f"{left} to go; {days}"
    expected = _whole(one.expected, column)
    by_now = f"{numbers.text(expected, column.unit, look)} expected by now; {days}"
    size = _size(now, expected, column, look)
    if not size:
        return "good", f"on pace: {by_now}"
    return ("good", f"{size} ahead: {by_now}") if now > expected else ("bad", f"{size} behind: {by_now}")


def _whole(value: float, column: Column) -> float:
    """What is counted, in whole ones: 133 expected and 35 more are 168."""
    return round(value) if column.unit is Unit.COUNT else value


def _size(one: Value, other: Value, column: Column, look: Style) -> str:
    """The difference without its sign; empty where there is none."""
    return changes.difference(one, other, column, look)[1:]
