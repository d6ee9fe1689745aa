"""Finding an agency as officers type."""

from __future__ import annotations

from functools import partial

import pytest

from ita.imports.agency_names import MAX_HITS, AgencyIndex, agency_index, words_of
from ita.store import Store
from tests.imports.bringing import taken
from tests.patience import takes_at_most

INDEX = AgencyIndex(
    [
        ("0000001", "องค์การบริหารส่วนตำบลหนองแวง", "Nong Waeng", "องค์การบริหารส่วนตำบล", "ขอนแก่น"),
        ("0000002", "องค์การบริหารส่วนตำบลหนองแวง", "", "องค์การบริหารส่วนตำบล", "ร้อยเอ็ด"),
        ("0000003", "เทศบาลตำบลหนองแวงใหญ่", "", "เทศบาลตำบล", "ขอนแก่น"),
        ("0000004", "เทศบาลตำบลหนองแวง", "", "เทศบาลตำบล", "จังหวัดยะลา"),
        ("A-5", "สำนักงานนำร่อง", "Pilot Office", "", ""),
        ("100%_", "หน่วยงาน <b>*หนา*</b>", "", "", "ยะลา"),
    ]
)


def ids(text: str) -> list[str]:
    return [hit.agency_id for hit in INDEX.search(text).agencies]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("หนองแวง", ["0000004", "0000003", "0000001", "0000002"]),
        ("อบต.หนองแวง", ["0000001", "0000002"]),
        ("อบต หนองแวง ขอนแก่น", ["0000001"]),
        ("อบต.หนองแวง จ.ร้อยเอ็ด", ["0000002"]),
        ("หนอง\u200bแวง จังหวัดขอนแก่น", ["0000003", "0000001"]),
        ("หนอง  แวง\u00a0ใหญ่", ["0000003"]),
        ("ทต.", ["0000004", "0000003"]),
        ("เทศบาลตำบลหนองแวง", ["0000004"]),  # the whole name, though another one begins with it
        ("ยะลา", ["0000004", "100%_"]),
        ("๐๐๐๐๐๐๓", ["0000003"]),
        ("0003", ["0000003"]),
        ("a-5", ["A-5"]),
        ("PILOT", ["A-5"]),
        ("นํา", ["A-5"]),  # นิคหิต and สระอา for สระอำ
        ("%", ["100%_"]),
        ("_", ["100%_"]),
        ("*หนา*", ["100%_"]),
        ("ไม่มีชื่อนี้", []),
        ("", []),
        (" \u200b ", []),
        ("จังหวัด", []),
    ],
)
def test_what_is_typed_finds(text: str, found: list[str]) -> None:
    assert sorted(ids(text)) == sorted(found)


def test_the_best_come_first() -> None:
    assert ids("เทศบาลตำบลหนอง")[0] == "0000004"
    assert ids("นำร่อง ")[0] == "A-5"


def test_no_word_is_found_across_columns() -> None:
    assert ids("หนองแวงองค์การ") == []


def test_one_hit_is_the_only_one_and_many_are_counted() -> None:
    only = INDEX.search("pilot").only
    assert only and only.agency_id == "A-5"
    assert INDEX.search("หนองแวง").only is None
    many = AgencyIndex([(f"{n:04d}", f"เทศบาล {n}", "", "", "") for n in range(300)])
    hits = many.search("เทศบาล")
    assert (len(hits.agencies), hits.found) == (MAX_HITS, 300)
    assert many.search("0299").only


def test_short_names_are_written_out() -> None:
    assert words_of("อบจ.ยะลา") == ["องค์การบริหารส่วนจังหวัดยะลา"]
    assert words_of("ทน. หาดใหญ่") == ["เทศบาลนคร", "หาดใหญ่"]
    assert words_of("จันทบุรี") == ["จันทบุรี"]  # begins as a short name does


def test_the_index_is_of_the_store(store: Store) -> None:
    taken(store, "agencies", "agency_id,name_th,agency_type,province\nB,ข,,\nA,ก,เทศบาล,ยะลา\n")
    with store.reading() as cursor:
        index = agency_index(cursor)
    assert (index.agency("A").type, index.agency("A").province, index.agency("B").type) == (
        "เทศบาล",
        "ยะลา",
        "",
    )


def test_a_search_longer_than_anybody_types_finds_nothing_at_once() -> None:
    nation = AgencyIndex((f"{n:07}", f"เทศบาลตำบล {n} ก ข ค", "", "", "น่าน") for n in range(8_300))
    assert nation.search("เทศบาล ก " * 30).found == 8_300
    for text in ("ก " * 16_000, "เทศบาล ข " * 3_000, "จ.น่าน " * 4_000, "ก" * 1_000_000):
        assert nation.search(text).found == 0
        assert takes_at_most(0.05, partial(nation.search, text))
