"""The narrative report on screen: the authority's five columns, with gaps marked in place."""

from __future__ import annotations

from html import escape

from ita.report.gaps import Gap, GapKind
from ita.report.narrative import COLUMNS, NarrativeReport, NarrativeRow
from ita.scores.claim_messages import claim_text
from ita.scores.claims import ClaimVerdict, JudgedClaim
from ita.ui.indicator_work import indicator_href
from ita.ui.markup import Column, Tone, draw, lines, table, tag
from ita.ui.pages import CLAIMS, link
from ita.wording import say

CLAIM_TONES: dict[ClaimVerdict, Tone] = {
    ClaimVerdict.SUPPORTED: "good",
    ClaimVerdict.CONTRADICTED: "bad",
    ClaimVerdict.NOT_ENOUGH_DATA: "warn",
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
    if report.claims:
        told = say("ดูข้อความเทียบกับคะแนนทีละข้อ")
        link(CLAIMS, told, agency=report.agency_id, year=int(report.fiscal_year))


def five_columns(report: NarrativeReport) -> None:
    columns = [Column(label) for label in COLUMNS]
    rows = [_cells(row, report.agency_id) for row in report.rows]
    draw(table(columns, rows), stacked=True)


def _gap_tags(gaps: tuple[Gap, ...]) -> str:
    return "".join(tag(gap.short(), "warn") for gap in gaps)


def _weak_tag(gap: Gap, agency: str) -> str:
    """A weak indicator, with the way to where it is looked at closely."""
    if gap.indicator is None:
        return tag(gap.short(), "warn")
    href = indicator_href(agency, gap.indicator.number)
    return f'<a href="{escape(href)}" target="_self">{tag(gap.short(), "warn")}</a>'


def _of_kind(row: NarrativeRow, *kinds: GapKind) -> tuple[Gap, ...]:
    return tuple(gap for gap in row.gaps_of(None) if gap.kind in kinds)


def _cells(row: NarrativeRow, agency: str) -> tuple[str, str, str, str, str]:
    measures = "".join(
        f'<li value="{measure.seq}">{lines(measure.text)} {_gap_tags(row.gaps_of(measure.seq))}</li>'
        for measure in row.measures
    )
    weak = "".join(
        _weak_tag(gap, agency) for gap in _of_kind(row, GapKind.WEAK_INDICATOR_WITHOUT_MEASURE)
    )
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
        f"{tag(verdict_said(judged.verdict), CLAIM_TONES[judged.verdict])}"
        f'<p class="ita-quiet"><b>{escape(claim_text(judged.claim))}</b><br>'
        f"{escape(judged.message())}</p>"
    )


def verdict_said(verdict: ClaimVerdict) -> str:
    """A verdict on a claim, in words."""
    return {
        ClaimVerdict.SUPPORTED: say("ข้อความตรงกับคะแนน"),
        ClaimVerdict.CONTRADICTED: say("ข้อความขัดกับคะแนน"),
        ClaimVerdict.NOT_ENOUGH_DATA: say("คะแนนไม่พอที่จะยืนยันข้อความ"),
    }[verdict]
