"""The git store: runs beside each other, what a remote may refuse, what is left alone, and what nobody is shown."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from runner.ledger import LedgerError
from runner.ledger.branch import LEASE
from runner.model import LedgerAt, Receipt, State
from tests.ledger import worlds
from tests.ledger.host import serving
from tests.ledger.worlds import LATER, NOON, World, due, key, run

CLAIM_ALL = """
keys = [worlds.key(f"{n}@example.com") for n in range(6)]
with world.book() as book:
    book.plan(worlds.due(*keys), worlds.NOON)
    for one in keys:
        if book.claim(one, worlds.NOON):
            print(one.recipient)
            book.settle(one, Receipt(State.SENT), worlds.NOON)
"""
CLAIM_AND_HANG = """
import time
with world.book() as book:
    book.plan(worlds.due(worlds.key()), worlds.NOON)
    print(book.claim(worlds.key(), worlds.NOON), flush=True)
    time.sleep(60)
"""
SECRET = "ghp-0123456789secret"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return worlds.git(tmp_path)


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    return tmp_path / "remote.git"


def another(world: World) -> World:
    """A run on another machine."""
    return World(worlds.clone(world.root.parent, f"work-{len(list(world.root.parent.iterdir()))}"), world.where)


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def fill(world: World) -> None:
    with world.book() as book:
        book.plan(due(key(), key("zoe@example.com")), NOON)
        assert book.claim(key(), NOON)
        book.settle(key(), Receipt(State.SENT, "<1@example.com>"), NOON)


def rewrite(world: World, name: str, content: str) -> None:
    """Commit a file to the ledger's branch, as somebody with an editor would."""
    run(world.root, "fetch", "--quiet", "origin", "runner-ledger")
    run(world.root, "checkout", "--quiet", "-B", "ledger", "FETCH_HEAD")
    path = world.root / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(content)
    run(world.root, "add", name)
    run(world.root, "commit", "--quiet", "-m", "edit")
    run(world.root, "push", "--quiet", "origin", "ledger:runner-ledger")


def test_the_branch_is_an_orphan_that_reads_as_a_history(world: World, remote: Path) -> None:
    fill(world)
    assert world.said == ["branch runner-ledger of origin: begins a new ledger"]
    assert run(remote, "log", "--reverse", "--format=%s|%an|%cI", "runner-ledger").splitlines() == [
        "weekly-sales 2026-W47 mail ann@example.com: planned and 1 more|runner|2026-11-23T12:00:00+00:00",
        "weekly-sales 2026-W47 mail ann@example.com: attempting|runner|2026-11-23T12:00:00+00:00",
        "weekly-sales 2026-W47 mail ann@example.com: sent|runner|2026-11-23T12:00:00+00:00",
    ]
    assert run(remote, "ls-tree", "-r", "--name-only", "runner-ledger").splitlines() == [
        "ledger.json",
        "weekly-sales/2026-W47.json",
    ]
    page = run(remote, "show", "runner-ledger:weekly-sales/2026-W47.json")
    assert [delivery["state"] for delivery in json.loads(page)["deliveries"]] == ["sent", "planned"]
    assert json.loads(run(remote, "show", "runner-ledger:ledger.json"))["version"] == 1
    assert run(remote, "diff", "--shortstat", "runner-ledger~1", "runner-ledger").split(",")[1:] == [
        " 1 insertion(+)",
        " 1 deletion(-)\n",
    ]
    assert "[skip ci]" in run(remote, "log", "-1", "--format=%b", "runner-ledger")


def _state(folder: Path) -> dict[str, str]:
    """Every file of the repository and its working tree."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_projects_repository_is_left_as_it_is_and_no_hook_or_signature_is_asked_for(
    world: World, remote: Path, tmp_path: Path
) -> None:
    run(remote, "config", "core.hooksPath", str(remote / "hooks"))  # a remote elsewhere would not see ours
    ran = tmp_path / "hook-ran"
    hooks = tmp_path / "hooks"
    for name in ("pre-push", "reference-transaction", "pre-commit", "commit-msg", "post-commit"):
        script(hooks / name, f"touch {ran}; exit 1")
    (world.root / ".gitconfig").write_text(
        f"[core]\nhooksPath = {hooks}\n[commit]\ngpgSign = true\n[push]\ngpgSign = true\n[user]\nname = Somebody Else\n"
    )
    (world.root / "runner.yaml").write_text("defaults: {locale: de_DE}\n")
    (world.root / "staged").write_text("staged\n")
    run(world.root, "-c", f"core.hooksPath={tmp_path}", "add", "staged")
    before = _state(world.root)
    fill(world)
    assert len(world.book().entries()) == 2
    assert _state(world.root) == before
    assert not ran.exists()


def test_a_claim_that_another_run_won_is_lost_and_the_others_go_on(world: World) -> None:
    other = another(world)
    with world.book() as mine, other.book() as theirs:
        mine.plan(due(key(), key("zoe@example.com")), NOON)
        theirs.plan(due(key(), key("zoe@example.com")), NOON)
        assert theirs.claim(key(), NOON)
        assert not mine.claim(key(), NOON)
        assert mine.claim(key("zoe@example.com"), NOON)
        theirs.settle(key(), Receipt(State.SENT), NOON)
        mine.settle(key("zoe@example.com"), Receipt(State.DEFERRED), NOON)
    assert [entry.state for entry in world.book().entries()] == [State.SENT, State.DEFERRED]


def test_two_runs_that_begin_the_ledger_at_once_begin_one(world: World) -> None:
    other = another(world)
    with world.book() as mine, other.book() as theirs:
        mine.plan(due(key()), NOON)
        theirs.plan(due(key("zoe@example.com")), LATER)
        assert len(mine.entries()) == len(theirs.entries()) == 2


def test_a_claim_is_a_dead_runs_only_when_the_lease_is_over(world: World) -> None:
    dead = world.book()
    dead.__enter__()
    dead.plan(due(key()), NOON)
    assert dead.claim(key(), NOON)
    world.crash()
    soon, late = NOON + LEASE - timedelta(seconds=1), NOON + LEASE
    other = another(world)
    with other.book(soon) as book:
        assert [entry.state for entry in book.entries()] == [State.ATTEMPTING]
        assert not book.claim(key(), soon)
    with other.book(late) as book:
        assert [entry.state for entry in book.entries()] == [State.UNCERTAIN]


def test_a_killed_run_leaves_an_uncertain_entry(world: World) -> None:
    process = world.process(CLAIM_AND_HANG)
    assert process.stdout is not None
    assert process.stdout.readline() == "True\n"
    process.kill()
    process.communicate()
    with another(world).book(LATER) as book:
        (entry,) = book.entries()
        assert (entry.state, entry.attempts) == (State.UNCERTAIN, 1)
        assert not book.claim(key(), LATER)


@pytest.mark.slow
def test_four_runs_at_once_claim_each_key_once(world: World) -> None:
    runs = [another(world).process(CLAIM_ALL) for _ in range(4)]
    told = [process.communicate(timeout=300) for process in runs]
    assert [errors for _, errors in told] == [""] * 4
    claimed = Counter(line for output, _ in told for line in output.splitlines())
    assert claimed == Counter(f"{number}@example.com" for number in range(6))
    assert {(entry.state, entry.attempts) for entry in world.book().entries()} == {(State.SENT, 1)}


def test_an_answer_that_got_lost_is_no_second_attempt(world: World, remote: Path) -> None:
    with world.book() as book:
        book.plan(due(key()), NOON)
        hook = remote / "hooks" / "reference-transaction"
        script(hook, f'if [ "$1" = committed ]; then rm {hook}; kill -9 $PPID; fi')
        assert book.claim(key(), NOON)
        assert not hook.exists()
        assert not book.claim(key(), NOON)
        book.settle(key(), Receipt(State.SENT), NOON)
    assert run(remote, "rev-list", "--count", "runner-ledger") == "3\n"


def test_a_protected_branch_is_an_error_with_what_the_remote_says(world: World, remote: Path) -> None:
    fill(world)
    script(remote / "hooks" / "pre-receive", 'printf "GH006: \\033[31mProtected branch\\n" >&2; exit 1')
    with pytest.raises(LedgerError) as told, world.book() as book:
        book.plan(due(key("new@example.com")), NOON)
    assert "branch runner-ledger of origin cannot be pushed: [remote rejected] (pre-receive hook declined)" in str(
        told.value
    )
    assert "GH006: [31mProtected branch" in str(told.value)
    assert "no rule may protect it" in str(told.value)
    assert told.value.exit_code == 4


def test_a_remote_that_is_not_there_is_an_error_with_the_remedy(world: World, remote: Path) -> None:
    remote.rename(remote.with_name("moved.git"))
    with pytest.raises(LedgerError, match=r"cannot be fetched: .*see whether `git fetch origin` works here"):
        world.book().entries()


def test_a_remote_that_has_no_name_here_is_an_error(world: World) -> None:
    world.where = LedgerAt("git", remote="upstream")
    with pytest.raises(LedgerError, match="has no git remote 'upstream'"), world.book():
        pass


def test_a_folder_without_a_repository_is_an_error(world: World, tmp_path: Path) -> None:
    world.root = tmp_path / "plain"
    world.root.mkdir()
    with pytest.raises(LedgerError, match="not a git repository"):
        world.book().entries()


def test_a_branch_that_is_deleted_meanwhile_is_no_new_ledger(world: World, remote: Path) -> None:
    fill(world)
    with world.book() as book:
        run(remote, "update-ref", "-d", "refs/heads/runner-ledger")
        with pytest.raises(LedgerError, match="was deleted during the run"):
            book.entries()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("weekly-sales/2026-W47.json", "{", id="cut"),
        pytest.param("weekly-sales/2026-W47.json", "[" * 100_000, id="deep"),
        pytest.param("weekly-sales/2026-W47.json", "[]", id="a list"),
        pytest.param("weekly-sales/2026-W47.json", '{"report": "a", "period": "b"}', id="nothing in it"),
        pytest.param("weekly-sales/2026-W48.json", "PAGE", id="in the wrong file"),
        pytest.param("weekly-sales/2026-W47.json", "TWICE", id="twice"),
        pytest.param("weekly-sales/2026-W47.json", "SENDING", id="state"),
        pytest.param("weekly-sales/2026-W47.json", "NOON", id="instant"),
        pytest.param("weekly-sales/2026-W47.json", "ONCE", id="number"),
        pytest.param("ledger.json", '{"version": "1"}', id="version"),
        pytest.param("ledger.json", "[1]", id="mark"),
    ],
)
def test_a_damaged_file_is_an_error_with_its_name_and_the_remedy(world: World, name: str, content: str) -> None:
    fill(world)
    page = run(world.root.parent / "remote.git", "show", "runner-ledger:weekly-sales/2026-W47.json")
    one = page.splitlines()[1]
    made = {
        "PAGE": page,
        "TWICE": page.replace(one, f"{one}\n{one}"),
        "SENDING": page.replace('"sent"', '"sending"'),
        "NOON": page.replace("2026-11-23T12:00:00+00:00", "2026-11-23T12:00:00"),
        "ONCE": page.replace('"attempts": 1', '"attempts": "1"'),
    }
    rewrite(world, name, made.get(content, content))
    with pytest.raises(LedgerError, match=rf"{name} is damaged .*git push --force origin COMMIT:refs/heads/"):
        world.book().entries()
    with pytest.raises(LedgerError, match="is damaged"), world.book():
        pass


def test_a_branch_of_a_newer_runner_is_not_touched(world: World) -> None:
    fill(world)
    rewrite(world, "ledger.json", '{"version": 2}')
    with pytest.raises(LedgerError, match=r"newer runner \(format 2, this one knows 1\); use that one"), world.book():
        pass


def test_a_branch_that_holds_something_else_is_no_ledger(world: World) -> None:
    world.where = LedgerAt("git", branch="main")
    with pytest.raises(LedgerError, match=r"branch main of origin is no ledger, it has no ledger\.json"), world.book():
        pass


def test_settings_of_the_project_say_how_the_remote_is_reached(world: World, remote: Path) -> None:
    included = world.root / ".git" / "reach"
    included.write_text(f'[url "file://{remote}"]\ninsteadOf = https://git.example.com/team/x.git\n')
    run(world.root, "config", "remote.origin.url", "https://git.example.com/team/x.git")
    run(world.root, "config", f"includeIf.gitdir:{world.root}/.git.path", "reach")
    fill(world)
    assert len(world.book().entries()) == 2


def test_the_token_that_a_checkout_leaves_in_the_project_is_enough(world: World, remote: Path) -> None:
    run(remote, "config", "http.receivepack", "true")
    with serving(remote.parent, f"basic {SECRET}") as address:
        run(world.root, "config", "remote.origin.url", f"{address}remote.git")
        with pytest.raises(LedgerError, match="could not read Username"):
            world.book().entries()
        run(world.root, "config", f"http.{address}.extraheader", f"AUTHORIZATION: basic {SECRET}")
        fill(world)
        assert len(world.book().entries()) == 2


def test_a_relative_url_is_relative_to_the_project(world: World, tmp_path: Path) -> None:
    run(world.root, "config", "remote.origin.url", "../remote.git")
    (world.root / "deep").mkdir()
    world.root = world.root / "deep"
    fill(world)
    assert len(world.book().entries()) == 2


@pytest.mark.parametrize(
    "url", [f"https://ann:{SECRET}@127.0.0.1:1/x.git", f"https://{SECRET}@127.0.0.1:1/x.git?key={SECRET}"]
)
def test_no_secret_of_the_remotes_url_is_in_a_message(world: World, url: str) -> None:
    run(world.root, "config", "remote.origin.url", url)
    with pytest.raises(LedgerError, match=r"127\.0\.0\.1") as told:
        world.book().entries()
    assert SECRET not in str(told.value)


def test_no_secret_of_a_header_is_in_a_message_whatever_a_program_prints(world: World, tmp_path: Path) -> None:
    ssh = script(tmp_path / "ssh", f"echo 'AUTHORIZATION: basic {SECRET}' >&2; exit 255")
    run(world.root, "config", "remote.origin.url", "ssh://git@git.example.com/x.git")
    run(world.root, "config", "core.sshCommand", str(ssh))
    run(world.root, "config", "http.https://git.example.com/.extraheader", f"AUTHORIZATION: basic {SECRET}")
    with pytest.raises(LedgerError, match=r"AUTHORIZATION: basic \*\*\*") as told:
        world.book().entries()
    assert SECRET not in str(told.value)


def test_nothing_is_left_behind(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    fill(world)
    assert len(world.book().entries()) == 2
    world.where = LedgerAt("git", branch="main")
    with pytest.raises(LedgerError), world.book():
        pass
    assert list((tmp_path / "temporary").iterdir()) == []
