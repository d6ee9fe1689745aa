from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.config import Settings
from ita.domain import TOTAL, FiscalYear
from ita.i18n import language_set_to
from ita.reference import Reference, load_reference
from ita.scores.forecasts import (
    MAX_YEARS_AHEAD,
    MIN_YEARS,
    Forecast,
    NoForecast,
    NoForecastReason,
    compute_forecast,
    forecast_bands,
)
from ita.scores.trends import Trend, compute_trend
from ita.theme import part_style
from tests.builders import IIT, append_rows, reference_folder, year_scores
from tests.scores.test_trends import IPST

REFERENCE = load_reference(Settings().reference)
SAMPLE = ("70.25", "80.27", "82.90", "84.41", "88.92")
hundredths = st.integers(0, 10_000)
series = st.lists(hundredths, min_size=MIN_YEARS, max_size=8)
steps = st.integers(1, MAX_YEARS_AHEAD)
CENT = 0.01 + 1e-6


def totals(*scores: str | None, first: int = 2562) -> Trend:
    """A trend of totals from a year on; None = nothing is stored of that year."""
    scored = [year_scores(first + n, total=score) for n, score in enumerate(scores) if score]
    return compute_trend(scored, REFERENCE)


def of_hundredths(scores: list[int]) -> Trend:
    return totals(*(str(Decimal(score).scaleb(-2)) for score in scores))


def forecast_of(trend: Trend, ahead: int = 1) -> Forecast:
    forecast = compute_forecast(trend, TOTAL, REFERENCE, ahead)
    assert isinstance(forecast, Forecast), forecast
    return forecast


def refusal_of(trend: Trend, ahead: int = 1, reference: Reference = REFERENCE) -> NoForecast:
    forecast = compute_forecast(trend, TOTAL, reference, ahead)
    assert isinstance(forecast, NoForecast), forecast
    return forecast


# --- known series ---


def test_forecast_of_a_known_series() -> None:
    forecast = forecast_of(totals(*SAMPLE, first=2563))
    # Line: 3.7566… a year. Carried to 2568: 89.03…, 95.30…, 94.17…, 91.92…, 92.67…; the median is
    # the line's point. 10 % and 90 % of the slopes: 2.01…, 6.69….
    assert (forecast.year, forecast.low, forecast.high) == (
        2568,
        Decimal("87.30"),
        Decimal("98.25"),
    )
    assert forecast.middle.quantize(Decimal("0.01")) == Decimal("92.68")
    assert forecast.basis_years == (2563, 2564, 2565, 2566, 2567)


def test_forecast_is_said_as_a_range_of_whole_points_under_a_condition() -> None:
    assert forecast_of(totals(*SAMPLE, first=2563)).sentence() == (
        "หากแนวโน้มเดิมดำเนินต่อไป ปี 2568 จะอยู่ราว 87 ถึง 99 คะแนน (2563–2567, 5 ปี)"
    )
    with language_set_to("en"):
        assert forecast_of(totals(*SAMPLE, first=2563)).sentence() == (
            "If the trend goes on as before, FY2568 (2025) would be about 87 to 99 points "
            "(2563–2567, 5 years)"
        )


def test_published_series_is_forecast_from_its_last_model_only() -> None:
    forecast = forecast_of(compute_trend(IPST, REFERENCE))
    assert forecast.basis_years == (2562, 2563, 2564, 2565, 2566, 2567)
    assert (forecast.year, forecast.low, forecast.high) == (
        2568,
        Decimal("82.46"),
        Decimal("98.31"),
    )


def test_exact_line_is_continued_and_staying_is_possible() -> None:
    forecast = forecast_of(totals("80", "82", "84", "86"))
    assert (forecast.low, forecast.middle, forecast.high) == (86, 88, 88)
    forecast = forecast_of(totals("80", "82", "84", "86"), ahead=2)
    assert (forecast.low, forecast.middle, forecast.high) == (86, 90, 90)


def test_range_ends_at_a_hundred() -> None:
    forecast = forecast_of(totals("88", "92", "96", "99"))
    assert (forecast.middle, forecast.high) == (100, 100)
    assert forecast.low < 99


def test_line_past_the_end_of_the_scale_leaves_its_scatter() -> None:
    # The line says more than 104 for 2566; a hundred is as far as it goes.
    forecast = forecast_of(totals("85.97", "91", "94.90", "100"))
    assert (forecast.low, forecast.middle, forecast.high) == (Decimal("99.21"), 100, 100)


def test_range_ends_at_zero() -> None:
    assert forecast_of(totals("12", "8", "4", "1")).low == 0


def test_hole_is_allowed_where_four_years_are_known() -> None:
    forecast = forecast_of(totals("80", "82", None, "86", "88"))
    assert (forecast.year, forecast.low, forecast.high) == (2567, 88, 90)
    assert "2562–2566, มีคะแนน 4 จาก 5 ปี" in forecast.sentence()


# --- refusals ---


@pytest.mark.parametrize(
    ("scores", "told"),
    [
        ((), "0"),
        (("80",), "1"),
        (("80", "82", "84"), "3"),
        (("80", "82", None, "84"), "3"),
        (("80", None, None, None, None, "84"), "2"),
    ],
)
def test_fewer_than_four_years_give_none(scores: tuple[str | None, ...], told: str) -> None:
    refusal = refusal_of(totals(*scores))
    assert (refusal.reason, refusal.detail) == (NoForecastReason.TOO_FEW_YEARS, told)
    assert refusal.sentence() == (f"ไม่คาดการณ์ เพราะมีคะแนนที่เทียบกันได้ {told} ปี (ต้องมีอย่างน้อย 4 ปี)")


def test_years_before_a_break_do_not_count() -> None:
    refusal = refusal_of(totals("80", "82", "84", "86", "88", "90", "92", first=2558))
    assert (refusal.reason, refusal.detail) == (NoForecastReason.TOO_FEW_YEARS, "3")


def test_part_without_the_agency_s_latest_year_gives_none() -> None:
    years = [year_scores(y, total="80", IIT=str(y - 2500)) for y in range(2562, 2567)]
    trend = compute_trend([*years, year_scores(2567, total="85")], REFERENCE)
    forecast = compute_forecast(trend, IIT, REFERENCE)
    assert isinstance(forecast, NoForecast)
    assert forecast.reason is NoForecastReason.LATEST_YEAR_MISSING
    assert forecast.sentence() == "ไม่คาดการณ์ เพราะไม่มีคะแนนของปีล่าสุด (2567)"


@pytest.mark.parametrize("ahead", [MAX_YEARS_AHEAD + 1, 500])
def test_no_forecast_reaches_far(ahead: int) -> None:
    refusal = refusal_of(totals(*SAMPLE), ahead)
    assert (refusal.reason, refusal.sentence()) == (NoForecastReason.TOO_FAR, "ไม่คาดการณ์ไกลกว่า 2 ปี")


@pytest.mark.parametrize("ahead", [0, -1])
def test_forecast_looks_ahead(ahead: int) -> None:
    with pytest.raises(ValueError, match="ahead"):
        compute_forecast(totals(*SAMPLE), TOTAL, REFERENCE, ahead)


def test_no_forecast_crosses_a_break_to_come(tmp_path: Path) -> None:
    folder = reference_folder(tmp_path)
    append_rows(folder, "breaks.csv", ("2568", "2569", "no", "model", "", "แบบใหม่", "A new model"))
    extended = load_reference(folder)
    trend = totals(*SAMPLE, first=2563)
    assert isinstance(compute_forecast(trend, TOTAL, extended, 1), Forecast)
    refusal = refusal_of(trend, 2, extended)
    assert (refusal.reason, refusal.detail) == (NoForecastReason.RULES_CHANGE, "2569")
    assert "รูปแบบการประเมินเปลี่ยนในปี 2569" in refusal.sentence()
    assert isinstance(compute_forecast(trend, TOTAL, REFERENCE, 2), Forecast)


def test_change_of_labels_to_come_is_no_obstacle(tmp_path: Path) -> None:
    folder = reference_folder(tmp_path)
    append_rows(folder, "breaks.csv", ("2567", "2568", "yes", "labels", "", "ชื่อใหม่", "New names"))
    assert isinstance(
        compute_forecast(totals(*SAMPLE, first=2563), TOTAL, load_reference(folder)), Forecast
    )


@pytest.mark.parametrize("scores", [("100",) * 5, ("80",) * 4, ("94", "96", "98", "100")])
def test_scores_that_leave_no_range_give_none(scores: tuple[str, ...]) -> None:
    refusal = refusal_of(totals(*scores))
    assert refusal.reason is NoForecastReason.NO_SPREAD
    assert f"(ปีล่าสุด {scores[-1]}.00) ไม่กระจายพอ" in refusal.sentence()


def test_unknown_part_gives_none() -> None:
    forecast = compute_forecast(totals(*SAMPLE), "99", REFERENCE)
    assert isinstance(forecast, NoForecast)
    assert forecast.reason is NoForecastReason.TOO_FEW_YEARS


@pytest.mark.parametrize("obstacle", NoForecastReason)
def test_every_obstacle_has_a_sentence_of_its_own(obstacle: NoForecastReason) -> None:
    texts = {NoForecast(TOTAL, o, "7").sentence() for o in NoForecastReason}
    assert len(texts) == len(NoForecastReason)
    with language_set_to("en"):
        assert NoForecast(TOTAL, obstacle, "7").sentence().startswith("No forecast")


# --- whatever the scores ---


def kept(value: float) -> float:
    return min(max(value, 0.0), 100.0)


def by_hand(scores: list[int], ahead: int) -> tuple[float, float, float]:
    """Slow and in floats: the line, its residuals, the quantiles of slopes, the last score."""
    y = [score / 100 for score in scores]
    count = len(y)
    slopes = [(y[j] - y[i]) / (j - i) for i in range(count) for j in range(i + 1, count)]
    rise = float(np.median(slopes))
    start = float(np.median([y[i] - rise * i for i in range(count)]))
    residuals = [y[i] - (start + rise * i) for i in range(count)]
    point = kept(start + rise * (count - 1 + ahead))
    slow, fast = np.quantile(slopes, [0.1, 0.9])
    low = point + min(residuals) - ahead * (rise - float(slow))
    high = point + max(residuals) + ahead * (float(fast) - rise)
    return kept(min(low, y[-1])), point, kept(max(high, y[-1]))


@given(series, steps)
def test_forecast_is_that_of_the_method(scores: list[int], ahead: int) -> None:
    forecast = compute_forecast(of_hundredths(scores), TOTAL, REFERENCE, ahead)
    low, point, high = by_hand(scores, ahead)
    if isinstance(forecast, NoForecast):
        assert forecast.reason is NoForecastReason.NO_SPREAD
        assert high - low < CENT
    else:
        assert abs(float(forecast.low) - low) < CENT
        assert abs(float(forecast.high) - high) < CENT
        assert abs(float(forecast.middle) - point) < 1e-6


@given(series, steps)
def test_forecast_stays_in_0_to_100_and_holds_the_line_and_the_last_score(
    scores: list[int], ahead: int
) -> None:
    forecast = compute_forecast(of_hundredths(scores), TOTAL, REFERENCE, ahead)
    if isinstance(forecast, Forecast):
        assert 0 <= forecast.low <= forecast.middle <= forecast.high <= 100
        assert forecast.low <= Decimal(scores[-1]).scaleb(-2) <= forecast.high
        assert forecast.low < forecast.high


@given(series)
def test_second_year_is_at_least_as_uncertain_inside_the_scale(scores: list[int]) -> None:
    near, far = (compute_forecast(of_hundredths(scores), TOTAL, REFERENCE, k) for k in (1, 2))
    inside = isinstance(near, Forecast) and isinstance(far, Forecast)
    if inside and far.low > 0 and far.high < 100:
        assert far.high - far.low >= near.high - near.low - Decimal("0.02")


@given(st.lists(st.none() | hundredths, max_size=8), steps)
def test_forecast_needs_four_known_years_and_the_latest(
    scores: list[int | None], ahead: int
) -> None:
    scored = {2562 + n: score for n, score in enumerate(scores) if score is not None}
    agency = [
        year_scores(2562 + n, EIT="50", total=None if s is None else str(Decimal(s).scaleb(-2)))
        for n, s in enumerate(scores)
    ]
    forecast = compute_forecast(compute_trend(agency, REFERENCE), TOTAL, REFERENCE, ahead)
    if len(scored) < MIN_YEARS:
        assert (
            isinstance(forecast, NoForecast) and forecast.reason is NoForecastReason.TOO_FEW_YEARS
        )
    elif scores[-1] is None:
        assert (
            isinstance(forecast, NoForecast)
            and forecast.reason is NoForecastReason.LATEST_YEAR_MISSING
        )
    elif isinstance(forecast, Forecast):
        assert list(forecast.basis_years) == sorted(scored)
        assert forecast.year == 2562 + len(scores) - 1 + ahead


@pytest.mark.parametrize(
    ("count", "least", "most"), [(4, 0.55, 0.8), (5, 0.6, 0.85), (7, 0.65, 0.9)]
)
def test_next_year_lies_in_the_range_as_often_as_the_page_says(
    count: int, least: float, most: float
) -> None:
    # "6–8 of 10" on the page: a rising line with scatter, and a walk that forgets its line.
    chance, inside, trials = random.Random(2567), [], 300
    for trial in range(trials):
        rise, at = chance.uniform(-1, 3), chance.uniform(65, 78)
        scores = []
        for _ in range(count + 1):
            at = at + rise if trial % 2 else at + chance.gauss(1, 3)
            score = at + chance.gauss(0, 3) if trial % 2 else at
            scores.append(min(10_000, max(0, round(score * 100))))
        forecast = forecast_of(of_hundredths(scores[:-1]))
        inside.append(forecast.low <= Decimal(scores[-1]).scaleb(-2) <= forecast.high)
    assert least < sum(inside) / trials < most


# --- the band of the chart ---


def years(first: int, last: int) -> tuple[FiscalYear, ...]:
    return tuple(map(FiscalYear, range(first, last + 1)))


def test_band_starts_at_the_last_known_point() -> None:
    (band,) = forecast_bands(totals(*SAMPLE, first=2563), [TOTAL], years(2565, 2567), REFERENCE)
    assert band.edges == ((2, 88.92, 88.92), (3, 87.30, 98.25))
    assert band.color == part_style(TOTAL).color
    assert band.name == "คะแนนรวม หากแนวโน้มเดิมดำเนินต่อไป"


def test_no_band_where_the_last_year_is_not_shown_or_nothing_is_forecast() -> None:
    trend = totals(*SAMPLE, first=2563)
    assert forecast_bands(trend, [TOTAL], years(2563, 2566), REFERENCE) == ()
    assert forecast_bands(trend, [TOTAL], (), REFERENCE) == ()
    assert forecast_bands(trend, [IIT], years(2563, 2567), REFERENCE) == ()
    assert forecast_bands(totals("80"), [TOTAL], years(2562, 2562), REFERENCE) == ()
