"""What is said of a section: facts that follow from its tables, and silence where none do."""

from __future__ import annotations

from datetime import datetime

import pytest

from runner.model import Table
from runner.render.findings import finding
from tests.render.digests import ZONE
from tests.render.tables import LOST, WON, days, moves, people, scene, stages, statuses, templates


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        pytest.param([days([1, 2, 9, 2, 1, 0, 0], (15, 15))], "Calls peaked on Wed 18 Nov (9).", id="a peak"),
        pytest.param([days([9, 2, 9, 2, 1, 0, 0], (23, 23))], "", id="two days alike, nothing changed"),
        pytest.param([days([0] * 7, (0, 0))], "", id="nothing at all"),
        pytest.param([days([None] * 7, (None, None))], "", id="nothing known"),
        pytest.param(
            [days([1, 2, 3, 4, 5, 6, 7], (28, 28))], "Calls: 7 in the last of 7, the highest of them.", id="a record"
        ),
        pytest.param(
            [days([1, 9, 1], (11, 11), {WON: (200_000, 100_000), LOST: (30, 31)})],
            "Calls peaked on Tue 17 Nov (9). Won: $2,000, up 100%.",
            id="what changed most beside it",
        ),
        pytest.param(
            [people({"Ann": [(30, 20)], "Bo": [(10, 40)]}, total=[(40, 60)])],
            "Ann leads with 30 (Calls, 75% of the total). Bo is down from 40 to 10.",
            id="who leads, who fell",
        ),
        pytest.param([people({"Ann": [(0, 20)], "Bo": [(0, 0)]}, total=[(0, 20)])], "", id="nobody did anything"),
        pytest.param(
            [people({"Ann": [(30, None)], "Bo": [(10, None)]})], "Ann leads with 30 (Calls).", id="no total, no before"
        ),
        pytest.param(
            [
                templates(
                    {"A": ((40, 40), (0.1, 0.1)), "B": ((60, 60), (0.3, 0.3)), "C": ((5, 5), (1.0, 1.0))}, (956, 900)
                )
            ],
            "105 of 956 e-mails used a template. “B” is answered most: 30.0% of 60.",
            id="templates, not the one sent five times",
        ),
        pytest.param(
            [templates({"A": ((40, 40), (0.1, 0.1))}, (0, 0))], "", id="no e-mails in all: not to be believed"
        ),
        pytest.param(
            [
                statuses({"New": ((10, 8), (2, 1)), "Won": ((9, 0), (9, 0)), "Bad": ((3, 12), (-9, 0))}),
                moves({"Created → New": (12, 3), "New → Won": (9, 0)}),
            ],
            "New leads: 12. Won changed most: +9, to 9.",
            id="statuses",
        ),
        pytest.param([statuses({"New": ((10, 10), (0, 0))})], "", id="no status changed"),
        pytest.param(
            [stages({"Demo": ((60, 60), (0.5, 0.5)), "Offer": ((30, 30), (0.2, 0.4)), "Won": ((6, 6), (0, 0))})],
            "10% of Demo reaches Won. The step from Offer to Won lost most ground.",
            id="stages",
        ),
        pytest.param(
            [stages({"Demo": ((19, 60), (0.1, 0.9)), "Won": ((2, 2), (0, 0))})],
            "11% of Demo reaches Won.",
            id="too few to speak of a step",
        ),
        pytest.param(
            [stages({"Demo": ((0, 0), (None, None)), "Won": ((0, 0), (None, None))})], "", id="an empty funnel"
        ),
        pytest.param([stages({"Only": ((5, 5), (0, 0))})], "", id="one stage"),
    ],
)
def test_a_section_says_what_its_tables_show(tables: list[Table], said: str) -> None:
    assert finding(scene(*tables)) == said


def test_a_period_that_runs_has_no_record_yet() -> None:
    table = days([1, 2, 3, 4, 5, 6, 7], (28, 28))
    running = scene(table, as_of=datetime(2026, 11, 22, 12, tzinfo=ZONE))
    assert "the highest of them" not in finding(running)
