"""YAML in, data with its places out; everything that is not strict YAML is refused with a place."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner import source
from runner.errors import DefinitionError, Problem
from runner.model import Json, Source

CORPORA = Path(__file__).resolve().parents[1] / ".." / "shared" / "corpora"


def read(text: str | bytes) -> Source:
    return source.read("report.yaml", text.encode() if isinstance(text, str) else text)


def refused(text: str | bytes) -> tuple[Problem, ...]:
    with pytest.raises(DefinitionError) as caught:
        read(text)
    return caught.value.problems


def place(text: str | bytes) -> str:
    """Where and by which rule a text is refused, problem by problem."""
    found = [f"{one.location.line}:{one.location.column} {one.rule}" for one in refused(text)]
    return ", ".join(found)


def corpus(name: str) -> list[Any]:
    file = CORPORA / f"{name}.jsonl"
    if not file.is_file():
        pytest.skip(f"the public corpus {name} is not beside the project")
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


# ---- what is read ------------------------------------------------------------------------------------------


def test_every_value_and_every_key_has_its_place() -> None:
    found = read("title: Weekly\njobs:\n  calls:\n    users: [me, 'Ann Lee']\n")
    assert found.data == {"title": "Weekly", "jobs": {"calls": {"users": ["me", "Ann Lee"]}}}
    assert found.values == {
        (): (1, 1),
        ("title",): (1, 8),
        ("jobs",): (3, 3),
        ("jobs", "calls"): (4, 5),
        ("jobs", "calls", "users"): (4, 12),
        ("jobs", "calls", "users", 0): (4, 13),
        ("jobs", "calls", "users", 1): (4, 17),
    }
    assert found.keys == {
        ("title",): (1, 1),
        ("jobs",): (2, 1),
        ("jobs", "calls"): (3, 3),
        ("jobs", "calls", "users"): (4, 5),
    }


def test_columns_count_characters_not_bytes() -> None:
    found = read("{é: 😀😀, b: x}")
    assert found.values[("é",)] == (1, 5)
    assert found.keys[("b",)] == (1, 9)


def test_a_byte_order_mark_is_no_character_of_the_text() -> None:
    found = read(b"\xef\xbb\xbftitle: x")
    assert (found.data, found.text, found.keys[("title",)]) == ({"title": "x"}, "title: x", (1, 1))


def test_lines_may_end_as_on_windows() -> None:
    found = read("a: 1\r\nb: |\r\n  x\r\n  y\r\n")
    assert found.data == {"a": 1, "b": "x\ny\n"}
    assert found.line(2) == "b: |"
    assert found.values[("b",)] == (2, 4)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        pytest.param("null", None, id="null"),
        pytest.param("true", True, id="true"),
        pytest.param("false", False, id="false"),
        pytest.param("0", 0, id="zero"),
        pytest.param("-17", -17, id="negative"),
        pytest.param("2026", 2026, id="a year is a number"),
        pytest.param("1.5e-3", 0.0015, id="fraction with exponent"),
        pytest.param("9007199254740992", 2**53, id="largest exact number"),
        pytest.param("2026-11", "2026-11", id="a month is text"),
        pytest.param("2026-11-16", "2026-11-16", id="a date is text"),
        pytest.param("2026-11-16T09:00:00Z", "2026-11-16T09:00:00Z", id="a time is text"),
        pytest.param("12:30", "12:30", id="no number to the base of sixty"),
        pytest.param("1.2.3", "1.2.3", id="a version is text"),
        pytest.param("'yes'", "yes", id="quoted word"),
        pytest.param('"010"', "010", id="quoted digits"),
        pytest.param('""', "", id="quoted nothing"),
        pytest.param("'2026'", "2026", id="quoted year"),
        pytest.param('"\\u00e9\\n\\t"', "é\n\t", id="escapes"),
        pytest.param('"\\u2066"', "\u2066", id="escaped change of direction"),
        pytest.param("a b  c", "a b  c", id="plain words"),
        pytest.param("nonsense", "nonsense", id="begins like no"),
        pytest.param("[]", [], id="empty list"),
        pytest.param("{}", {}, id="empty mapping"),
        pytest.param("x#y", "x#y", id="hash inside a word"),
        pytest.param("'x' # note #2", "x", id="comment"),
    ],
)
def test_a_plain_value_means_what_json_has_or_text(written: str, value: Json) -> None:
    found = read(f"key: {written}").data
    assert found == {"key": value}
    assert isinstance(found, dict)
    assert type(found["key"]) is type(value)


def test_a_number_without_a_fraction_is_whole() -> None:
    assert json.dumps(read("[1.0, 1e3, -0.0]").data) == "[1, 1000, 0]"


def test_the_keys_x_and_y_need_no_quotes() -> None:
    assert read("x: a\ny: b\nn: c").data == {"x": "a", "y": "b", "n": "c"}


# ---- what is refused ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "word",
    [
        *("yes", "No", "ON", "off", "y", "N", "True", "FALSE", "Null", "~", "010", "00", "-01", "1_000", "0x1F"),
        *("0o17", "0b1", ".nan", ".inf", "-.INF", "+1", "1.", ".5", "+.5e1"),
    ],
)
def test_a_word_that_readers_of_yaml_disagree_on_must_be_quoted(word: str) -> None:
    (problem,) = refused(f"key: [{word}]")
    assert (problem.location.column, problem.rule) == (7, "ambiguous")
    assert f"write '{word}' in quotes" in problem.hint
    assert read(f"key: ['{word}']").data == {"key": [word]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", "1:1 empty-file", id="nothing"),
        pytest.param("# only a comment\n", "1:1 empty-file", id="comment only"),
        pytest.param("---\n", "1:1 empty-file", id="empty document"),
        pytest.param("key:", "1:5 empty-value", id="no value"),
        pytest.param("key:\n  inner:\n", "2:9 empty-value", id="no value inside"),
        pytest.param("- \n- a\n", "1:2 empty-value", id="no item"),
        pytest.param("{a: , b: c}", "1:5 empty-value", id="no value in braces"),
        pytest.param("key: |\n", "1:6 empty-value", id="empty block"),
        pytest.param("[-, a]", "1:2 ambiguous", id="lone dash"),
        pytest.param("a: 1\n---\nb: 2\n", "2:1 one-document", id="second document"),
        pytest.param("a: &x 1\nb: *x\n", "1:4 anchor, 2:4 alias", id="anchor and alias"),
        pytest.param("&a [x]", "1:1 anchor", id="anchored list"),
        pytest.param("*x : 1", "1:1 key", id="alias as a key"),
        pytest.param("a: {<<: {b: 1}}", "1:5 merge-key", id="merge key"),
        pytest.param("a: !!int '1'", "1:4 tag", id="tag"),
        pytest.param("a: ! b", "1:4 tag", id="bare tag"),
        pytest.param("!map {a: b}", "1:1 tag", id="tagged mapping"),
        pytest.param("!k a: b", "1:1 tag", id="tagged key"),
        pytest.param("a: 1\nb: 2\na: 3\n", "3:1 duplicate-key", id="key twice"),
        pytest.param("a: 1\n'a': 3\n", "2:1 duplicate-key", id="key twice, once quoted"),
        pytest.param("1: a", "1:1 key", id="number as a key"),
        pytest.param("null: a", "1:1 key", id="null as a key"),
        pytest.param("true: a", "1:1 key", id="true as a key"),
        pytest.param("off: a", "1:1 key", id="off as a key"),
        pytest.param("? [a]\n: b\n", "1:3 key", id="list as a key"),
        pytest.param(": b", "1:1 yaml", id="no key"),
        pytest.param("{? : b}", "1:4 key", id="empty key"),
        pytest.param("{?a: b}", "1:3 key", id="question mark read as a sign"),
        pytest.param("a: 1e400", "1:4 number", id="infinite"),
        pytest.param("a: 9007199254740993", "1:4 number", id="too large to be exact"),
        pytest.param("a: " + "9" * 5000, "1:4 number", id="five thousand digits"),
        pytest.param('a: "\\u0007"', "1:4 character", id="control character by escape"),
        pytest.param('"\\0": a', "1:1 character", id="NUL in a key"),
        pytest.param("a: \x07", "1:4 character", id="control character"),
        pytest.param("a: b\rc: d", "1:5 character", id="lone carriage return"),
        pytest.param("a: \u2028", "1:4 character", id="line separator"),
        pytest.param("a: \u202e", "1:4 character", id="right-to-left override"),
        pytest.param("a: \x85", "1:4 character", id="next line"),
        pytest.param("a: \uffff", "1:4 character", id="no character"),
        pytest.param('a: "\\ud800"', "1:7 yaml", id="lone surrogate"),
        pytest.param("a: [b", "1:6 yaml", id="open bracket"),
        pytest.param('a: "b\n', "1:6 yaml", id="open quote"),
        pytest.param("a: b: c", "1:5 yaml", id="colon in plain text"),
        pytest.param("a:\n\tb: c", "2:1 tab", id="tab as indentation"),
        pytest.param("%YAML 1.2\n---\na: b", "1:1 directive", id="directive"),
        pytest.param("a: [b]#c", "1:7 comment", id="comment right behind a bracket"),
        pytest.param("a: [b,#c\n d]", "1:7 comment", id="comment right behind a comma"),
        pytest.param("a: |#c\n b\n", "1:5 comment", id="comment right behind a block sign"),
        pytest.param('a: "b\nc"', "1:4 indentation", id="quoted text in the first column"),
        pytest.param("@a", "1:1 yaml", id="reserved sign"),
    ],
)
def test_all_that_is_not_strict_yaml_is_refused_with_its_place(text: str, expected: str) -> None:
    assert place(text) == expected


@pytest.mark.parametrize(
    ("content", "expected", "said"),
    [
        pytest.param("a: b".encode("utf-16"), "1:1 encoding", "UTF-16 is not UTF-8", id="utf-16"),
        pytest.param(b"a: \xe9t\xe9", "1:4 encoding", "the byte 0xe9 here is not UTF-8", id="latin-1"),
        pytest.param(b"a: b\n\xc3\xa9: \xed\xa0\x80", "2:4 encoding", "the byte 0xed here", id="surrogate"),
        pytest.param(b"\xef\xbb\xbfa: \xff", "1:4 encoding", "the byte 0xff here", id="behind a byte order mark"),
        pytest.param(b"a: '\xf8\x88\x80\x80\x80'", "1:5 encoding", "the byte 0xf8 here", id="five bytes"),
    ],
)
def test_a_file_that_is_not_utf8_is_refused_with_a_remedy(content: bytes, expected: str, said: str) -> None:
    (problem,) = refused(content)
    assert place(content) == expected
    assert problem.message.startswith(said)
    assert problem.hint == "save the file as UTF-8"


def test_a_key_written_twice_names_both_places() -> None:
    (problem,) = refused("jobs:\n  calls: a\n  mail: b\n  calls: c\n")
    assert problem.message == "the key 'calls' is written twice, first at 2:3"


def test_a_problem_shows_the_line_with_a_caret_and_a_remedy() -> None:
    (problem,) = refused("title: Weekly\nowner: yes\n")
    assert str(problem) == (
        "report.yaml:2:8: yes means different things to different readers of YAML [ambiguous]\n"
        " 2 | owner: yes\n"
        "   |        ^\n"
        "   write 'yes' in quotes if it is text, else true"
    )


def test_several_problems_are_told_in_file_order() -> None:
    found = place("a: yes\nb:\nc: &x 1\nd: {e: 010, e: 1}\n")
    assert found == "1:4 ambiguous, 2:3 empty-value, 3:4 anchor, 4:8 ambiguous, 4:13 duplicate-key"


def test_a_problem_the_parser_stops_at_keeps_those_before_it() -> None:
    assert place("a: yes\nb: [c\n") == "1:4 ambiguous, 2:6 yaml"


def test_problems_beyond_the_twentieth_are_left_for_the_next_time() -> None:
    assert len(refused("".join(f"key{number}: yes\n" for number in range(500)))) == 20


# ---- limits ------------------------------------------------------------------------------------------------


def test_forty_levels_are_read_and_one_more_is_not() -> None:
    assert read("[" * 40 + "]" * 40).data
    assert place("[" * 41 + "]" * 41) == "1:41 too-deep"
    assert place("- " * 300 + "x").endswith("too-deep")


def test_fifty_thousand_values_are_read_and_one_more_is_not() -> None:
    assert len(read("[" + "1," * 49_999 + "]").values) == 50_000
    assert place("[" + "1," * 50_000 + "]") == "1:100000 too-large"


def test_a_megabyte_is_read_and_a_byte_more_is_not() -> None:
    most = "a: '" + "x" * (1024 * 1024 - 5) + "'"
    assert len(read(most).text) == 1024 * 1024
    assert place(most + " ") == "1:1 too-large"


# ---- public corpora ----------------------------------------------------------------------------------------


def test_the_yaml_test_suite_is_read_as_it_says_or_refused_by_a_rule() -> None:
    different = []
    read_as_is = 0
    for case in corpus("yaml-suite"):
        try:
            data = read(case["yaml"]).data
        except DefinitionError:
            continue
        read_as_is += 1
        if case["must_fail"] or data != json.loads(case["json"]):
            different.append(case["name"])
    assert different == []
    assert read_as_is > 60


def test_json_is_read_as_json_or_refused_by_a_rule() -> None:
    rules = set()
    for case in corpus("json-parsing"):
        content = base64.b64decode(case["base64"])
        try:
            data = read(content).data
        except DefinitionError as error:
            rules |= {problem.rule for problem in error.problems if case["name"].startswith("y_")}
        else:
            assert not case["name"].startswith("y_") or data == json.loads(content), case["name"]
    assert rules <= {"duplicate-key", "yaml", "character"}  # libyaml knows no escaped surrogate pairs


def test_naughty_strings_come_back_as_they_are_or_are_refused_for_their_characters() -> None:
    for text in corpus("naughty-strings"):
        written = json.dumps({"title": text, "list": [text]}, ensure_ascii=False)
        try:
            found = read(written)
        except DefinitionError as error:
            assert {problem.rule for problem in error.problems} == {"character"}, text  # noqa: PT017 -- one of two ends
        else:
            assert found.data == {"title": text, "list": [text]}


def test_naughty_strings_unquoted_never_break_the_reader() -> None:
    for text in corpus("naughty-strings"):
        for written in (text, f"key: {text}", f"- {text}", f"{text}: x"):
            assert_read_or_refused(written.encode("utf-8", "surrogatepass"))


# ---- laws --------------------------------------------------------------------------------------------------

YAMLISH = st.text(alphabet=" \n-:?&*!%{}[],#|>\"'\t\\ab1~<u0éy\r").map(str.encode)
TEXT = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x1FFFF, exclude_categories=["C", "Z"]) | st.just(" "))
NUMBERS = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
DATA = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


def assert_read_or_refused(content: bytes) -> None:
    try:
        found = read(content)
    except DefinitionError as error:
        lines = content.decode("utf-8-sig", "replace").split("\n")
        assert error.problems  # noqa: PT017 -- one of two right ends
        for problem in error.problems:
            assert 1 <= problem.location.line <= len(lines)
            assert 1 <= problem.location.column <= len(lines[problem.location.line - 1]) + 1
            assert str(problem)
    else:
        assert set(found.values) == set(paths(found.data))


def paths(data: Json, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    items: Any = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(inner for key, value in items for inner in paths(value, (*path, key)))]


@settings(max_examples=300, deadline=None)
@given(st.binary() | st.text().map(lambda text: text.encode("utf-8", "surrogatepass")) | YAMLISH)
def test_any_bytes_are_read_or_refused_with_a_place_in_the_file(content: bytes) -> None:
    assert_read_or_refused(content)


@settings(deadline=None)
@given(DATA.filter(lambda data: data is not None))
def test_what_json_writes_is_read_back(data: Json) -> None:
    assert read(json.dumps(data, ensure_ascii=False)).data == data


@settings(deadline=None)
@given(st.dictionaries(TEXT, TEXT | st.lists(TEXT, max_size=3), min_size=1, max_size=5))
def test_a_place_is_where_the_text_stands(data: dict[str, Json]) -> None:
    text = "\n".join(
        f"{json.dumps(key, ensure_ascii=False)}: {json.dumps(data[key], ensure_ascii=False)}" for key in data
    )
    found = read(text)
    for path, (line, column) in found.keys.items():
        assert found.line(line)[column - 1 :].startswith(json.dumps(path[-1], ensure_ascii=False))
    for path, (line, column) in found.values.items():
        value: Any = data
        for part in path:
            value = value[part]
        if path:
            assert found.line(line)[column - 1 :].startswith(json.dumps(value, ensure_ascii=False))
