"""Citations of the reference data with their certainty: for tooltips, notes and files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ita.domain import TOTAL, Certainty, FiscalYear, Instrument, Part
from ita.formatting import (
    certainty_text,
    part_text,
    percent_text,
    score_text,
    spans_text,
    year_text,
)
from ita.i18n import _, either
from ita.reference import Band, NationalMean, Reference, Sourced, YearRules
from ita.scores.levels import PASSED_LEVEL_UNKNOWN
from ita.scores.standing import Standing, national_label, type_label


def mean_note(mean: NationalMean) -> str:
    """ค่าเฉลี่ยประเทศปี 2567 93.05 (8,325 หน่วยงาน) ที่มา: … (แหล่งรอง)"""
    return _(
        "ค่าเฉลี่ยประเทศ{year} {mean} ({agencies} หน่วยงาน) ที่มา: {source}",
        year=year_text(mean.fiscal_year),
        mean=score_text(mean.mean),
        agencies=f"{mean.agencies:,}",
        source=mean.citation,
    )


def means_line(years: Sequence[FiscalYear], reference: Reference) -> str:
    """The sources of the nation's means with their certainty, in one line for paper."""
    means = [mean for year in years if (mean := reference.national_mean(year, TOTAL))]
    by_certainty: dict[Certainty, list[str]] = {}
    for mean in means:
        by_certainty.setdefault(mean.certainty, []).append(mean.source)
    cited = "; ".join(
        f"{' · '.join(dict.fromkeys(sources))} ({certainty_text(certainty)})"
        for certainty, sources in by_certainty.items()
    )
    return _("ค่าเฉลี่ยทั้งประเทศ: {source}", source=cited) if cited else ""


def means_note(part: Standing, reference: Reference) -> str:
    """The nation's means behind a part's label, a sentence each; "" without any."""
    since = part.since
    years = [part.year, *([since.fiscal_year] if since else [])]
    means = (reference.national_mean(year, part.part) for year in years)
    return " · ".join(mean_note(mean) for mean in means if mean)


def comparison_note(part: Standing, label: str, reference: Reference) -> str:
    """The source of a comparison's figure; "" for the agency's own."""
    if label == type_label(part):
        return type_note(part)
    return means_note(part, reference) if label == national_label(part) else ""


def type_note(part: Standing) -> str:
    """The mean of the agency's type with its source; "" where none is known."""
    mean = part.point.type_mean if part.point else None
    if mean is None:
        return ""
    return _(
        "ค่าเฉลี่ย{type} {year} {mean} ที่มา: {source}",
        type=mean.agency_type,
        year=year_text(mean.fiscal_year),
        mean=score_text(mean.mean),
        source=mean.citation,
    )


def bands_note(bands: Sequence[Band]) -> str:
    """ผ่าน: คะแนนรวม ≥ 85 · ผ่านดี: คะแนนรวม ≥ 85 และทุกแบบวัด ≥ 85 ที่มา: … Each thing once."""
    by_citation: dict[str, dict[str, None]] = {}
    for band in bands:
        by_citation.setdefault(band.citation, {})[band_condition(band)] = None
    return " · ".join(
        _("{levels} ที่มา: {source}", levels=" · ".join(levels), source=citation)
        for citation, levels in by_citation.items()
    )


def band_condition(band: Band) -> str:
    """ผ่านดี: คะแนนรวม ≥ 85 และทุกแบบวัด ≥ 85"""
    words = {"level": either(band.level, band.name_en), "total": f"{band.min_total:f}"}
    if band.min_instrument is None:
        return _("{level}: คะแนนรวม ≥ {total}", **words)
    return _(
        "{level}: คะแนนรวม ≥ {total} และทุกแบบวัด ≥ {least}",
        least=f"{band.min_instrument:f}",
        **words,
    )


def level_note(level: str | None, rules: YearRules) -> str:
    """The conditions of a level by the rules of its year; "" for one that they don't have."""
    if level == PASSED_LEVEL_UNKNOWN:
        return next_level_note(rules)
    band = rules.band(level) if level else None
    return bands_note([band]) if band else ""


def next_level_note(rules: YearRules) -> str:
    """Every level from the pass mark on, as the year's rules have it."""
    return bands_note([band for band in reversed(rules.bands) if rules.passes(band)])


def weight_note(instruments: Sequence[Instrument], rules: YearRules) -> str:
    """น้ำหนัก IIT 30, EIT 30, OIT 40 จาก 100 ที่มา: …; "" where the model has none."""
    instrument_rules = [rules.instruments[i] for i in instruments if i in rules.instruments]
    if not instrument_rules:
        return ""
    return _(
        "น้ำหนักใน{year}: {weights} จาก 100 ที่มา: {source}",
        year=year_text(rules.fiscal_year),
        weights=", ".join(f"{rule.instrument} {rule.weight:f}" for rule in instrument_rules),
        source=" · ".join(dict.fromkeys(rule.citation for rule in instrument_rules)),
    )


def citation_sentences(
    years: Sequence[FiscalYear], parts: Sequence[Part], reference: Reference
) -> Iterator[str]:
    """The citations of the reference data for some years, a sentence each with its years: means,
    levels, weights. For the notes of a download and of the brief."""
    known_years = [year for year in years if reference.knows(year)]
    for part in parts:
        means = (reference.national_mean(year, part) for year in known_years)
        for citation, of_years in _by_citation((m.fiscal_year, m.citation) for m in means if m):
            yield _(
                "ค่าเฉลี่ยประเทศของ{part} {years}: {source}",
                part=part_text(part),
                years=of_years,
                source=citation,
            )
    yield from rule_citation_sentences(known_years, reference)


def assessment_sizes(years: Sequence[FiscalYear], reference: Reference) -> Iterator[str]:
    """How large each year's assessment was, a sentence a year: agencies, share that passed, questions."""
    for year in years:
        count, mean = reference.agency_counts.get(year), reference.national_mean(year, TOTAL)
        facts: list[str] = []
        if count:
            facts.append(_("ประเมิน {count} หน่วยงาน", count=f"{count.agencies:,}"))
        if mean and mean.share_passed is not None:
            facts.append(_("ผ่านเกณฑ์ {share}", share=percent_text(mean.share_passed)))
        questions = [q for i in Instrument if (q := reference.question_count(year, i))]
        facts += [
            _("{part} {count} ข้อ", part=part_text(q.instrument), count=q.questions)
            for q in questions
        ]
        cited = dict.fromkeys(fact.citation for fact in (count, *questions) if fact)
        if facts:
            yield _(
                "{year}: {facts} ที่มา: {source}",
                year=year_text(year),
                facts=" · ".join(facts),
                source="; ".join(cited),
            )


def rule_citation_sentences(years: Sequence[FiscalYear], reference: Reference) -> Iterator[str]:
    """The same of levels and weights alone."""
    known_years = [year for year in years if reference.knows(year)]
    bands = ((y, b.citation) for y in known_years for b in reference.rules(y).bands)
    for citation, of_years in _by_citation(bands):
        yield _("เกณฑ์ระดับ {years}: {source}", years=of_years, source=citation)
    weights = (
        (y, i.citation) for y in known_years for i in reference.rules(y).instruments.values()
    )
    for citation, of_years in _by_citation(weights):
        yield _("น้ำหนักของแบบวัด {years}: {source}", years=of_years, source=citation)


def _by_citation(pairs: Iterator[tuple[FiscalYear, str]]) -> Iterator[tuple[str, str]]:
    """Each citation once, with the years that it is for: 2563, 2565–2567."""
    years: dict[str, list[int]] = {}
    for year, citation in pairs:
        if int(year) not in years.setdefault(citation, []):
            years[citation].append(int(year))
    for citation, cited_years in years.items():
        yield citation, year_spans_text(sorted(cited_years))


def year_spans_text(numbers: Sequence[int]) -> str:
    """Years in short: neighbours as 2563–2565, others one by one."""
    return spans_text(numbers, "–")


def rules_citation(year: FiscalYear, reference: Reference) -> tuple[str, str]:
    """Source and certainty of a year's levels, for the columns of a file; "" where it has none."""
    bands = reference.rules(year).bands if reference.knows(year) else ()
    sources = dict.fromkeys(band.source for band in bands)
    return " · ".join(sources), certainties_text(bands)


def certainties_text(sources: Sequence[Sourced]) -> str:
    """How sure some facts are, each word once."""
    return ", ".join(dict.fromkeys(certainty_text(fact.certainty) for fact in sources))


def mean_citation(year: FiscalYear, part: Part, reference: Reference) -> tuple[str, str]:
    """The same of the nation's mean."""
    mean = reference.national_mean(year, part)
    return (mean.source, certainties_text([mean])) if mean else ("", "")
