"""The SQLite store: its file, what can be wrong with it, and runs beside each other on one machine."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import time
from collections.abc import Collection
from pathlib import Path

import pytest

from runner.ledger import LedgerError
from runner.ledger.book import Book, Change
from runner.ledger.sqlite import VERSION, Sqlite
from runner.model import Key, Receipt, State
from tests.ledger import worlds
from tests.ledger.worlds import LATER, NOON, World, due, key

CLAIM_ALL = """
keys = [worlds.key(f"{n}@example.com") for n in range(40)]
with world.book() as book:
    book.plan(worlds.due(*keys), worlds.NOON)
    for one in keys:
        if book.claim(one, worlds.NOON):
            print(one.recipient)
            book.settle(one, Receipt(State.SENT), worlds.NOON)
"""
FULL = """
import resource
with world.book() as book:
    size = (world.root / world.where.path).stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 1, size + 1))
    book.plan(worlds.due(*(worlds.key(f"new{n}@example.com") for n in range(500))), worlds.NOON)
"""
CLAIM_AND_HANG = """
import time
with world.book() as book:
    book.plan(worlds.due(worlds.key()), worlds.NOON)
    print(book.claim(worlds.key(), worlds.NOON), flush=True)
    time.sleep(60)
"""


@pytest.fixture
def world(tmp_path: Path) -> World:
    return worlds.sqlite(tmp_path)


@pytest.fixture
def file(world: World) -> Path:
    """A ledger with something in it."""
    with world.book() as book:
        book.plan(due(*(key(f"{number}@example.com") for number in range(200))), NOON)
    return world.root / ".runner" / "ledger.sqlite"


def test_the_file_is_for_its_owner_and_says_its_format(world: World, file: Path) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sqlite3.connect(file).execute("PRAGMA user_version").fetchone() == (VERSION,)
    assert sorted(path.name for path in file.parent.iterdir()) == ["ledger.sqlite", "ledger.sqlite-lock"]
    assert [said.split(": ")[1] for said in world.said] == ["begins a new ledger"]


def test_a_commit_is_durable_even_if_the_removal_of_the_journal_is_what_a_power_cut_undoes(world: World) -> None:
    store = Sqlite(world.root / "ledger", world.said.append)
    store.enter()
    assert store._connection is not None
    assert store._connection.execute("PRAGMA synchronous").fetchone() == (3,)
    assert store._connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    store.leave()


def _garbage(file: Path) -> None:
    file.write_bytes(os.urandom(8192))


def _half(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-4096])


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _overwritten(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[5000:9000] = b"\xff" * 4000
    file.write_bytes(content)


def _another(file: Path) -> None:
    file.unlink()
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE mine (a)")
    connection.close()


def _edited(file: Path) -> None:
    connection = sqlite3.connect(file)
    with connection:
        connection.execute("UPDATE entry SET state = 'sending'")
    connection.close()


def _untimely(file: Path) -> None:
    connection = sqlite3.connect(file)
    with connection:
        connection.execute("UPDATE entry SET changed = 'noon'")
    connection.close()


@pytest.mark.parametrize("harm", [_garbage, _half, _cut, _empty, _overwritten, _another, _edited, _untimely])
def test_a_damaged_file_is_an_error_with_the_remedy_and_stays_as_it_is(world: World, file: Path, harm: object) -> None:
    assert callable(harm)
    harm(file)
    before = file.read_bytes()
    with pytest.raises(LedgerError, match=r"ledger\.sqlite.*put back a copy of the file.*sends again") as told:
        world.book().entries()
    with pytest.raises(LedgerError) as again, world.book():
        pass
    assert (str(again.value), again.value.exit_code) == (str(told.value), 4)
    assert file.read_bytes()[100:] == before[100:]  # the header counts the openings


def test_a_file_of_a_newer_runner_is_not_touched(world: World, file: Path) -> None:
    connection = sqlite3.connect(file)
    connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()
    with pytest.raises(LedgerError, match=r"newer runner \(format 2, this one knows 1\); use that one"), world.book():
        pass


def test_a_journal_without_its_file_is_no_new_ledger(world: World, file: Path) -> None:
    file.rename(file.with_name("ledger.sqlite-journal"))
    with pytest.raises(LedgerError, match="is missing, but its journal is there"), world.book():
        pass


def test_a_folder_in_the_files_place_is_an_error(world: World) -> None:
    (world.root / ".runner" / "ledger.sqlite").mkdir(parents=True)
    with pytest.raises(LedgerError, match="Is a directory"), world.book():
        pass


def test_a_file_in_the_folders_place_is_an_error(world: World) -> None:
    (world.root / ".runner").write_text("")
    with pytest.raises(LedgerError, match=r"File exists|Not a directory"), world.book():
        pass


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_what_cannot_be_written_can_be_read(world: World, file: Path) -> None:
    file.chmod(0o400)
    file.parent.chmod(0o500)
    try:
        assert len(world.book().entries()) == 200
        with pytest.raises(LedgerError, match="let runner write the file"), world.book():
            pass
    finally:
        file.parent.chmod(0o700)


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="needs a second file system")
def test_a_link_leads_to_the_file_and_to_its_lock(world: World, file: Path, tmp_path: Path) -> None:
    link = tmp_path / "linked"
    link.symlink_to(file)
    with Book(Sqlite(link, world.said.append), NOON) as book:
        assert len(book.entries()) == 200
        with pytest.raises(LedgerError, match="another run"):
            Sqlite(file, world.said.append, wait=0.0).enter()


def test_two_runs_at_once_take_turns_and_claim_each_key_once(world: World) -> None:
    runs = [world.process(CLAIM_ALL) for _ in range(2)]
    told = [run.communicate(timeout=60) for run in runs]
    assert [errors for _, errors in told] == ["", ""]
    claimed = [line for output, _ in told for line in output.splitlines()]
    assert sorted(claimed) == sorted(f"{number}@example.com" for number in range(40))
    assert {entry.state for entry in world.book().entries()} == {State.SENT}


def test_a_killed_run_leaves_an_uncertain_entry_and_no_lock(world: World) -> None:
    run = world.process(CLAIM_AND_HANG)
    assert run.stdout is not None
    assert run.stdout.readline() == "True\n"
    assert [entry.state for entry in world.book().entries()] == [State.ATTEMPTING]
    run.kill()
    run.communicate()
    with world.book() as book:
        (entry,) = book.entries()
        assert (entry.state, entry.attempts) == (State.UNCERTAIN, 1)
        assert not book.claim(key(), LATER)


def test_who_waits_for_another_run_says_for_whom_and_gives_up_in_the_end(world: World, file: Path) -> None:
    said: list[str] = []
    with world.book() as book:
        begun = time.monotonic()
        with pytest.raises(LedgerError, match=rf"another run \(pid {os.getpid()}\) has held the ledger"):
            Sqlite(file, said.append, wait=0.3).enter()
        assert 0.3 <= time.monotonic() - begun < 5
        assert said == [f"waiting for another run (pid {os.getpid()})"]
        assert len(world.book().entries()) == 200  # reading waits for nobody
        assert book.claim(key("7@example.com"), NOON)
        book.settle(key("7@example.com"), Receipt(State.SENT), NOON)


def test_a_change_that_fails_is_no_change(world: World, file: Path) -> None:
    store = Sqlite(file, world.said.append)
    store.enter()
    with pytest.raises(ZeroDivisionError):
        store.change(lambda found: [*found.values()][: 1 // 0], None)
    store.change(lambda _: [], None)
    store.leave()
    assert len(world.book().entries()) == 200


def test_a_full_disk_is_an_error_with_the_remedy_and_the_ledger_stays_as_it_was(world: World, file: Path) -> None:
    store = Sqlite(file, world.said.append)
    book = Book(store, NOON)
    with book:
        assert store._connection is not None
        store._connection.execute("PRAGMA max_page_count = 1")
        with pytest.raises(LedgerError, match="full; make room on the disk, then run again"):
            book.plan(due(*(key(f"new{number}@example.com") for number in range(500))), NOON)
    assert len(world.book().entries()) == 200


def test_a_file_that_may_not_grow_is_an_error_and_the_ledger_stays_as_it_was(world: World, file: Path) -> None:
    output, errors = world.process(FULL).communicate(timeout=60)
    assert "LedgerError" in errors
    assert output == ""
    assert len(world.book().entries()) == 200


class _Interrupted(Sqlite):
    """A store whose user loses patience just after a claim was kept."""

    impatient = False

    def change(self, change: Change, keys: Collection[Key] | None) -> None:
        super().change(change, keys)
        if self.impatient:
            self.impatient = False
            raise KeyboardInterrupt


def test_an_interrupt_within_a_claim_leaves_an_uncertain_entry_at_once(world: World, file: Path) -> None:
    store = _Interrupted(file, world.said.append)
    with contextlib.suppress(KeyboardInterrupt), Book(store, NOON) as book:
        store.impatient = True
        book.claim(key("7@example.com"), NOON)
    states = {entry.key.recipient: entry.state for entry in world.book().entries()}
    assert states["7@example.com"] is State.UNCERTAIN
