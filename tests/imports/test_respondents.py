"""How many people answered: into the store, out of it, and into a store of an older version."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ita.domain import FiscalYear, Instrument
from ita.exports.templates import load_template, template_csv
from ita.imports.cells import MAX_RESPONDENTS, CellError, respondents
from ita.imports.datasets import Dataset
from ita.scores.queries import load_published_scores
from ita.store import Store, migrations, open_store
from ita.store.changes import rows_as_of
from tests.imports.bringing import (
    AGENCIES,
    SCORES,
    committed_reference,
    counts,
    found,
    rows,
    take,
    taken,
    two_agencies,
    undo,
)

ANSWERED = "ปีงบประมาณ,หน่วยงาน,คะแนนรวม,ผู้ตอบ IIT,ผู้ตอบ EIT\n"


@pytest.mark.parametrize(
    ("written", "meant"),
    [("85", 85), ("๘๕", 85), ("1,234", 1234), ("1,234 คน", 1234), ("85.0", 85), ("1", 1)],
)
def test_a_number_of_people(written: str, meant: int) -> None:
    assert respondents(written) == meant


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("0", "out-of-range"),
        ("-5", "out-of-range"),
        ("85.5", "out-of-range"),
        (str(MAX_RESPONDENTS + 1), "out-of-range"),
        ("ราว 80", "not-a-number"),
        ("1,23", "not-a-number"),
    ],
)
def test_what_is_no_number_of_people_is_refused(written: str, kind: str) -> None:
    with pytest.raises(CellError, match=kind):
        respondents(written)


def answered(store: Store, agency: str = "A") -> dict[int, dict[Instrument, int]]:
    with store.reading() as cursor:
        return {s.fiscal_year: dict(s.respondents) for s in load_published_scores(cursor, agency)}


def test_respondents_stand_with_the_scores_of_their_year(store: Store) -> None:
    text = f'{ANSWERED}2566,A,80,-,\n2567,A,81,๘๕,"1,234"\n2568,A,82,90,\n'
    taken(two_agencies(store), "scores", text)
    assert answered(store) == {
        2566: {},
        2567: {Instrument.IIT: 85, Instrument.EIT: 1234},
        2568: {Instrument.IIT: 90},
    }


def test_a_file_without_the_columns_leaves_them_and_a_blank_takes_them_out(store: Store) -> None:
    taken(two_agencies(store), "scores", f"{ANSWERED}2567,A,81,85,90\n")
    taken(store, "scores", f"{SCORES}2567,A,82\n")
    assert answered(store)[2567] == {Instrument.IIT: 85, Instrument.EIT: 90}
    shown = taken(store, "scores", f"{ANSWERED}2567,A,82,86,-\n", dry_run=True)
    assert [(c.field, c.old, c.new) for c in shown.differences] == [
        ("iit_respondents", 85, 86),
        ("eit_respondents", 90, None),
    ]
    batch = taken(store, "scores", f"{ANSWERED}2567,A,82,86,-\n").batch or 0
    assert answered(store)[2567] == {Instrument.IIT: 86}
    undo(store, batch, "p", "r")
    assert answered(store)[2567] == {Instrument.IIT: 85, Instrument.EIT: 90}


def test_respondents_alone_are_no_scores(store: Store) -> None:
    outcome = take(two_agencies(store), "scores", f"{ANSWERED}2567,A,,85,90\n")
    assert found(outcome) == [("required-value", 2, None)]


def test_the_form_of_a_year_keeps_them(store: Store) -> None:
    taken(two_agencies(store), "scores", f"{ANSWERED}2567,A,81,85,90\n")
    with store.reading() as cursor:
        made = load_template(
            cursor, Dataset.SCORES, "A", FiscalYear(2567), None, committed_reference()
        )
    assert counts(taken(store, "scores", template_csv(made))) == (0, 0, 1)
    assert answered(store)[2567] == {Instrument.IIT: 85, Instrument.EIT: 90}


@pytest.mark.slow
def test_a_store_of_an_older_version_is_upgraded_with_its_history(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows and log of before the step know no respondents; both stay usable after it."""
    before = tmp_path / "before"
    before.mkdir()
    for number, file in migrations():
        if number < 4:
            shutil.copy(file, before / file.name)
    place = tmp_path / "ita.duckdb"
    monkeypatch.setattr("ita.store.engine.MIGRATIONS", before)
    with open_store(place) as old, old.writing() as cursor:
        cursor.execute("INSERT INTO agency (agency_id, name_th) VALUES ('A', 'ก')")
        cursor.execute("INSERT INTO annual_result VALUES ('A', 2567, 'ผ่าน', 'ประกาศ')")
        cursor.execute("INSERT INTO score VALUES ('A', 2567, 'total', 88)")
    monkeypatch.undo()
    with open_store(place) as opened:
        assert answered(opened) == {2567: {}}
        taken(opened, "agencies", AGENCIES)
        version = opened.version()
        taken(opened, "scores", f"{ANSWERED}2567,A,88,85,90\n")
        taken(opened, "annotations", "วันที่,หน่วยงาน,เหตุการณ์\n1/5/67,A,ก\n")
        assert answered(opened)[2567] == {Instrument.IIT: 85, Instrument.EIT: 90}
        with opened.reading() as cursor:
            (was,) = rows_as_of(cursor, "annual_result", version)
        assert (was["level"], was["eit_respondents"]) == ("ผ่าน", None)
        undo(opened, version + 1, "p", "r")
        assert answered(opened) == {2567: {}}
        assert rows(opened, "annual_result", "level, source") == [("ผ่าน", "ประกาศ")]
