"""Why a store can't be used: the right trouble, and a sentence that says what to do."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ita.config import PROJECT
from ita.store import open_store
from ita.store.unavailable import StoreUnavailable, Trouble, classify_fault
from tests.imports.bringing import AGENCIES, taken
from tests.patience import PATIENCE

HOLD = """
import sys
from pathlib import Path
from ita.store import open_store
with open_store(Path(sys.argv[1])):
    print("open", flush=True)
    sys.stdin.read()
"""


@contextmanager
def held(place: Path) -> Iterator[int]:
    """The store open in another process; gives its number."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(place)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin and process.stdout
    try:
        assert process.stdout.readline() == b"open\n"
        yield process.pid
    finally:
        process.stdin.close()
        process.wait(PATIENCE)
        process.stdout.close()


def trouble(place: Path) -> StoreUnavailable:
    with pytest.raises(StoreUnavailable) as refused:
        open_store(place)
    sentence = str(refused.value)
    assert any("\u0e00" <= letter <= "\u0e7f" for letter in sentence)
    assert str(place) in sentence
    assert "{" not in sentence
    return refused.value


def made(place: Path) -> Path:
    with open_store(place) as store:
        taken(store, "agencies", AGENCIES)
        with store.writing() as cursor:
            cursor.execute(
                "INSERT INTO upload (file_hash, content) "
                "SELECT i, repeat('x', 999) FROM range(900) AS t (i)"
            )
    return place


def test_a_store_that_another_process_holds_names_it(tmp_path: Path) -> None:
    place = made(tmp_path / "ita.duckdb")
    with held(place) as holder:
        refused = trouble(place)
    assert refused.trouble is Trouble.IN_USE
    assert f"PID {holder}" in str(refused)
    open_store(place).close()


def test_a_store_opened_twice_in_one_process_is_in_use(tmp_path: Path) -> None:
    place = tmp_path / "ita.duckdb"
    with open_store(place) as opened:
        assert trouble(place).trouble is Trouble.IN_USE
        taken(opened, "agencies", AGENCIES)  # and the first one is not hurt


def test_a_store_of_a_newer_program(tmp_path: Path) -> None:
    place = made(tmp_path / "ita.duckdb")
    with duckdb.connect(str(place)) as connection:
        connection.execute("INSERT INTO schema_version VALUES (9999, TIMESTAMP '2026-01-01')")
    before = place.read_bytes()
    assert trouble(place).trouble is Trouble.NEWER
    assert place.read_bytes() == before


def _overwritten(start: int, length: int) -> Callable[[bytes], bytes]:
    return lambda content: content[:start] + b"\xff" * length + content[start + length :]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content[:5000],
        lambda content: content[:100],
        _overwritten(20, 8),
        _overwritten(4096, 8192),
        _overwritten(20_000, 50_000),
    ],
    ids=["cut", "cut-in-header", "header", "both-headers", "data"],
)
def test_a_damaged_store(tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    place = made(tmp_path / "ita.duckdb")
    place.write_bytes(spoil(place.read_bytes()))
    assert trouble(place).trouble is Trouble.DAMAGED


def test_a_store_whose_data_are_cut_off_is_found_damaged_when_they_are_read(
    tmp_path: Path,
) -> None:
    place = made(tmp_path / "ita.duckdb")
    content = place.read_bytes()
    place.write_bytes(content[: len(content) * 7 // 8])  # behind the schema, which opening reads
    with (
        open_store(place) as store,
        pytest.raises(StoreUnavailable) as refused,
        store.reading() as cursor,
    ):
        cursor.execute("SELECT sum(octet_length(content)) FROM upload").fetchall()
    assert refused.value.trouble is Trouble.DAMAGED


@pytest.mark.parametrize("content", [b"", b"agency_id,name_th\n" * 900, b"%PDF-1.7"])
def test_a_file_that_is_no_database(tmp_path: Path, content: bytes) -> None:
    place = tmp_path / "ita.duckdb"
    place.write_bytes(content)
    assert trouble(place).trouble is Trouble.NOT_A_STORE
    assert place.read_bytes() == content


def test_what_a_full_disk_leaves_of_a_new_store_is_in_nobodys_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "ita.duckdb"

    def full(path: str, **options: Any) -> None:
        Path(path).touch()
        raise duckdb.IOException("IO Error: Could not write file: No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(duckdb, "connect", full)
        assert trouble(place).trouble is Trouble.DISK_FULL
    assert not place.exists()
    with open_store(place) as store:
        assert store.version() == 0


def test_a_database_of_another_program(tmp_path: Path) -> None:
    place = tmp_path / "other.duckdb"
    with duckdb.connect(str(place)) as connection:
        connection.execute("CREATE TABLE thing (x INTEGER)")
    assert trouble(place).trouble is Trouble.NOT_A_STORE
    with duckdb.connect(str(place)) as connection:
        assert connection.execute("SHOW TABLES").fetchall() == [("thing",)]


def test_a_database_of_another_engine(tmp_path: Path) -> None:
    place = tmp_path / "other.sqlite"
    connection = sqlite3.connect(place)
    connection.execute("CREATE TABLE thing (x INTEGER)")
    connection.close()
    assert trouble(place).trouble is Trouble.NOT_A_STORE


def test_a_path_that_is_a_folder(tmp_path: Path) -> None:
    assert trouble(tmp_path).trouble is Trouble.NOT_A_STORE


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert trouble(tmp_path / "file" / "ita.duckdb").trouble is Trouble.NO_FOLDER


@pytest.mark.parametrize("refused", ["file", "folder"])
def test_a_file_or_folder_that_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: str
) -> None:
    place = made(tmp_path / "ita.duckdb")
    forbidden = place if refused == "file" else tmp_path
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != forbidden)
    assert trouble(place).trouble is Trouble.NO_PERMISSION


def test_a_file_that_cannot_even_be_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_: object) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "exists", forbidden)
    assert trouble(tmp_path / "ita.duckdb").trouble is Trouble.NO_PERMISSION


def test_a_name_that_no_file_can_have(tmp_path: Path) -> None:
    assert trouble(tmp_path / ("x" * 300)).trouble is Trouble.UNREACHABLE


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("IO Error: Could not write all bytes: No space left on device", Trouble.DISK_FULL),
        ("IO Error: Cannot open file: Permission denied", Trouble.NO_PERMISSION),
        ("Corrupt database file: computed checksum", Trouble.DAMAGED),
        ("something nobody foresaw", Trouble.UNREACHABLE),
    ],
)
def test_what_the_engine_says_is_understood(text: str, meant: Trouble) -> None:
    assert classify_fault(duckdb.IOException(text), Path("x")).trouble is meant


def test_each_trouble_has_a_sentence_of_its_own() -> None:
    sentences = {str(StoreUnavailable(trouble, Path("x"), "y")) for trouble in Trouble}
    assert len(sentences) == len(Trouble)
