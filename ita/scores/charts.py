"""Charts of scores; each is named after what it draws and takes values, never the store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

import plotly.graph_objects as go

from ita.reference import Reference
from ita.scores.trends import Point, Trend
from ita.style import BREAK_COLOR, LINE_COLOR, NATIONAL_COLOR, chart_layout, part_style
from ita.vocabulary import TOTAL, FiscalYear, Part
from ita.wording import change_text, either, part_text, say, score_text, verdict_text, year_text

MOST_LABELLED_POINTS = 7
"""More labels than this run into each other on a phone; then only the telling ones stay."""
MARGIN_POINTS = 6.0


def _runs(points: Sequence[Point], reference: Reference) -> Iterator[list[Point]]:
    """Stretches of years that may be joined by a line: no hole, no break of comparability."""
    run: list[Point] = []
    for point in points:
        joined = run and reference.comparable(run[-1].fiscal_year, point.fiscal_year)
        if point.score is None or not joined:
            if run:
                yield run
            run = []
        if point.score is not None:
            run.append(point)
    if run:
        yield run


def _labelled(points: Sequence[Point]) -> frozenset[FiscalYear]:
    """The years whose score is written beside its mark: all, or first, last, highest, lowest."""
    known = [point for point in points if point.score is not None]
    if len(known) <= MOST_LABELLED_POINTS:
        return frozenset(point.fiscal_year for point in known)
    by_score = sorted(known, key=lambda point: point.score or Decimal(0))
    return frozenset(p.fiscal_year for p in (known[0], known[-1], by_score[0], by_score[-1]))


def _line(
    run: Sequence[Point], part: Part, first: bool, labelled: frozenset[FiscalYear]
) -> go.Scatter:
    style = part_style(part)
    marker = {
        "symbol": [
            style.symbol if point.published is not None else f"{style.symbol}-open" for point in run
        ],
        "size": 11 if part == TOTAL else 9,
        "color": style.color,
        "line": {"width": 2, "color": style.color},
    }
    return go.Scatter(
        x=[str(int(point.fiscal_year)) for point in run],
        y=[float(point.score or 0) for point in run],
        name=part_text(part),
        legendgroup=part,
        showlegend=first,
        mode="lines+markers+text" if labelled else "lines+markers",
        text=[score_text(p.score) if p.fiscal_year in labelled else "" for p in run],
        textfont={"size": 14},
        textposition=[_label_place(point) for point in run],
        cliponaxis=False,
        line={"color": style.color, "width": style.width, "dash": style.dash},
        marker=marker,
        customdata=[_hover(point) for point in run],
        hovertemplate="%{customdata}<extra></extra>",
    )


NEAR = 6
"""A national mean this close above a score would cover a label over it."""


def _label_place(point: Point) -> str:
    above = (point.national or Decimal(0)) - (point.score or Decimal(0))
    return "bottom center" if 0 < above < NEAR else "top center"


def _hover(point: Point) -> str:
    origin = say("ประกาศ") if point.published is not None else say("คำนวณ")
    change = f" ({change_text(point.change)})" if point.change is not None else ""
    return f"{part_text(point.part)} {score_text(point.score)}{change} · {origin}"


def _national(points: Sequence[Point]) -> go.Scatter | None:
    known = [point for point in points if point.national is not None]
    if not known:
        return None
    return go.Scatter(
        x=[str(int(point.fiscal_year)) for point in known],
        y=[float(point.national or 0) for point in known],
        name=say("ค่าเฉลี่ยทั้งประเทศ"),
        mode="lines+markers",
        line={"color": NATIONAL_COLOR, "width": 1.5, "dash": "dot"},
        marker={"symbol": "x-thin-open", "size": 8, "color": NATIONAL_COLOR},
        hovertemplate=say("ทั้งประเทศ") + " %{y:.2f}<extra></extra>",
    )


def _lowest(points: Sequence[Point]) -> float:
    known = [float(v) for p in points for v in (p.score, p.national) if v is not None]
    return max(0.0, min([*known, 80.0]) - MARGIN_POINTS)


def _level_lines(
    years: Sequence[FiscalYear], reference: Reference, lowest: float
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Where each level starts, as a line over the years it held, with its name on the line."""

    def levels(year: FiscalYear) -> tuple[tuple[Decimal, str], ...]:
        if not reference.knows(year):
            return ()
        # Where two levels start at one total, the one without further conditions names the line.
        bands = sorted(reference.rules(year).bands, key=lambda b: b.min_instrument is not None)
        names: dict[Decimal, str] = {}
        for band in bands:
            names.setdefault(band.min_total, either(band.level, band.name_en))
        return tuple(names.items())

    position = {year: index for index, year in enumerate(years)}
    for found, era in groupby(years, key=levels):
        stretch = list(era)
        left, right = position[stretch[0]] - 0.5, position[stretch[-1]] + 0.5
        for start, name in found:
            if float(start) <= lowest:
                continue
            line = {
                "type": "line",
                "x0": left,
                "x1": right,
                "y0": float(start),
                "y1": float(start),
                "line": {"color": LINE_COLOR, "width": 1},
                "layer": "below",
            }
            label = {
                "x": left,
                "y": float(start),
                "text": name,
                "xanchor": "left",
                "yanchor": "bottom",
                "showarrow": False,
                "font": {"size": 12, "color": NATIONAL_COLOR},
            }
            yield line, label


def numbered_breaks(
    years: Sequence[FiscalYear], reference: Reference
) -> tuple[tuple[int, float, Any], ...]:
    """Breaks within the years shown: their number, their place on the axis, and the break."""
    if not years:
        return ()
    position = {year: index for index, year in enumerate(years)}
    found = reference.breaks_between(years[0], years[-1])
    return tuple(
        (number, position[fault.after] - 0.5, fault)
        for number, fault in enumerate(found, start=1)
        if fault.after in position
    )


def trend_chart(
    found: Trend, parts: Sequence[Part], years: Sequence[FiscalYear], reference: Reference
) -> go.Figure:
    """Scores of the chosen parts over the chosen years.

    Filled marks are published, open ones computed. Lines end at a hole and at a break of
    comparability; breaks carry numbers that the caption names.
    """
    figure = go.Figure()
    shown = [p for p in found.points if p.part in parts and p.fiscal_year in years]
    for part in parts:
        mine = [point for point in shown if point.part == part]
        labelled = _labelled(mine) if part == TOTAL else frozenset()
        for number, run in enumerate(_runs(mine, reference)):
            figure.add_trace(_line(run, part, number == 0, labelled))
    if TOTAL in parts:
        national = _national([point for point in shown if point.part == TOTAL])
        if national:
            figure.add_trace(national)
    lowest = _lowest(shown)
    shapes, labels = [], []
    for line, label in _level_lines(years, reference, lowest):
        shapes.append(line)
        labels.append(label)
    for number, place, fault in numbered_breaks(years, reference):
        shapes.append(
            {
                "type": "line",
                "x0": place,
                "x1": place,
                "yref": "paper",
                "y0": 0,
                "y1": 1,
                "line": {
                    "color": BREAK_COLOR,
                    "width": 1.5,
                    "dash": "dot" if fault.comparable else "dash",
                },
            }
        )
        labels.append(
            {
                "x": place,
                "y": 1,
                "yref": "paper",
                "yanchor": "bottom",
                "text": f"({number})",
                "showarrow": False,
                "font": {"size": 13, "color": BREAK_COLOR},
            }
        )
    figure.update_layout(
        **chart_layout(430),
        shapes=shapes,
        annotations=labels,
        xaxis={
            "type": "category",
            "categoryorder": "array",
            "categoryarray": [str(int(year)) for year in years],
            "range": [-0.5, len(years) - 0.5],
            "fixedrange": True,
            "showgrid": False,
        },
        yaxis={"range": [lowest, 101.5], "fixedrange": True, "showgrid": False, "ticksuffix": " "},
    )
    return figure


def trend_alt(found: Trend, parts: Sequence[Part], years: Sequence[FiscalYear]) -> str:
    """The chart in words, out of the same values."""
    told = []
    for part in parts:
        known = [p for p in found.of(part) if p.score is not None and p.fiscal_year in years]
        verdict = found.verdict(part)
        if known:
            first, last = known[0], known[-1]
            told.append(
                say(
                    "{part}: {first_score} ใน{first_year} ถึง {last_score} ใน{last_year} ({verdict})",
                    part=part_text(part),
                    first_score=score_text(first.score),
                    first_year=year_text(first.fiscal_year),
                    last_score=score_text(last.score),
                    last_year=year_text(last.fiscal_year),
                    verdict=verdict_text(verdict.verdict) if verdict else "",
                )
            )
    return say("กราฟเส้นคะแนน ITA รายปี") + " " + "; ".join(told)
