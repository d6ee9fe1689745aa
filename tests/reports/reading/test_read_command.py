"""`read`: an old report's file as a draft, on the command line and as a workbook that an import takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.calling import Call, ita
from tests.reports.reading.damage import by_line, printed, torn
from tests.reports.reading.invented import TOWN
from tests.reports.reading.test_running_text import BY_INDICATOR


def _file(folder: Path, content: str | bytes, name: str = "report.txt") -> str:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(file)


def _read(folder: Path, content: str | bytes, *options: str) -> Call:
    return ita(folder / "no.duckdb", "read", _file(folder, content), *options)


@pytest.mark.slow
def test_a_draft_as_json_and_nothing_is_stored(tmp_path: Path) -> None:
    call = _read(tmp_path, by_line(printed(TOWN), 0.5, 1, torn), "--json")
    assert (call.code, call.err) == (0, "")
    assert not (tmp_path / "no.duckdb").exists()
    draft = call.document
    assert (draft["fiscal_year"], draft["agency"]) == (2566, TOWN.agency)
    assert [row["instrument"] for row in draft["rows"]] == ["IIT", "EIT", "OIT"]
    assert [len(row["measures"]) for row in draft["rows"]] == [3, 2, 3]
    assert draft["rows"][0]["divisions"] == ["สำนักปลัด", "กองคลัง", "กองช่าง"]
    assert draft["rows"][2]["period"] is None
    assert draft["unplaced"] == []
    (marks,) = (r for r in draft["repairs"] if r["kind"] == "torn-mark")
    assert marks["count"] == marks["sure"]["certain"] > 50


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp874"])
def test_any_encoding_of_text(tmp_path: Path, encoding: str) -> None:
    call = _read(tmp_path, printed(TOWN).encode(encoding), "--json")
    assert [len(row["results"]) for row in call.document["rows"]] == [3, 2, 2]


def test_the_workbook_is_imported_as_it_is(tmp_path: Path) -> None:
    store = tmp_path / "x.duckdb"
    agencies = _file(tmp_path, f"รหัสหน่วยงาน,ชื่อหน่วยงาน\nT1,{TOWN.agency}\n", "a.csv")
    assert ita(store, "import", "agencies", agencies).code == 0
    book = str(tmp_path / "draft.xlsx")
    assert ita(store, "read", _file(tmp_path, printed(TOWN)), "--out", book).code == 0
    for kind, count in (("measures", 8), ("narrative", 12)):
        imported = ita(store, "import", kind, book, "--json").document
        assert imported["accepted"], imported["problems"]
        assert imported["counts"]["new"] == count
    report = ita(store, "gaps", "--year", "2566", "--json").document
    assert {"instrument": "OIT", "seq": None, "gap": "no_period"} in [
        {name: gap.get(name) for name in ("instrument", "seq", "gap")} for gap in report
    ] or any(g["gap"] == "no_period" and g["instrument"] == "OIT" for g in report)
    assert not any(g["gap"] == "no_period" and g["instrument"] == "IIT" for g in report)


def test_whose_report_it_is_may_be_said(tmp_path: Path) -> None:
    call = _read(tmp_path, printed(TOWN), "--agency", "อบต.อื่นไกล", "--year", "2560", "--json")
    assert (call.code, call.document["fiscal_year"]) == (0, 2560)
    assert call.document["agency"] == "อบต.อื่นไกล"
    doubts = {doubt["why"] for doubt in call.document["doubts"]}
    assert {"agency-differs", "year-differs"} <= doubts
    same = _read(tmp_path, printed(TOWN), "--agency", "ทต.หนองบัวทอง", "--json")
    assert "agency-differs" not in {doubt["why"] for doubt in same.document["doubts"]}


def test_a_draft_to_read(tmp_path: Path) -> None:
    call = _read(tmp_path, BY_INDICATOR)
    assert call.code == 0
    assert "1. ปรับปรุงคู่มือการให้บริการ" in call.out
    assert "ไม่มีในเอกสาร" in call.out


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "ว่าง"),
        (b" \r\n\t ", "ว่าง"),
        (b"\x7fELF\x00\x01\x02\xff\xfe" * 40, "ไม่ใช่เอกสาร"),
        ("ประกาศรับสมัครพนักงาน กองช่าง".encode(), "ไม่พบตาราง"),
        (b"Annual report on integrity and transparency, fiscal year 2024.", "ไม่พบตาราง"),
    ],
)
def test_what_is_no_report_is_refused_in_a_sentence(
    tmp_path: Path, content: bytes, told: str
) -> None:
    call = _read(tmp_path, content)
    assert call.code == 1
    assert told in call.out + call.err
    assert not list(tmp_path.glob("*.xlsx"))


def test_a_text_without_a_table_is_all_unplaced(tmp_path: Path) -> None:
    call = _read(tmp_path, "ประกาศรับสมัครพนักงาน\n\nกองช่าง", "--json")
    assert call.code == 1
    assert call.document["rows"] == []
    assert call.document["unplaced"] == ["ประกาศรับสมัครพนักงาน", "กองช่าง"]


def test_a_file_that_is_not_there_is_a_wrong_call(tmp_path: Path) -> None:
    call = ita(tmp_path / "x.duckdb", "read", str(tmp_path / "none.txt"), "--json")
    assert call.code == 2
    assert call.document["error"]["exit"] == 2


@pytest.mark.slow
def test_a_giant_text_is_refused_or_read_in_bounds(tmp_path: Path) -> None:
    call = _read(tmp_path, printed(TOWN) * 4000, "--json")
    assert call.code == 1
    assert "error" in call.document
