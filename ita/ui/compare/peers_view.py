"""The agency's rank among its peers: headline, its line over the group's band, and the table."""

from __future__ import annotations

from html import escape

from ita.formatting import part_text, score_text
from ita.i18n import _
from ita.scores.peer_charts import inner_band_name, outer_band_name, peer_chart
from ita.scores.peer_tables import peer_header, peer_records, percent_below_text, rank_sentence
from ita.scores.peers import MIN_RANKED, PeerTrend, PeerYear
from ita.ui.compare import queries
from ita.ui.compare.choices import (
    CompareChoices,
    HeadlineArea,
    group_notes,
    show_headline,
    sources_line,
)
from ita.ui.components.charts import Records, show_chart
from ita.ui.components.markup import render_html
from ita.ui.components.queries import data_version
from ita.ui.components.tables import TableColumn, html_table
from ita.web.store_access import get_reference


def peers_view(choices: CompareChoices, headline_area: HeadlineArea) -> None:
    peer_trend = queries.peers(
        data_version(), choices.group, choices.part, choices.agency.agency_id
    )
    year = peer_trend.find_year(choices.year)
    if year:
        show_headline(headline_area, rank_sentence(peer_trend, year, get_reference()))
    chart = peer_chart(peer_trend, get_reference())
    records = Records(
        peer_header(),
        list(peer_records(peer_trend)),
        (12, 16, 10, 10, 14, 14, 14, 14, 14, 14, 16, 10, 16),
        (*group_notes(choices), part_text(choices.part)),
    )
    stem = f"ita-peers-{choices.agency.agency_id}"
    show_chart(chart, "peers chart", sources_line(choices), records, stem)
    _show_notes(peer_trend, [mark.note for mark in chart.marks])
    _show_table(peer_trend)


def _show_notes(peer_trend: PeerTrend, marks: list[str]) -> None:
    bands = _(
        "แถบอ่อน: {outer} แถบเข้ม: {inner} เส้นประ: ค่ากลางของกลุ่ม",
        outer=outer_band_name(),
        inner=inner_band_name(),
    )
    has_band = any(year.percentiles for year in peer_trend.years)
    notes = [
        *([bands] if has_band else []),
        _("นับเฉพาะหน่วยงานที่มีคะแนนของปีนั้น ที่ไม่มีคะแนนไม่ถูกนับเป็น 0"),
        *marks,
    ]
    small_years = [
        str(int(year.year)) for year in peer_trend.years if year.is_small and year.scored_agencies
    ]
    if small_years:
        notes.append(
            _(
                "ปี {years} มีคะแนนน้อยกว่า {fewest} แห่ง จึงไม่วาดแถบและไม่จัดอันดับ",
                years=", ".join(small_years),
                fewest=MIN_RANKED,
            )
        )
    items = "".join(f"<li>{escape(note)}</li>" for note in notes)
    render_html(f'<ul class="ita-quiet">{items}</ul>')


def _show_table(peer_trend: PeerTrend) -> None:
    columns = [
        TableColumn(_("ปี")),
        TableColumn(_("คะแนน"), figure=True),
        TableColumn(_("อันดับ / จาก"), figure=True),
        TableColumn(_("สูงกว่า"), figure=True, more=True),
        TableColumn(_("10–90 ของกลุ่ม"), figure=True, more=True),
        TableColumn(_("25–75 ของกลุ่ม"), figure=True, more=True),
        TableColumn(_("ค่ากลางของกลุ่ม"), figure=True),
        TableColumn(_("เฉลี่ย"), figure=True, more=True),
        TableColumn(_("มีคะแนน / ทั้งหมด"), figure=True, more=True),
    ]
    rows = [_cells(year) for year in reversed(peer_trend.years)]
    render_html(html_table(columns, rows, _("คะแนนของหน่วยงานและของกลุ่มรายปี")))


def _cells(year: PeerYear) -> list[str]:
    low, quarter, median, three, high = year.percentiles or (None,) * 5
    return [
        str(int(year.year)),
        escape(score_text(year.score)),
        f"{year.rank.rank:,} / {year.rank.total:,}" if year.rank else "–",
        percent_below_text(year.rank) if year.rank else "–",
        f"{score_text(low)}–{score_text(high)}" if year.percentiles else "–",
        f"{score_text(quarter)}–{score_text(three)}" if year.percentiles else "–",
        score_text(median) if year.percentiles else "–",
        "–" if year.mean is None else score_text(year.mean),
        f"{year.scored_agencies:,} / {year.stored_agencies:,}",
    ]
