"""When the rules can't tell how a file is read, its readings stand side by side; one is picked."""

from __future__ import annotations

import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.config import PROJECT, Limits, Settings
from ita.imports.candidates import (
    MAX_HEADERS,
    Candidate,
    header_candidates,
    text_candidates,
)
from ita.imports.datasets import Dataset, columns_of
from ita.imports.header import recogniser
from ita.imports.readers.decoding import decode
from ita.imports.readers.limits import Unreadable
from ita.imports.readers.sheets import (
    AUTO,
    LARGE,
    SCANNED_ROWS,
    Dialect,
    HeaderScore,
    Sheet,
    read_sheet,
)
from ita.store import Store
from tests.faulty.make import content_of
from tests.imports.bringing import (
    committed_reference,
    found,
    rows,
    take,
    taken,
    two_agencies,
    with_samples,
)
from tests.imports.test_reading import book

FAULTY = PROJECT / "tests" / "faulty"
CAFE = "fiscal_year,agency,total,source\n2567,A,90,plain\n2568,A,91,Café\n"
"""Valid as UTF-8 and as windows-874, and nothing but the source says which."""
BILINGUAL = "ปีงบประมาณ,หน่วยงาน,คะแนนรวม\nfiscal_year,agency,total\n2567,A,90\n2568,A,91\n"


def scorer(kind: str = "scores") -> HeaderScore:
    return recogniser(columns_of(Dataset(kind), committed_reference()))


def candidates(
    content: str | bytes, kind: str = "scores", name: str = "x.csv"
) -> tuple[Candidate, ...]:
    raw = content.encode() if isinstance(content, str) else content
    return text_candidates(raw, name, scorer(kind))


def headers(
    content: str | bytes, reading: Dialect = AUTO, name: str = "x.csv"
) -> tuple[Candidate, ...]:
    return header_candidates(read(content, reading, name), reading, scorer())


def read(content: str | bytes, reading: Dialect = AUTO, name: str = "x.csv") -> Sheet:
    raw = content.encode() if isinstance(content, str) else content
    return read_sheet(raw, name, scorer(), Limits(), reading)


def ways(given: tuple[Candidate, ...]) -> list[tuple[str | None, str | None, int | None]]:
    return [(c.reading.encoding, c.reading.separator, c.reading.header_line) for c in given]


# What is certain is not asked about.


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("agencies", "agencies.csv"),
        ("scores", "scores_published.csv"),
        ("scores", "scores_fictional.csv"),
        ("measures", "measures.csv"),
        ("progress", "progress_fictional.csv"),
        ("narrative", "narrative.csv"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp874"])
@pytest.mark.parametrize("separator", [",", "\t"])
def test_nobody_is_asked_about_a_sample(
    kind: str, name: str, encoding: str, separator: str
) -> None:
    text = (Settings().samples / name).read_bytes().decode("utf-8-sig")
    if separator not in text:
        text = text.replace(",", separator) if kind == "agencies" else text
    content = text.encode(encoding, "replace")
    assert candidates(content, kind) == ()
    sheet = read_sheet(content, name, scorer(kind), Limits())
    assert header_candidates(sheet, AUTO, scorer(kind)) == ()


@pytest.mark.parametrize(
    "case", json.loads((FAULTY / "expected.json").read_text()), ids=lambda case: case["file"]
)
def test_nobody_is_asked_about_a_faulty_file(case: dict[str, str]) -> None:
    content = content_of(case["file"])
    assert candidates(content, case["kind"], case["file"]) == ()
    try:
        sheet = read_sheet(content, case["file"], scorer(case["kind"]), Limits())
    except Unreadable:
        return
    assert header_candidates(sheet, AUTO, scorer(case["kind"])) == ()


@given(st.binary(max_size=300))
def test_any_bytes_have_no_reading_or_several(content: bytes) -> None:
    given_ = candidates(content)
    assert len(given_) != 1
    assert len(set(ways(given_))) == len(given_)


# Encodings.


def test_accents_without_a_thai_letter_are_asked_about() -> None:
    assert ways(candidates(CAFE)) == [("cp874", None, None), ("utf-8", None, None)]


def test_the_rows_that_are_shown_are_those_that_differ() -> None:
    plain = "".join(f"2567,A,{score},same\n" for score in range(50))
    first, second = candidates(CAFE.replace("2568", f"{plain}2568", 1))
    assert first.rows == ((53, ["2568", "A", "91", "Cafรฉ"]),)
    assert second.rows == ((53, ["2568", "A", "91", "Café"]),)
    assert first.header == ["fiscal_year", "agency", "total", "source"]


def test_the_rows_that_differ_are_found_far_down() -> None:
    plain = "2567,A,90,same\n" * (LARGE // 10)
    for candidate in candidates(CAFE.replace("2568", f"{plain}2568", 1)):
        assert [line for line, _ in candidate.rows] == [LARGE // 10 + 3]


def test_utf_8_that_windows_874_cannot_be_is_certain() -> None:
    assert candidates(CAFE.replace("é", "É")) == ()  # its second byte means nothing there


def test_a_header_that_is_known_in_one_encoding_decides() -> None:
    columns = columns_of(Dataset.SCORES, committed_reference())
    content = CAFE.replace("source", "Café").encode()
    thai = recogniser(columns, (("Cafรฉ", "source"),))
    assert text_candidates(content, "x.csv", thai) == ()
    # The rule would still say windows-874, and be wrong.
    french = recogniser(columns, (("Café", "source"),))
    assert ways(text_candidates(content, "x.csv", french)) == [
        ("cp874", None, None),
        ("utf-8", None, None),
    ]


def test_a_mark_and_json_leave_no_doubt() -> None:
    assert candidates(CAFE.encode("utf-8-sig")) == ()
    assert candidates('[{"source": "Café"}]') == ()


@pytest.mark.parametrize(("encoding", "told"), [("cp874", "Cafรฉ"), ("utf-8", "Café")])
def test_the_picked_encoding_is_read(encoding: str, told: str) -> None:
    sheet = read(CAFE, Dialect(encoding=encoding))
    assert (sheet.rows[1][3], sheet.encoding) == (told, encoding)


@pytest.mark.parametrize(
    ("written", "picked", "found_"),
    [
        ("utf-8-sig", "utf-8", "utf-8-sig"),
        ("utf-8", "utf-8", "utf-8"),
        ("utf-16", "utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16", "utf-16-le"),
        ("utf-16-be", "utf-16", "utf-16-be"),
        ("cp874", "cp874", "cp874"),
    ],
)
def test_each_encoding_can_be_picked(written: str, picked: str, found_: str) -> None:
    text = "ปีงบประมาณ,คะแนนรวม\n2567,90\n"
    assert decode(text.encode(written), picked) == (text, found_)


@pytest.mark.parametrize(
    ("content", "picked"),
    [
        ("ปี".encode("cp874"), "utf-8"),
        (b"agency\x81", "cp874"),
        (b"odd", "utf-16"),
        (b"a\x00b\x00", "utf-8"),
    ],
)
def test_what_is_not_in_the_picked_encoding_is_refused(content: bytes, picked: str) -> None:
    with pytest.raises(Unreadable) as refused:
        decode(content, picked)
    assert refused.value.problem.expected["why"] in ("not-as-picked", "not-text")


@pytest.mark.slow
def test_a_large_marked_file_obeys_the_pick_too() -> None:
    large = "ปีงบประมาณ,คะแนนรวม\n" + "2567,90\n" * LARGE
    assert read(large.encode("utf-8-sig"), Dialect(separator=";")).header == ("ปีงบประมาณ,คะแนนรวม",)
    with pytest.raises(Unreadable):
        read(large.encode("utf-8-sig"), Dialect(encoding="cp874"))


# Separators.


def test_two_separators_that_show_the_same_headers_are_asked_about() -> None:
    given_ = candidates("agency,x;fiscal_year;y\nA,1;2567;2\nA,3;2568;4\n")
    assert ways(given_) == [(None, ";", None), (None, ",", None)]
    assert [len(c.header) for c in given_] == [3, 2]
    assert given_[1].rows[0] == (2, ["A", "1;2567;2"])


def test_of_a_large_marked_file_the_head_is_enough() -> None:
    text = "ก;ข,ค\n" + "1;2,3\n" * LARGE
    given_ = candidates(text.encode("utf-8-sig"))
    assert [c.reading for c in given_] == [Dialect(separator=","), Dialect(separator=";")]
    assert candidates(("ก," * LARGE).encode("utf-8-sig")) == ()


def test_separators_are_asked_about_where_no_header_is_known() -> None:
    text = "ก;ข,ค\n1;2,3\n4;5,6\n7;8,9\n"
    assert [c.reading.separator for c in candidates(text)] == [",", ";"]


def test_a_title_full_of_commas_does_not_hide_the_table() -> None:
    text = "รายงาน ก, ข, ค, ง, จ\nก;ข\n1;2\n3;4\n"
    assert [c.reading.separator for c in candidates(text)] == [",", ";"]


def test_commas_in_texts_are_no_second_table() -> None:
    assert candidates("ก;ข;ค\nหนึ่ง;สอง, สาม;1\nสี่;ห้า;2\n") == ()
    table = ["ก;ข;ค;ง;จ", "1;ก, ข;;;", "2;ก, ข;;;", "3;ก, ข, ค;;;", "4;ก, ข, ค, ง;;;"]
    assert candidates("\n".join(table)) == ()


def test_the_picked_separator_is_read() -> None:
    text = "ก;ข,ค\n1;2,3\n4;5,6\n"
    assert read(text, Dialect(separator=";")).rows == [["1", "2,3"], ["4", "5,6"]]
    assert read(text, Dialect(separator=",")).rows == [["1;2", "3"], ["4;5", "6"]]
    assert read(text, Dialect(separator=";")).separator == ";"


# The header.


def test_a_header_in_two_languages_is_asked_about() -> None:
    thai, english = headers(BILINGUAL)
    assert (thai.header_line, english.header_line) == (1, 2)
    assert thai.rows[0] == (2, ["fiscal_year", "agency", "total"])
    assert english.rows[0] == (3, ["2567", "A", "90"])
    assert english.reading == Dialect(header_line=2)


def test_the_picked_header_is_read_and_not_asked_about_again() -> None:
    sheet = read(BILINGUAL, Dialect(header_line=2))
    assert sheet.header == ("fiscal_year", "agency", "total")
    assert sheet.lines == [3, 4]
    assert headers(BILINGUAL, Dialect(header_line=2)) == ()


def test_what_was_picked_before_stays_picked() -> None:
    picked = Dialect("utf-8", ",")
    assert [c.reading for c in headers(BILINGUAL, picked)] == [
        Dialect("utf-8", ",", 1),
        Dialect("utf-8", ",", 2),
    ]


def test_a_workbook_is_asked_about_its_header_too() -> None:
    lines = [line.split(",") for line in BILINGUAL.splitlines()]
    content = book([*lines])
    assert [c.header_line for c in headers(content)] == [1, 2]
    assert read(content, Dialect(header_line=2)).header == ("fiscal_year", "agency", "total")
    assert candidates(content) == ()


def test_a_header_that_comes_again_is_no_other_header() -> None:
    again = "ปีงบประมาณ,คะแนนรวม\n2567,90\nปีงบประมาณ, คะแนนรวม\n2568,91\n"
    assert headers(again) == ()


def test_rows_of_data_are_no_headers() -> None:
    """Many rows that name a column are data: IIT is a column of scores and a value of measures."""
    data = "".join(f"ข้อ {n},IIT\n" for n in range(MAX_HEADERS))
    assert headers(f"ชื่อ,ระดับ\n{data}") == ()
    assert len(headers("ชื่อ,ระดับ\nข้อ 1,IIT\n")) == 2


def test_a_header_far_below_is_not_looked_for() -> None:
    assert headers(BILINGUAL.replace("fiscal_year", "\n" * SCANNED_ROWS + "fiscal_year")) == ()


def test_json_says_its_header_itself() -> None:
    assert headers('[{"total": 1, "level": "total"}, {"total": "total"}]', name="x.json") == ()


def test_a_header_beyond_the_end_is_an_empty_file() -> None:
    with pytest.raises(Unreadable) as refused:
        read(BILINGUAL, Dialect(header_line=99))
    assert refused.value.problem.kind == "empty-file"


# The pick goes the same way as every import.


def test_a_pick_is_stored_as_read_and_is_an_import_of_its_own(store: Store) -> None:
    two_agencies(store)
    taken(store, "scores", CAFE)
    assert [row[-1] for row in rows(store, "annual_result", "source")] == ["plain", "Cafรฉ"]
    picked = taken(store, "scores", CAFE, reading=Dialect(encoding="utf-8"))
    assert (picked.encoding, picked.counts.changed) == ("utf-8", 1)
    assert [row[-1] for row in rows(store, "annual_result", "source")] == ["plain", "Café"]
    again = take(store, "scores", CAFE, reading=Dialect(encoding="utf-8"))
    assert found(again) == [("already-imported", None, None)]


def test_a_pick_is_checked_as_everything_else(store: Store) -> None:
    with_samples(store)
    wrong = take(store, "scores", CAFE, reading=Dialect(separator=";"))
    assert not wrong.accepted
    assert "missing-column" in {kind for kind, _, _ in found(wrong)}


@pytest.mark.parametrize(
    ("file_name", "content"),
    [
        ("a.csv", "fiscal_year,agency,total\n" + "2567,A,80\n" * 2_400_000),
        ("a.csv", "ปีงบประมาณ,หน่วยงาน,คะแนนรวม\n" + "2567,ก,80\n" * 2_600_000),
        ("a.json", '[{"total":80}' + ',{"total":80}' * 1_800_000 + "]"),
    ],
    ids=["letters", "thai", "json"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "cp874"])
def test_the_readings_of_a_large_text_are_looked_for_without_holding_it(
    file_name: str, content: str, encoding: str
) -> None:
    """As one text, what is not ASCII takes two bytes a character or more: 190 MB of 95 MB."""
    uploaded = content.encode(encoding)
    tracemalloc.start()
    try:
        text_candidates(uploaded, file_name, scorer())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < len(uploaded) / 2
