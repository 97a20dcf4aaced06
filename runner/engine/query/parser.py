"""Text -> tree. ``not`` binds before ``and`` (or nothing between two), that before ``or``."""

from __future__ import annotations

from typing import cast

from runner.engine.query import syntax
from runner.engine.query.syntax import Comparison, Everything, Form, Node, Operator, QueryError, Saved, Value, Words
from runner.engine.query.tokens import Token, tokenize

DEPTH = 15
"""Parentheses that may lie in one another."""


def parse(text: str) -> Node:
    """What ``text`` says; nothing at all, or ``*``, says everything. ``QueryError`` names what is not understood."""
    tokens = tokenize(text)
    if len(tokens) == 1:
        return Everything()
    parser = _Parser(tokens)
    tree = parser.either()
    parser.expect("end", "'and', 'or' or the end")
    return tree


class _Parser:
    """Goes through the pieces once; only parentheses make it descend, and they are counted."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._next = 0
        self._depth = 0

    def either(self) -> Node:
        """One or more conjunctions with ``or`` between them."""
        parts = [self._every()]
        while self._skip("keyword", "or"):
            parts.append(self._every())
        return syntax.either(parts)

    def expect(self, kind: str, wanted: str) -> Token:
        """The next piece, which must be of that kind."""
        token = self._here
        if token.kind != kind:
            raise _refusal(token, wanted)
        self._next += 1
        return token

    @property
    def _here(self) -> Token:
        return self._tokens[self._next]

    def _skip(self, kind: str, text: str) -> bool:
        """Whether the next piece is that; then it is passed over."""
        found = (self._here.kind, self._here.text) == (kind, text)
        self._next += found
        return found

    def _every(self) -> Node:
        parts = [self._negated()]
        while not self._ends():
            self._skip("keyword", "and")
            parts.append(self._negated())
        return syntax.every(parts)

    def _ends(self) -> bool:
        return self._here.kind in ("end", ")") or (self._here.kind, self._here.text) == ("keyword", "or")

    def _negated(self) -> Node:
        negative = False
        while self._skip("keyword", "not"):
            negative = not negative
        part = self._primary()
        return syntax.negated(part) if negative else part

    def _primary(self) -> Node:
        token = self._here
        if token.kind == "(":
            return self._inside()
        if token.kind not in ("word", "quoted"):
            raise _refusal(token, "a field, a word or '('")
        self._next += 1
        if token.kind == "word" and token.tight:
            return Form(token.text.lower(), self._inside(), token.position)
        if self._here.kind == "operator":
            return self._comparison(token)
        if self._here.kind == "in":
            self._next += 1
            return _comparison(token, ":", self._list())
        if token.kind == "word" and token.text == "*":
            return Everything()
        if token.text.lower() == "in" and token.kind == "word" and self._here.kind == "(":
            raise _refusal(token, "a field before 'in ('; 'not' goes before the field")
        return Words(token.text, token.position)

    def _inside(self) -> Node:
        """What is between parentheses."""
        opening = self.expect("(", "'('")
        if self._depth == DEPTH:
            raise QueryError(f"'(' at {opening.position}: more than {DEPTH} parentheses lie in one another.")
        self._depth += 1
        tree = self.either()
        self.expect(")", "'and', 'or' or ')'")
        self._depth -= 1
        return tree

    def _comparison(self, name: Token) -> Node:
        operator = self._here
        self._next += 1
        if self._here.kind != "(":
            said = self.expect("value", "a value")
            return _comparison(name, operator.text, (Value(said.text, said.position),))
        if operator.text != ":":
            raise _refusal(self._here, f"one value after '{operator.text}'")
        return _comparison(name, ":", self._list())

    def _list(self) -> tuple[Value, ...]:
        """Values between parentheses, with ``or`` or a comma between them."""
        self.expect("(", "'('")
        values: list[Value] = []
        while not values or self._skip("keyword", "or") or self._skip(",", ","):
            said = self.expect("value", "a value")
            values.append(Value(said.text, said.position))
        self.expect(")", "'or', ',' or ')'")
        return tuple(values)


def _comparison(name: Token, operator: str, values: tuple[Value, ...]) -> Node:
    if name.text.lower() != "in":
        return Comparison(name.text, cast("Operator", operator), values, name.position)
    if operator != ":":
        raise QueryError(f"'in' at {name.position} cannot be compared with '{operator}'; use ':'.")
    return syntax.either([Saved(value.text, name.position) for value in values])


def _refusal(found: Token, wanted: str) -> QueryError:
    return QueryError(f"{found} at {found.position}: expected {wanted}.")
