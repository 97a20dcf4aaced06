"""An explanation as people read it, and as data."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from datetime import datetime

from runner.explain import Explanation
from runner.explain.records import MOST, Records
from runner.model import Json, Period, Profile, Value
from runner.render import plain
from runner.result import describe

LOCAL = "http://127.0.0.1:8080/api/v1/"
"""Where ``runner serve`` answers, for numbers that are of no service on the network."""

PAD = 10

MADE = {
    "is": "the number as it stands in the answer",
    "ratio": "the first part by the second",
    "difference": "the first part less the second",
    "share": "the first part by the sum of the others",
    "sum": "the sum of the parts",
}
"""How a number is made of its parts."""

SHOWN = 6
"""Parts that are shown one by one."""


def text(explained: Explanation, file: str, again: str, records: Records | None) -> str:
    """Lines for a terminal or a pipe. ``file`` is the kept result's, ``again`` the command that asks once more."""
    found, column = explained.found, explained.found.table.columns[explained.found.column]
    spec = explained.plan.spec
    lines = [f"{spec.name} · {explained.job.name} · {found.table.title}: {_said(found.line.head)} / {column.label}"]
    lines.append(f"  {explained.text}  ({_raw(found.cell.value)}, {column.unit.value})")
    lines += [f"  {one.period.name}: {one.text}  ({_raw(one.value)})  {one.change}" for one in explained.before]
    lines.append("")
    lines += _block("counted", [explained.description, explained.rule.sentence, explained.rule.page])
    at = f", commit {explained.plan.revision}" if explained.plan.revision else ""
    lines += _block("asked by", [f"{explained.asked_at}{at}", f"| {explained.line}"])
    lines += _block("request", list(_request(explained)))
    lines += _block("answer", [_answer(explained, file), *_parts(explained)])
    lines += _block("again", [again])
    lines += _block("search", [explained.search])
    lines += _block("page", [explained.page])
    if records:
        lines += _block("records", [records.story, *_leads(records)])
    return "\n".join(plain.line(line).rstrip() for line in lines)


def data(explained: Explanation, file: str, again: str, records: Records | None) -> dict[str, Json]:
    """The same for machines: raw values, money in cents, durations in seconds."""
    found, column = explained.found, explained.found.table.columns[explained.found.column]
    ask = explained.ask
    period = ask.part or ask.period
    return {
        "report": explained.plan.spec.name,
        "job": explained.job.name,
        "table": found.table.key,
        "row": found.line.key,
        "head": _json(found.line.head),
        "column": column.key,
        "label": column.label,
        "value": _json(found.cell.value),
        "unit": column.unit.value,
        "text": explained.text,
        "before": [
            {**_period(each.period), "value": _json(each.value), "text": each.text} for each in explained.before
        ],
        "rule": explained.rule.sentence,
        "manual": explained.rule.page,
        "description": explained.description,
        "definition": {"place": str(explained.asked_at), "line": explained.line, "revision": explained.plan.revision},
        "request": {**describe(ask.query), "period": _period(period) if period else None, "curl": again},
        "as_of": explained.plan.as_of.isoformat(),
        "sample": explained.sample,
        "result": file,
        "made": explained.made,
        "parts": [{"pointer": pointer, "value": _json(value)} for pointer, value in explained.parts],
        "search": explained.search,
        "page": explained.page,
        "records": _records(records) if records else None,
    }


def curl(explained: Explanation, profile: Profile) -> str:
    """The command that asks the same again; the key is taken from the environment."""
    query, close = explained.ask.query, profile.service == "close" and not explained.sample
    base, key = (profile.base_url, profile.api_key_env) if close else (LOCAL, "RUNNER_SERVE_KEY")
    who = ["-H", '"Authorization: Bearer $ACCESS_TOKEN"'] if close and profile.oauth else ["-u", f'"${key}:"']
    words = ["curl", "-sS", *who]
    if query.tz_offset is not None:
        words += ["-H", shlex.quote(f"x-tz-offset: {query.tz_offset:g}")]
    if query.body is not None:
        words += ["-H", "'Content-Type: application/json'"]
        words += ["-d", shlex.quote(json.dumps(query.body, ensure_ascii=False))]
    elif query.params:
        words.append("-G")
    for key, value in query.params:
        words += ["--data-urlencode", shlex.quote(f"{key}={value}")]
    return " ".join([*words, shlex.quote(f"{base}{query.path}")])


def _block(name: str, said: list[str]) -> Iterator[str]:
    for number, line in enumerate(filter(None, said)):
        yield f"{'' if number else name:{PAD}}{line}"


def _request(explained: Explanation) -> Iterator[str]:
    query, period = explained.ask.query, explained.ask.part or explained.ask.period
    yield f"{query.method} {query.path}"
    if period:
        yield f"{period.name}: {_start(period)} to {period.end.isoformat()}"
    if query.tz_offset is not None:
        yield f"x-tz-offset: {query.tz_offset:g}"
    for key, value in query.params:
        yield f"{key}: {value}"
    if query.body is not None:
        yield json.dumps(query.body, ensure_ascii=False)


def _answer(explained: Explanation, file: str) -> str:
    invented = ", of the sample organization: invented" if explained.sample else ""
    return f"{file}, as of {explained.plan.as_of.isoformat(timespec='seconds')}{invented}"


def _parts(explained: Explanation) -> Iterator[str]:
    if not explained.parts:
        yield "the answer has no such number"
        return
    yield MADE[explained.made]
    for pointer, value in explained.parts[:SHOWN]:
        yield f"{pointer}: {_raw(value)}"
    if len(explained.parts) > SHOWN:
        yield f"and {len(explained.parts) - SHOWN} more parts"


def _leads(records: Records) -> Iterator[str]:
    for identity, name in records.leads[:MOST]:
        yield f"{identity}  {name}"
    if records.total > len(records.leads[:MOST]):
        yield f"and {records.total - len(records.leads[:MOST])} more"


def _records(records: Records) -> Json:
    leads: list[Json] = [{"id": identity, "name": name} for identity, name in records.leads]
    return {"total": records.total, "leads": leads, "story": records.story, "fits": records.fits}


def _said(head: Value) -> str:
    return head.isoformat() if isinstance(head, datetime) else str(head)


def _raw(value: Value) -> str:
    return "none" if value is None else _said(value)


def _json(value: Value) -> Json:
    return value.isoformat() if isinstance(value, datetime) else value


def _start(period: Period) -> str:
    return period.start.isoformat() if period.start else "the beginning"


def _period(period: Period) -> dict[str, Json]:
    return {"name": period.name, "start": _json(period.start), "end": period.end.isoformat()}
