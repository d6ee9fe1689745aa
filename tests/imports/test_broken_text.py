"""Text that lost its letters never comes in unseen, in any form of file; ordinary text always does."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.imports.columns import unsettled_rows
from ita.imports.readers.broken_text import damage, damage_in_list
from ita.store import Store
from tests.imports.bringing import delimited, found, rows, take, taken, two_agencies

SENTENCE = "ปรับปรุงช่องทางรับเรื่องร้องเรียนของภาคประชาชน"


def decoded_as(text: str, encoding: str) -> str:
    """UTF-8 that a program took for an 8-bit encoding; bytes without a letter stay themselves."""
    letters = []
    for byte in text.encode():
        try:
            letters.append(bytes([byte]).decode(encoding))
        except UnicodeDecodeError:
            letters.append(chr(byte))
    return "".join(letters)


def lost(text: str) -> str:
    return text.encode("cp1252", "replace").decode("cp1252")


BROKEN = {
    lost(SENTENCE): "question-marks",
    lost("งาน ITA ปี 2568"): "question-marks",
    lost("อบต. 12/2567"): "question-marks",
    lost("EIT ของหน่วยงาน"): "question-marks",
    "http://x.go.th/?????????.pdf": "question-marks",
    "กองคล\ufffdง": "replaced-letters",
    decoded_as(SENTENCE, "cp874"): "wrong-encoding",
    decoded_as(SENTENCE, "cp1252"): "wrong-encoding",
    decoded_as(decoded_as(SENTENCE, "cp1252"), "cp1252"): "wrong-encoding",
    decoded_as(decoded_as(SENTENCE, "cp874"), "cp874"): "wrong-encoding",
    SENTENCE.encode("cp874").decode("latin-1"): "wrong-encoding",
    "".join(letter for letter in decoded_as("กองคลัง", "cp874") if letter >= "\xa0"): "letters-lost",
    "&#3585;&#3629;&#3591;": "escaped-letters",
    r"\u0e01\u0e2d\u0e07": "escaped-letters",
    "#REF!": "spreadsheet-error",
    "#N/A": "spreadsheet-error",
    "#NAME?": "spreadsheet-error",
    "#VALUE!": "spreadsheet-error",
    "#DIV/0!": "spreadsheet-error",
    "#SPILL!": "spreadsheet-error",
    "Err:502": "spreadsheet-error",
    "ประชุมแล้ว #REF! ครั้ง": "spreadsheet-error",
    "########": "narrow-column",
    "True": "program-value",
    "False": "program-value",
    "\\N": "program-null",
    "NaN": "program-null",
    "NaT": "program-null",
    "<NA>": "program-null",
    "undefined": "program-null",
    "['กองคลัง', 'กองช่าง']": "list",
    '["กองคลัง"]': "list",
    "('ก', 'ข')": "list",
    "{'ชื่อ': 'กองคลัง'}": "nested",
    "Timestamp('2024-06-24 00:00:00')": "program-value",
    "datetime.date(2024, 6, 24)": "program-value",
    "[object Object]": "program-value",
    str("กอง".encode()): "program-bytes",
    "ก\x93ข": "control-characters",
    "ก\x07ข": "control-characters",
}


@pytest.mark.parametrize("text", BROKEN)
def test_each_kind_of_damage_is_recognised(text: str) -> None:
    seen = damage(text)
    assert seen is not None
    assert seen.why == BROKEN[text]


REPAIRED = {
    decoded_as(SENTENCE, "cp874"): SENTENCE,
    decoded_as("สำนักปลัด ITA 2568", "cp1252"): "สำนักปลัด ITA 2568",
    # A hard space is the last byte of ภ; some program has made a blank of it.
    decoded_as("ภาพถ่าย", "cp1252").replace("\xa0", " "): "ภาพถ่าย",
    decoded_as(SENTENCE, "cp874")[:-1]: SENTENCE[:-1],
    "งานวิชาการ".encode("cp874").decode("cp1252"): "งานวิชาการ",
    "&#3585;&#3629;&#3591;คลัง": "กองคลัง",
    "['กองคลัง', 'กองช่าง']": "กองคลัง, กองช่าง",
    str("กองช่าง".encode()): "กองช่าง",
}


@pytest.mark.parametrize("text", REPAIRED)
def test_what_a_text_was_is_offered(text: str) -> None:
    seen = damage(text)
    assert seen is not None
    assert seen.repaired == REPAIRED[text]


WHOLE = (
    "ทำไม?", "ทำไม???", "จริงหรือ ???", "ใช่หรือไม่ ????", "Why???", "OK??", "?", "(?)", "5 แห่ง (??)",
    "http://x.go.th/a??b=1", "https://x.go.th/?id=5&q=?", "#ITA", "#NoGiftPolicy #โปร่งใส", "#1", "##",
    "Nan", "NAN", "Nano", "NaNa", "\\\\server\\แผน", "\\new", "[1]", "[ร่าง] แผน", "(ก)", '("โปร่งใส")', "{x}",
    "'ก' และ 'ข'", "date (วันที่)", "Counter Service", "list (1)", "Café à la carte", "São Paulo", "naïve",
    "ÄÖÜ", "½ ¼ ¾", "±5 °C", "«ITA»", "§ 5", "£500 €20", "5 × 3 ÷ 2", "เธอ", "เน้นย้ำ", "เนปาล", "เธค", "เขาเน…",
    "=1+1", '=HYPERLINK("http://example.com","หลักฐาน")', "=กองคลัง", "= เท่าเดิม", "True Corporation", "=>", "เท่าเดิม =B2",
    "¯\\_(ツ)_/¯", "(╯°□°)╯", "o_O??", "👍🏽", "กำ กํา แแ", "<b>ก</b>", "a[0]", "ปี ๒๕๖๗ ?", "N/A", "&#35; &amp;",
    "ค่า #N/A ในตารางเดิมแก้แล้ว", "undefined behaviour", "b'", "C:\\Users", "ชื่อ: Null Company",
)  # fmt: skip


@pytest.mark.parametrize("text", WHOLE)
def test_ordinary_text_is_whole(text: str) -> None:
    assert damage(text) is None
    assert damage_in_list(text) is None


WORDS = (
    *[
        "กองคลัง",
        "สำนักปลัด",
        "เธอ",
        "เนติบัณฑิต",
        "อินเทอร์เน็ต",
        "เธียร",
        "แผน",
        "ก.ย.",
        "น้ำ",
        "เผยแพร่",
        "ประชาชน?",
        "จริงหรือ??",
        "๒๕๖๗",
        "85.5",
        "%",
    ],
    *[
        "ITA",
        "No-Gift",
        "OIT",
        "Why?",
        "What?!",
        "#ITA",
        "#โปร่งใส",
        "https://x.go.th/?a=1&b=2",
        "(O24)",
        "'ก'",
        '"ข"',
        "a/b",
        "ก-ข",
        "☑",
        "–",
        "“ดี”",
        "…",
        "•",
    ],
    *[
        "Nan",
        "NAN",
        "NA",
        "N/A",
        "null",
        "café",
        "Müller",
        "[1]",
        "{x}",
        "(ก)",
        "C:\\แผน",
        "x=5",
        "<5",
        "&amp;",
        "=",
        "@ita",
        "ไม่ใช่???",
        "e-Service",
        ":-)",
        "^_^",
    ],
)


@given(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=12),
    st.sampled_from(["", " ", "\n", ", "]),
)
def test_no_sentence_of_ordinary_words_is_told(words: list[str], between: str) -> None:
    assert damage(between.join(words)) is None


@given(st.text(st.characters(min_codepoint=0x0E01, max_codepoint=0x0E3A), min_size=4, max_size=60))
def test_any_thai_that_was_decoded_wrongly_is_repaired(text: str) -> None:
    for encoding in ("cp874", "cp1252"):
        seen = damage(decoded_as(text, encoding))
        assert seen is not None
        assert seen.repaired == text


@given(st.text(st.characters(min_codepoint=0x0E01, max_codepoint=0x0E3A), min_size=3, max_size=60))
def test_any_thai_that_lost_its_letters_is_told(text: str) -> None:
    seen = damage(lost(text))
    assert seen is not None
    assert seen.why == "question-marks"


@pytest.mark.parametrize("text", [text for text in BROKEN if "\n" not in text])
def test_a_broken_text_is_looked_at_in_a_column_of_long_texts_as_well(text: str) -> None:
    long = text if len(text) > 64 else None
    for told in filter(None, (text, long)):
        assert unsettled_rows(pa.chunked_array([[told]]), 10_000) == [0]
    behind = f"{SENTENCE} {SENTENCE} {decoded_as(SENTENCE, 'cp874')}"
    assert unsettled_rows(pa.chunked_array([[behind]]), 10_000) == [0]


# --- in every form of file ----------------------------------------------------------------------


def _csv(header: Sequence[str], table: Sequence[Sequence[Any]]) -> bytes:
    return delimited([list(header), *map(list, table)]).encode()


def _tsv(header: Sequence[str], table: Sequence[Sequence[Any]]) -> bytes:
    return delimited([list(header), *map(list, table)], "\t").encode("utf-8-sig")


def _xlsx(header: Sequence[str], table: Sequence[Sequence[Any]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (header, *table):
        sheet.append(["".join(c for c in str(v) if c >= " ") for v in row])
        for cell in sheet[sheet.max_row]:
            cell.data_type = "s"  # a text cell, also where the text is that of an error
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _json(header: Sequence[str], table: Sequence[Sequence[Any]]) -> bytes:
    return json.dumps([dict(zip(header, row, strict=True)) for row in table]).encode()


def _parquet(header: Sequence[str], table: Sequence[Sequence[Any]]) -> bytes:
    stream = io.BytesIO()
    columns = zip(*table, strict=True)
    pq.write_table(pa.table(dict(zip(header, map(list, columns), strict=True))), stream)
    return stream.getvalue()


FORMS: Mapping[str, Callable[[Sequence[str], Sequence[Sequence[Any]]], bytes]] = {
    "csv": _csv, "tsv": _tsv, "xlsx": _xlsx, "json": _json, "parquet": _parquet,
}  # fmt: skip
MEASURES = ("fiscal_year", "agency", "instrument", "seq", "measure", "divisions", "target", "cause")
TEXT_COLUMNS = MEASURES[4:]


def _measures(column: str, *texts: Any) -> list[list[str]]:
    table = []
    for number, text in enumerate(texts, start=1):
        row = ["2568", "A", "IIT", str(number), "แผน", "กองคลัง", "ร้อยละ 80", "ข้อ 1"]
        row[MEASURES.index(column)] = text
        table.append(row)
    return table


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("column", TEXT_COLUMNS)
def test_broken_text_is_told_in_every_text_column_of_every_form(
    store: Store, form: str, column: str
) -> None:
    if form == "xlsx":  # XML holds no such marks
        texts = [text for text in BROKEN if all(letter >= " " for letter in text)]
    else:
        texts = list(BROKEN)
    # Of divisions a list in JSON is what it is: several of them.
    texts = [text for text in texts if not (column == "divisions" and text.startswith('["'))]
    content = FORMS[form](MEASURES, [*_measures(column, *texts, "ทำไม?")])
    outcome = take(two_agencies(store), "measures", content, name=f"x.{form}")
    broken = [p for p in outcome.problems if p.kind == "broken-text"]
    assert [p.line for p in broken] == list(range(2, len(texts) + 2))
    assert {p.column for p in broken} == {column}
    assert [p.expected["why"] for p in broken] == [BROKEN[text] for text in texts]
    assert outcome.problems == tuple(broken)
    assert all("{" not in p.message() for p in broken if "{" not in (p.value or ""))


OTHERS = {
    "agencies": (("agency_id", "name_th", "name_en", "province"), ["C", "เทศบาล ค", "C", "น่าน"]),
    "narrative": (("fiscal_year", "agency", "instrument", "type", "text"), ["2568", "A", "IIT", "outcome", "ดี"]),
    "annotations": (("date", "agency", "event", "source"), ["24/6/2567", "A", "อบรม", "หนังสือ"]),
    "scores": (("fiscal_year", "agency", "total", "level", "source"), ["2568", "A", "88", "ผ่าน", "ประกาศ"]),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", OTHERS)
def test_it_is_told_in_the_files_of_every_kind(store: Store, form: str, kind: str) -> None:
    header, row = OTHERS[kind]
    for place, name in enumerate(header):
        if name in ("fiscal_year", "instrument", "type", "date", "total"):
            continue
        wrong = [*row[:place], lost("ข้อความ"), *row[place + 1 :]]
        outcome = take(two_agencies(store), kind, FORMS[form](header, [wrong]), name=f"x.{form}")
        assert found(outcome) == [("broken-text", 2, name)], name


@pytest.mark.parametrize("form", FORMS)
def test_a_broken_header_says_so(store: Store, form: str) -> None:
    for written in (lost("ผู้รับผิดชอบ"), decoded_as("ผู้รับผิดชอบ", "cp874"), "#REF!"):
        header = [*MEASURES[:5], written]
        content = FORMS[form](header, [row[:6] for row in _measures("measure", "แผน")])
        outcome = take(two_agencies(store), "measures", content, name=f"x.{form}")
        (problem,) = outcome.problems
        assert (problem.kind, problem.line, problem.value) == ("broken-text", 1, problem.column)


def test_a_column_that_lost_all_its_letters_says_how_to_save(store: Store) -> None:
    content = _csv(MEASURES, _measures("measure", lost("ทำคู่มือ"), lost("จัดอบรม")))
    told = take(two_agencies(store), "measures", content).problems
    assert all("CSV UTF-8" in p.message() and ".xlsx" in p.message() for p in told)


def test_the_text_that_was_meant_is_offered_and_not_put_in(store: Store) -> None:
    content = _csv(MEASURES, _measures("measure", decoded_as("จัดทำคู่มือ", "cp1252")))
    outcome = take(two_agencies(store), "measures", content)
    assert "“จัดทำคู่มือ”" in outcome.problems[0].message()
    assert not rows(store, "measure")


@pytest.mark.parametrize(
    "written", ["#N/A", "กองคลัง, #REF!", "NaN;กองช่าง", "กองคลัง\n#VALUE!", "a, ####"]
)
def test_an_error_among_divisions_is_no_division(store: Store, written: str) -> None:
    content = _csv(MEASURES, _measures("divisions", written))
    assert found(take(two_agencies(store), "measures", content)) == [
        ("broken-text", 2, "divisions")
    ]


# --- lists, records, bytes, nulls -----------------------------------------------------------------

LISTS = ("fiscal_year", "agency", "instrument", "seq", "measure", "divisions", "indicator")


@pytest.mark.parametrize("form", ["json", "parquet"])
def test_a_list_is_several_values_where_a_column_takes_several(store: Store, form: str) -> None:
    table = [[2568, "A", "IIT", 1, "แผน", ["กองคลัง", "กองช่าง", "กองคลัง"], [3, 1]]]
    taken(two_agencies(store), "measures", FORMS[form](LISTS, table), name=f"x.{form}")
    assert rows(store, "measure", "divisions, indicator") == [("กองคลัง\nกองช่าง", "1,3")]
    narrative = ("fiscal_year", "agency", "instrument", "type", "seq", "text", "measures")
    content = FORMS[form](narrative, [[2568, "A", "IIT", "result", 1, "ดีขึ้น", [1]]])
    taken(store, "narrative", content, name=f"x.{form}")
    assert rows(store, "narrative", "measures") == [("1",)]


@pytest.mark.parametrize("form", ["json", "parquet"])
def test_an_empty_list_is_missing(store: Store, form: str) -> None:
    content = FORMS[form](
        LISTS, [[2568, "A", "IIT", 1, "แผน", [], []], [2568, "A", "IIT", 2, "แผน", ["กอง"], [1]]]
    )
    taken(two_agencies(store), "measures", content, name=f"x.{form}")
    assert rows(store, "measure", "divisions, indicator") == [(None, None), ("กอง", "1")]


@pytest.mark.parametrize("form", ["json", "parquet"])
@pytest.mark.parametrize("value", [["ก", "ข"], [1, 2], {"ก": "ข"}, {"a": {"b": 1}}])
def test_where_one_value_is_wanted_several_are_told(store: Store, form: str, value: object) -> None:
    content = FORMS[form](MEASURES[:5], [[2568, "A", "IIT", 1, value]])
    outcome = take(two_agencies(store), "measures", content, name=f"x.{form}")
    assert found(outcome) == [("broken-text", 2, "measure")]
    content = FORMS[form](LISTS[:6], [[2568, "A", "IIT", 1, "แผน", {"ก": "ข"}]])
    outcome = take(store, "measures", content, name=f"x.{form}")
    assert found(outcome) == [("broken-text", 2, "divisions")]


def test_bytes_of_parquet_are_text_or_told(store: Store) -> None:
    table = [
        [2568, "A", "IIT", 1, "ทำคู่มือ".encode()],
        [2568, "A", "IIT", 2, "ทำคู่มือ".encode("cp874")],
    ]
    outcome = take(two_agencies(store), "measures", _parquet(MEASURES[:5], table), name="x.parquet")
    assert found(outcome) == [("broken-text", 3, "measure")]
    taken(store, "measures", _parquet(MEASURES[:5], table[:1]), name="x.parquet")
    assert rows(store, "measure", "measure") == [("ทำคู่มือ",)]


def test_nulls_of_a_form_are_missing(store: Store) -> None:
    header = ("fiscal_year", "agency", "total", "level", "source")
    table = [[2568, "A", 88.5, None, float("nan")], [2567, "A", float("nan"), "ผ่าน", None]]
    for form in ("json", "parquet"):
        if form == "parquet":
            table = [[2568, "A", 88.5, None, None], [2567, "A", float("nan"), "ผ่าน", None]]
        outcome = take(two_agencies(store), "scores", FORMS[form](header, table), name=f"x.{form}")
        assert found(outcome) == [("required-value", 3, None)]  # no figure at all, and no NaN


@pytest.mark.parametrize("form", ["csv", "xlsx", "json", "parquet"])
def test_na_may_be_an_id_and_nan_a_name(store: Store, form: str) -> None:
    header = ("agency_id", "name_th", "name_en", "province")
    table = [["NA", "อบจ. น่าน", "Nan", "น่าน"], ["NAN", "เทศบาล น", "NAN", "Nan"]]
    taken(store, "agencies", FORMS[form](header, table), name=f"x.{form}")
    scores = FORMS[form](
        ("fiscal_year", "agency", "total"), [["2568", "NA", "88.5"], ["2568", "NAN", "90"]]
    )
    taken(store, "scores", scores, name=f"x.{form}")
    assert [row[:3] for row in rows(store, "agency", "agency_id, name_th, name_en")] == [
        ("NA", "อบจ. น่าน", "Nan"), ("NAN", "เทศบาล น", "NAN"),
    ]  # fmt: skip
    assert [row[0] for row in rows(store, "score", "agency_id")] == ["NA", "NAN"]


@pytest.mark.parametrize("written", ['="0041"', '"=""0041"""', '\'="0041"'])
def test_a_text_that_was_kept_from_becoming_a_number_is_that_text(
    store: Store, written: str
) -> None:
    taken(store, "agencies", f"agency_id,name_th\n{written},เทศบาล ก\n")
    assert rows(store, "agency", "agency_id") == [("0041",)]


def test_line_breaks_of_word_are_line_breaks(store: Store) -> None:
    content = _csv(MEASURES, _measures("measure", "หนึ่ง\x0bสอง\u2028สาม"))
    taken(two_agencies(store), "measures", content)
    assert rows(store, "measure", "measure") == [("หนึ่ง\nสอง\nสาม",)]
