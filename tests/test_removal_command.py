"""remove, and the undo that says beforehand what it does, as others call them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.calling import ita

MEASURE = ("measures", "--agency", "SAMPLE", "--year", "๖๗", "--instrument", "IIT", "--seq", "ข้อ ๑")


@pytest.fixture
def database(demo: Path, tmp_path: Path) -> Path:
    return shutil.copy(demo, tmp_path / "ita.duckdb")


@pytest.mark.slow
def test_dry_run_then_removed_then_undone(database: Path) -> None:
    before = ita(database, "export", "progress", "--format", "json", "--out", _out(database)).code
    assert before == 0
    exported = Path(_out(database)).read_bytes()
    dry = ita(database, "remove", *MEASURE, "--dry-run", "--json")
    assert dry.code == 0
    assert dry.document["batch"] is None
    assert [row["kind"] for row in dry.document["removed"]] == ["measures", *["progress"] * 4]
    assert {row["kind"] for row in dry.document["changed"]} == {"narrative"}
    assert {"kind", "key", "field", "old", "new"} == set(dry.document["diff"][0])
    assert len(ita(database, "history", "--json").document) == 7
    done = ita(database, "remove", *MEASURE, "--reason", "บันทึกซ้ำ", "--json")
    assert done.code == 0
    assert done.document == {**dry.document, "batch": 8}
    assert ita(database, "remove", *MEASURE, "--reason", "อีกครั้ง").code == 1
    assert ita(database, "check").code == 0
    looked = ita(database, "undo", "8", "--dry-run", "--json")
    assert (looked.code, looked.document["possible"], looked.document["batch"]) == (0, True, None)
    undone = ita(database, "undo", "8", "--json")
    assert undone.document["batch"] == 9
    assert undone.document["diff"] == looked.document["diff"]
    assert (
        ita(database, "export", "progress", "--format", "json", "--out", _out(database)).code == 0
    )
    assert Path(_out(database)).read_bytes() == exported


def _out(database: Path) -> str:
    return str(database.with_name("out.json"))


@pytest.mark.slow
@pytest.mark.parametrize("language", ["th", "en"])
def test_in_words(database: Path, language: str) -> None:
    dry = ita(database, "remove", *MEASURE, "--dry-run", language=language)
    assert dry.code == 0
    assert dry.out.count("IIT 1") == 5
    assert "100" in dry.out
    refused = ita(database, "remove", *MEASURE, language=language)
    assert refused.code == 1
    assert refused.err.strip()
    assert len(ita(database, "history", "--json").document) == 7


@pytest.mark.parametrize(
    "words",
    [
        ("agencies", "--year", "2567"),
        ("measures", "--year", "2567", "--instrument", "IIT"),
        ("measures", "--year", "2567", "--instrument", "XIT", "--seq", "1"),
        ("measures", "--year", "2567", "--instrument", "IIT", "--seq", "1", "--quarter", "1"),
        ("progress", "--year", "2567", "--instrument", "IIT", "--seq", "1"),
        ("progress", "--year", "2567", "--quarter", "5", "--instrument", "IIT", "--seq", "1"),
        ("narrative", "--year", "2567", "--instrument", "IIT", "--type", "result"),
        ("narrative", "--year", "2567", "--instrument", "IIT", "--type", "outcome", "--seq", "1"),
        ("annotations", "--date", "31 ก.พ. 2567"),
        ("scores", "--part", "total"),
    ],
)
def test_a_wrong_call(database: Path, words: tuple[str, ...]) -> None:
    call = ita(database, "remove", *words, "--agency", "SAMPLE", "--reason", "ผิด")
    assert call.code == 2, call.err


@pytest.mark.slow
def test_each_kind(database: Path) -> None:
    for words in (
        ("scores", "--year", "2567", "--part", "คะแนนรวม"),
        ("scores", "--year", "2567"),
        ("progress", "--year", "2567", "--quarter", "Q2/2567", "--instrument", "EIT", "--seq", "1"),
        ("narrative", "--year", "2567", "--instrument", "OIT", "--type", "ผลลัพธ์"),
        ("narrative", "--year", "2567", "--instrument", "IIT", "--type", "result", "--seq", "2"),
        ("annotations", "--date", "15 พ.ย. 2565"),
    ):
        call = ita(database, "remove", *words, "--agency", "SAMPLE", "--reason", "ผิด", "--json")
        assert call.code == 0, (words, call.err)
        assert call.document["removed"]
    assert ita(database, "check").code == 0


@pytest.mark.slow
def test_what_hinders_an_undo_is_told_with_its_order(database: Path) -> None:
    looked = ita(database, "undo", "4", "--dry-run", "--json")
    assert looked.code == 1
    assert looked.document["possible"] is False
    assert looked.document["undo_first"] == [6, 5]
    assert "5, 6" in looked.document["message"]
    spoken = ita(database, "undo", "4")
    assert (spoken.code, "6, 5" in spoken.err) == (1, True)
    for number in looked.document["undo_first"]:
        assert ita(database, "undo", str(number)).code == 0
    assert ita(database, "undo", "4", "--dry-run").code == 0
