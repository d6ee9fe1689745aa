"""kill -9 at random moments: of savings, of checkpoints, of the command line, of backup and restore.

Acknowledged is what `import_file` returned, or the command line answered, before the kill. Every file
sets all rows to one value, so half a file shows as two values.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ita.config import PROJECT
from ita.integrity.checking import check_integrity
from ita.store import Store, open_store
from ita.store.unavailable import StoreUnavailable
from tests.imports.bringing import SCORES, committed_reference, rows, taken
from tests.patience import PATIENCE
from tests.torture.tally import Tally

ROWS = 200
SWAP_SECONDS = 0.01
STORES = 25
"""So many kills a store lives through; its history grows with each."""

SAVE_FOR_EVER = """
import random, sys
from pathlib import Path
from ita.store import engine, open_store
from tests.imports.bringing import taken, undo
from tests.torture.kills import scores
engine.LOG_BEFORE_CHECKPOINT = sys.argv[3]
dice = random.Random(int(sys.argv[2]))
print("open", flush=True)
with open_store(Path(sys.argv[1])) as store:
    while True:
        version = store.version()
        if dice.random() < 0.2 and version > 3:
            undo(store, version, "tester", "")
        else:
            taken(store, "scores", scores(version + 1))
        print(store.version(), flush=True)
"""

CHECKPOINT_ALWAYS, CHECKPOINT_OFTEN, CHECKPOINT_AT_THE_END = "1KB", "100KB", "128MB"


def scores(number: int) -> str:
    """A file that gives every agency the same score, another one each time."""
    value = f"{number % 100}.{number // 100 % 100:02}"
    return SCORES + "".join(f"2567,A{agency},{value}\n" for agency in range(ROWS))


@dataclass
class Seen:
    """tried, then what went wrong: acknowledged batches that are gone, halves, findings of `check`."""

    tried: int = 0
    acknowledged: int = 0
    lost: int = 0
    halves: int = 0
    unsound: int = 0
    unopened: int = 0
    kept_unacknowledged: int = 0
    told: list[str] = field(default_factory=list)

    @property
    def wrong(self) -> int:
        return self.lost + self.halves + self.unsound + self.unopened


def new_store(folder: Path, number: int) -> Path:
    place = folder / f"{number}" / "ita.duckdb"
    with open_store(place) as store:
        names = "".join(f"A{agency},หน่วยงาน {agency}\n" for agency in range(ROWS))
        taken(store, "agencies", f"agency_id,name_th\n{names}")
        taken(store, "scores", scores(2))
    return place


def kill_savings(folder: Path, times: int, seed: int, threshold: str) -> Seen:
    """Kill a process that saves one file after the other, each time at another moment."""
    dice, seen, place = random.Random(seed), Seen(), Path()
    usual = 0.3
    for number in range(times):
        if number % STORES == 0:
            place = new_store(folder / f"savings-{threshold}", number)
        before = _version(place)
        words = [str(place), str(dice.randrange(1 << 30)), threshold]
        with _process([sys.executable, "-c", SAVE_FOR_EVER, *words]) as process:
            assert process.stdout
            heard = [process.stdout.readline() for _ in range(1 + dice.randrange(3))]
            begun = time.monotonic()
            heard += [process.stdout.readline()]
            usual += 0.3 * (time.monotonic() - begun - usual)
            time.sleep(dice.uniform(0, 1.2 * usual))
            process.send_signal(signal.SIGKILL)
            heard += process.stdout.read().split()
        told = [int(line) for line in heard if line.strip().isdigit()]
        seen.acknowledged += len(told)
        _look(place, max(told, default=before), seen)
    return seen


def kill_command_line(folder: Path, times: int, seed: int) -> Seen:
    """Kill `python -m ita import`, then do it again: in whatever state, the same file comes in once."""
    dice, seen, place = random.Random(seed), Seen(), Path()
    usual = 0.0
    for number in range(times):
        if number % STORES == 0:
            place = new_store(folder / "command", number)
        before = _version(place)
        file = folder / "scores.csv"
        file.write_text(scores(before + 1), encoding="utf-8")
        words = ["import", "scores", str(file), "--json"]
        if number % STORES == 0:
            usual = _seconds(lambda: _call(place, *words, "--dry-run"))  # noqa: B023
        with _process([sys.executable, "-m", "ita", *words], place) as process:
            assert process.stdout
            time.sleep(dice.uniform(0.5, 1.3) * usual)
            process.send_signal(signal.SIGKILL)
            answer = process.stdout.read()
        acknowledged = json.loads(answer)["batch"] if _whole(answer) else before
        seen.acknowledged += acknowledged > before
        _look(place, acknowledged, seen)
        again = _call(place, *words)
        if not again["accepted"] or _version(place) != before + 1:
            seen.lost += 1
            seen.told.append(f"again: {again}")
    return seen


def kill_backups(folder: Path, times: int, seed: int) -> Seen:
    """Kill `python -m ita backup`: a file of that name is whole, or not there."""
    dice, seen = random.Random(seed), Seen()
    place = new_store(folder / "backup", 0)
    usual = _seconds(lambda: _call(place, "backup", str(folder / "whole.duckdb"), "--json"))
    for number in range(times):
        copy = folder / f"copy-{number}.duckdb"
        with _process([sys.executable, "-m", "ita", "backup", str(copy)], place) as process:
            time.sleep(dice.uniform(0.5, 1.2) * usual)
            process.send_signal(signal.SIGKILL)
        if copy.exists():
            seen.acknowledged += 1
            _look(copy, _version(place), seen)
        else:
            seen.tried += 1
    with open_store(place) as store:
        seen.unsound += bool(_broken(store))
    return seen


def kill_restores(folder: Path, times: int, seed: int) -> Seen:
    """Kill `python -m ita restore`: the old store is there, or the new one, and the old one aside.

    Every other kill waits for the swap itself, which is too short to be met by chance.
    """
    dice, seen = random.Random(seed), Seen()
    copy = new_store(folder / "restore-from", 0)
    place = new_store(folder / "restore", 0)
    with open_store(place) as store:
        taken(store, "scores", scores(3))
    whole = place.read_bytes()
    elsewhere = folder / "elsewhere" / "ita.duckdb"
    usual = _seconds(lambda: _call(elsewhere, "restore", str(copy), "--json"))
    for number in range(times):
        with _process([sys.executable, "-m", "ita", "restore", str(copy)], place) as process:
            if number % 2:
                _await_swap(place, process)
                time.sleep(dice.uniform(0, SWAP_SECONDS))
            else:
                time.sleep(dice.uniform(0.5, 1.3) * usual)
            process.send_signal(signal.SIGKILL)
        version = _look(place, 2, seen)
        seen.acknowledged += version == 2
        aside = list(place.parent.glob("*.before-restore-*.duckdb"))
        if version == 2 and not any(_version(found) == 3 for found in aside):
            seen.lost += 1
        for found in aside:
            found.unlink()
        place.write_bytes(whole)
    return seen


def _await_swap(place: Path, process: subprocess.Popen[bytes]) -> None:
    """Until the present store has its second name, or the process is done without one."""
    while process.poll() is None and not any(place.parent.glob("*.before-restore-*")):
        pass


def _seconds(act: Callable[[], object]) -> float:
    begun = time.monotonic()
    act()
    return time.monotonic() - begun


def _look(place: Path, acknowledged: int, seen: Seen) -> int:
    """What the next start finds; the number of the last batch."""
    seen.tried += 1
    try:
        with open_store(place) as store:
            version = store.version()
            seen.lost += version < acknowledged
            seen.kept_unacknowledged += version > acknowledged
            seen.halves += len({row[3] for row in rows(store, "score")}) != 1
            broken = _broken(store)
    except StoreUnavailable as fault:
        seen.unopened += 1
        seen.told.append(str(fault))
        return acknowledged
    seen.unsound += bool(broken)
    seen.told += broken
    return version


def _broken(store: Store) -> list[str]:
    return [
        one.message() for one in check_integrity(store, committed_reference()) if not one.is_warning
    ]


def _version(place: Path) -> int:
    with open_store(place) as store:
        return store.version()


def _whole(answer: bytes) -> bool:
    try:
        json.loads(answer)
    except ValueError:
        return False
    return True


def _environment(place: Path | None) -> dict[str, str]:
    return os.environ | ({"ITA_DATABASE": str(place)} if place else {})


def _call(place: Path, *words: str) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-m", "ita", *words],
        cwd=PROJECT,
        env=_environment(place),
        capture_output=True,
        check=False,
    )
    return dict(json.loads(done.stdout))


@contextmanager
def _process(words: list[str], place: Path | None = None) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        words,
        cwd=PROJECT,
        env=_environment(place),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(PATIENCE)
        if process.stdout:
            process.stdout.close()


def _tally(what: str, seen: Seen, done: str = "acknowledged") -> Tally:
    note = (
        f"{done} {seen.acknowledged:,}, lost {seen.lost}, half saved {seen.halves}, "
        f"unsound {seen.unsound}, unopened {seen.unopened}"
    )
    if done == "acknowledged":
        note += f"; durable, not yet acknowledged {seen.kept_unacknowledged}"
    return Tally(what, seen.tried, seen.wrong, note)


def killed(folder: Path, seed: int, share: float = 1.0) -> Iterator[Tally]:
    """All kinds of kills. share: of the full number."""

    def times(full: int) -> int:
        return max(2, round(full * share))

    try:
        for threshold, full, what in (
            (CHECKPOINT_AT_THE_END, 120, "kill -9 while files are saved"),
            (CHECKPOINT_OFTEN, 80, "kill -9 while files are saved, some with a checkpoint"),
            (CHECKPOINT_ALWAYS, 80, "kill -9 while files are saved, each with a checkpoint"),
        ):
            yield _tally(what, kill_savings(folder, times(full), seed, threshold))
        found = kill_command_line(folder, times(60), seed)
        yield _tally("kill -9 of `python -m ita import`, then again", found)
        copied = kill_backups(folder, times(30), seed)
        yield _tally("kill -9 of `python -m ita backup`", copied, "whole copies")
        put_back = kill_restores(folder, times(30), seed)
        yield _tally("kill -9 of `python -m ita restore`", put_back, "in place of the old store")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
