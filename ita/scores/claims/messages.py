"""A claim and its verdict as sentences."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ita.domain import TOTAL, FiscalYear
from ita.formatting import change_text, no_data, part_text, score_text, year_text
from ita.i18n import N_, _
from ita.scores.claims.rules import ClaimVerdict, Finding, Lack
from ita.scores.claims.texts.kinds import FALLS, RISES, TREND_KINDS, Claim, ClaimKind, Unclear
from ita.scores.trends import Point

_MARK_KINDS = (
    ClaimKind.ABOVE_MARK,
    ClaimKind.BELOW_MARK,
    ClaimKind.COUNT_ABOVE_MARK,
    ClaimKind.EVERY_INSTRUMENT,
    ClaimKind.EVERY_INDICATOR,
)
_WORK_KINDS = (ClaimKind.COMPLETION, ClaimKind.NONE_LATE)
_SINGLE_CHANGE_KINDS = (ClaimKind.RISING, ClaimKind.FALLING, ClaimKind.UNCHANGED)


def claim_text(claim: Claim) -> str:
    """The claim in normalised words: part, statement and years."""
    stated, mark = claim.stated, claim.stated.amount or ""
    statement = {
        ClaimKind.RISING_EVERY_YEAR: _("เพิ่มขึ้นทุกปี"),
        ClaimKind.RISING_STEADILY: _("เพิ่มขึ้นต่อเนื่อง"),
        ClaimKind.RISING: _("เพิ่มขึ้น"),
        ClaimKind.FALLING_EVERY_YEAR: _("ลดลงทุกปี"),
        ClaimKind.FALLING_STEADILY: _("ลดลงต่อเนื่อง"),
        ClaimKind.FALLING: _("ลดลง"),
        ClaimKind.UNCHANGED: _("ไม่เปลี่ยนแปลง"),
        ClaimKind.CHANGED_BY: _("เปลี่ยนแปลง {change}", change=change_text(stated.amount)),
        ClaimKind.FROM_TO: _("จาก {first} เป็น {last}", first=stated.first, last=stated.amount),
        ClaimKind.SCORE: _("ได้ {score} คะแนน", score=stated.amount),
        ClaimKind.HIGHEST: _highest_text(claim),
        ClaimKind.LOWEST: _("ต่ำสุดในปีเดียวกัน"),
        ClaimKind.RANK: _("อันดับที่ {rank}", rank=stated.amount),
        ClaimKind.ABOVE_MARK: _above_mark_text(claim),
        ClaimKind.BELOW_MARK: _("ต่ำกว่าเกณฑ์ {mark}", mark=mark).strip(),
        ClaimKind.COUNT_ABOVE_MARK: _(
            "ตัวชี้วัด {count} ตัวผ่านเกณฑ์ {mark}", count=stated.count, mark=mark
        ).strip(),
        ClaimKind.EVERY_INSTRUMENT: _("ทุกแบบวัดผ่านเกณฑ์ {mark}", mark=mark).strip(),
        ClaimKind.EVERY_INDICATOR: _("ทุกตัวชี้วัดผ่านเกณฑ์ {mark}", mark=mark).strip(),
        ClaimKind.ABOVE_NATIONAL_MEAN: _("สูงกว่าค่าเฉลี่ยทั้งประเทศ"),
        ClaimKind.BELOW_NATIONAL_MEAN: _("ต่ำกว่าค่าเฉลี่ยทั้งประเทศ"),
        ClaimKind.ABOVE_MEAN_OF_TYPE: _("สูงกว่าค่าเฉลี่ยของกลุ่ม"),
        ClaimKind.BELOW_MEAN_OF_TYPE: _("ต่ำกว่าค่าเฉลี่ยของกลุ่ม"),
        ClaimKind.LEVEL: _("ระดับ {level}", level=stated.level),
        ClaimKind.EVERY_ITEM_MET: _("ครบทุกข้อ"),
        ClaimKind.COMPLETION: _("ความสำเร็จร้อยละ {percent}", percent=stated.amount),
        ClaimKind.NONE_LATE: _("ไม่มีงานล่าช้า"),
    }[claim.kind]
    if claim.kind in _WORK_KINDS:
        return statement
    years = "–".join(year_text(y) for y in (stated.since, stated.year) if y is not None)
    return f"{part_text(claim.part)} {statement} {f'({years})' if years else ''}".strip()


def doubt_text(doubt: Unclear) -> str:
    """Why words about scores are not judged."""
    if doubt.other_agency:
        return _("กล่าวถึงหน่วยงานอื่น ระบบไม่นำมาเทียบกับคะแนนของหน่วยงานนี้")
    return _("อ่านได้หลายทางหรือไม่มีกฎที่ตรวจได้ กรุณาตรวจด้วยตนเอง")


def _highest_text(claim: Claim) -> str:
    if claim.stated.among:
        return _("สูงสุดในปีเดียวกัน")
    years = claim.stated.years
    return _("สูงสุดในรอบ {years} ปี", years=years) if years else _("สูงสุดเท่าที่เคยได้")


def _above_mark_text(claim: Claim) -> str:
    stated = claim.stated
    statement = _("ผ่านเกณฑ์ {mark}", mark=stated.amount or "").strip()
    if stated.years:
        return _("{claim} ติดต่อกัน {years} ปี", claim=statement, years=stated.years)
    return _("{claim} มาหลายปี", claim=statement) if stated.lasting else statement


def claim_message(claim: Claim, year: FiscalYear, finding: Finding, points: Sequence[Point]) -> str:
    """The verdict in a sentence, with the scores of its evidence. points: those it rests on."""
    evidence = ", ".join(f"{int(p.fiscal_year)}: {score_text(p.score)}" for p in points)
    if claim.kind in _WORK_KINDS:
        return _work_message(claim, finding)
    if finding.verdict is ClaimVerdict.SUPPORTED:
        comparison = ", ".join(
            text for text in (evidence, _comparison_text(claim, finding)) if text
        )
        return _("ตรงกับคะแนนที่มี ({evidence})", evidence=comparison)
    if finding.verdict is ClaimVerdict.CONTRADICTED:
        return _(
            "ขัดกับคะแนนที่มี: {reason}",
            reason=_contradiction_text(claim, year, finding, points),
        )
    message = _("ข้อมูลไม่พอที่จะยืนยัน ({evidence})", evidence=evidence or no_data())
    lack = _lack_text(claim, finding)
    return f"{message} {lack}" if lack else message


def _comparison_text(claim: Claim, finding: Finding) -> str:
    """What a score was measured against."""
    if claim.kind in _MARK_KINDS:
        return _("เกณฑ์ {mark}", mark=finding.held)
    if claim.kind in (ClaimKind.ABOVE_NATIONAL_MEAN, ClaimKind.BELOW_NATIONAL_MEAN):
        return _("ทั้งประเทศ {mean}", mean=finding.held)
    if claim.stated.among and isinstance(finding.held, Decimal):
        return _("ส่วนอื่นในปีเดียวกันมี {score}", score=score_text(finding.held))
    if claim.kind is ClaimKind.RANK and finding.of is not None:
        return _("อันดับที่ {rank} จาก {count} หน่วยงาน", rank=finding.held, count=finding.of)
    if claim.kind in (ClaimKind.ABOVE_MEAN_OF_TYPE, ClaimKind.BELOW_MEAN_OF_TYPE):
        return _("ค่าเฉลี่ยของประเภทเดียวกัน {mean}", mean=finding.held)
    return _level_comparison_text(claim, finding) if claim.kind is ClaimKind.LEVEL else ""


def _work_message(claim: Claim, finding: Finding) -> str:
    """The verdict on a claim about measures, by their quarterly completion."""
    if finding.lack is Lack.COMPLETION:
        reason = _lack_text(claim, finding)
        return _("ข้อมูลไม่พอที่จะยืนยัน ({evidence})", evidence=no_data()) + f" {reason}"
    if claim.kind is ClaimKind.NONE_LATE:
        value_text = _("ล่าช้า {late} มาตรการ จาก {count}", late=finding.held, count=finding.of)
    else:
        value_text = _("ความสำเร็จเฉลี่ย {mean}", mean=score_text(finding.held_figure))
    if finding.verdict is ClaimVerdict.SUPPORTED:
        return _("ตรงกับผลรายไตรมาสที่มี ({evidence})", evidence=value_text)
    if finding.verdict is ClaimVerdict.CONTRADICTED:
        return _("ขัดกับผลรายไตรมาสที่มี: {reason}", reason=value_text)
    if finding.lack is Lack.REPORTS:
        value_text = _("ยังไม่มีรายงาน {count} มาตรการ", count=finding.of)
    message = _("ข้อมูลไม่พอที่จะยืนยัน ({evidence})", evidence=value_text)
    return f"{message} {_lack_text(claim, finding)}"


def _level_comparison_text(claim: Claim, finding: Finding) -> str:
    if isinstance(finding.held, Decimal):
        return _("เกณฑ์ {mark}", mark=finding.held)
    if finding.lack is Lack.LEVEL_OF_YEAR:
        return _lack_text(claim, finding)
    if finding.held is not None:
        return _("ระดับ {level}", level=finding.held)
    return ""


def _contradiction_text(
    claim: Claim, year: FiscalYear, finding: Finding, points: Sequence[Point]
) -> str:
    scores = {point.fiscal_year: point.score for point in points}
    if claim.kind in TREND_KINDS:
        return _trend_contradiction_text(claim, finding, points)
    if claim.kind is ClaimKind.CHANGED_BY:
        change = finding.held if isinstance(finding.held, Decimal) else None
        since = year_text(finding.years[0])
        return _(
            "เปลี่ยนแปลงจาก{since} {change} ไม่ใช่ {stated}",
            since=since,
            change=change_text(change),
            stated=change_text(claim.stated.amount),
        )
    if claim.kind is ClaimKind.HIGHEST and not claim.stated.among:
        higher = ", ".join(f"{int(y)} ({score_text(scores.get(y))})" for y in finding.against)
        return _(
            "คะแนน{year} คือ {score} แต่ปีที่สูงกว่ามี {higher}",
            year=year_text(year),
            score=score_text(scores.get(year)),
            higher=higher,
        )
    scores_text = ", ".join(f"{year_text(y)} {_('คือ')} {score_text(scores.get(y))}" for y in scores)
    comparison = _comparison_text(claim, finding)
    return f"{scores_text} ({comparison})" if comparison else scores_text


def _trend_contradiction_text(claim: Claim, finding: Finding, points: Sequence[Point]) -> str:
    if isinstance(finding.held, Decimal):
        return _(
            "เปลี่ยนแปลงจาก{since} {change}",
            since=year_text(finding.years[0]),
            change=change_text(finding.held),
        )
    # A plain "rising" is about the report's year only, whatever the years before did.
    relevant_points = points[-1:] if claim.kind in _SINGLE_CHANGE_KINDS else points
    against = [
        f"{int(point.fiscal_year)} ({change_text(point.change)})"
        for point in relevant_points
        if point.fiscal_year in finding.against and point.change is not None
    ]
    scores_text = ", ".join(
        f"{int(point.fiscal_year)}: {score_text(point.score)}" for point in points
    )
    years = ", ".join(against) or scores_text
    if claim.kind in RISES:
        return _("ไม่เพิ่มขึ้นในปี {years}", years=years)
    if claim.kind in FALLS:
        return _("ไม่ลดลงในปี {years}", years=years)
    return _("เปลี่ยนไปในปี {years}", years=years)


def _lack_text(claim: Claim, finding: Finding) -> str:
    if finding.lack is Lack.ITEMS:
        return _("ระบบไม่มีผลรายข้อของแบบวัด OIT ยืนยันได้เองเฉพาะเมื่อคะแนน OIT เป็น 100 กรุณาแนบหลักฐานรายข้อ")
    if finding.lack is Lack.NATIONAL_MEAN:
        if claim.part == TOTAL:
            return _("ไม่มีค่าเฉลี่ยทั้งประเทศของปีนี้")
        return _("ไม่มีค่าเฉลี่ยทั้งประเทศของส่วนนี้ มีเฉพาะคะแนนรวม")
    if finding.lack is Lack.MARK_OF_PART:
        return _("เกณฑ์ผ่าน {mark} กำหนดไว้สำหรับคะแนนรวมเท่านั้น", mark=finding.held)
    if finding.lack is Lack.LEVEL_OF_YEAR:
        return _("เกณฑ์ของปีนี้ไม่มีระดับ {level}", level=claim.stated.level)
    return _(_LACK_TEXTS[finding.lack]) if finding.lack in _LACK_TEXTS else ""


_LACK_TEXTS = {
    Lack.LEVEL_OR_MARK: N_("คำว่าผ่านอาจหมายถึงผ่านเกณฑ์ หรือระดับผ่าน"),
    Lack.OTHER_PARTS: N_("ต้องมีคะแนนของส่วนอื่นในปีเดียวกันครบจึงจะตัดสินได้"),
    Lack.OTHER_AGENCIES: N_("ต้องมีคะแนนของทุกหน่วยงานในกลุ่มจึงจะตัดสินได้"),
    Lack.YEARS: N_("มีคะแนนไม่ครบทุกปีที่กล่าวถึง"),
    Lack.TYPE_MEAN: N_("ไม่มีค่าเฉลี่ยของกลุ่มที่กล่าวถึงในปีนี้"),
    Lack.REPORTS: N_("ต้องมีรายงานครบทุกมาตรการจึงจะตัดสินได้"),
    Lack.NO_QUARTER: N_("ข้อความไม่ระบุไตรมาสที่เทียบได้กับทุกมาตรการ"),
    Lack.COMPLETION: N_("เป็นความสำเร็จของแผน ไม่ใช่คะแนน กรุณาเทียบกับผลรายไตรมาสของแผนนั้น"),
}
