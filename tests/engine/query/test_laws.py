"""What holds for any text and any search."""

from __future__ import annotations

import contextlib
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner.engine.query import QueryError, literal
from runner.engine.query.parser import parse
from runner.engine.query.syntax import (
    And,
    Comparison,
    Everything,
    Form,
    Node,
    Not,
    Operator,
    Or,
    Saved,
    Value,
    Words,
    either,
    every,
    negated,
)
from runner.engine.searches import quote

SOUP = (
    *(
        "and",
        "or",
        "not",
        "in",
        "(",
        ")",
        ":",
        "=",
        ">",
        ">=",
        "<",
        "<=",
        ",",
        "*",
        '"',
        "\\",
        "name",
        "status",
        "acme",
    ),
    *("opportunity(", "call(", "in:", 'in("a")', "custom.X", '"two words"', "2026-01-01", "\n", '""', ":(", "(("),
)


def said(node: Node) -> str:
    """The text of a tree."""
    match node:
        case And(parts) | Or(parts):
            return "(" + (" and " if isinstance(node, And) else " or ").join(map(said, parts)) + ")"
        case Not(part):
            return f"not {said(part)}"
        case Form(name, inner):
            return f"{name}({said(inner)})"
        case Comparison():
            return compared(node)
        case Words(text):
            return quote(text)
        case Saved(identity):
            return f"in:{quote(identity)}"
        case Everything():
            return "*"


def compared(node: Comparison) -> str:
    values = ", ".join(quote(value.text) for value in node.values)
    operator = "in" if len(node.values) > 1 else node.operator
    return f"{quote(node.field)} {operator} " + (f"({values})" if operator == "in" else values)


texts = st.text(max_size=8) | st.sampled_from(['"', "\\", '\\"', "a\nb", "or", "*", "é", "\\\\", "x\\", "'"])
names = st.sampled_from(["call", "status", "foo"])
fields = texts.filter(lambda text: text.lower() != "in")
leaves: st.SearchStrategy[Node] = st.one_of(
    st.just(Everything()),
    st.builds(Words, texts),
    st.builds(Saved, texts),
    st.builds(
        lambda field, operator, text: Comparison(field, cast("Operator", operator), (Value(text),)),
        fields,
        st.sampled_from([":", ">", ">=", "<", "<="]),
        texts,
    ),
    st.builds(
        lambda field, values: Comparison(field, ":", tuple(map(Value, values))),
        fields,
        st.lists(texts, min_size=2, max_size=3),
    ),
)
trees: st.SearchStrategy[Node] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(every, st.lists(inner, min_size=2, max_size=3)),
        st.builds(either, st.lists(inner, min_size=2, max_size=3)),
        st.builds(negated, inner),
        st.builds(Form, names, inner),
    ),
    max_leaves=8,
)


@given(trees)
def test_a_tree_that_is_said_is_read_again(tree: Node) -> None:
    assert parse(said(tree)) == tree


@given(texts)
def test_a_quoted_value_is_read_as_it_was(text: str) -> None:
    assert parse(f"name:{quote(text)}") == Comparison("name", ":", (Value(text),))
    assert parse(quote(text)) == Words(text)


def parsed_or_refused(text: str) -> None:
    with contextlib.suppress(QueryError):
        parse(text)


@given(st.text(st.characters(), max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    parsed_or_refused(text)


@settings(max_examples=300)
@given(st.lists(st.sampled_from(SOUP), max_size=30), st.sampled_from(["", " "]))
def test_any_soup_of_signs_is_read_or_refused(pieces: list[str], space: str) -> None:
    parsed_or_refused(space.join(pieces))


@pytest.mark.parametrize(
    "text",
    [
        *("(" * 100_000, "(" * 49_000, "not " * 4_999, "a " * 4_000, "a or " * 2_499, "call(" * 9_000, ")" * 9),
        *("a:(" + "b," * 2_400, "\\" * 40_000, '"' + "\\" * 40_001, " " * 50_000, "not (" * 9_000, "a:" * 9_000),
        '"' * 49_999,
    ],
    ids=lambda text: f"{text[:6]}...",
)
def test_a_long_text_is_read_or_refused(text: str) -> None:
    parsed_or_refused(text)


@given(st.lists(trees, min_size=2, max_size=4))
def test_a_long_conjunction_is_flat(parts: list[Node]) -> None:
    tree = parse(" ".join(f"({said(part)})" for part in parts))
    assert isinstance(tree, And)
    assert not any(isinstance(part, And) for part in tree.parts)


@given(st.text().filter(lambda text: "\0" not in text and text.isprintable()))
def test_a_literal_has_no_lone_quote_and_no_lone_backslash(text: str) -> None:
    sql = literal.text(text)
    assert "\\" not in sql.replace("'\\\\'", "")
    assert sql.count("'") % 2 == 0
