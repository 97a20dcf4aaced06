"""What a job's settings say, where several endpoints say it alike. Names are IDs by now."""

from __future__ import annotations

from runner.model import Job, Json


def texts(said: Json) -> tuple[str, ...]:
    """A list of texts; none where there is no list."""
    return tuple(str(item) for item in said) if isinstance(said, list) else ()


def users(job: Job) -> tuple[str, ...]:
    """The IDs of those whose numbers are asked; none means everyone's."""
    return texts(job.settings.get("users"))


def text(job: Job, key: str) -> str:
    """A setting that is one word or number; empty where it is not said."""
    said = job.settings.get(key)
    return "" if said is None else str(said)


def filtered(job: Job, key: str) -> str:
    """The ``smart_view`` or the ``search`` of the job's query; empty where it has none."""
    query = job.settings.get("query")
    return str(query.get(key) or "") if isinstance(query, dict) else ""


def saved_search(job: Job) -> dict[str, Json]:
    """The smart view as the body of a request has it; nothing where there is none."""
    view = filtered(job, "smart_view")
    return {"query": {"type": "saved_search", "saved_search_id": view}} if view else {}


def filled(**params: str) -> tuple[tuple[str, str], ...]:
    """Parameters of a request in order, those that say nothing left out."""
    return tuple((key, value) for key, value in params.items() if value)
