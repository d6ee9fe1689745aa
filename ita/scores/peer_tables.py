"""Figures of groups as tables: what stands beside a chart and in a download; typed, blanks where
nothing is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ita.reference import Reference
from ita.scores.group_levels import LevelYear, WeakSpot
from ita.scores.league import LeagueRow, Mover
from ita.scores.levels import localized_level
from ita.scores.peer_charts import level_label
from ita.scores.peers import SHARES, PeerTrend
from ita.spreadsheet import CellValue
from ita.vocabulary import FiscalYear, Instrument
from ita.wording import either, say


def peer_header() -> tuple[str, ...]:
    return (
        say("ปีงบประมาณ"),
        say("คะแนนของหน่วยงาน"),
        say("อันดับ"),
        say("จาก"),
        say("สูงกว่าร้อยละ"),
        *(say("เปอร์เซ็นไทล์ {share}", share=share) for share in SHARES),
        say("ค่าเฉลี่ยของกลุ่ม"),
        say("มีคะแนน"),
        say("หน่วยงานในกลุ่ม"),
    )


def peer_records(found: PeerTrend) -> Iterator[tuple[CellValue, ...]]:
    """A row per year, newest first."""
    for year in reversed(found.years):
        place = year.place
        yield (
            int(year.year),
            year.score,
            place.rank if place else None,
            place.of if place else None,
            place.above if place else None,
            *(year.edges or (None,) * len(SHARES)),
            year.mean,
            year.reported,
            year.known,
        )


def league_header() -> tuple[str, ...]:
    return (
        say("อันดับ"),
        say("รหัสหน่วยงาน"),
        say("หน่วยงาน"),
        say("ประเภท"),
        say("จังหวัด"),
        say("ปีงบประมาณ"),
        say("คะแนนรวม"),
        *(instrument.value for instrument in Instrument),
        say("ระดับ"),
        say("เทียบกับปี"),
        say("เปลี่ยนแปลง"),
        say("สูงกว่าร้อยละ"),
    )


def league_records(
    rows: Iterable[LeagueRow], year: FiscalYear, reference: Reference
) -> Iterator[tuple[CellValue, ...]]:
    for row in rows:
        yield (
            row.place.rank if row.place else None,
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
            row.place.above if row.place else None,
        )


def mover_header(before: FiscalYear, after: FiscalYear) -> tuple[str, ...]:
    return (
        say("รหัสหน่วยงาน"),
        say("หน่วยงาน"),
        say("ประเภท"),
        say("จังหวัด"),
        str(int(before)),
        str(int(after)),
        say("เปลี่ยนแปลง"),
    )


def mover_records(movers: Iterable[Mover]) -> Iterator[tuple[CellValue, ...]]:
    for mover in movers:
        agency = mover.agency
        named = (agency.agency_id, agency.name, agency.type or None, agency.province or None)
        yield (*named, mover.before, mover.after, mover.change)


def level_header() -> tuple[str, ...]:
    return (
        say("ปีงบประมาณ"),
        say("ระดับ"),
        say("จำนวนหน่วยงาน"),
        say("ร้อยละของที่มีคะแนน"),
        say("มีคะแนน"),
        say("หน่วยงานในกลุ่ม"),
        say("ค่าเฉลี่ยของกลุ่ม"),
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
                year.reported,
                year.known,
                year.mean,
            )


def weak_header() -> tuple[str, ...]:
    return (
        say("ตัวชี้วัด"),
        say("ชื่อ"),
        say("แบบวัด"),
        say("ต่ำกว่าเกณฑ์ผ่าน (แห่ง)"),
        say("ต่ำกว่าเกณฑ์ผ่าน (ร้อยละ)"),
        say("มัธยฐาน"),
        say("ค่าเฉลี่ยของกลุ่ม"),
        say("มีคะแนน"),
        say("หน่วยงานในกลุ่ม"),
    )


def weak_records(spots: Iterable[WeakSpot]) -> Iterator[tuple[CellValue, ...]]:
    for spot in spots:
        named = spot.indicator
        yield (
            int(named.number),
            either(named.name_th, named.name_en),
            named.instrument.value,
            spot.below,
            spot.share,
            spot.median,
            spot.mean,
            spot.reported,
            spot.known,
        )
