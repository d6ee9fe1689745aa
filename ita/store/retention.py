"""Which of the scheduled backups are kept: the newest of each of the last days, weeks and months."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from ita.settings import Kept

_NAME = re.compile(r"ita-(\d{8}-\d{6})(?:-\d+)?\.duckdb")
_MOMENT = "%Y%m%d-%H%M%S"


def name_at(moment: datetime) -> str:
    """The name of a scheduled backup: ita-20261123-170000.duckdb, local time."""
    return f"ita-{moment:{_MOMENT}}.duckdb"


def moment_of(place: Path) -> datetime | None:
    """When a scheduled backup was begun, by its name; None for every other file."""
    found = _NAME.fullmatch(place.name)
    try:
        return datetime.strptime(found[1], _MOMENT) if found else None
    except ValueError:
        return None


def scheduled(files: Iterable[Path]) -> list[Path]:
    """The scheduled backups among some files, the newest first."""
    return sorted((file for file in files if moment_of(file)), reverse=True)


def kept(files: Iterable[Path], keep: Kept) -> set[Path]:
    """The scheduled backups to keep. Days, weeks and months without one don't count, so a machine
    that was off for a month still has as many. The newest is kept in any case."""
    newest_first = scheduled(files)
    found = set(newest_first[:1])
    for period, number in ((_day, keep.daily), (_week, keep.weekly), (_month, keep.monthly)):
        newest_of: dict[tuple[int, ...], Path] = {}
        for file in newest_first:
            newest_of.setdefault(period(_date(file)), file)
        found |= set(list(newest_of.values())[:number])
    return found


def _date(file: Path) -> date:
    return (moment_of(file) or datetime.min).date()


def _day(day: date) -> tuple[int, int, int]:
    return day.year, day.month, day.day


def _week(day: date) -> tuple[int, int]:
    return day.isocalendar()[:2]


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month
