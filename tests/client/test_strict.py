"""JSON that is taken, and JSON that other readers would take differently."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.client import strict
from runner.client.faults import UnusableError

CORPUS = Path(__file__).resolve().parents[2] / ".." / "shared" / "corpora" / "json-parsing.jsonl"

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=30,
)  # fmt: skip


@given(JSON)
def test_what_json_says_comes_out(data: Any) -> None:
    assert strict.read(json.dumps(data).encode()) == data


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(b" ", "is not JSON", id="blank"),
        pytest.param(b'{"a": NaN}', "NaN is no number", id="NaN"),
        pytest.param(b"[-Infinity]", "-Infinity is no number", id="infinity"),
        pytest.param(b"[1e999]", "too large", id="a number beyond floats"),
        pytest.param(b"[" + b"1" * 5000 + b"]", "is not JSON", id="5,000 digits"),
        pytest.param(b'{"a": 1, "b": 2, "a": 3}', "the key 'a' is there twice", id="a key twice"),
        pytest.param(b'["\\ud800"]', "half a character", id="lone surrogate"),
        pytest.param(b'{"\\udfff": 1}', "half a character", id="lone surrogate in a key"),
        pytest.param(b"[" * 65 + b"]" * 65, "nested deeper than 64", id="65 deep"),
        pytest.param(b"[" + b"[]," * 500_000 + b"0]", "more than 1,000,000 values", id="very many lists"),
        pytest.param(
            b"{" + b",".join(b'"%d": 0' % n for n in range(200_000)) + b', "7": 1}', "'7' is there twice", id="late"
        ),
        pytest.param(b"[" * 100_000, "nested deeper than 64", id="100,000 deep"),
        pytest.param(b'{"a": "\xff"}', "is not JSON", id="no UTF-8"),
        pytest.param(b"\xef\xbb\xbf{}", "is not JSON", id="byte order mark"),
        pytest.param(b'{"a": 1}{', "is not JSON", id="more behind it"),
        pytest.param(b'{"a": [1, 2', "is not JSON", id="cut short"),
    ],
)
def test_what_is_ambiguous_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(UnusableError) as caught:
        strict.read(content)
    assert said in str(caught.value)


def test_as_many_values_as_the_limit_are_taken() -> None:
    assert strict.read(b"[" + b"0," * 999_999 + b"0]") == [0] * 1_000_000


def test_depth_up_to_the_limit_is_taken() -> None:
    assert strict.read(b"[" * 64 + b"]" * 64) is not None


@pytest.mark.skipif(not CORPUS.is_file(), reason="the corpora of bad input are not here")
def test_the_public_suite_is_read_as_it_says() -> None:
    """``y_`` must be read but for what is ambiguous, ``n_`` must be refused."""
    twice = {"y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json"}
    for line in CORPUS.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        try:
            strict.read(base64.b64decode(case["base64"]))
        except UnusableError:
            assert not case["name"].startswith("y_") or case["name"] in twice, case["name"]
        else:
            assert not case["name"].startswith("n_"), case["name"]
