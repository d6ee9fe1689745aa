"""ต้นฉบับ: the document of a report, on the report and at its batch, for those who may look into imports."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from ita.auth.permissions import NotAllowed, Role, User, machine_owner
from ita.config import Limits
from ita.domain import FiscalYear, Instrument
from ita.imports.history import undo
from ita.imports.saving import ImportResult
from ita.reports.old_report_import import import_report, report_requests
from ita.reports.reading.report_draft import DraftRow, ReportDraft
from ita.store.originals import OriginalFile
from ita.web import current_user
from ita.web.store_access import get_store
from tests.imports.bringing import committed_reference
from tests.pages.conftest import MadeFiles, OpenPage
from tests.pages.moves import HISTORY

REPORT = "pages/report/narrative.py"
OWNER = machine_owner("x")
PDF = OriginalFile("../รายงาน \u202eปี*2567.pdf", b"%PDF-1.7 \x00 invented")
KEPT_NAME = ".._รายงาน _ปี_2567.pdf".strip(" .")


def import_original(file: OriginalFile = PDF, result: str = "ทำแล้ว") -> tuple[ImportResult, ...]:
    row = DraftRow(Instrument.IIT, (f"มาตรการเดิม {result}",), (result,))
    draft = ReportDraft("", None, None, (row,), (), (), ())
    reference = committed_reference()
    requests = report_requests(draft, "SAMPLE", FiscalYear(2567), {}, file.name, reference)
    outcomes = import_report(get_store(), requests, file, reference, Limits(), OWNER)
    assert all(outcome.accepted for outcome in outcomes)
    return outcomes


def original_keys(app: AppTest) -> list[str]:
    assert not app.exception
    return [button.key for button in app.get("download_button") if button.label == "ต้นฉบับ"]


def open_report(open_page: OpenPage) -> AppTest:
    return open_page(REPORT, agency="SAMPLE", year="2567")


def test_a_report_that_was_typed_has_no_original(open_page: OpenPage) -> None:
    assert original_keys(open_report(open_page)) == []


@pytest.mark.slow
def test_the_report_and_its_batches_give_the_original_out(
    open_page: OpenPage, made: MadeFiles
) -> None:
    open_page()
    measures, narrative = import_original()
    (key,) = original_keys(open_report(open_page))
    assert key == f"original {narrative.batch}"
    assert made(key)[key] == (KEPT_NAME, PDF.content)
    history = open_page(HISTORY)
    assert original_keys(history) == [key]
    history.selectbox(key="batch").set_value(measures.batch).run()
    assert original_keys(history) == [f"original {measures.batch}"]
    history.selectbox(key="batch").set_value(1).run()
    assert original_keys(history) == []


@pytest.mark.slow
def test_an_undone_report_no_longer_offers_it_but_its_batch_does(open_page: OpenPage) -> None:
    open_page()
    outcomes = import_original()
    newer = import_original(OriginalFile("แก้ไข.txt", "ฉบับแก้ไข".encode()), "ทำใหม่")
    assert original_keys(open_report(open_page)) == [f"original {newer[1].batch}"]
    for outcome in reversed(newer):
        undo(get_store(), outcome.batch or 0, OWNER, "", committed_reference())
    assert original_keys(open_report(open_page)) == [f"original {outcomes[1].batch}"]
    history = open_page(HISTORY)
    history.selectbox(key="batch").set_value(newer[1].batch).run()
    assert original_keys(history) == [f"original {newer[1].batch}"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("user", "offered"),
    [
        (User("ก", Role.STAFF, "SAMPLE", account="local:a"), True),
        (User("ข", Role.STAFF, "YALA", account="local:b"), False),
        (User("ค", Role.VIEWER, None, account="local:c"), False),
        (User("ง", Role.EXECUTIVE, None, account="local:d"), True),
    ],
    ids=["own-staff", "other-staff", "viewer", "executive"],
)
def test_only_who_may_look_into_imports_gets_it(
    open_page: OpenPage,
    made: MadeFiles,
    monkeypatch: pytest.MonkeyPatch,
    user: User,
    offered: bool,
) -> None:
    open_page()
    import_original()
    (key,) = original_keys(open_report(open_page))
    files = made()  # as the owner's page drew them
    assert files[key][1] == PDF.content
    monkeypatch.setattr(current_user, "user_of", lambda _visitor: user)
    if offered:
        assert made(key)[key][1] == PDF.content
    else:
        with pytest.raises(NotAllowed):
            made(key)
    assert bool(original_keys(open_report(open_page))) is offered
