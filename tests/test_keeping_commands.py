"""backup, restore and check as others call them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import duckdb
import pytest

from tests.calling import file_with, ita
from tests.store.test_unavailable import held


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("made") / "ita.duckdb"
    assert ita(place, "demo").code == 0
    return place


@pytest.fixture
def database(made: Path, tmp_path: Path) -> Path:
    """A store with the samples."""
    (tmp_path / "store").mkdir()
    return shutil.copy(made, tmp_path / "store" / "ita.duckdb")


@pytest.mark.slow
def test_back_and_forth(database: Path, tmp_path: Path) -> None:
    copy = str(tmp_path / "copy.duckdb")
    made = ita(database, "backup", copy, "--json")
    assert made.code == 0
    assert made.document["file"] == copy
    assert made.document["last_batch"] == 7
    assert made.document["bytes"] == Path(copy).stat().st_size
    before = ita(database, "trend", "--agency", "YALA", "--json").out
    assert ita(database, "undo", "7").code == 0
    back = ita(database, "restore", copy, "--json")
    assert back.code == 0
    assert back.document["last_batch"] == 7
    assert Path(back.document["aside"]).parent == database.parent
    assert ita(database, "trend", "--agency", "YALA", "--json").out == before
    assert ita(database, "check").code == 0
    # Aside lies the store with the undo.
    assert ita(Path(back.document["aside"]), "history").out.count("\n") == 8
    entries = _actions(database)
    assert entries[-1] == "restore"
    assert entries[-2] == "back-up"  # a copy tells who made it
    assert _actions(Path(back.document["aside"]))[-1] == "undo"


def _actions(database: Path) -> list[str]:
    with duckdb.connect(str(database)) as connection:
        rows = connection.execute("SELECT action FROM audit ORDER BY entry").fetchall()
    return [action for (action,) in rows]


@pytest.mark.slow
def test_sentences_for_people(database: Path, tmp_path: Path) -> None:
    copy = str(tmp_path / "copy.duckdb")
    assert "เทียบแล้วตรงกัน" in ita(database, "backup", copy).out
    assert "เก็บไว้ที่" in ita(database, "restore", copy).out
    assert "ครบทุกข้อ" in ita(database, "check").out


@pytest.mark.slow
def test_a_restore_without_a_store(tmp_path: Path, database: Path) -> None:
    copy = str(tmp_path / "copy.duckdb")
    assert ita(database, "backup", copy).code == 0
    new = tmp_path / "elsewhere" / "ita.duckdb"
    assert ita(new, "restore", copy, "--json").document == {"last_batch": 7, "aside": None}
    assert ita(new, "check").code == 0


@pytest.mark.slow
def test_a_damaged_store_is_told_and_a_backup_puts_it_right(database: Path, tmp_path: Path) -> None:
    copy = str(tmp_path / "copy.duckdb")
    assert ita(database, "backup", copy).code == 0
    database.write_bytes(database.read_bytes()[:20_000])
    for words in (["init"], ["check"], ["backup", str(tmp_path / "b.duckdb")], ["history"]):
        call = ita(database, *words)
        assert call.code == 3
        assert "เสียหาย" in call.err
    assert ita(database, "restore", copy).code == 0
    assert ita(database, "check").code == 0


@pytest.mark.slow
def test_what_is_broken_is_told_with_what_to_do(database: Path, tmp_path: Path) -> None:
    copy = str(tmp_path / "broken.duckdb")
    with duckdb.connect(str(database)) as connection:
        connection.execute("UPDATE agency SET agency_id = 'YALA2' WHERE agency_id = 'YALA'")
    call = ita(database, "check", "--json")
    assert call.code == 1
    assert call.document["sound"] is False
    assert [one["kind"] for one in call.document["findings"]] == ["no-agency", "log-differs"]
    assert "YALA2" in str(call.document["findings"][1]["examples"])
    told = ita(database, "check").out
    assert "[log-differs]" in told
    assert "restore" in told
    # Such a store can be copied, to be looked at, but not put in the place of another.
    assert ita(database, "backup", copy).code == 0
    refused = ita(tmp_path / "new.duckdb", "restore", copy)
    assert refused.code == 1
    assert "YALA" in refused.err
    assert not (tmp_path / "new.duckdb").exists()


@pytest.mark.slow
def test_what_only_warns_is_sound(database: Path) -> None:
    scores = file_with(
        database.parent, "ปีงบประมาณ,หน่วยงาน,คะแนนรวม,IIT,EIT,OIT\n2567,IPST,50,90,90,90\n"
    )
    assert ita(database, "import", "scores", scores, "--scale", "percent").code == 0
    call = ita(database, "check", "--json")
    assert call.code == 0
    assert call.document["sound"] is True
    assert [one["severity"] for one in call.document["findings"]] == ["warns"]
    assert "ข้อควรดู" in ita(database, "check").out


@pytest.mark.parametrize("command", ["check", "backup"])
def test_a_store_that_is_not_there_is_not_made(tmp_path: Path, command: str) -> None:
    words = [command, *[str(tmp_path / "copy.duckdb")] * (command == "backup")]
    call = ita(tmp_path / "no" / "ita.duckdb", *words)
    assert call.code == 3
    assert not (tmp_path / "no").exists()


@pytest.mark.slow
def test_wrong_places(database: Path, tmp_path: Path) -> None:
    assert ita(database, "backup", str(database)).code == 2
    assert ita(database, "backup", str(tmp_path)).code == 2
    assert ita(database, "restore", str(tmp_path / "nothing")).code == 1
    assert ita(database, "restore", str(database)).code == 1
    assert ita(database, "restore", file_with(tmp_path, "agency_id\n")).code == 3
    assert ita(database, "check").code == 0


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows lets nobody read a file that is open so")
def test_while_the_dashboard_runs(database: Path, tmp_path: Path) -> None:
    copy = str(tmp_path / "copy.duckdb")
    with held(database):
        assert ita(database, "backup", copy).code == 0
        assert ita(database, "check").code == 0
        assert ita(database, "backup", str(database)).code == 2
        refused = ita(database, "restore", copy)
        assert refused.code == 3
        assert "PID" in refused.err
    assert ita(tmp_path / "new.duckdb", "restore", copy).code == 0
