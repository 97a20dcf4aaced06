"""The web page in a real browser: nothing sideways, nothing that shuts people out, not a word to any host."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page

from runner.render import templating
from runner.render.view import View
from tests.render import views

pytestmark = pytest.mark.slow

Scheme = Literal["light", "dark"]
Show = Callable[..., Page]
ROOT = Path(__file__).resolve().parents[2]
VIEWS: dict[str, View] = {"rich": views.RICH, "small": views.SMALL, **views.EDGES}


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Iterator[Show]:
    """Open a view; when the test is over, nothing was asked of anyone and nothing was complained of."""
    noise: list[str] = []
    contexts = []

    def opened(name: str, *, width: int = 390, scheme: Scheme = "light") -> Page:
        file = tmp_path / f"{name}.html"
        file.write_bytes(templating.fill("html", VIEWS[name]))
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: noise.append(message.text))
        page.on("pageerror", lambda error: noise.append(str(error)))
        page.on("request", lambda request: noise.append(request.url) if request.url != file.as_uri() else None)
        page.goto(file.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert noise == []


def open_all(page: Page) -> None:
    """Everything that is folded away is shown."""
    page.evaluate(
        "document.querySelectorAll('details').forEach(one => one.open = true);"
        "document.querySelectorAll('input').forEach(one => one.checked = true)"
    )


@pytest.mark.parametrize("name", VIEWS)
def test_no_page_scrolls_sideways(show: Show, name: str) -> None:
    page = show(name)
    for width in (360, 390, 700, 720, 1200):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") == width
    open_all(page)
    page.set_viewport_size({"width": 360, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") == 360


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1200])
@pytest.mark.parametrize("name", VIEWS)
def test_nothing_shuts_people_out(show: Show, axe: str, name: str, width: int, scheme: Scheme) -> None:
    page = show(name, width=width, scheme=scheme)
    open_all(page)
    page.evaluate(axe)
    found: list[dict[str, Any]] = page.evaluate("axe.run().then(result => result.violations)")
    assert [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found] == []


@pytest.mark.parametrize("name", VIEWS)
def test_text_in_a_drawing_is_large_enough_on_a_phone(show: Show, name: str) -> None:
    sizes = show(name, width=360).evaluate(
        "[...document.querySelectorAll('svg text')].map(one => parseFloat(getComputedStyle(one).fontSize)"
        " * one.getScreenCTM().a)"
    )
    assert all(size >= 11 for size in sizes)


def test_names_along_an_axis_do_not_touch(show: Show) -> None:
    page = show("rich", width=360)
    for width in (360, 720, 1200):
        page.set_viewport_size({"width": width, "height": 900})
        gaps = page.evaluate(
            """[...document.querySelectorAll('svg.plot')].flatMap(drawing => {
              const below = drawing.getAttribute('height') * 1 + 18;
              const shown = [...drawing.querySelectorAll(`text.label[y="${below}"]`)]
                .map(one => one.getBoundingClientRect()).filter(box => box.width);
              return shown.slice(1).map((box, place) => box.left - shown[place].right);
            })"""
        )
        assert gaps
        assert min(gaps) > 3


def test_a_phone_shows_the_main_columns_until_all_are_asked_for(show: Show) -> None:
    page = show("rich")
    deals = page.get_by_role("columnheader", name="Deals")
    assert not deals.is_visible()
    page.locator("#reps").get_by_label("All 6 columns").check()
    assert deals.is_visible()
    page.set_viewport_size({"width": 1200, "height": 900})
    assert page.get_by_role("columnheader", name="Start").is_visible()


def test_a_table_fits_a_phone(show: Show) -> None:
    page = show("rich", width=360)
    for box in page.locator(".scroll").all():
        assert box.evaluate("one => one.scrollWidth <= one.clientWidth")


def test_the_tables_of_the_examples_fit_a_phone(browser: Browser, tmp_path: Path) -> None:
    """Of each only as many columns are shown as it has room for, whatever is in them."""
    call = [sys.executable, "-m", "runner", "run", "--as-of", "2026-11-23T07:02:00-05:00", "--project", str(tmp_path)]
    shutil.copytree(ROOT / "reports", tmp_path / "reports")
    subprocess.run(call, check=True, capture_output=True)
    pages = sorted(tmp_path.glob("out/**/digest.html"))
    assert len(pages) > 8
    for file in pages:
        page = browser.new_page(viewport={"width": 390, "height": 900})
        page.goto(file.as_uri())
        for box in page.locator(".scroll").all():
            said = box.get_attribute("aria-label")
            assert box.evaluate("one => one.scrollWidth <= one.clientWidth"), (file, said)
        page.close()


def test_rows_over_the_cut_are_shown_when_they_are_asked_for(show: Show) -> None:
    page = show("forty-users")
    last = page.get_by_role("rowheader", name="Person 40")
    assert not last.is_visible()
    page.get_by_text("30 more").click()
    assert last.is_visible()
    page.get_by_text("Fewer", exact=True).click()
    assert not last.is_visible()


def test_the_numbers_of_a_chart_unfold(show: Show) -> None:
    page = show("rich")
    assert not page.get_by_role("rowheader", name="Thu").is_visible()
    page.locator("#activity").get_by_text("Show the numbers").click()
    assert page.get_by_role("rowheader", name="Thu").is_visible()


def test_the_list_of_sections_scrolls_in_itself(show: Show) -> None:
    page = show("rich", width=360)
    page.get_by_role("link", name="New pipeline by source").first.focus()
    assert page.evaluate("document.querySelector('.nav').scrollLeft") > 0
    assert page.evaluate("window.scrollX") == 0


@pytest.mark.parametrize("name", ["rich", "forty-users", "running"])
def test_paper_shows_everything_on_white(show: Show, name: str) -> None:
    page = show(name, width=720, scheme="dark")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(20, 24, 31)"
    assert page.evaluate("document.documentElement.scrollWidth") == 720
    assert all(row.is_visible() for row in page.locator("tbody tr").all())
    assert page.pdf().startswith(b"%PDF")


def test_colours_follow_the_reader(show: Show) -> None:
    colours = {
        scheme: show("rich", scheme=scheme).evaluate("getComputedStyle(document.querySelector('path.now')).stroke")
        for scheme in ("light", "dark")
    }
    assert colours == {"light": "rgb(63, 102, 230)", "dark": "rgb(111, 147, 255)"}
