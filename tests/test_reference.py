from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.config import Settings
from ita.domain import BreakKind, Certainty, FiscalYear, Instrument, MeasureStatus
from ita.reference import Reference, ReferenceFault, UnknownYear, YearRules, load_reference
from ita.scores.levels import judge_level
from tests.builders import LAST_YEAR, NEW_YEAR, append_rows, reference_folder, rewrite

SHIPPED = sorted(Settings().reference.glob("*.csv"))
SPELLINGS = frozenset({"provinces.csv", "agency_types.csv"})
OPTIONAL = SPELLINGS | {"deadlines.csv", "phases.csv", "questions.csv", "type_means.csv"}
"""A folder of an earlier version lacks them, and no figure of an agency rests on them."""
SCORED_YEARS = range(2562, 2571)


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_every_shipped_row_says_its_source_and_how_sure_it_is(file: Path) -> None:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream, strict=True))
    assert rows
    for row in rows:
        assert row["source"].strip(), row
        assert row["certainty"] in set(Certainty), row


def test_shipped_years_are_those_that_were_assessed(reference: Reference) -> None:
    assert list(reference.years) == list(range(2557, 2571))
    assert [y for y, rules in reference.years.items() if rules.bands] == list(SCORED_YEARS)


def test_every_shipped_file_is_read(tmp_path: Path) -> None:
    for file in SHIPPED:
        if file.name in OPTIONAL:
            continue
        place = tmp_path / file.stem
        place.mkdir()
        folder = reference_folder(place)
        (folder / file.name).unlink()
        with pytest.raises(ReferenceFault, match=file.name):
            load_reference(folder)


@pytest.mark.parametrize("year", SCORED_YEARS)
def test_weights_are_those_of_the_manual(reference: Reference, year: int) -> None:
    weights = {i: rule.weight for i, rule in reference.rules(year).instruments.items()}
    assert weights == {Instrument.IIT: 30, Instrument.EIT: 30, Instrument.OIT: 40}


@pytest.mark.parametrize("year", SCORED_YEARS)
def test_indicators_belong_to_the_instruments_of_the_manual(
    reference: Reference, year: int
) -> None:
    rules = reference.rules(year)
    assert rules.indicators_of(Instrument.IIT) == ("1", "2", "3", "4", "5")
    assert rules.indicators_of(Instrument.EIT) == ("6", "7", "8")
    assert rules.indicators_of(Instrument.OIT) == ("9", "10")


@given(st.sampled_from(SCORED_YEARS), st.integers(0, 10_000))
def test_bands_of_a_year_cover_every_total_once(year: int, hundredths: int) -> None:
    rules = load_reference(Settings().reference).rules(year)
    total = Decimal(hundredths).scaleb(-2)
    judgement = judge_level(total, dict.fromkeys(rules.instruments, total), rules)
    assert judgement.band == _band_by_looking(total, rules)
    assert judgement.is_passed is (total >= 85)


def _band_by_looking(total: Decimal, rules: YearRules) -> object:
    """Slow and obvious: the highest start that isn't above, the stricter of two that start alike."""
    started = [band for band in rules.bands if band.min_total <= total]
    highest = max(band.min_total for band in started)
    alike = [band for band in started if band.min_total == highest]
    strict = [b for b in alike if b.min_instrument is not None and b.min_instrument <= total]
    (only,) = strict or alike
    return only


def test_years_of_the_older_model_have_neither_weights_nor_levels(reference: Reference) -> None:
    rules = reference.rules(2561)
    assert (rules.instruments, rules.bands, rules.pass_mark) == ({}, (), None)


def test_only_the_change_of_model_ends_comparability(reference: Reference) -> None:
    assert not reference.comparable(2561, 2562)
    assert not reference.comparable(2558, 2567)
    assert reference.comparable(2565, 2566)
    assert reference.comparable(2558, 2561)
    assert reference.comparable(2562, 2569)


def test_change_of_labels_is_a_break_all_the_same(reference: Reference) -> None:
    (found,) = reference.breaks_between(2562, 2566)
    assert (found.before, found.after, found.comparable) == (2565, 2566, True)
    assert found.kind is BreakKind.LABELS


@pytest.mark.parametrize(
    ("part", "years"),
    [
        ("total", [2567, 2568, 2569]),
        ("OIT", [2567, 2568, 2569]),
        ("9", [2567, 2568, 2569]),
        ("EIT", [2568]),
        ("8", [2568]),
        ("7", []),
        ("IIT", []),
    ],
)
def test_what_is_assessed_changed_for_the_parts_that_it_touches(
    reference: Reference, part: str, years: list[int]
) -> None:
    assert [b.after for b in reference.content_breaks(2562, 2569, part)] == years
    assert reference.content_breaks(2562, 2566, part) == ()
    assert all(reference.comparable(year - 1, year) for year in years)


@pytest.mark.parametrize("year", [2555, NEW_YEAR, 2024, 0])
def test_unknown_year_names_the_file_to_extend(tmp_path: Path, year: int) -> None:
    folder = reference_folder(tmp_path)
    with pytest.raises(UnknownYear) as fault:
        load_reference(folder).rules(year)
    assert str(year) in str(fault.value)
    assert str(folder / "years.csv") in str(fault.value)
    assert "กรุณาเพิ่มแถวของปีนี้" in str(fault.value)


def test_nearest_rules_of_a_year_to_come_are_the_last_known(reference: Reference) -> None:
    assert reference.nearest_rules(NEW_YEAR).fiscal_year == LAST_YEAR
    assert reference.nearest_rules(2567).fiscal_year == 2567


@pytest.mark.parametrize(
    ("spelled", "band"),
    [("ผ่านดี", "ผ่านดี"), (" ผ่าน ดี ", "ผ่านดี"), ("ผ่าน", "ผ่าน"), ("A", None), ("", None)],
)
def test_published_level_is_found_however_it_is_spelled(
    reference: Reference, spelled: str, band: str | None
) -> None:
    found = reference.rules(2567).band(spelled)
    assert (found.level if found else None) == band


def test_letters_are_levels_whatever_their_case(reference: Reference) -> None:
    found = reference.rules(2564).band("aa")
    assert found and found.level == "AA"


def test_division_is_known_by_its_other_spellings(reference: Reference) -> None:
    assert reference.division("กองการศึกษาฯ") == "กองการศึกษา ศาสนาและวัฒนธรรม"
    assert reference.division("สำนักปลัด  อบต.") == "สำนักปลัด"
    assert reference.division("กองสาธารณสุข") == "กองสาธารณสุข"


def test_national_mean_of_a_year_is_there_or_none(reference: Reference) -> None:
    mean = reference.national_mean(2568, "total")
    assert mean and (mean.mean, mean.agencies) == (Decimal("93.82"), 8317)
    assert mean.certainty is Certainty.SECOND_HAND
    assert mean.citation == f"{mean.source} (แหล่งรอง)"
    assert reference.national_mean(2562, "total") is None
    assert reference.agency_counts[FiscalYear(2562)].agencies == 8299
    assert reference.national_mean(2568, Instrument.IIT) is None


def test_report_item_is_that_of_the_year(reference: Reference) -> None:
    items = [reference.report_item(year, "results") for year in (2566, 2567, 2568, 2569)]
    assert [item and item.item for item in items] == ["O43", "O35", "O28", "O26"]
    assert reference.report_item(2562, "results") is None
    titles = {
        (year, document): item.title_th
        for year in (2566, 2567, 2569)
        for document in ("measures", "results")
        if (item := reference.report_item(year, document))
    }
    report = "รายงานผลการดำเนินการเพื่อส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน"
    assert titles[2566, "results"].startswith("การดำเนินการตามมาตรการ")
    assert titles[2567, "results"] == titles[2569, "results"] == report
    assert titles[2569, "measures"] == "การนำผลการประเมิน ITA ไปสู่การพัฒนาองค์กร"


def test_checklist_of_2569_has_its_26_items(reference: Reference) -> None:
    items = reference.items(2569)
    assert [item.item for item in items] == [f"O{n}" for n in range(1, 27)]
    assert [item.item for item in items if not item.title_th] == ["O8", "O9"]
    assert all(item.certainty is Certainty.ASSUMED for item in items[:9])
    assert {item.certainty for item in items[9:]} == {Certainty.SECOND_HAND}
    before = [item.item for item in items if item.year_before]
    assert before == ["O12", "O14", "O18", "O22", "O24", "O26"]


def test_figures_that_were_worked_out_say_so(reference: Reference) -> None:
    share, indicator = (reference.national_mean(2567, part) for part in ("total", "8"))
    assert share and indicator
    assert (share.mean, share.share_passed) == (Decimal("93.05"), Decimal("92.44"))
    assert indicator.mean == Decimal("84.49")
    assert share.certainty is indicator.certainty is Certainty.DERIVED
    known = reference.national_mean(2568, "8")
    assert known and known.mean - indicator.mean == Decimal("9.90")


def test_means_of_types_and_counts_of_questions(reference: Reference) -> None:
    mean = reference.type_mean(2566, "หน่วยงานอื่นของรัฐ", "total")
    assert mean and (mean.mean, mean.agencies) == (Decimal("92.67"), 17)
    assert reference.type_mean(2566, None, "total") is None
    counts = [reference.question_count(2565, i) for i in Instrument]
    assert [c and c.questions for c in counts] == [30, 15, 43]
    assert [c and c.certainty for c in counts][:2] == [Certainty.PRIMARY, Certainty.PRIMARY]


READ_AT_THE_AUTHORITY = {
    ("instruments.csv", "2563"),
    ("instruments.csv", "2564"),
    ("bands.csv", "2564"),
    ("phases.csv", "2562"),
    ("phases.csv", "2563"),
    ("phases.csv", "2564"),
    ("phases.csv", "2565"),
    ("questions.csv", "2565"),
    ("statuses.csv", ""),
}
"""File and year of the rows that may be called primary; `statuses.csv` cites the Interior Ministry."""


def test_primary_is_only_what_was_read_at_the_authority() -> None:
    primary = [
        (file.name, row.get("fiscal_year", ""), row)
        for file in SHIPPED
        for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines())
        if row["certainty"] == "primary"
    ]
    assert {(name, year) for name, year, _ in primary} == READ_AT_THE_AUTHORITY
    assert {row["level"] for name, _, row in primary if name == "bands.csv"} == {"AA", "A", "B"}


@pytest.mark.parametrize(
    "source",
    [
        "เกณฑ์การประเมิน ITA ของปี",
        "สำนักงาน ป.ป.ช. เกณฑ์การประเมิน ITA ของปี 2565",
        "ประกาศของสำนักงาน ป.ป.ช.",
        "",
    ],
)
def test_source_that_names_no_document_is_refused_with_its_line(
    tmp_path: Path, source: str
) -> None:
    folder = reference_folder(tmp_path)
    rewrite(folder, "national_means.csv", "prd.go.th (iid/595)", source)
    with pytest.raises(ReferenceFault, match=r"ไฟล์ national_means\.csv บรรทัด 3: ช่อง source"):
        load_reference(folder)


@pytest.mark.parametrize(
    "source",
    [
        "nacc.go.th",
        "https://www.nacc.go.th/x?id=1",
        "คู่มือการประเมิน ITA 2570 น. 12",
        "คู่มือ หน้า ๑๒",
        "ระเบียบกระทรวงมหาดไทย ข้อ 101/1",
        "ประกาศสำนักงาน ป.ป.ช. ลงวันที่ 26 พ.ย. 2564",
    ],
)
def test_source_that_names_a_document_or_an_address_is_taken(tmp_path: Path, source: str) -> None:
    folder = reference_folder(tmp_path)
    rewrite(folder, "national_means.csv", "prd.go.th (iid/595)", source)
    mean = load_reference(folder).national_mean(2563, "total")
    assert mean and mean.source == source


@pytest.mark.parametrize("reason", ["คาดจากปี 2562", ""])
def test_assumption_needs_no_document_but_a_reason(tmp_path: Path, reason: str) -> None:
    folder = reference_folder(tmp_path)
    rewrite(folder, "national_means.csv", "prd.go.th (iid/595),second-hand", f"{reason},assumed")
    if reason:
        assert load_reference(folder).national_mean(2563, "total")
    else:
        with pytest.raises(ReferenceFault, match="ช่อง source"):
            load_reference(folder)


def test_folder_of_an_earlier_version_is_read(tmp_path: Path) -> None:
    """Without the new files and columns: kinds of breaks follow from `comparable`."""
    folder = reference_folder(tmp_path)
    for name in OPTIONAL:
        (folder / name).unlink()
    for name, new in (("breaks.csv", ("kind", "parts")), ("report_items.csv", ("year_before",))):
        with (folder / name).open(encoding="utf-8", newline="") as stream:
            rows = [{k: v for k, v in r.items() if k not in new} for r in csv.DictReader(stream)]
        with (folder / name).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    found = load_reference(folder)
    assert [b.kind for b in found.breaks][:2] == [BreakKind.MODEL, BreakKind.LABELS]
    assert found.content_breaks(2562, 2570, "total") == ()
    assert (found.phases, found.type_means, found.question_counts) == ((), {}, {})
    assert found.report_item(2569, "results")


BAD_CELLS = [
    ("instruments.csv", "2562,IIT,30,", "2562,IIT,สามสิบ,", "weight", 2),
    ("instruments.csv", "2562,EIT,30,", "2562,XIT,30,", "instrument", 3),
    ("instruments.csv", "2562,EIT,30,", "2562,IIT,30,", "instrument", 3),
    ("instruments.csv", "2562,OIT,40,", "2562,OIT,-40,", "weight", 4),
    ("indicators.csv", "2562,2,", "2562,สอง,", "indicator", 3),
    ("indicators.csv", "2562,2,", "2562,1,", "indicator", 3),
    ("bands.csv", "2562,A,A,85,", "2562,A,A,NaN,", "min_total", 3),
    ("bands.csv", "2562,A,A,85,", "2562,A,A,,", "min_total", 3),
    ("years.csv", "2562,ten-indicator,85,", "2562,ten-indicator,850,", "pass_mark", 7),
    ("years.csv", "2558,", "2014,", "fiscal_year", 3),
    ("years.csv", "2558,", "2557,", "fiscal_year", 3),
    ("breaks.csv", "2561,2562,no,", "2561,2562,maybe,", "comparable", 2),
    ("deadlines.csv", "year_handover,30,", "year_handover,-1,", "days", 2),
    ("deadlines.csv", "year_handover,30,", "year_handover,93,", "days", 2),
    ("deadlines.csv", "year_handover,30,", "year_handover,a month,", "days", 2),
    ("deadlines.csv", "year_handover,30,", "handover,30,", "deadline", 2),
    ("breaks.csv", "2566,yes,labels,", "2566,yes,names,", "kind", 3),
    ("breaks.csv", "2566,yes,labels,", "2566,yes,model,", "kind", 3),
    ("breaks.csv", "2562,no,model,", "2562,no,content,", "kind", 2),
    ("breaks.csv", "2565,2566,", "2566,2566,", "after", 3),
    ("national_means.csv", "8303,", "8303.5,", "agencies", 3),
    ("national_means.csv", "2564,total,", "2563,total,", "part", 4),
    ("national_means.csv", "81.25", "812.5", "mean", 4),
    ("breaks.csv", ",content,OIT 8,", ",content,OIT eight,", "parts", 5),
    ("breaks.csv", ",content,OIT 8,", ",content,OTI,", "parts", 5),
    ("national_means.csv", "2564,total,", "2564,totl,", "part", 4),
    ("national_means.csv", "2567,8,", "2567,0,", "part", 8),
    ("type_means.csv", ",total,", ",XIT,", "part", 2),
    (
        "report_items.csv",
        ",O10,ระบบการให้บริการผ่านช่องทางออนไลน์ (E-Service),",
        ",O10,,",
        "title_th",
        23,
    ),
    ("type_means.csv", "92.67", "", "mean", 2),
    ("type_means.csv", "หน่วยงานอื่นของรัฐ", "", "agency_type", 2),
    ("type_means.csv", ",17,", ",สิบเจ็ด,", "agencies", 2),
    ("questions.csv", "2565,IIT,30", "2565,IIT,0", "questions", 4),
    ("questions.csv", "2565,IIT,30", "2565,OIT,30", "instrument", 6),
    ("phases.csv", "2562,answers,", "2562,answer,", "phase", 2),
    ("phases.csv", "2018-11-08", "8/11/2018", "from", 2),
    ("phases.csv", "2018-11-30", "2018-11-01", "to", 2),
    ("phases.csv", "2018-11-30", "2561-11-30", "to", 2),
    ("phases.csv", ",2019-06-15", ",", "to", 3),
    ("phases.csv", "2018-11-08", "2017-11-08", "from", 2),
    ("report_items.csv", ",assumed", ",sure", "certainty", 2),
    ("report_items.csv", "2563,O43,", "2563,O42,", "item", 3),
    ("report_items.csv", "2563,O43,", "2563,,", "item", 3),
    ("report_items.csv", ",results,", ",measures,", "document", 3),
    ("report_items.csv", ",results,", ",result,", "document", 3),
    ("statuses.csv", "late,2,", "tardy,2,", "status", 3),
    ("statuses.csv", "late,2,", "done,2,", "behind_by", 3),
    ("statuses.csv", "on_plan,5,", "done,5,", "status", 6),
    ("statuses.csv", "late,2,", "late,1,", "rank", 3),
    ("statuses.csv", "Late,10,", "Late,,", "behind_by", 3),
    ("statuses.csv", "Late,10,", "Late,ten,", "behind_by", 3),
    ("statuses.csv", "On plan,,", "On plan,5,", "behind_by", 6),
]


@pytest.mark.parametrize(("file", "old", "new", "column", "line"), BAD_CELLS)
def test_bad_cell_is_told_with_file_line_and_column(
    tmp_path: Path, file: str, old: str, new: str, column: str, line: int
) -> None:
    folder = reference_folder(tmp_path)
    rewrite(folder, file, old, new)
    with pytest.raises(ReferenceFault) as fault:
        load_reference(folder)
    assert f"ไฟล์ {file} บรรทัด {line}: ช่อง {column} ใช้ไม่ได้" in str(fault.value)


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_missing_column_is_told_with_file_and_line(tmp_path: Path, file: Path) -> None:
    folder = reference_folder(tmp_path)
    rewrite(folder, file.name, "certainty", "sure")
    with pytest.raises(ReferenceFault, match=f"ไฟล์ {file.name} บรรทัด 2: ช่อง certainty"):
        load_reference(folder)


def test_file_that_excel_saved_in_another_encoding_is_told(tmp_path: Path) -> None:
    folder = reference_folder(tmp_path)
    text = (folder / "bands.csv").read_text(encoding="utf-8")
    (folder / "bands.csv").write_text(text, encoding="cp874")
    with pytest.raises(ReferenceFault, match=r"อ่านไฟล์อ้างอิง bands\.csv ไม่ได้"):
        load_reference(folder)


def test_file_that_excel_saved_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    folder = reference_folder(tmp_path)
    for file in folder.glob("*.csv"):
        file.write_text(file.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert load_reference(folder).knows(2567)


NOT_WHOLE = [
    ("instruments.csv", "2568,IIT,30,", "2568,IIT,35,"),
    ("bands.csv", "2568,ต้องปรับปรุงโดยด่วน,Needs urgent improvement,0,", "2568,ด่วน,Urgent,10,"),
    ("bands.csv", "2568,ผ่าน,Passed,85,,", "2568,ผ่าน,Passed,85,85,"),
    ("years.csv", "2568,ten-indicator,85,", "2568,ten-indicator,,"),
    ("years.csv", "2568,ten-indicator,85,", "2568,ten-indicator,80,"),
    ("indicators.csv", "2568,9,OIT,", "2567,11,OIT,"),
]


@pytest.mark.parametrize(("file", "old", "new"), NOT_WHOLE)
def test_year_that_is_not_whole_is_refused_with_its_file(
    tmp_path: Path, file: str, old: str, new: str
) -> None:
    folder = reference_folder(tmp_path)
    rewrite(folder, file, old, new)
    if file == "indicators.csv":
        rewrite(folder, file, "2568,10,OIT,", "2567,12,OIT,")
    with pytest.raises(ReferenceFault, match=f"เกณฑ์ของปี 2568 ในไฟล์ {file} ยังไม่ครบ"):
        load_reference(folder)


def test_weight_of_nothing_is_refused(tmp_path: Path) -> None:
    # Points of such an instrument could not be turned into a score.
    folder = reference_folder(tmp_path)
    rewrite(folder, "instruments.csv", "2568,IIT,30,", "2568,IIT,0,")
    rewrite(folder, "instruments.csv", "2568,OIT,40,", "2568,OIT,70,")
    with pytest.raises(ReferenceFault, match=r"ปี 2568 ในไฟล์ instruments\.csv"):
        load_reference(folder)


def test_indicator_of_an_instrument_without_weight_is_refused(tmp_path: Path) -> None:
    folder = reference_folder(tmp_path)
    year = str(NEW_YEAR)
    append_rows(folder, "years.csv", (year, "two-instruments", "85"))
    append_rows(
        folder,
        "instruments.csv",
        (year, "IIT", "50", "แบบวัดภายใน", "Internal"),
        (year, "OIT", "50", "แบบวัดการเปิดเผย", "Open Data"),
    )
    append_rows(folder, "bands.csv", (year, "ผ่าน", "Passed", "85", ""))
    append_rows(folder, "bands.csv", (year, "ไม่ผ่าน", "Failed", "0", ""))
    for number, instrument in (("1", "IIT"), ("2", "EIT"), ("3", "OIT")):
        append_rows(folder, "indicators.csv", (year, number, instrument, "ชื่อ", "Name"))
    with pytest.raises(ReferenceFault, match=rf"ปี {year} ในไฟล์ indicators\.csv"):
        load_reference(folder)


def test_every_status_of_a_measure_has_its_row(tmp_path: Path) -> None:
    folder = reference_folder(tmp_path)
    file = folder / "statuses.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(("done,", "on_plan,"))]
    file.write_text("".join(kept), encoding="utf-8")
    with pytest.raises(ReferenceFault, match=r"statuses\.csv ยังขาดสถานะ done, on_plan"):
        load_reference(folder)


def test_statuses_come_by_rank(tmp_path: Path) -> None:
    folder = reference_folder(tmp_path)
    rewrite(folder, "statuses.csv", "on_plan,5,", "on_plan,0,")
    statuses = load_reference(folder).statuses
    assert statuses[0].status is MeasureStatus.ON_PLAN
    assert {rule.status for rule in statuses} == set(MeasureStatus)
