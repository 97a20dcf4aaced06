"""The Explorer's answers: series of points, and which points of two answers are the same.

Only ``series[].count`` is certain. Points are read where they are pairs of an x and a number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from runner.endpoints.moment import instant
from runner.model import Unit, Value

Place: TypeAlias = "str | int | float"
"""An x: the beginning of a bucket, or a label."""

Name: TypeAlias = "tuple[Place | None, int]"
"""What a series or a point is called, and how many before it are called so too."""


@dataclass(frozen=True, slots=True)
class Series:
    """Values by place; ``points`` is None where the answer has no pairs."""

    count: Value
    points: Mapping[Name, Value] | None


@dataclass(frozen=True, slots=True)
class Grid:
    """An answer: its series by name, the places of all of them in order, and what these are.

    ``kind`` is DATETIME where every place is a moment, NUMBER where every place is a number, else TEXT.
    """

    series: Mapping[Name, Series]
    places: tuple[Name, ...]
    kind: Unit
    interval: Value


def read(data: Mapping[str, Any]) -> Grid:
    """The answer as a grid."""
    names = _numbered(one.get("name") for one in data["series"])
    series = dict(zip(names, map(_series, data["series"]), strict=True))
    places = tuple(dict.fromkeys(place for one in series.values() for place in one.points or ()))
    kind = _kind([place for place, _ in places])
    if kind is Unit.DATETIME:
        places = tuple(sorted(places, key=lambda name: _timestamp(name[0])))
    elif kind is Unit.NUMBER:
        places = tuple(sorted(places))
    return Grid(series, places, kind, data.get("interval"))


def moment(place: Place | None) -> datetime | None:
    """The moment that a place says, if it says one with an offset."""
    return instant(place) if isinstance(place, str) else None


def past(now: Grid, before: Grid) -> Mapping[tuple[Name, Name], Value]:
    """The value in ``before`` that each point of ``now``, by series and place, is compared with.

    Series are found by name and places by label; what shares its name with another is compared with nothing. Buckets of
    time have other dates before: they are found by their order, where there are as many of them and of the same width.
    """
    if now.kind is Unit.DATETIME:
        alike = len(now.places) == len(before.places) and before.kind is now.kind and now.interval == before.interval
        places = dict(zip(now.places, before.places, strict=True)) if alike else {}
    else:
        places = {place: place for place in now.places if _alone(place, now.places, before.places)}
    return {
        (name, place): points[then]
        for name in now.series
        if _alone(name, now.series, before.series)
        for points in [before.series[name].points or {}]
        for place, then in places.items()
        if then in points
    }


def counterpart(name: Name, now: Grid, before: Grid) -> Series | None:
    """The series of the same name, where only one has it."""
    return before.series[name] if _alone(name, now.series, before.series) else None


def _alone(name: Name, now: Iterable[Name], before: Iterable[Name]) -> bool:
    """Whether both sides have exactly one thing of that name."""
    second = (name[0], 1)
    return name in before and second not in now and second not in before


def _series(one: Mapping[str, Any]) -> Series:
    data = one.get("data")
    if not isinstance(data, list) or not all(map(_is_point, data)):
        return Series(one["count"], None)
    names = _numbered(place for place, _ in data)
    return Series(one["count"], dict(zip(names, (value for _, value in data), strict=True)))


def _is_point(point: Any) -> bool:
    if not (isinstance(point, list) and len(point) == 2):
        return False
    place, value = point
    return type(place) in (str, int, float) and (value is None or type(value) in (int, float))


def _numbered(names: Iterable[Place | None]) -> tuple[Name, ...]:
    seen: Counter[Place | None] = Counter()
    numbered = []
    for name in names:
        numbered.append((name, seen[name]))
        seen[name] += 1
    return tuple(numbered)


def _kind(places: list[Place | None]) -> Unit:
    if places and all(map(moment, places)):
        return Unit.DATETIME
    return Unit.NUMBER if places and all(isinstance(place, int | float) for place in places) else Unit.TEXT


def _timestamp(place: Place | None) -> float:
    at = moment(place)
    return at.timestamp() if at else 0.0
