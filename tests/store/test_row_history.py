"""What batches changed, their files, and tables as they were: held against snapshots."""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta
from typing import Any

import pytest

from ita.store import Cursor, Store
from ita.store.batches import UndoBlocked
from ita.store.changes import (
    count_as_of,
    decompress_upload,
    last_batch_before,
    load_changes,
    load_upload,
    rows_as_of,
    store_upload,
)
from ita.store.tables import TABLES
from tests.imports.bringing import (
    MEASURES,
    NARRATIVE,
    PROGRESS,
    SCORES,
    rows,
    take,
    taken,
    two_agencies,
    undo,
    with_measures,
)

Snapshot = dict[str, list[dict[str, Any]]]


def plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int | str) else float(value)


def snapshot(store: Store) -> Snapshot:
    """All tables as they are now, in the order of `rows_as_of`."""
    found: Snapshot = {}
    for name, table in TABLES.items():
        records = [
            dict(zip(table.columns, map(plain, row), strict=True))
            for row in rows(store, name, ", ".join(table.columns))
        ]
        found[name] = sorted(records, key=lambda r, t=table: [str(r[key]) for key in t.key])
    return found


def random_file(chance: random.Random) -> tuple[str, str]:
    kind = chance.choice(["scores", "progress", "progress", "measures", "narrative", "agencies"])
    agency, some = chance.choice("AB"), chance.randint(1, 3)
    match kind:
        case "agencies":
            return kind, f"agency_id,name_th,name_en\n{agency},ชื่อ {some},\nC{some},อื่น,\n"
        case "scores":
            figure = chance.choice(["", "90.5", "12.25", "-"])
            return kind, f"{SCORES.strip()},ระดับ,ตัวชี้วัด 1\n2567,{agency},{figure},,{some}\n"
        case "measures":
            lines = [f"2567,A,{i},{n},ทำ {some}\n" for i in ("IIT", "OIT") for n in {1, some}]
            return kind, MEASURES + "".join(lines)
        case "progress":
            seqs = {1, chance.randint(1, 2)}
            lines = [f"2567,{some},A,IIT,{n},{chance.randint(0, 100)}\n" for n in seqs]
            return kind, PROGRESS + "".join(lines)
    return kind, f"{NARRATIVE}2567,A,EIT,สรุปผล,{some},ข้อความ {chance.random()},\n"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_a_table_as_it_was_is_what_it_was(seed: int, store: Store) -> None:
    chance = random.Random(seed)
    kept = {0: snapshot(store)}
    with_measures(store)
    kept[store.version()] = snapshot(store)
    for _ in range(25):
        version = store.version()
        if chance.random() < 0.35:
            try:
                undo(store, chance.randint(1, version), "p", "r")
            except UndoBlocked:
                continue
        else:
            take(store, *random_file(chance))  # may be refused: its measure may be undone
        kept[store.version()] = snapshot(store)
    assert len(kept) > 12
    with store.reading() as cursor:
        for version, tables in kept.items():
            for name, expected in tables.items():
                assert rows_as_of(cursor, name, version) == expected, (version, name)
                assert rows_as_of(cursor, name, version, 2) == expected[:2], (version, name)
                assert count_as_of(cursor, name, version) == len(expected), (version, name)
        for version in sorted(kept)[2:]:  # the first two hold several batches between them
            assert says(cursor, version) == differs(kept[version - 1], kept[version]), version


def by_key(rows: list[dict[str, Any]], table: str) -> dict[str, dict[str, Any]]:
    return {str([row[name] for name in TABLES[table].key]): row for row in rows}


def says(cursor: Cursor, batch_id: int) -> dict[tuple[str, str], tuple[Any, Any]]:
    """(table, key) → row before and after, as the history tells a batch."""
    return {
        (change.table, str(list(change.key.values()))): (change.before, change.after)
        for change in load_changes(cursor, batch_id, 1_000)
    }


def differs(old: Snapshot, new: Snapshot) -> dict[tuple[str, str], tuple[Any, Any]]:
    """The same, by comparing two snapshots."""
    found = {}
    for table in TABLES:
        before, after = by_key(old[table], table), by_key(new[table], table)
        for key in before.keys() | after.keys():
            if before.get(key) != after.get(key):
                found[table, key] = before.get(key), after.get(key)
    return found


@pytest.mark.slow
def test_a_new_row_is_told_as_it_came_whatever_happened_to_it_since(store: Store) -> None:
    with_measures(store)
    batch = taken(store, "progress", f"{PROGRESS}2567,1,A,IIT,1,50\n2567,2,A,IIT,1,60\n").batch
    assert batch

    def came() -> list[tuple[Any, Any]]:
        with store.reading() as cursor:
            return [(c.before, (c.after or {})["percent"]) for c in load_changes(cursor, batch, 9)]

    assert came() == [(None, 50), (None, 60)]
    changing = taken(store, "progress", f"{PROGRESS}2567,1,A,IIT,1,55\n").batch
    assert changing
    assert came() == [(None, 50), (None, 60)]
    undo(store, undo(store, changing, "p", "r"), "p", "r")
    assert came() == [(None, 50), (None, 60)]
    undo(store, store.version(), "p", "r")
    undo(store, batch, "p", "r")
    assert came() == [(None, 50), (None, 60)]


def test_a_key_of_any_letters_is_found_again(store: Store) -> None:
    odd = "ก\"'\\$[0] 1"
    quoted = odd.replace('"', '""')
    batch = taken(store, "agencies", f'agency_id,name_th\n"{quoted}",ชื่อ\n').batch
    assert batch
    with store.reading() as cursor:
        (change,) = load_changes(cursor, batch, 9)
    assert change.key == {"agency_id": odd}
    assert change.after
    assert change.after["name_th"] == "ชื่อ"


def test_after_the_last_batch_a_table_is_the_present(store: Store) -> None:
    with_measures(store)
    with store.reading() as cursor:
        assert rows_as_of(cursor, "measure", 999) == snapshot(store)["measure"]
        assert rows_as_of(cursor, "measure", 0) == []


@pytest.mark.parametrize(
    "content",
    [
        f"{SCORES}2567,A,91.07\n".encode("utf-8-sig"),
        f"{SCORES}2567,A,91.07\n".replace("\n", "\r\n").encode("cp874"),
        f"{SCORES}2567,A,91.07\n".encode("utf-16"),
    ],
)
def test_the_file_of_a_batch_is_as_it_came(content: bytes, store: Store) -> None:
    outcome = taken(two_agencies(store), "scores", content, name="คะแนน ปี 67.csv")
    assert outcome.batch
    with store.reading() as cursor:
        assert load_upload(cursor, outcome.batch) == ("คะแนน ปี 67.csv", content)


@pytest.mark.parametrize(
    ("content", "codec"),
    [
        (b"agency_id,name_th\n" * 900, "zstd"),
        (random.Random(1).randbytes(9_000), None),
        (b"", None),
    ],
    ids=["packed", "no-smaller", "empty"],
)
def test_a_file_is_packed_where_that_makes_it_smaller(
    content: bytes, codec: str | None, store: Store
) -> None:
    with store.writing() as cursor:
        store_upload(cursor, "hash", content)
        store_upload(cursor, "hash", content)
        found = cursor.execute("SELECT content, codec FROM upload").fetchall()
    assert [kept for _, kept in found] == [codec]
    assert decompress_upload(*found[0]) == content
    assert len(found[0][0]) <= len(content)


def test_the_same_bytes_again_after_an_undo_are_there_for_both(store: Store) -> None:
    content = f"{SCORES}2567,A,91.07\n"
    first = taken(two_agencies(store), "scores", content, name="a.csv").batch
    assert first
    inverse = undo(store, first, "p", "r")
    second = taken(store, "scores", content, name="b.csv").batch
    assert second
    with store.reading() as cursor:
        assert load_upload(cursor, first) == ("a.csv", content.encode())
        assert load_upload(cursor, second) == ("b.csv", content.encode())
        assert load_upload(cursor, inverse) is None
        assert load_upload(cursor, 99) is None


def test_changes_say_before_and_after_field_by_field(store: Store) -> None:
    with_measures(store)
    taken(store, "progress", f"{PROGRESS}2567,1,A,IIT,1,50\n")
    batch = taken(
        store,
        "progress",
        f"{PROGRESS.strip()},ผลการดำเนินงาน\n2567,1,A,IIT,1,60,ดี\n2567,1,A,IIT,2,10,\n",
    ).batch
    assert batch
    with store.reading() as cursor:
        first, second = load_changes(cursor, batch, 10)
        assert len(load_changes(cursor, batch, 1)) == 1
    assert first.key == {
        "agency_id": "A",
        "fiscal_year": 2567,
        "quarter": 1,
        "instrument": "IIT",
        "seq": 1,
    }
    assert first.fields == (("percent", 50.0, 60.0), ("note", None, "ดี"))
    assert (second.before, second.fields) == (None, (("percent", None, 10.0),))


def test_the_changes_of_an_undo_are_those_of_the_batch_turned_round(store: Store) -> None:
    with_measures(store)
    taken(store, "progress", f"{PROGRESS}2567,1,A,IIT,1,50\n")
    batch = taken(store, "progress", f"{PROGRESS}2567,1,A,IIT,1,60\n2567,1,A,EIT,1,5\n").batch
    assert batch
    inverse = undo(store, batch, "p", "r")
    with store.reading() as cursor:
        there, back = load_changes(cursor, batch, 10), load_changes(cursor, inverse, 10)
    assert [(c.before, c.after) for c in there] == [(c.after, c.before) for c in back]
    assert [c.key for c in there] == [c.key for c in back]


def test_the_last_batch_before_a_moment(store: Store) -> None:
    two_agencies(store)
    taken(store, "scores", f"{SCORES}2567,A,91.07\n")
    with store.reading() as cursor:
        moments = dict(cursor.execute("SELECT batch_id, saved_at FROM batch").fetchall())
        assert last_batch_before(cursor, moments[1]) == 0
        assert last_batch_before(cursor, moments[2]) == 1
        assert last_batch_before(cursor, moments[2] + timedelta(microseconds=1)) == 2
        assert last_batch_before(cursor, datetime(2000, 1, 1)) == 0


NOW = datetime(2026, 11, 23, 12)


@pytest.mark.parametrize(
    ("days", "asked", "expected"),
    [
        ([1, 2, 3], 2, 1),
        ([1, 9, 2, 3], 2, 2),  # the clock went forward for one batch, beyond today
        ([1, 9, 2, 3], 3, 3),
        ([1, 2, -900, 3], 0, 0),  # and back for another
        ([1, 2, -900, 3], 2, 1),
        ([1, 2, -900, 3], 3, 3),
        ([9, 8], 5, 2),  # nothing but nonsense: all of it was saved by now
        ([9, 8], 4, 0),
    ],
)
def test_a_clock_that_jumped_does_not_change_the_order(
    store: Store, days: list[int], asked: int, expected: int
) -> None:
    """days: of November 20 + so many, on the 23rd; asked: the beginning of such a day."""
    two_agencies(store)
    for number, _ in enumerate(days[1:]):
        taken(store, "scores", f"{SCORES}2567,A,{number + 2}\n")
    first = datetime(2026, 11, 20)
    with store.writing() as cursor:
        for number, day in enumerate(days, start=1):
            cursor.execute(
                "UPDATE batch SET saved_at = $at WHERE batch_id = $number",
                {"at": first + timedelta(days=day - 1, hours=6), "number": number},
            )
    with store.reading() as cursor:
        assert last_batch_before(cursor, first + timedelta(days=asked - 1), NOW) == expected


def test_text_that_looks_like_json_comes_back_as_text(store: Store) -> None:
    text = json.dumps({"a": [1, None]}) + " \\ ' “ไทย” 😀"
    quoted = text.replace('"', '""')
    taken(two_agencies(store), "narrative", f'{NARRATIVE}2567,A,IIT,สรุปผล,1,"{quoted}",\n')
    version = store.version()
    taken(store, "narrative", f"{NARRATIVE}2567,A,IIT,สรุปผล,1,อื่น,\n")
    with store.reading() as cursor:
        assert rows_as_of(cursor, "narrative", version)[0]["text"] == text
