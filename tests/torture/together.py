"""Many at once: some look, some save different quarters, some save the same one.

Every look is of one moment and noted with its version; afterwards the accepted files are brought in
one after the other into an empty store, and every version must be as it was seen.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from ita.config import Limits
from ita.imports.datasets import Dataset
from ita.imports.draft import ImportRequest
from ita.imports.saving import ImportResult, import_file, preview_import
from ita.store import Cursor, Store, last_batch, open_memory_store, open_store
from tests.imports.bringing import MEASURES, PROGRESS, TESTER, committed_reference, taken
from tests.torture.tally import Tally

MEASURES_EACH = 12
YEARS = (2566, 2567)
READERS, SAVERS, RIVALS = 20, 5, 2
PAUSE = 0.02
"""Seconds between two looks: without any, Python's threads would leave the savers no turn."""
Look = tuple[int, tuple[tuple[str, str], ...]]


@dataclass
class Meeting:
    """What happened: accepted files by batch, looks by version, stale tries, and what was wrong."""

    accepted: dict[int, bytes] = field(default_factory=dict)
    seen: dict[int, set[Look]] = field(default_factory=dict)
    looks: int = 0
    stale: int = 0
    wrong: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def begin(store: Store) -> None:
    taken(store, "agencies", "agency_id,name_th\nA,หน่วยงาน\n")
    lines = [
        f"{year},A,IIT,{seq},มาตรการ {seq}\n"
        for year in YEARS
        for seq in range(1, MEASURES_EACH + 1)
    ]
    taken(store, "measures", MEASURES + "".join(lines))


def report(year: int, quarter: int, percent: int, note: str) -> bytes:
    """A quarter's file: every measure has the same percent, so half of it would show."""
    header = PROGRESS.strip() + ",ผลการดำเนินงาน\n"
    lines = (
        f"{year},{quarter},A,IIT,{seq},{percent},{note}\n" for seq in range(1, MEASURES_EACH + 1)
    )
    return (header + "".join(lines)).encode()


def look(cursor: Cursor) -> Look:
    """All quarters as they are: number of distinct values, rows and the values themselves."""
    rows = cursor.execute(
        "SELECT fiscal_year, quarter, seq, percent, note FROM completion ORDER BY ALL"
    ).fetchall()
    return last_batch(cursor), tuple((str(row[:3]), str(row[3:])) for row in rows)


def read_on(store: Store, meeting: Meeting, stop: threading.Event) -> None:
    while not stop.wait(PAUSE):
        with store.reading() as cursor:
            cursor.begin()
            found = look(cursor)
            again = look(cursor)
            cursor.rollback()
        with meeting.lock:
            meeting.looks += 1
            meeting.seen.setdefault(found[0], set()).add(found)
            if found != again:
                meeting.wrong.append(f"two looks of one moment differ at {found[0]}")


def save(store: Store, meeting: Meeting, year: int, quarter: int, content: bytes) -> int:
    """As the page does: look at the difference, confirm it, look again where somebody was faster."""
    request = ImportRequest(Dataset.PROGRESS, content, f"{year}-{quarter}.csv")
    reference = committed_reference()
    while True:
        shown = preview_import(
            store, request, reference, Limits(), TESTER, lambda cursor, _: look(cursor)
        )
        if shown.before:
            _check_difference(meeting, year, quarter, shown.outcome, shown.before)
        outcome = import_file(
            store, request, reference, Limits(), TESTER, "", seen_version=shown.version
        )
        if not outcome.stale:
            break
        with meeting.lock:
            meeting.stale += 1
    with meeting.lock:
        if not outcome.accepted or outcome.batch is None:
            meeting.wrong.append(f"refused: {[p.message() for p in outcome.problems]}")
            return 0
        meeting.accepted[outcome.batch] = content
    return outcome.batch


def _check_difference(
    meeting: Meeting, year: int, quarter: int, outcome: ImportResult, before: Look
) -> None:
    """The difference shown starts from what the store of that version has, not from older values."""
    stored = dict(before[1])
    for change in outcome.differences:
        known = stored.get(str((year, quarter, change.key["seq"])))
        old = "" if change.old is None else str(change.old)
        if (known is None) != (change.old is None) or (known and old.split(".")[0] not in known):
            with meeting.lock:
                meeting.wrong.append(f"difference of {year}/{quarter} shows {old} for {known}")


def meet(store: Store, seed: int, rounds: int, readers: int = READERS) -> Meeting:
    """Readers look until everybody has saved so many files; two save the same quarter."""
    meeting, stop = Meeting(), threading.Event()
    begin(store)
    quarters = [(year, quarter) for year in YEARS for quarter in (1, 2, 3, 4)][: SAVERS + 1]
    who = [*enumerate(quarters[:SAVERS]), *((SAVERS + n, quarters[SAVERS]) for n in range(RIVALS))]

    def save_all(saver: int, period: tuple[int, int]) -> None:
        dice = random.Random(f"{seed} {saver}")
        for number in range(rounds):
            content = report(*period, dice.randrange(101), f"คนที่ {saver} ครั้งที่ {number}")
            save(store, meeting, *period, content)

    with ThreadPoolExecutor(readers + SAVERS + RIVALS) as threads:
        looking = [threads.submit(read_on, store, meeting, stop) for _ in range(readers)]
        saving: list[Future[None]] = [threads.submit(save_all, *one) for one in who]
        try:
            for done in saving:
                done.result()
        finally:
            stop.set()
        for done in looking:
            done.result()
    _compare(store, meeting, rounds)
    return meeting


def _compare(store: Store, meeting: Meeting, rounds: int) -> None:
    """Against the same files one after the other: every version as it was seen, nothing lost."""
    expected = rounds * (SAVERS + RIVALS)
    if len(meeting.accepted) != expected:
        meeting.wrong.append(f"{len(meeting.accepted)} batches for {expected} files")
    with open_memory_store() as serial:
        begin(serial)
        _compare_version(serial, meeting)
        for batch in sorted(meeting.accepted):
            name = "x.csv"
            outcome = taken(serial, "progress", meeting.accepted[batch], name=name)
            if outcome.batch != batch:
                meeting.wrong.append(f"batch {batch} is number {outcome.batch} in a row")
            _compare_version(serial, meeting)
        with serial.reading() as one, store.reading() as other:
            if look(one) != look(other):
                meeting.wrong.append("the end differs from the serial run")


def _compare_version(serial: Store, meeting: Meeting) -> None:
    with serial.reading() as cursor:
        found = look(cursor)
    if meeting.seen.get(found[0], set()) - {found}:
        meeting.wrong.append(f"a wrong look at version {found[0]}")


def met(folder: Path, seed: int, rounds: int) -> Iterator[Tally]:
    folder.mkdir(parents=True, exist_ok=True)
    with open_store(folder / "together.duckdb") as store:
        meeting = meet(store, seed, rounds)
    what = f"{READERS} look, {SAVERS} save different quarters, {RIVALS} the same"
    note = (
        f"{len(meeting.accepted)} saved, {meeting.stale} were shown a fresh difference, "
        f"{meeting.looks:,} looks at {len(meeting.seen)} versions"
    )
    yield Tally(what, meeting.looks + len(meeting.accepted), len(meeting.wrong), note)
