"""What is done of the five tasks, which is next, and where the way to it leads."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ita.domain import FiscalYear
from ita.reports.readiness import Readiness, ReadinessKind, ReadinessLine
from ita.store import open_store
from ita.ui.components.start_guide import (
    AgencyData,
    StartStep,
    StartTask,
    load_agency_data,
    start_steps,
)
from tests.imports.bringing import taken
from tests.pages.conftest import OpenPage
from tests.pages.moves import PROGRESS, SAVE, UPLOAD, button, sign, text_of, upload

YEAR = FiscalYear(2569)
TODAY = date(2026, 5, 4)  # the third quarter of 2569
NOTHING = AgencyData(YEAR)
READY = Readiness((ReadinessLine(ReadinessKind.RESULTS, 2, 2),), ())
LACKING = Readiness((ReadinessLine(ReadinessKind.RESULTS, 1, 2),), ())
EARLY = Readiness((ReadinessLine(ReadinessKind.RESULTS, 1, 2, not_due=1),), ())
FULL = AgencyData(
    YEAR, "T", "เทศบาลทดสอบ", FiscalYear(2568), 4, dict.fromkeys(YEAR.quarters, 0), READY
)


def states(data: AgencyData) -> str:
    """The five states in their order: d, o or l."""
    return "".join(step.state.name[0].lower() for step in start_steps(data, TODAY))


def step_of(data: AgencyData, task: StartTask) -> StartStep:
    return next(step for step in start_steps(data, TODAY) if step.task is task)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (NOTHING, "ollll"),
        (replace(NOTHING, agency="T"), "dooll"),
        (replace(NOTHING, agency="T", scored=YEAR), "ddoll"),
        (replace(NOTHING, agency="T", measures=3), "dodll"),
        (replace(FULL, missing_reports={YEAR.quarters[0]: 0}), "dddld"),
        (replace(FULL, missing_reports={YEAR.quarters[0]: 2}), "dddod"),
        (replace(FULL, readiness=LACKING), "ddddo"),
        (replace(FULL, readiness=EARLY), "ddddl"),
        (replace(FULL, readiness=None), "ddddl"),
        (FULL, "ddddd"),
        # In the last quarter no measure is at work any more.
        (replace(FULL, missing_reports=dict.fromkeys(YEAR.quarters[:3], 0)), "dddld"),
    ],
)
def test_each_task_is_done_open_or_not_yet_to_be_done(data: AgencyData, expected: str) -> None:
    assert states(data) == expected


def test_a_step_leads_to_its_file_with_everything_chosen() -> None:
    behind = replace(FULL, missing_reports={YEAR.quarters[0]: 0, YEAR.quarters[1]: 3})
    quarters = step_of(behind, StartTask.QUARTERS)
    assert quarters.page.url == "upload"
    assert quarters.choices == {"agency": "T", "kind": "progress", "year": 2569, "quarter": 2}
    assert "ไตรมาส 2" in quarters.label
    report = step_of(FULL, StartTask.REPORT)
    assert (report.page.url, report.choices) == ("report", {"agency": "T", "year": 2569})


def test_without_scores_those_of_the_year_that_was_assessed_last_are_asked_for() -> None:
    scores = step_of(replace(NOTHING, agency="T"), StartTask.SCORES)
    assert scores.choices == {"agency": "T", "kind": "scores", "year": 2568}


def test_the_samples_are_judged_as_their_pages_judge_them(open_page: OpenPage) -> None:
    open_page()
    data = load_agency_data("SAMPLE", date(2026, 11, 30))
    assert (data.year, data.scored) == (2567, 2567)
    assert {q.number: count for q, count in data.missing_reports.items()} == {
        1: 0,
        2: 0,
        3: 1,
        4: 2,
    }
    assert states(data) == "dddoo"


def primary(app: AppTest) -> AppTest:
    """The page that the primary button leads to."""
    (way,) = (b for b in app.button if b.key == "next step")
    return way.click().run()


def test_an_empty_store_shows_the_guide_alone(empty_store: Path, open_page: OpenPage) -> None:
    app = open_page()
    assert [header.value for header in app.header] == ["เริ่มต้นใช้งาน: เสร็จแล้ว 0 จาก 5"]
    assert "คะแนนรวม" not in text_of(app)
    (way,) = (b for b in app.button if b.key == "next step")
    assert "เพิ่มหน่วยงาน" in way.label
    there = primary(app)
    assert there.title[0].value == "นำเข้าข้อมูล"
    assert there.query_params["kind"] in ("agencies", ["agencies"])


def test_an_agency_alone_is_one_step_further(empty_store: Path, open_page: OpenPage) -> None:
    with open_store(empty_store) as store:
        taken(store, "agencies", "agency_id,name_th\nT,เทศบาลทดสอบ\n")
    app = open_page()
    (way,) = (b for b in app.button if b.key == "next step")
    assert "นำเข้าคะแนน" in way.label
    next(b for b in app.button if b.key == "start measures").click().run()
    assert app.segmented_control(key="kind").value == "measures"


@pytest.mark.slow
def test_the_receipt_of_an_import_leads_to_the_next_task(open_page: OpenPage) -> None:
    app = open_page(UPLOAD, kind="progress", agency="SAMPLE", year="2567", quarter="4")
    upload(app, f"{PROGRESS}2567,4,SAMPLE,OIT,2,90,ใกล้เสร็จ\n")
    sign(app)
    button(app, SAVE).click().run()
    (way,) = (b for b in app.button if b.key == "next step")
    assert way.label == "ขั้นต่อไป: รายงานความสำเร็จ ไตรมาส 3/2567 →"
    app = primary(app)
    assert "receipt" not in app.session_state
    assert app.segmented_control(key="import quarter").value == 3
    assert app.selectbox(key="import year").value == 2567
