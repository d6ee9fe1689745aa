"""Retention of scheduled backups: the newest of each of the last days, weeks and months."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from ita.config import RetentionCounts

_NAME = re.compile(r"ita-(\d{8}-\d{6})(?:-\d+)?\.duckdb")
_MOMENT_FORMAT = "%Y%m%d-%H%M%S"


def backup_name(moment: datetime) -> str:
    """The name of a scheduled backup: ita-20261123-170000.duckdb, local time."""
    return f"ita-{moment:{_MOMENT_FORMAT}}.duckdb"


def backup_moment(path: Path) -> datetime | None:
    """When a scheduled backup was started, by its name; None for every other file."""
    match = _NAME.fullmatch(path.name)
    try:
        return datetime.strptime(match[1], _MOMENT_FORMAT) if match else None
    except ValueError:
        return None


def scheduled_backups(files: Iterable[Path]) -> list[Path]:
    """The scheduled backups among some files, the newest first."""
    return sorted((file for file in files if backup_moment(file)), reverse=True)


def backups_to_keep(files: Iterable[Path], keep: RetentionCounts) -> set[Path]:
    """The scheduled backups to keep. Days, weeks and months without one don't count, so a machine
    that was off for a month still has as many. The newest is kept in any case."""
    newest_first = scheduled_backups(files)
    files_to_keep = set(newest_first[:1])
    for period, number in ((_day, keep.daily), (_week, keep.weekly), (_month, keep.monthly)):
        newest_of: dict[tuple[int, ...], Path] = {}
        for file in newest_first:
            newest_of.setdefault(period(_date(file)), file)
        files_to_keep |= set(list(newest_of.values())[:number])
    return files_to_keep


def _date(file: Path) -> date:
    return (backup_moment(file) or datetime.min).date()


def _day(day: date) -> tuple[int, int, int]:
    return day.year, day.month, day.day


def _week(day: date) -> tuple[int, int]:
    return day.isocalendar()[:2]


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month
