"""Conditions of SQL about a row ``x``: each is true or false and never null, so that ``NOT`` means what it says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from runner.engine.query import literal
from runner.engine.query.dates import Span

ALWAYS = "1 = 1"
NEVER = "1 = 0"

LONGEST_PHRASE = 50
"""Words a text that is searched for may have."""

_WORD = re.compile(r"\w+")
_HIGHEST = "\U0010ffff"
_BIGGEST = 2**63 - 1


def among(column: str, numbers: Iterable[int]) -> str:
    """The column is one of some numbers."""
    listed = ", ".join(f"{number:d}" for number in sorted(set(numbers)))
    return f"({column} IS NOT NULL AND {column} IN ({listed}))" if listed else NEVER


def texts(column: str, said: Iterable[str]) -> str:
    """The column is one of some texts. ``ValueError`` where one has no literal."""
    listed = ", ".join(map(literal.text, sorted(set(said))))
    return f"({column} IS NOT NULL AND {column} IN ({listed}))" if listed else NEVER


def within(column: str, span: Span) -> str:
    """The column lies in the span; a limit that no column can hold is below or above them all."""
    parts = [f"{column} IS NOT NULL"]
    if span.low is not None and span.low > -_BIGGEST:
        parts.append(f"{column} >= {span.low:d}" if span.low <= _BIGGEST else NEVER)
    if span.high is not None and span.high <= _BIGGEST:
        parts.append(f"{column} < {span.high:d}" if span.high > -_BIGGEST else NEVER)
    return every(parts)


def every(parts: Sequence[str]) -> str:
    """All of the conditions."""
    return f"({' AND '.join(parts)})" if len(parts) > 1 else parts[0] if parts else ALWAYS


def either(parts: Sequence[str]) -> str:
    """At least one of the conditions."""
    return f"({' OR '.join(parts)})" if len(parts) > 1 else parts[0] if parts else NEVER


def negated(condition: str) -> str:
    """Not the condition; one that begins with a parenthesis ends with it, and needs no second."""
    return f"NOT {condition}" if condition.startswith("(") else f"NOT ({condition})"


def related(column: str, table: str, key: str, condition: str) -> str:
    """The column, never null, is the ``key`` of a row ``x`` of the table for which the condition holds.

    Each key is given once: of many such conditions in one search, an engine keeps all that they give at the same time.
    """
    found = f"SELECT x.{key} FROM {table} x WHERE x.{key} IS NOT NULL AND {condition} GROUP BY x.{key}"
    return f"{column} IN ({found})"


def words(text: str) -> list[str]:
    """The words of a text, in lower case. ``ValueError`` where it has none, or too many."""
    found = [word.lower() for word in _WORD.findall(text)]
    if not found:
        raise ValueError(f"'{text[:40]}' has no letter and no digit to search for.")
    if len(found) > LONGEST_PHRASE:
        raise ValueError(f"'{text[:40]}...' has more than {LONGEST_PHRASE} words.")
    return found


def phrase(fields: Sequence[str], text: str) -> str:
    """The words of ``text`` stand one after the other in one of the fields (or lists of them) of the row's object."""
    found = words(text)
    if len(found) == 1 or not fields:
        return _owners(fields, f"w.word = {literal.text(found[0])}")
    places = " UNION ALL ".join(
        f"SELECT w.field, w.owner, w.place - {place:d} AS origin FROM word w "
        f"WHERE {_of(fields)} AND w.word = {literal.text(word)}"
        for place, word in enumerate(found)
    )
    counted = f"SELECT p.owner, COUNT(*) AS n FROM ({places}) p GROUP BY p.field, p.owner, p.origin"
    return f"x.no IN (SELECT c.owner FROM ({counted}) c WHERE c.n = {len(found):d})"


def full_words(fields: Sequence[str], text: str) -> str:
    """Every word of ``text`` occurs."""
    return every([_owners(fields, f"w.word = {literal.text(word)}") for word in words(text)])


def beginnings(fields: Sequence[str], text: str) -> str:
    """Every word of ``text`` begins a word."""
    ranges = (f"w.word >= {literal.text(word)} AND w.word < {literal.text(word + _HIGHEST)}" for word in words(text))
    return every([_owners(fields, each) for each in ranges])


def _owners(fields: Sequence[str], condition: str) -> str:
    return f"x.no IN (SELECT w.owner FROM word w WHERE {_of(fields)} AND {condition})" if fields else NEVER


def _of(fields: Sequence[str]) -> str:
    return f"w.field IN ({', '.join(map(literal.text, fields))})"
