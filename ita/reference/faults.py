"""Errors of the reference data: the text says which file and what to fix."""

from __future__ import annotations

from pathlib import Path

from ita.i18n import _


class ReferenceFault(Exception):
    """A reference file can't be used; the text says which file, which line and what to fix."""


class UnknownYear(ReferenceFault):
    """No rules are known for a fiscal year; the text names the file to extend."""

    def __init__(self, year: int, file: Path) -> None:
        self.year = year
        self.file = file
        super().__init__(
            _(
                "ยังไม่มีเกณฑ์ของปี {year} ในแฟ้ม {file} กรุณาเพิ่มแถวของปีนี้",
                year=int(year),
                file=file,
            )
        )
