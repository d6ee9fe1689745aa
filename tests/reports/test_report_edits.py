"""A draft while it is mended: no text is lost, links follow their measures, doubts end with their text."""

from __future__ import annotations

from ita.domain import FiscalYear, Instrument
from ita.reports.reading.report_draft import Doubt, DraftRow, ReportColumn, ReportDraft
from ita.ui.old_report.edits import ReportEdits

IIT, EIT, OIT = Instrument
MEASURES, RESULTS = ReportColumn.MEASURES, ReportColumn.RESULTS
ROW = DraftRow(IIT, ("ก", "ข", "ค"), ("ทำ ก", "ทำ ค"), ("กองช่าง",), "ไตรมาส 1", "ดีขึ้น")
DRAFT = ReportDraft(
    "รายงาน",
    FiscalYear(2566),
    None,
    (ROW,),
    ("ลายเซ็น", "กองคลัง"),
    (),
    (Doubt(IIT, RESULTS, "ทำ ค", "space"), Doubt(IIT, MEASURES, "", "numbers")),
)


def edits() -> ReportEdits:
    return ReportEdits(DRAFT, {(IIT, 1): (1,), (IIT, 2): (3,)})


def test_nothing_mended_is_the_draft_as_it_was_read() -> None:
    drafted = edits().draft("T", FiscalYear(2565))
    assert (drafted.rows, drafted.unplaced) == (DRAFT.rows, DRAFT.unplaced)
    assert (drafted.agency, drafted.fiscal_year) == ("T", FiscalYear(2565))
    assert edits().links() == {(IIT, 1): (1,), (IIT, 2): (3,)}


def test_links_follow_their_measures_when_rows_move_and_go() -> None:
    report = edits()
    row = report.rows[IIT]
    report.move_up(IIT, MEASURES, row.measures[2].number)
    assert report.links() == {(IIT, 1): (1,), (IIT, 2): (2,)}
    report.remove(IIT, MEASURES, row.measures[0].number)
    assert report.draft("T", None).rows[0].measures == ("ค", "ข")
    assert report.links() == {(IIT, 2): (1,)}  # of the other result nothing is said
    row.measures[0].text = "  "  # a blank one is not stored, and has no number
    assert report.links()[IIT, 2] == ()
    assert report.unplaced == ["ลายเซ็น", "กองคลัง", "ก"]


def test_texts_in_no_cell_are_put_into_any() -> None:
    report = edits()
    report.place(1, IIT, ReportColumn.DIVISIONS)
    report.place(0, OIT, ReportColumn.OUTCOME)
    drafted = report.draft("T", None)
    assert drafted.rows[0].divisions == ("กองช่าง", "กองคลัง")
    assert drafted.rows[1] == DraftRow(OIT, outcome="ลายเซ็น")
    assert not drafted.unplaced
    report.add(IIT, ReportColumn.PERIOD, "ปี 2566")
    assert report.rows[IIT].period == "ไตรมาส 1\nปี 2566"


def test_links_are_proposed_until_they_are_confirmed_or_chosen() -> None:
    report = edits()
    assert report.proposed_count == 2
    first = report.rows[IIT].results[0]
    report.answer(first, ())
    assert report.proposed_count == 1
    assert report.links()[IIT, 1] == ()  # chosen to answer none, which is stored
    report.confirm_links(IIT)
    assert report.proposed_count == 0
    assert report.links()[IIT, 2] == (3,)


def test_a_doubt_ends_with_its_text_or_when_it_is_ticked_off() -> None:
    report = edits()
    assert report.doubt_count == 2
    report.rows[IIT].results[1].text = "ทำค"
    assert [doubt.why for _position, doubt in report.open_doubts(IIT)] == ["numbers"]
    report.dismissed.add(1)
    assert report.doubt_count == 0
