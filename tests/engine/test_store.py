"""Opening a store: what it answers, what it refuses, and what it says of itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import pytest

from runner.engine import store as stores
from runner.engine.inquiry import lookup
from runner.engine.layout import TABLES, VERSION
from runner.engine.load import load
from runner.engine.store import Meta, Store
from runner.errors import RunnerError
from tests.engine.dumps import write_dump

LEADS = [{"id": f"lead_{number}", "display_name": "Zoë's", "date_created": "2026-01-01"} for number in range(3)]
USERS = [{"id": "user_b", "first_name": "Bo"}, {"id": "user_a", "first_name": "Ann"}]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    load(write_dump(tmp_path / "dump", lead=LEADS, user=USERS, organization=[{"id": "orga_1"}]), tmp_path / "store")
    return tmp_path / "store"


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    with Store.open(folder) as opened:
        yield opened


def test_a_store_is_parquet_a_cache_and_a_manifest(folder: Path) -> None:
    names = {f"{table}.parquet" for table in TABLES} | {"store.duckdb", "manifest.json"}
    assert {path.name for path in folder.iterdir()} == names
    for table, columns in TABLES.items():
        described = duckdb.read_parquet(str(folder / f"{table}.parquet"))
        kinds = zip(described.columns, map(str, described.types), strict=True)
        assert ", ".join(f"{name} {kind}" for name, kind in kinds) == columns


def test_it_says_what_it_was_made_from(store: Store) -> None:
    rows = dict.fromkeys(TABLES, 0) | {"lead": 3, "user_account": 2, "resource": 3, "word": 6, "calendar": 5}
    assert store.meta == Meta(VERSION, ("lead.json", "organization.json", "user.json"), rows)


def test_the_same_dump_makes_the_same_files(folder: Path, tmp_path: Path) -> None:
    load(tmp_path / "dump", tmp_path / "again")
    for path in folder.iterdir():
        if path.suffix != ".duckdb":
            assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes(), path.name


def test_resources_come_in_the_order_of_their_file(store: Store) -> None:
    assert store.resources("user") == USERS
    assert store.resources("organization") == [{"id": "orga_1"}]
    assert store.resources("group") == []


def test_what_is_looked_up_is_read_once(store: Store) -> None:
    sql = "SELECT no, id FROM lead"
    assert lookup(store, sql) == store.execute(sql)
    assert lookup(store, sql) is lookup(store, sql)


def test_many_threads_may_ask_at_once(store: Store) -> None:
    with ThreadPoolExecutor(max_workers=8) as pool:
        answers = list(pool.map(store.execute, [f"SELECT COUNT(*) + {number} FROM lead" for number in range(200)]))
    assert answers == [[(3 + number,)] for number in range(200)]


@pytest.mark.parametrize(
    "sql",
    [
        pytest.param("COPY lead TO 'TARGET'", id="write a file"),
        pytest.param("EXPORT DATABASE 'TARGET'", id="export"),
        pytest.param("SELECT * FROM read_csv('MANIFEST')", id="read a table from a file"),
        pytest.param("SELECT content FROM read_text('MANIFEST')", id="read a file"),
        pytest.param("SELECT * FROM 'MANIFEST'", id="a file as a table"),
        pytest.param("SELECT * FROM glob('*')", id="list files"),
        pytest.param("SELECT * FROM read_json('https://example.com/x.json')", id="ask the network"),
        pytest.param("ATTACH 'TARGET' AS other", id="another database"),
        pytest.param("INSTALL httpfs", id="install an extension"),
        pytest.param("LOAD httpfs", id="load an extension"),
        pytest.param("SET enable_external_access = true", id="unlock"),
        pytest.param("SET memory_limit = '64GB'", id="take more memory"),
        pytest.param("DELETE FROM lead", id="delete"),
        pytest.param("CREATE TABLE more (a INTEGER)", id="create"),
        pytest.param("DROP TABLE lead", id="drop"),
    ],
)
def test_sql_reaches_nothing_but_the_store_and_changes_nothing(
    store: Store, folder: Path, tmp_path: Path, sql: str
) -> None:
    before = {path: path.read_bytes() for path in folder.iterdir()}
    target = tmp_path / "target"
    with pytest.raises((duckdb.Error, RunnerError)):
        store.execute(sql.replace("TARGET", str(target)).replace("MANIFEST", str(folder / "manifest.json")))
    assert not target.exists()
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.slow
def test_more_than_the_memory_goes_to_disk_and_not_into_the_store(store: Store, folder: Path) -> None:
    before = sorted(folder.iterdir())
    rows = store.execute("SELECT COUNT(*) FROM (SELECT DISTINCT hash(range) AS h FROM range(30000000))")
    assert rows == [(30_000_000,)]
    assert sorted(folder.iterdir()) == before


def test_the_cache_is_made_anew_from_the_exchange_form(folder: Path) -> None:
    def tables() -> list[list[tuple[Any, ...]]]:
        with Store.open(folder) as store:
            return [store.execute(f"SELECT * FROM {table}") for table in TABLES]

    before = tables()
    (folder / "store.duckdb").unlink()
    assert tables() == before
    names = {f"{table}.parquet" for table in TABLES} | {"store.duckdb", "manifest.json"}
    assert {path.name for path in folder.iterdir()} == names


def test_a_store_loaded_anew_opens_beside_the_old_one(folder: Path, tmp_path: Path) -> None:
    with Store.open(folder) as old:
        load(write_dump(tmp_path / "next", lead=LEADS[:1]), folder)
        with Store.open(folder) as new:
            counts = [store.execute("SELECT COUNT(*) FROM lead") for store in (old, new)]
    assert counts == [[(3,)], [(1,)]]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        pytest.param("manifest.json", None, "no store: No such file", id="no manifest"),
        pytest.param("manifest.json", b"{", "damaged", id="manifest cut short"),
        pytest.param("manifest.json", b"[]", "damaged", id="another manifest"),
        pytest.param("manifest.json", b'{"rows": {}}', "damaged", id="manifest without a layout"),
        pytest.param(
            "manifest.json", json.dumps({"layout": VERSION + 1, "rows": {}}).encode(),
            f"layout {VERSION + 1}, this version reads {VERSION}", id="another layout",
        ),
        pytest.param("store.duckdb", b"x" * 5000, "damaged", id="cache overwritten"),
        pytest.param("store.duckdb", b"", "damaged", id="cache emptied"),
    ],
)  # fmt: skip
def test_what_cannot_be_opened_is_said_with_a_remedy(folder: Path, name: str, content: bytes | None, said: str) -> None:
    (folder / name).unlink() if content is None else (folder / name).write_bytes(content)
    with pytest.raises(RunnerError, match=said) as caught:
        Store.open(folder)
    assert str(caught.value).endswith(f"load it again: runner load DUMP {folder}")


def test_a_missing_table_is_damage(folder: Path) -> None:
    for name in ("store.duckdb", "call.parquet"):
        (folder / name).unlink()
    with pytest.raises(RunnerError, match="damaged"):
        Store.open(folder)
    assert not (folder / stores.CACHE).exists()


def test_a_table_damaged_inside_is_said_when_it_is_read(folder: Path) -> None:
    data = bytearray((folder / "store.duckdb").read_bytes())
    data[12_288 : len(data)] = b"\xff" * (len(data) - 12_288)
    (folder / "store.duckdb").write_bytes(data)
    with pytest.raises(RunnerError, match="damaged"), Store.open(folder) as store:
        store.execute("SELECT * FROM lead")
