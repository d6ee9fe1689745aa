"""Figures that people see, so that an import can say what it does to them."""

from __future__ import annotations

from datetime import date

import pytest

from ita.domain import FiscalYear
from ita.i18n import language_set_to
from ita.reports.published_figures import (
    FigureChange,
    Figures,
    figure_changes,
    load_published_figures,
)
from ita.store import Store
from tests.imports.bringing import (
    NARRATIVE,
    PROGRESS,
    SCORES,
    committed_reference,
    taken,
    two_agencies,
    with_measures,
)

TODAY = date(2024, 11, 20)
CLAIM = f"{NARRATIVE}2567,A,IIT,ผลลัพธ์,1,จากผลการประเมิน ITA แบบวัด IIT ปีงบประมาณ พ.ศ. 2567 มีระดับคะแนนสูงขึ้น,\n"


def figures(store: Store, *years: int, today: date = TODAY) -> Figures:
    wanted = [FiscalYear(year) for year in years or (2567,)]
    with store.reading() as cursor:
        return load_published_figures(cursor, "A", wanted, committed_reference(), today)


def change(store: Store, kind: str, content: str, *years: int) -> dict[str, tuple[str, str]]:
    before = figures(store, *years)
    taken(store, kind, content)
    found = figure_changes(before, figures(store, *years))
    return {figure.name: (figure.before, figure.after) for figure in found}


def test_what_was_done_is_no_mean_of_the_silent_quarters_after_it(store: Store) -> None:
    with_measures(store)
    told = change(store, "progress", f"{PROGRESS}2567,2,A,IIT,1,100\n2567,2,A,IIT,2,40\n")
    of_quarters = {name: found for name, found in told.items() if "ไตรมาส" in name}
    assert of_quarters == {
        "ความสำเร็จเฉลี่ยไตรมาส 2/2567": ("ไม่มีข้อมูล", "70 % (รายงาน 2 จาก 3 มาตรการ)")
    }


def test_nothing_stored_reads_as_no_data(store: Store) -> None:
    found = figures(two_agencies(store))
    assert found["คะแนนรวม ปี 2567"] == found["ระดับ ปี 2567"] == "ไม่มีข้อมูล"
    assert found["ความสำเร็จเฉลี่ยไตรมาส 4/2567"] == "ไม่มีข้อมูล"


def test_a_level_that_changes_is_told_with_its_total(store: Store) -> None:
    two_agencies(store)
    taken(store, "scores", f"{SCORES}2567,A,84.99\n")
    told = change(store, "scores", f"{SCORES}2567,A,95.01\n")
    assert told["คะแนนรวม ปี 2567"] == ("84.99", "95.01")
    before, after = told["ระดับ ปี 2567"]
    assert before != after and "ไม่มีข้อมูล" not in (before, after)


def test_a_total_that_moves_within_its_level_leaves_the_level_out(store: Store) -> None:
    two_agencies(store)
    taken(store, "scores", f"{SCORES}2567,A,86\n")
    assert set(change(store, "scores", f"{SCORES}2567,A,87\n")) == {"คะแนนรวม ปี 2567"}


def test_a_claim_that_stops_holding_is_told(store: Store) -> None:
    with_measures(store)
    header = SCORES.replace("คะแนนรวม", "IIT,คะแนนรวม")
    taken(store, "scores", f"{header}2566,A,80,85\n2567,A,82,86\n")
    taken(store, "narrative", CLAIM)
    name = "ข้อความว่าคะแนนเพิ่มขึ้นของ IIT ปี 2567"
    assert figures(store)[name] == "ข้อความตรงกับคะแนน"
    told = change(store, "scores", f"{header}2567,A,79.5,86\n")
    assert told[name] == ("ข้อความตรงกับคะแนน", "ข้อความขัดกับคะแนน")
    # The year before moves under the claim of this one.
    told = change(store, "scores", f"{header}2566,A,70,85\n")
    assert told[name] == ("ข้อความขัดกับคะแนน", "ข้อความตรงกับคะแนน")


def test_completion_touches_the_means_and_the_gaps(store: Store) -> None:
    with_measures(store)
    told = change(store, "progress", f"{PROGRESS}2567,1,A,IIT,1,30\n2567,1,A,IIT,2,0\n")
    assert told["ความสำเร็จเฉลี่ยไตรมาส 1/2567"] == (
        "ไม่มีข้อมูล",
        "15 % (รายงาน 2 จาก 3 มาตรการ)",
    )
    assert not [name for name in told if "ไตรมาส 2/" in name]


def test_years_stand_in_their_order_whatever_the_order_asked(store: Store) -> None:
    names = list(figures(two_agencies(store), 2567, 2566))
    assert names.index("คะแนนรวม ปี 2566") < names.index("คะแนนรวม ปี 2567")


def test_a_planned_year_without_rules_has_figures_too(store: Store) -> None:
    ahead = max(committed_reference().years) + 1
    found = figures(two_agencies(store), ahead)
    assert found[f"คะแนนรวม ปี {ahead}"] == "ไม่มีข้อมูล"


def test_what_is_on_one_side_only_reads_no_data_on_the_other() -> None:
    changes = figure_changes({"ก": "1", "ข": "2", "ง": "5"}, {"ข": "3", "ค": "4", "ง": "5"})
    assert changes == (
        FigureChange("ก", "1", "ไม่มีข้อมูล"),
        FigureChange("ข", "2", "3"),
        FigureChange("ค", "ไม่มีข้อมูล", "4"),
    )
    assert figure_changes({}, {}) == ()
    assert figure_changes({"ก": "ไม่มีข้อมูล"}, {}) == ()


@pytest.mark.parametrize("language", ["th", "en"])
def test_both_languages_have_the_same_figures(language: str, store: Store) -> None:
    two_agencies(store)
    taken(store, "scores", f"{SCORES}2567,A,95.01\n")
    with language_set_to(language):
        found = figures(store)
    assert len(found) == len(set(found)) == len(figures(store))
    assert "95.01" in found.values()
