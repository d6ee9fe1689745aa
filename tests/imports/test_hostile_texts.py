"""A text as long as a cell can be never holds the interpreter: every reader takes the time of its length."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial

import pytest

from ita.charts.plotly_parts import wrapped_html
from ita.imports import agencies, agency_names, cells, skipped_rows
from ita.imports.cells import CellError
from ita.imports.datasets import Dataset, columns_of
from ita.imports.header_names import header_name
from ita.imports.quarters import quarter_year
from ita.imports.readers import broken_text
from ita.reference import Reference
from tests.hostile import BEFORE, LONGEST, REPEATED
from tests.patience import takes_at_most

MOST_SECONDS = 0.5
"""A fifth of a second where nothing else runs; quadratic time is far above."""

BEHIND = ("!", "1")


def hostile(before: Iterable[str], repeated: Iterable[str]) -> Iterable[str]:
    for start in before:
        for piece in repeated:
            for end in BEHIND:
                middle = piece * ((LONGEST - len(start) - len(end)) // len(piece))
                yield start + middle + end


def _checks(reference: Reference) -> dict[str, Callable[[str], object]]:
    # Each reader once, by the last column that has it.
    readers = {c.read: f"{kind} {c.name}" for kind in Dataset for c in columns_of(kind, reference)}
    known = agencies.SpoiltIds(["0041", "1-2", "1101012345678"])
    return {
        **{name: read for read, name in readers.items()},
        "tidy": cells.tidy,
        "cell_text": cells.cell_text,
        "listed": cells.listed,
        "fold": cells.fold,
        "quarter_year": quarter_year,
        "damage": broken_text.damage,
        "damage_in_list": broken_text.damage_in_list,
        "spelled_out": agency_names.spelled_out,
        "without_province": lambda text: list(agency_names.without_province(text)),
        "spoilt id": known.before,
        "why_spoilt": agencies.why_spoilt,
        "header_name": header_name,
        "no name": skipped_rows._says_no_name,
        "total": skipped_rows._is_total,
        "words of a row": lambda text: skipped_rows.Skipped(0, 1, [text]).words,
        "tooltip": wrapped_html,
    }


def _checked(check: Callable[[str], object], text: str) -> None:
    with suppress(CellError):
        check(text)


def _slow(checks: dict[str, Callable[[str], object]], texts: Iterable[str]) -> list[str]:
    """What takes longer than it may, with the text."""
    found = []
    for text in texts:
        for name, check in checks.items():
            if not takes_at_most(MOST_SECONDS, partial(_checked, check, text)):
                found.append(f"{name}: {text[:20]!r} … {text[-8:]!r}")
    return found


@pytest.mark.slow
@pytest.mark.parametrize("before", BEFORE)
def test_every_reader_and_check_takes_the_time_of_a_text_s_length(
    before: str, reference: Reference
) -> None:
    assert not _slow(_checks(reference), hostile([before], REPEATED))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("damage_in_list", "\n" * LONGEST),
        ("progress quarter", "," * LONGEST),
        ("measures indicator", f"1{' ' * LONGEST}1"),
        ("measures indicator", "1" * LONGEST),
        ("listed", "[" * LONGEST),
        ("total", f"รวม{'1' * LONGEST}!"),
        ("header_name", f"ปี{'*' * LONGEST}!"),
        ("header_name", "คะแนน" + "เต็ม1" * (LONGEST // 5)),
        ("header_name", "คะแนน" + "(100)" * (LONGEST // 5)),
        ("without_province", "จังหวัด" * (LONGEST // 7)),
        ("without_province", f"{'a ' * (LONGEST // 2)}ก"),
        ("no name", f"1{' ' * LONGEST}คะแนน"),
        ("tooltip", "\t" * LONGEST),
    ],
)
def test_texts_that_once_held_everybody_up(name: str, text: str, reference: Reference) -> None:
    checks = _checks(reference)
    assert not _slow({name: checks[name]}, [text])
