"""What the digest of a definition is to say of numbers that are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from runner.model.source import Path, Source


@dataclass(frozen=True, slots=True)
class Expected:
    """What a number is to be. ``row`` and ``table`` may be empty: the total, the first table that has it.

    ``value`` and ``before`` are as written: a number, the text that the digest shows, None for one that is missing.
    ``compared`` says whether ``before`` is expected at all.
    """

    place: Path
    job: str
    column: str
    value: str | int | float | None
    row: str = ""
    table: str = ""
    before: str | int | float | None = None
    compared: bool = False


@dataclass(frozen=True, slots=True)
class Trial:
    """A test of a definition: numbers, an instant, what is expected. ``place`` is where it is written.

    ``dump`` and ``recording`` are folders of the project; without both the numbers are the sample's. ``as_of`` is
    None where it is that of the recording. ``checks`` says of checks by name whether each ``passes`` or ``fails``.
    """

    name: str
    source: Source
    place: Path
    as_of: datetime | None
    dump: str = ""
    recording: str = ""
    period: str = ""
    cells: tuple[Expected, ...] = ()
    sentences: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    checks: Mapping[str, str] = field(default_factory=dict)

    @property
    def expect(self) -> Path:
        """Where the expectations are written."""
        return (*self.place, "expect")
