"""Charts of every shape: lines with gaps, bars, a waterfall, grids; the smallest and the fullest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ita.charts.values import (
    Bar,
    BarChart,
    CellGrid,
    Chart,
    Dot,
    GridCell,
    Line,
    LineChart,
    Mark,
    ReferenceLine,
    ValueBand,
)

BLUE, PURPLE, RED = "#2F74B5", "#A0569B", "#B23A48"
BREAK = Mark(1.5, "(1)", "ปี 2561|2562 เปลี่ยนรูปแบบการประเมิน เทียบกันไม่ได้", RED, strong=True)


def line_of(values: Sequence[float | None], name: str = "คะแนนรวม", **more: object) -> Line:
    """A line that ends at each None, its values written at all dots but the last."""
    runs: list[list[Dot]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            last = not any(v is not None for v in values[place + 1 :])
            runs[-1].append(Dot(place, value, "", "" if last else f"{value:.2f}"))
    known = [value for value in values if value is not None]
    whole = Line(name, BLUE, tuple(tuple(run) for run in runs if run))
    return replace(whole, end_label=f"{name} {known[-1]:.2f}" if known else "", **more)  # type: ignore[arg-type]


def line_chart(values: Sequence[float | None], **more: object) -> LineChart:
    years = tuple(str(2553 + place) for place in range(len(values)))
    chart = LineChart("คะแนน ITA รายปี", "กราฟเส้น", years, 50, 101.5, (line_of(values),))
    return replace(chart, **more)  # type: ignore[arg-type]


def bar_chart(ends: Sequence[float], low: float = 0, high: float = 100) -> BarChart:
    bars = tuple(Bar(f"ตัวชี้วัด {n}", 0, end, BLUE, f"{end:+.2f}", "") for n, end in enumerate(ends))
    return BarChart("รายตัวชี้วัด", "กราฟแท่ง", low, high, bars)


def cell_grid(rows: int, columns: int) -> CellGrid:
    cells = [[60 + row + column / 100 for column in range(columns)] for row in range(rows)]
    return CellGrid(
        "ตารางคะแนน",
        "ตาราง",
        tuple(f"ปี {2553 + column}" for column in range(columns)),
        tuple(
            (
                f"{row} การปรับปรุงระบบการทำงาน",
                tuple(GridCell(f"{v:.2f}", "", v, RED, "#FFFFFF") for v in line),
            )
            for row, line in enumerate(cells)
        ),
    )


WATERFALL = BarChart(
    "ขึ้นเพราะอะไร",
    "กราฟน้ำตก",
    80,
    90,
    (
        Bar("ปี 2566", 0, 84.41, BLUE, "84.41", "", strong=True),
        Bar("การใช้อำนาจ", 84.41, 82.4, RED, "−2.01", ""),
        Bar("การเปิดเผยข้อมูล", 82.4, 88.92, BLUE, "+6.52", ""),
        Bar("ปี 2567", 0, 88.92, BLUE, "88.92", "", strong=True),
    ),
    reference_lines=(
        ReferenceLine(-0.5, 3.5, 85, "เกณฑ์ผ่าน"),
        ReferenceLine(-0.5, 3.5, 85.6, "ค่าเฉลี่ยทั้งประเทศ"),
    ),
    is_waterfall=True,
)
FULL = line_chart(
    [79.69, 83.73, 91.35, None, 86.78, 91.15],
    lines=(
        line_of([79.69, 83.73, 91.35, None, 86.78, 91.15]),
        line_of(
            [67.9, 81.25, 87.57, 90.19], "ประเทศ", color=PURPLE, symbol="x-thin-open", dash="dot"
        ),
    ),
    bands=(ValueBand("ช่วงคาดการณ์", PURPLE, ((4, 86.78, 86.78), (5, 85, 99))),),
    reference_lines=(
        ReferenceLine(-0.5, 2.5, 85, "A"),
        ReferenceLine(2.5, 5.5, 85, "ผ่าน"),
        ReferenceLine(2.5, 5.5, 95, "ผ่านดีเยี่ยม"),
    ),
    marks=(BREAK, Mark(1.5, "ก", "ผู้บริหารใหม่", PURPLE), Mark(4, "ข", "เริ่มระบบออนไลน์", PURPLE)),
)
CASES: dict[str, Chart] = {
    "full": FULL,
    "one year": line_chart([88.92]),
    "two years": line_chart([88.92, 91.15]),
    "fifteen years": line_chart([60.0 + 2.5 * place for place in range(15)]),
    "gaps": line_chart([80.25, None, None, 82.5, None, 90.75]),
    "all equal": line_chart([90.0] * 5, low=90, high=90),
    "bars": bar_chart([60.25, 99.75]),
    "one bar": bar_chart([88.92]),
    "negative bars": bar_chart([-5.9, 5.9, 0, -0.1], -6, 6),
    "equal bars": bar_chart([85.0, 85.0], 85, 85),
    "waterfall": WATERFALL,
    "one cell": cell_grid(1, 1),
    "two columns": cell_grid(10, 2),
    "largest grid": cell_grid(11, 15),
}
