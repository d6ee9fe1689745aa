"""The nation's quarterly work: measures, 6.6 million quarters and narratives, file by file.

`python -m benchmarks.nation_work STORE [--agencies N] [--scores-only]` fills a store through the
import. Ten or a hundred times fewer agencies make a store ten or a hundred times smaller.
"""

from __future__ import annotations

import argparse
import io
import resource
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from benchmarks.generator import _TROUBLES as TROUBLES
from benchmarks.generator import _WORK as WORK
from benchmarks.nation import AGENCIES, YEARS, brought, nation
from benchmarks.places import PLACES
from ita.domain import FiscalYear
from ita.imports.datasets import Dataset
from ita.store import open_store

AGENCIES_A_FILE = 4_150
"""So that each file stays well below what one import takes."""
FEWEST, MOST = 19, 33
"""Measures of an agency in a year; the share reported of them makes 6.6 million quarters."""
REPORTED = (0.7, 1.0)
INSTRUMENTS = ("IIT", "EIT", "OIT")
INDICATORS = (("1", "2", "3", "4", "5"), ("6", "7", "8"), ("9", "10"))
PERIODS = ((1, 4), (1, 4), (1, 4), (1, 2), (2, 4), (3, 4), (1, 3), (0, 0))
"""First and last quarter; 0: none given."""
DIVISIONS = ("สำนักปลัด", "กองคลัง", "กองช่าง", "กองการศึกษาฯ", "สำนักปลัด, กองคลัง", "ทุกกอง", "")
AIMS = ("โปร่งใสและตรวจสอบได้", "เพื่อประชาชนในพื้นที่", "ตามหลักธรรมาภิบาล", "อย่างต่อเนื่อง", "ครบทุกช่องทาง")
OUTCOMES = (
    "ผู้รับบริการพึงพอใจมากขึ้น",
    "คะแนน ITA มีแนวโน้มเพิ่มขึ้นทุกปี",
    "เรื่องร้องเรียนลดลง",
    "บุคลากรเข้าใจระเบียบการยืมทรัพย์สินของราชการ",
    "ข้อมูลบนเว็บไซต์เป็นปัจจุบัน",
    "ประชาชนมีส่วนร่วมในการจัดทำแผน",
)
NARRATIVES = tuple(
    f"{work} ในพื้นที่{place} {outcome}" for work in WORK for outcome in OUTCOMES for place in PLACES
)
Whole = np.ndarray[tuple[int, ...], np.dtype[np.int64]]


def work_files(agencies: int = AGENCIES, seed: int = 4) -> Iterator[tuple[Dataset, bytes]]:
    """Every file in the order in which a store takes them; same seed, same bytes."""
    chance = np.random.default_rng(seed)
    for year in YEARS:
        for first in range(0, agencies, AGENCIES_A_FILE):
            block = np.arange(first, min(first + AGENCIES_A_FILE, agencies))
            yield from _block(chance, year, block)


def _block(
    chance: np.random.Generator, year: FiscalYear, agencies: Whole
) -> Iterator[tuple[Dataset, bytes]]:
    counts = chance.integers(FEWEST, MOST + 1, len(agencies))
    agency = np.repeat(agencies, counts)
    place = np.concatenate([np.arange(count) for count in counts])
    instrument, seq = place % 3, place // 3 + 1
    period = chance.integers(0, len(PERIODS), len(agency))
    yield Dataset.MEASURES, _measures(chance, year, agency, instrument, seq, period)
    told = chance.uniform(*REPORTED, len(agencies))[agency - agencies[0]]
    yield Dataset.PROGRESS, _progress(chance, year, agency, instrument, seq, period, told)
    yield Dataset.NARRATIVE, _narrative(chance, year, agencies)


def _measures(
    chance: np.random.Generator,
    year: FiscalYear,
    agency: Whole,
    instrument: Whole,
    seq: Whole,
    period: Whole,
) -> bytes:
    count = len(agency)
    texts = [f"{work} {aim} ใน{place}" for work in WORK for aim in AIMS for place in PLACES]
    aimed = [
        ["", *numbers][lot % (len(numbers) + 1)]
        for numbers, lot in zip(
            (INDICATORS[i] for i in instrument), chance.integers(0, 60, count), strict=True
        )
    ]
    ends = np.array([["" if not q else str(q) for q in both] for both in PERIODS])
    return _csv(
        {
            "ปีงบประมาณ": _year(year, count),
            "หน่วยงาน": _codes(agency),
            "แบบวัด": _of(INSTRUMENTS, instrument),
            "ลำดับ": pa.array(seq),
            "มาตรการ": _of(texts, chance.integers(0, len(texts), count)),
            "ตัวชี้วัด": pa.array(aimed),
            "ผู้รับผิดชอบ": _of(DIVISIONS, chance.integers(0, len(DIVISIONS), count)),
            "ไตรมาสเริ่ม": pa.array(ends[period, 0].tolist()),
            "ไตรมาสสิ้นสุด": pa.array(ends[period, 1].tolist()),
        }
    )


def _progress(
    chance: np.random.Generator,
    year: FiscalYear,
    agency: Whole,
    instrument: Whole,
    seq: Whole,
    period: Whole,
    told: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> bytes:
    """Every quarter that was reported; who is done mostly reports on all the same."""
    spans = np.array([both if both[0] else (1, 4) for both in PERIODS])[period]
    pace = chance.uniform(0.7, 1.25, len(agency))
    columns: list[Whole] = []
    for quarter in (1, 2, 3, 4):
        first, last = spans[:, 0], spans[:, 1]
        due = np.clip((quarter - first + 1) / (last - first + 1), 0, 1)
        percent = np.round(np.minimum(100, 100 * due * pace), 2)
        done_before = (quarter > last) & (percent >= 100)
        reports = (quarter >= first) & (chance.random(len(agency)) < told)
        reports &= ~done_before | (chance.random(len(agency)) < 0.8)
        (rows,) = np.nonzero(reports)
        columns.append(
            np.stack([rows, np.full(len(rows), quarter), (percent[rows] * 100).astype(np.int64)])
        )
    rows, quarters, hundredths = np.concatenate(columns, axis=1)
    count = len(rows)
    notes = ["", "", *(f"{work} ครั้งที่ {n}" for work in WORK for n in (1, 2))]
    troubles = [*[""] * 16, *TROUBLES]
    return _csv(
        {
            "ปีงบประมาณ": _year(year, count),
            "ไตรมาส": pa.array(quarters),
            "หน่วยงาน": _codes(agency[rows]),
            "แบบวัด": _of(INSTRUMENTS, instrument[rows]),
            "ลำดับ": pa.array(seq[rows]),
            "ร้อยละความสำเร็จ": pa.array(hundredths / 100),
            "ผลการดำเนินงาน": _of(notes, np.where(chance.random(count) < 0.3, rows % len(notes), 0)),
            "ปัญหา/อุปสรรค": _of(troubles, chance.integers(0, len(troubles), count)),
        }
    )


def _narrative(chance: np.random.Generator, year: FiscalYear, agencies: Whole) -> bytes:
    """An outcome for each instrument, and the result of one measure."""
    count = len(agencies)
    agency = np.repeat(agencies, 4)
    place = np.tile(np.arange(4), count)
    return _csv(
        {
            "ปีงบประมาณ": _year(year, count * 4),
            "หน่วยงาน": _codes(agency),
            "แบบวัด": _of((*INSTRUMENTS, "IIT"), place),
            "ประเภท": _of(("ผลลัพธ์", "ผลลัพธ์", "ผลลัพธ์", "สรุปผล"), place),
            "ลำดับ": _of(("", "", "", "1"), place),
            "ข้อความ": _of(NARRATIVES, chance.integers(0, len(NARRATIVES), count * 4)),
            "มาตรการที่": _of(("", "", "", "1"), place),
        }
    )


def _year(year: FiscalYear, count: int) -> pa.Array:
    return pa.array(np.full(count, int(year)))


def _codes(agencies: Whole) -> pa.Array:
    return pa.array([f"{number:07d}" for number in agencies.tolist()])


def _of(texts: tuple[str, ...] | list[str], places: Whole) -> pa.Array:
    return pa.array(texts).take(pa.array(places))


def _csv(columns: dict[str, pa.Array]) -> bytes:
    told = io.BytesIO(b"\xef\xbb\xbf")
    told.seek(0, io.SEEK_END)
    pacsv.write_csv(pa.table(columns), told)
    return told.getvalue()


def fill(place: Path, agencies: int = AGENCIES, scores_only: bool = False) -> None:
    """A store with the whole nation, filled by the import that users have; says how far it is.

    Raises:
        NotMeasured: the import refused a file.
    """
    started = time.perf_counter()
    found = nation(agencies)
    with open_store(place) as store:
        files = [(Dataset.AGENCIES, found.agencies), (Dataset.SCORES, found.scores)]
        for kind, content in files:
            brought(store, kind, content)
        for kind, content in () if scores_only else work_files(agencies):
            brought(store, kind, content)
            print(f"{time.perf_counter() - started:6.1f} s  {kind:10} {len(content) / 1e6:6.1f} MB")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = place.stat().st_size / 1e6
    print(f"{time.perf_counter() - started:.0f} s, {size:.0f} MB on disk, {peak:.0f} MB of memory")


def main() -> None:
    parser = argparse.ArgumentParser(description=fill.__doc__)
    parser.add_argument("store", type=Path)
    parser.add_argument("--agencies", type=int, default=AGENCIES)
    parser.add_argument("--scores-only", action="store_true")
    asked = parser.parse_args()
    fill(asked.store, asked.agencies, asked.scores_only)


if __name__ == "__main__":
    main()
