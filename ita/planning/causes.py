"""Weak points in the words of a plan, which is Thai in every language."""

from __future__ import annotations

from ita.formatting import score_text
from ita.planning.weak_points import Weakness, WeakPoint


def cause_text(weak: WeakPoint) -> str:
    """What a measure that answers a weak point begins from; the office goes on from there."""
    part_name = f"ตัวชี้วัดที่ {weak.part}" if weak.is_indicator else "แบบวัด"
    text = f"{part_name} {weak.name_th} ได้ {score_text(weak.score)} คะแนนในปี {int(weak.year)}"
    if weak.weakness is Weakness.BELOW_MARK:
        return f"{text} ต่ำกว่าเกณฑ์ผ่าน {weak.next_mark:f}"
    if weak.previous is not None and weak.change is not None and weak.change < 0:
        previous_year = int(weak.previous.fiscal_year)
        return f"{text} ลดลง {score_text(-weak.change)} จากปี {previous_year}"
    return f"{text} ยังไม่ถึง {weak.next_mark:f}" if weak.next_mark is not None else text
