"""Texts as literals of SQL: what goes in comes out, on every engine."""

from __future__ import annotations

import sqlite3

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.engine.query import literal

texts = st.text() | st.text(alphabet="'\\\"a\n%;-", max_size=12)


@given(texts.filter(lambda text: "\0" not in text))
def test_every_engine_reads_the_text_again(text: str) -> None:
    sql = f"SELECT {literal.text(text)}"
    with sqlite3.connect(":memory:") as connection:
        assert connection.execute(sql).fetchone() == (text,)
    connection.close()
    assert duckdb.execute(sql).fetchone() == (text,)


@given(texts.filter(lambda text: "\0" not in text))
def test_an_engine_whose_literals_have_escapes_reads_it_too(text: str) -> None:
    """Outside the one literal for a backslash there is none, and that one is cut to its first character."""
    pieces = literal.text(text).split(r"SUBSTR('\\', 1, 1)")
    assert not any("\\" in piece for piece in pieces)
    assert len(pieces) == text.count("\\") + 1


@pytest.mark.parametrize(
    "text", ["\0", "a\0b", chr(0xD800), chr(0xDFFF)], ids=["NUL", "NUL inside", "high half", "low half"]
)
def test_what_no_engine_takes_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="cannot be searched for"):
        literal.text(text)
