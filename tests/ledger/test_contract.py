"""What every store promises."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import timedelta

import pytest

from runner.ledger import MOVES, LedgerError, identify
from runner.ledger.book import Book
from runner.model import Receipt, State
from tests.ledger.worlds import LATER, NOON, World, due, key

SOON = NOON + timedelta(seconds=5)


def state(book: Book) -> list[State]:
    return [entry.state for entry in book.entries()]


def test_a_ledger_that_is_not_there_is_empty_and_reading_does_not_begin_it(world: World) -> None:
    assert world.book().entries() == ()
    assert world.book().entries() == ()
    assert world.said == []


def test_what_is_planned_is_there_after_opening_it_again(world: World) -> None:
    with world.book() as book:
        (made,) = book.plan(due(key()), NOON)
    assert (made.state, made.attempts, made.changed, made.fingerprint) == (State.PLANNED, 0, NOON, "f1")
    assert made.id == identify(key())
    assert world.book().entries() == (made,)


def test_planning_again_takes_over_what_is_due_now_while_it_is_open(world: World) -> None:
    with world.book() as book:
        book.plan(due(key()), NOON)
        (again,) = book.plan(due(key(), fingerprint="f2", as_of=LATER), LATER)
        assert (again.fingerprint, again.as_of, again.changed) == ("f2", LATER, NOON)
        assert book.claim(key(), LATER)
        book.settle(key(), Receipt(State.SENT), LATER)
        (sent,) = book.plan(due(key(), fingerprint="f3"), LATER)
    assert (sent.state, sent.fingerprint) == (State.SENT, "f2")


def test_planning_gives_an_entry_for_each_in_their_order_even_twice(world: World) -> None:
    keys = [key("zoe@example.com"), key("ann@example.com"), key("zoe@example.com")]
    with world.book() as book:
        assert [entry.key for entry in book.plan(due(*keys), NOON)] == keys
        assert book.plan([], NOON) == ()
        assert [entry.key for entry in book.entries()] == sorted(set(keys))


def test_a_claim_is_there_before_the_dangerous_step_and_the_outcome_after_it(world: World) -> None:
    with world.book() as book:
        book.plan(due(key()), NOON)
        assert book.claim(key(), SOON)
        (under_way,) = world.book().entries()
        assert (under_way.state, under_way.attempts, under_way.run) == (State.ATTEMPTING, 1, book.run)
        book.settle(key(), Receipt(State.SENT, "<id@example.com>"), SOON)
        (done,) = world.book().entries()
    assert (done.state, done.reason, done.changed) == (State.SENT, "<id@example.com>", SOON)


@pytest.mark.parametrize("outcome", [state for state in State if state in MOVES[State.ATTEMPTING]])
def test_only_what_was_deferred_can_be_claimed_again(world: World, outcome: State) -> None:
    with world.book() as book:
        book.plan(due(key()), NOON)
        assert book.claim(key(), NOON)
        assert not book.claim(key(), NOON)
        book.settle(key(), Receipt(outcome), NOON)
        assert book.claim(key(), NOON) is (outcome is State.DEFERRED)


def test_what_was_never_planned_cannot_be_claimed(world: World) -> None:
    with world.book() as book:
        assert not book.claim(key(), NOON)
        assert book.entries() == ()


def test_only_the_run_that_claimed_may_settle(world: World) -> None:
    with world.book() as book:
        book.plan(due(key()), NOON)
        with pytest.raises(LedgerError, match="was not claimed by this run"):
            book.settle(key(), Receipt(State.SENT), NOON)
        assert state(book) == [State.PLANNED]


def test_an_attempt_cannot_come_to_planned(world: World) -> None:
    with world.book() as book:
        book.plan(due(key()), NOON)
        assert book.claim(key(), NOON)
        with pytest.raises(LedgerError, match="is attempting and cannot become planned"):
            book.settle(key(), Receipt(State.PLANNED), NOON)


def test_a_reason_is_one_line_without_control_characters(world: World) -> None:
    with world.book() as book:
        book.plan(due(key()), NOON)
        book.claim(key(), NOON)
        book.settle(key(), Receipt(State.REFUSED, f"550 no\r\n\x1b[31msuch\u202e user {'x' * 1000}"), NOON)
        (entry,) = book.entries()
    assert entry.reason.startswith("550 no [31msuch user xxx")
    assert len(entry.reason) == 500


def test_what_is_not_settled_when_the_ledger_is_let_go_is_uncertain(world: World) -> None:
    book = world.book()
    with contextlib.suppress(ZeroDivisionError), book:
        book.plan(due(key(), key("zoe@example.com")), NOON)
        book.claim(key(), NOON)
        _ = 1 / 0
    one, other = world.book().entries()
    assert (one.state, other.state) == (State.UNCERTAIN, State.PLANNED)


def test_what_a_dead_run_attempted_is_uncertain_for_the_next_and_says_since_when(world: World) -> None:
    book = world.book()
    book.__enter__()
    book.plan(due(key(), key("zoe@example.com")), NOON)
    assert book.claim(key(), SOON)
    world.crash()
    assert state(world.book(LATER)) == [State.ATTEMPTING, State.PLANNED]  # reading changes nothing
    with world.book(LATER) as after:
        one, other = after.entries()
        assert (one.state, one.changed, other.state) == (State.UNCERTAIN, LATER, State.PLANNED)
        assert "since 2026-11-23T12:00:05+00:00" in one.reason
        assert not after.claim(key(), LATER)


@pytest.mark.parametrize("outcome", State)
@pytest.mark.parametrize("word", State)
def test_a_person_moves_only_what_is_refused_uncertain_or_skipped_and_only_as_allowed(
    world: World, outcome: State, word: State
) -> None:
    with world.book() as book:
        book.plan(due(key()), NOON)
        if outcome in {State.ATTEMPTING, *MOVES[State.ATTEMPTING]}:
            book.claim(key(), NOON)
        if outcome in MOVES[State.ATTEMPTING] | {State.SKIPPED}:
            book.settle(key(), Receipt(outcome, "why"), NOON)
        (entry,) = book.entries()
        if outcome in (State.REFUSED, State.UNCERTAIN, State.SKIPPED) and word in MOVES[outcome]:
            moved = book.resolve(entry, word, "seen in the outbox", SOON)
            assert book.entries() == (moved,)
            assert (moved.state, moved.reason, moved.changed) == (word, "seen in the outbox", SOON)
            assert moved.word == f"2026-11-23T12:00:05+00:00 {outcome.value} -> {word.value}: seen in the outbox"
        else:
            with pytest.raises(LedgerError, match=f"is {outcome.value} and cannot become {word.value}; "):
                book.resolve(entry, word, "seen in the outbox", SOON)
            assert book.entries() == (entry,)


def test_a_persons_word_is_about_what_the_person_saw(world: World) -> None:
    with world.book() as book:
        book.plan(due(key()), NOON)
        book.claim(key(), NOON)
        book.settle(key(), Receipt(State.UNCERTAIN), NOON)
        (entry,) = book.entries()
        with pytest.raises(LedgerError, match="has changed meanwhile"):
            book.resolve(replace(entry, attempts=7), State.SENT, "seen", NOON)


def test_what_is_sent_again_keeps_the_persons_word(world: World) -> None:
    with world.book() as book:
        book.plan(due(key()), NOON)
        book.claim(key(), NOON)
        book.settle(key(), Receipt(State.UNCERTAIN), NOON)
        book.resolve(book.entries()[0], State.PLANNED, "never came", NOON)
        assert book.claim(key(), SOON)
        book.settle(key(), Receipt(State.SENT), SOON)
        (entry,) = book.entries()
    assert (entry.state, entry.attempts) == (State.SENT, 2)
    assert entry.word.endswith("uncertain -> planned: never came")


def test_keys_and_reasons_may_hold_any_text(world: World) -> None:
    keys = [
        key("#sales'; DROP TABLE entry; --", "team/zoë@example.com", ".."),
        key('"quoted" \\ back', ".git", "2026-11-01..2026-11-07"),
        key("日本", "weekly!failure", "all/time"),
        key("a b", "a%2Fb", ".."),
    ]
    with world.book() as book:
        book.plan(due(*keys), NOON)
        assert all(book.claim(one, NOON) for one in keys)
        for one in keys:
            book.settle(one, Receipt(State.SENT, f"→ {one.recipient}"), NOON)
        assert [(entry.key, entry.reason) for entry in book.entries()] == [
            (one, f"→ {one.recipient}") for one in sorted(keys)
        ]


def test_nothing_is_written_before_it_is_entered(world: World) -> None:
    with pytest.raises(LedgerError, match="not open"):
        world.book().plan(due(key()), NOON)


@pytest.mark.parametrize("outcome", [State.SKIPPED, State.DEFERRED])
def test_what_is_decided_before_anything_is_sent_needs_no_claim(world: World, outcome: State) -> None:
    with world.book() as book:
        book.plan(due(key()), NOON)
        book.settle(key(), Receipt(outcome, "empty"), NOON)
        assert state(book) == [outcome]
        assert book.claim(key(), LATER) is (outcome is State.DEFERRED)
