"""Provinces and types of agencies are kept in one spelling."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest

from ita.auth.permissions import machine_owner
from ita.config import Limits
from ita.domain import FiscalYear
from ita.exports.writers import load_export
from ita.imports.datasets import Dataset
from ita.imports.draft import ImportRequest
from ita.imports.saving import import_file
from ita.integrity.checking import check_integrity
from ita.measures.means import load_group_completion
from ita.reference import Reference, ReferenceFault, load_reference
from ita.reports.text_search import TextQuery, TextSource, count_texts
from ita.scores.nation import load_nation
from ita.scores.queries import load_sources
from ita.store import Store
from tests.builders import reference_folder, rewrite
from tests.imports.bringing import MEASURES, export_bytes, found, rows, taken

HEADER = "รหัสหน่วยงาน,ชื่อหน่วยงาน,ประเภท,จังหวัด\n"


@pytest.mark.parametrize(
    ("text", "province"),
    [
        ("เลย", "เลย"),
        ("จังหวัดเลย", "เลย"),
        ("จ.เลย", "เลย"),
        ("จ. เลย", "เลย"),
        ("จว.เลย", "เลย"),
        ("LOEI", "เลย"),
        ("Loei Province", "เลย"),
        ("กทม.", "กรุงเทพมหานคร"),
        ("กรุงเทพฯ", "กรุงเทพมหานคร"),
        ("จังหวัดกรุงเทพมหานคร", "กรุงเทพมหานคร"),
        ("Bangkok", "กรุงเทพมหานคร"),
        ("อยุธยา", "พระนครศรีอยุธยา"),
        ("โคราช", "นครราชสีมา"),
        ("Chiangmai", "เชียงใหม่"),
        ("chiang  mai", "เชียงใหม่"),
        ("เเพร่", "แพร่"),
        ("ลําพูน", "ลำพูน"),
    ],
)
def test_a_province_is_kept_in_its_one_spelling(store: Store, text: str, province: str) -> None:
    for form in ("csv", "xlsx", "json"):
        outcome = taken(store, "agencies", _file(form, "A1", "หน่วยงาน", "", text), name=f"f.{form}")
        told = [p for p in outcome.problems if p.kind.value == "old-spelling"]
        expected = text not in (province, "เเพร่", "ลําพูน")
        assert bool(told) is expected
        if expected:
            assert f"“{text}” ระบบจะเก็บเป็น “{province}”" in told[0].message() or "  " in text
        assert rows(store, "agency", "province") == [(province,)]


def _file(form: str, *cells: str) -> bytes:
    head = HEADER.strip().split(",")
    if form == "json":
        return json.dumps([dict(zip(head, cells, strict=True))]).encode()
    if form == "xlsx":
        book = openpyxl.Workbook()
        book.active.append(head)
        book.active.append(cells)
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()
    text = io.StringIO()
    csv.writer(text).writerows([head, cells])
    return text.getvalue().encode()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("ทม.", "เทศบาลเมือง"),
        ("ทม", "เทศบาลเมือง"),
        ("เทศบาล เมือง", "เทศบาลเมือง"),
        ("Town Municipality", "เทศบาลเมือง"),
        ("อบจ.", "องค์การบริหารส่วนจังหวัด"),
        ("PAO", "องค์การบริหารส่วนจังหวัด"),
        ("จังหวัด", "จังหวัด"),
    ],
)
def test_a_type_is_kept_in_its_one_spelling(store: Store, text: str, kept: str) -> None:
    outcome = taken(store, "agencies", f"{HEADER}A1,หน่วยงาน,{text},\n")
    assert rows(store, "agency", "agency_type") == [(kept,)]
    assert found(outcome) == ([] if text == kept else [("old-spelling", 2, "ประเภท")])


def test_what_is_not_known_stays_and_is_told(store: Store) -> None:
    outcome = taken(store, "agencies", f"{HEADER}A1,สถานทูต,หน่วยงานในต่างประเทศ,โตเกียว\n")
    assert rows(store, "agency", "agency_type, province") == [("หน่วยงานในต่างประเทศ", "โตเกียว")]
    assert found(outcome) == [
        ("unknown-spelling", 2, "จังหวัด"),
        ("unknown-spelling", 2, "ประเภท"),
    ]


def test_every_province_is_there_once_and_its_english_finds_it(reference: Reference) -> None:
    assert len(set(reference.provinces.values())) == 77
    for province in set(reference.provinces.values()):
        assert reference.province(f"จังหวัด{province}") == province
        assert any(
            alias.isascii() for alias, kept in reference.provinces.items() if kept == province
        )


def test_a_spelling_of_two_provinces_is_refused_with_its_line(tmp_path: Path) -> None:
    folder = reference_folder(tmp_path)
    rewrite(folder, "provinces.csv", "กาญจนบุรี,กาญจน์,", "กาญจนบุรี,Krabi,")
    with pytest.raises(ReferenceFault, match=r"provinces\.csv บรรทัด \d+: ช่อง alias"):
        load_reference(folder)


def test_a_folder_of_an_earlier_version_spells_as_before(tmp_path: Path, store: Store) -> None:
    folder = reference_folder(tmp_path)
    (folder / "provinces.csv").unlink()
    (folder / "agency_types.csv").unlink()
    earlier = load_reference(folder)
    assert earlier.province("น่าน") is None
    request = ImportRequest(Dataset.AGENCIES, f"{HEADER}A1,ก,ทต.,จ.น่าน\n".encode(), "file.csv")
    outcome = import_file(store, request, earlier, Limits(), machine_owner("tester"))
    assert outcome.accepted and not outcome.problems
    assert rows(store, "agency", "agency_type, province") == [("ทต.", "จ.น่าน")]


def stored_before(store: Store, tmp_path: Path) -> None:
    """Agencies as an earlier version took them: each spelling as it was written."""
    folder = reference_folder(tmp_path)
    for name in ("provinces.csv", "agency_types.csv"):
        (folder / name).unlink()
    listed = "A1,ก,ทต.,จังหวัดน่าน\nA2,ข,เทศบาลตำบล,จ.น่าน\nA3,ค,เทศบาลตำบล,น่าน\nA4,ง,,โตเกียว\n"
    request = ImportRequest(Dataset.AGENCIES, f"{HEADER}{listed}".encode(), "file.csv")
    owner = machine_owner("tester")
    assert import_file(store, request, load_reference(folder), Limits(), owner).accepted


def test_what_was_stored_before_is_one_group(
    store: Store, tmp_path: Path, reference: Reference
) -> None:
    stored_before(store, tmp_path)
    scores = "".join(f"2567,A{n},{80 + n},แหล่ง {n}\n" for n in range(1, 5))
    taken(store, "scores", f"ปีงบประมาณ,หน่วยงาน,คะแนนรวม,แหล่งที่มา\n{scores}")
    measures = "".join(f"2567,A{n},IIT,1,ทำป้าย\n" for n in range(1, 5))
    taken(store, "measures", f"{MEASURES}{measures}")
    year = FiscalYear(2567)
    with store.reading() as cursor:
        agencies = load_nation(cursor, reference).agencies
        assert {(a.type, a.province) for a in agencies} == {("เทศบาลตำบล", "น่าน"), ("", "โตเกียว")}
        assert len(load_sources(cursor, year, "เทศบาลตำบล", "น่าน", reference)) == 3
        assert len(load_sources(cursor, year, "", "", reference)) == 4
        assert (
            load_group_completion(cursor, year, "เทศบาลตำบล", "น่าน", reference).stored_agencies == 3
        )
        asked = TextQuery(TextSource.MEASURES, ("ป้าย",), None, "เทศบาลตำบล", "น่าน")
        assert count_texts(cursor, asked, reference) == 3


def test_check_names_other_spellings_and_a_list_imported_again_settles_them(
    store: Store, tmp_path: Path, reference: Reference
) -> None:
    stored_before(store, tmp_path)
    (told,) = check_integrity(store, reference)
    assert (told.kind.value, told.is_warning, told.count) == ("old-spelling", True, 3)
    assert "จ.น่าน → น่าน" in told.message()
    with store.reading() as cursor:
        content = export_bytes(load_export(cursor, "agencies", reference), "csv")
    taken(store, "agencies", content)
    assert not check_integrity(store, reference)
    assert {place for (place,) in rows(store, "agency", "province")} == {"น่าน", "โตเกียว"}
