"""Words of measures and reports over all agencies."""

from __future__ import annotations

import pytest

from ita.domain import FiscalYear
from ita.reports.text_search import PAGE_ROWS, TextQuery, TextSource, count_texts, search_texts
from ita.store import Store
from tests.imports.bringing import MEASURES, NARRATIVE, committed_reference, taken

TEXTS = (
    "เปิดช่องทางร้องเรียนออนไลน์",
    "ลดเรื่องร้องเรียนได้ 100%",
    "ใช้ No Gift Policy",
    "แฟ้ม a_b",
    "ทาง \\\\server",
    "สำคัญ!",
)


@pytest.fixture
def told(store: Store) -> Store:
    taken(
        store,
        "agencies",
        "agency_id,name_th,agency_type,province\nA,ก,ตำบล,ยะลา\nB,ข,เมือง,ตรัง\n",
    )
    rows = [
        f"{year},{agency},IIT,{n},{text}"
        for year in (2566, 2567)
        for agency in "AB"
        for n, text in enumerate(TEXTS, 1)
    ]
    taken(store, "measures", MEASURES + "\n".join(rows))
    taken(
        store,
        "narrative",
        f"{NARRATIVE}2567,A,EIT,ผลลัพธ์,,ร้องเรียนน้อยลง,\n2566,B,IIT,สรุปผล,1,ร้องเรียนมากขึ้น,1\n",
    )
    return store


def matches(store: Store, asked: TextQuery) -> list[str]:
    with store.reading() as cursor:
        found = search_texts(cursor, asked, committed_reference())
        assert count_texts(cursor, asked, committed_reference()) == len(found)
    return [text.text for text in found]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "texts"),
    [
        (("ร้องเรียน",), 2),
        (("ร้องเรียน", "ออนไลน์"), 1),
        (("ออนไลน์", "100"), 0),
        (("100%",), 1),
        (("%",), 1),
        (("_",), 1),
        (("a_b",), 1),
        (("\\",), 1),
        (("!",), 1),
        (("no gift",), 1),
        (("NO", "policy"), 1),
        (("'; DROP TABLE measure; --",), 0),
    ],
)
def test_words_are_found_as_they_are_typed(words: tuple[str, ...], texts: int, told: Store) -> None:
    expected = [
        t for t in TEXTS if all(w.lower() in t.replace("\\\\", "\\").lower() for w in words)
    ]
    assert len(expected) == texts
    assert len(matches(told, TextQuery(TextSource.MEASURES, words))) == 4 * texts


def test_narratives_tell_whose_and_what_they_are(told: Store) -> None:
    with told.reading() as cursor:
        first, second = search_texts(
            cursor, TextQuery(TextSource.NARRATIVE, ("ร้องเรียน",)), committed_reference()
        )
    assert (first.agency_id, first.year, first.instrument, first.type, first.seq) == (
        "A",
        2567,
        "EIT",
        "outcome",
        0,
    )
    assert (second.agency_id, second.province, second.type, second.seq) == ("B", "ตรัง", "result", 1)


@pytest.mark.parametrize(
    ("year", "kind", "province", "count"),
    [
        (None, "", "", 4),
        (2566, "", "", 2),
        (None, "ตำบล", "", 2),
        (2567, "", "ตรัง", 1),
        (2567, "ตำบล", "ตรัง", 0),
        (2500, "", "", 0),
    ],
)
def test_filters_narrow(
    year: int | None, kind: str, province: str, count: int, told: Store
) -> None:
    asked = TextQuery(
        TextSource.MEASURES, ("ออนไลน์",), FiscalYear(year) if year else None, kind, province
    )
    assert len(matches(told, asked)) == count


def test_pages_are_cut_in_order(store: Store) -> None:
    taken(store, "agencies", "agency_id,name_th\nA,ก\n")
    count = PAGE_ROWS + 3
    taken(
        store,
        "measures",
        MEASURES + "".join(f"2567,A,IIT,{n},คำ {n}\n" for n in range(1, count + 1)),
    )
    asked = TextQuery(TextSource.MEASURES, ("คำ",))
    with store.reading() as cursor:
        pages = [search_texts(cursor, asked, committed_reference(), page) for page in (1, 2, 3)]
        assert [len(page) for page in pages] == [PAGE_ROWS, 3, 0]
        assert [t.seq for page in pages for t in page] == [*range(1, count + 1)]
        assert pages[0] == search_texts(cursor, asked, committed_reference())[:PAGE_ROWS]
