"""The service's limits and the run's own budget, on a clock that the test turns."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.client.hints import Rate
from runner.client.pace import Budget, Pace


@dataclass
class Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_nothing_is_waited_for_until_the_service_says_so(clock: Clock) -> None:
    pace = Pace(clock=clock)
    assert [pace.turn("report") for _ in range(50)] == [0] * 50


def test_when_nothing_remains_the_next_turn_comes_after_the_reset(clock: Clock) -> None:
    pace = Pace(clock=clock)
    assert pace.turn("report") == 0
    pace.done("report", Rate(limit=2, remaining=0, reset=3.5))
    assert pace.turn("report") == 3.5
    assert pace.turn("user") == 0, "another group has limits of its own"
    clock.now += 3.5
    assert [pace.turn("report") for _ in range(2)] == [0, 0]
    assert pace.turn("report") == 0, "the old limit is over; what the next answers say counts"


def test_requests_under_way_are_not_in_the_service_s_count_yet(clock: Clock) -> None:
    pace = Pace(clock=clock)
    for _ in range(3):
        assert pace.turn("report") == 0
    pace.done("report", Rate(limit=10, remaining=3, reset=5))
    assert pace.turn("report") == 0
    assert pace.turn("report") == 5


def test_a_block_holds_for_all_and_never_gets_shorter(clock: Clock) -> None:
    pace = Pace(clock=clock)
    pace.block("report", 4)
    pace.block("report", 1)
    assert pace.turn("report") == 4
    clock.now += 4
    assert pace.turn("report") == 0


def test_an_absurd_reset_is_not_believed(clock: Clock) -> None:
    pace = Pace(10, clock)
    pace.turn("report")
    pace.done("report", Rate(limit=1, remaining=0, reset=float("inf")))
    assert pace.turn("report") == 10


def test_an_outage_empties_the_budget_and_good_answers_fill_it() -> None:
    budget = Budget(3, earned=0.5)
    assert [budget.spend() for _ in range(4)] == [True, True, True, False]
    budget.earn()
    assert not budget.spend()
    budget.earn()
    assert budget.spend()


@given(st.lists(st.booleans(), max_size=300))
def test_attempts_are_never_more_than_the_tokens_and_half_the_answers(answers: list[bool]) -> None:
    budget = Budget(20, earned=0.5)
    again = 0
    for good in answers:
        if good:
            budget.earn()
        else:
            again += budget.spend()
    assert again <= 20 + sum(answers) / 2
