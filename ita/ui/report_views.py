"""The narrative report on screen: the authority's five columns, with gaps marked in place."""

from __future__ import annotations

from functools import partial
from html import escape

import streamlit as st

from ita.report.documents import DOCUMENTS
from ita.report.gaps import Gap, GapKind
from ita.report.narrative import COLUMNS, NarrativeReport, NarrativeRow
from ita.scores.claims import ClaimVerdict, JudgedClaim
from ita.spreadsheet import XLSX_MIME
from ita.ui.markup import Column, Tone, draw, lines, table, tag
from ita.wording import say

CLAIM_TONES: dict[ClaimVerdict, Tone] = {
    ClaimVerdict.SUPPORTED: "good",
    ClaimVerdict.CONTRADICTED: "bad",
    ClaimVerdict.NOT_ENOUGH_DATA: "warn",
}
MIMES = {
    "html": "text/html",
    "csv": "text/csv",
    "xlsx": XLSX_MIME,
}


def readiness(report: NarrativeReport) -> None:
    """One line: how much is lacking, and how many claims the scores don't bear out."""
    unsupported = [c for c in report.claims if c.verdict is not ClaimVerdict.SUPPORTED]
    marks = (
        tag(say("ยังขาด {count} รายการ", count=len(report.gaps)), "warn")
        if report.gaps
        else tag(say("รายงานครบถ้วน"), "good")
    )
    if unsupported:
        marks += tag(say("ข้อความ {count} แห่งที่คะแนนยังไม่ยืนยัน", count=len(unsupported)), "warn")
    draw(f'<p class="ita-lead">{escape(report.title)}<br>{escape(report.agency)}</p>{marks}')


def five_columns(report: NarrativeReport) -> None:
    columns = [Column(label) for label in COLUMNS]
    rows = [_cells(row) for row in report.rows]
    draw(table(columns, rows), stacked=True)


def _gap_tags(gaps: tuple[Gap, ...]) -> str:
    return "".join(tag(gap.short(), "warn") for gap in gaps)


def _of_kind(row: NarrativeRow, *kinds: GapKind) -> tuple[Gap, ...]:
    return tuple(gap for gap in row.gaps_of(None) if gap.kind in kinds)


def _cells(row: NarrativeRow) -> tuple[str, str, str, str, str]:
    measures = "".join(
        f'<li value="{measure.seq}">{lines(measure.text)} {_gap_tags(row.gaps_of(measure.seq))}</li>'
        for measure in row.measures
    )
    weak = _gap_tags(_of_kind(row, GapKind.WEAK_INDICATOR_WITHOUT_MEASURE))
    results = "".join(f"<li>{lines(result.text)}</li>" for result in row.results)
    divisions = "<br>".join(escape(name) for name in row.divisions)
    period = f"<br>{escape('ดำเนินการ')}<br>{lines(row.period)}" if row.period else ""
    return (
        f"{escape(row.title)}<br>{weak}",
        f"<ol>{measures}</ol>",
        f'<ul class="dashed">{results}</ul>',
        f"{divisions}{period}<br>{_gap_tags(_of_kind(row, GapKind.NO_PERIOD))}",
        f"{lines(row.outcome or '')}<br>{_gap_tags(_of_kind(row, GapKind.NO_OUTCOME))}"
        + "".join(map(_claim, row.claims)),
    )


def _claim(judged: JudgedClaim) -> str:
    return (
        f"{tag(_verdict(judged.verdict), CLAIM_TONES[judged.verdict])}"
        f'<p class="ita-quiet">{escape(judged.message())}</p>'
    )


def _verdict(verdict: ClaimVerdict) -> str:
    return {
        ClaimVerdict.SUPPORTED: say("ข้อความตรงกับคะแนน"),
        ClaimVerdict.CONTRADICTED: say("ข้อความขัดกับคะแนน"),
        ClaimVerdict.NOT_ENOUGH_DATA: say("คะแนนไม่พอที่จะยืนยันข้อความ"),
    }[verdict]


def downloads(report: NarrativeReport) -> None:
    """The table as filtered, in every format of the report."""
    stem = f"ita-report-{report.agency_id}-{int(report.fiscal_year)}"
    with st.container(horizontal=True):
        for name, make in DOCUMENTS.items():
            st.download_button(
                say("ดาวน์โหลด {format}", format=name.upper()),
                data=partial(make, report),
                file_name=f"{stem}.{name}",
                mime=MIMES[name],
                on_click="ignore",
            )
