"""What a person does on the page of planning: write in its rows, check, save; and what stands there."""

from __future__ import annotations

from typing import Any

from streamlit.testing.v1 import AppTest

from ita.domain import FiscalYear, thai_today
from ita.measures.model import Measure, load_measures
from ita.measures.plan_drafts import PlanDraft
from ita.ui.planning.session import DraftSession
from ita.web.store_access import get_store
from tests.pages.moves import button, sign, text_of

PLANNING = "pages/measures/planning.py"
CHECK, ADD, SAVE = "ตรวจร่าง", "เพิ่มมาตรการ", "บันทึก"
RUNNING = FiscalYear.containing(thai_today())
NEEDED = {3: {"measure": "จัดทำทะเบียนคุมทรัพย์สิน"}, 7: {"measure": "เปิดช่องทางสอบถามออนไลน์"}}
"""The rows that the sample's two weak indicators ask for, filled in."""


def write(
    app: AppTest,
    edited: dict[int, dict[str, Any]] | None = None,
    added: list[dict[str, Any]] | None = None,
    deleted: list[int] | None = None,
    click: str | None = CHECK,
) -> None:
    """Write in the rows of the draft, by their positions, and click; an opened row closes the one before."""
    for position, fields in (edited or {}).items():
        _open(app, position)
        _fill(app, position, fields)
    for fields in added or []:
        button(app, ADD).click().run()
        _fill(app, len(drafted(app)) - 1, fields)
    for position in sorted(deleted or [], reverse=True):
        _open(app, position)
        button(app, "ลบแถวนี้").click().run()
    app.run()
    if click:
        button(app, click).click().run()
    assert not app.exception


def _open(app: AppTest, position: int) -> None:
    """Not by its button: a run less for each of many rows."""
    session(app).open_row = position
    app.run()


def _fill(app: AppTest, position: int, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        key = f"plan {session(app).turn} {position} {name}"
        kinds = (app.text_area, app.text_input, app.selectbox, app.multiselect)
        next(w for kind in kinds for w in kind if w.key == key).set_value(value)
    app.run()


def session(app: AppTest, year: int = RUNNING) -> DraftSession:
    """The draft that is on the screen, the agency's of the year."""
    sessions: dict[tuple[str, FiscalYear], DraftSession] = app.session_state["plan drafts"]
    shown = [s for (agency, of), s in sessions.items() if of == year]
    return shown[-1]


def drafted(app: AppTest) -> list[tuple[str, str, str]]:
    return [(row.instrument, row.seq, row.measure) for row in session(app).current_draft]


def typed(app: AppTest, year: int = RUNNING) -> PlanDraft:
    """The draft as it stands on the screen."""
    return session(app, year).current_draft


def stored(agency: str = "SAMPLE", year: int = RUNNING) -> dict[tuple[str, int], Measure]:
    with get_store().reading() as cursor:
        found = load_measures(cursor, agency, FiscalYear(year))
    return {(m.instrument.value, m.seq): m for m in found}


def save(app: AppTest) -> None:
    sign(app, reason="แผนประจำปี")
    button(app, SAVE).click().run()
    assert not app.exception
    assert "บันทึกแล้ว" in text_of(app)
