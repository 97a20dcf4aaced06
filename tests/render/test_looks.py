"""What is worth a look, and what is not."""

from __future__ import annotations

import pytest

from runner.model import Digest, Table
from runner.render import headline, looks, rules, scene, style
from runner.render.view import Look
from tests.render.tables import LOST, WON, days, people, stages, statuses, templates, whole


def found(digest: Digest) -> tuple[Look, ...]:
    scenes = scene.scenes(digest, style.of(digest))
    return looks.looks(scenes, headline.totals(scenes))


@pytest.mark.parametrize(
    ("table", "tone", "title", "text"),
    [
        pytest.param(
            stages({"Demo": ((41, 40), (0.63, 0.73)), "Won": ((26, 29), (0, 0))}),
            "bad", "Demo to Won fell to 63%", "It was 73% in 9–15 Nov; 41 reached Demo.", id="a stage",
        ),
        pytest.param(
            people({"Ann": [(5, 5)], "Chris": [(0, 9)]}, total=[(5, 14)]),
            "warn", "Chris has no activity", "In 9–15 Nov: 9 (Calls).", id="somebody is quiet",
        ),
        pytest.param(
            templates({"Break-up": ((57, 60), (0.123, 0.091))}, (100, 100)),
            "good", "Replies to “Break-up” rose to 12.3%", "Up 3.2 pp against 9–15 Nov, over 57 sent.", id="a template",
        ),
        pytest.param(
            templates({"Intro": ((214, 210), (0.05, 0.1))}, (300, 300)),
            "bad", "Replies to “Intro” fell to 5.0%", "Down 5.0 pp against 9–15 Nov, over 214 sent.", id="a worse one",
        ),
        pytest.param(
            days([1], (1, 1), {LOST: (40, 20)}),
            "bad", "Lost: up 100%", "40, it was 20 in 9–15 Nov.", id="a total",
        ),
        pytest.param(
            statuses({"Trial": ((20, 30), (-8, 6))}),
            "warn", "Trial shrinks again: −8", "It was +6 in 9–15 Nov.", id="a status turns",
        ),
    ],
)  # fmt: skip
def test_it_is_said_with_what_there_is_to_know_of_it(table: Table, tone: str, title: str, text: str) -> None:
    (only,) = found(whole(table))
    assert (only.tone, only.title.replace("\u00a0", " "), only.text.replace("\u00a0", " ")) == (tone, title, text)
    assert only.sign == {"good": "▲", "bad": "▼", "warn": "!"}[tone]


@pytest.mark.parametrize(
    "table",
    [
        pytest.param(stages({"Demo": ((19, 60), (0.1, 0.9)), "Won": ((2, 9), (0, 0))}), id="too few in a stage"),
        pytest.param(stages({"Demo": ((90, 60), (0.56, 0.6)), "Won": ((2, 9), (0, 0))}), id="a stage that hardly fell"),
        pytest.param(stages({"Demo": ((90, 60), (0.9, 0.6)), "Won": ((2, 9), (0, 0))}), id="a stage that rose"),
        pytest.param(people({"Chris": [(0, 4)]}, total=[(0, 4)]), id="somebody who did little before"),
        pytest.param(people({"Chris": [(None, 9)]}, total=[(None, 9)]), id="somebody of whom nothing is known"),
        pytest.param(templates({"A": ((49, 60), (0.9, 0.1))}, (100, 100)), id="a template seldom sent"),
        pytest.param(days([1], (1, 1), {LOST: (12, 6)}), id="a total of few"),
        pytest.param(days([1], (1, 1), {LOST: (24, 20)}), id="a total that hardly moved"),
        pytest.param(days([1], (100, 10)), id="the first number: it stands on top anyway"),
        pytest.param(statuses({"Trial": ((20, 30), (-8, -6))}), id="a status that goes on shrinking"),
        pytest.param(statuses({"Trial": ((20, 30), (-2, 6))}), id="a status that hardly turns"),
    ],
)
def test_silence_is_fine(table: Table) -> None:
    assert found(whole(table)) == ()


def test_there_are_three_at_the_most_the_bad_ones_first_and_a_good_one_among_them() -> None:
    digest = whole(
        days([1], (1, 1), {LOST: (4000, 100), WON: (130_000, 100_000)}),
        stages({"Demo": ((400, 400), (0.2, 0.7)), "Won": ((80, 280), (0, 0))}),
        people({"Ann": [(0, 90)], "Bo": [(0, 80)]}, total=[(0, 170)]),
        templates({"A": ((500, 500), (0.1, 0.5)), "B": ((60, 60), (0.2, 0.1))}, (560, 560)),
    )
    chosen = found(digest)
    assert len(chosen) == rules.LOOKS
    assert [look.tone for look in chosen] == sorted((look.tone for look in chosen), key=["bad", "warn", "good"].index)
    assert "good" in {look.tone for look in chosen}


def test_the_same_facts_come_in_the_same_order() -> None:
    table = people({name: [(0, 9)] for name in ("Cy", "Bo", "Ann", "Di")}, total=[(0, 36)])
    assert [look.title for look in found(whole(table))] == [f"{name} has no activity" for name in ("Ann", "Bo", "Cy")]
