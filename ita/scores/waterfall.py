"""The split of a change of the total, as a chart, as a table and in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from ita.charts.values import Bar, BarChart
from ita.domain import TOTAL, Instrument, to_decimal
from ita.formatting import change_text, part_text, score_text, year_text
from ita.i18n import _, either
from ita.reference import Reference
from ita.scores.contributions import NoSplit, NoSplitReason, Split, Step, StepKind
from ita.tables import CellValue, Table, cell_columns
from ita.theme import INDICATOR_STYLE, part_style

# The margin below and above the bars, as a share of their span.
MARGIN_SHARE = 0.12
# Half a hundredth: what rounding each figure by itself would be off at most.
MAX_ROUNDING_ERROR = Fraction(1, 200)
# Points of the total that the axis spans at least, so that a change of 0.02 looks small.
MIN_AXIS_SPAN = 1.0


def step_name(step: Step, split: Split, reference: Reference) -> str:
    """What a step is: an indicator with its name, an instrument, or why else the total moved."""
    if step.kind is StepKind.RULES:
        return _("เกณฑ์เปลี่ยน")
    if step.kind is StepKind.ROUNDING:
        return _("การปัดเศษ")
    if step.kind is StepKind.PUBLISHED:
        return _("คะแนนรวมที่ประกาศต่างจากที่คำนวณ")
    if step.kind is StepKind.REMAINDER:
        return _("{part} (ส่วนที่เหลือของคะแนนรวม)", part=step.part)
    indicator = reference.rules(split.later).indicators.get(step.part or "")
    if indicator is None:
        return part_text(step.part or TOTAL)
    name = either(indicator.name_th, indicator.name_en)
    return f"{indicator.number} {name} ({indicator.instrument})"


def step_name_in_sentence(step: Step, split: Split, reference: Reference) -> str:
    """The same inside a sentence, where a number alone is no name."""
    name = step_name(step, split, reference)
    inside = step.part not in (None, step.instrument)
    return _("ตัวชี้วัดที่ {name}", name=name) if inside else name


def waterfall_chart(split: Split, reference: Reference) -> BarChart:
    """The earlier total, its steps from the largest rise to the largest fall, the later total.

    Instruments are distinguished by colour and name. The axis begins near the totals, else a
    change of two points would be invisible.
    """
    ranges = _step_ranges(split)
    edges = [float(v) for v in (split.start, split.end, *(p for pair in ranges for p in pair))]
    low, high = min(edges), max(edges)
    margin = max(high - low, MIN_AXIS_SPAN) * MARGIN_SHARE
    low, high = max(0.0, low - 3 * margin), high + margin
    total_bars = [
        Bar(
            _("คะแนนรวม {year}", year=year_text(year)),
            low,
            float(total),
            part_style(TOTAL).color,
            score_text(total),
            f"{part_text(TOTAL)} {year_text(year)}: {score_text(total)}",
            strong=True,
        )
        for year, total in ((split.earlier, split.start), (split.later, split.end))
    ]
    step_bars = [
        _bar(step, step_range, split, reference)
        for step, step_range in zip(split.steps, ranges, strict=True)
    ]
    title = _(
        "อะไรทำให้คะแนนรวมเปลี่ยนจาก{earlier} เป็น{later}",
        earlier=year_text(split.earlier),
        later=year_text(split.later),
    )
    bars = (total_bars[0], *step_bars, total_bars[1])
    return BarChart(title, waterfall_alt(split, reference), low, high, bars, is_waterfall=True)


def _step_ranges(split: Split) -> list[tuple[Decimal, Decimal]]:
    """Where each step begins and ends on the scale of the total."""
    ranges, total = [], split.start
    for step in split.steps:
        ranges.append((total, total + step.points))
        total += step.points
    return ranges


def _bar(
    step: Step, step_range: tuple[Decimal, Decimal], split: Split, reference: Reference
) -> Bar:
    color = part_style(step.instrument).color if step.instrument else INDICATOR_STYLE.color
    name = step_name(step, split, reference)
    label = change_text(step.points)
    tooltip = f"{name} {label}"
    if step.before is not None and step.after is not None:
        tooltip += f" ({score_text(step.before)} → {score_text(step.after)})"
    start, end = step_range
    return Bar(name, float(start), float(end), color, label, tooltip)


def waterfall_alt(split: Split, reference: Reference) -> str:
    """The chart in words, out of the same values."""
    steps = "; ".join(
        f"{step_name(step, split, reference)} {change_text(step.points)}" for step in split.steps
    )
    return _(
        "กราฟขั้นบันได: คะแนนรวม {start} ใน{earlier} เป็น {end} ใน{later} ({change}): {steps}",
        start=score_text(split.start),
        earlier=year_text(split.earlier),
        end=score_text(split.end),
        later=year_text(split.later),
        change=change_text(split.change),
        steps=steps,
    )


def change_headline(split: Split, reference: Reference) -> str:
    """How much the total moved, and which step most each way."""
    words = {
        "earlier": year_text(split.earlier),
        "later": year_text(split.later),
        "change": score_text(abs(split.change)),
    }
    if split.change > 0:
        sentence = _("คะแนนรวมเพิ่มขึ้น {change} จาก{earlier} ถึง{later}", **words)
    elif split.change < 0:
        sentence = _("คะแนนรวมลดลง {change} จาก{earlier} ถึง{later}", **words)
    else:
        sentence = _("คะแนนรวม{earlier} และ{later} เท่ากัน", **words)
    largest = list(_largest_steps(split, reference))
    return f"{sentence}: {' · '.join(largest)}" if largest else sentence


def _largest_steps(split: Split, reference: Reference) -> Iterator[str]:
    """The largest rise and the largest fall among the parts; the direction of the total is first."""
    parts = split.select_kinds(StepKind.PART, StepKind.REMAINDER)
    up = max((s for s in parts if s.points > 0), key=lambda s: s.exact, default=None)
    down = min((s for s in parts if s.points < 0), key=lambda s: s.exact, default=None)
    for step in (down, up) if split.change < 0 else (up, down):
        if step:
            name = step_name_in_sentence(step, split, reference)
            words = {"name": name, "points": change_text(step.points)}
            yield (
                _("เพิ่มมากที่สุดจาก {name} {points}", **words)
                if step is up
                else _("ลดมากที่สุดจาก {name} {points}", **words)
            )
    if up and not down:
        yield _("ไม่มีส่วนใดทำให้ลดลง")


def split_notes(split: Split) -> Iterator[str]:
    """What a reader must know of the steps: why they are these, and what the last ones mean."""
    if split.by_instrument:
        yield _(
            "{parts} แยกเป็นรายแบบวัดเท่านั้น เพราะปีใดปีหนึ่งมีคะแนนตัวชี้วัดไม่ครบ",
            parts=", ".join(split.by_instrument),
        )
    for step in split.steps:
        note = _step_note(step, split)
        if note:
            yield note
    if any(
        abs(Fraction(s.points) - s.exact) > MAX_ROUNDING_ERROR
        for s in split.select_kinds(StepKind.PART)
    ):
        yield _("ขั้นถูกปัดเศษให้รวมกันได้พอดี จึงอาจต่างจากค่าจริงได้ไม่ถึง 0.01 (ค่าจริงอยู่ในไฟล์)")
    if split.renamed:
        numbers = ", ".join(split.renamed)
        yield _("ตัวชี้วัดที่ {numbers} ใช้ชื่อของ{year}", numbers=numbers, year=year_text(split.later))


def _step_note(step: Step, split: Split) -> str:
    if step.kind is StepKind.REMAINDER:
        return _(
            "{part} ไม่มีคะแนนใน{years} จึงแสดงส่วนของคะแนนรวมที่เหลือจากแบบวัดอื่น (รวมการปัดเศษ) "
            "นำเข้าคะแนน {part} แล้วจะแยกได้ละเอียดขึ้น",
            part=step.part,
            years=", ".join(map(year_text, split.years_without_score)),
        )
    return {
        StepKind.PART: "",
        StepKind.RULES: _(
            "“เกณฑ์เปลี่ยน” คือผลของน้ำหนักหรือจำนวนตัวชี้วัดที่ไม่เท่ากันในสองปี ไม่ใช่ผลงานที่ดีขึ้นหรือแย่ลง"
        ),
        StepKind.ROUNDING: _("“การปัดเศษ” เกิดเพราะคะแนนที่ประกาศมีทศนิยมสองตำแหน่ง"),
        StepKind.PUBLISHED: _(
            "คะแนนรวมที่ประกาศไม่ตรงกับที่คำนวณจากส่วนต่าง ๆ ในปีใดปีหนึ่ง ส่วนต่างแสดงเป็นขั้นของตัวเอง ควรตรวจคะแนนที่นำเข้า"
        ),
    }[step.kind]


def refusal_text(refusal: NoSplit) -> str:
    """Why a change can't be split, and what to import."""
    years = ", ".join(map(year_text, refusal.years))
    missing = "; ".join(
        f"{year_text(year)}: {', '.join(map(part_text, parts))}" for year, parts in refusal.missing
    )
    return {
        NoSplitReason.UNKNOWN_RULES: _(
            "ยังแยกไม่ได้ เพราะยังไม่มีเกณฑ์ (น้ำหนัก) ของ{years} ในข้อมูลอ้างอิง", years=years
        ),
        NoSplitReason.OLDER_MODEL: _(
            "แยกไม่ได้ เพราะ{years} ใช้รูปแบบการประเมินเดิมที่ไม่มีน้ำหนักของแบบวัดและตัวชี้วัด", years=years
        ),
        NoSplitReason.NOT_COMPARABLE: _(
            "คะแนนของ{earlier} กับ{later} เทียบกันไม่ได้ เพราะรูปแบบการประเมินเปลี่ยนในระหว่างนั้น "
            "กรุณาเลือกสองปีที่ใช้รูปแบบเดียวกัน",
            earlier=year_text(refusal.earlier),
            later=year_text(refusal.later),
        ),
        NoSplitReason.NO_TOTAL: _(
            "ยังแยกไม่ได้ เพราะไม่มีคะแนนรวมของ{years} กรุณานำเข้าคะแนนของปีนั้น", years=years
        ),
        NoSplitReason.PARTS_MISSING: _(
            "ยังแยกไม่ได้ เพราะไม่มีคะแนนรายแบบวัดหรือรายตัวชี้วัด กรุณานำเข้าคะแนนที่ขาด ({missing})",
            missing=missing,
        ),
    }[refusal.reason]


def split_table(
    split: Split, reference: Reference, notes: Sequence[str] = ()
) -> Table[tuple[CellValue, ...]]:
    """The steps as a spreadsheet keeps them, between the two totals."""
    columns = cell_columns(
        (_("ขั้น"), 44),
        (_("แบบวัด"), 10),
        (_("คะแนนปีก่อน"), 12),
        (_("คะแนนปีหลัง"), 12),
        (_("ทำให้คะแนนรวมเปลี่ยน"), 16),
        (_("ก่อนปัดเศษ"), 14),
        (_("คะแนนรวมสะสม"), 16),
    )

    def total(year: int, value: Decimal) -> tuple[CellValue, ...]:
        name = _("คะแนนรวม {year}", year=year_text(year))
        return name, None, None, None, None, None, value

    steps = [
        (
            step_name(step, split, reference),
            step.instrument.value if isinstance(step.instrument, Instrument) else None,
            step.before,
            step.after,
            step.points,
            to_decimal(step.exact).quantize(Decimal("0.000001")),
            end,
        )
        for step, (_unused, end) in zip(split.steps, _step_ranges(split), strict=True)
    ]
    rows = [total(split.earlier, split.start), *steps, total(split.later, split.end)]
    return Table(columns, rows, notes=notes)
