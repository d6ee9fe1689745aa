"""Reading by column gives what reading row by row gives, or declines."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ita.config import Settings
from ita.imports.cells import cell_text, is_missing
from ita.imports.columns import unsettled_rows
from ita.imports.header_names import Recogniser
from ita.imports.problems import ProblemKind
from ita.imports.readers import sheets
from ita.imports.readers.delimited import rows_by_column
from ita.imports.readers.limits import Unreadable
from ita.imports.readers.sheets import LARGE, read_sheet
from ita.store import Store
from tests.imports.bringing import AGENCIES, MEASURES, PROGRESS, found, take, taken
from tests.tiers import examples

LIMITS = Settings().limits
PIECES = st.sampled_from(
    [
        "ก",
        "แ",
        "เเ",
        "ํา",
        "a",
        "7",
        "'",
        " ",
        "\t",
        "\r",
        "\n",
        "\r\n",
        '"',
        '""',
        ",",
        ";",
        "\ufeff",
        "\u200b",
        "\xa0",
        "\u2028",
        "\x0b",
        "\x0c",
        "\x1c",
        "\x85",
        "😀",
        "–",
        "-",
        "ไม่มี",
    ]
)
TEXTS = st.lists(PIECES, max_size=6).map("".join)


def by_rows(text: str, separator: str) -> list[list[str]] | None:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        return None


def agrees(text: str, separator: str) -> bool:
    """That reading by column agrees with `csv.reader` where it gives anything; whether it did."""
    expected = by_rows(text, separator)
    width = len(expected[0]) if expected else 3
    found = rows_by_column(text.encode("utf-8-sig"), separator, width, LIMITS)
    others = [rows_by_column(text.encode(), separator, width, LIMITS)]
    if not text.startswith("\ufeff"):
        others += [
            rows_by_column(text.encode(encoding), separator, width, LIMITS, encoding)
            for encoding in ("utf-16-le", "utf-16-be")
        ]
    in_windows_874 = text.encode("cp874", "ignore")
    if in_windows_874.decode("cp874") == text:
        others.append(rows_by_column(in_windows_874, separator, width, LIMITS, "cp874"))
    for rows in (found, *others):
        if rows is not None:
            assert expected is not None
            # An empty line is a row of blanks here and of no cells there; both count as empty.
            assert list(rows) == [row or [""] * width for row in expected]
            assert [rows[i] for i in range(len(rows))] == list(rows)
    return found is not None


@settings(max_examples=examples(1_500), deadline=None)
@given(TEXTS.map(lambda text: "a,b\n" + text), st.sampled_from(",;\t|"))
def test_any_text_is_read_alike_or_declined(text: str, separator: str) -> None:
    agrees(text.replace("a,b", f"a{separator}b"), separator)


@settings(max_examples=examples(800), deadline=None)
@given(
    st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=6),
    st.sampled_from(["\r\n", "\n", "\r"]),
    st.booleans(),
)
def test_written_tables_are_read_by_column(
    rows: list[tuple[str, str, str]], end: str, cut: bool
) -> None:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([("ก", "ข", "ค"), *rows])
    text = stream.getvalue()
    assert agrees(text.removesuffix(end) if cut else text, ",")


@pytest.mark.parametrize(
    "text",
    [
        'a,b\n"x"y,1\n',
        'a,b\nx"y,1\n',
        'a,b\n"x,1\n',
        "a,b\n1\n",
        "a,b\n1,2,3\n",
        "a,b\n1,\x00\n",
        "\ufeffa,b\n1,2\n",
        "a\n1\n",
    ],
)
def test_what_needs_care_is_left_to_the_careful_reader(text: str) -> None:
    width = text.partition("\n")[0].count(",") + 1
    assert rows_by_column(text.encode("utf-8-sig"), ",", width, LIMITS) is None


def test_bytes_that_are_no_utf_8_are_declined() -> None:
    assert rows_by_column(b"a,b\n1,\xa1\n", ",", 2, LIMITS) is None


def test_rows_beyond_the_limit_end_the_reading_where_they_say_anything() -> None:
    limits = replace(LIMITS, rows=1_000)
    many = "a,b\n" + "1,2\n" * 700_000
    with pytest.raises(Unreadable) as fault:
        rows_by_column(many.encode(), ",", 2, limits)
    assert fault.value.problem.kind is ProblemKind.FILE_TOO_LARGE
    assert fault.value.problem.expected == {"limit": "1,000", "unit": "rows"}
    assert rows_by_column(('"' + many).encode(), ",", 2, limits) is None  # has a problem of its own
    blanks = "a,b\n" + ",\n" * 700_000 + "1,2\n"
    found = rows_by_column(blanks.encode(), ",", 2, limits)
    assert found is not None and len(found) == 700_002


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp874"])
@pytest.mark.parametrize("name", ["a.csv", "a.json"])
def test_what_stands_behind_the_mark_of_an_end_is_not_read(encoding: str, name: str) -> None:
    rows = 24_000 if name == "a.csv" else 8_000  # LARGE in every encoding
    table = "ปี,หน่วยงาน\r\n" + "2567,หนึ่ง\r\n" * rows
    records = "[" + ",".join(['{"ปี": 2567, "หน่วยงาน": "หนึ่ง"}'] * rows) + "]"
    text = table if name == "a.csv" else records
    assert len(text.encode(encoding)) > LARGE
    whole = read_sheet(text.encode(encoding), name, score, LIMITS)
    ended = read_sheet(f"{text}\x1a\r\n\x1a".encode(encoding), name, score, LIMITS)
    assert len(whole.rows) == rows
    assert list(ended.rows) == list(whole.rows)
    assert (ended.lines, ended.encoding) == (whole.lines, whole.encoding)


HEADER = "ปี,หน่วยงาน,หมายเหตุ\r\n"


@settings(max_examples=examples(300), deadline=None)
@given(
    st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=5),
    st.sampled_from(["utf-8-sig", "utf-8", "utf-16"]),
    st.sampled_from(["", "ชื่อแบบฟอร์ม,,\r\n", "ชื่อแบบฟอร์ม\r\n"]),
)
def test_sheets_are_the_same_by_either_way(
    rows: list[tuple[str, str, str]], encoding: str, title: str
) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    content = (title + HEADER + stream.getvalue()).encode(encoding)

    def sheet(large: int) -> object:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sheets, "LARGE", large)
            try:
                found = read_sheet(content, "x.csv", score, LIMITS)
            except Unreadable as fault:
                return fault.problem
        kept = [list(row) for row in found.rows]
        return found.header, found.header_line, kept, found.lines, found.encoding

    assert sheet(0) == sheet(10**9)


score = Recogniser({name: name for name in ("ปี", "หน่วยงาน", "หมายเหตุ")})


@settings(max_examples=examples(1_000), deadline=None)
@given(
    st.lists(TEXTS | TEXTS.map(lambda text: text + "ข้อความยาวพอสมควร" * 5), min_size=1, max_size=8)
)
def test_texts_that_count_as_settled_stay_as_they_are(texts: list[str]) -> None:
    doubtful = set(unsettled_rows(pa.chunked_array([pa.array(texts)]), 300))
    for row, text in enumerate(texts):
        if row not in doubtful:
            assert cell_text(text) == text
            assert not is_missing(text)
            assert len(text) <= 300


def progress(*rows: str) -> str:
    return PROGRESS + "".join(f"2567,{row}\n" for row in rows)


def test_of_a_repeated_row_the_first_percent_counts(store: Store) -> None:
    taken(store, "agencies", AGENCIES)
    taken(store, "measures", MEASURES + "2567,A,IIT,1,ก\n")
    outcome = take(store, "progress", progress("1,A,IIT,1,50", "1,A,IIT,1,10", "2,A,IIT,1,40"))
    assert found(outcome) == [
        ("duplicate-key", 3, None),
        ("progress-fell", 4, "ร้อยละความสำเร็จ"),
    ]
    outcome = take(store, "progress", progress("1,A,IIT,1,10", "1,A,IIT,1,50", "2,A,IIT,1,40"))
    assert found(outcome) == [("duplicate-key", 3, None)]


def test_changes_are_the_same_one_by_one_in_parts_and_all_at_once(store: Store) -> None:
    taken(store, "agencies", AGENCIES)
    scores = "ปีงบประมาณ,หน่วยงาน,คะแนนรวม,IIT,EIT,OIT,ระดับ,แหล่งที่มา\n"
    taken(store, "scores", scores + "2567,A,85,85,85,85,,x\n", scale="percent")
    content = scores + "2567,B,90,90,90,90,,y\n2567,A,80,80,85,,,z\n"
    listed = take(store, "scores", content, scale="percent", dry_run=True).differences
    whole = list(listed)
    assert [(c.key["agency"], c.field, c.old, c.new) for c in whole] == [
        ("A", "source", "x", "z"),
        ("B", "source", None, "y"),
        ("A", "iit", 85.0, 80.0),
        ("A", "oit", 85.0, None),
        ("A", "total", 85.0, 80.0),
        ("B", "eit", None, 90.0),
        ("B", "iit", None, 90.0),
        ("B", "oit", None, 90.0),
        ("B", "total", None, 90.0),
    ]
    assert len(listed) == len(whole)
    assert [listed[place] for place in range(len(listed))] == whole
    assert list(listed[2:-1]) == whole[2:-1]
    assert listed[-1] == whole[-1]
    with pytest.raises(IndexError):
        listed[len(whole)]
