"""Copies in a folder: whole or not at all, and nowhere else."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runner.deliver import CHANNELS, folder
from runner.model import Document, Receipt, Shelves, State
from tests.deliver.parcels import SLACK, access, parcel

CORPORA = Path(__file__).resolve().parents[2] / ".." / "shared" / "corpora"
ROOT = Path(__file__).resolve().parents[2]
FILES = (Document("digest.html", b"<p>new</p>"), Document("digest.calls.csv", b"a,b\n"))


def put(
    root: Path,
    *,
    path: str = "public",
    report: str = "weekly",
    period: str = "2026-W47",
    files: tuple[Document, ...] = FILES,
    sample: bool = False,
) -> Receipt:
    sent = parcel(Shelves("pages", path), report=report, period=period, files=files, sample=sample)
    return CHANNELS["folder"](sent, access(root))


def tree(root: Path) -> dict[str, bytes]:
    """Every file below, links unfollowed."""
    return {
        str(path.relative_to(root)): str(path.readlink()).encode() if path.is_symlink() else path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


NEW = {"public/weekly/2026-W47/digest.html": b"<p>new</p>", "public/weekly/2026-W47/digest.calls.csv": b"a,b\n"}


# ---- what is written -------------------------------------------------------------------------------------


def test_the_files_are_in_a_folder_of_the_report_and_the_period(tmp_path: Path) -> None:
    assert put(tmp_path) == Receipt(State.SENT, "public/weekly/2026-W47")
    assert tree(tmp_path) == NEW
    assert put(tmp_path, period="2026-W48").state is State.SENT
    assert len(tree(tmp_path)) == 4


def test_each_member_has_a_folder(tmp_path: Path) -> None:
    assert put(tmp_path, report="weekly/Zoë Lee") == Receipt(State.SENT, "public/weekly/Zoë Lee/2026-W47")
    assert (tmp_path / "public/weekly/Zoë Lee/2026-W47/digest.html").is_file()


@pytest.mark.parametrize("path", ["{}/shared", "{}/shared/"])
def test_the_folder_may_be_anywhere(path: str, tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    assert put(project, path=path.format(tmp_path)).reason == f"{tmp_path}/shared/weekly/2026-W47"
    assert (tmp_path / "shared/weekly/2026-W47/digest.html").is_file()


def test_a_link_in_the_owners_own_path_is_the_owners_word(tmp_path: Path) -> None:
    (tmp_path / "drive").mkdir()
    (tmp_path / "public").symlink_to("drive")
    assert put(tmp_path).state is State.SENT
    assert (tmp_path / "drive/weekly/2026-W47/digest.html").is_file()


def test_a_copy_that_is_there_is_exchanged_as_a_whole(tmp_path: Path) -> None:
    put(tmp_path, files=(Document("digest.html", b"old"), Document("gone.csv", b"old")))
    assert put(tmp_path).state is State.SENT
    assert tree(tmp_path) == NEW


def test_others_may_read_what_is_published(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        put(tmp_path)
    finally:
        os.umask(before)
    place = tmp_path / "public/weekly/2026-W47"
    assert (place.stat().st_mode & 0o777, (place / "digest.html").stat().st_mode & 0o777) == (0o755, 0o644)


SIZE = 200_000


def pair(place: Path) -> tuple[bytes, bytes] | None:
    """Two files of the copy that is there; None for the instant in which an old one makes room or goes."""
    try:
        handle = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return None
    try:
        with (
            os.fdopen(os.open("a", os.O_RDONLY, dir_fd=handle), "rb") as first,
            os.fdopen(os.open("b", os.O_RDONLY, dir_fd=handle), "rb") as second,
        ):
            return first.read(), second.read()
    except FileNotFoundError:
        return None
    finally:
        os.close(handle)


def test_a_reader_sees_whole_files_of_one_copy_or_none(tmp_path: Path) -> None:
    place, done = tmp_path / "public/weekly/2026-W47", threading.Event()
    seen: list[tuple[bytes, bytes]] = []

    def copy(letter: bytes) -> Receipt:
        return put(tmp_path, files=(Document("a", letter * SIZE), Document("b", letter * SIZE)))

    def read() -> None:
        while not done.is_set():
            if found := pair(place):
                seen.append(found)

    copy(b"0")
    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    states = {copy(str(number % 10).encode()).state for number in range(60)}
    done.set()
    for reader in readers:
        reader.join()
    assert states == {State.SENT}
    assert seen
    assert all(first == second == first[:1] * SIZE for first, second in seen)
    assert [path.name for path in place.parent.iterdir()] == ["2026-W47"]


# ---- what goes wrong -------------------------------------------------------------------------------------


@contextmanager
def no_file_over(size: int) -> Iterator[None]:
    """As on a full disk, no file may grow beyond so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("old", [(), FILES], ids=["nothing there", "an old copy there"])
def test_a_full_disk_leaves_what_was_there(old: tuple[Document, ...], tmp_path: Path) -> None:
    if old:
        put(tmp_path, files=old)
    before = tree(tmp_path)
    with no_file_over(1000):
        receipt = put(tmp_path, files=(Document("a", b"x"), Document("b", b"x" * 5000)))
    assert receipt == Receipt(State.DEFERRED, "public/weekly/2026-W47: could not write: File too large")
    assert tree(tmp_path) == before
    assert not list(tmp_path.rglob(".*"))
    assert put(tmp_path).state is State.SENT


def test_a_disk_that_is_really_full_leaves_what_was_there(tmp_path: Path) -> None:
    """In a namespace of its own, with a file system of 256 KiB."""
    code = (
        "import sys; from pathlib import Path; from tests.deliver import test_folder as t\n"
        "root = Path(sys.argv[1]); t.put(root); before = t.tree(root)\n"
        "print(t.put(root, files=(t.Document('a', b'x' * 10**6),)), t.tree(root) == before)"
    )
    mount = f"mount -t tmpfs -o size=256k none {tmp_path} && exec {sys.executable} -c '{{}}' {tmp_path}"
    script = mount.format(code.replace("'", "'\\''"))
    ran = subprocess.run(["unshare", "-rm", "sh", "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    if ran.returncode:
        pytest.skip("no file system can be mounted here")
    assert "No space left on device" in ran.stdout
    assert "State.DEFERRED" in ran.stdout
    assert ran.stdout.endswith("True\n")


def test_a_folder_that_may_not_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "public").write_bytes(b"a file")
    assert put(tmp_path) == Receipt(State.DEFERRED, "public/weekly/2026-W47: could not write: File exists")


def test_a_folder_that_cannot_take_its_name_leaves_the_old_one(tmp_path: Path) -> None:
    name = "p" * folder.LONGEST
    put(tmp_path, period=name, files=(Document("digest.html", b"old"),))
    long = (Document("x" * folder.LONGEST, b"a"), Document("x" * folder.LONGEST, b"b"))  # the second is there already
    assert put(tmp_path, period=name, files=long).state is State.DEFERRED
    assert tree(tmp_path) == {f"public/weekly/{name}/digest.html": b"old"}


@pytest.mark.parametrize("link", ["public/weekly", "public/weekly/2026-W47"])
@pytest.mark.parametrize("target", ["{}/elsewhere", "../elsewhere", "nowhere", "."])
def test_no_link_below_the_folder_is_followed(link: str, target: str, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / link).parent.mkdir(parents=True)
    (tmp_path / link).symlink_to(target.format(tmp_path))
    before = tree(tmp_path)
    receipt = put(tmp_path)
    assert receipt.state is State.REFUSED
    assert receipt.reason.startswith("public/weekly/2026-W47: ")
    assert tree(tmp_path) == before


@pytest.mark.parametrize("place", ["public/weekly", "public/weekly/2026-W47"])
def test_a_file_that_has_the_name_stays(place: str, tmp_path: Path) -> None:
    (tmp_path / place).parent.mkdir(parents=True)
    (tmp_path / place).write_bytes(b"mine")
    assert put(tmp_path).state is State.REFUSED
    assert tree(tmp_path) == {place: b"mine"}


HOSTILE = [
    *("..", ".", "", "/etc", "a/../b", "../../x", "a//b", "/", "a/", ".hidden", "a\0b", "a\nb", "\u202ea", "\ud800"),
    *("x" * 300, "ü" * 101),
]


def corpus() -> list[str]:
    path = CORPORA / "traversal.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return [text for line in lines if isinstance(text := json.loads(line), str)]


def escapes(root: Path, name: str) -> None:
    """Try the name in each place; nothing may be written but below the channel's folder, in as many folders."""
    for receipt in (
        put(root / "project", report=name),
        put(root / "project", report=f"weekly/{name}"),
        put(root / "project", period=name),
        put(root / "project", files=(Document(name, b"x"),)),
    ):
        assert receipt.state in {State.SENT, State.REFUSED}, name
    assert [path.name for path in root.iterdir()] in ([], ["project"])
    assert {path.name for path in (root / "project").glob("*")} <= {"public"}
    assert not list(root.rglob(".*"))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_is_none_is_refused(name: str, tmp_path: Path) -> None:
    for receipt in (put(tmp_path, period=name), put(tmp_path, files=(Document(name, b"x"),))):
        assert receipt.state is State.REFUSED
        assert receipt.reason.isprintable()
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_no_name_leads_out_of_the_folder(tmp_path: Path) -> None:
    for place, name in enumerate([*HOSTILE, *corpus()]):
        (tmp_path / str(place)).mkdir()
        escapes(tmp_path / str(place), name)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(st.sampled_from("./\\a\0 ~\u202e"), max_size=8))
def test_no_invented_name_leads_out_of_the_folder(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    escapes(tmp_path_factory.mktemp("names"), name)


# ---- samples ---------------------------------------------------------------------------------------------


def test_sample_numbers_stay_in_the_project(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "way-out").symlink_to(tmp_path)
    for path in (str(tmp_path / "shared"), "../shared", "way-out/shared"):
        assert put(project, path=path, sample=True) == Receipt(
            State.REFUSED, "sample numbers stay in the project's folder"
        )
    assert not (tmp_path / "shared").exists()
    assert put(project, sample=True).state is State.SENT
    assert put(project, path=str(project / "public"), sample=True, period="2026-W48").state is State.SENT


def test_a_channel_of_another_kind_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError, match="room is no folder"):
        folder.send(parcel(SLACK), access())
