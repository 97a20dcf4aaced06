"""Templates of a project: what they may take the place of, what they get, what is refused and where that is said."""

from __future__ import annotations

import os
import re
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import pytest

from runner import render
from runner.errors import RunnerError
from runner.render import compose, contract, templating, view
from tests.conftest import Golden
from tests.render.digests import ALL, COMPARED, PLAIN

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    templating._environment.cache_clear()
    (tmp_path / "templates").mkdir()
    return tmp_path / "templates"


def test_a_template_of_the_same_name_takes_the_place_of_ours(own: Path) -> None:
    (own / "digest.txt.j2").write_text("{{ digest.title }} is all\n")
    assert render.text(compose.make(PLAIN), own) == "Weekly sales is all\n"


def test_a_template_for_one_report_goes_before_that_for_all(own: Path) -> None:
    (own / "digest.txt.j2").write_text("all")
    (own / "weekly.txt.j2").write_text("this one")
    assert render.text(compose.make(PLAIN), own) == "this one"
    assert render.text(compose.make(replace(PLAIN, name="other")), own) == "all"


def test_a_format_without_an_own_template_is_as_it_ships(own: Path) -> None:
    (own / "digest.txt.j2").write_text("all")
    assert render.markdown(compose.make(COMPARED), own) == render.markdown(compose.make(COMPARED))


def test_a_template_extends_ours_under_its_own_name(own: Path) -> None:
    (own / "digest.html.j2").write_text(
        '{% extends "builtin/digest.html.j2" %}{% block footer %}<p id="mine">Ask us.</p>{{ super() }}{% endblock %}'
    )
    page = render.html(compose.make(PLAIN), own).decode()
    assert '<p id="mine">Ask us.</p>' in page
    assert "Data as of" in page


def test_what_a_template_changes_is_seen_at_the_next_run(own: Path) -> None:
    file = own / "digest.txt.j2"
    file.write_text("one")
    assert render.text(compose.make(PLAIN), own) == "one"
    file.write_text("two")
    os.utime(file, ns=(1, 1))
    assert render.text(compose.make(PLAIN), own) == "two"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        pytest.param("a\n{{ digest.titel }}", r"digest\.txt\.j2:2: .*titel", id="a name that is not there"),
        pytest.param("a\n\n{% for %}", r"digest\.txt\.j2:3: ", id="no Jinja"),
        pytest.param("{{ digest.__class__ }}", r"digest\.txt\.j2:1: .*unsafe", id="into the sandbox's walls"),
        pytest.param("{{ ''.__class__.__mro__ }}", "unsafe", id="the way to every class"),
        pytest.param("{{ digest.title.__init__.__globals__ }}", "unsafe", id="the way to every global"),
        pytest.param("{{ '%s'|format(1)|attr('__class__') }}", "unsafe|no attribute|undefined", id="by a filter"),
        pytest.param("{{ range(10 ** 9) }}", r"digest\.txt\.j2:1: .*[Rr]ange", id="a range without an end"),
        pytest.param("{% for a in range(9999) %}{% for b in range(9999) %}{{ digest.title }}{% endfor %}{% endfor %}",
                     "more than 20,000,000", id="a page without an end"),
        pytest.param("{{ digest.__dataclass_fields__ }}", "unsafe", id="the view's own walls"),
        pytest.param("{{ digest.sections[0].__class__.__base__ }}", "unsafe", id="a part of the view"),
        pytest.param("{% for a in [1] %}{{ loop._iterable }}{% endfor %}", "unsafe", id="what a loop hides"),
        pytest.param("{% for a in [1] %}{{ loop.__class__ }}{% endfor %}", "unsafe", id="a loop's class"),
        pytest.param("{{ digest.title|columns }}", r"digest\.txt\.j2:1: ", id="a filter for something else"),
        pytest.param("{{ digest.title|safe }}", "No filter named 'safe'", id="raw data"),
        pytest.param("{{ 1 / 0 }}", r"digest\.txt\.j2:1: ", id="arithmetic"),
        pytest.param("{% include '../secret.txt' %}", "not found|secret", id="a file outside"),
        pytest.param("{% include '/etc/passwd' %}", "passwd", id="a file of the machine"),
    ],
)  # fmt: skip
def test_what_cannot_be_filled_is_said_with_its_line(own: Path, source: str, said: str) -> None:
    (own.parent / "secret.txt").write_text("secret")
    (own / "digest.txt.j2").write_text(source)
    with pytest.raises(RunnerError, match=said):
        render.text(compose.make(PLAIN), own)


def test_a_link_and_a_file_too_large_are_refused(own: Path) -> None:
    (own.parent / "elsewhere.j2").write_text("secret")
    (own / "digest.txt.j2").symlink_to(own.parent / "elsewhere.j2")
    with pytest.raises(RunnerError, match="symbolic link"):
        render.text(compose.make(PLAIN), own)
    (own / "digest.txt.j2").unlink()
    (own / "digest.txt.j2").write_text("x" * 300_000)
    with pytest.raises(RunnerError, match="256 KiB"):
        render.text(compose.make(PLAIN), own)
    (own / "digest.txt.j2").write_bytes(b"\xff")
    with pytest.raises(RunnerError, match="UTF-8"):
        render.text(compose.make(PLAIN), own)


def test_the_page_of_the_manual_is_the_one_written_from_the_code(golden: Golden) -> None:
    golden(ROOT / "docs" / "templates.md", contract.page().encode())


def test_every_value_of_the_contract_is_described_and_used_by_a_template() -> None:
    page = contract.page()
    shipped = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.j2"))
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "runner" / "render").rglob("*.py"))
    for name in view.__all__:
        kind = getattr(view, name)
        if is_dataclass(kind):
            assert f"### {name}\n" in page
            for field in fields(kind):
                assert re.search(rf"\.{field.name}\b", shipped + code), f"{name}.{field.name} is shown nowhere"


@pytest.mark.parametrize("name", ALL)
def test_every_chart_measures_in_fractions(name: str) -> None:
    for section in compose.make(ALL[name]).sections:
        for chart in section.charts:
            assert all(0 <= size <= 1.000001 for size in _sizes(chart) if size is not None)


def _sizes(chart: view.Chart) -> list[float | None]:
    match chart:
        case view.Lines():
            return [size for line in chart.lines for point in line.points for size in (point.now, point.before)]
        case view.Funnel():
            return [size for step in chart.steps for size in (step.share, step.before_share)]
        case view.Flow():
            nodes = [each.share for each in (*chart.sources, *chart.targets)]
            return [*nodes, *(band.share for band in chart.bands), *(move.share for move in chart.moves)]
        case view.Columns():
            return [sum(part.height for part in bucket.parts) for bucket in chart.buckets]
