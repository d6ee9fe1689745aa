"""Several files as one change: all of them, or none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ita import logs
from ita.auth.permissions import Role, User, machine_owner
from ita.config import Limits
from ita.imports.datasets import Dataset
from ita.imports.draft import ImportRequest
from ita.imports.problems import ProblemKind
from ita.imports.saving import import_files
from ita.imports.several_files import FilesPreview, preview_files
from ita.logs import LogEvent
from ita.store import Cursor, Store, one_value
from tests.imports.bringing import MEASURES, NARRATIVE, committed_reference, everything, taken
from tests.imports.bringing import with_measures as two_agencies_with_measures

OWNER = machine_owner("tester")
MEASURE = ImportRequest(Dataset.MEASURES, f"{MEASURES}2567,A,IIT,3,สาม\n".encode(), "m.csv", "A")
RESULT = ImportRequest(
    Dataset.NARRATIVE, f"{NARRATIVE}2567,A,IIT,สรุปผล,1,ทำแล้ว,3\n".encode(), "n.csv", "A"
)
WRONG = ImportRequest(
    Dataset.NARRATIVE, f"{NARRATIVE}2567,A,IIT,สรุปผล,1,ทำแล้ว,9\n".encode(), "n.csv", "A"
)


@pytest.fixture
def filled(store: Store) -> Store:
    return two_agencies_with_measures(store)


def saved(store: Store, *requests: ImportRequest, seen: int | None = None, who: User = OWNER):  # type: ignore[no-untyped-def]
    reference = committed_reference()
    return import_files(store, requests, reference, Limits(), who, "เหตุผล", seen_version=seen)


def looked(
    store: Store, *requests: ImportRequest, who: User = OWNER
) -> FilesPreview[tuple[int, int]]:
    def look(cursor: Cursor) -> tuple[int, int]:
        return (
            one_value(cursor, "SELECT count(*) FROM measure"),
            one_value(cursor, "SELECT count(*) FROM narrative"),
        )

    return preview_files(store, requests, committed_reference(), Limits(), who, look)


def test_a_later_file_may_speak_of_what_an_earlier_one_brings(filled: Store) -> None:
    before = filled.version()
    first, second = saved(filled, MEASURE, RESULT)
    assert (first.batch, second.batch) == (before + 1, before + 2)


def test_if_one_is_refused_nothing_is_stored(filled: Store) -> None:
    before, version = everything(filled), filled.version()
    first, second = saved(filled, MEASURE, WRONG)
    assert (first.accepted, second.accepted) == (True, False)
    assert (first.batch, second.batch) == (None, None)
    assert everything(filled) == before
    assert filled.version() == version


def test_looking_stores_nothing_and_shows_what_it_would_be(filled: Store) -> None:
    before, version = everything(filled), filled.version()
    found = looked(filled, MEASURE, RESULT)
    assert everything(filled) == before
    assert filled.version() == version == found.version
    assert found.changes
    assert (found.before, found.after) == ((3, 0), (4, 1))
    assert [[c.field for c in o.differences] for o in found.outcomes] == [
        ["measure"],
        ["text", "measures"],
    ]


def test_what_would_be_refused_or_changes_nothing_shows_no_effect(filled: Store) -> None:
    refused = looked(filled, WRONG, MEASURE)
    assert not refused.accepted
    assert len(refused.outcomes) == 1
    assert refused.after is None
    saved(filled, MEASURE)
    same = looked(filled, MEASURE)
    assert same.accepted
    assert not same.changes


def test_the_same_twice_is_stored_once(filled: Store) -> None:
    version = filled.version()
    once = saved(filled, MEASURE, RESULT, seen=version)
    after = everything(filled)
    twice = saved(filled, MEASURE, RESULT, seen=version)
    assert [outcome.batch for outcome in twice] == [outcome.batch for outcome in once]
    assert all(o.problems[0].kind is ProblemKind.ALREADY_IMPORTED for o in twice)
    assert everything(filled) == after
    assert filled.version() == version + 2


@pytest.mark.parametrize("earlier", [(), (MEASURE,)])
def test_after_somebody_elses_save_nothing_is_stored(
    filled: Store, earlier: tuple[ImportRequest, ...]
) -> None:
    """Also where the first of the files is in already."""
    saved(filled, *earlier)
    version = filled.version()
    taken(filled, "measures", f"{MEASURES}2567,A,OIT,1,ของคนอื่น\n")
    before = everything(filled)
    outcomes = saved(filled, MEASURE, RESULT, seen=version)
    assert outcomes[-1].stale
    assert all(outcome.batch is None for outcome in outcomes)
    assert everything(filled) == before


def test_the_log_tells_of_what_was_stored_or_refused_and_of_nothing_that_was_taken_back(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[LogEvent, object]] = []
    monkeypatch.setattr(
        logs, "log_event", lambda event, **values: told.append((event, values["kind"]))
    )
    wrong = replace(RESULT, content=b"no,such,columns\n1,2,3\n")
    outcomes = saved(filled, MEASURE, wrong)
    assert [outcome.accepted for outcome in outcomes] == [True, False]
    assert told == [(LogEvent.IMPORT_REFUSED, RESULT.kind)]
    told.clear()
    saved(filled, MEASURE, RESULT)
    assert told == [(LogEvent.IMPORTED, MEASURE.kind), (LogEvent.IMPORTED, RESULT.kind)]


def test_who_may_not_sees_and_stores_nothing(filled: Store) -> None:
    viewer = User("ผู้ชม", Role.VIEWER)
    before = everything(filled)
    (outcome,) = saved(filled, MEASURE, RESULT, who=viewer)
    assert [p.kind for p in outcome.problems] == [ProblemKind.NOT_ALLOWED]
    found = looked(filled, MEASURE, who=viewer)
    assert not found.accepted
    assert (found.before, found.after) == (None, None)
    assert everything(filled) == before
