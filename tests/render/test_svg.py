"""Drawings: well formed, with every number in words, gaps where nothing is known, nothing of what a name would do."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from runner.render.svg import columns, course, element, flow, labels, line, spark
from runner.render.view import Bucket, Columns, Flow, Line, Node, Part
from tests.render import views

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '</title></svg><script>alert(1)</script>"\x00\ufffe &amp; <b'
MANY = tuple(float(place % 9) for place in range(92))
NUMBERS: dict[str, Sequence[float | None]] = {
    "week": (3, 1, 4, 1, 5, 9, 2),
    "one": (7,),
    "none": (),
    "zeros": (0, 0, 0, 0),
    "unknown": (None, None, None),
    "gaps": (None, 3, None, 4, 5, None),
    "many": MANY,
}
LINES: dict[str, Callable[[Line, str], str]] = {"line": line.draw, "course": course.draw, "spark": spark.draw}
FLOW = next(chart for chart in views.LEADS.charts if isinstance(chart, Flow))
COLUMNS = next(chart for chart in views.PIPELINE.charts if isinstance(chart, Columns))


def parsed(drawing: str) -> ElementTree.Element:
    return ElementTree.fromstring(str(drawing).replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1))


def texts(drawing: str) -> list[str]:
    return ["".join(found.itertext()) for found in parsed(drawing).iter(f"{SVG}text")]


def description(drawing: str) -> str:
    return parsed(drawing).findtext(f"{SVG}desc") or ""


def path(drawing: str, kind: str) -> str:
    return next(found.attrib["d"] for found in parsed(drawing).iter(f"{SVG}path") if found.attrib["class"] == kind)


def of(numbers: Sequence[float | None], before: Sequence[float | None] = ()) -> Line:
    return views.line("Calls", "25", "up 3", numbers, before, top=10)


@pytest.mark.parametrize("numbers", NUMBERS)
@pytest.mark.parametrize("kind", LINES)
def test_a_line_of_any_length_is_well_formed_and_says_its_numbers(kind: str, numbers: str) -> None:
    values = NUMBERS[numbers]
    drawing = LINES[kind](of(values, values[::-1]), "a.1")
    root = parsed(drawing)
    assert root.attrib["role"] == "img"
    assert root.findtext(f"{SVG}title") == "Calls: 25"
    said = [part.split(": ")[1].split(" ")[0] for part in description(drawing).split("; ") if part]
    assert said == ["–" if value is None else f"{value:.0f}" for value in values]


@pytest.mark.parametrize("kind", LINES)
def test_the_same_line_gives_the_same_bytes_and_its_ids_are_of_its_name(kind: str) -> None:
    drawing = LINES[kind](views.CALLS, "a.1")
    assert drawing == LINES[kind](views.CALLS, "a.1")
    assert re.findall(r' id="([^"]*)"', drawing) == ["a.1.title", "a.1.desc"]
    assert 'aria-labelledby="a.1.title"' in drawing


@pytest.mark.parametrize("kind", LINES)
def test_a_line_refers_to_nothing_and_has_no_colour_of_its_own(kind: str) -> None:
    assert not re.search(r"href|url\(|http|#[0-9a-f]{3}|fill=|stroke=|<style", LINES[kind](views.CALLS, "a.1"))


@pytest.mark.parametrize("kind", LINES)
def test_what_a_name_does_stays_text(kind: str) -> None:
    hostile = views.line(HOSTILE, HOSTILE, "", (1, 2), (2, 1), labels=(HOSTILE, HOSTILE), top=2)
    drawing = LINES[kind](hostile, "a.1")
    assert "<script>" not in drawing
    assert parsed(drawing).findtext(f"{SVG}title") == ": ".join(
        [HOSTILE.replace("\x00", " ").replace("\ufffe", "")] * 2
    )


def test_numbers_of_the_period_before_are_said_with_its_name() -> None:
    assert (
        description(line.draw(of((3, None), (4, 5)), "a", "last week")) == "Mon: 3 (last week 4); Tue: – (last week 5)"
    )
    assert "(before 4)" in description(spark.draw(of((3,), (4,)), "a"))


def test_what_is_not_known_is_a_gap() -> None:
    drawing = line.draw(of((1, 2, None, 4, 5)), "a")
    assert path(drawing, "now") == "M0 90L25 80M75 60L100 50"
    assert path(drawing, "area") == "M0 90L25 80V100H0ZM75 60L100 50V100H75Z"
    assert path(drawing, "before") == ""


def test_a_point_on_its_own_is_a_dot() -> None:
    assert path(line.draw(of((None, 5, None)), "a"), "now") == "M50 50L50 50"


def test_the_peak_and_the_last_point_have_their_numbers() -> None:
    drawing = line.draw(of((1, 9, 2, 3, 4)), "a")
    assert [found.text for found in parsed(drawing).iter(f"{SVG}text") if "value" in found.attrib["class"]] == [
        "9",
        "4",
    ]


def test_a_last_point_near_the_peak_leaves_it_the_room() -> None:
    drawing = line.draw(of((1, 2, 3, 9, 4)), "a")
    assert [text for text in texts(drawing) if text in {"9", "4"}] == ["9"]


def test_many_points_have_no_dots_but_the_peak() -> None:
    assert len(list(parsed(line.draw(of(MANY), "a")).iter(f"{SVG}circle"))) == 1
    assert len(list(parsed(line.draw(of((1, 2, 3)), "a")).iter(f"{SVG}circle"))) == 3


def test_a_course_says_both_ends_with_their_periods() -> None:
    drawing = course.draw(views.WON, "a", "this week", "last week")
    assert [text for text in texts(drawing) if "week" in text] == ["$78,400this week", "$66,900last week"]


def test_a_course_that_is_no_sum_names_its_ends_only() -> None:
    drawing = course.draw(views.CALLS, "a", "this week", "last week")
    assert {text for text in texts(drawing) if "week" in text} == {"this week", "last week"}


@pytest.mark.parametrize("before", [(5,), (5.1,), (4.9,), (0,), (10,)])
@pytest.mark.parametrize("now", [0, 5, 10])
def test_the_ends_of_a_course_are_never_on_each_other(now: float, before: Sequence[float]) -> None:
    root = parsed(course.draw(of((now,), before), "a", "now", "then"))
    heights = {found.attrib["class"]: float(found.attrib["y"]) for found in root.iter(f"{SVG}text")}
    first, second = heights["course now"], heights["course before"]
    assert abs(first - second) >= course.APART
    assert (first < second) == (now >= before[0])


def test_a_spark_has_a_thin_line_for_nothing_and_nothing_for_what_is_not_known() -> None:
    bars = list(parsed(spark.draw(of((0, None, 5)), "a")).iter(f"{SVG}rect"))
    assert [(bar.attrib["class"], bar.attrib["height"]) for bar in bars] == [("none", "1.5"), ("now", "30")]


# ---- flow, columns


def test_a_flow_says_every_move() -> None:
    drawing = flow.draw(FLOW, "a")
    assert description(drawing).startswith("New lead → Potential: 49; Potential → Contacted: 36")
    assert description(drawing).count(";") == len(FLOW.bands) - 1
    assert "Demo booked 15" in texts(drawing)


@pytest.mark.parametrize("count", [0, 1, 40])
def test_a_flow_has_room_for_every_name(count: int) -> None:
    nodes = tuple(Node(f"{HOSTILE} {place}", "1", 1 / count) for place in range(count))
    drawing = flow.draw(replace(FLOW, sources=nodes, targets=nodes, bands=()), "a")
    ys = [float(found.attrib["y"]) for found in parsed(drawing).iter(f"{SVG}text")][:count]
    assert all(after - before >= flow.LEAST for before, after in pairwise(ys))
    assert float(parsed(drawing).attrib["height"]) >= flow.LEAST


def test_bands_leave_a_status_one_below_the_other() -> None:
    drawing = flow.draw(FLOW, "a")
    starts = [found.attrib["d"].split("C")[0] for found in parsed(drawing).iter(f"{SVG}path")]
    assert len(set(starts)) == len(FLOW.bands)


@pytest.mark.parametrize("count", [0, 1, 11, 92])
def test_columns_of_any_number_say_their_parts(count: int) -> None:
    buckets = tuple(Bucket(f"Day {place}", "$5", (Part("$2", 0.2), Part("$3", 0.3)), False) for place in range(count))
    drawing = columns.draw(replace(COLUMNS, buckets=buckets, legend=("New", HOSTILE)), "a")
    assert len(list(parsed(drawing).iter(f"{SVG}rect"))) == 2 * count
    assert description(drawing).count("New $2") == count


def test_parts_of_a_column_lie_on_each_other_a_pixel_apart() -> None:
    bucket = Bucket("Mon", "$5", (Part("$2", 0.25), Part("$0", 0), Part("$3", 0.5)), True)
    drawing = columns.draw(replace(COLUMNS, buckets=(bucket,)), "a")
    parts = [
        (part.attrib["class"], part.attrib["y"], part.attrib["height"]) for part in parsed(drawing).iter(f"{SVG}rect")
    ]
    assert parts == [("series-1", "120", "39"), ("series-3", "40", "79")]
    assert "so far" in texts(drawing)
    assert description(drawing).endswith(", so far")


@pytest.mark.parametrize(("highest", "shown"), [(5, ["9", "4"]), (18, ["9"])])
def test_among_many_columns_the_highest_and_the_last_have_their_totals(highest: int, shown: list[str]) -> None:
    tall = [0.9 if place == highest else 0.4 for place in range(20)]
    buckets = tuple(Bucket("", f"{10 * height:.0f}", (Part("", height),), False) for height in tall)
    assert texts(columns.draw(replace(COLUMNS, buckets=buckets), "a")) == shown


def test_where_a_phone_has_no_room_for_each_total_it_shows_the_highest_and_the_last() -> None:
    tall = [0.9 if place == 2 else 0.4 for place in range(12)]
    buckets = tuple(Bucket("", f"${1000 * height:.0f}", (Part("", height),), False) for height in tall)
    drawing = columns.draw(replace(COLUMNS, buckets=buckets), "a")
    shown = {
        text.text: "wide" in text.attrib["class"] for text in parsed(drawing).iter(f"{SVG}text") if text.text == "$900"
    }
    assert shown == {"$900": False}
    assert [text.attrib["class"] for text in parsed(drawing).iter(f"{SVG}text")].count("value middle wide") == 10


def test_a_column_that_is_not_known_is_not_drawn() -> None:
    drawing = columns.draw(replace(COLUMNS, buckets=(Bucket("Mon", "", (), False),)), "a")
    assert not list(parsed(drawing).iter(f"{SVG}rect"))
    assert description(drawing) == "Mon: –"


# ---- parts


@pytest.mark.parametrize(
    ("value", "written"),
    [(0, "0"), (-0.0, "0"), (-0.001, "0"), (1 / 3, "0.33"), (12.5, "12.5"), (1234.567, "1234.57"), (100, "100")],
)
def test_coordinates_are_short(value: float, written: str) -> None:
    assert element.number(value) == written


@pytest.mark.parametrize(
    ("text", "short"), [("Mon", "Mon"), ("x" * 15, "x" * 13 + "…"), ("日本" * 9, "日本日本日本…"), ("", "")]
)
def test_labels_are_cut_by_what_they_take(text: str, short: str) -> None:
    assert labels.cut(text) == short


def test_labels_that_have_no_room_are_left_out_on_a_phone_and_the_last_one_stays() -> None:
    names = [f"{day} Nov" for day in range(1, 31)]
    made = labels.along(names, [100 * place / 29 for place in range(30)], [0] * 30, phone=200, desk=10_000)
    slim = [text for text in made if "wide" not in text]
    assert len(made) == 30
    assert len(slim) == 3
    assert "30 Nov" in slim[-1]
