"""Data as files have it, with its places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

from runner.errors import Location, Problem, Severity

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"
"""Data as JSON has it."""

Path: TypeAlias = "tuple[str | int, ...]"
"""Where a value stands inside a file: keys and list positions from the top."""

Mark: TypeAlias = tuple[int, int]
"""Line and column of a character, both from 1."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file's data, with the place of every value and every key in it.

    ``values`` and ``keys`` map a path to where the value, or the key that leads to it, begins.
    """

    file: str
    text: str
    data: Json
    values: Mapping[Path, Mark]
    keys: Mapping[Path, Mark]

    def location(self, path: Path, *, key: bool = False, offset: int = 0) -> Location:
        """The place of the value at ``path`` (or of its key), or of the nearest thing round it that exists.

        ``offset`` leads to so many characters into a text, where it stands on one line as it is.
        """
        while path and path not in self.values:
            path = path[:-1]
        line, column = (self.keys.get(path) if key else None) or self.values[path]
        return Location(self.file, line, column + self._inside(path, line, column, offset))

    def _inside(self, path: Path, line: int, column: int, offset: int) -> int:
        text, written = self.at(path), self.line(line)[column - 1 :] if offset else ""
        if not offset or not isinstance(text, str):
            return 0
        quoted = int(written[:1] in ("'", '"'))
        return offset + quoted if written.startswith(text, quoted) else 0

    def problem(
        self,
        path: Path,
        message: str,
        rule: str,
        *,
        key: bool = False,
        hint: str = "",
        severity: Severity = Severity.ERROR,
        offset: int = 0,
    ) -> Problem:
        """A finding about the value at ``path`` (or about its key)."""
        location = self.location(path, key=key, offset=offset)
        return Problem(message, rule, location, self.line(location.line), hint, severity)

    def at(self, path: Path) -> Json:
        """The value at ``path``; None where there is none."""
        value: Any = self.data
        for step in path:
            held = step in value if isinstance(value, dict) else isinstance(value, list) and step in range(len(value))
            value = value[step] if held else None
        return cast("Json", value)

    def line(self, number: int) -> str:
        """Line ``number`` of the text, without its end."""
        lines = self.text.split("\n", number)
        return lines[number - 1].rstrip("\r") if number <= len(lines) else ""
