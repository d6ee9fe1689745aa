"""Looking at an import beforehand: nothing stays, and what is confirmed is what was seen."""

from __future__ import annotations

from datetime import date

import pytest

from ita.config import Limits
from ita.domain import FiscalYear
from ita.imports.datasets import Dataset
from ita.imports.draft import ImportRequest
from ita.imports.problems import ProblemKind
from ita.imports.saving import ImportPreview, ImportResult, import_file, preview_import
from ita.imports.validation.rows import ValidatedFile
from ita.reports.published_figures import Figures, figure_changes, load_published_figures
from ita.store import Cursor, Store
from tests.imports.bringing import (
    MEASURES,
    NARRATIVE,
    PROGRESS,
    SCORES,
    TESTER,
    committed_reference,
    counts,
    everything,
    taken,
    two_agencies,
    undo,
    with_measures,
)
from tests.store.replaying import replayed

TODAY = date(2024, 5, 1)


def _figures(cursor: Cursor, checked: ValidatedFile) -> Figures:
    years = {FiscalYear(year) for year in checked.frame["fiscal_year"]}
    return load_published_figures(cursor, "A", years, committed_reference(), TODAY)


def request(kind: str, content: str, name: str = "file.csv") -> ImportRequest:
    return ImportRequest(Dataset(kind), content.encode(), name)


def looked_at(store: Store, kind: str, content: str) -> ImportPreview[Figures]:
    return preview_import(
        store, request(kind, content), committed_reference(), Limits(), TESTER, _figures
    )


def confirmed(store: Store, kind: str, content: str, seen: int | None) -> ImportResult:
    asked = request(kind, content)
    return import_file(
        store, asked, committed_reference(), Limits(), TESTER, "r", seen_version=seen
    )


def changed(found: ImportPreview[Figures]) -> dict[str, tuple[str, str]]:
    changes = figure_changes(found.before or {}, found.after or {})
    return {change.name: (change.before, change.after) for change in changes}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("scores", f"{SCORES}2567,A,91.07\n"),
        ("measures", f"{MEASURES}2567,A,OIT,1,สี่\n2567,A,IIT,1,แก้\n"),
        ("progress", f"{PROGRESS}2567,1,A,IIT,1,50\n"),
        ("narrative", f"{NARRATIVE}2567,A,IIT,สรุปผล,1,ทำแล้ว,1\n"),
        ("progress", f"{PROGRESS}2567,1,A,IIT,1,ห้าสิบ\n"),
        ("progress", "ก,ข\n1,2\n"),
        ("progress", ""),
    ],
)
def test_nothing_of_a_look_stays(kind: str, content: str, store: Store) -> None:
    with_measures(store)
    before, log, version = everything(store), replayed(store), store.version()
    for _ in range(2):
        found = looked_at(store, kind, content)
        assert found.version == version
        assert (everything(store), replayed(store), store.version()) == (before, log, version)
        with store.reading() as cursor:
            assert cursor.execute("SELECT count(*) FROM upload").fetchone() == (2,)


def test_a_look_is_nothing_of_even_when_the_look_fails(store: Store) -> None:
    with_measures(store)
    before = everything(store)

    def broken(cursor: Cursor, checked: ValidatedFile) -> str:
        if cursor.execute("SELECT count(*) FROM completion").fetchone() != (0,):
            raise RuntimeError
        return "looked"

    with pytest.raises(RuntimeError):
        preview_import(
            store,
            request("progress", f"{PROGRESS}2567,1,A,IIT,1,50\n"),
            committed_reference(),
            Limits(),
            TESTER,
            broken,
        )
    assert everything(store) == before


def test_where_nobody_looks_nothing_is_brought_in_to_be_looked_at(store: Store) -> None:
    with_measures(store)
    looks: list[int] = []

    def declined(cursor: Cursor, checked: ValidatedFile) -> None:
        looks.append(len(checked.lines))

    asked = request("progress", f"{PROGRESS}2567,1,A,IIT,1,50\n")
    found = preview_import(store, asked, committed_reference(), Limits(), TESTER, declined)
    assert looks == [1]
    assert (found.before, found.after) == (None, None)
    assert found.outcome.accepted
    assert len(found.outcome.differences) == 1


def test_the_figures_are_those_before_and_after(store: Store) -> None:
    with_measures(store)
    taken(store, "progress", f"{PROGRESS}2567,2,A,IIT,1,40\n2567,2,A,IIT,2,42\n")
    found = looked_at(store, "progress", f"{PROGRESS}2567,2,A,IIT,1,50\n2567,2,A,EIT,1,73\n")
    name = "ความสำเร็จเฉลี่ยไตรมาส 2/2567"
    assert changed(found)[name] == (
        "41 % (รายงาน 2 จาก 3 มาตรการ)",
        "55 % (รายงาน 3 จาก 3 มาตรการ)",
    )
    assert counts(found.outcome) == (1, 1, 0)
    stored = confirmed(store, "progress", f"{PROGRESS}2567,2,A,IIT,1,50\n2567,2,A,EIT,1,73\n", None)
    assert counts(stored) == counts(found.outcome)
    with store.reading() as cursor:
        now = load_published_figures(cursor, "A", {FiscalYear(2567)}, committed_reference(), TODAY)
    assert now == found.after


def test_the_difference_names_each_field_old_and_new(store: Store) -> None:
    with_measures(store)
    taken(store, "progress", f"{PROGRESS}2567,2,A,IIT,1,40\n")
    found = looked_at(store, "progress", f"{PROGRESS}2567,2,A,IIT,1,50\n2567,2,A,EIT,1,73\n")
    told = {(d.key["instrument"], d.field, d.old, d.new) for d in found.outcome.differences}
    assert told == {("IIT", "percent", 40.0, 50.0), ("EIT", "percent", None, 73.0)}


@pytest.mark.slow
def test_stored_rows_of_the_period_that_the_file_lacks_are_counted(store: Store) -> None:
    with_measures(store)
    taken(
        store,
        "progress",
        f"{PROGRESS}2567,1,A,IIT,1,10\n2567,1,A,IIT,2,10\n2567,2,A,IIT,1,20\n",
    )
    one = looked_at(store, "progress", f"{PROGRESS}2567,1,A,IIT,1,11\n")
    assert one.outcome.missing == 1  # IIT 2 of the same quarter; the other quarter isn't spoken of
    both = looked_at(store, "progress", f"{PROGRESS}2567,1,A,IIT,1,11\n2567,2,A,EIT,1,20\n")
    assert both.outcome.missing == 2
    assert looked_at(store, "measures", f"{MEASURES}2567,A,IIT,1,ใหม่\n").outcome.missing == 2
    assert looked_at(store, "measures", f"{MEASURES}2568,A,IIT,1,ใหม่\n").outcome.missing == 0


def test_what_would_not_be_accepted_shows_no_figures(store: Store) -> None:
    found = looked_at(with_measures(store), "progress", f"{PROGRESS}2567,1,A,IIT,9,50\n")
    assert not found.outcome.accepted
    assert (found.before, found.after) == (None, None)
    assert found.checked is not None
    unreadable = looked_at(store, "progress", "")
    assert (unreadable.checked, unreadable.outcome.accepted) == (None, False)


def test_what_came_before_already_is_said_and_has_no_effect(store: Store) -> None:
    content = f"{SCORES}2567,A,91.07\n"
    taken(two_agencies(store), "scores", content)
    found = looked_at(store, "scores", content)
    assert [p.kind for p in found.outcome.problems] == [ProblemKind.ALREADY_IMPORTED]
    assert (found.outcome.batch, found.before, found.after) == (2, None, None)


def test_somebody_else_saves_meanwhile_and_nothing_is_stored(store: Store) -> None:
    with_measures(store)
    content = f"{PROGRESS}2567,1,A,IIT,1,50\n"
    found = looked_at(store, "progress", content)
    taken(store, "scores", f"{SCORES}2567,A,91.07\n")
    before, version = everything(store), store.version()
    outcome = confirmed(store, "progress", content, found.version)
    assert (outcome.stale, outcome.accepted, outcome.batch) == (True, False, None)
    assert (everything(store), store.version()) == (before, version)
    again = looked_at(store, "progress", content)
    stored = confirmed(store, "progress", content, again.version)
    assert (stored.stale, stored.accepted, stored.batch) == (False, True, version + 1)


def test_an_undo_meanwhile_is_a_change_too(store: Store) -> None:
    with_measures(store)
    first = taken(store, "progress", f"{PROGRESS}2567,1,A,IIT,1,50\n")
    found = looked_at(store, "progress", f"{PROGRESS}2567,2,A,IIT,1,60\n")
    assert first.batch
    undo(store, first.batch, "p", "r")
    outcome = confirmed(store, "progress", f"{PROGRESS}2567,2,A,IIT,1,60\n", found.version)
    assert outcome.stale


def test_a_second_click_finds_the_file_imported_and_not_stale(store: Store) -> None:
    with_measures(store)
    content = f"{PROGRESS}2567,1,A,IIT,1,50\n"
    seen = looked_at(store, "progress", content).version
    first = confirmed(store, "progress", content, seen)
    second = confirmed(store, "progress", content, seen)
    assert (second.accepted, second.stale, second.batch) == (True, False, first.batch)
