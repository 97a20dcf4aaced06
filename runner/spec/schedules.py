"""When a digest is due: what a definition says of it, and the same as cron has it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from runner.model import Path, Schedule
from runner.spec.findings import Finding, show

_DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_SOON = datetime(2000, 1, 1, tzinfo=UTC)
_PATH: Path = ("schedule",)


def check(said: Mapping[str, Any]) -> Iterator[Finding]:
    """What is wrong with a schedule that the schema accepts."""
    if "cron" in said:
        yield from _mixed(said)
        yield from _fields(said["cron"])
    elif missing := [key for key in ("every", "at") if key not in said]:
        hint = "for example: {every: week, on: monday, at: '08:00'}, or {cron: 0 8 * * MON}"
        yield Finding(_PATH, f"schedule needs the key '{missing[0]}'", "missing-key", hint, key=True)
    elif "on" in said:
        yield from _on(said["every"], said["on"])


def read(said: Mapping[str, Any]) -> Schedule:
    """When the digest is due, as cron has it."""
    catchup = said.get("max_catchup", "3d")
    amount = int(catchup[:-1])
    age = timedelta(hours=amount) if catchup[-1] == "h" else timedelta(days=amount)
    return Schedule(said["cron"] if "cron" in said else _cron(said), age)


def _mixed(said: Mapping[str, Any]) -> Iterator[Finding]:
    for key in ("every", "on", "at"):
        if key in said:
            yield Finding((*_PATH, key), f"cron and {key} exclude each other", "schedule", "remove one", key=True)


def _on(every: str, on: int | str) -> Iterator[Finding]:
    path = (*_PATH, "on")
    if every == "week" and isinstance(on, int):
        yield Finding(path, "of a week, on is the name of a day", "schedule", "for example: monday")
    elif every in ("month", "quarter") and isinstance(on, str):
        yield Finding(path, f"of a {every}, on is the number of a day", "schedule", "for example: 1")
    elif every in ("day", "weekday"):
        yield Finding(path, f"every {every} has no on", "schedule", "remove it", key=True)


def _fields(text: str) -> Iterator[Finding]:
    from cronsim import CronSim, CronSimError  # here, since few definitions have one

    try:
        next(CronSim(text, _SOON))
    except (CronSimError, StopIteration) as error:
        said = str(error).lower() or "it names no day that there is"
        message = f"{show(text)} is no cron text: {said}"
        yield Finding((*_PATH, "cron"), message, "schedule", "for example: 0 8 * * MON")


def _cron(said: Mapping[str, Any]) -> str:
    """``every``, ``on`` and ``at`` as the five fields."""
    hour, minute = (str(int(part)) for part in said["at"].split(":"))
    match said["every"]:
        case "day":
            days = "* * *"
        case "weekday":
            days = "* * 1-5"
        case "week":
            days = f"* * {_DAYS.index(said.get('on', 'monday'))}"
        case every:
            days = f"{said.get('on', 1)} {'*' if every == 'month' else '1,4,7,10'} *"
    return f"{minute} {hour} {days}"
