"""Where the authority's figures come from: every one beside a score names its source and certainty."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from ita.config import Settings
from ita.domain import TOTAL, Certainty, FiscalYear, Instrument
from ita.formatting import certainty_text
from ita.i18n import language_set_to
from ita.reference import Reference, TypeMean, load_reference
from ita.scores.charts import break_marks, trend_chart
from ita.scores.citations import (
    assessment_sizes,
    bands_note,
    citation_sentences,
    comparison_note,
    level_note,
    means_note,
    next_level_note,
    weight_note,
    year_spans_text,
)
from ita.scores.events import AgencyEvent, event_marks, mark_notes
from ita.scores.standing import compute_standing, score_comparisons
from ita.scores.tables import trend_table
from ita.scores.trends import Trend, compute_trend
from tests.builders import year_scores

REFERENCE = load_reference(Settings().reference)
RULES = REFERENCE.rules(2567)


def _trend(reference: Reference = REFERENCE, agency_type: str | None = None) -> Trend:
    years = [year_scores(2564, total="80"), year_scores(2566, total="86")]
    return compute_trend([*years, year_scores(2567, total="90")], reference, agency_type)


def test_a_mean_names_its_year_its_source_and_how_sure_it_is() -> None:
    total = compute_standing(_trend(), TOTAL, REFERENCE)
    assert total
    note = means_note(total, REFERENCE)
    for year in (2567, 2566):
        mean = REFERENCE.national_mean(year, TOTAL)
        assert mean
        assert f"{mean.mean}" in note
        assert mean.source in note
        assert certainty_text(mean.certainty) in note
    # The one of 2567 was worked out of the year after.
    assert certainty_text(Certainty.DERIVED) in note


def test_levels_and_weights_name_theirs_each_once() -> None:
    note = next_level_note(RULES)
    for words in ("ผ่าน: คะแนนรวม ≥ 85", "ผ่านดี: คะแนนรวม ≥ 85 และทุกแบบวัด ≥ 85", "≥ 95"):
        assert words in note
    assert "ต้องปรับปรุง" not in note
    citations = {band.citation for band in RULES.bands if RULES.passes(band)}
    assert all(note.count(citation) == 1 for citation in citations)
    assert level_note("ผ่านดี", RULES).startswith("ผ่านดี: คะแนนรวม ≥ 85 และ")
    assert level_note("สูงมาก", RULES) == level_note(None, RULES) == ""
    assert "IIT 30, EIT 30, OIT 40 จาก 100" in weight_note(tuple(Instrument), RULES)
    assert weight_note(tuple(Instrument), REFERENCE.rules(2560)) == ""
    assert bands_note([]) == ""


def test_what_the_dots_and_lines_of_the_chart_say_when_pointed_at() -> None:
    trend = _trend()
    chart = trend_chart(trend, (TOTAL,), trend.years, REFERENCE)
    nation = chart.lines[-1]
    texts = {dot.position: dot.tooltip for dot in nation.dots}
    mean = REFERENCE.national_mean(2567, TOTAL)
    assert mean
    assert mean.citation in texts[3]
    rules = {rule.value: rule for rule in chart.reference_lines if rule.right > 2}
    assert rules[85].name == "ผ่าน / ผ่านดี (ทุกแบบวัด ≥ 85)"
    assert (rules[95].name, rules[95].short_name) == ("ผ่านดีเยี่ยม (ทุกแบบวัด ≥ 95)", "ผ่านดีเยี่ยม")
    assert all(rule.tooltip for rule in chart.reference_lines)
    letters = {rule.value: rule.name for rule in chart.reference_lines if rule.right < 2}
    assert letters[85] == "A"


def test_the_mean_of_a_type_stands_beside_the_score_where_it_is_known() -> None:
    kind = "หน่วยงานทดลอง"
    year = FiscalYear(2567)
    mean = TypeMean("ที่มาทดลอง", Certainty.SECOND_HAND, year, kind, TOTAL, Decimal("92.5"), 9)
    with_type_mean = replace(REFERENCE, type_means={(year, kind, TOTAL): mean})
    total = compute_standing(_trend(with_type_mean, kind), TOTAL, with_type_mean)
    assert total
    labels = [one.label for one in score_comparisons(total)]
    assert labels == ["ต่ำกว่าค่าเฉลี่ยประเทศ 3.05", "ต่ำกว่าค่าเฉลี่ยหน่วยงานทดลอง 2.50"]
    assert "ที่มาทดลอง" in comparison_note(total, labels[1], with_type_mean)
    other = compute_standing(_trend(with_type_mean, "เทศบาล"), TOTAL, with_type_mean)
    assert other
    assert [one.label for one in score_comparisons(other)] == labels[:1]


def test_files_carry_sources_in_columns_and_notes() -> None:
    trend = _trend()
    point = trend.points_of(TOTAL)[-1]
    hole = trend.points_of(TOTAL)[1]
    table = trend_table([point, hole], REFERENCE, "เทศบาลทดลอง", ())
    record, blank = (dict(zip(table.header, row, strict=True)) for row in table.records())
    mean = REFERENCE.national_mean(2567, TOTAL)
    assert mean
    assert record["แหล่งที่มาของค่าเฉลี่ยประเทศ"] == mean.source
    assert record["ความแน่ชัดของค่าเฉลี่ยประเทศ"] == certainty_text(Certainty.DERIVED)
    assert record["แหล่งที่มาของเกณฑ์ระดับ"]
    assert (record["เทียบกับทั้งประเทศ"], record["หน่วยงาน"]) == (Decimal("-3.05"), "เทศบาลทดลอง")
    assert blank["เทียบกับทั้งประเทศ"] is blank["เทียบกับปีที่ดีที่สุด"] is None
    notes = [*citation_sentences(trend.years, [TOTAL], REFERENCE)]
    assert any("2567" in note and certainty_text(Certainty.DERIVED) in note for note in notes)
    assert [*citation_sentences([FiscalYear(2600)], [TOTAL], REFERENCE)] == []


def test_how_large_a_years_assessment_was_is_told_as_far_as_it_is_known() -> None:
    first, second, last = assessment_sizes(
        [FiscalYear(y) for y in (2561, 2562, 2565, 2567)], REFERENCE
    )
    assert first.startswith("ปี 2562: ประเมิน 8,299 หน่วยงาน ที่มา: ")
    assert certainty_text(Certainty.ASSUMED) in first
    assert "8,303 หน่วยงาน · ผ่านเกณฑ์ 70.52 % · IIT 30 ข้อ · EIT 15 ข้อ · OIT 43 ข้อ" in second
    assert "ผ่านเกณฑ์ 92.44 % · OIT 35 ข้อ" in last
    assert certainty_text(Certainty.DERIVED) in last


def test_years_are_told_in_short() -> None:
    assert year_spans_text([2563, 2565, 2566, 2567]) == "2563, 2565–2567"
    assert year_spans_text([]) == ""


def test_notes_are_english_in_english() -> None:
    with language_set_to("en"):
        assert "every instrument ≥ 95" in next_level_note(RULES)


def test_breaks_and_closing_days_name_their_source_where_their_sign_is_pointed_at() -> None:
    late = AgencyEvent(date(2022, 7, 1), "เปิดระบบใหม่")  # after the assessment of 2565 was closed
    years = [FiscalYear(year) for year in range(2564, 2568)]
    marks = event_marks([late], years, None, REFERENCE)
    closing = REFERENCE.closing(2565)
    assert closing
    assert closing.citation in marks[0].source
    early = replace(late, day=date(2022, 1, 5))
    assert event_marks([early], years, None, REFERENCE)[0].source == ""
    assert all(mark.source for mark in break_marks(years, REFERENCE))
    assert closing.citation in mark_notes([late], years, None, REFERENCE)[-1]
