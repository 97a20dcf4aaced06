"""What the sample organization has set up: statuses, pipelines, smart views, templates, sequences."""

from __future__ import annotations

from typing import NamedTuple

from runner.engine.sample import chance, words
from runner.model import Json

ORGANIZATION_ID = chance.identify("orga", words.ORGANIZATION)


class Stage(NamedTuple):
    """A status of an opportunity; ``type`` is active, won or lost."""

    id: str
    label: str
    type: str


class Pipeline(NamedTuple):
    """A pipeline with its stages in order."""

    id: str
    name: str
    stages: tuple[Stage, ...]

    @property
    def active(self) -> int:
        """How many stages come before the end."""
        return sum(stage.type == "active" for stage in self.stages)

    def end(self, kind: str) -> tuple[int, ...]:
        """The positions of the stages of type won or lost."""
        return tuple(position for position, stage in enumerate(self.stages) if stage.type == kind)


def _pipeline(name: str) -> Pipeline:
    stages = (Stage(chance.identify("stat", name, label), label, kind) for label, kind in words.PIPELINES[name])
    return Pipeline(chance.identify("pipe", name), name, tuple(stages))


PIPELINES = {name: _pipeline(name) for name in words.PIPELINES}
LEAD_STATUSES = {label: chance.identify("stat", "lead", label) for label in words.LEAD_STATUSES}
TEMPLATES = {name: chance.identify("tmpl", name) for name in words.TEMPLATE_SUBJECTS}
SEQUENCES = {source: chance.identify("seq", name) for source, name in words.SEQUENCES.items()}


def lead_statuses() -> list[dict[str, Json]]:
    """The rows of ``lead_status``."""
    return [{"id": each, "label": label, "organization_id": ORGANIZATION_ID} for label, each in LEAD_STATUSES.items()]


def pipelines() -> list[dict[str, Json]]:
    """The rows of ``pipeline``."""
    return [
        {
            "id": pipeline.id,
            "name": pipeline.name,
            "organization_id": ORGANIZATION_ID,
            "statuses": [stage._asdict() for stage in pipeline.stages],
        }
        for pipeline in PIPELINES.values()
    ]


def saved_searches() -> list[dict[str, Json]]:
    """The rows of ``saved_search``."""
    return [
        {
            "id": chance.identify("save", name),
            "is_shared": True,
            "name": name,
            "organization_id": ORGANIZATION_ID,
            "query": query,
            "type": "lead",
        }
        for name, query in words.SMART_VIEWS.items()
    ]


def email_templates() -> list[dict[str, Json]]:
    """The rows of ``email_template``."""
    return [
        {
            "id": TEMPLATES[name],
            "is_archived": False,
            "is_shared": name not in words.MANUAL_TEMPLATES,
            "name": name,
            "organization_id": ORGANIZATION_ID,
            "subject": subject,
        }
        for name, subject in words.TEMPLATE_SUBJECTS.items()
    ]
