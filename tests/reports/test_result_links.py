"""Which measures a result answers, by the words that both have."""

from __future__ import annotations

import json
from pathlib import Path

from ita.domain import Instrument
from ita.reports.reading.report_draft import DraftRow, ReportDraft
from ita.reports.result_links import propose_links, propose_links_of_row

SEED = Path(__file__).with_name("seed_report_2567.json")


def proposed(measures: tuple[str, ...], *results: str) -> dict[int, tuple[int, ...]]:
    return propose_links_of_row(DraftRow(Instrument.IIT, measures, results))


def test_links_are_proposed_by_the_words_in_common() -> None:
    measures = (
        "จัดทำทะเบียนคุมการยืมทรัพย์สินของราชการ",
        "อบรมเจ้าหน้าที่เรื่องประมวลจริยธรรม",
        "เปิดช่องทางร้องเรียนออนไลน์ผ่าน Line",
    )
    assert proposed(
        measures,
        "จัดอบรมประมวลจริยธรรมให้เจ้าหน้าที่ทุกคน 2 ครั้ง",
        "มีทะเบียนคุมการยืมทรัพย์สิน และช่องทางร้องเรียนทาง LINE",
        "เจ้าหน้าที่ดำเนินการเรียบร้อยแล้ว",
        "จัดซื้อเครื่องพิมพ์",
        "",
        "-",
    ) == {1: (2,), 2: (1, 3)}


def test_words_of_any_report_are_nothing_in_common() -> None:
    assert proposed(("ดำเนินการจัดทำคู่มือของหน่วยงาน",), "ดำเนินการแล้ว", "หน่วยงานปรับปรุงเว็บไซต์") == {}
    assert proposed((), "จัดทำคู่มือแล้ว") == {}


def test_the_seed_report_is_linked_as_its_transcriber_reads_it() -> None:
    """Where the transcriber saw no result for a measure, nothing is proposed for it either."""
    seed = json.loads(SEED.read_text(encoding="utf-8"))
    rows = tuple(
        DraftRow(Instrument(r["instrument"]), tuple(r["measures"]), tuple(r["summaries"]))
        for r in seed["rows"]
    )
    draft = ReportDraft("", None, None, rows, (), (), ())
    links = propose_links(draft)
    read = {
        (instrument, int(measure), result)
        for instrument in ("IIT", "EIT", "OIT")
        for measure, results in seed["measure_summary_links"][instrument].items()
        for result in results or ()
    }
    assert {
        (instrument.value, measure, result)
        for (instrument, result), measures in links.items()
        for measure in measures
    } == read
