"""docs/reliability.md says what the code says."""

from __future__ import annotations

from ita.config import PROJECT, RetentionCounts
from ita.integrity.findings import SENTENCES, WARNINGS, FindingKind
from ita.store.schedule import backup_name
from tests.test_documentation import _rows
from tests.torture.__main__ import PARTS

DOCUMENT = (PROJECT / "docs" / "reliability.md").read_text(encoding="utf-8")


def test_every_kind_of_finding_stands_there() -> None:
    section = DOCUMENT.split("## What `check` finds")[1].split("\n## ")[0]
    written = {row[0].strip("`"): (row[1], row[2]) for row in _rows(section) if row[0][0] == "`"}
    assert written == {
        kind.value: ("warns" if kind in WARNINGS else "broken", SENTENCES[kind])
        for kind in FindingKind
    }


def test_figures_stand_there_and_nothing_went_wrong() -> None:
    section = DOCUMENT.split("## What was tried")[1]
    # What small things cost stands there as it was measured, with what is not yet as it must be.
    before, small = section.split("### Small things that would stop the server")
    others = small.split("### Files made to hurt who reads them")[1].split("\n### ", 1)[1]
    section = before + others
    figures = [row for row in _rows(section) if row[1].replace(",", "").isdecimal()]
    assert len(figures) >= 20
    assert {row[2] for row in figures} == {"0"}
    tried = {row[0]: int(row[1].replace(",", "")) for row in figures}
    assert sum(n for what, n in tried.items() if "files are saved" in what) >= 200
    assert sum(n for what, n in tried.items() if "mutated files" in what) >= 100_000
    assert " ".join(PARTS) in section.replace("kills faults together mutants", " ".join(PARTS))


def test_names_and_numbers_of_backups() -> None:
    from datetime import datetime

    assert backup_name(datetime(2026, 11, 23, 17)) in DOCUMENT
    keep = RetentionCounts()
    assert f"ITA_BACKUP_KEEP={keep.daily},{keep.weekly},{keep.monthly}" in DOCUMENT
