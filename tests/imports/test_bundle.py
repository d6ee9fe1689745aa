"""The whole store as a ZIP, and back: all of it or nothing."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterator
from unittest import mock

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.config import Limits
from ita.domain import Instrument
from ita.exports import bundle
from ita.exports.bundle import load_bundle, write_bundle
from ita.exports.files import whole_store_bytes
from ita.imports.datasets import (
    DICTIONARY,
    HISTORY,
    README,
    SUMS,
    Dataset,
    columns_of,
    percent_headers,
)
from ita.imports.draft import ImportRequest
from ita.imports.saving import ImportResult, import_file
from ita.imports.several_files import BundleError, import_bundle
from ita.store import Store, open_memory_store
from ita.store.batches import list_batches
from ita.store.originals import OriginalFile
from tests.imports.bringing import (
    MEASURES,
    NARRATIVE,
    TESTER,
    committed_reference,
    everything,
    taken,
    two_agencies,
    undo,
)
from tests.imports.nasty import fill_with_traps


@pytest.fixture(scope="module")
def nasty() -> Iterator[Store]:
    with open_memory_store() as store:
        yield fill_with_traps(store)


@pytest.fixture
def fresh() -> Iterator[Store]:
    with open_memory_store() as store:
        yield store


def bundled(store: Store) -> bytes:
    return whole_store_bytes(store, TESTER, committed_reference())


def bring_back(store: Store, content: bytes, dry_run: bool = False) -> tuple[ImportResult, ...]:
    return import_bundle(
        store, io.BytesIO(content), committed_reference(), Limits(), TESTER, "r", dry_run
    )


def entries(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def table_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_a_whole_store_comes_back_equal_into_an_empty_one(nasty: Store, fresh: Store) -> None:
    brought = bring_back(fresh, bundled(nasty))
    assert [one.kind for one in brought] == list(Dataset)
    assert all(one.accepted and one.batch for one in brought)
    assert everything(fresh) == everything(nasty)


def test_it_comes_back_over_itself_without_a_change(nasty: Store) -> None:
    before = everything(nasty)
    brought = bring_back(nasty, bundled(nasty), dry_run=True)
    assert {(one.counts.new, one.counts.changed) for one in brought} == {(0, 0)}
    assert everything(nasty) == before


def test_an_empty_store_gives_a_whole_bundle(fresh: Store) -> None:
    files = entries(bundled(fresh))
    assert all(len(table_of(files[name])) == 1 for name in files if name[0].isdigit())
    with open_memory_store() as another:
        assert bring_back(another, packed(files)) == ()


def test_tables_are_numbered_in_the_order_of_import(nasty: Store) -> None:
    names = [name for name in entries(bundled(nasty)) if name[0].isdigit()]
    assert names == [f"{number}_{kind}.csv" for number, kind in enumerate(Dataset, start=1)]


@pytest.mark.slow
def test_a_large_table_is_parted_and_comes_back(
    nasty: Store, fresh: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle, "PART_ROWS", 7)
    content = bundled(nasty)
    files = entries(content)
    parts = [name for name in files if name.startswith("4_progress")]
    assert len(parts) == 5
    assert all(len(table_of(files[name])) <= 8 for name in parts)
    bring_back(fresh, content)
    assert everything(fresh) == everything(nasty)


def test_long_texts_part_a_table_too(nasty: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "PART_CHARACTERS", 40_000)
    names = [name for name in entries(bundled(nasty)) if name.startswith("3_measures")]
    assert names == ["3_measures.csv", "3_measures_2.csv", "3_measures_3.csv"]


@given(
    st.lists(st.lists(st.text("กข", max_size=9) | st.none(), max_size=9), max_size=5),
    st.integers(1, 12),
    st.integers(1, 30),
)
def test_parts_of_columns_are_those_of_rows(
    batches: list[list[str | None]], most_rows: int, most_characters: int
) -> None:
    rows = [(number, text) for texts in batches for number, text in enumerate(texts)]
    columns = [
        pa.record_batch(
            [pa.array(range(len(texts))), pa.array(texts, pa.string())], names=["n", "t"]
        )
        for texts in batches
    ]
    with (
        mock.patch.object(bundle, "PART_ROWS", most_rows),
        mock.patch.object(bundle, "PART_CHARACTERS", most_characters),
    ):
        of_rows = [list(part) for part in bundle._split_rows(rows)]
        of_columns = [list(part) for part in bundle._split_batches(columns)]
    assert of_columns == of_rows


def test_parts_are_brought_in_by_their_number(fresh: Store) -> None:
    rows = {n: f"agency_id,name_th\nA,ชื่อที่ {n}\n".encode() for n in range(1, 12)}
    files = {f"1_agencies_{n}.csv" if n > 1 else "1_agencies.csv": rows[n] for n in reversed(rows)}
    brought = bring_back(fresh, packed(files))
    assert brought[-1].file == "1_agencies_11.csv"
    assert everything(fresh)["agency"][0][1] == "ชื่อที่ 11"


def test_the_dictionary_is_of_the_columns_of_the_files(nasty: Store) -> None:
    files = entries(bundled(nasty))
    explained = table_of(files[DICTIONARY])[1:]
    reference = committed_reference()
    for number, kind in enumerate(Dataset, start=1):
        mine = [row for row in explained if row[0] == kind]
        assert [row[1] for row in mine] == table_of(files[f"{number}_{kind}.csv"])[0]
        columns = columns_of(kind, reference)
        said = {str(i): percent_headers(i) for i in Instrument} if kind is Dataset.SCORES else {}
        wanted = [said.get(column.thai, (column.thai, column.name)) for column in columns]
        assert [(row[1], row[2]) for row in mine] == wanted
        assert [row[4] == "yes" for row in mine] == [column.required for column in columns]
    assert [row[2] for row in explained if row[0] == "history"] == [c.name for c in HISTORY]
    assert all(cell for row in explained for cell in (*row[:4], *row[6:]))


def test_the_readme_speaks_both_languages_and_names_the_files(nasty: Store) -> None:
    files = entries(bundled(nasty))
    text = files[README].decode("utf-8-sig")
    thai, english = text.split("--------")
    for half in (thai, english):
        for name in (n for n in files if n[0].isdigit()):
            assert name in half
        assert "python -m ita import all" in half
    assert "ข้อมูลทั้งหมด" in thai
    assert "ข้อมูล" not in english


def test_every_file_but_the_sums_is_summed(nasty: Store) -> None:
    files = entries(bundled(nasty))
    lines = files.pop(SUMS).decode().splitlines()
    assert lines == [f"{hashlib.sha256(c).hexdigest()}  {name}" for name, c in files.items()]


def test_history_and_uploads_are_there_as_they_came(fresh: Store) -> None:
    two_agencies(fresh)
    odd = "agency_id,name_th\nC,ตำบล ค\n"
    taken(fresh, "agencies", odd, name='../../a"b:c.csv')
    undo(fresh, 2, "p", "r")
    files = entries(bundled(fresh))
    uploads = [name for name in files if name.startswith("uploads/")]
    assert uploads == ["uploads/1_file.csv", "uploads/2_.._.._a_b_c.csv"]
    assert files[uploads[1]] == odd.encode()
    with fresh.reading() as cursor:
        assert len(table_of(files["history.csv"])) == 1 + len(list_batches(cursor)) == 4


def test_documents_of_reports_are_there_once_and_not_brought_in(fresh: Store) -> None:
    two_agencies(fresh)
    document = OriginalFile("ผล:2567.pdf", b"%PDF-1.7 invented")
    for kind, rows in (
        (Dataset.MEASURES, f"{MEASURES}2567,A,IIT,1,ทำ\n"),
        (Dataset.NARRATIVE, f"{NARRATIVE}2567,A,IIT,สรุปผล,1,ทำแล้ว,1\n"),
    ):
        request = ImportRequest(kind, rows.encode(), f"{kind}.csv", original=document)
        outcome = import_file(fresh, request, committed_reference(), Limits(), TESTER)
        assert outcome.accepted
    content = bundled(fresh)
    files = entries(content)
    originals = {name: files[name] for name in files if name.startswith("originals/")}
    assert originals == {"originals/2_ผล_2567.pdf": document.content}
    with open_memory_store() as other:
        assert all(outcome.accepted for outcome in bring_back(other, content))
        assert everything(other) == everything(fresh)


def test_all_of_it_is_of_one_moment(fresh: Store) -> None:
    two_agencies(fresh)
    stream = io.BytesIO()
    with fresh.reading() as cursor:
        cursor_begin = cursor.begin

        class Watched:
            """A cursor between whose queries somebody else brings in a file."""

            def __getattr__(self, name: str) -> object:
                return getattr(cursor, name)

            def begin(self) -> object:
                begun = cursor_begin()
                cursor.execute("SELECT count(*) FROM agency").fetchall()
                taken(fresh, "scores", "fiscal_year,agency,total\n2567,A,90\n")
                return begun

        bundle = load_bundle(Watched(), committed_reference())  # type: ignore[arg-type]
        write_bundle(stream, bundle, committed_reference())
    files = entries(stream.getvalue())
    assert len(table_of(files["2_scores.csv"])) == 1
    assert len(table_of(files["history.csv"])) == 2


# What is no bundle, or no longer one.


@pytest.mark.slow
def test_nothing_is_stored_if_one_file_is_refused(nasty: Store, fresh: Store) -> None:
    files = entries(bundled(nasty))
    del files[SUMS]
    files["5_narrative.csv"] = files["5_narrative.csv"].replace(b"OIT", b"XIT")
    brought = bring_back(fresh, packed(files))
    assert [one.accepted for one in brought] == [True] * 4 + [False]
    assert not any(one.batch for one in brought)
    assert not any(everything(fresh).values())
    with fresh.reading() as cursor:
        assert list_batches(cursor) == ()


@pytest.mark.slow
def test_a_dry_run_stores_nothing(nasty: Store, fresh: Store) -> None:
    brought = bring_back(fresh, bundled(nasty), dry_run=True)
    assert all(one.accepted and one.batch is None for one in brought)
    assert not any(everything(fresh).values())


def test_a_changed_file_is_found_out_by_its_sum(nasty: Store, fresh: Store) -> None:
    files = entries(bundled(nasty))
    files["2_scores.csv"] = files["2_scores.csv"].replace(b"90.73", b"99.73")
    with pytest.raises(BundleError, match=r"2_scores\.csv"):
        bring_back(fresh, packed(files))
    assert not any(everything(fresh).values())


@pytest.mark.parametrize("cut", [0, 10, 5_000])
def test_half_a_bundle_is_none(cut: int, nasty: Store, fresh: Store) -> None:
    with pytest.raises(BundleError):
        bring_back(fresh, bundled(nasty)[:cut])


def test_a_damaged_bundle_is_none(nasty: Store, fresh: Store) -> None:
    content = bytearray(bundled(nasty))
    for place in range(200, 400):
        content[place] ^= 0xFF
    with pytest.raises(BundleError):
        bring_back(fresh, bytes(content))
    assert not any(everything(fresh).values())


@pytest.mark.parametrize(
    "files", [{}, {"x.csv": b"a"}, {"../1_agencies.csv": b"a"}, {"history.csv": b"a,b\n1,2\n"}]
)
def test_another_zip_is_no_bundle(files: dict[str, bytes], fresh: Store) -> None:
    with pytest.raises(BundleError, match="export all"):
        bring_back(fresh, packed(files))


def test_no_more_is_unpacked_than_a_file_may_hold(fresh: Store) -> None:
    content = packed({"agencies.csv": b"agency_id,name_th\n" + b"A,x\n" * 1_000_000})
    assert len(content) < 100_000
    limits = Limits(file_bytes=1_000_000)
    with pytest.raises(BundleError, match=r"agencies\.csv"):
        import_bundle(fresh, io.BytesIO(content), committed_reference(), limits, TESTER)
