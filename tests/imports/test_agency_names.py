"""Short and long names find the one agency that they fit, and never another one."""

from __future__ import annotations

import io
from time import process_time

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ita.imports.agencies import AgencyDirectory, directory
from ita.imports.agency_names import SHORT_NAMES, spelled_out
from ita.imports.cells import CellError, fold
from ita.imports.problems import LikelyAgency
from ita.imports.validation.agencies import MAX_COMPARED
from ita.reference import spelling_key
from ita.store import Store
from tests.imports.bringing import committed_reference, found, rows, take, taken
from tests.patience import takes_at_most

LIST = (
    "รหัสหน่วยงาน,ชื่อหน่วยงาน,ชื่อภาษาอังกฤษ,ประเภท,จังหวัด\n"
    "7001,องค์การบริหารส่วนตำบลนาดี,Na Di SAO,องค์การบริหารส่วนตำบล,สกลนคร\n"
    "7002,องค์การบริหารส่วนตำบลนาดี,,องค์การบริหารส่วนตำบล,หนองคาย\n"
    "7003,เทศบาลตำบลท่าน้ำ,,เทศบาลตำบล,พัทลุง\n"
    "7004,เทศบาลเมืองเขาเขียว,,เทศบาลเมือง,ระยอง\n"
    "7005,องค์การบริหารส่วนจังหวัดพัทลุง,,องค์การบริหารส่วนจังหวัด,พัทลุง\n"
    "7006,เทศบาลตำบลสองแคว (จังหวัดพะเยา),,เทศบาลตำบล,\n"
    "7007,โรงพยาบาล,,,ตาก\n"
)
SCORES = "ปีงบประมาณ,หน่วยงาน,คะแนนรวม\n"


@pytest.fixture
def listed(store: Store) -> Store:
    taken(store, "agencies", LIST)
    return store


def workbook(text: str) -> bytes:
    """A CSV as a workbook, every cell a text."""
    book = openpyxl.Workbook()
    for line in text.splitlines():
        book.active.append(line.split(","))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def known(store: Store) -> AgencyDirectory:
    with store.reading() as cursor:
        return directory(cursor, committed_reference())


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("ทต.ท่าน้ำ", "7003"),
        ("ทต. ท่าน้ำ", "7003"),
        ("ท.ต.ท่านํ้า", "7003"),
        ("เทศบาลตำบล ท่า น้ำ", "7003"),
        ("เทศบาลตำบลท่าน้ำ จังหวัดพัทลุง", "7003"),
        ("ทต.ท่าน้ำ (พัทลุง)", "7003"),
        ("ทม.เขาเขียว จ. ระยอง", "7004"),
        ("ทม เขาเขียว", "7004"),
        ("อบจ.พัทลุง", "7005"),
        ("อบต.นาดี จ.หนองคาย", "7002"),
        ("อบต นาดี (จ.สกลนคร)", "7001"),
        ("อ.บ.ต.นาดี, สกลนคร", "7001"),
        ("อบต.นาดี Sakon Nakhon", "7001"),
        ("NA DI SAO", "7001"),
        ("ทต.สองแคว จ.พะเยา", "7006"),
        ("7002 องค์การบริหารส่วนตำบลนาดี (หนองคาย)", "7002"),
        ("๗๐๐๔", "7004"),
    ],
)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_name_that_fits_one_agency_is_that_agency(
    listed: Store, text: str, agency: str, form: str
) -> None:
    table = f'{SCORES}2567,"{text}",80\n' if "," in text else f"{SCORES}2567,{text},80\n"
    content = table if form == "csv" else workbook(table.replace('"', "").replace(", ", " "))
    taken(listed, "scores", content, name=f"file.{form}")
    assert rows(listed, "annual_result", "agency_id") == [(agency,)]


@pytest.mark.parametrize(
    ("text", "why", "likely"),
    [
        ("อบต.นาดี", "agency-shared-name", ["7001", "7002"]),
        ("อบต.นาดี จ.ตราด", "agency-shared-name", ["7001", "7002"]),
        ("อบต.นาดี อ.เมือง จ.หนองคาย", "agency-unknown", ["7002", "7001"]),
        ("ทต.ท่านาม", "agency-unknown", ["7003"]),
        ("อบต.ท่าน้ำ", "agency-unknown", ["7003"]),
        ("ทต.ท่าน้ำ จ.ตรัง", "agency-unknown", ["7003"]),
        ("ท่าน้ำ", "agency-unknown", ["7003"]),
        ("ทต.สองแคว", "agency-unknown", ["7006"]),
        ("โรงพยาบาล จ.น่าน", "agency-unknown", ["7007"]),
        ("พัทลุง", "agency-unknown", ["7005"]),
        ("qqq", "agency-unknown", []),
    ],
)
def test_what_is_only_alike_is_offered_and_not_taken(
    listed: Store, text: str, why: str, likely: list[str]
) -> None:
    for content, name in (
        (f"{SCORES}2567,{text},80\n", "file.csv"),
        (workbook(f"{SCORES}2567,{text},80\n"), "file.xlsx"),
    ):
        outcome = take(listed, "scores", content, name=name)
        assert found(outcome) == [("unknown-agency", 2, "หน่วยงาน")]
        (problem,) = outcome.problems
        if "ตราด" not in text:
            assert problem.expected["why"] == why
        assert [agency.agency_id for agency in problem.candidates] == likely
        for agency in problem.candidates:
            assert f"{agency.agency_id} {agency.name_th}" in problem.message()


def test_candidates_stand_in_the_json(listed: Store) -> None:
    (problem,) = take(listed, "scores", f"{SCORES}2567,ทต.ท่านาม,80\n").problems
    assert problem.as_json()["candidates"] == [
        {
            "agency_id": "7003",
            "name_th": "เทศบาลตำบลท่าน้ำ",
            "province": "พัทลุง",
            "type": "เทศบาลตำบล",
        }
    ]


def test_an_agency_of_the_call_that_is_not_known_is_offered_as_well(listed: Store) -> None:
    outcome = take(listed, "scores", "ปีงบประมาณ,คะแนนรวม\n2567,80\n", agency="ทต.ท่านาม")
    (problem,) = outcome.problems
    assert [agency.agency_id for agency in problem.candidates] == ["7003"]


def test_short_names_of_types_are_spellings_of_the_reference_data_too() -> None:
    known_types = committed_reference().agency_types
    for short, full in SHORT_NAMES.items():
        if len(short) > 1:
            assert known_types[spelling_key(short)] == full
            assert known_types[spelling_key(f"{short}.")] == full


@pytest.mark.parametrize(
    "text", ["ทนายความแห่งชาติ", "ทมอ", "อบต้น", "จันทบุรี", "ต้นน้ำ", "อบเชย", "ทต", "จ"]
)
def test_words_that_begin_as_a_short_name_does_stay(text: str) -> None:
    assert spelled_out(text) in (fold(text), *map(fold, SHORT_NAMES.values()))
    assert spelled_out(f"กอง{text}") == fold(f"กอง{text}")


PIECES = ["นา", "ดี", "หนอง", "บัว", "ใหม่", "ท่า", "น้ำ", "ทราย", "เขา", "แก้ว", "จ", "อ", "แพร่", "น่าน"]
TYPES = [*SHORT_NAMES.values(), "", "สำนักงาน", "โรงพยาบาล"]
PROVINCES = ["น่าน", "แพร่", "ตาก", ""]


def _invented(count: int) -> list[LikelyAgency]:
    """Agencies of short names made of a few pieces: many alike, several of one name."""
    made = []
    for n in range(count):
        name = PIECES[n % 14] + PIECES[n // 14 % 14] + (PIECES[n // 196 % 14] if n % 3 else "")
        full = f"{TYPES[n % len(TYPES)]}{name}"
        made.append(LikelyAgency(f"{n:05d}", full, PROVINCES[n // 7 % 4], ""))
    return made


INVENTED = _invented(4000)
DIRECTORY = AgencyDirectory(INVENTED, [None] * len(INVENTED), committed_reference().province)
EXACT: dict[str, set[str]] = {}
for _agency in INVENTED:
    _key = spelled_out(_agency.name_th)
    EXACT.setdefault(_key, set()).add(_agency.agency_id)
    for _mark in ("", "จังหวัด", "(", "(จังหวัด"):
        _behind = f"{_key}{_mark}{_agency.province}{')' if '(' in _mark else ''}"
        if _agency.province:
            EXACT.setdefault(_behind, set()).add(_agency.agency_id)
SHORTS = ["อบต.", "ทต.", "อบจ. ", "จ.", "", "เทศบาลตำบล", "สำนักงาน", "องค์การบริหารส่วนตำบล "]
TYPED = st.builds(
    lambda short, pieces, behind: short + "".join(pieces) + behind,
    st.sampled_from(SHORTS),
    st.lists(st.sampled_from([*PIECES, " ", "ๆ", "."]), min_size=1, max_size=5),
    st.sampled_from(["", " จ.น่าน", " จังหวัดแพร่", "(ตาก)", " (จังหวัดน่าน)", " แพร่", " อ.เมือง"]),
)


@pytest.mark.slow
@settings(max_examples=1500, deadline=None)
@given(TYPED)
def test_a_name_that_equals_none_in_full_is_never_taken(text: str) -> None:
    try:
        agency_id = DIRECTORY.find(text)
    except CellError:
        return
    assert agency_id in EXACT.get(spelled_out(text), set())


@pytest.mark.slow
def test_a_whole_nations_names_stay_fast(store: Store) -> None:
    lines = "".join(
        f"{n:07d},องค์การบริหารส่วนตำบลตัวอย่าง{n},องค์การบริหารส่วนตำบล,ตาก\n" for n in range(8300)
    )
    taken(store, "agencies", f"รหัสหน่วยงาน,ชื่อหน่วยงาน,ประเภท,จังหวัด\n{lines}")
    agencies = known(store)
    for n in range(8300):
        assert agencies.find(f"อบต.ตัวอย่าง {n}") == f"{n:07d}"
    assert takes_at_most(5, lambda: [agencies.find(f"อบต.ตัวอย่าง {n}") for n in range(8300)])
    unknown = "".join(f"2567,อบต.ตัวอยาง{n},80\n" for n in range(MAX_COMPARED + 20))
    began = process_time()
    outcome = take(store, "scores", SCORES + unknown)
    assert process_time() - began < 20  # two where nothing else runs
    offered = [bool(problem.candidates) for problem in outcome.problems]
    assert offered == [True] * MAX_COMPARED + [False] * 20


BESIDE = "ปีงบประมาณ,หน่วยงาน,จังหวัด,คะแนนรวม\n"


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("header", ["จังหวัด", "Province"])
def test_a_column_of_provinces_tells_agencies_of_one_name_apart(
    form: str, header: str, listed: Store
) -> None:
    text = (
        BESIDE.replace("จังหวัด", header)
        + "2567,อบต.นาดี,สกลนคร,81\n2567,องค์การบริหารส่วนตำบลนาดี,จ.หนองคาย,82\n"
        + "2567,ทต.ท่าน้ำ,พัทลุง,83\n2567,ทต.สองแคว,พะเยา,84\n2567,7004,ตาก,85\n2567,โรงพยาบาล,,86\n"
    )
    content = workbook(text) if form == "xlsx" else text
    taken(listed, "scores", content, name=f"f.{form}")
    stored = rows(listed, "score", "agency_id, value")
    assert [(agency, int(score)) for agency, score in stored] == [
        ("7001", 81), ("7002", 82), ("7003", 83), ("7004", 85), ("7006", 84), ("7007", 86),
    ]  # fmt: skip


def test_an_agency_of_another_province_is_not_meant(listed: Store) -> None:
    outcome = take(listed, "scores", f"{BESIDE}2567,ทต.ท่าน้ำ,น่าน,83\n2567,อบต.นาดี,น่าน,83\n")
    assert not outcome.accepted
    assert found(outcome) == [("unknown-agency", 2, "หน่วยงาน"), ("unknown-agency", 3, "หน่วยงาน")]
    other, shared = outcome.problems
    assert "น่าน" in other.message() and [c.agency_id for c in other.expected["candidates"]] == [
        "7003"
    ]
    assert [c.agency_id for c in shared.expected["candidates"]] == ["7001", "7002"]


def test_the_nearest_agency_is_of_the_province_beside_the_name(listed: Store) -> None:
    outcome = take(listed, "scores", f"{BESIDE}2567,อบต.นาดีี,หนองคาย,83\n")
    assert outcome.problems[0].expected["candidates"][0].agency_id == "7002"


def test_a_column_of_provinces_without_names_is_unknown(listed: Store) -> None:
    outcome = take(listed, "scores", "ปีงบประมาณ,จังหวัด,คะแนนรวม\n2567,น่าน,83\n", agency="7003")
    assert ("unknown-column", 1, "จังหวัด") in found(outcome)


def test_an_answer_is_for_a_name_in_its_province(listed: Store) -> None:
    text = f"{BESIDE}2567,อบต.นาดี,น่าน,83\n2566,อบต.นาดี,ตาก,84\n"
    answers = (("อบต.นาดี · น่าน", "7001"), ("อบต.นาดี · ตาก", "7002"))
    taken(listed, "scores", text, agency_mapping=answers)
    assert [row[0] for row in rows(listed, "score", "agency_id")] == ["7001", "7002"]
