"""No file, whatever is in it, ends in anything but an outcome with sentences."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ita.exports.writers import load_export
from ita.imports.datasets import Dataset
from ita.store import Store
from tests.imports.bringing import committed_reference, export_bytes, take
from tests.tiers import examples

HEADER = "ปีงบประมาณ,หน่วยงาน,แบบวัด,ลำดับ,มาตรการ,ประเภท,ข้อความ,มาตรการที่,ไตรมาส,IIT,คะแนนรวม\n"
CELLS = st.sampled_from(
    [
        *("", "-", ",", '"', "''", "\n", "ข้อ", "=", "IPST", "SAMPLE", "IIT", "2567", "2570", "3"),
        *("สรุปผล", "ผลลัพธ์", "1,3", ",", "๓", "85 %", "1e9", "9" * 50, "รวม", "\u200b", "😀", "x"),
    ]
)

KINDS = st.sampled_from([kind.value for kind in Dataset])


def survives(store: Store, kind: str, content: bytes, name: str = "x.csv") -> None:
    outcome = take(store, kind, content, name=name, dry_run=True)
    for problem in outcome.problems:
        assert problem.as_json()["message"]
    assert outcome.accepted == (not any(problem.blocks for problem in outcome.problems))


@settings(max_examples=examples(60))
@given(content=st.binary(max_size=300), kind=KINDS, name=st.sampled_from(["x.csv", "x.json"]))
def test_any_bytes(sample_store: Store, content: bytes, kind: str, name: str) -> None:
    survives(sample_store, kind, content, name)


@pytest.mark.slow
@settings(max_examples=examples(120))
@given(table=st.lists(st.lists(CELLS, min_size=9, max_size=12), max_size=5), kind=KINDS)
def test_any_cells_below_a_header(sample_store: Store, table: list[list[str]], kind: str) -> None:
    lines = (",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in table)
    survives(sample_store, kind, (HEADER + "\n".join(lines)).encode())


@pytest.mark.slow
@pytest.mark.parametrize("file_format", ["csv", "cp874", "utf-16", "xlsx", "parquet", "json"])
def test_mutated_valid_files(sample_store: Store, file_format: str) -> None:
    dice = random.Random(2567)
    with sample_store.reading() as cursor:
        table = load_export(cursor, "progress", committed_reference())
    if file_format in ("cp874", "utf-16"):
        content = export_bytes(table, "csv").decode("utf-8-sig").encode(file_format)
    else:
        content = export_bytes(table, file_format)
    for _ in range(40):
        mutated = bytearray(content)
        for change in dice.choices(CHANGES, k=dice.choice([1, 2, 8])):
            change(mutated, dice)
        survives(sample_store, "progress", bytes(mutated), "x")


def _overwrite(content: bytearray, dice: random.Random) -> None:
    if content:
        content[dice.randrange(len(content))] = dice.randrange(256)


def _insert(content: bytearray, dice: random.Random) -> None:
    place = dice.randrange(len(content) + 1)
    content[place:place] = dice.choice([b'"', b",", b"\x00", b"\r", b"[{", b"\xe0\xb8", b"9" * 60])


def _cut(content: bytearray, dice: random.Random) -> None:
    place = dice.randrange(len(content) + 1)
    del content[place : place + dice.choice([1, 3, 50, 5000])]


def _repeat(content: bytearray, dice: random.Random) -> None:
    place = dice.randrange(len(content) + 1)
    content[place:place] = content[place : place + 80]


CHANGES: list[Callable[[bytearray, random.Random], None]] = [_overwrite, _insert, _cut, _repeat]
