"""What an Explorer request asks: its parameters, checked, with every field found."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from runner.engine import moments, parameters, query, ranges
from runner.engine.explorer import catalog
from runner.engine.explorer.catalog import OBJECTS, Field
from runner.engine.explorer.intervals import AUTO, BUCKETS, UNITS, Dates, Numbers, Values, grain
from runner.engine.fields import Fields
from runner.engine.inquiry import Inquiry
from runner.engine.moments import MINUTE
from runner.engine.problems import REQUIRED
from runner.engine.ranges import ALL_TIME, Range

Places: TypeAlias = Dates | Numbers | Values

_PARAMETERS = ("x", "y", "interval", "transform_y", "group_by", "start", "end", "query")
_TRANSFORMS = ("sum", "avg", "min", "max")
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_NOWHERE = Field("", "", "", "text")
"""Stands for a field that was refused, until the request is."""


@dataclass(frozen=True, slots=True)
class Said:
    """The fields as the request spells them."""

    x: str
    y: str
    group_by: str | None


@dataclass(frozen=True, slots=True)
class Question:
    """An Explorer request, checked.

    ``found`` is SQL of the numbers of x's objects that are looked at, empty for all; ``offset`` is in minutes east.
    """

    said: Said
    x: Field
    y: Field
    group: Field | None
    transform: str
    places: Places
    found: str
    offset: int

    @property
    def rows(self) -> str:
        """The object whose rows are looked at: that of the side that is not lead."""
        return self.y.object if self.x.object == "lead" else self.x.object

    @property
    def per_lead(self) -> bool:
        """Whether y is how many objects each lead has."""
        other = self.x.object == "lead" != self.y.object
        return self.y.is_count and other and self.transform != "sum"

    @property
    def measure(self) -> str:
        """What becomes of the numbers of a cell; a plain count is a sum whatever was asked."""
        return "sum" if self.y.is_count and not self.per_lead else self.transform


def read(inquiry: Inquiry, names: query.Catalog) -> Question:
    """The question of a request's parameters. ``ValidationError`` names every one that is wrong."""
    said = parameters.read(inquiry.request, _PARAMETERS)
    known = catalog.of(names.custom_fields).spellings
    x, y = _x(said, known), _y(said, known)
    question = Question(
        Said(_text(said, "x", ""), _text(said, "y", "lead.count"), _text(said, "group_by", "") or None),
        x,
        y,
        _find(said, "group_by", known) if said.has("group_by") else None,
        said.choice("transform_y", _TRANSFORMS) if said.has("transform_y") else "sum",
        _places(said, x, inquiry),
        _found(said, x, names),
        inquiry.offset,
    )
    if x is not _NOWHERE and y is not _NOWHERE:
        _check_objects(said, question)
    said.check()
    return question


def _text(said: Fields, key: str, default: str) -> str:
    return said.text(key) if said.has(key) else default


def _x(said: Fields, known: Mapping[str, Field]) -> Field:
    if not said.has("x"):
        said.refuse("x", REQUIRED)
        return _NOWHERE
    return _find(said, "x", known)


def _y(said: Fields, known: Mapping[str, Field]) -> Field:
    numbers = catalog.COUNTS | {name: field for name, field in known.items() if field.type == "number"}
    name = _text(said, "y", "lead.count")
    if name in known and name not in numbers:
        said.refuse("y", f"'{name[:80]}' is no number; y is a number or OBJECT.count.")
        return _NOWHERE
    return _find(said, "y", numbers) if said.has("y") else numbers[name]


def _find(said: Fields, key: str, known: Mapping[str, Field]) -> Field:
    name = said.text(key)
    if name in known:
        return known[name]
    kind, _, own = name.partition(".")
    if kind in OBJECTS and own == "count":
        said.refuse(key, f"'{name}' is a number that only y can be.")
    else:
        (nearest,) = difflib.get_close_matches(name[:80], known, n=1, cutoff=0)
        said.refuse(key, f"Unknown field '{name[:80]}'; the nearest is '{nearest}'.")
    return _NOWHERE


def _check_objects(said: Fields, question: Question) -> None:
    """One of two objects must be lead, and the groups are of the rows or their leads."""
    kinds = {question.x.object, question.y.object}
    if len(kinds) == 2 and "lead" not in kinds:
        said.refuse("y", f"x is of {question.x.object}: y must be of it too, or of lead.")
    elif question.group not in (None, _NOWHERE) and question.group.object not in (question.rows, "lead"):
        allowed = " or ".join(dict.fromkeys((question.rows, "lead")))
        said.refuse("group_by", f"A field of {allowed} is expected.")


def _found(said: Fields, x: Field, names: query.Catalog) -> str:
    if not said.has("query") or x is _NOWHERE:
        return ""
    try:
        return query.select(said.text("query"), names, of=x.object)
    except query.QueryError as error:
        said.refuse("query", str(error))
        return ""


# ---- buckets ---------------------------------------------------------------------------------------------


def _places(said: Fields, x: Field, inquiry: Inquiry) -> Places:
    if x.type == "date":
        return _dates(said, inquiry)
    if x.type == "number":
        return _numbers(said)
    for key in ("start", "end"):
        if said.has(key) and x is not _NOWHERE:
            said.refuse(key, f"'{x.name[:80]}' is no date and no number: it has no range.")
    return Values()


def _dates(said: Fields, inquiry: Inquiry) -> Dates:
    over = _range(said, inquiry)
    unit = said.choice("interval", (AUTO, *UNITS)) if said.has("interval") else AUTO
    if not said.sound("interval"):
        return Dates(over, "day")
    dates = Dates(over, grain(unit, over, inquiry.week))
    if said.sound("start") and said.sound("end") and len(dates.indexes) > BUCKETS:
        said.refuse("interval", f"That makes {len(dates.indexes)} buckets of a {dates.unit}; {BUCKETS} are too many.")
    return dates


def _range(said: Fields, inquiry: Inquiry) -> Range:
    """From the start, else the organization's creation, to the end, else now."""
    start = _moment(said, "start", inquiry.offset) if said.has("start") else ranges.resolve(ALL_TIME, inquiry).start
    end = _moment(said, "end", inquiry.offset) if said.has("end") else ranges.resolve(ALL_TIME, inquiry).end
    if start > end:
        if said.sound("start") and said.sound("end"):
            said.refuse("start", f"The start ({moments.text(start, inquiry.offset)}) is after the end.")
        return Range(start, start, inquiry.offset)
    return Range(start, end, inquiry.offset)


def _moment(said: Fields, key: str, offset: int) -> int:
    """A moment with Z or an offset, or a plain date: its local midnight."""
    text = said.text(key)
    try:
        return moments.stored(text) - offset * MINUTE if _DATE.fullmatch(text) else moments.instant(text)
    except ValueError as problem:
        said.refuse(key, str(problem))
        return 0


def _numbers(said: Fields) -> Numbers:
    start, end = (_whole(said, key) if said.has(key) else None for key in ("start", "end"))
    if start is not None and end is not None and start > end:
        said.refuse("start", "The start is after the end.")
    if not said.has("interval") or said.text("interval") == AUTO:
        return Numbers(start, end, 0)
    width = _whole(said, "interval")
    if width is None or width < 1:
        said.refuse("interval", f"'{said.text('interval')[:40]}' is not {AUTO} or a whole number from 1 on.")
    return Numbers(start, end, width or 0)


def _whole(said: Fields, key: str) -> int | None:
    text = said.text(key)
    if _WHOLE.fullmatch(text):
        return int(text)
    said.refuse(key, f"'{text[:40]}' is not a whole number of at most 18 digits.")
    return None
