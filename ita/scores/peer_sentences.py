"""Figures of groups as sentences."""

from __future__ import annotations

from collections.abc import Sequence

from ita.domain import FiscalYear
from ita.formatting import percent_text, score_text, year_text
from ita.i18n import _
from ita.reference import Reference
from ita.scores.group_levels import GroupWeakness, LevelYear
from ita.scores.league import Movers
from ita.scores.peer_charts import weakness_label
from ita.scores.peers import MIN_RANKED, Group, PeerRank, PeerTrend, PeerYear


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
    passed = _("ผ่านเกณฑ์ {count}", count=_passed_text(level_year))
    previous = next(
        (y for y in reversed(level_years) if y.year < year and y.has_levels and y.scored_agencies),
        None,
    )
    if previous:
        previous_share = percent_text(previous.share(previous.passed_agencies))
        passed += " " + _("({year}: {share})", year=year_text(previous.year), share=previous_share)
    return f"{sentence} · {passed}"


def _passed_text(year: LevelYear) -> str:
    share = percent_text(year.share(year.passed_agencies))
    return _("{count} แห่ง ({share})", count=f"{year.passed_agencies:,}", share=share)


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
    sentence = _movers_text(movers)
    if not movers.is_small:
        return sentence
    small_text = _("น้อยกว่า {fewest} แห่ง จึงไม่จัดว่าหน่วยงานใดเปลี่ยนมากที่สุด", fewest=MIN_RANKED)
    return f"{sentence} {small_text}"


def _movers_text(movers: Movers) -> str:
    return _(
        "จาก{before} ถึง{after} มีคะแนนทั้งสองปี {both} จาก {known} แห่ง เพิ่มขึ้น {risen} แห่ง ลดลง {fallen} แห่ง",
        before=year_text(movers.before),
        after=year_text(movers.after),
        both=f"{movers.compared_agencies:,}",
        known=f"{movers.stored_agencies:,}",
        risen=f"{movers.rise_count:,}",
        fallen=f"{movers.fall_count:,}",
    )
