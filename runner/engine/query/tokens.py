"""The pieces of a search's text, with their places."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from runner.engine.query.syntax import QueryError

Kind: TypeAlias = Literal["word", "quoted", "keyword", "operator", "value", "in", "(", ")", ",", "end"]

LENGTH = 50_000
"""Characters a search may have."""

TOKENS = 5_000
"""Pieces it may have."""

_SPACE = re.compile(r"\s+")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPED = re.compile(r'\\(["\\])')
_OPERATOR = re.compile(r"[<>]=?|[:=]")
_WORD = re.compile(r'[^\s,"():=<>]+')
_VALUE = re.compile(r'[^\s,"():=<>][^\s,"()]*')
_LIST = re.compile(r"\s*\(")
_KEYWORDS = ("and", "or", "not")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece. ``text`` is without quotes, keywords are in lower case, ``=`` is ``:``; ``position`` is 1-based.

    ``tight`` says that a parenthesis opens right behind it.
    """

    kind: Kind
    text: str
    position: int
    tight: bool = False

    def __str__(self) -> str:
        return "the end" if self.kind == "end" else f"'{self.text[:40]}'"


def tokenize(text: str) -> list[Token]:
    """The pieces of ``text``, the last of them its end. ``QueryError`` where it is too long or cannot be cut up."""
    if len(text) > LENGTH:
        raise QueryError(f"The search has {len(text)} characters, more than {LENGTH}.")
    reader = _Reader(text)
    while not reader.is_done():
        reader.step()
        if len(reader.tokens) > TOKENS:
            raise QueryError(f"The search has more than {TOKENS} words and signs at {reader.place + 1}.")
    return [*reader.tokens, Token("end", "", len(text) + 1)]


class _Reader:
    """Goes through a text. What a word is depends on where it is: after an operator, and in a list, it is a value."""

    def __init__(self, text: str) -> None:
        self.tokens: list[Token] = []
        self.place = 0
        self._text = text
        self._in_list = False

    def is_done(self) -> bool:
        """Whether nothing but spaces is left."""
        if space := _SPACE.match(self._text, self.place):
            self.place = space.end()
        return self.place == len(self._text)

    def step(self) -> None:
        """Take the next piece."""
        sign = self._text[self.place]
        wants_value = self._in_list or (bool(self.tokens) and self.tokens[-1].kind == "operator")
        if sign in "(),":
            self._sign(sign)
        elif sign == '"':
            self._quoted("value" if wants_value else "quoted")
        elif wants_value:
            self._value()
        elif found := _OPERATOR.match(self._text, self.place):
            self._take("operator", found[0].replace("=", ":") if found[0] == "=" else found[0], found.end())
        else:
            self._word()

    def _sign(self, sign: str) -> None:
        opens_list = bool(self.tokens) and self.tokens[-1].kind in ("operator", "in")
        self._in_list = opens_list if sign == "(" else self._in_list and sign == ","
        self._take("(" if sign == "(" else ")" if sign == ")" else ",", sign, self.place + 1)

    def _quoted(self, kind: Kind) -> None:
        found = _QUOTED.match(self._text, self.place)
        if found is None:
            raise QueryError(f"The quote at {self.place + 1} is not closed.")
        self._take(kind, _ESCAPED.sub(r"\1", found[1]), found.end())

    def _value(self) -> None:
        found = _VALUE.match(self._text, self.place)
        if found is None:
            raise QueryError(f"'{self._text[self.place]}' at {self.place + 1}: expected a value; signs go in quotes.")
        said = found[0]
        if said.lower() in _KEYWORDS:
            self._keyword(said, found.end())
            return
        self._refuse_wildcard(said)
        self._take("value", said, found.end())

    def _keyword(self, said: str, end: int) -> None:
        if not self._in_list:
            raise QueryError(f"'{said}' at {self.place + 1}: expected a value; a keyword as a value goes in quotes.")
        self._take("keyword", said.lower(), end)

    def _word(self) -> None:
        found = _WORD.match(self._text, self.place)
        if found is None:  # no other sign is left
            raise QueryError(f"'{self._text[self.place]}' at {self.place + 1} is out of place.")
        said, end = found[0], found.end()
        follows_name = bool(self.tokens) and self.tokens[-1].kind in ("word", "quoted")
        if said.lower() in _KEYWORDS:
            self._take("keyword", said.lower(), end)
        elif said.lower() == "in" and follows_name and _LIST.match(self._text, end):
            self._take("in", said, end)
        else:
            if said != "*":
                self._refuse_wildcard(said)
            self._take("word", said, end)

    def _refuse_wildcard(self, said: str) -> None:
        if "*" in said:
            raise QueryError(
                f"'{said[:40]}' at {self.place + 1}: wildcards are not known; a star itself goes in quotes."
            )

    def _take(self, kind: Kind, text: str, end: int) -> None:
        self.tokens.append(Token(kind, text, self.place + 1, tight=self._text.startswith("(", end)))
        self.place = end
