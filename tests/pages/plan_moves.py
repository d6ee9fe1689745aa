"""What a person does on the page of planning: write in its grid, check, save; and what stands there."""

from __future__ import annotations

import json
from typing import Any

from streamlit.testing.v1 import AppTest

from ita.domain import FiscalYear, thai_today
from ita.measures.model import Measure, load_measures
from ita.measures.plan_drafts import PlanDraft
from ita.web.store_access import get_store
from tests.pages.moves import button, sign, text_of

PLANNING = "pages/measures/planning.py"
CHECK, SAVE = "ตรวจร่าง", "บันทึก"
RUNNING = FiscalYear.containing(thai_today())
NEEDED = {3: {"measure": "จัดทำทะเบียนคุมทรัพย์สิน"}, 7: {"measure": "เปิดช่องทางสอบถามออนไลน์"}}
"""The rows that the sample's two weak indicators ask for, filled in."""


def keep_grids(app: AppTest) -> AppTest:
    """Send what was written in a grid with every later run, as a browser does and AppTest doesn't."""
    run, kept = app._run, app.__dict__.setdefault("kept grids", {})

    def with_grids(states: Any = None, **how: Any) -> AppTest:
        states = states if states is not None else app._tree.get_widget_states()
        for grid in app.data_editor:
            if grid.proto.id in kept:
                state = states.widgets.add()
                state.id, state.string_value = grid.proto.id, kept[grid.proto.id]
        return run(states, **how)

    app._run = with_grids  # type: ignore[method-assign, assignment]
    return app


def write(
    app: AppTest,
    edited: dict[int, dict[str, Any]] | None = None,
    added: list[dict[str, Any]] | None = None,
    deleted: list[int] | None = None,
    click: str | None = CHECK,
) -> None:
    """Write in the grid, and click: AppTest has no edits of grids, so they go in as states."""
    told = {
        "edited_rows": {str(row): cells for row, cells in (edited or {}).items()},
        "added_rows": added or [],
        "deleted_rows": deleted or [],
    }
    app.__dict__["kept grids"][app.data_editor[0].proto.id] = json.dumps(told)
    app.run()
    if click:
        button(app, click).click().run()
    assert not app.exception


def drafted(app: AppTest) -> list[tuple[str, str, str]]:
    frame = app.data_editor[0].value
    return list(zip(frame["instrument"], frame["seq"], frame["measure"], strict=True))


def typed(app: AppTest, year: int = RUNNING) -> PlanDraft:
    """The draft as it stands on the screen."""
    found: PlanDraft = app.session_state["plan drafts"]["SAMPLE", FiscalYear(year)].current_draft
    return found


def stored(agency: str = "SAMPLE", year: int = RUNNING) -> dict[tuple[str, int], Measure]:
    with get_store().reading() as cursor:
        found = load_measures(cursor, agency, FiscalYear(year))
    return {(m.instrument.value, m.seq): m for m in found}


def save(app: AppTest) -> None:
    sign(app, reason="แผนประจำปี")
    button(app, SAVE).click().run()
    assert not app.exception
    assert "บันทึกแล้ว" in text_of(app)
