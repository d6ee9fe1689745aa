"""Figures of groups as tables and sentences; typed, blanks where nothing is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ita.domain import FiscalYear, Instrument
from ita.formatting import percent_text, score_text, year_text
from ita.i18n import _, either
from ita.reference import Reference
from ita.scores.group_levels import GroupWeakness, LevelYear
from ita.scores.league import LeagueRow, Mover, Movers
from ita.scores.levels import localized_level
from ita.scores.peer_charts import level_label, weakness_label
from ita.scores.peers import BAND_PERCENTILES, MIN_RANKED, Group, PeerRank, PeerTrend, PeerYear
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


# Figures of groups as sentences.


def scored_agencies_text(scored_agencies: int, stored_agencies: int) -> str:
    """มีคะแนน 2,193 จาก 2,230 แห่ง"""
    return _(
        "มีคะแนน {reported} จาก {known} แห่ง",
        reported=f"{scored_agencies:,}",
        known=f"{stored_agencies:,}",
    )


def empty_group_text(group: Group) -> str:
    return _("ไม่มีหน่วยงานในกลุ่ม “{group}”", group=group.name())


def small_group_text(year: PeerYear, group: Group) -> str | None:
    """Why a group of that year has neither ranks nor a band; None where it has."""
    words = {"group": group.name(), "year": year_text(year.year)}
    if year.stored_agencies == 0:
        return empty_group_text(group)
    if year.stored_agencies == 1:
        return _(
            "กลุ่ม “{group}” มีหน่วยงานเดียว จึงไม่มีหน่วยงานให้เทียบ {mend}",
            mend=_larger_group_hint(group),
            **words,
        )
    if year.scored_agencies == 0:
        return _("กลุ่ม “{group}” ยังไม่มีคะแนนของ{year}", **words)
    if year.is_small:
        return _(
            "กลุ่ม “{group}” {reported} น้อยกว่า {fewest} แห่ง จึงไม่จัดอันดับและไม่วาดแถบ {mend}",
            mend=_larger_group_hint(group),
            reported=scored_agencies_text(year.scored_agencies, year.stored_agencies),
            fewest=MIN_RANKED,
            **words,
        )
    return None


def _larger_group_hint(group: Group) -> str:
    """What makes a group large enough to compare with."""
    if group == Group():
        return _("เพิ่มหน่วยงานได้โดยนำเข้ารายชื่อและคะแนนของหน่วยงานอื่น")
    return _("ลองเลือกกลุ่มที่กว้างขึ้น")


def rank_sentence(peer_trend: PeerTrend, year: PeerYear, reference: Reference) -> str:
    """The agency's rank in its group in a year, and its change from the last comparable year."""
    if year.score is None:
        sentence = _("ยังไม่มีคะแนนของ{year}", year=year_text(year.year))
    else:
        sentence = _("{year} ได้ {score}", year=year_text(year.year), score=score_text(year.score))
    small_text = small_group_text(year, peer_trend.group)
    if small_text:
        return f"{sentence} · {small_text}"
    if not peer_trend.is_member:
        return f"{sentence} · {_('หน่วยงานนี้ไม่อยู่ในกลุ่มที่เลือก จึงไม่มีอันดับในกลุ่ม')}"
    if year.rank is None:
        return f"{sentence} · {scored_agencies_text(year.scored_agencies, year.stored_agencies)}"
    rank_text = _(
        "อยู่อันดับ {rank} จาก {of} แห่งที่มีคะแนน สูงกว่า {above} ของหน่วยงานอื่นในกลุ่ม",
        rank=f"{year.rank.rank:,}",
        of=f"{year.rank.total:,}",
        above=percent_below_text(year.rank),
    )
    return " ".join(
        filter(None, [sentence, rank_text, _rank_change_text(peer_trend, year, reference)])
    )


def percent_below_text(rank: PeerRank) -> str:
    """The share of the others that have less, in whole percent."""
    return f"{rank.whole_percent_below} %"


def _rank_change_text(peer_trend: PeerTrend, year: PeerYear, reference: Reference) -> str:
    previous = peer_trend.previous_ranked_year(year.year, reference)
    if previous is None or previous.rank is None or year.rank is None:
        return ""
    words = {
        "year": year_text(previous.year),
        "rank": f"{previous.rank.rank:,}",
        "of": f"{previous.rank.total:,}",
        "step": f"{abs(previous.rank.rank - year.rank.rank):,}",
    }
    if year.rank.rank < previous.rank.rank:
        return _("อันดับดีขึ้น {step} จาก{year} (อันดับ {rank} จาก {of})", **words)
    if year.rank.rank > previous.rank.rank:
        return _("อันดับลดลง {step} จาก{year} (อันดับ {rank} จาก {of})", **words)
    return _("อันดับเท่ากับ{year} (จาก {of})", **words)


def level_sentence(level_years: Sequence[LevelYear], year: FiscalYear) -> str:
    """How many of a group passed in a year, and in the year before it."""
    level_year = next((y for y in level_years if y.year == year), None)
    if level_year is None or not level_year.scored_agencies:
        return _("กลุ่มนี้ยังไม่มีคะแนนของ{year}", year=year_text(year))
    sentence = _(
        "{year} {reported} คะแนนเฉลี่ย {mean}",
        year=year_text(year),
        reported=scored_agencies_text(level_year.scored_agencies, level_year.stored_agencies),
        mean=score_text(level_year.mean),
    )
    if not level_year.has_levels:
        return f"{sentence} · {_('รูปแบบการประเมินของปีนี้ไม่มีระดับ')}"
    passed_text = _(
        "{count} แห่ง ({share})",
        count=f"{level_year.passed_agencies:,}",
        share=percent_text(level_year.share(level_year.passed_agencies)),
    )
    passed = _("ผ่านเกณฑ์ {count}", count=passed_text)
    previous = next(
        (y for y in reversed(level_years) if y.year < year and y.has_levels and y.scored_agencies),
        None,
    )
    if previous:
        previous_share = percent_text(previous.share(previous.passed_agencies))
        passed += " " + _("({year}: {share})", year=year_text(previous.year), share=previous_share)
    return f"{sentence} · {passed}"


def weak_sentence(weaknesses: Sequence[GroupWeakness], year: FiscalYear) -> str:
    """The indicator on which most of a group are below the pass mark."""
    if not weaknesses:
        return _("กลุ่มนี้ยังไม่มีคะแนนรายตัวชี้วัดของ{year}", year=year_text(year))
    worst = weaknesses[0]
    if worst.is_small:
        return _(
            "{year}: {reported} น้อยกว่า {fewest} แห่ง จึงไม่บอกว่ากลุ่มนี้อ่อนที่ตัวชี้วัดใด",
            year=year_text(year),
            reported=scored_agencies_text(worst.scored_agencies, worst.stored_agencies),
            fewest=MIN_RANKED,
        )
    if not worst.agencies_below:
        return _("{year}: ไม่มีหน่วยงานใดในกลุ่มต่ำกว่าเกณฑ์ผ่านในตัวชี้วัดใดเลย", year=year_text(year))
    return _(
        "{year}: ตัวชี้วัดที่กลุ่มนี้อ่อนที่สุดคือ {name} ต่ำกว่าเกณฑ์ผ่าน {share} ({below} จาก {reported} แห่งที่มีคะแนน)",
        year=year_text(year),
        name=weakness_label(worst),
        share=percent_text(worst.share),
        below=f"{worst.agencies_below:,}",
        reported=f"{worst.scored_agencies:,}",
    )


def movers_sentence(movers: Movers) -> str:
    sentence = _(
        "จาก{before} ถึง{after} มีคะแนนทั้งสองปี {both} จาก {known} แห่ง เพิ่มขึ้น {risen} แห่ง ลดลง {fallen} แห่ง",
        before=year_text(movers.before),
        after=year_text(movers.after),
        both=f"{movers.compared_agencies:,}",
        known=f"{movers.stored_agencies:,}",
        risen=f"{movers.rise_count:,}",
        fallen=f"{movers.fall_count:,}",
    )
    if not movers.is_small:
        return sentence
    small_text = _("น้อยกว่า {fewest} แห่ง จึงไม่จัดว่าหน่วยงานใดเปลี่ยนมากที่สุด", fewest=MIN_RANKED)
    return f"{sentence} {small_text}"
