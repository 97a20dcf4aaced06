"""Entries of the ledger: found as people name them, shown as they read them, and as data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from runner.errors import UsageError
from runner.ledger.moves import MOVES, one_line
from runner.model import Entry, Json, State
from runner.nearest import hint

SHOWN = 5
"""Most IDs that an error lists."""


def chosen(entries: Collection[Entry], states: Collection[str], report: str | None) -> list[Entry]:
    """Those in one of the states, of the report, its members and failures; all without either. The newest is last."""
    kept = [
        entry
        for entry in entries
        if (not states or entry.state.value in states) and (report is None or _of(entry, report))
    ]
    return sorted(kept, key=lambda entry: (entry.changed, entry.key))


def one(entries: Collection[Entry], said: str) -> Entry:
    """The entry whose ID begins so; UsageError where it is none, or more than one."""
    wanted = said.casefold()
    found = sorted(entry.id for entry in entries if wanted and entry.id.startswith(wanted))
    if len(found) > 1:
        more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        raise UsageError(f"'{said}' begins {len(found)} IDs: {', '.join(found[:SHOWN])}{more}; write more of it")
    if not found:
        near = hint(wanted, [entry.id for entry in entries]) or "`runner ledger list` shows every ID"
        raise UsageError(f"no entry has the ID '{said}'; {near}")
    return next(entry for entry in entries if entry.id == found[0])


def lines(entries: Sequence[Entry], zone: str) -> list[str]:
    """A line for each, in columns."""
    rows = [
        (entry.id, entry.state.value, _time(entry.changed, zone), *_key(entry), one_line(entry.reason))
        for entry in entries
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def counts(entries: Collection[Entry]) -> str:
    """How many there are, and in which states."""
    if not entries:
        return "nothing is in the ledger that was asked for"
    states = Counter(entry.state for entry in entries)
    said = ", ".join(f"{states[state]} {state.value}" for state in State if states[state])
    return f"{len(entries)} {'delivery' if len(entries) == 1 else 'deliveries'}: {said}"


def text(entry: Entry, zone: str) -> str:
    """Everything about one."""
    report, period, channel, recipient = _key(entry)
    said = {
        "id": entry.id,
        "state": f"{entry.state.value} since {_time(entry.changed, zone)}",
        "reason": one_line(entry.reason),
        "report": report,
        "period": period,
        "channel": channel,
        "recipient": recipient,
        "as of": _time(entry.as_of, zone),
        "attempts": str(entry.attempts),
        "fingerprint": entry.fingerprint,
        "run": entry.run,
        "resolved": one_line(entry.word),
    }
    return "\n".join(f"{name:11}  {value}" for name, value in said.items() if value)


def advice(entry: Entry) -> str:
    """What a person can do about it, ready to be typed; nothing where there is nothing to be done."""
    if entry.state not in (State.UNCERTAIN, State.REFUSED):
        return ""
    uncertain = entry.state is State.UNCERTAIN
    head = "nobody can say whether it arrived; ask the recipient or look at the other end, then say which it is:"
    resolve = f"  runner ledger resolve {entry.id}"
    told = [head if uncertain else "it was refused for good; when the cause is mended:"]
    told += [f"{resolve} --sent --reason TEXT    it arrived"] if State.SENT in MOVES[entry.state] else []
    told += [f"{resolve} --resend --reason TEXT  it did not, the next run sends it"]
    return "\n".join(told)


def data(entry: Entry) -> dict[str, Json]:
    """The same as JSON."""
    return {
        "id": entry.id,
        "report": entry.key.report,
        "period": entry.key.period,
        "channel": entry.key.channel,
        "recipient": entry.key.recipient,
        "state": entry.state.value,
        "reason": entry.reason,
        "as_of": entry.as_of.isoformat(),
        "changed": entry.changed.isoformat(),
        "attempts": entry.attempts,
        "fingerprint": entry.fingerprint,
        "run": entry.run,
        "word": entry.word,
    }


def _of(entry: Entry, report: str) -> bool:
    said = entry.key.report
    return said == report or said.startswith((f"{report}/", f"{report}!"))


def _key(entry: Entry) -> tuple[str, str, str, str]:
    key = entry.key
    return one_line(key.report), one_line(key.period), one_line(key.channel), one_line(key.recipient)


def _time(instant: datetime, zone: str) -> str:
    return instant.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")
