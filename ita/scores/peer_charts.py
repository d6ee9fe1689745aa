"""Charts of an agency among its peers, and of a group, as values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from ita.charts.values import Bar, BarChart, Dot, Line, LineChart, ValueBand, joined_runs
from ita.domain import FiscalYear
from ita.formatting import part_text, percent_in_column, percent_text, score_text, year_text
from ita.i18n import _, either
from ita.reference import Reference, YearRules
from ita.scores.charts import AXIS_HIGH, YearPositions, axis_low, break_marks
from ita.scores.league import LEVEL_UNKNOWN, GroupWeakness, LevelYear
from ita.scores.levels import localized_level
from ita.scores.peers import Group, PeerTrend, PeerYear
from ita.theme import BELOW_COLOR, PASSED_COLOR, PEERS_COLOR, UNKNOWN_COLOR, part_style


def peer_chart(peer_trend: PeerTrend, reference: Reference) -> LineChart:
    """The agency's line over the band of its group: the middle half, and eight of ten. Neither band
    nor line goes over a hole or a break of comparability; a small group has no band."""
    years = [year.year for year in peer_trend.years]
    positions = {year: index for index, year in enumerate(years)}

    def is_joined(before: PeerYear, after: PeerYear) -> bool:
        is_next = positions[after.year] - positions[before.year] == 1
        return is_next and reference.comparable(before.year, after.year)

    band_runs = joined_runs((y for y in peer_trend.years if y.percentiles), is_joined)
    own_runs = joined_runs((y for y in peer_trend.years if y.score is not None), is_joined)
    lines = (_median_line(band_runs, positions), _own_line(peer_trend, own_runs, positions))
    return LineChart(
        title=_(
            "{part}เทียบกับกลุ่ม: {group}",
            part=part_text(peer_trend.part),
            group=peer_trend.group.name(),
        ),
        alt=_alt(peer_trend),
        categories=tuple(str(int(year)) for year in years),
        low=_axis_low(peer_trend),
        high=AXIS_HIGH,
        lines=tuple(line for line in lines if line.runs),
        bands=(
            *_bands(band_runs, positions, 0, 4, outer_band_name()),
            *_bands(band_runs, positions, 1, 3, inner_band_name()),
        ),
        marks=break_marks(years, reference),
    )


def outer_band_name() -> str:
    return _("8 ใน 10 ของกลุ่ม (เปอร์เซ็นไทล์ 10–90)")


def inner_band_name() -> str:
    return _("ครึ่งกลางของกลุ่ม (เปอร์เซ็นไทล์ 25–75)")


def _bands(
    runs: Sequence[Sequence[PeerYear]], positions: YearPositions, low: int, high: int, name: str
) -> Iterator[ValueBand]:
    for run in runs:
        edges = (
            (positions[y.year], float(y.percentiles[low]), float(y.percentiles[high])) for y in run
        )
        yield ValueBand(name, PEERS_COLOR, tuple((float(p), a, b) for p, a, b in edges))


def _median_line(runs: Sequence[Sequence[PeerYear]], positions: YearPositions) -> Line:
    last = runs[-1][-1] if runs else None
    return Line(
        name=_("ค่ากลางของกลุ่ม (มัธยฐาน)"),
        color=PEERS_COLOR,
        runs=tuple(
            tuple(Dot(positions[y.year], float(y.median or 0), _group_tooltip(y)) for y in run)
            for run in runs
        ),
        symbol="x-thin-open",
        dash="dot",
        width=1.5,
        size=8,
        end_label=_("ค่ากลาง {score}", score=score_text(last.median)) if last else "",
    )


def _group_tooltip(year: PeerYear) -> str:
    low, _unused, median, _unused, high = (score_text(edge) for edge in year.percentiles)
    return _(
        "ค่ากลาง {median} · 8 ใน 10 อยู่ที่ {low}–{high} · มีคะแนน {reported} จาก {known} แห่ง",
        median=median,
        low=low,
        high=high,
        reported=f"{year.scored_agencies:,}",
        known=f"{year.stored_agencies:,}",
    )


def _own_line(
    peer_trend: PeerTrend, runs: Sequence[Sequence[PeerYear]], positions: YearPositions
) -> Line:
    style = part_style(peer_trend.part)
    last = runs[-1][-1] if runs else None
    return Line(
        name=peer_trend.agency.shown_name if peer_trend.agency else "",
        color=style.color,
        runs=tuple(
            tuple(Dot(positions[y.year], float(y.score or 0), _own_tooltip(y)) for y in run)
            for run in runs
        ),
        symbol=style.symbol,
        width=3.5,
        size=11,
        end_label=_("หน่วยงาน {score}", score=score_text(last.score)) if last else "",
    )


def _own_tooltip(year: PeerYear) -> str:
    score = _("หน่วยงาน {score}", score=score_text(year.score))
    return f"{score} · {rank_text(year)}" if year.rank else score


def rank_text(year: PeerYear) -> str:
    """อันดับ 1,234 จาก 2,193"""
    if year.rank is None:
        return "–"
    return _("อันดับ {rank} จาก {of}", rank=f"{year.rank.rank:,}", of=f"{year.rank.total:,}")


def _axis_low(peer_trend: PeerTrend) -> float:
    values = [float(edge) for year in peer_trend.years for edge in year.percentiles]
    values += [float(year.score) for year in peer_trend.years if year.score is not None]
    return axis_low(values)


def _alt(peer_trend: PeerTrend) -> str:
    """The chart in words, out of the same values."""
    texts = [
        f"{int(year.year)}: {score_text(year.score)} ({_group_tooltip(year)})"
        for year in peer_trend.years
        if year.percentiles
    ]
    heading = _("กราฟคะแนนของหน่วยงานบนแถบคะแนนของกลุ่ม {group}", group=peer_trend.group.name())
    return f"{heading} {'; '.join(texts)}"


def level_chart(level_year: LevelYear, group: Group, rules: YearRules) -> BarChart:
    """Agencies of a group by level in one year, best level first."""
    max_count = max((level.count for level in level_year.levels), default=0)
    bars = tuple(
        Bar(
            category=level_label(level.level, rules),
            start=0,
            end=level.count,
            color=_level_color(level.passes),
            label=count_label(level.count, level_year.share(level.count)),
            tooltip=f"{level_label(level.level, rules)} {count_label(level.count, level_year.share(level.count))}",
        )
        for level in level_year.levels
    )
    title = _("ระดับคะแนน {year}: {group}", year=year_text(level_year.year), group=group.name())
    bars_text = "; ".join(bar.tooltip for bar in bars)
    return BarChart(title, f"{title} {bars_text}", 0, max(1.0, max_count * 1.02), bars)


def count_label(count: int, share: Decimal | None) -> str:
    return _("{count} แห่ง ({share})", count=f"{count:,}", share=percent_in_column(share))


def level_label(level: str, rules: YearRules) -> str:
    if level == LEVEL_UNKNOWN:
        return _("มีคะแนนแต่ไม่ทราบระดับ")
    return localized_level(level, rules) or level


def _level_color(passes: bool | None) -> str:
    if passes is None:
        return UNKNOWN_COLOR
    return PASSED_COLOR if passes else BELOW_COLOR


def weak_chart(weaknesses: Sequence[GroupWeakness], group: Group, year: FiscalYear) -> BarChart:
    """The share of a group's agencies below the pass mark, by indicator, the worst first."""
    bars = tuple(
        Bar(
            category=weakness_label(weakness),
            start=0,
            end=float(weakness.share),
            color=BELOW_COLOR,
            label=percent_in_column(weakness.share),
            tooltip=f"{weakness_label(weakness)}: {_weakness_tooltip(weakness)}",
        )
        for weakness in weaknesses
    )
    title = _("ต่ำกว่าเกณฑ์ผ่าน {year}: {group}", year=year_text(year), group=group.name())
    max_share = max((bar.end for bar in bars), default=0)
    bars_text = "; ".join(bar.tooltip for bar in bars)
    return BarChart(title, f"{title} {bars_text}", 0, max(10.0, max_share * 1.02), bars)


def weakness_label(weakness: GroupWeakness) -> str:
    return f"{weakness.indicator.number} {either(weakness.indicator.name_th, weakness.indicator.name_en)}"


def _weakness_tooltip(weakness: GroupWeakness) -> str:
    return _(
        "{share} ต่ำกว่าเกณฑ์ ({below} จาก {reported} แห่งที่มีคะแนน) มัธยฐาน {median}",
        share=percent_text(weakness.share),
        below=f"{weakness.agencies_below:,}",
        reported=f"{weakness.scored_agencies:,}",
        median=score_text(weakness.median),
    )
