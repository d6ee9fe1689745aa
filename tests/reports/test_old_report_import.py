"""An old report's draft into the store: both kinds at once or none, with its original, and nothing erased unasked."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from ita.auth.permissions import Role, User, machine_owner
from ita.config import Limits
from ita.domain import FiscalYear, Instrument
from ita.imports.datasets import Dataset
from ita.imports.draft import ImportRequest
from ita.imports.history import undo
from ita.imports.problems import Problem, ProblemKind
from ita.imports.saving import ImportResult
from ita.integrity.checking import check_integrity
from ita.integrity.findings import FindingKind
from ita.reports import old_report_import
from ita.reports.old_report_import import (
    ResultLinks,
    cell_of_problem,
    cells_not_stored,
    import_report,
    original_name,
    preview_report,
    report_requests,
)
from ita.reports.reading.errors import ReadLimits
from ita.reports.reading.report_draft import DraftRow, ReportColumn, ReportDraft
from ita.store import Store, open_store
from ita.store.backup import backup
from ita.store.originals import OriginalFile, load_original, original_of_report
from tests.imports.bringing import AGENCIES, committed_reference, taken

OWNER = machine_owner("tester")
YEAR = FiscalYear(2565)
IIT, EIT, OIT = Instrument
PDF = OriginalFile("รายงาน 2565.pdf", b"%PDF-1.7 an invented report")
DRAFT = ReportDraft(
    "รายงานผล",
    YEAR,
    "เทศบาลตำบลบ้านสวน",
    (
        DraftRow(
            IIT,
            ("อบรมจริยธรรม", "ตรวจทะเบียนรถ"),
            ("อบรมแล้ว 2 ครั้ง", "ตรวจแล้วทุกเดือน"),
            ("สำนักปลัด", "กองช่าง"),
            "ไตรมาส 1-2",
            "เจ้าหน้าที่เข้าใจมากขึ้น",
        ),
        DraftRow(OIT, ("ปรับปรุงเว็บไซต์",), ("เผยแพร่ครบทุกข้อ",), (), None, None),
    ),
    (),
    (),
    (),
)


@pytest.fixture
def town(store: Store) -> Store:
    taken(store, "agencies", AGENCIES)
    return store


def requests_of(
    draft: ReportDraft = DRAFT,
    links: ResultLinks | None = None,
    blank_erases: bool = False,
    agency: str = "A",
) -> tuple[ImportRequest, ...]:
    return report_requests(
        draft, agency, YEAR, links or {}, PDF.name, committed_reference(), blank_erases
    )


def saved(
    store: Store, requests: tuple[ImportRequest, ...], original: OriginalFile = PDF
) -> tuple[ImportResult, ...]:
    return import_report(store, requests, original, committed_reference(), Limits(), OWNER, "เหตุผล")


def stored(store: Store, table: str, columns: str) -> list[tuple[object, ...]]:
    with store.reading() as cursor:
        return cursor.execute(f"SELECT {columns} FROM {table} ORDER BY ALL").fetchall()


def row(draft: ReportDraft, **changes: object) -> ReportDraft:
    """The draft with its first row changed."""
    return replace(draft, rows=(replace(draft.rows[0], **changes), *draft.rows[1:]))  # type: ignore[arg-type]


def test_a_draft_is_a_file_of_measures_and_one_of_texts(town: Store) -> None:
    measures, narrative = saved(town, requests_of(links={(IIT, 1): (1,), (IIT, 2): (1, 2)}))
    assert (measures.counts.new, narrative.counts.new) == (3, 5)
    assert measures.batch is not None
    assert narrative.batch == measures.batch + 1
    assert stored(town, "measure", "instrument, seq, measure, divisions, start_quarter") == [
        ("IIT", 1, "อบรมจริยธรรม", "สำนักปลัด\nกองช่าง", 1),
        ("IIT", 2, "ตรวจทะเบียนรถ", "สำนักปลัด\nกองช่าง", 1),
        ("OIT", 1, "ปรับปรุงเว็บไซต์", None, None),
    ]
    assert stored(town, "narrative", "instrument, type, seq, measures") == [
        ("IIT", "outcome", 0, None),
        ("IIT", "period", 0, None),
        ("IIT", "result", 1, "1"),
        ("IIT", "result", 2, "1,2"),
        ("OIT", "result", 1, None),
    ]
    assert not check_integrity(town, committed_reference())


def test_what_the_draft_lacks_stays_as_it_is_stored(town: Store) -> None:
    saved(town, requests_of(links={(IIT, 1): (1,), (IIT, 2): (2,)}))
    measures, divisions = stored(town, "measure", "*"), stored(town, "narrative", "*")
    less = row(DRAFT, divisions=(), period=None, outcome=None)
    # Of the second result something is said, and nothing of the first one.
    saved(town, requests_of(less, links={(IIT, 2): (1,)}))
    assert stored(town, "measure", "*") == measures
    changed = [line for line in stored(town, "narrative", "*") if line not in divisions]
    assert [line[3:] for line in changed] == [("result", 2, "ตรวจแล้วทุกเดือน", "1")]


def test_blanks_erase_where_the_person_says_so_and_an_answer_to_none_is_said(town: Store) -> None:
    saved(town, requests_of(links={(IIT, 1): (1,), (IIT, 2): (2,)}))
    less = row(DRAFT, divisions=(), period=None, outcome=None)
    outcomes = saved(town, requests_of(less, {(IIT, 1): ()}, blank_erases=True))
    assert [outcome.accepted for outcome in outcomes] == [True, True]
    assert stored(town, "measure", "divisions, start_quarter") == [(None, None)] * 3
    assert stored(town, "narrative", "type, seq, measures") == [
        ("result", 1, None),
        ("result", 1, None),
        ("result", 2, "2"),
    ]


def test_both_kinds_or_none_and_the_preview_shows_the_figures(town: Store) -> None:
    wrong = requests_of(links={(IIT, 2): (7,)})
    outcomes = saved(town, wrong)
    assert [outcome.accepted for outcome in outcomes] == [True, False]
    assert stored(town, "measure", "seq") == []
    assert stored(town, "report_original", "batch_id") == []
    preview = preview_report(town, requests_of(), "A", YEAR, committed_reference(), Limits(), OWNER)
    assert preview.changes
    assert preview.before != preview.after
    assert stored(town, "measure", "seq") == []


def test_the_original_is_kept_with_both_batches_and_its_bytes_once(town: Store) -> None:
    outcomes = saved(town, requests_of())
    with town.reading() as cursor:
        for outcome in outcomes:
            assert load_original(cursor, outcome.batch or 0) == PDF
        newest = original_of_report(cursor, "A", YEAR)
    assert newest
    assert (newest.batch_id, newest.file_name) == (outcomes[-1].batch, PDF.name)
    assert stored(town, "upload", "count(*)") == [(4,)]  # agencies, two files, one original


@pytest.mark.slow
def test_an_undone_batch_keeps_its_original_but_the_report_has_the_one_before(town: Store) -> None:
    saved(town, requests_of())
    newer = OriginalFile("รายงาน ฉบับแก้.docx", b"PK\x03\x04 another")
    later = row(DRAFT, measures=("อบรมวินัย", "ตรวจทะเบียนรถ"), outcome="ดีขึ้น")
    outcomes = saved(town, requests_of(later), newer)

    def name() -> str | None:
        with town.reading() as cursor:
            original = original_of_report(cursor, "A", YEAR)
        return original and original.file_name

    assert name() == newer.name
    undone = [
        undo(town, outcome.batch or 0, OWNER, "", committed_reference())
        for outcome in outcomes[::-1]
    ]
    assert name() == PDF.name
    with town.reading() as cursor:
        assert load_original(cursor, outcomes[0].batch or 0) == newer
    undo(town, undone[0], OWNER, "", committed_reference())  # the undo taken back
    assert name() == newer.name
    assert not check_integrity(town, committed_reference())


def test_a_report_typed_before_still_gets_its_original(town: Store) -> None:
    """Every row is the same: nothing changes, and the document is kept all the same."""
    first = saved(town, requests_of())
    again = row(DRAFT, period="ไตรมาส 1-2 ")
    renamed = report_requests(again, "A", YEAR, {(IIT, 1): ()}, "x", committed_reference())
    second = saved(town, renamed, OriginalFile("x.txt", b"another form of it"))
    assert second[1].counts.same == 5
    with town.reading() as cursor:
        original = original_of_report(cursor, "A", YEAR)
    assert original
    assert original.file_name == "x.txt"
    assert first[1].batch != original.batch_id


def test_an_original_beyond_the_limit_is_refused(
    town: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(old_report_import, "READ_LIMITS", ReadLimits(file_bytes=10))
    (outcome,) = saved(town, requests_of())
    assert [problem.kind for problem in outcome.problems] == [ProblemKind.FILE_TOO_LARGE]
    assert stored(town, "measure", "seq") == []


@pytest.mark.slow
def test_originals_are_in_a_backup_and_missing_ones_are_found(tmp_path: Path) -> None:
    with open_store(tmp_path / "a.duckdb") as store:
        taken(store, "agencies", AGENCIES)
        (_, narrative) = saved(store, requests_of())
        backup(store, tmp_path / "b.duckdb")
    with open_store(tmp_path / "b.duckdb") as copy:
        with copy.reading() as cursor:
            assert load_original(cursor, narrative.batch or 0) == PDF
        assert not check_integrity(copy, committed_reference())
        digest = hashlib.sha256(PDF.content).hexdigest()
        with copy.writing() as cursor:
            cursor.execute("DELETE FROM upload WHERE file_hash = $digest", {"digest": digest})
        findings = check_integrity(copy, committed_reference())
    assert [(finding.kind, finding.count) for finding in findings] == [
        (FindingKind.UPLOAD_MISSING, 2)
    ]


LONG = "ก" * 40_000
FAULTS: Mapping[str, tuple[ReportDraft, ResultLinks, Dataset, tuple[object, ...], str]] = {
    "a measure": (
        row(DRAFT, measures=("อบรม", LONG)),
        {},
        Dataset.MEASURES,
        (IIT, ReportColumn.MEASURES, 2, False),
        "IIT มาตรการข้อ 2",
    ),
    "a blank measure": (
        row(DRAFT, measures=("", "ตรวจ")),
        {},
        Dataset.MEASURES,
        (IIT, ReportColumn.MEASURES, 1, False),
        "IIT มาตรการข้อ 1",
    ),
    "a result": (
        row(DRAFT, results=("อบรมแล้ว", LONG)),
        {},
        Dataset.NARRATIVE,
        (IIT, ReportColumn.RESULTS, 2, False),
        "IIT สรุปผลข้อ 2",
    ),
    "its links": (
        DRAFT,
        {(OIT, 1): (5,)},
        Dataset.NARRATIVE,
        (OIT, ReportColumn.RESULTS, 1, True),
        "OIT สรุปผลข้อ 1 · ตอบมาตรการข้อ",
    ),
    "an outcome": (
        row(DRAFT, outcome="คะแนนเพิ่มขึ้น ï¿½"),
        {},
        Dataset.NARRATIVE,
        (IIT, ReportColumn.OUTCOME, None, False),
        "IIT ผลลัพธ์หรือความสำเร็จ",
    ),
    "a period": (
        row(DRAFT, period=LONG),
        {},
        Dataset.NARRATIVE,
        (IIT, ReportColumn.PERIOD, None, False),
        "IIT ระยะเวลาดำเนินการ",
    ),
    "divisions": (
        row(DRAFT, divisions=(LONG,)),
        {},
        Dataset.MEASURES,
        (IIT, ReportColumn.DIVISIONS, None, False),
        "IIT ผู้รับผิดชอบ",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_problem_is_at_a_cell_of_the_draft(town: Store, name: str) -> None:
    draft, links, kind, position, label = FAULTS[name]
    refused = saved(town, requests_of(draft, links))[-1]
    assert not refused.accepted
    assert refused.kind is kind
    cell = cell_of_problem(draft, kind, refused.problems[0], committed_reference())
    assert cell
    assert (cell.instrument, cell.column, cell.item, cell.of_links) == position
    assert cell.label() == label


def test_what_no_request_takes_is_known() -> None:
    divisions_alone = row(DRAFT, measures=(), results=("ทำแล้ว",))
    assert [cell.label() for cell in cells_not_stored(divisions_alone)] == ["IIT ผู้รับผิดชอบ"]
    assert cells_not_stored(DRAFT) == ()


@pytest.mark.parametrize(
    "staff",
    [
        User("ข", Role.STAFF, "B", account="local:b"),
        User("ค", Role.STAFF, "A", frozenset({"กองช่าง"}), account="local:c"),
        User("ง", Role.EXECUTIVE, account="local:d"),
    ],
    ids=["other-agency", "a-division", "executive"],
)
def test_nobody_imports_another_agencys_report(town: Store, staff: User) -> None:
    """Nor does a division, for measures are not its own to write; no original stays either."""
    args = (committed_reference(), Limits(), staff)
    preview = preview_report(town, requests_of(), "A", YEAR, *args)
    assert [p.kind for p in preview.outcomes[0].problems] == [ProblemKind.NOT_ALLOWED]
    (outcome,) = import_report(town, requests_of(), PDF, *args)
    assert [problem.kind for problem in outcome.problems] == [ProblemKind.NOT_ALLOWED]
    assert stored(town, "report_original", "batch_id") == stored(town, "measure", "seq") == []
    own = User("ก", Role.STAFF, "A", account="local:a")
    mine = import_report(town, requests_of(), PDF, committed_reference(), Limits(), own)
    assert all(one.accepted for one in mine)


def test_a_problem_of_the_whole_file_is_at_no_cell() -> None:
    problem = Problem(ProblemKind.NOT_ALLOWED)
    assert cell_of_problem(DRAFT, Dataset.MEASURES, problem, committed_reference()) is None


@pytest.mark.parametrize(
    ("name", "content", "kept"),
    [
        ("รายงาน.pdf", b"%PDF-1.4", "รายงาน.pdf"),
        ("รายงาน.PDF", b"%PDF-1.4", "รายงาน.PDF"),
        ("รูป.png", b"%PDF-1.4", "รูป.png.pdf"),
        ("หน้า.htm", b"<html><body>x</body></html>", "หน้า.htm"),
        ("C:\\งาน\\ผล.txt", b"text", "C__งาน_ผล.txt"),
        ("a\u202efdp.exe", b"%PDF-1.4", "a_fdp.exe.pdf"),
        ("  ..", b"text", "ต้นฉบับ.txt"),
        (f"{'ย' * 300}.docx", b"PK\x03\x04", f"{'ย' * 150}.docx"),
        ("lost\udc80.txt", b"text", "lost_.txt"),
        ("", b"", "ต้นฉบับ"),
    ],
)
def test_an_original_is_kept_under_a_name_that_any_system_can_have(
    name: str, content: bytes, kept: str
) -> None:
    assert original_name(OriginalFile(name, content)) == kept
