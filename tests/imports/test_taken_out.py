"""Files of many rows, written in the worker process: the same bytes as where the store is."""

from __future__ import annotations

import io
import pickle
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from ita.auth.permissions import machine_owner
from ita.exports import bundle, files, selection
from ita.exports.files import (
    load_table_file,
    spool_table,
    spool_whole_store,
    table_bytes,
    table_file_bytes,
    whole_store_bytes,
    write_spooled,
    write_spooled_store,
)
from ita.exports.selection import EVERYTHING, TABLES
from ita.exports.writers import load_export, mark_fractions
from ita.imports.datasets import Dataset
from ita.reference import Reference
from ita.store import Store, open_memory_store
from tests.imports.bringing import taken, with_measures

PERSON = machine_owner("tester")


def _told(content: bytes, form: str) -> object:
    """All that a file says; a workbook also says when it was made."""
    if form == "parquet":
        return pq.read_table(io.BytesIO(content)).to_pylist()
    if form == "xlsx":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {n: archive.read(n) for n in archive.namelist() if n != "docProps/core.xml"}
    return content


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("form", files.ROW_FORMATS)
def test_the_same_is_written_out_of_the_store(
    table: str,
    form: str,
    sample_store: Store,
    reference: Reference,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(files, "MIN_WORKER_ROWS", 0)
    with sample_store.reading() as cursor:
        made = load_table_file(cursor, table, form, reference, PERSON)
    with sample_store.reading() as cursor:
        here = table_bytes(cursor, table, form, reference, PERSON)
    assert made is not None
    there = table_file_bytes(pickle.loads(pickle.dumps(made)))
    assert _told(there, form) == _told(here, form)


@pytest.mark.parametrize("form", ["csv", "xlsx", "json", "parquet", "zip"])
def test_a_file_stays_within_its_bytes_or_is_none(
    form: str, sample_store: Store, reference: Reference
) -> None:
    with sample_store.reading() as cursor:
        whole = table_bytes(cursor, "progress", form, reference, PERSON, limit=10**9)
    assert whole
    for limit in (0, 1_000):
        with sample_store.reading() as cursor, pytest.raises(files.ExportTooLarge) as fault:
            table_bytes(cursor, "progress", form, reference, PERSON, limit=limit)
        assert fault.value.limit == limit
    with pytest.raises(files.ExportTooLarge):
        files.whole_store_bytes(sample_store, PERSON, reference, limit=10_000)


@pytest.mark.parametrize(("form", "count"), [("csv", 0), ("zip", 0), ("xlsx", 10**9)])
def test_few_rows_and_what_is_written_by_column_stay_where_the_store_is(
    form: str,
    count: int,
    sample_store: Store,
    reference: Reference,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(files, "MIN_WORKER_ROWS", count)
    with sample_store.reading() as cursor:
        assert load_table_file(cursor, "progress", form, reference, PERSON) is None


@pytest.mark.parametrize(
    ("percents", "marked"), [(("0.5", "1"), True), (("0", "0"), False), (("0.5", "90"), False)]
)
def test_figures_within_0_and_1_are_marked_by_column_as_by_row(
    percents: tuple[str, str], marked: bool, reference: Reference
) -> None:
    with open_memory_store() as store:
        with_measures(store)
        header = ["ปีงบประมาณ", "ไตรมาส", "หน่วยงาน", "แบบวัด", "ลำดับ", "ร้อยละความสำเร็จ (เต็ม 100)"]
        rows = [["2567", str(q), "A", "IIT", "1", p] for q, p in enumerate(percents, start=1)]
        text = "\n".join(",".join(row) for row in [header, *rows])
        assert taken(store, "progress", text.encode()).accepted
        with store.reading() as cursor:
            by_column = table_bytes(cursor, "progress", "csv", reference, PERSON)
        with store.reading() as cursor:
            by_row = mark_fractions(load_export(cursor, Dataset.PROGRESS, reference), reference)
    assert ("100" in by_column.decode().splitlines()[0]) is marked
    assert ("percent" not in by_row.names) is marked


@pytest.mark.parametrize("table", ["scores", "measures", "progress", "narrative", "annotations"])
@pytest.mark.parametrize("form", files.DOWNLOAD_FORMATS)
def test_the_same_is_written_from_disk(
    table: str, form: str, sample_store: Store, reference: Reference, tmp_path: Path
) -> None:
    batches: list[int] = []
    with sample_store.reading() as cursor:
        kept = spool_table(
            cursor,
            table,
            form,
            reference,
            PERSON,
            EVERYTHING,
            tmp_path,
            lambda: batches.append(1),
        )
    with sample_store.reading() as cursor:
        here = table_bytes(cursor, table, form, reference, PERSON)
    assert bool(batches) == (tmp_path / "rows.arrow").exists()
    file = pickle.loads(pickle.dumps(kept))
    assert write_spooled(file, tmp_path / "file", len(here) * 2)
    there = (tmp_path / "file").read_bytes()
    if form == "zip":
        with zipfile.ZipFile(io.BytesIO(there)) as one, zipfile.ZipFile(io.BytesIO(here)) as other:
            assert {n: one.read(n) for n in one.namelist()} == {
                n: other.read(n) for n in other.namelist()
            }
    else:
        assert _told(there, form) == _told(here, form)
    for limit in (0, len(here) // 2):
        assert not write_spooled(file, tmp_path / "file", limit)
        assert (tmp_path / "file").stat().st_size <= limit


def test_rows_on_disk_are_those_of_every_batch(
    sample_store: Store, reference: Reference, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selection, "BATCH_ROWS", 2)
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(files, "report_progress", lambda *far: told.append(far))
    with sample_store.reading() as cursor:
        kept = spool_table(
            cursor, "progress", "json", reference, PERSON, EVERYTHING, tmp_path, lambda: None
        )
    assert write_spooled(kept, tmp_path / "file", 10**9)
    with sample_store.reading() as cursor:
        assert (tmp_path / "file").read_bytes() == table_bytes(
            cursor, "progress", "json", reference, PERSON
        )
    assert told[-1] == (kept.about.rows, kept.about.rows)


@pytest.mark.slow
def test_the_whole_store_is_written_from_disk(
    sample_store: Store, reference: Reference, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Byte for byte in each file of the ZIP, in parts of two rows, with what was imported."""
    monkeypatch.setattr(bundle, "PART_ROWS", 2)
    assert taken(sample_store, "agencies", "agency_id,name_th\nNEW,ก\n").accepted
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(files, "report_progress", lambda *far: told.append(far))
    batches: list[int] = []
    spooled = spool_whole_store(
        sample_store, PERSON, reference, tmp_path, lambda: batches.append(1)
    )
    for path in tmp_path.iterdir():
        assert path.stat().st_size
    again = pickle.loads(pickle.dumps(spooled))
    here = whole_store_bytes(sample_store, PERSON, reference)
    assert write_spooled_store(again, reference, tmp_path / "file", len(here) * 2)
    with (
        zipfile.ZipFile(tmp_path / "file") as one,
        zipfile.ZipFile(io.BytesIO(here)) as other,
    ):
        assert one.namelist() == other.namelist()
        assert {n: one.read(n) for n in one.namelist()} == {
            n: other.read(n) for n in other.namelist()
        }
        assert any(name.startswith("uploads/") for name in one.namelist())
    assert batches
    assert told == sorted(told)
    assert 0 < told[-1][0] <= told[-1][1]
    assert not write_spooled_store(again, reference, tmp_path / "file", len(here) // 2)
