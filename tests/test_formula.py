"""Expressions of derived metrics: what they come to, and what is wrong with those that are none."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner import formula
from runner.formula import FormulaError
from runner.model import Value

FIGURES: dict[str, Value] = {
    "calls.all.all.count": 12,
    "emails.sent.all.count": 0,
    "leads.won.all.count": None,
    "rate": 0.5,
    "name": "Ann",
    "flag": True,
    "huge": 10**400,
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("7", 7, id="number"),
        pytest.param("2.50", 2.5, id="fraction"),
        pytest.param("calls.all.all.count", 12, id="metric"),
        pytest.param("1 + 2 * 3", 7, id="products first"),
        pytest.param("(1 + 2) * 3", 9, id="parentheses"),
        pytest.param("8 - 3 - 2", 3, id="from the left"),
        pytest.param("24 / 4 / 2", 3.0, id="division from the left"),
        pytest.param("-calls.all.all.count", -12, id="minus"),
        pytest.param("2 - -3", 5, id="minus a negative"),
        pytest.param("min(3, calls.all.all.count, 5)", 3, id="min"),
        pytest.param("max(3,rate)", 3, id="max"),
        pytest.param("abs(2 - 5)", 3, id="abs"),
        pytest.param("calls.all.all.count / emails.sent.all.count", None, id="by nothing"),
        pytest.param("emails.sent.all.count / calls.all.all.count", 0.0, id="nothing by something"),
        pytest.param("0 * leads.won.all.count", None, id="missing part"),
        pytest.param("max(1, leads.won.all.count)", None, id="missing in a function"),
        pytest.param("unheard.of.all.count + 1", None, id="no such number"),
        pytest.param("name + 1", None, id="text"),
        pytest.param("flag + 1", None, id="true is no number"),
        pytest.param("huge * 2", None, id="beyond all numbers"),
        pytest.param("999999999999999 * 999999999999999", 999999999999999.0**2, id="large"),
    ],
)
def test_an_expression_comes_to(text: str, expected: float | None) -> None:
    found = formula.evaluate(formula.parse(text), FIGURES)
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("text", "at", "said"),
    [
        pytest.param("", 0, "a metric or a number is missing here", id="empty"),
        pytest.param("1 +", 3, "a metric or a number is missing here", id="nothing after a sign"),
        pytest.param("1 + * 2", 4, "a metric or a number is missing here", id="two signs"),
        pytest.param("(1 + 2", 6, "a ) is missing here", id="open"),
        pytest.param("1 + 2)", 5, "')' is one too many, or something is missing before it", id="closed"),
        pytest.param("calls sms", 6, "'sms' is one too many, or something is missing before it", id="side by side"),
        pytest.param("1 ** 2", 3, "a metric or a number is missing here", id="power"),
        pytest.param("a % b", 2, "'%' has no meaning here", id="sign that is none"),
        pytest.param("a.b['x']", 3, "'[' has no meaning here", id="index"),
        pytest.param("Calls.all", 0, "'Calls.all' is neither a metric nor a number", id="capitals"),
        pytest.param("calls..count", 0, "'calls..count' is neither a metric nor a number", id="two dots"),
        pytest.param("min(1)", 0, "min takes 2 to 20 numbers, not 1", id="too few"),
        pytest.param("2 * abs(1, 2)", 4, "abs takes 1 numbers, not 2", id="too many"),
        pytest.param("sum(1, 2)", 3, "'(' is one too many, or something is missing before it", id="no function"),
        pytest.param("-" * 30 + "1", 21, "more than 20 things stand inside each other here", id="deep"),
        pytest.param("1+" * 300 + "1", 500, "an expression has 500 characters at the most", id="long"),
    ],
)
def test_what_is_no_expression_is_told_at_its_place(text: str, at: int, said: str) -> None:
    with pytest.raises(FormulaError) as caught:
        formula.parse(text)
    assert (str(caught.value), caught.value.at) == (said, at)


def test_parts_are_told_in_the_order_written_with_their_places() -> None:
    found = formula.parts(formula.parse("b.c / (a + min(b.c, 2))"))
    assert [(part.key, part.at) for part in found] == [("b.c", 0), ("a", 7), ("b.c", 15)]


# ---- laws --------------------------------------------------------------------------------------------------

SIGNS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}

EXPRESSIONS = st.recursive(
    st.integers(0, 99).map(str) | st.sampled_from(["a", "b"]),
    lambda inner: (
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda each: f"({' '.join(each)})")
        | inner.map(lambda one: f"-{one}")
    ),
    max_leaves=12,
)


def by_python(node: ast.expr) -> float:
    match node:
        case ast.BinOp(left, sign, right):
            return SIGNS[type(sign)](by_python(left), by_python(right))
        case ast.UnaryOp(_, operand):
            return -by_python(operand)
        case ast.Name(name):
            return {"a": 3, "b": 0}[name]
        case ast.Constant(int() as value):
            return value
        case _:
            raise AssertionError(ast.dump(node))


@given(EXPRESSIONS)
def test_arithmetic_is_the_one_of_python_but_for_division_by_nothing(text: str) -> None:
    try:
        expected: float | None = by_python(ast.parse(text, mode="eval").body)
    except ZeroDivisionError:
        expected = None
    assert formula.evaluate(formula.parse(text), {"a": 3, "b": 0}) == expected


@given(st.text("ab.19+-*/(), minxabs%", max_size=40))
def test_any_text_is_an_expression_or_has_a_place_that_is_wrong(text: str) -> None:
    try:
        formula.evaluate(formula.parse(text), {})
        at = 0
    except FormulaError as error:
        at = error.at
    assert 0 <= at <= len(text)
