"""Figures of groups as tables, for pages and downloads; typed, blanks where nothing is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ita.domain import FiscalYear, Instrument
from ita.i18n import _, either
from ita.reference import Reference
from ita.scores.group_levels import GroupWeakness, LevelYear
from ita.scores.league import LeagueRow, Mover
from ita.scores.levels import localized_level
from ita.scores.peer_charts import level_label
from ita.scores.peers import BAND_PERCENTILES, PeerTrend
from ita.tables import CellValue


def peer_header() -> tuple[str, ...]:
    return (
        _("ปีงบประมาณ"),
        _("คะแนนของหน่วยงาน"),
        _("อันดับ"),
        _("จาก"),
        _("สูงกว่าร้อยละ"),
        *(_("เปอร์เซ็นไทล์ {share}", share=share) for share in BAND_PERCENTILES),
        _("ค่าเฉลี่ยของกลุ่ม"),
        _("มีคะแนน"),
        _("หน่วยงานในกลุ่ม"),
    )


def peer_records(peer_trend: PeerTrend) -> Iterator[tuple[CellValue, ...]]:
    """A row per year, newest first."""
    for year in reversed(peer_trend.years):
        rank = year.rank
        yield (
            int(year.year),
            year.score,
            rank.rank if rank else None,
            rank.total if rank else None,
            rank.percent_below if rank else None,
            *(year.percentiles or (None,) * len(BAND_PERCENTILES)),
            year.mean,
            year.scored_agencies,
            year.stored_agencies,
        )


def league_header() -> tuple[str, ...]:
    return (
        _("อันดับ"),
        _("รหัสหน่วยงาน"),
        _("หน่วยงาน"),
        _("ประเภท"),
        _("จังหวัด"),
        _("ปีงบประมาณ"),
        _("คะแนนรวม"),
        *(instrument.value for instrument in Instrument),
        _("ระดับ"),
        _("เทียบกับปี"),
        _("เปลี่ยนแปลง"),
        _("สูงกว่าร้อยละ"),
    )


def league_records(
    rows: Iterable[LeagueRow], year: FiscalYear, reference: Reference
) -> Iterator[tuple[CellValue, ...]]:
    for row in rows:
        yield (
            row.rank.rank if row.rank else None,
            row.agency.agency_id,
            row.agency.name,
            row.agency.type or None,
            row.agency.province or None,
            int(year),
            row.score,
            *row.instruments,
            localized_level(row.level, reference.rules(year)),
            int(row.since) if row.since else None,
            row.change,
            row.rank.percent_below if row.rank else None,
        )


def mover_header(before: FiscalYear, after: FiscalYear) -> tuple[str, ...]:
    return (
        _("รหัสหน่วยงาน"),
        _("หน่วยงาน"),
        _("ประเภท"),
        _("จังหวัด"),
        str(int(before)),
        str(int(after)),
        _("เปลี่ยนแปลง"),
    )


def mover_records(movers: Iterable[Mover]) -> Iterator[tuple[CellValue, ...]]:
    for mover in movers:
        agency = mover.agency
        named = (agency.agency_id, agency.name, agency.type or None, agency.province or None)
        yield (*named, mover.before, mover.after, mover.change)


def level_header() -> tuple[str, ...]:
    return (
        _("ปีงบประมาณ"),
        _("ระดับ"),
        _("จำนวนหน่วยงาน"),
        _("ร้อยละของที่มีคะแนน"),
        _("มีคะแนน"),
        _("หน่วยงานในกลุ่ม"),
        _("ค่าเฉลี่ยของกลุ่ม"),
    )


def level_records(
    years: Sequence[LevelYear], reference: Reference
) -> Iterator[tuple[CellValue, ...]]:
    """A row per year and level, newest year first, best level first."""
    for year in reversed(years):
        rules = reference.rules(year.year)
        for level in year.levels:
            yield (
                int(year.year),
                level_label(level.level, rules),
                level.count,
                year.share(level.count),
                year.scored_agencies,
                year.stored_agencies,
                year.mean,
            )


def weak_header() -> tuple[str, ...]:
    return (
        _("ตัวชี้วัด"),
        _("ชื่อ"),
        _("แบบวัด"),
        _("ต่ำกว่าเกณฑ์ผ่าน (แห่ง)"),
        _("ต่ำกว่าเกณฑ์ผ่าน (ร้อยละ)"),
        _("มัธยฐาน"),
        _("ค่าเฉลี่ยของกลุ่ม"),
        _("มีคะแนน"),
        _("หน่วยงานในกลุ่ม"),
    )


def weak_records(weaknesses: Iterable[GroupWeakness]) -> Iterator[tuple[CellValue, ...]]:
    for weakness in weaknesses:
        indicator = weakness.indicator
        yield (
            int(indicator.number),
            either(indicator.name_th, indicator.name_en),
            indicator.instrument.value,
            weakness.agencies_below,
            weakness.share,
            weakness.median,
            weakness.mean,
            weakness.scored_agencies,
            weakness.stored_agencies,
        )
