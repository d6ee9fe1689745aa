"""Charts of an agency among its peers, and of a group, as values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from ita.charts.values import Bar, BarChart, Dot, Line, LineChart, ValueBand
from ita.reference import Reference, YearRules
from ita.scores.charts import AXIS_MARGIN, break_marks
from ita.scores.group_levels import LevelYear, WeakSpot
from ita.scores.league import LEVEL_UNKNOWN
from ita.scores.levels import localized_level
from ita.scores.peers import Group, PeerTrend, PeerYear
from ita.style import BELOW_COLOR, PASSED_COLOR, PEERS_COLOR, UNKNOWN_COLOR, part_style
from ita.vocabulary import FiscalYear
from ita.wording import (
    _,
    either,
    part_text,
    percent_in_column,
    percent_text,
    score_text,
    year_text,
)

LEAST_SCALE = 80.0
Places = Mapping[FiscalYear, int]


def peer_chart(found: PeerTrend, reference: Reference) -> LineChart:
    """The agency's line over the band of its group: the middle half, and eight of ten. Neither band
    nor line goes over a hole or a break of comparability; a small group has no band."""
    years = [year.year for year in found.years]
    places = {year: place for place, year in enumerate(years)}
    banded = [*_runs([year for year in found.years if year.edges], years, reference)]
    own = [*_runs([year for year in found.years if year.score is not None], years, reference)]
    lines = (_median(banded, places), _own(found, own, places))
    return LineChart(
        title=_("{part}เทียบกับกลุ่ม: {group}", part=part_text(found.part), group=found.group.name()),
        alt=_alt(found),
        categories=tuple(str(int(year)) for year in years),
        low=_lowest(found),
        high=101.5,
        lines=tuple(line for line in lines if line.runs),
        bands=(
            *_spreads(banded, places, 0, 4, outer_name()),
            *_spreads(banded, places, 1, 3, inner_name()),
        ),
        marks=break_marks(years, reference),
    )


def outer_name() -> str:
    return _("8 ใน 10 ของกลุ่ม (เปอร์เซ็นไทล์ 10–90)")


def inner_name() -> str:
    return _("ครึ่งกลางของกลุ่ม (เปอร์เซ็นไทล์ 25–75)")


def _runs(
    known: Sequence[PeerYear], years: Sequence[FiscalYear], reference: Reference
) -> Iterator[list[PeerYear]]:
    """Stretches of neighbouring years that compare."""
    run: list[PeerYear] = []
    for year in known:
        if run and not (
            years.index(year.year) == years.index(run[-1].year) + 1
            and reference.comparable(run[-1].year, year.year)
        ):
            yield run
            run = []
        run.append(year)
    if run:
        yield run


def _spreads(
    runs: Sequence[Sequence[PeerYear]], places: Places, low: int, high: int, name: str
) -> Iterator[ValueBand]:
    for run in runs:
        edges = ((places[y.year], float(y.edges[low]), float(y.edges[high])) for y in run)
        yield ValueBand(name, PEERS_COLOR, tuple((float(p), a, b) for p, a, b in edges))


def _median(runs: Sequence[Sequence[PeerYear]], places: Places) -> Line:
    last = runs[-1][-1] if runs else None
    return Line(
        name=_("ค่ากลางของกลุ่ม (มัธยฐาน)"),
        color=PEERS_COLOR,
        runs=tuple(
            tuple(Dot(places[y.year], float(y.median or 0), _told_of_group(y)) for y in run)
            for run in runs
        ),
        symbol="x-thin-open",
        dash="dot",
        width=1.5,
        size=8,
        end_label=_("ค่ากลาง {score}", score=score_text(last.median)) if last else "",
    )


def _told_of_group(year: PeerYear) -> str:
    low, _unused, median, _unused, high = (score_text(edge) for edge in year.edges)
    return _(
        "ค่ากลาง {median} · 8 ใน 10 อยู่ที่ {low}–{high} · มีคะแนน {reported} จาก {known} แห่ง",
        median=median,
        low=low,
        high=high,
        reported=f"{year.reported:,}",
        known=f"{year.known:,}",
    )


def _own(found: PeerTrend, runs: Sequence[Sequence[PeerYear]], places: Places) -> Line:
    style = part_style(found.part)
    last = runs[-1][-1] if runs else None
    return Line(
        name=found.agency.name if found.agency else "",
        color=style.color,
        runs=tuple(
            tuple(Dot(places[y.year], float(y.score or 0), _told_of_own(y)) for y in run)
            for run in runs
        ),
        symbol=style.symbol,
        width=3.5,
        size=11,
        end_label=_("หน่วยงาน {score}", score=score_text(last.score)) if last else "",
    )


def _told_of_own(year: PeerYear) -> str:
    score = _("หน่วยงาน {score}", score=score_text(year.score))
    return f"{score} · {rank_text(year)}" if year.place else score


def rank_text(year: PeerYear) -> str:
    """อันดับ 1,234 จาก 2,193"""
    if year.place is None:
        return "–"
    return _("อันดับ {rank} จาก {of}", rank=f"{year.place.rank:,}", of=f"{year.place.of:,}")


def _lowest(found: PeerTrend) -> float:
    known = [float(edge) for year in found.years for edge in year.edges]
    known += [float(year.score) for year in found.years if year.score is not None]
    return max(0.0, min([*known, LEAST_SCALE]) - AXIS_MARGIN)


def _alt(found: PeerTrend) -> str:
    """The chart in words, out of the same values."""
    told = [
        f"{int(year.year)}: {score_text(year.score)} ({_told_of_group(year)})"
        for year in found.years
        if year.edges
    ]
    head = _("กราฟคะแนนของหน่วยงานบนแถบคะแนนของกลุ่ม {group}", group=found.group.name())
    return f"{head} {'; '.join(told)}"


def level_chart(found: LevelYear, group: Group, rules: YearRules) -> BarChart:
    """Agencies of a group by level in one year, best level first."""
    most = max((level.count for level in found.levels), default=0)
    bars = tuple(
        Bar(
            category=level_label(level.level, rules),
            start=0,
            end=level.count,
            color=_color(level.passes),
            label=count_label(level.count, found.share(level.count)),
            tooltip=f"{level_label(level.level, rules)} {count_label(level.count, found.share(level.count))}",
        )
        for level in found.levels
    )
    title = _("ระดับคะแนน {year}: {group}", year=year_text(found.year), group=group.name())
    told = "; ".join(bar.tooltip for bar in bars)
    return BarChart(title, f"{title} {told}", 0, max(1.0, most * 1.02), bars)


def count_label(count: int, share: Decimal | None) -> str:
    return _("{count} แห่ง ({share})", count=f"{count:,}", share=percent_in_column(share))


def level_label(level: str, rules: YearRules) -> str:
    if level == LEVEL_UNKNOWN:
        return _("มีคะแนนแต่ไม่ทราบระดับ")
    return localized_level(level, rules) or level


def _color(passes: bool | None) -> str:
    if passes is None:
        return UNKNOWN_COLOR
    return PASSED_COLOR if passes else BELOW_COLOR


def weak_chart(spots: Sequence[WeakSpot], group: Group, year: FiscalYear) -> BarChart:
    """The share of a group's agencies below the pass mark, by indicator, the worst first."""
    bars = tuple(
        Bar(
            category=spot_name(spot),
            start=0,
            end=float(spot.share),
            color=BELOW_COLOR,
            label=percent_in_column(spot.share),
            tooltip=f"{spot_name(spot)}: {_told_of_spot(spot)}",
        )
        for spot in spots
    )
    title = _("ต่ำกว่าเกณฑ์ผ่าน {year}: {group}", year=year_text(year), group=group.name())
    most = max((bar.end for bar in bars), default=0)
    told = "; ".join(bar.tooltip for bar in bars)
    return BarChart(title, f"{title} {told}", 0, max(10.0, most * 1.02), bars)


def spot_name(spot: WeakSpot) -> str:
    return f"{spot.indicator.number} {either(spot.indicator.name_th, spot.indicator.name_en)}"


def _told_of_spot(spot: WeakSpot) -> str:
    return _(
        "{share} ต่ำกว่าเกณฑ์ ({below} จาก {reported} แห่งที่มีคะแนน) มัธยฐาน {median}",
        share=percent_text(spot.share),
        below=f"{spot.below:,}",
        reported=f"{spot.reported:,}",
        median=score_text(spot.median),
    )
