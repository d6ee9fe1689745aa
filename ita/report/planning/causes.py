"""Weak points in the words of a plan, which is Thai in every language."""

from __future__ import annotations

from ita.report.planning.weak_points import Weakness, WeakPoint
from ita.wording import score_text


def cause_of(weak: WeakPoint) -> str:
    """What a measure that answers a weak point begins from; the office goes on from there."""
    what = f"ตัวชี้วัดที่ {weak.part}" if weak.is_indicator else "แบบวัด"
    told = f"{what} {weak.name_th} ได้ {score_text(weak.score)} คะแนนในปี {int(weak.year)}"
    if weak.weakness is Weakness.BELOW_MARK:
        return f"{told} ต่ำกว่าเกณฑ์ผ่าน {weak.mark:f}"
    if weak.before is not None and weak.change is not None and weak.change < 0:
        before = int(weak.before.fiscal_year)
        return f"{told} ลดลง {score_text(-weak.change)} จากปี {before}"
    return f"{told} ยังไม่ถึง {weak.mark:f}" if weak.mark is not None else told
