"""Mean completion as a chart: a line per instrument beside the pace that was planned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ita.charts.values import Dot, Line, LineChart
from ita.domain import FiscalYear
from ita.formatting import percent_text, year_text
from ita.i18n import _
from ita.measures.mean_texts import mean_text
from ita.measures.means import GroupMeans, QuarterMean
from ita.theme import NATIONAL_COLOR, part_style

# Above 100: room for the labels of four lines that end there, one above the other.
LABEL_MARGIN = 14.0


def completion_chart(
    groups: Sequence[GroupMeans], overall: GroupMeans, year: FiscalYear
) -> LineChart | None:
    """Quarters from left to right, percent upwards. None where no quarter has a figure.

    groups: by instrument; overall: all of them, whose pace is drawn.
    """
    lines = tuple(filter(None, map(_line, groups)))
    if not lines:
        return None
    title = _("ความสำเร็จเฉลี่ยรายไตรมาส {year}", year=year_text(year))
    values_text = "; ".join(dot.tooltip for line in lines for dot in line.dots)
    return LineChart(
        title=title,
        alt=f"{title}: {values_text}",
        categories=tuple(_("ไตรมาส {number}", number=q.number) for q in year.quarters),
        low=0,
        high=100 + LABEL_MARGIN,
        lines=(*lines, *_pace(overall)),
        height_factor=0.75,
    )


def _tooltip(name: str, mean: QuarterMean) -> str:
    return _(
        "{name} ไตรมาส {number}: เฉลี่ย {mean}",
        name=name,
        number=mean.quarter.number,
        mean=mean_text(mean),
    )


def _line(group: GroupMeans) -> Line | None:
    """A quarter without a mean breaks the line."""
    runs: list[list[Dot]] = [[]]
    for position, mean in enumerate(group.quarters):
        if mean.mean is None:
            runs.append([])
        else:
            # Hollow where some have not reported: the mean may be of the diligent ones only.
            share = f"{mean.reported}/{mean.expected}" if mean.is_small_sample else ""
            tooltip = _tooltip(group.name, mean)
            runs[-1].append(
                Dot(
                    position,
                    float(mean.mean),
                    tooltip,
                    label=share,
                    hollow=mean.missing_reports > 0,
                )
            )
    means = [mean for mean in group.quarters if mean.mean is not None]
    if not means:
        return None
    style = part_style(group.name)
    return Line(
        name=group.name,
        color=style.color,
        runs=tuple(tuple(run) for run in runs if run),
        symbol=style.symbol,
        dash=style.dash,
        width=style.width,
        end_label=f"{group.name} {percent_text(means[-1].mean)}",
    )


def _pace(overall: GroupMeans) -> Iterator[Line]:
    dots = tuple(
        Dot(
            position,
            float(mean.pace),
            _(
                "แผน ไตรมาส {number}: {pace}",
                number=mean.quarter.number,
                pace=percent_text(mean.pace),
            ),
        )
        for position, mean in enumerate(overall.quarters)
        if mean.pace is not None
    )
    if dots:
        yield Line(
            name=_("แผน"),
            color=NATIONAL_COLOR,
            runs=(dots,),
            symbol="x-thin-open",
            dash="dot",
            width=1.5,
            size=8,
            end_label=_("แผน"),
        )
