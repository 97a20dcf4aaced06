"""Pipelines: the statuses they list, of which those of type active or won are the stages."""

from __future__ import annotations

from dataclasses import dataclass

from runner.engine.fields import Fields
from runner.engine.inquiry import Backend, lookup

_STAGE_TYPES = ("active", "won")


@dataclass(frozen=True, slots=True)
class Status:
    """A status of a pipeline; ``no`` follows the pipeline's order."""

    no: int
    id: str
    label: str | None
    type: str | None


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A pipeline's number, None where there is none, and its statuses, in its order."""

    no: int | None
    statuses: tuple[Status, ...]

    @property
    def stages(self) -> tuple[Status, ...]:
        """The statuses an opportunity passes on its way: the lost ones are none."""
        return tuple(status for status in self.statuses if status.type in _STAGE_TYPES)

    def numbers(self, *types: str) -> tuple[int, ...]:
        """The statuses of these types, by number."""
        return tuple(status.no for status in self.statuses if status.type in types)


def read(fields: Fields, backend: Backend) -> Pipeline:
    """The pipeline whose ID is in the required field ``pipeline``."""
    asked = fields.text("pipeline")
    if not fields.sound("pipeline"):
        return Pipeline(None, ())
    found = [no for no, identity in lookup(backend, "SELECT no, id FROM pipeline") if identity == asked]
    if not found:
        fields.refuse("pipeline", f"Unknown pipeline: {asked[:40]}.")
        return Pipeline(None, ())
    statuses = lookup(backend, f"SELECT no, id, label, type FROM opportunity_status WHERE pipeline = {found[0]:d}")
    return Pipeline(found[0], tuple(Status(*row) for row in sorted(statuses)))
