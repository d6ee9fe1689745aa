"""`import report`: old reports of one file or a folder of years, through the checks, with their originals."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ita.cli import old_reports, report_import
from ita.config import PROJECT
from ita.reports.old_report_owner import REFUSAL_SENTENCES
from ita.reports.reading import documents
from ita.reports.reading.errors import SENTENCES, ReadLimits
from ita.store import open_store
from ita.store.originals import load_original, original_of_report
from ita.workers import QueueFull
from tests.calling import Call, ita
from tests.reports.reading.damage import printed
from tests.reports.reading.invented import TOWN, VILLAGE, InventedReport

AGENCIES = (
    "รหัสหน่วยงาน,ชื่อหน่วยงาน,จังหวัด\n"
    f"0041,{TOWN.agency},น่าน\n0042,{VILLAGE.agency} อำเภอเมือง,แพร่\n"
    "0043,ศูนย์ทดลองงานช่าง (ภาคเหนือ),ตาก\n0044,ศูนย์ทดลองงานช่าง,ตาก\n"
)
NAMELESS = replace(TOWN, agency="")
OTHER_YEAR = replace(TOWN, year=2564)
CENTRE = replace(TOWN, agency="ศูนย์ทดลองงานช่าง (ภาคเหนือ)")
STRANGER = replace(TOWN, agency="เทศบาลตำบลหนองบัวเงิน")
ENGLISH = (
    "Annual report on integrity and transparency\n\nFiscal year 2024: all measures were taken."
)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    database = tmp_path / "x.duckdb"
    agencies = tmp_path / "agencies.csv"
    agencies.write_text(AGENCIES, encoding="utf-8")
    assert ita(database, "import", "agencies", str(agencies)).code == 0
    return database


def lay(folder: Path, **files: InventedReport | str | bytes) -> Path:
    """A folder with files, by name; "__" stands for a folder's end and the last "_" for the stop."""
    for name, report in files.items():
        path = folder / ".".join(name.replace("__", "/").rsplit("_", 1))
        path.parent.mkdir(parents=True, exist_ok=True)
        text = printed(report) if isinstance(report, InventedReport) else report
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def bring(store: Path, *words: str | Path) -> Call:
    return ita(store, "import", "report", *map(str, words))


def batches(store: Path) -> int:
    with open_store(store) as opened:
        return opened.version()


def errors(call: Call) -> dict[str, str | None]:
    return {one["file"]: one["error"] and one["error"]["code"] for one in call.document["files"]}


@pytest.mark.slow
def test_a_report_comes_in_with_its_original(store: Path, tmp_path: Path) -> None:
    file = lay(tmp_path / "old", ผล_txt=TOWN) / "ผล.txt"
    dry = bring(store, file, "--dry-run", "--json")
    assert dry.code == 0
    assert batches(store) == 1
    (report,) = dry.document["files"]
    assert [len(one["diff"]) > 5 for one in report["imports"]] == [True, True]
    call = bring(store, file, "--reason", "ย้อนหลัง", "--json")
    assert call.code == 0
    (report,) = call.document["files"]
    assert (report["agency"], report["fiscal_year"], report["error"]) == ("0041", 2566, None)
    assert [(one["kind"], one["batch"]) for one in report["imports"]] == [
        ("measures", 2),
        ("narrative", 3),
    ]
    assert [one["counts"]["new"] for one in report["imports"]] == [8, 12]
    with open_store(store) as opened, opened.reading() as cursor:
        original = original_of_report(cursor, "0041", 2566)
        assert original
        assert original.file_name == "ผล.txt"
        kept = load_original(cursor, original.batch_id)
    assert kept
    assert kept.content == file.read_bytes()
    assert ita(store, "check").code == 0
    again = bring(store, file, "--json")
    kinds = [p["kind"] for one in again.document["files"][0]["imports"] for p in one["problems"]]
    assert (again.code, kinds) == (0, ["already-imported"] * 2)


@pytest.mark.slow
def test_links_are_proposed_and_stored_only_where_it_is_said(store: Path, tmp_path: Path) -> None:
    file = lay(tmp_path / "old", a_txt=TOWN) / "a.txt"

    def answered() -> list[str]:
        with open_store(store) as opened, opened.reading() as cursor:
            rows = cursor.execute("SELECT measures FROM narrative WHERE measures IS NOT NULL")
            return [measures for (measures,) in rows.fetchall()]

    call = bring(store, file)
    assert "ยังไม่ได้บันทึกการโยง" in call.out
    assert answered() == []
    linked = bring(store, file, "--links", "--json").document["files"][0]["links"]
    assert linked["stored"]
    assert {"instrument": "IIT", "seq": 1, "measures": [1]} in linked["proposed"]
    assert len(answered()) == len(linked["proposed"])


@pytest.mark.slow
def test_a_folder_of_years_is_an_import_a_file(store: Path, tmp_path: Path) -> None:
    folder = lay(
        tmp_path / "old",
        **{
            "2564__ผล_txt": OTHER_YEAR,
            "2566_txt": TOWN,
            "2565_html": VILLAGE,
            "สรุป_xlsx": b"PK",
            "~$2566_docx": b"lock",
            ".hidden_txt": "x",
            "english_txt": ENGLISH,
        },
    )
    assert batches(store) == 1
    call = bring(store, folder, "--agency", "0041", "--json")
    assert call.code == 1
    assert errors(call) == {
        "2564/ผล.txt": None,
        "2565.html": "other-agency",
        "2566.txt": None,
        "english.txt": "not-thai",
    }
    assert call.document["passed_over"] == ["สรุป.xlsx"]
    assert not call.document["accepted"]
    assert "2564/ผล.txt" in call.err  # progress
    assert batches(store) == 5
    shown = bring(store, folder, "--dry-run")
    assert "สรุป.xlsx" in shown.out
    assert "รับได้ 2 จาก 4 ไฟล์" in shown.out


@pytest.mark.slow
def test_a_year_that_is_in_already_is_told_with_the_difference(store: Path, tmp_path: Path) -> None:
    file = lay(tmp_path / "old", a_txt=TOWN) / "a.txt"
    bring(store, file)
    rows = (replace(TOWN.rows[0], outcome="ผลลัพธ์ฉบับแก้ไข"), *TOWN.rows[1:])
    lay(tmp_path / "new", b_txt=replace(TOWN, rows=rows))
    call = bring(store, tmp_path / "new" / "b.txt")
    assert call.code == 0
    assert "อยู่แล้ว สิ่งที่ต่างกัน" in call.out
    old = TOWN.rows[0].outcome
    assert f"IIT ผลลัพธ์หรือความสำเร็จ: {old} → ผลลัพธ์ฉบับแก้ไข" in call.out
    same = bring(store, tmp_path / "new" / "b.txt", "--json").document["files"][0]
    assert same["already_stored"]
    shorter = replace(TOWN, rows=(replace(rows[0], measures=rows[0].measures[:2]), *rows[1:]))
    lay(tmp_path / "short", c_txt=shorter)
    assert "อีก 1 แถวของปีนี้ที่เอกสารไม่มี" in bring(store, tmp_path / "short" / "c.txt").out


def owner(call: Call) -> tuple[int, str | None, str | None]:
    (report,) = call.document["files"]
    error: dict[str, Any] | None = report["error"]
    return call.code, report["agency"], error and error["code"]


@pytest.mark.parametrize(
    ("report", "words", "expected"),
    [
        (TOWN, ("--agency", TOWN.agency), (0, "0041", None)),
        (TOWN, ("--agency", "0041"), (0, "0041", None)),
        (TOWN, ("--agency", "0042"), (1, None, "other-agency")),
        (TOWN, ("--same-agency", f"{TOWN.agency}=0042"), (0, "0042", None)),
        (
            TOWN,
            ("--agency", "0042", "--same-agency", f"{TOWN.agency}=0042"),
            (0, "0042", None),
        ),
        (STRANGER, (), (1, None, "unknown-agency")),
        (STRANGER, ("--agency", "0041"), (1, None, "other-agency")),
        (STRANGER, ("--same-agency", f"{STRANGER.agency}=0041"), (0, "0041", None)),
        (STRANGER, ("--same-agency", f"{STRANGER.agency}=77"), (1, None, "unknown-agency")),
        (NAMELESS, (), (1, None, "no-agency")),
        (NAMELESS, ("--agency", "0041"), (0, "0041", None)),
        (CENTRE, (), (0, "0043", None)),
        (CENTRE, ("--agency", "0041"), (1, None, "other-agency")),
        (replace(CENTRE, agency="ศูนย์ทดลองงานช่างไม้"), (), (1, None, "no-agency")),
        (VILLAGE, (), (1, None, "unknown-agency")),
        (VILLAGE, ("--agency", "0042"), (0, "0042", None)),
    ],
)
def test_whose_report_it_is(
    store: Path,
    tmp_path: Path,
    report: InventedReport,
    words: tuple[str, ...],
    expected: tuple[int, str | None, str | None],
) -> None:
    file = lay(tmp_path / "old", a_txt=report) / "a.txt"
    call = bring(store, file, *words, "--json")
    assert owner(call) == expected
    assert (batches(store) == 1) == bool(call.code)


def test_an_unknown_agency_comes_with_those_it_may_be(store: Path, tmp_path: Path) -> None:
    file = lay(tmp_path / "old", a_txt=STRANGER) / "a.txt"
    (report,) = bring(store, file, "--json").document["files"]
    assert [one["agency_id"] for one in report["error"]["candidates"]] == ["0041"]
    call = bring(store, file)
    assert STRANGER.agency in call.out
    assert "น่าจะเป็น 0041" in call.out


@pytest.mark.slow
def test_the_year_is_the_documents_unless_it_is_said(store: Path, tmp_path: Path) -> None:
    timeless = printed(TOWN).replace("ปีงบประมาณ 2566", "ปี")
    file = lay(tmp_path / "old", a_txt=timeless, b_txt=TOWN) / "a.txt"
    assert owner(bring(store, file, "--json")) == (1, None, "no-year")
    (report,) = bring(store, file, "--year", "2560", "--json").document["files"]
    assert (report["accepted"], report["fiscal_year"]) == (True, 2560)
    (other,) = bring(store, tmp_path / "old" / "b.txt", "--year", "2561", "--json").document[
        "files"
    ]
    assert (other["accepted"], other["fiscal_year"]) == (True, 2561)
    assert "year-differs" in [doubt["why"] for doubt in other["doubts"]]


@pytest.mark.slow
def test_of_two_reports_of_one_year_none_comes_in(store: Path, tmp_path: Path) -> None:
    folder = lay(tmp_path / "old", a_txt=TOWN, b_txt=TOWN, c_txt=OTHER_YEAR)
    call = bring(store, folder, "--json")
    assert errors(call) == {"a.txt": "same-report", "b.txt": "same-report", "c.txt": None}
    message = call.document["files"][0]["error"]["message"]
    assert "a.txt, b.txt" in message
    assert TOWN.agency in message
    assert batches(store) == 3


def test_a_problem_is_told_at_the_cell_of_the_report(store: Path, tmp_path: Path) -> None:
    """Refused whole: the measures, which are in order, do not come in either."""
    row = TOWN.rows[0]
    broken = replace(row, results=(*row.results[:1], "อบรม\ufffdแล้ว", *row.results[2:]))
    file = lay(tmp_path / "old", a_txt=replace(TOWN, rows=(broken, *TOWN.rows[1:]))) / "a.txt"
    table = tmp_path / "problems.csv"
    call = bring(store, file, "--problems", table)
    assert (call.code, batches(store)) == (1, 1)
    assert "a.txt, IIT สรุปผลข้อ 2: " in call.out
    assert "[broken-text]" in call.out
    assert "ไม่ได้บันทึกอะไร" in call.out
    (line,) = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8-sig"))))
    assert (line["ไฟล์"], line["คอลัมน์"]) == ("a.txt", "IIT สรุปผลข้อ 2")
    (report,) = bring(store, file, "--json").document["files"]
    (problem,) = report["imports"][1]["problems"]
    assert problem["cell"] == {
        "instrument": "IIT",
        "column": "results",
        "item": 2,
        "of_links": False,
    }
    assert [one["batch"] for one in report["imports"]] == [None, None]


def test_what_cannot_be_read_says_why(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = lay(
        tmp_path / "old",
        a_txt="ประกาศรับสมัครพนักงาน\n\nกองช่าง",
        b_pdf=b"%PDF-1.7 broken",
        c_pdf=b"\x89PNG\r\n\x1a\n picture",
        d_txt="",
    )
    call = bring(store, folder, "--json")
    assert errors(call) == {
        "a.txt": "no-table",
        "b.pdf": "damaged",
        "c.pdf": "picture",
        "d.txt": "empty",
    }
    assert call.document["files"][0]["unplaced"] == ["ประกาศรับสมัครพนักงาน", "กองช่าง"]
    for module in (old_reports, documents):
        monkeypatch.setattr(module, "READ_LIMITS", ReadLimits(file_bytes=10))
    assert owner(bring(store, folder / "a.txt", "--json")) == (1, None, "too-large")
    assert batches(store) == 1


def test_a_file_that_changes_meanwhile_or_finds_no_worker_stays_out(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = lay(tmp_path / "old", a_txt=TOWN) / "a.txt"
    read = report_import.read_draft

    def rewritten(content: bytes, *args: Any, **how: Any) -> Any:
        file.write_text(printed(OTHER_YEAR), encoding="utf-8")
        return read(content, *args, **how)

    monkeypatch.setattr(report_import, "read_draft", rewritten)
    assert owner(bring(store, file, "--json"))[::2] == (1, "changed")

    def full(*_args: Any, **_how: Any) -> Any:
        raise QueueFull(3)

    monkeypatch.setattr(report_import, "read_draft", full)
    assert owner(bring(store, file, "--json"))[::2] == (1, "failed")
    assert batches(store) == 1


@pytest.mark.slow
def test_divisions_without_a_measure_are_told(store: Path, tmp_path: Path) -> None:
    html = (
        f"<html><body><p>รายงานผลการดำเนินการ ของ{TOWN.agency} ประจำปีงบประมาณ 2566</p><table>"
        "<tr><th>แบบวัด</th><th>มาตรการหรือกิจกรรม</th><th>สรุปผลการดำเนินการ</th>"
        "<th>ผู้รับผิดชอบ</th><th>ผลลัพธ์หรือความสำเร็จ</th></tr>"
        "<tr><td>แบบวัด IIT</td><td></td><td>- อบรมแล้ว</td><td>กองคลัง</td><td>ดีขึ้น</td></tr>"
        "<tr><td>แบบวัด EIT</td><td>1. จัดทำป้าย</td><td>- ทำแล้ว</td><td>กองช่าง</td><td>ดี</td></tr>"
        "</table></body></html>"
    )
    file = lay(tmp_path / "old", a_html=html) / "a.html"
    (report,) = bring(store, file, "--json", "--dry-run").document["files"]
    assert [(c["instrument"], c["column"]) for c in report["not_stored"]] == [("IIT", "divisions")]
    assert "IIT ผู้รับผิดชอบ: ไม่ได้บันทึก" in bring(store, file).out


def test_wrong_calls_store_nothing(store: Path, tmp_path: Path) -> None:
    folder = lay(tmp_path / "old", a_txt=TOWN)
    (tmp_path / "none").mkdir()
    file = str(folder / "a.txt")
    for words in (
        (file, str(folder / "missing.txt")),
        (str(tmp_path / "none"),),
        (file, "--agency", "nobody"),
        (file, "--scale", "percent"),
        (file, "--keep-rows"),
        (file, "--sheet", "x"),
        (file, "--problems", file),
    ):
        assert bring(store, *words).code == 2, words
    assert ita(store, "import", "measures", file, file).code == 2
    assert ita(store, "import", "all", file, file).code == 2
    assert batches(store) == 1


def test_the_same_file_named_twice_is_one(store: Path, tmp_path: Path) -> None:
    folder = lay(tmp_path / "old", a_txt=TOWN)
    call = bring(store, folder, folder / "a.txt", "--json")
    assert errors(call) == {"a.txt": None}


def test_read_knows_an_agency_by_its_id_where_a_store_is_there(store: Path, tmp_path: Path) -> None:
    file = str(lay(tmp_path / "old", a_txt=TOWN) / "a.txt")

    def doubts(database: Path, agency: str) -> list[str]:
        document = ita(database, "read", file, "--agency", agency, "--json").document
        assert document["agency"] == agency
        return [doubt["why"] for doubt in document["doubts"]]

    assert "agency-differs" in doubts(store, "0042")
    assert "agency-differs" not in doubts(store, "0041")
    assert "agency-differs" not in doubts(tmp_path / "no.duckdb", "0042")
    assert not (tmp_path / "no.duckdb").exists()
    assert "agency-differs" in doubts(store, STRANGER.agency)


def test_every_code_of_a_refusal_is_in_the_docs() -> None:
    text = (PROJECT / "docs" / "commands.md").read_text(encoding="utf-8")
    section = text[text.index("## Old reports") :]
    assert [c for c in (*SENTENCES, *REFUSAL_SENTENCES) if f"`{c}`" not in section] == []
