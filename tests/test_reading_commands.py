"""Commands that only read, against what was published and written: trend, claims, gaps, report, export."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from ita.config import Settings
from ita.imports.datasets import Dataset
from ita.reports.docx_document import starter_template
from ita.reports.narrative import COLUMNS
from tests.calling import SAMPLE_REPORT, ita
from tests.reports.printing import docx_rows, picture

IPST = {
    2558: (79.69, ""),
    2559: (83.73, ""),
    2560: (91.35, ""),
    2561: (83.10, "สูงมาก"),
    2562: (91.07, "A"),
    2563: (90.73, "A"),
    2564: (95.62, "AA"),
    2565: (90.22, "A"),
    2566: (86.78, "ผ่าน"),
    2567: (91.15, "ผ่าน"),
}
"""Published by the institute itself; the reference of the domain, not of the code."""


def test_trend_shows_ten_published_points_with_levels_and_the_break(demo: Path) -> None:
    call = ita(demo, "trend", "--agency", "IPST", "--json")
    document = call.document
    assert call.code == 0
    assert call.err == ""
    assert document["agency"] == "IPST"
    total = [point for point in document["points"] if point["part"] == "total"]
    shown = {
        point["fiscal_year"]: (point["score"], point["level_published"] or "") for point in total
    }
    assert shown == IPST
    assert [point["fiscal_year"] for point in total[1:] if not point["comparable"]] == [2562]
    changes = {point["fiscal_year"]: point["change"] for point in total}
    assert changes[2558] is None
    assert changes[2562] is None
    assert changes[2563] == -0.34
    assert changes[2567] == 4.37
    (verdict,) = (v for v in document["verdicts"] if v["part"] == "total")
    assert verdict["verdict"] == "mixed"
    assert (verdict["from"], verdict["to"]) == (2562, 2567)
    assert [against["fiscal_year"] for against in verdict["against"]] == [2563, 2565, 2566]
    assert {v["verdict"] for v in document["verdicts"]} == {"mixed", "not_enough_data"}
    last = total[-1]
    assert (last["national_change"], last["distance_to_national"]) == (2.86, -1.9)
    # 91.35 of 2560 lies beyond the break of 2562.
    assert last["own_best"] == {"fiscal_year": 2564, "score": 95.62, "distance": -4.47}
    first = total[0]
    assert (first["national_change"], first["distance_to_national"]) == (None, None)
    assert first["own_best"] == {"fiscal_year": 2558, "score": 79.69, "distance": 0.0}


def test_trend_finds_an_agency_by_its_name(demo: Path) -> None:
    call = ita(demo, "trend", "--agency", "เทศบาลนคร ยะลา", "--json")
    assert call.document["agency"] == "YALA"


def test_trend_for_people(demo: Path) -> None:
    call = ita(demo, "trend", "--agency", "IPST")
    assert "ปี 2564\tคะแนนรวม\t95.62\t+4.89" in call.out
    assert "คะแนนรวม: ขึ้นบ้างลงบ้าง (2562–2567)" in call.out
    assert "คะแนนรวม ปี 2567: ต่ำกว่าค่าเฉลี่ยประเทศ 1.90" in call.out
    assert "คะแนนรวม ปี 2567: ยังต่ำกว่าปี 2564 ของตนเอง 4.47" in call.out


def test_the_three_claims_have_three_verdicts(demo: Path) -> None:
    call = ita(demo, "claims", "--agency", "SAMPLE", "--year", "2567", "--json")
    assert call.code == 0
    judged = {claim["instrument"]: claim["verdict"] for claim in call.document}
    assert judged == {"IIT": "supported", "EIT": "contradicted", "OIT": "not_enough_data"}
    for claim in call.document:
        assert set(claim) == {
            "instrument",
            "text",
            "claim",
            "part",
            "verdict",
            "evidence",
            "content_changed",
        }
    contradicted = next(claim for claim in call.document if claim["instrument"] == "EIT")
    assert any((e["change"] or 0) < 0 for e in contradicted["evidence"])
    assert "ขัดกับคะแนนที่มี" in ita(demo, "claims", "--year", "2567").out


def test_gaps_are_the_ones_of_the_real_report(demo: Path) -> None:
    document = ita(demo, "gaps", "--year", "๒๕๖๗", "--json").document
    no_result = [(g["instrument"], g["seq"]) for g in document if g["gap"] == "no_result"]
    assert no_result == [("IIT", 3), ("EIT", 3), ("OIT", 2)]
    no_period = [(g["instrument"], g["seq"]) for g in document if g["gap"] == "no_period"]
    assert no_period == [("OIT", None)]
    assert ("no_progress", "EIT", 3) in [(g["gap"], g["instrument"], g["seq"]) for g in document]
    assert "[no_result]" in ita(demo, "gaps", "--year", "67").out


def test_the_report_holds_everything_the_agency_wrote(demo: Path, tmp_path: Path) -> None:
    place = tmp_path / "report.html"
    call = ita(demo, "report", "--year", "2567", "--format", "html", "--out", str(place))
    assert call.code == 0
    page = place.read_text(encoding="utf-8")
    texts = list(COLUMNS)
    counted = 0
    for name, columns in (
        ("measures.csv", ("มาตรการ",)),
        ("narrative.csv", ("ข้อความ",)),
    ):
        with (Settings().samples / name).open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.DictReader(stream):
                texts += [row[column] for column in columns]
                counted += 1
    assert counted == 9 + 9 + 3 + 2  # measures, results, outcomes, periods
    assert not [text for text in texts if text not in page]


@pytest.mark.parametrize("file_format", ["csv", "xlsx", "docx", "pdf"])
def test_the_report_in_other_formats(demo: Path, tmp_path: Path, file_format: str) -> None:
    place = tmp_path / f"report.{file_format}"
    call = ita(
        demo,
        *("report", "--agency", "SAMPLE", "--year", "2567"),
        *("--format", file_format, "--out", str(place)),
    )
    assert call.code == 0
    assert place.read_bytes()[:3] in (b"\xef\xbb\xbf", b"PK\x03", b"%PD")


@pytest.mark.slow
def test_the_report_in_an_agencys_own_form(demo: Path, tmp_path: Path) -> None:
    form, crest, place = tmp_path / "form.docx", tmp_path / "crest.png", tmp_path / "report.docx"
    form.write_bytes(starter_template())
    crest.write_bytes(picture("PNG"))
    looks = ("--template", str(form), "--crest", str(crest))
    call = ita(demo, *SAMPLE_REPORT, "--format", "docx", "--out", str(place), *looks)
    assert call.code == 0
    assert docx_rows(place.read_bytes())[0] == list(COLUMNS)
    form.write_bytes(b"no form")
    call = ita(demo, *SAMPLE_REPORT, "--format", "docx", "--out", str(place), *looks)
    assert call.code == 1
    assert "ไม่ใช่เอกสาร Word" in call.err
    crest.write_bytes(b"no picture")
    pdf = ("--format", "pdf", "--out", str(place), "--crest", str(crest))
    call = ita(demo, *SAMPLE_REPORT, *pdf)
    assert call.code == 1
    assert "เป็นตราหน่วยงานไม่ได้" in call.err


def test_a_report_of_nothing_is_refused(demo: Path, tmp_path: Path) -> None:
    place = tmp_path / "report.html"
    call = ita(
        demo,
        *("report", "--agency", "YALA", "--year", "2567"),
        *("--format", "html", "--out", str(place)),
    )
    assert call.code == 1
    assert "ยังไม่มีมาตรการ" in call.err
    assert not place.exists()


@pytest.mark.slow
def test_export_writes_what_import_reads(demo: Path, database: Path, tmp_path: Path) -> None:
    formats = ("csv", "xlsx", "parquet", "json", "csv", "xlsx")
    for table, file_format in zip(Dataset, formats, strict=True):
        place = str(tmp_path / f"{table}.{file_format}")
        assert ita(demo, "export", table, "--format", file_format, "--out", place).code == 0
        call = ita(database, "import", table, place, "--json")
        assert call.code == 0, call.document["problems"]
        assert call.document["counts"]["new"] > 0


def test_export_filters_by_columns(demo: Path, tmp_path: Path) -> None:
    place = tmp_path / "x.csv"
    call = ita(
        demo,
        *("export", "scores", "--format", "csv", "--out", str(place)),
        *("--where", "agency=IPST", "ปีงบประมาณ=2564"),
    )
    assert call.code == 0
    text = place.read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [(row["ปีงบประมาณ"], row["คะแนนรวม"], row["ระดับ"]) for row in rows] == [
        ("2564", "95.62", "AA")
    ]


@pytest.mark.parametrize("year", ["๒๕๖๔", "64", "2021"])
def test_a_filter_is_read_as_a_cell_of_a_file(demo: Path, tmp_path: Path, year: str) -> None:
    place = tmp_path / "x.json"
    words = ("export", "scores", "--format", "json", "--out", str(place), "--where")
    assert ita(demo, *words, "agency=IPST", f"fiscal_year={year}").code == 0
    assert [row["total"] for row in json.loads(place.read_text(encoding="utf-8"))] == [95.62]


@pytest.mark.parametrize("name", ["IPST", "ipst", " IPST "])
def test_a_filter_finds_an_agency_as_a_file_does(demo: Path, tmp_path: Path, name: str) -> None:
    place = tmp_path / "x.json"
    words = ("export", "scores", "--format", "json", "--out", str(place), "--where")
    assert ita(demo, *words, f"agency={name}").code == 0
    rows = json.loads(place.read_text(encoding="utf-8"))
    assert {row["agency"] for row in rows} == {"IPST"}
    full = ita(demo, "export", "agencies", "--format", "json", "--out", str(place))
    assert full.code == 0
    names = {r["agency_id"]: r["name_th"] for r in json.loads(place.read_text(encoding="utf-8"))}
    assert ita(demo, *words, f"agency={names['IPST']}").code == 0
    assert {row["agency"] for row in json.loads(place.read_text(encoding="utf-8"))} == {"IPST"}


def test_a_filter_by_an_unknown_agency_writes_nothing(demo: Path, tmp_path: Path) -> None:
    place = tmp_path / "x.csv"
    words = ("export", "scores", "--format", "csv", "--out", str(place), "--where")
    call = ita(demo, *words, "agency=NOPE")
    assert call.code == 2
    assert "“NOPE” ไม่มีในระบบ" in call.err
    assert not place.exists()


def test_a_name_that_several_agencies_have_is_said_to_be_so(tmp_path: Path) -> None:
    database, place = tmp_path / "ita.duckdb", tmp_path / "agencies.csv"
    place.write_text("agency_id,name_th\nA,ก\nB,ก\n", encoding="utf-8")
    assert ita(database, "import", "agencies", str(place)).code == 0
    call = ita(database, "trend", "--agency", "ก")
    assert call.code == 2
    assert "เป็นชื่อของหลายหน่วยงาน" in call.err


def test_a_filter_by_type_takes_the_alias(demo: Path, tmp_path: Path) -> None:
    place = tmp_path / "x.json"
    words = ("export", "narrative", "--format", "json", "--out", str(place), "--where")
    assert ita(demo, *words, "type=outcome").code == 0
    assert len(json.loads(place.read_text(encoding="utf-8"))) == 3


def test_no_report_at_all_is_not_called_complete(demo: Path) -> None:
    words = ("gaps", "--agency", "YALA", "--year", "2567")
    told = ita(demo, *words)
    assert told.code == 0
    assert "ยังไม่มีมาตรการหรือรายงานผล" in told.out
    assert "ครบถ้วน" not in told.out
    document = ita(demo, *words, "--json")
    assert document.document == []
    assert "ยังไม่มีมาตรการหรือรายงานผล" in document.err


@pytest.mark.slow
def test_an_outcome_without_measures_lacks_its_period(tmp_path: Path) -> None:
    database = tmp_path / "ita.duckdb"
    for kind, text in (
        ("agencies", "agency_id,name_th\nA,ก\n"),
        ("narrative", "fiscal_year,instrument,type,seq,text\n2567,OIT,outcome,,x\n"),
    ):
        place = tmp_path / f"{kind}.csv"
        place.write_text(text, encoding="utf-8")
        assert ita(database, "import", kind, str(place)).code == 0
    gaps = ita(database, "gaps", "--year", "2567", "--json").document
    assert [(gap["instrument"], gap["gap"]) for gap in gaps] == [("OIT", "no_period")]


ANNOUNCED = "สสวท. ได้คะแนน ITA ปี 2567 เท่ากับ 91.15 คะแนน เพิ่มขึ้นจากปีก่อน 9.99 คะแนน\nเป็นอันดับ 3 ของกระทรวง และคะแนนใกล้เคียงหน่วยงานข้างเคียง"


def test_claims_of_any_text_have_their_place_in_it(demo: Path, tmp_path: Path) -> None:
    file = tmp_path / "announcement.txt"
    file.write_bytes(("\ufeff" + ANNOUNCED.replace("\n", "\r\n")).encode())
    call = ita(demo, "claims", "--agency", "IPST", "--year", "2567", "--text", str(file), "--json")
    assert call.code == 0
    found = {(c["claim"], c["verdict"], c["text"]) for c in call.document}
    assert found == {
        ("score", "supported", "เท่ากับ 91.15 คะแนน"),
        ("rising", "supported", "เพิ่มขึ้นจากปีก่อน 9.99 คะแนน"),
        ("changed_by", "contradicted", "เพิ่มขึ้นจากปีก่อน 9.99 คะแนน"),
        ("rank", "not_enough_data", "เป็นอันดับ 3"),
        ("unclear", "not_enough_data", "ใกล้เคียง"),
    }
    for claim in call.document:
        assert ANNOUNCED[claim["start"] : claim["end"]] == claim["text"]
    score = next(c for c in call.document if c["claim"] == "score")
    assert (score["part"], score["year"], score["amount"]) == ("total", 2567, 91.15)
    assert score["evidence"] == [{"fiscal_year": 2567, "score": 91.15, "change": 4.37}]


def test_claims_of_a_text_are_told_to_a_person(demo: Path, tmp_path: Path) -> None:
    file = tmp_path / "announcement.txt"
    file.write_text(ANNOUNCED, encoding="cp874")
    told = ita(demo, "claims", "--agency", "IPST", "--year", "2567", "--text", str(file)).out
    assert "ตรงกับคะแนนที่มี (2567: 91.15)" in told
    assert "ไม่ใช่ +9.99" in told
    assert "ระบบอ่านข้อความนี้ไม่แน่ใจ" in told
    file.write_text("ประชาชนได้รับบริการที่ดีขึ้น", encoding="utf-8")
    call = ita(demo, "claims", "--agency", "IPST", "--year", "2567", "--text", str(file))
    assert (call.code, call.out.strip()) == (0, "ไม่พบข้อความที่อ้างถึงคะแนน")


def test_text_that_cannot_be_checked_is_refused(demo: Path, tmp_path: Path) -> None:
    of_ipst = ("claims", "--agency", "IPST", "--year", "2567", "--json", "--text")
    assert ita(demo, *of_ipst, str(tmp_path / "nowhere.txt")).code == 2
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(99))
    assert ita(demo, *of_ipst, str(picture)).code == 1
    long = tmp_path / "long.txt"
    long.write_bytes(b"1" * 1_000_001)
    assert ita(demo, *of_ipst, str(long)).code == 1


@pytest.mark.parametrize(("figure", "verdict"), [("50.56", "supported"), ("80.00", "contradicted")])
def test_words_on_all_measures_are_judged_by_their_quarters(
    figure: str, verdict: str, demo: Path, tmp_path: Path
) -> None:
    file = tmp_path / "progress.txt"
    file.write_text(f"ผลการดำเนินการตามมาตรการ ไตรมาส 2 คิดเป็นร้อยละ {figure}\n", encoding="utf-8")
    call = ita(
        demo, "claims", "--agency", "SAMPLE", "--year", "2567", "--text", str(file), "--json"
    )
    (claim,) = call.document
    found = (claim["claim"], claim["amount"], claim["verdict"])
    assert found == ("completion", float(figure), verdict)
    assert "50.56" in claim["message"]


def test_a_rank_among_agencies_that_are_not_all_stored_stays_open(
    demo: Path, tmp_path: Path
) -> None:
    file = tmp_path / "rank.txt"
    file.write_text("คะแนน ITA เป็นอันดับที่ 2 จาก 9 แห่ง ในจังหวัด", encoding="utf-8")
    call = ita(demo, "claims", "--agency", "IPST", "--year", "2567", "--text", str(file), "--json")
    (rank,) = call.document
    assert (rank["claim"], rank["verdict"]) == ("rank", "not_enough_data")


def test_what_a_text_says_of_another_agency_is_named_as_such(demo: Path, tmp_path: Path) -> None:
    text = "โรงเรียนคู่เทียบได้คะแนน ITA 78.20 คะแนน\nสสวท. ได้คะแนน ITA ปี 2567 เท่ากับ 90.15 คะแนน"
    file = tmp_path / "peers.txt"
    file.write_text(text, encoding="utf-8")
    of_text = ("claims", "--agency", "IPST", "--year", "2567", "--text", str(file))
    ours, other = sorted(ita(demo, *of_text, "--json").document, key=lambda c: c["claim"])
    assert (ours["verdict"], ours["amount"]) == ("contradicted", 90.15)
    assert (other["claim"], other["other_agency"], other["text"]) == (
        "unclear",
        True,
        "78.20 คะแนน",
    )
    assert "กล่าวถึงหน่วยงานอื่น" in ita(demo, *of_text).out
