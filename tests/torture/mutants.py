"""Files with something done to them, through the real reading and checking: never a traceback.

File number n of a seed is always the same file, whoever makes it: `python -m tests.torture mutants
--seed S --only N` does one again, and says what it was made of.
"""

from __future__ import annotations

import io
import multiprocessing
import random
import re
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ita.config import PROJECT
from ita.exports.writers import load_export
from ita.imports.datasets import Dataset
from ita.imports.problems import Problem
from ita.store import Store, open_memory_store
from tests.imports.bringing import committed_reference, export_bytes, take, with_samples
from tests.torture.tally import Tally

FAULTY = PROJECT / "tests" / "faulty" / "files"
SAMPLES = PROJECT / "data" / "samples"
LARGEST = 60_000
"""Larger seeds are left out: what is wrong with a file is seldom its length, and time is short."""
SHOWN_PROBLEMS = 30
AT_ONCE = 200
SLOW = 20.0
"""Seconds of the processor that no small file may take."""

Bytes = bytearray
Change = Callable[[bytearray, random.Random], bytearray]


@dataclass(frozen=True)
class Seed:
    """A file to begin with. kind: as what it is brought in."""

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True)
class Mutant:
    number: int
    seed: Seed
    changes: tuple[str, ...]
    content: bytes
    kind: str
    name: str


@lru_cache(maxsize=1)
def the_store() -> Store:
    return with_samples(open_memory_store())


@lru_cache(maxsize=1)
def seeds() -> tuple[Seed, ...]:
    """Good files of every kind in every form, and the folder of faulty ones."""
    found: list[Seed] = []
    for kind in Dataset:
        with the_store().reading() as cursor:
            table = load_export(cursor, kind.value, committed_reference())
        plain = export_bytes(table, "csv")
        found += [Seed(f"{kind}.{form}", kind.value, export_bytes(table, form)) for form in FORMS]
        text = plain.decode("utf-8-sig")
        for encoding in ("utf-16", "utf-16-be", "cp874"):
            content = text.encode(encoding, "replace")
            found.append(Seed(f"{kind}-{encoding}.csv", kind.value, content))
        for separator in ";\t|":
            found.append(
                Seed(
                    f"{kind}{ord(separator)}.csv", kind.value, text.replace(",", separator).encode()
                )
            )
    for file in sorted((*FAULTY.iterdir(), *SAMPLES.glob("*.csv"))):
        found.append(Seed(file.name, _kind_of(file), file.read_bytes()))
    return tuple(seed for seed in found if len(seed.content) <= LARGEST)


FORMS = ("csv", "xlsx", "json", "parquet")


def _kind_of(file: Path) -> str:
    words = file.name.replace("_", " ").split(".")[0]
    return next((kind.value for kind in Dataset if kind.value in words), "progress")


def _flip(content: bytearray, dice: random.Random) -> bytearray:
    for _ in range(dice.choice((1, 1, 2, 8, 40))):
        if content:
            content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
    return content


def _overwrite(content: bytearray, dice: random.Random) -> bytearray:
    if content:
        content[dice.randrange(len(content))] = dice.randrange(256)
    return content


def _insert(content: bytearray, dice: random.Random) -> bytearray:
    place = dice.randrange(len(content) + 1)
    content[place:place] = dice.choice(INSERTED)
    return content


def _cut(content: bytearray, dice: random.Random) -> bytearray:
    place = dice.randrange(len(content) + 1)
    del content[place : place + dice.choice((1, 3, 50, 5000))]
    return content


def _cut_off(content: bytearray, dice: random.Random) -> bytearray:
    return content[: dice.randrange(len(content) + 1)]


def _repeat(content: bytearray, dice: random.Random) -> bytearray:
    place, length = dice.randrange(len(content) + 1), dice.choice((2, 80, 2000))
    content[place:place] = content[place : place + length]
    return content


def _swap(content: bytearray, dice: random.Random) -> bytearray:
    one, other = dice.choice(SWAPPED)
    return bytearray(bytes(content).replace(one, other, dice.choice((1, 5, -1))))


def _long_cell(content: bytearray, dice: random.Random) -> bytearray:
    place = dice.randrange(len(content) + 1)
    content[place:place] = dice.choice(LONG) * dice.choice((50, 1_000, 35_000))
    return content


def _encode(content: bytearray, dice: random.Random) -> bytearray:
    text = bytes(content).decode(dice.choice(ENCODINGS), "replace")
    return bytearray(text.encode(dice.choice(ENCODINGS), "replace"))


def _mark(content: bytearray, dice: random.Random) -> bytearray:
    return bytearray(dice.choice(MARKS)) + content


def _inside_zip(content: bytearray, dice: random.Random) -> bytearray:
    """Something done to one part of an archive, which is whole otherwise."""
    try:
        with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    except Exception:  # no archive, or one that is spoilt already
        return _flip(content, dice)
    name = dice.choice(sorted(parts))
    match dice.randrange(5):
        case 0:
            del parts[name]
        case 1:
            parts[dice.choice(("../x", "xl/worksheets/sheet9.xml", name + "x"))] = parts.pop(name)
        case _:
            act = dice.choice((_flip, _cut, _insert, _overwrite, _repeat, _cut_off, _long_cell))
            parts[name] = bytes(act(bytearray(parts[name]), dice))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, inside in parts.items():
            archive.writestr(part, inside)
    return bytearray(stream.getvalue())


INSERTED = (
    *(b'"', b"'", b",", b";", b"\t", b"|", b"\n", b"\r", b"\r\n", b"\x00", b"\x00" * 9, b"\x1a"),
    *(b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xe0\xb8", b"\xe0\xb8\x81", b"\xed\xa0\x80"),
    *(
        b"[{",
        b"}]",
        b"<r>",
        b"&#x0;",
        b"=1+1",
        b"@",
        b"9" * 60,
        b"-",
        b"1e999",
        b"NaN",
        b"PK\x03\x04",
    ),
    *("๒๕๖๗".encode(), "\u200b".encode(), "😀".encode(), "\u202e".encode(), b"\\", b"%s{}"),
)
SWAPPED = (
    *(
        (b",", b";"),
        (b",", b"\t"),
        (b",", b""),
        (b"\n", b"\r"),
        (b"\n", b"\r\n"),
        (b"\n", b""),
        (b'"', b""),
    ),
    *(
        (b",", b',"'),
        (b"2567", b"67"),
        (b"2567", b"2024"),
        (b"2567", "๒๕๖๗".encode()),
        (b".", b","),
    ),
    *((b"1", b"-1"), (b"0", b"O"), (b"A", b"a"), (b"IIT", b"EIT"), (b"{", b"["), (b"<", b"&lt;")),
)
LONG = (b"x", "ก".encode(), b'"', b",", b" ", b"\n", "😀".encode(), b"0", b"\x00")
ENCODINGS = (
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-be",
    "utf-16-le",
    "utf-32",
    "cp874",
    "latin-1",
    "utf-7",
)
MARKS = (
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xfe\xff",
    b"\xff\xfe\x00\x00",
    b"sep=;\n",
    b"PK\x03\x04",
    b"\n\n\n",
)
CHANGES: dict[str, tuple[Change, int]] = {
    "bits flipped": (_flip, 5),
    "byte overwritten": (_overwrite, 4),
    "inserted": (_insert, 6),
    "cut out": (_cut, 4),
    "cut off": (_cut_off, 2),
    "repeated": (_repeat, 3),
    "swapped": (_swap, 4),
    "long cell": (_long_cell, 1),
    "encoded anew": (_encode, 3),
    "marked": (_mark, 2),
    "inside the archive": (_inside_zip, 4),
}
NAMES = ("x.csv", "x.xlsx", "x.json", "x.parquet", "x.zip", "x.txt", "x", "../../x.csv", "ก.xls")


def mutant(seed: int, number: int) -> Mutant:
    dice = random.Random(f"{seed} {number}")
    begun = dice.choice(seeds())
    words, weights = list(CHANGES), [weight for _, weight in CHANGES.values()]
    chosen = dice.choices(words, weights, k=dice.choice((1, 1, 1, 2, 3, 6)))
    content = bytearray(begun.content)
    for word in chosen:
        content = CHANGES[word][0](content, dice)
    kind = begun.kind if dice.random() < 0.85 else dice.choice([k.value for k in Dataset])
    name = begun.name if dice.random() < 0.85 else dice.choice(NAMES)
    return Mutant(number, begun, tuple(chosen), bytes(content), kind, name)


@dataclass(frozen=True)
class Fate:
    """What became of a mutant. how: accepted, refused, or the fault; trace: of a fault only."""

    number: int
    how: str
    seconds: float
    trace: str = ""


def _is_a_sentence(problem: Problem) -> bool:
    """Told, with every place filled; what stands in the file may hold braces itself."""
    told = str(problem.as_json()["message"])
    for words in (problem.value, problem.column, *problem.expected.values()):
        told = told.replace(str(words), "") if words else told
    return not re.search(r"\{[a-z_]+\}", told) and bool(problem.message())


def try_out(one: Mutant) -> Fate:
    begun = time.process_time()  # the clock would blame a file for a busy machine
    try:
        outcome = take(the_store(), one.kind, one.content, name=one.name, dry_run=True)
        if outcome.accepted != (not any(problem.blocks for problem in outcome.problems)):
            raise AssertionError("accepted with what blocks, or refused without")
        for problem in outcome.problems[:SHOWN_PROBLEMS]:
            if not _is_a_sentence(problem):
                raise AssertionError(f"no sentence: {problem}")
        list(outcome.differences[:SHOWN_PROBLEMS])
        how = "accepted" if outcome.accepted else "refused"
        trace = ""
    except Exception as fault:
        how = f"{type(fault).__name__}: {str(fault)[:120]}"
        trace = traceback.format_exc()
    return Fate(one.number, how, time.process_time() - begun, trace)


def _try_many(seed: int, numbers: range) -> list[Fate]:
    return [try_out(mutant(seed, number)) for number in numbers]


def fates(seed: int, numbers: range, workers: int) -> Iterator[Fate]:
    """Try mutants out in several processes; one that ends a process is found by halving."""
    if not len(numbers):
        return
    pieces = [numbers[at : at + AT_ONCE] for at in range(0, len(numbers), AT_ONCE)]
    dead: list[range] = []
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        waiting = {pool.submit(_try_many, seed, piece): piece for piece in pieces}
        for done in as_completed(waiting):
            try:
                yield from done.result()
            except BrokenProcessPool:
                dead.append(waiting[done])
    for piece in dead:
        yield from _halved(seed, piece)


def _halved(seed: int, numbers: range) -> Iterator[Fate]:
    """Of a piece at which a process died, or that waited when another did: each part by itself."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        try:
            yield from pool.submit(_try_many, seed, numbers).result()
            return
        except BrokenProcessPool:
            pass
    if len(numbers) == 1:
        yield Fate(numbers[0], "the process died", 0.0, "no trace")
        return
    middle = len(numbers) // 2
    yield from _halved(seed, numbers[:middle])
    yield from _halved(seed, numbers[middle:])


def mutated(seed: int, count: int, workers: int = 2) -> Iterator[Tally]:
    """One tally for all; a fault tells its number, by which it can be done again."""
    how: Counter[str] = Counter()
    wrong: list[Fate] = []
    slowest = 0.0
    for fate in fates(seed, range(count), workers):
        how[fate.how if not fate.trace else "fault"] += 1
        slowest = max(slowest, fate.seconds)
        if fate.trace or fate.seconds > SLOW:
            wrong.append(fate)
    note = f"refused {how['refused']:,}, accepted {how['accepted']:,}; slowest {slowest:.1f} s"
    for fate in wrong[:5]:
        note += f"; {fate.number}: {fate.how}"
    yield Tally(f"mutated files, seed {seed}", count, len(wrong), note)
