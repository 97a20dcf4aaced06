"""Every query once, several at a time, answers dropped after their last use."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner import asking
from runner.asking import Asking
from runner.errors import AccessError, ServiceError
from runner.model import Answer, Ask, Job, Json, Period, Plan, Query
from tests.spec.definitions import GOOD, read

PERIOD = Period("2026", datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
JOB = Job("one", "activity", "One", {}, {})
SPEC = read(next(path for path in GOOD if path.stem == "smallest").read_text())


def plan(*paths: str) -> Plan:
    """A plan that asks for these paths, in this order."""
    asks = tuple(Ask(JOB, Query("GET", path, dict), PERIOD) for path in paths)
    return Plan(SPEC, PERIOD.end, PERIOD, (), asks)


def ask_all(plans: list[Plan], threads: int = 4) -> tuple[list[dict[str, Json]], Counter[str]]:
    """What was found for each plan, and how often each path was asked."""
    asked: Counter[str] = Counter()
    lock = threading.Lock()

    def ask(one: Ask) -> Answer:
        with lock:
            asked[one.query.path] += 1
        return Answer(one.query.path)

    with Asking(plans, ask, threads=threads, heard=lambda *_: None) as asked_for:
        found = []
        for each in plans:
            answers = asked_for.answers(each)
            found.append({key: answer.data for key, answer in answers.items() if isinstance(answer, Answer)})
            asked_for.release(each)
        assert not asked_for.held
    return found, asked


PATHS = st.sampled_from("abcdefgh")


@given(st.lists(st.lists(PATHS, max_size=6), max_size=8), st.integers(1, 5))
def test_every_plan_gets_its_answers_and_no_question_is_asked_twice(paths: list[list[str]], threads: int) -> None:
    plans = [plan(*each) for each in paths]
    found, asked = ask_all(plans, threads)
    assert [set(each.values()) for each in found] == [set(each) for each in paths]
    assert asked == Counter({path: 1 for each in paths for path in each})


def test_no_more_is_asked_ahead_than_memory_should_hold() -> None:
    plans = [plan(f"{number}") for number in range(3 * asking.AHEAD)]
    asked = threading.Semaphore(0)

    def ask(one: Ask) -> Answer:
        asked.release()
        return Answer(one.query.path)

    with Asking(plans, ask, threads=4, heard=lambda *_: None) as asked_for:
        asked_for.answers(plans[0])
        asked_for.release(plans[0])
        for _ in range(asking.AHEAD):
            assert asked.acquire(timeout=5)
        assert not asked.acquire(timeout=0.2)


def test_a_failure_is_an_answer_and_the_others_stand() -> None:
    def ask(one: Ask) -> Answer:
        if one.query.path == "bad":
            raise ServiceError("no")
        return Answer(1)

    both = plan("bad", "good")
    with Asking([both], ask, threads=2, heard=lambda *_: None) as asked_for:
        bad, good = asked_for.answers(both).values()
    assert isinstance(bad, ServiceError)
    assert good == Answer(1)


def test_after_a_refused_key_nothing_more_is_asked() -> None:
    asked = []

    def ask(one: Ask) -> Answer:
        asked.append(one.query.path)
        raise AccessError("me/: HTTP 401: Invalid key")

    plans = [plan("a", "b"), plan("c")]
    with Asking(plans, ask, threads=1, heard=lambda *_: None) as asked_for:
        found = [str(error) for each in plans for error in asked_for.answers(each).values()]
    assert asked == ["a"]
    assert found[1:] == ["not asked: me/: HTTP 401: Invalid key"] * 2


def test_what_is_heard_counts_up_to_all() -> None:
    heard = []
    both = [plan("a", "b"), plan("b", "c")]
    with Asking(
        both, lambda _: Answer(1), threads=3, heard=lambda done, total: heard.append((done, total))
    ) as asked_for:
        for each in both:
            asked_for.answers(each)
    assert heard == [(1, 3), (2, 3), (3, 3)]


def test_when_stopped_what_has_come_is_still_there() -> None:
    going, stop = threading.Event(), threading.Event()

    def ask(one: Ask) -> Answer:
        if one.query.path == "slow":
            going.set()
            stop.wait(10)
            raise ServiceError("stopped")
        return Answer(one.query.path)

    plans = [plan("a"), plan("b", "slow"), plan("c")]
    with pytest.raises(KeyboardInterrupt), Asking(plans, ask, threads=2, heard=lambda *_: None) as asked_for:  # noqa: PT012 - the order is what is tested
        asked_for.answers(plans[0])
        going.wait(10)
        stop.set()
        raise KeyboardInterrupt
    assert list(asked_for.so_far(plans[1]).values()) == [Answer("b")]
