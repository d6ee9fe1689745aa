"""A little of `make torture`, so that it stays true from day to day."""

from __future__ import annotations

import os
from pathlib import Path
from unittest.mock import patch

import pytest

from ita.store import Store
from ita.web.paths import HISTORY, TREND, UPLOAD
from tests.serving import serving
from tests.torture import doors, small, together
from tests.torture.breaking import FAULTS, fill
from tests.torture.kills import CHECKPOINT_ALWAYS, kill_savings
from tests.torture.mutants import CHANGES, mutant, seeds, try_out
from tests.torture.tally import Tally, table
from tests.torture.together import RIVALS, SAVERS, meet
from tests.web.asking import ask
from tests.web.conftest import Office, furnish


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="kill -9 is a signal")
def test_a_killed_import_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    seen = kill_savings(tmp_path, 3, seed=1, threshold=CHECKPOINT_ALWAYS)
    assert seen.tried == 3
    assert seen.wrong == 0, seen


@pytest.mark.slow
def test_all_at_once_is_as_one_after_the_other(store: Store) -> None:
    with patch.object(together, "PAUSE", 0.05):
        meeting = meet(store, seed=1, rounds=1, readers=4)
    assert meeting.wrong == []
    assert len(meeting.accepted) == SAVERS + RIVALS
    assert meeting.looks
    assert len(meeting.seen) > 1


@pytest.mark.slow
def test_a_lost_update_would_be_found(store: Store) -> None:
    """The comparison itself: a file that changes nothing any more counts as lost."""
    with patch.object(together, "PAUSE", 0.05):
        meeting = meet(store, seed=1, rounds=1, readers=1)
        with store.writing() as cursor:
            cursor.execute("UPDATE completion SET percent = 3 WHERE seq = 1")
        together._compare(store, meeting, 1)
    assert meeting.wrong == ["the end differs from the serial run"]


@pytest.mark.slow
def test_mutated_files_end_in_sentences() -> None:
    found = [try_out(mutant(2567, number)) for number in range(60)]
    assert [fate for fate in found if fate.trace] == []
    assert {fate.how for fate in found} == {"accepted", "refused"}


def test_the_same_number_is_the_same_file() -> None:
    assert mutant(1, 5).content == mutant(1, 5).content
    assert {mutant(1, number).content for number in range(9)} != {
        mutant(2, number).content for number in range(9)
    }
    tried = {change for number in range(200) for change in mutant(1, number).changes}
    assert tried == set(CHANGES)
    assert len({seed.kind for seed in seeds()}) == 6


def test_what_a_page_shows_to_the_wrong_people_is_found() -> None:
    assert doors.fault_of("88.92", set(), TREND, "nobody")
    assert doors.fault_of("", {"trend"}, TREND, "gone")
    assert doors.fault_of("scores.csv", set(), HISTORY, "viewer")
    assert doors.fault_of("", set(), TREND, "viewer")
    assert not doors.fault_of("หน่วยงานตัวอย่าง", {"trend"}, HISTORY, "viewer")
    assert not doors.fault_of("88.92", {"trend"}, TREND, "viewer")


@pytest.mark.slow
def test_clicks_on_what_others_see_do_nothing_and_their_own_would_show(tmp_path: Path) -> None:
    tokens = furnish(tmp_path)
    others = doors.clicked(tmp_path, tokens, [(UPLOAD, "viewer"), (UPLOAD, "other-staff")])
    assert others.wrong == []
    assert others.tried > 2
    assert doors.clicked(tmp_path, tokens, [(UPLOAD, "admin")]).wrong  # takes the samples out


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["clock jumps by decades", "log of another store"])
def test_faults_of_the_torture_that_no_other_test_injects(tmp_path: Path, fault: str) -> None:
    import random

    place = tmp_path / "ita.duckdb"
    fill(place)
    FAULTS[fault](place, random.Random(1))


def test_the_table_lines_up() -> None:
    lines = table([Tally("a", 1200, 0, "x"), Tally("longer", 1, 1)]).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert "1,200" in lines[2]


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="reads memory as Linux tells it")
def test_small_things_end_in_a_sentence(tmp_path: Path) -> None:
    """Without the limits on time and memory, which a machine busy with other tests can't hold."""
    tokens = furnish(tmp_path)
    assert small.store_texts(tmp_path) == len(small.TEXTS_TO_STORE)
    with serving(tmp_path) as served:
        ask(served, "/sign-in")
        watch = small.Watch(served)
        stage = small.Stage(Office(served, tokens), watch, watch.megabytes())
        files = [
            *small.bombs(stage, small.PARQUET, ["parquet-runs"]),
            *small.bombs(stage, small.XLSX, ["xlsx-gaps-of-both"]),
        ]
        tried = [*small.looks(stage), *files]
        assert watch.alive()
    assert [one.name for one in tried if one.sentence is None] == []
    assert {one.name for one in tried} >= {"claims 2567", "report 2567", "parquet-runs"}


def test_what_an_attack_may_not_do_is_told() -> None:
    assert small.Attack("a", sentence=0.1, megabytes=10, health=0.1).judged().faults == []
    for wrong in (
        small.Attack("a", sentence=None),
        small.Attack("a", sentence=9.0),
        small.Attack("a", sentence=0.1, megabytes=900),
        small.Attack("a", sentence=0.1, health=1.0),
    ):
        assert wrong.judged().faults
