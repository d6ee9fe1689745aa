"""The made-up nation: like the real one where that is known, whole through the real import, and with
faults of which every single one is told."""

from __future__ import annotations

import csv
import io
from collections import Counter

import openpyxl
import pytest

from benchmarks.nation import FIRST, OTHER, YEARS, Nation, nation
from benchmarks.nation_faults import FaultyNation, faulty
from benchmarks.nation_work import work_files
from benchmarks.places import CAPITAL, KINDS, PROVINCES
from ita.config import Limits
from ita.domain import TOTAL
from ita.imports.datasets import Dataset
from ita.imports.draft import ImportRequest
from ita.imports.repairs import grouped, problems_csv, problems_xlsx
from ita.imports.validation.rows import ValidatedFile, validate
from ita.reference import Reference
from ita.scores.league import compute_level_years
from ita.scores.nation import load_nation as read_nation
from ita.scores.peers import Group
from ita.store import Store
from tests.imports.bringing import committed_reference, taken

FEW = 300


@pytest.fixture(scope="module")
def made() -> Nation:
    return nation(FEW)


def records(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.slow
def test_the_same_seed_makes_the_same_nation(made: Nation) -> None:
    assert nation(FEW) == made
    assert nation(FEW, seed=4) != made
    once, again = ([*work_files(40, seed)] for seed in (1, 1))
    assert once == again


def test_agencies_are_of_all_kinds_and_lie_in_real_provinces(made: Nation) -> None:
    agencies = records(made.agencies)
    assert len({row["รหัสหน่วยงาน"] for row in agencies}) == FEW
    kinds = Counter(row["ประเภท"] for row in agencies)
    assert set(kinds) == {kind.name for kind in KINDS}
    assert kinds.most_common(1)[0][0] == KINDS[0].name
    assert {row["จังหวัด"] for row in agencies} <= set(PROVINCES)
    alone = [row["จังหวัด"] for row in agencies if row["ประเภท"] == KINDS[4].name]
    assert len(alone) == len(set(alone))
    assert CAPITAL not in alone


@pytest.mark.slow
def test_it_goes_through_the_import_and_is_like_the_real_one(
    made: Nation, store: Store, reference: Reference
) -> None:
    taken(store, "agencies", made.agencies)
    outcome = taken(store, "scores", made.scores)
    assert outcome.problems == ()
    assert outcome.counts.new == made.rows
    with store.reading() as cursor:
        found = read_nation(cursor, reference)
    assert found.years == YEARS
    for year in compute_level_years(found, Group(), reference):
        published = reference.national_mean(year.year, TOTAL)
        if published:
            assert year.mean
            assert abs(year.mean - published.mean) < 1
        if published and published.share_passed:
            assert abs((year.share(year.passed_agencies) or 0) - published.share_passed) < 5
        assert FEW * 0.94 < year.scored_agencies < FEW
    first = found.agency_indexes[FIRST]
    assert all(found.scores_of(year)[first] > 0 for year in YEARS)
    assert f"{found.scores_of(YEARS[-1])[first] / 100:.2f}" == made.last_total
    assert found.agencies[found.agency_indexes["0000007"]].province in PROVINCES
    assert OTHER == "0000777"


@pytest.mark.slow
def test_its_work_goes_through_the_import(made: Nation, store: Store) -> None:
    taken(store, "agencies", made.agencies)
    rows: Counter[Dataset] = Counter()
    for kind, content in work_files(40):
        if str(int(YEARS[-1])) in content[:400].decode(errors="ignore"):
            rows[kind] += taken(store, kind.value, content).counts.new
    assert rows[Dataset.MEASURES] > 40 * 18
    assert 2 < rows[Dataset.PROGRESS] / rows[Dataset.MEASURES] < 4
    assert rows[Dataset.NARRATIVE] == 160


@pytest.fixture(scope="module")
def spoilt(made: Nation) -> FaultyNation:
    return faulty(made)


@pytest.fixture
def checked(made: Nation, spoilt: FaultyNation, store: Store) -> ValidatedFile:
    taken(store, "agencies", made.agencies)
    with store.reading() as cursor:
        request = ImportRequest(Dataset.SCORES, spoilt.scores, "scores.csv")
        return validate(request, cursor, committed_reference(), Limits())


@pytest.mark.slow
def test_of_a_nation_with_one_row_in_a_hundred_spoilt_every_fault_is_told_once(
    made: Nation, spoilt: FaultyNation, checked: ValidatedFile
) -> None:
    assert len(spoilt.planted) == round(made.rows / 100)
    assert {(p.line, p.kind) for p in checked.problems} == spoilt.planted
    assert len(checked.problems) == len(spoilt.planted)
    assert not checked.accepted


def test_faults_are_counted_by_kind_with_the_first_of_each(
    spoilt: FaultyNation, checked: ValidatedFile
) -> None:
    groups = grouped(checked.problems)
    assert {g.kind: g.count for g in groups} == Counter(kind for _, kind in spoilt.planted)
    for group in groups:
        first = min(line for line, kind in spoilt.planted if kind is group.kind)
        told = next(p for p in checked.problems if p.kind is group.kind)
        assert (told.line, told.message()) == (first, group.message)
        assert group.lines[0] == first


@pytest.mark.slow
def test_the_files_of_errors_are_complete(spoilt: FaultyNation, checked: ValidatedFile) -> None:
    bad = {line for line, _ in spoilt.planted}
    _, *rows = csv.reader(io.StringIO(problems_csv(checked).decode("utf-8-sig")))
    assert {line for line, row in enumerate(rows, 2) if row[-1]} == bad
    sheet = openpyxl.load_workbook(io.BytesIO(problems_xlsx(checked)), read_only=True).active
    last = [row[-1] for row in sheet.iter_rows(min_row=2, min_col=19, max_col=19, values_only=True)]
    assert {line for line, text in enumerate(last, 2) if text} == bad
