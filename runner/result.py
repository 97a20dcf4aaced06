"""``result.json``: what was asked for a digest and what was said, so that it can be made again without asking."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from runner import memo
from runner.client import shape
from runner.errors import DefinitionError, EmptySelectionError, RunnerError, UsageError
from runner.lookups import lock
from runner.lookups.lock import Section
from runner.model import Answer, Document, Failure, Json, Plan, Query, Spec
from runner.nearest import nearest

FILE = "result.json"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Result:
    """What was kept: the instant, what names stood for, what was said to each request (by its text as JSON).

    ``sample`` says that the numbers are invented; ``names`` is None where the definition had no names. ``definition``
    is what ``memo`` keeps of it; None in files of runners that did not keep it yet.
    """

    file: Path
    report: str
    period: str
    as_of: datetime
    sample: bool
    names: Section | None
    said: Mapping[str, Answer | Failure]
    definition: Mapping[str, Any] | None = None

    @property
    def revision(self) -> str:
        """The git commit that the definition was at; empty where that is not known."""
        return str((self.definition or {}).get("revision", ""))


def document(plan: Plan, answers: Mapping[str, Answer | Failure], *, sample: bool) -> Document:
    """The file: every query of the plan with its answer, or with why there is none."""
    asked: list[Json] = [
        {
            "job": one.job.name,
            "period": one.period.name if one.period else None,
            "part": one.part.name if one.part else None,
            "request": describe(one.query),
            **({"answer": answer.data} if isinstance(answer, Answer) else {"failed": answer.reason}),
        }
        for one, answer in ((one, answers[one.query.key]) for one in plan.asks)
    ]
    kept = {
        "version": VERSION,
        "report": plan.spec.name,
        "period": plan.period.name,
        "as_of": plan.as_of.isoformat(),
        "sample": sample,
        "names": plan.names,
        "definition": memo.data(plan.spec, plan.revision),
        "asked": asked,
    }
    text = json.dumps(kept, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return Document(FILE, f"{text}\n".encode())


def describe(query: Query) -> dict[str, Json]:
    """A query as data for people and files: what goes over the wire, without host and key."""
    said: dict[str, Json] = {"method": query.method, "path": query.path}
    if query.params:
        said["params"] = dict(query.params)
    if query.body is not None:
        said["body"] = dict(query.body)
    if query.tz_offset is not None:
        said["x-tz-offset"] = query.tz_offset
    return said


def find(folder: Path, period: str | None) -> Path:
    """The file of a period in the folder of a definition's digests; of the one that was run for the latest instant.

    EmptySelectionError where nothing is kept, UsageError where it is not of this period.
    """
    kept = {file.parent.name: file for file in sorted(folder.glob(f"*/{FILE}"))}
    if not kept:
        raise EmptySelectionError(f"no {FILE} is kept below {folder}; `runner run {folder.name}` makes one")
    if period is None:
        return max(kept.values(), key=lambda file: (_as_of(file, _load(file)), file.parent.name))
    if period not in kept:
        near = nearest(period, list(kept))
        hint = f"; did you mean '{near}'?" if near else f"; there is: {', '.join(kept)}"
        raise UsageError(f"{folder} has no period '{period}'{hint}")
    return kept[period]


def made(folder: Path, period: str) -> datetime | None:
    """The instant that the files of a period are of; None where there are none, or they cannot be used."""
    file = folder / period / FILE
    try:
        return _as_of(file, _load(file))
    except RunnerError:
        return None


def failed(file: Path) -> bool:
    """Whether a query of the run has no answer; RunnerError where the file is not as ``document`` writes it."""
    return any(isinstance(said, Failure) for said in read(file).said.values())


def read(file: Path) -> Result:
    """What the file says; RunnerError where it is not as ``document`` writes it."""
    return _result(file, _load(file))


def parse(file: Path, content: bytes) -> Result:
    """The same of what was a file's content, in git for one; ``file`` says where it is from."""
    return _result(file, _data(file, content))


def definition(kept: Result, app_url: str) -> Spec | None:
    """The definition that was run, with IDs for its names; None where the file does not keep it."""
    if kept.definition is None:
        return None
    try:
        return memo.spec(kept.report, kept.definition, app_url)
    except DefinitionError as error:
        raise _wrong(kept.file, error.problems[0].message) from error
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise _wrong(kept.file, f"its definition is not as a run writes it: {type(error).__name__} {error}") from error


def _result(file: Path, data: Mapping[str, Any]) -> Result:
    if data.get("version") != VERSION:
        raise _wrong(file, f"this runner reads version {VERSION} of the file, not {data.get('version', 'one without')}")
    as_of = _as_of(file, data)
    try:
        names = None if data["names"] is None else lock.section(str(file), data["names"])
        said = {_text(each["request"]): _said(each) for each in data["asked"]}
        kept = data.get("definition")
        definition = dict(kept) if kept is not None else None
        place = (str(data["report"]), str(data["period"]))
        return Result(file, *place, as_of, data["sample"] is True, names, said, definition)
    except DefinitionError as error:
        raise _wrong(file, error.problems[0].message) from error
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise _wrong(file, f"it is not as a run writes it: {type(error).__name__} {error}") from error


def answers(kept: Result, plan: Plan) -> dict[str, Answer | Failure]:
    """What was said to each query of the plan, by its key.

    RunnerError that names the jobs whose queries were not asked then, or whose answers are not what those look like.
    """
    found: dict[str, Answer | Failure] = {}
    missing: dict[str, None] = {}
    for one in plan.asks:
        said = kept.said.get(_text(describe(one.query)))
        if said is None:
            missing[one.job.name] = None
            continue
        if isinstance(said, Answer) and (fault := shape.fault(said.data, one.query.expect)):
            raise _wrong(kept.file, f"the answer for job '{one.job.name}' is no such answer: {fault}")
        found[one.query.key] = said
    if missing:
        jobs = ", ".join(f"'{job}'" for job in missing)
        raise RunnerError(
            f"{plan.spec.source.file}: {f'job {jobs} asks' if len(missing) == 1 else f'jobs {jobs} ask'} what was not "
            f"asked for {kept.file}; ask it: runner run {plan.spec.name} --as-of {kept.as_of.isoformat()}"
        )
    return found


def outdated(kept: Result, plan: Plan, *, sample: bool) -> str:
    """Why a run of the plan now may say anything else than what is kept; empty where it would not."""
    asked = {_text(describe(one.query)): one.job.name for one in plan.asks}
    new = dict.fromkeys(job for text, job in asked.items() if text not in kept.said)
    failed = dict.fromkeys(job for text, job in asked.items() if isinstance(kept.said.get(text), Failure))
    if kept.sample != sample:
        return f"the numbers kept are {'invented' if kept.sample else 'not of the sample organization'}"
    if new:
        return f"{', '.join(new)}: what would be asked was not asked then"
    if failed:
        return f"{', '.join(failed)}: failed then"
    if len(kept.said) != len(asked):
        return "something was asked then that would not be asked now"
    if kept.definition and kept.definition.get("lines") != plan.spec.source.text.split("\n"):
        return "the definition has changed"
    if kept.as_of != plan.as_of and kept.as_of < plan.period.end:
        return f"{plan.period.name} was not over then"
    return ""


def _load(file: Path) -> dict[str, Any]:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise RunnerError(f"{file}: {error.strerror}") from error
    return _data(file, content)


def _data(file: Path, content: bytes) -> dict[str, Any]:
    try:
        data: Any = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise _wrong(file, f"it is no JSON: {error}") from error
    if not isinstance(data, dict):
        raise _wrong(file, "it is not as a run writes it")
    return data


def _as_of(file: Path, data: Mapping[str, Any]) -> datetime:
    try:
        instant = datetime.fromisoformat(data["as_of"])
    except (KeyError, TypeError, ValueError) as error:
        raise _wrong(file, "it does not say the instant it is of") from error
    if instant.tzinfo is None:
        raise _wrong(file, "its instant has no offset")
    return instant


def _said(each: Mapping[str, Any]) -> Answer | Failure:
    return Failure(str(each["failed"])) if "failed" in each else Answer(each["answer"])


def _text(request: Json) -> str:
    return json.dumps(request, sort_keys=True)


def _wrong(file: Path, said: str) -> RunnerError:
    return RunnerError(f"{file} cannot be used: {said}; run the definition anew")
