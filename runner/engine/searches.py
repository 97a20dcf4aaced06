"""Search strings that list what a number counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from runner.engine import moments
from runner.engine.query import literal
from runner.engine.ranges import Range


@dataclass(frozen=True, slots=True)
class _Search:
    """A search for the leads that hold objects of the form ``form`` (empty: for the leads themselves)."""

    form: str
    date: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    user: str = "user"


_CALL = _Search("call", "outgoing_call_date", before=('direction: "outbound"',))
_EMAIL = _Search("email", "sent", before=('direction: "outgoing"',), after=('status: "sent"',))
_SMS = _Search("sms", "sent", before=('direction: "outbound"',), after=('status: "sent"',))

_SEARCHES: dict[str, tuple[_Search, ...]] = {
    "calls.outbound.all": (_CALL,),
    "emails.sent.all": (_EMAIL,),
    "sms.sent.all": (_SMS,),
    "leads.contacted.all": (_CALL, _EMAIL, _SMS),
    "leads.created.all": (_Search("", "created", user="created_by"),),
    "opportunities.created_for.all": (_Search("opportunity", "created"),),
}
"""Metric without its measure -> the searches that together find its leads, where the query language can say them."""


def leads(metric: str, over: Range, users: Sequence[str], smart_view: str = "") -> list[str]:
    """Search strings that together list the leads of the objects a metric counts; none where it cannot be said."""
    searches = _SEARCHES.get(metric.rpartition(".")[0], ())
    filtered = f" and in:{quote(smart_view)}" if smart_view else ""
    return [_text(search, over, users) + filtered for search in searches]


def spoken(named: Mapping[str, str | None], ids: Iterable[str] = ()) -> dict[str, str]:
    """ID -> what searches call it: its name, or the ID where it has none, cannot be said or is that of another too.

    ``ids`` are those of all there are, where not all are ``named``: an ID is never taken for a name.
    """
    said = Counter(word for id_, name in named.items() for word in {id_.lower(), (name or "").lower()})
    said.update(id_.lower() for id_ in ids if id_ not in named)
    return {
        id_: id_ if name is None or said[name.lower()] > 1 or not literal.holds(name) else name
        for id_, name in named.items()
    }


def quote(text: str) -> str:
    """``text`` as a quoted value of the query language."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _text(search: _Search, over: Range, users: Sequence[str]) -> str:
    start, end = (quote(moments.search_text(at)) for at in (over.start, over.end))
    parts = [*search.before, f"{search.date} >= {start}", f"{search.date} < {end}", *search.after]
    if users:
        parts.append(f"{search.user} in ({', '.join(map(quote, users))})")
    inside = " and ".join(parts)
    return f"{search.form}({inside})" if search.form else inside
