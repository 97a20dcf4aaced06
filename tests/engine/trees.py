"""Structured searches as hypothesis makes them up: trees of the grammar, and trees with one thing outside of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from tests.engine.oracle.world import World

Row = dict[str, Any]
Rows = st.SearchStrategy[Row]

RELATED = {"lead": ("opportunity", "contact"), "contact": ("lead",), "opportunity": ("lead",)}
SAID = ("acme", "Acme Inc", "ann lee", "ΣΑΣ", "İstanbul ltd", "snake_case", "100%_sure", "o'brien", "עולם", "x 2", "de")
MODES = ("full_words", "phrase", "beginning_of_words")
NUMBERS = (0, 1, 33, 50, 99, 100, 500, 1000, 12.5, -3, 10)
ODD = ("", "null", "won", "Won", "USD", "monthly", "one_time", 'Say "hi"', "back\\slash")


@dataclass(frozen=True)
class Grown:
    """Trees about the objects of a world: ``ids`` are texts that its fields may hold, ``bounds`` moments."""

    world: World
    bounds: Sequence[datetime]
    grown: dict[tuple[str, int], Rows] = field(default_factory=dict)

    def nodes(self, kind: str, depth: int = 3) -> Rows:
        """A tree about an object of that kind; any node may be negated. To make the strategy is dear, so it is kept."""
        if (kind, depth) not in self.grown:
            self.grown[kind, depth] = self.new(kind, depth)
        return self.grown[kind, depth]

    def new(self, kind: str, depth: int) -> Rows:
        parts = [self.leaf(kind), self.condition(kind)]
        if depth:
            inner = self.nodes(kind, depth - 1)
            parts += [
                _node("and", queries=st.lists(inner, min_size=1, max_size=3)),
                _node("or", queries=st.lists(inner, min_size=1, max_size=3)),
                _node("negate", query=inner),
                *(self.related(kind, other, depth - 1) for other in RELATED[kind]),
            ]
        return st.one_of(parts)

    def related(self, kind: str, other: str, depth: int) -> Rows:
        about = {"this_object_type": st.just(kind), "related_object_type": st.just(other)}
        return _node("has_related", **about, related_query=self.nodes(other, depth))

    def leaf(self, kind: str) -> Rows:
        parts = [_node("id", value=self.ids(kind)), _node("object_type", object_type=st.just(kind))]
        text = _node("text", mode=st.sampled_from(MODES), value=st.sampled_from(SAID))
        return st.one_of([*parts, text] if kind != "opportunity" else parts)

    def ids(self, *kinds: str) -> st.SearchStrategy[str]:
        """Some that are there, and one that is not."""
        world = self.world
        known: Mapping[str, list[str]] = {
            "lead": [*world.leads], "contact": [*world.contacts], "opportunity": [*world.opportunities],
            "user": [user.id for user in world.users], "status": [status.id for status in world.lead_statuses],
            "stage": [*world.stages], "pipeline": [row["id"] for row in world.dump["pipeline"]],
        }  # fmt: skip
        return st.sampled_from([each for kind in kinds for each in known[kind]] + ["nothing"])

    # ---- conditions

    def condition(self, kind: str) -> Rows:
        return st.one_of([*self.regular(kind), self.custom(kind)])

    def regular(self, kind: str) -> list[Rows]:
        """A condition that fits, for each field."""
        texts, user = self.texts(), self.reference("user", "user")
        when, number = _either(self.moments()), _either(_numbers())
        fields: Mapping[str, Mapping[str, Rows]] = {
            "lead": {
                "id": _either(self.terms("lead")), "display_name": texts, "name": texts, "date_created": when,
                "status_id": self.reference("status.lead", "status"), "created_by": user,
            },
            "contact": {"id": _either(self.terms("contact")), "name": texts, "title": texts, "date_created": when},
            "opportunity": {
                "id": _either(self.terms("opportunity")), "status_id": self.reference("status.opportunity", "stage"),
                "pipeline_id": self.reference("pipeline", "pipeline"), "user_id": user, "created_by": user,
                "value": number, "annualized_value": number, "confidence": number, "date_created": when,
                "date_won": when, "date_lost": when,
                **dict.fromkeys(("status_type", "value_period", "value_currency"), _either(_odd())),
            },
        }  # fmt: skip
        return [
            _node("field_condition", field=_regular(kind, name), condition=rule) for name, rule in fields[kind].items()
        ]

    def custom(self, kind: str) -> Rows:
        """Any condition, on a custom field that there is."""
        names = sorted({name for name in self.spellings(kind) if self.world.field_of(kind, name)})
        if not names:
            return self.leaf(kind)
        about = st.fixed_dictionaries({"type": st.just("custom_field"), "custom_field_id": st.sampled_from(names)})
        rules = [self.texts(), self.reference("user", "user"), _numbers(), self.moments(), _odd()]
        rules.append(_rule("boolean", value=st.booleans()))
        return _node("field_condition", field=about, condition=st.one_of(rules))

    def spellings(self, kind: str) -> set[str]:
        listed = [row for row in self.world.dump.get("custom_field") or [] if row["object"] == kind]
        rows = {"lead": self.world.leads, "contact": self.world.contacts, "opportunity": self.world.opportunities}[kind]
        found = {name for row in listed for name in (row["id"], row["name"])}
        found |= {name for row in rows.values() for name in row.get("custom") or {}}
        return found | {key[7:] for row in rows.values() for key in row if key.startswith("custom.")}

    def texts(self) -> Rows:
        words = _rule("text", mode=st.sampled_from(MODES), value=st.sampled_from(SAID))
        return _either(words | _odd())

    def terms(self, kind: str) -> Rows:
        return _rule("term", values=st.lists(self.ids(kind), max_size=3))

    def reference(self, type_: str, kind: str) -> Rows:
        ids = st.lists(self.ids(kind), max_size=3)
        found = _rule("reference", reference_type=st.just(type_), object_ids=ids) | _rule("term", values=ids)
        return _either(found | _rule("current_user") if kind == "user" else found)

    def moments(self) -> Rows:
        """From, to, or both, in any order."""
        dates = st.sampled_from(self.bounds)
        moment = st.one_of(
            _typed("fixed_utc", value=dates.map(lambda at: at.isoformat().replace("+00:00", "Z"))),
            _typed(
                "fixed_local_date",
                value=dates.map(lambda at: at.date().isoformat()),
                which=st.sampled_from(("start", "end")),
            ),
            _typed("now"),
        )
        return (
            _rule("moment_range", on_or_after=moment)
            | _rule("moment_range", before=moment)
            | _rule("moment_range", on_or_after=moment, before=st.none() | moment)
        )


def _typed(type_: str, **keys: st.SearchStrategy[Any]) -> Rows:
    return st.fixed_dictionaries({"type": st.just(type_), **keys})


def _negatable(found: Rows) -> Rows:
    return st.builds(
        lambda row, negate: row if negate is None else row | {"negate": negate},
        found,
        st.sampled_from((None, None, True, False)),
    )


def _node(type_: str, **keys: st.SearchStrategy[Any]) -> Rows:
    return _negatable(_typed(type_, **keys))


_rule = _node
"""A condition is made as a node is: it has a type, keys of its own, and may be negated."""


def _either(found: Rows) -> Rows:
    """That, or that there is anything."""
    return found | _rule("exists")


def _odd() -> Rows:
    return _rule("term", values=st.lists(st.sampled_from(ODD), max_size=3))


def _numbers() -> Rows:
    bounds = st.dictionaries(
        st.sampled_from(("gt", "gte", "lt", "lte")), st.sampled_from(NUMBERS), min_size=1, max_size=2
    )
    return st.builds(lambda rule, said: rule | said, _rule("number_range"), bounds)


def _regular(kind: str, name: str) -> Rows:
    return _typed("regular_field", object_type=st.just(kind), field_name=st.just(name))


# ---- outside of the grammar

_NAME = {"type": "regular_field", "object_type": "lead", "field_name": "display_name"}
_CREATED = {**_NAME, "field_name": "date_created"}

OUTSIDE: tuple[tuple[Row, str], ...] = (
    ({"type": "match_all"}, "match_all"),
    ({"type": "object_type", "object_type": "contact"}, "contact"),
    ({"type": "text", "mode": "exact_value", "value": "a"}, "exact_value"),
    ({"type": "id", "value": 7}, "value"),
    ({"type": "id", "value": "lead_1", "score": 2}, "score"),
    ({"type": "id", "value": "lead_1", "negate": "yes"}, "negate"),
    ({"type": "and", "queries": []}, "queries"),
    ({"type": "negate"}, "query"),
    ({"type": "has_related", "this_object_type": "lead", "related_object_type": "activity.call",
      "related_query": {"type": "id", "value": "x"}}, "activity.call"),
    ({"type": "field_condition", "field": {**_NAME, "field_name": "statusid"}, "condition": {"type": "exists"}},
     "statusid"),
    ({"type": "field_condition", "field": {"type": "custom_field", "custom_field_id": "cf_none"},
      "condition": {"type": "exists"}}, "cf_none"),
    ({"type": "field_condition", "field": {"type": "computed_field"}, "condition": {"type": "exists"}},
     "computed_field"),
    ({"type": "field_condition", "field": _NAME, "condition": {"type": "regex", "value": "a"}}, "regex"),
    ({"type": "field_condition", "field": _NAME, "condition": {"type": "number_range", "gte": 1}}, "number_range"),
    ({"type": "field_condition", "field": _NAME, "condition": {"type": "boolean", "value": True}}, "boolean"),
    ({"type": "field_condition", "field": _CREATED,
      "condition": {"type": "moment_range", "before": {"type": "offset"}}}, "offset"),
    ({"type": "field_condition", "field": _CREATED, "condition": {"type": "moment_range", "within": {"type": "now"}}},
     "within"),
)  # fmt: skip
"""A node, and what a refusal of it names."""
