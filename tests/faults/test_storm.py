"""Thousands of questions to a service of which nearly every third answer fails, through the client that a run has."""

from __future__ import annotations

import gzip
import hashlib
import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from runner import endpoints, source, spec
from runner.asking import Asking
from runner.client import Client, Key, Network
from runner.errors import ServiceError
from runner.model import Answer, Ask, Json, Limits, Plan, Project, Query, Secret
from tests.faults import answers, world
from tests.faults.server import Request, Script, Server, close, reset

QUESTIONS, THREADS, PLANS, SEED = 10_000, 8, 100, 20261126
SHARE = 0.3

DEFINITION = b"""
title: Storm
jobs:
  calls: {endpoint: activity, type: overview, range: last-week, metrics: [calls.outbound.all.count]}
"""


def question(number: int) -> Query:
    """A question that is like no other."""
    return Query("POST", "report/storm/", {"number": int, "text": str, "sum": str}, body={"number": number})


def told(number: int) -> Json:
    """The answer to a question; it carries a sum of itself."""
    chance = random.Random(f"{SEED} {number}")
    text = chance.randbytes(chance.randint(10, 2000)).hex()
    return {"number": number, "text": text, "sum": summed(number, text)}


def summed(number: int, text: str) -> str:
    """What ``sum`` must be."""
    return hashlib.sha256(f"{number} {text}".encode()).hexdigest()


def fault(body: bytes, chance: random.Random) -> Script:
    """One of the ways to fail, with part of the true answer where it has a part."""
    packed = answers.sized(body)
    head = len(packed) - len(body)
    inside = chance.randint(head, len(packed) - 1)
    ways: Sequence[Script] = (
        answers.limited(("RateLimit", "limit=1000, remaining=0, reset=0.002"), ("Retry-After", "0")),
        answers.whole({"error": "Oops"}, 500),
        answers.raw(b"<h1>Later</h1>", 503, kind="text/html"),
        (close(),),
        answers.cut(packed, close(), at=chance.randint(1, head)),
        answers.cut(packed, close(), at=inside),
        (reset(),),
        answers.cut(packed, reset(), at=inside),
        answers.zipped(body, gzip.compress(body)[: -chance.randint(1, 12)]),
    )
    return chance.choice(ways)


class Storm:
    """Answers, and fails by a chance that is the same whenever the same is asked for the same time."""

    def __init__(self) -> None:
        self._lock, self._times = threading.Lock(), Counter[int]()
        self.faults = 0

    def __call__(self, request: Request) -> Script:
        """The script for a request."""
        number = int(request.body.partition(b":")[2].strip(b" }"))
        with self._lock:
            self._times[number] += 1
            chance = random.Random(f"{SEED} {number} {self._times[number]}")
            failing = chance.random() < SHARE
            self.faults += failing
        if failing:
            return fault(answers.text(told(number)), chance)
        return answers.whole(told(number)) if number % 2 else answers.zipped(answers.text(told(number)))


def plans() -> list[Plan]:
    """All questions, spread over plans."""
    made, _ = spec.read(source.read("storm.yaml", DEFINITION), Project())
    plan = endpoints.plan(made, datetime(2026, 11, 23, tzinfo=UTC))
    asks = [Ask(made.jobs[0], question(number), plan.period) for number in range(QUESTIONS)]
    size = QUESTIONS // PLANS
    return [replace(plan, asks=tuple(asks[start : start + size])) for start in range(0, QUESTIONS, size)]


@pytest.mark.slow
def test_in_a_storm_each_question_is_answered_rightly_or_named_as_failed() -> None:
    storm, found = Storm(), dict[str, Answer | ServiceError]()
    with Server({"/api/v1/report/storm/": [storm]}) as server:
        limits = Limits(attempts=5, timeout=5, wait=0.01, in_flight=THREADS)
        auth = Key(Secret(world.KEY))
        with Client(Network(connections=THREADS), f"{server.url}/api/v1/", auth, limits=limits) as client:
            asked = plans()
            with Asking(asked, lambda one: client.ask(one.query), threads=THREADS, heard=lambda *_: None) as asking:
                for plan in asked:
                    found |= asking.answers(plan)
        requests = len(server.asked())
        until = time.monotonic() + 5
        while server.open and time.monotonic() < until:
            time.sleep(0.01)
        assert server.open == 0
    good = {key: answer for key, answer in found.items() if isinstance(answer, Answer)}
    named = [str(error) for error in found.values() if isinstance(error, ServiceError)]
    assert {key: answer.data for key, answer in good.items()} == {
        question(number).key: told(number) for number in range(QUESTIONS) if question(number).key in good
    }
    assert len(good) + len(named) == QUESTIONS
    assert all(reason.startswith("report/storm/: ") and "attempt" in reason for reason in named)
    assert len(named) < QUESTIONS * 0.02
    assert 0.25 < storm.faults / requests < 0.35
    assert QUESTIONS < requests < 2 * QUESTIONS
    assert world.leaks("\n".join(named).encode()) == []
