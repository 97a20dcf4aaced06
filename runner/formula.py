"""Expressions of derived metrics: numbers, metrics, ``+ - * /``, parentheses, ``min``, ``max``, ``abs``.

    expression = term, {("+" | "-"), term}
    term       = factor, {("*" | "/"), factor}
    factor     = "-", factor | number | metric | function, "(", expression, {",", expression}, ")"
               | "(", expression, ")"

A result is never a guess: where a part is missing, or something is divided by nothing, it is missing too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite

from runner.model import Call, Constant, Expression, Part, Value

LONGEST = 500
"""Characters of an expression."""

DEEPEST = 20
"""Parentheses, functions and minus signs inside each other."""

LARGEST = 2**53
"""Whole numbers beyond it are not exact to every reader of JSON."""

FUNCTIONS: Mapping[str, tuple[int, int]] = {"min": (2, 20), "max": (2, 20), "abs": (1, 1)}
"""Name -> how few and how many arguments it takes."""

_TOKEN = re.compile(r"\s*(?:(?P<word>[A-Za-z0-9_.]+)|(?P<sign>[-+*/(),]))")
_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,9})?")
_NAME = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")


class FormulaError(ValueError):
    """What is wrong with an expression, and how many characters stand before it."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.at = at


def parse(text: str) -> Expression:
    """The expression; FormulaError where it is none."""
    if len(text) > LONGEST:
        raise FormulaError(f"an expression has {LONGEST} characters at the most", LONGEST)
    parser = _Parser(tuple(_tokens(text)), len(text))
    made = parser.sum(0)
    parser.end()
    return made


def parts(expression: Expression) -> Iterator[Part]:
    """The metrics it is made of, in the order written."""
    match expression:
        case Part():
            yield expression
        case Call():
            for argument in expression.arguments:
                yield from parts(argument)
        case Constant():
            pass


def evaluate(expression: Expression, figures: Mapping[str, Value]) -> int | float | None:
    """What it comes to with these numbers; None where that is not known."""
    try:
        found = _evaluate(expression, figures)
    except (ZeroDivisionError, OverflowError):
        return None
    return found if found is not None and isfinite(found) else None


def _evaluate(expression: Expression, figures: Mapping[str, Value]) -> int | float | None:
    match expression:
        case Constant():
            return expression.value
        case Part():
            value = figures.get(expression.key)
            known = isinstance(value, int | float) and not isinstance(value, bool)
            return value if known and isinstance(value, int | float) else None
        case Call():
            given = [_evaluate(argument, figures) for argument in expression.arguments]
            numbers = [number for number in given if number is not None]
            return _exact(_DO[expression.name](*numbers)) if len(numbers) == len(given) else None


def _exact(number: int | float) -> int | float:
    """The number as it is, or where it is too large to be exact anyway, in little room."""
    return float(number) if abs(number) > LARGEST else number


_DO: Mapping[str, Callable[..., int | float]] = {
    "+": lambda one, other: one + other,
    "-": lambda one, other: one - other,
    "*": lambda one, other: one * other,
    "/": lambda one, other: one / other,
    "neg": lambda one: -one,
    "abs": abs,
    "min": min,
    "max": max,
}


# ---- reading ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    at: int


def _tokens(text: str) -> Iterator[_Token]:
    place = 0
    while text[place:].strip():
        found = _TOKEN.match(text, place)
        if found is None:
            at = place + len(text[place:]) - len(text[place:].lstrip())
            raise FormulaError(f"{text[at]!a} has no meaning here", at)
        group = "word" if found["word"] else "sign"
        yield _Token(found[group], found.start(group))
        place = found.end()


class _Parser:
    """Takes tokens from the left; every method takes as much as it can make one thing of."""

    def __init__(self, tokens: tuple[_Token, ...], length: int) -> None:
        self._tokens, self._length, self._place = tokens, length, 0

    def sum(self, depth: int) -> Expression:
        made = self._product(depth)
        while sign := self._take("+", "-"):
            made = Call("+" if sign == "+" else "-", (made, self._product(depth)))
        return made

    def end(self) -> None:
        """FormulaError where something is left."""
        if self._next:
            raise FormulaError(f"'{self._next.text}' is one too many, or something is missing before it", self._at)

    def _product(self, depth: int) -> Expression:
        made = self._factor(depth)
        while sign := self._take("*", "/"):
            made = Call("*" if sign == "*" else "/", (made, self._factor(depth)))
        return made

    def _factor(self, depth: int) -> Expression:
        if depth > DEEPEST:
            raise FormulaError(f"more than {DEEPEST} things stand inside each other here", self._at)
        if self._take("-"):
            return Call("neg", (self._factor(depth + 1),))
        if self._take("("):
            made = self.sum(depth + 1)
            self._close()
            return made
        return self._word(depth)

    def _word(self, depth: int) -> Expression:
        token, self._place = self._next, self._place + 1
        if token is None or token.text in "+-*/(),":
            at = token.at if token else self._length
            raise FormulaError("a metric or a number is missing here", at)
        if _NUMBER.fullmatch(token.text):
            return Constant(float(token.text) if "." in token.text else int(token.text))
        if token.text in FUNCTIONS and self._take("("):
            return self._call(token, depth)
        if not _NAME.fullmatch(token.text):
            raise FormulaError(f"'{token.text[:60]}' is neither a metric nor a number", token.at)
        return Part(token.text, token.at)

    def _call(self, name: _Token, depth: int) -> Expression:
        arguments = [self.sum(depth + 1)]
        while self._take(","):
            arguments.append(self.sum(depth + 1))
        self._close()
        least, most = FUNCTIONS[name.text]
        if not least <= len(arguments) <= most:
            wanted = str(least) if least == most else f"{least} to {most}"
            raise FormulaError(f"{name.text} takes {wanted} numbers, not {len(arguments)}", name.at)
        return Call(name.text, tuple(arguments))  # type: ignore[arg-type]  # one of FUNCTIONS

    def _close(self) -> None:
        if not self._take(")"):
            raise FormulaError("a ) is missing here", self._at)

    def _take(self, *signs: str) -> str:
        """The next token if it is one of these, else nothing."""
        token = self._next
        if token is None or token.text not in signs:
            return ""
        self._place += 1
        return token.text

    @property
    def _next(self) -> _Token | None:
        return self._tokens[self._place] if self._place < len(self._tokens) else None

    @property
    def _at(self) -> int:
        return self._next.at if self._next else self._length
