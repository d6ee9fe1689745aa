"""What figures of groups say, in one sentence each."""

from __future__ import annotations

from collections.abc import Sequence

from ita.reference import Reference
from ita.scores.group_levels import LevelYear, WeakSpot
from ita.scores.league import Movers
from ita.scores.peer_charts import spot_name
from ita.scores.peers import FEWEST, Group, PeerTrend, PeerYear, Place
from ita.vocabulary import FiscalYear
from ita.wording import _, percent_text, score_text, year_text


def reported_text(reported: int, known: int) -> str:
    """มีคะแนน 2,193 จาก 2,230 แห่ง"""
    return _("มีคะแนน {reported} จาก {known} แห่ง", reported=f"{reported:,}", known=f"{known:,}")


def nobody_in(group: Group) -> str:
    return _("ไม่มีหน่วยงานในกลุ่ม “{group}”", group=group.name())


def small_group(year: PeerYear, group: Group) -> str | None:
    """Why a group of that year is neither ranked nor drawn; None where it is."""
    words = {"group": group.name(), "year": year_text(year.year)}
    if year.known == 0:
        return nobody_in(group)
    if year.known == 1:
        return _("กลุ่ม “{group}” มีหน่วยงานเดียว จึงไม่มีหน่วยงานให้เทียบ {mend}", mend=_mend(group), **words)
    if year.reported == 0:
        return _("กลุ่ม “{group}” ยังไม่มีคะแนนของ{year}", **words)
    if year.small:
        return _(
            "กลุ่ม “{group}” {reported} น้อยกว่า {fewest} แห่ง จึงไม่จัดอันดับและไม่วาดแถบ {mend}",
            mend=_mend(group),
            reported=reported_text(year.reported, year.known),
            fewest=FEWEST,
            **words,
        )
    return None


def _mend(group: Group) -> str:
    """What makes a group large enough to compare with."""
    if group == Group():
        return _("เพิ่มหน่วยงานได้โดยนำเข้ารายชื่อและคะแนนของหน่วยงานอื่น")
    return _("ลองเลือกกลุ่มที่กว้างขึ้น")


def place_sentence(found: PeerTrend, year: PeerYear, reference: Reference) -> str:
    """Where the agency stands in its group in a year, and whether its rank is better than before."""
    if year.score is None:
        told = _("ยังไม่มีคะแนนของ{year}", year=year_text(year.year))
    else:
        told = _("{year} ได้ {score}", year=year_text(year.year), score=score_text(year.score))
    few = small_group(year, found.group)
    if few:
        return f"{told} · {few}"
    if not found.inside:
        return f"{told} · {_('หน่วยงานนี้ไม่อยู่ในกลุ่มที่เลือก จึงไม่มีอันดับในกลุ่ม')}"
    if year.place is None:
        return f"{told} · {reported_text(year.reported, year.known)}"
    ranked = _(
        "อยู่อันดับ {rank} จาก {of} แห่งที่มีคะแนน สูงกว่า {above} ของหน่วยงานอื่นในกลุ่ม",
        rank=f"{year.place.rank:,}",
        of=f"{year.place.of:,}",
        above=above_text(year.place),
    )
    return " ".join(filter(None, [told, ranked, _rank_change(found, year, reference)]))


def above_text(place: Place) -> str:
    """Above how many of the others, in whole percent."""
    return f"{place.whole_above} %"


def _rank_change(found: PeerTrend, year: PeerYear, reference: Reference) -> str:
    before = found.before(year.year, reference)
    if before is None or before.place is None or year.place is None:
        return ""
    words = {
        "year": year_text(before.year),
        "rank": f"{before.place.rank:,}",
        "of": f"{before.place.of:,}",
        "step": f"{abs(before.place.rank - year.place.rank):,}",
    }
    if year.place.rank < before.place.rank:
        return _("อันดับดีขึ้น {step} จาก{year} (อันดับ {rank} จาก {of})", **words)
    if year.place.rank > before.place.rank:
        return _("อันดับลดลง {step} จาก{year} (อันดับ {rank} จาก {of})", **words)
    return _("อันดับเท่ากับ{year} (จาก {of})", **words)


def level_sentence(found: Sequence[LevelYear], year: FiscalYear) -> str:
    """How many of a group passed in a year, and in the year before it."""
    this = next((y for y in found if y.year == year), None)
    if this is None or not this.reported:
        return _("กลุ่มนี้ยังไม่มีคะแนนของ{year}", year=year_text(year))
    told = _(
        "{year} {reported} คะแนนเฉลี่ย {mean}",
        year=year_text(year),
        reported=reported_text(this.reported, this.known),
        mean=score_text(this.mean),
    )
    if not this.judged:
        return f"{told} · {_('รูปแบบการประเมินของปีนี้ไม่มีระดับ')}"
    passed = _("ผ่านเกณฑ์ {count}", count=_count_and_share(this))
    before = next((y for y in reversed(found) if y.year < year and y.judged and y.reported), None)
    if before:
        then = percent_text(before.share(before.passed))
        passed += " " + _("({year}: {share})", year=year_text(before.year), share=then)
    return f"{told} · {passed}"


def _count_and_share(year: LevelYear) -> str:
    share = percent_text(year.share(year.passed))
    return _("{count} แห่ง ({share})", count=f"{year.passed:,}", share=share)


def weak_sentence(spots: Sequence[WeakSpot], year: FiscalYear) -> str:
    """The indicator on which most of a group are below the pass mark."""
    if not spots:
        return _("กลุ่มนี้ยังไม่มีคะแนนรายตัวชี้วัดของ{year}", year=year_text(year))
    worst = spots[0]
    if worst.small:
        return _(
            "{year}: {reported} น้อยกว่า {fewest} แห่ง จึงไม่บอกว่ากลุ่มนี้อ่อนที่ตัวชี้วัดใด",
            year=year_text(year),
            reported=reported_text(worst.reported, worst.known),
            fewest=FEWEST,
        )
    if not worst.below:
        return _("{year}: ไม่มีหน่วยงานใดในกลุ่มต่ำกว่าเกณฑ์ผ่านในตัวชี้วัดใดเลย", year=year_text(year))
    return _(
        "{year}: ตัวชี้วัดที่กลุ่มนี้อ่อนที่สุดคือ {name} ต่ำกว่าเกณฑ์ผ่าน {share} ({below} จาก {reported} แห่งที่มีคะแนน)",
        year=year_text(year),
        name=spot_name(worst),
        share=percent_text(worst.share),
        below=f"{worst.below:,}",
        reported=f"{worst.reported:,}",
    )


def movers_sentence(found: Movers) -> str:
    told = _moved(found)
    if not found.small:
        return told
    few = _("น้อยกว่า {fewest} แห่ง จึงไม่จัดว่าหน่วยงานใดเปลี่ยนมากที่สุด", fewest=FEWEST)
    return f"{told} {few}"


def _moved(found: Movers) -> str:
    return _(
        "จาก{before} ถึง{after} มีคะแนนทั้งสองปี {both} จาก {known} แห่ง เพิ่มขึ้น {risen} แห่ง ลดลง {fallen} แห่ง",
        before=year_text(found.before),
        after=year_text(found.after),
        both=f"{found.both:,}",
        known=f"{found.known:,}",
        risen=f"{found.risen:,}",
        fallen=f"{found.fallen:,}",
    )
