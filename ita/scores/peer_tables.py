"""Figures of groups as tables and sentences; typed, blanks where nothing is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ita.domain import FiscalYear, Instrument
from ita.formatting import percent_in_column, percent_text, score_text, year_text
from ita.i18n import _, either
from ita.reference import Reference
from ita.scores.league import GroupWeakness, LeagueRow, LevelYear, Mover, Movers
from ita.scores.levels import localized_level
from ita.scores.nation import NamedAgency
from ita.scores.peer_charts import level_label, weakness_label
from ita.scores.peers import BAND_PERCENTILES, MIN_RANKED, Group, PeerRank, PeerTrend, PeerYear
from ita.tables import CellValue, Kind, Table, TableColumn, cell_columns
from ita.tables.table import Row


def peer_table(peer_trend: PeerTrend, notes: Sequence[str] = ()) -> Table[PeerYear]:
    """A row a year, newest first."""

    def percentile(index: int) -> Callable[[PeerYear], CellValue]:
        return lambda year: year.percentiles[index] if year.percentiles else None

    def span(low: int, high: int) -> Callable[[PeerYear], str]:
        return lambda year: (
            f"{score_text(year.percentiles[low])}–{score_text(year.percentiles[high])}"
            if year.percentiles
            else "–"
        )

    def figures(label: str, shown: Callable[[PeerYear], str], phone: bool) -> TableColumn[PeerYear]:
        return TableColumn(label, kind=Kind.FIGURE, shown=shown, phone=phone)

    percentiles = [
        TableColumn(_("เปอร์เซ็นไทล์ {share}", share=share), percentile(index), 14, screen=False)
        for index, share in enumerate(BAND_PERCENTILES)
    ]
    columns: list[TableColumn[PeerYear]] = [
        TableColumn(_("ปีงบประมาณ"), lambda year: int(year.year), heading=_("ปี")),
        TableColumn(
            _("คะแนนของหน่วยงาน"),
            lambda year: year.score,
            16,
            Kind.SCORE,
            lambda year: score_text(year.score),
            heading=_("คะแนน"),
        ),
        TableColumn(
            _("อันดับ"), lambda year: year.rank.rank if year.rank else None, 10, screen=False
        ),
        TableColumn(
            _("จาก"), lambda year: year.rank.total if year.rank else None, 10, screen=False
        ),
        figures(_("อันดับ / จาก"), _rank_text, phone=True),
        TableColumn(
            _("สูงกว่าร้อยละ"),
            lambda year: year.rank.percent_below if year.rank else None,
            14,
            Kind.FIGURE,
            lambda year: percent_below_text(year.rank) if year.rank else "–",
            heading=_("สูงกว่า"),
            phone=False,
        ),
        figures(_("10–90 ของกลุ่ม"), span(0, 4), phone=False),
        figures(_("25–75 ของกลุ่ม"), span(1, 3), phone=False),
        figures(_("ค่ากลางของกลุ่ม"), _median_text, phone=True),
        *percentiles,
        TableColumn(
            _("ค่าเฉลี่ยของกลุ่ม"),
            lambda year: year.mean,
            16,
            Kind.SCORE,
            heading=_("เฉลี่ย"),
            phone=False,
        ),
        TableColumn(_("มีคะแนน"), lambda year: year.scored_agencies, 10, screen=False),
        TableColumn(_("หน่วยงานในกลุ่ม"), lambda year: year.stored_agencies, 16, screen=False),
        figures(_("มีคะแนน / ทั้งหมด"), scored_of_stored, phone=False),
    ]
    title = _("คะแนนของหน่วยงานและของกลุ่มรายปี")
    return Table(columns, peer_trend.years[::-1], title, notes)


def _rank_text(year: PeerYear) -> str:
    return f"{year.rank.rank:,} / {year.rank.total:,}" if year.rank else "–"


def _median_text(year: PeerYear) -> str:
    return score_text(year.percentiles[2]) if year.percentiles else "–"


def scored_of_stored(counts: PeerYear | LevelYear | GroupWeakness) -> str:
    """2,193 / 2,230"""
    return f"{counts.scored_agencies:,} / {counts.stored_agencies:,}"


def league_file(
    rows: Callable[[], Iterable[LeagueRow]],
    year: FiscalYear,
    reference: Reference,
    notes: Sequence[str] = (),
) -> Table[LeagueRow]:
    """rows: read on the click; the page draws a table of its own, a part at a time."""

    def score(index: int) -> Callable[[LeagueRow], CellValue]:
        return lambda row: row.instruments[index]

    columns: list[TableColumn[LeagueRow]] = [
        TableColumn(_("อันดับ"), lambda row: row.rank.rank if row.rank else None, 8),
        *_agency_columns(lambda row: row.agency),
        TableColumn(_("ปีงบประมาณ"), lambda _row: int(year), 10),
        TableColumn(_("คะแนนรวม"), lambda row: row.score, 10),
        *(TableColumn(part.value, score(index), 8) for index, part in enumerate(Instrument)),
        TableColumn(_("ระดับ"), lambda row: localized_level(row.level, reference.rules(year)), 22),
        TableColumn(_("เทียบกับปี"), lambda row: int(row.since) if row.since else None, 10),
        TableColumn(_("เปลี่ยนแปลง"), lambda row: row.change),
        TableColumn(_("สูงกว่าร้อยละ"), lambda row: row.rank.percent_below if row.rank else None),
    ]
    return Table(columns, notes=notes, load_rows=rows)


def _agency_columns(agency: Callable[[Row], NamedAgency]) -> list[TableColumn[Row]]:
    """Who it is, in files."""
    return [
        TableColumn(_("รหัสหน่วยงาน"), lambda row: agency(row).agency_id, 14, screen=False),
        TableColumn(_("หน่วยงาน"), lambda row: agency(row).shown_name, 44, screen=False),
        TableColumn(_("ประเภท"), lambda row: agency(row).type or None, 24, screen=False),
        TableColumn(_("จังหวัด"), lambda row: agency(row).province or None, 18, screen=False),
    ]


def mover_columns(
    before: FiscalYear, after: FiscalYear, agency_html: Callable[[Mover], str]
) -> list[TableColumn[Mover]]:
    """agency_html: the agency on the screen."""
    return [
        TableColumn(_("หน่วยงาน"), kind=Kind.WORDS, shown=agency_html),
        *_agency_columns(lambda mover: mover.agency),
        TableColumn(str(int(before)), lambda mover: mover.before, 10, Kind.SCORE, phone=False),
        TableColumn(str(int(after)), lambda mover: mover.after, 10, Kind.SCORE),
        TableColumn(_("เปลี่ยนแปลง"), lambda mover: mover.change, 12, Kind.CHANGE),
    ]


def level_table(
    years: Sequence[LevelYear], reference: Reference, notes: Sequence[str] = ()
) -> Table[tuple[CellValue, ...]]:
    """A row per year and level, newest year first, best level first."""
    columns = cell_columns(
        (_("ปีงบประมาณ"), 12),
        (_("ระดับ"), 26),
        (_("จำนวนหน่วยงาน"), 14),
        (_("ร้อยละของที่มีคะแนน"), 18),
        (_("มีคะแนน"), 10),
        (_("หน่วยงานในกลุ่ม"), 16),
        (_("ค่าเฉลี่ยของกลุ่ม"), 16),
    )
    rows = [
        (
            int(year.year),
            level_label(level.level, reference.rules(year.year)),
            level.count,
            year.share(level.count),
            year.scored_agencies,
            year.stored_agencies,
            year.mean,
        )
        for year in reversed(years)
        for level in year.levels
    ]
    return Table(columns, rows, notes=notes)


def weak_table(
    weaknesses: Sequence[GroupWeakness], notes: Sequence[str] = ()
) -> Table[GroupWeakness]:
    """The indicators of a group, weakest first."""

    def below_text(weak: GroupWeakness) -> str:
        if weak.is_small:
            return f"{weak.agencies_below:,}"
        return f"{percent_in_column(weak.share)} ({weak.agencies_below:,})"

    columns: list[TableColumn[GroupWeakness]] = [
        TableColumn(
            _("ตัวชี้วัด"),
            lambda weak: int(weak.indicator.number),
            10,
            Kind.WORDS,
            weakness_label,
        ),
        TableColumn(
            _("ชื่อ"),
            lambda weak: either(weak.indicator.name_th, weak.indicator.name_en),
            36,
            screen=False,
        ),
        TableColumn(_("แบบวัด"), lambda weak: weak.indicator.instrument.value, 10, screen=False),
        TableColumn(_("ต่ำกว่าเกณฑ์ผ่าน (แห่ง)"), lambda weak: weak.agencies_below, 16, screen=False),
        TableColumn(
            _("ต่ำกว่าเกณฑ์ผ่าน (ร้อยละ)"),
            lambda weak: weak.share,
            18,
            Kind.FIGURE,
            below_text,
            heading=_("ต่ำกว่าเกณฑ์ผ่าน"),
        ),
        TableColumn(_("มัธยฐาน"), lambda weak: weak.median, 12, Kind.SCORE),
        TableColumn(_("ค่าเฉลี่ยของกลุ่ม"), lambda weak: weak.mean, 16, Kind.SCORE, heading=_("เฉลี่ย")),
        TableColumn(_("มีคะแนน"), lambda weak: weak.scored_agencies, 10, screen=False),
        TableColumn(_("หน่วยงานในกลุ่ม"), lambda weak: weak.stored_agencies, 16, screen=False),
        TableColumn(_("มีคะแนน / ทั้งหมด"), kind=Kind.FIGURE, shown=scored_of_stored),
    ]
    title = _("ตัวชี้วัดของกลุ่ม อ่อนที่สุดก่อน")
    if weaknesses and weaknesses[0].is_small:
        title = _("ตัวชี้วัดของกลุ่ม")
    return Table(columns, weaknesses, title, notes)


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
