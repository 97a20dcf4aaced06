"""Where a number of a digest stands in the answers: as it is, or in the parts it is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from runner.endpoints.tables import difference, ratio
from runner.model import Path, Value

Rule: TypeAlias = Literal["is", "ratio", "difference", "share", "sum"]


@dataclass(frozen=True, slots=True)
class Origin:
    """The paths of a number's ``parts`` inside one answer, and the ``rule`` that makes it of them.

    ``is`` has one part, the number itself, or none where the answer has no such number. ``piece`` says in which answer
    of a period asked in pieces they stand (``Told.parts``); None: in that for the whole period. ``search`` is where the
    search string stands that finds what is counted, empty where none does.
    """

    parts: tuple[Path, ...]
    rule: Rule = "is"
    piece: int | None = None
    search: Path = ()

    def value(self, answer: Any) -> Value:
        """The number, made of the parts as they stand in the answer."""
        return RULES[self.rule](tuple(at(answer, part) for part in self.parts))


def _sum(parts: Sequence[Value]) -> int | float | None:
    numbers = [part for part in parts if isinstance(part, int | float)]
    return sum(numbers) if numbers and len(numbers) == len(parts) else None


RULES: Mapping[Rule, Callable[[Sequence[Value]], Value]] = {
    "is": lambda parts: parts[0] if parts else None,
    "ratio": lambda parts: ratio(*parts),
    "difference": lambda parts: difference(*parts),
    "share": lambda parts: ratio(parts[0], _sum(parts[1:])),
    "sum": _sum,
}
"""How a number is made: the first part by the second, less the second, by the sum of the others, all added."""


def at(data: Any, path: Path) -> Any:
    """What stands in an answer at the path; None where nothing does."""
    for step in path:
        if isinstance(data, dict):
            data = data.get(step)
        else:
            data = data[step] if isinstance(data, list) and isinstance(step, int) and step < len(data) else None
    return data


def pointer(path: Path) -> str:
    """The path as a JSON pointer (RFC 6901)."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)


def place(rows: Iterable[Mapping[str, Any]], key: str, value: object) -> int:
    """The position of the row that has this value under the key."""
    return next(number for number, row in enumerate(rows) if row.get(key) == value)
