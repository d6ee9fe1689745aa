"""Tables and the whole store given out and taken in again by the command line."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from ita.exports import files
from ita.exports.selection import TABLES
from ita.exports.writers import NOTES_KEY
from ita.imports.datasets import Dataset
from ita.store import open_store
from ita.tables import sheet_xml
from tests.calling import ita
from tests.imports.bringing import everything


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    place = tmp_path_factory.mktemp("demo") / "ita.duckdb"
    assert ita(place, "demo").code == 0
    yield place


@pytest.fixture
def bundle(demo: Path, tmp_path: Path) -> Path:
    place = tmp_path / "all.zip"
    assert ita(demo, "export", "all", "--format", "zip", "--out", str(place)).code == 0
    return place


def test_the_whole_store_goes_out_and_comes_back_equal(
    demo: Path, bundle: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.duckdb"
    call = ita(other, "import", "all", str(bundle), "--reason", "ย้ายเครื่อง", "--json")
    assert call.code == 0
    assert call.document["accepted"]
    assert [one["kind"] for one in call.document["files"]] == list(Dataset)
    assert [one["batch"] for one in call.document["files"]] == [1, 2, 3, 4, 5, 6]
    with open_store(demo) as store, open_store(other) as again:
        assert everything(again) == everything(store)
    assert {record["reason"] for record in ita(other, "history", "--json").document} == {"ย้ายเครื่อง"}


@pytest.mark.slow
def test_a_dry_run_says_what_each_file_would_do(bundle: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.duckdb"
    call = ita(other, "import", "all", str(bundle), "--dry-run")
    assert call.code == 0
    assert "1_agencies.csv: ใหม่ 3 เปลี่ยน 0 เหมือนเดิม 0" in call.out
    assert ita(other, "history", "--json").document == []


@pytest.mark.slow
def test_one_bad_file_stores_nothing_and_says_where(bundle: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.zip"
    with zipfile.ZipFile(bundle) as archive, zipfile.ZipFile(bad, "w") as changed:
        for name in archive.namelist():
            content = archive.read(name)
            if name.startswith("4_"):
                content = content.replace(b",25,", "ยี่สิบห้า".join((",", ",")).encode())
            if name != "SHA256SUMS":
                changed.writestr(name, content)
    other = tmp_path / "other.duckdb"
    call = ita(other, "import", "all", str(bad))
    assert call.code == 1
    assert "[not-a-number]" in call.out
    assert "ไม่ได้บันทึกอะไร" in call.out
    assert ita(other, "history", "--json").document == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("import", "all", "no/such/file.zip"), 2),
        (("import", "all", "{folder}"), 2),
        (("import", "all", "{text}"), 1),
        (("import", "all", "{text}", "--agency", "SAMPLE"), 2),
        (("import", "all", "{text}", "--scale", "percent"), 2),
        (("export", "all", "--format", "csv", "--out", "{out}"), 2),
        (("export", "all", "--format", "zip", "--out", "{out}", "--where", "agency=X"), 2),
        (("export", "all", "--format", "zip", "--out", "{folder}"), 2),
        (("export", "everything", "--format", "zip", "--out", "{out}"), 2),
    ],
)
def test_a_wrong_call_says_why_and_leaves_no_file(
    words: tuple[str, ...], code: int, demo: Path, tmp_path: Path
) -> None:
    text = tmp_path / "text.zip"
    text.write_text("ไม่ใช่ ZIP")
    out = tmp_path / "out.zip"
    called = [w.format(folder=tmp_path, text=text, out=out) for w in words]
    call = ita(demo, *called)
    assert call.code == code
    assert call.err.strip()
    assert sorted(place.name for place in tmp_path.iterdir()) == ["text.zip"]


@pytest.mark.parametrize("table", TABLES)
def test_any_table_goes_out_as_a_zip_that_explains_itself(
    table: str, demo: Path, tmp_path: Path
) -> None:
    place = tmp_path / "x.zip"
    assert ita(demo, "export", table, "--format", "zip", "--out", str(place)).code == 0
    with zipfile.ZipFile(place) as archive:
        assert archive.namelist() == [
            f"{table}.csv",
            "data_dictionary.csv",
            "README.txt",
            "SHA256SUMS",
        ]


def test_the_filter_of_a_call_stands_in_its_file(demo: Path, tmp_path: Path) -> None:
    place = tmp_path / "x"
    call = ("export", "measures", "--out", str(place), "--where", "แบบวัด=IIT", "seq=2")
    assert ita(demo, *call, "--format", "xlsx").code == 0
    book = openpyxl.load_workbook(io.BytesIO(place.read_bytes()))
    assert book.worksheets[0].max_row == 2
    told = [row[0] for row in book.worksheets[1].values]
    assert "ตัวกรอง: แบบวัด=IIT · seq=2" in told
    assert "จำนวน: 1 แถว" in told
    assert ita(demo, *call, "--format", "parquet").code == 0
    assert "seq=2" in pq.read_schema(place).metadata[NOTES_KEY].decode()
    assert ita(demo, *call, "--format", "json").code == 0
    assert [record["seq"] for record in json.loads(place.read_text())] == [2]


def test_more_rows_than_a_sheet_holds_are_refused(
    demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheet_xml, "MAX_SHEET_ROWS", 3)
    place = tmp_path / "x.xlsx"
    call = ita(demo, "export", "scores", "--format", "xlsx", "--out", str(place))
    assert call.code == 1
    assert "--where" in call.err
    assert list(tmp_path.iterdir()) == []


def test_forms_are_those_that_a_call_may_name() -> None:
    assert files.DOWNLOAD_FORMATS == ("csv", "xlsx", "parquet", "json", "zip")
