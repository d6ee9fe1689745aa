"""The brief on paper: never more than two pages, every text on them, and the figures of the rules."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from itertools import takewhile
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ita.charts.label_placement import HALF_VALUE_WIDTH, LETTER_WIDTH
from ita.charts.typst_figures import LABEL_HEIGHT, line_chart_data
from ita.charts.values import BarChart, CellGrid, LineChart
from ita.config import PROJECT
from ita.documents.model import REPLACEMENT
from ita.i18n import language_set_to
from ita.imports.datasets import Dataset
from ita.reports.brief import MAX_ITEMS, Brief, brief_pdf
from ita.store import Store
from tests.imports.bringing import taken
from tests.reports.briefing import (
    HOSTILE,
    LONG,
    an_agency,
    bring,
    every_indicator,
    made,
    measures,
    pages_of,
    squeezed,
    totals,
)
from tests.reports.printing import READERS
from tests.tiers import examples


def _always_there(found: Brief) -> list[str]:
    """What no brief may leave out, however full it is."""
    told = [
        found.title,
        found.agency,
        found.data_date,
        found.fictional_mark,
        found.trend.title,
        found.trend.headline,
    ]
    told += [
        found.movement.title,
        found.movement.headline,
        found.indicators.title,
        found.indicators.headline,
    ]
    told += [found.work.title, *(todo.title for todo in found.work.todos), *found.notes]
    told += [todo.counts for todo in found.work.todos]
    place = found.standing
    if place:
        told += [place.title, place.score, place.level, place.change, place.headline, place.ahead]
        told += [place.without_tiles, *place.notes]
        told += [text for tile in place.tiles for text in (tile.name, tile.score, tile.change)]
    for chart in (*found.trend.charts[:1], *found.indicators.charts):
        told += _of_chart(chart)
    return [text for text in told if text]


def _of_chart(chart: LineChart | BarChart | CellGrid) -> list[str]:
    if isinstance(chart, LineChart):
        ends = [line.end_label for line in chart.lines]
        return [*chart.categories, *ends, *(mark.sign for mark in chart.marks)]
    if isinstance(chart, BarChart):
        return [text for bar in chart.bars for text in (bar.category, bar.label)]
    cells = [cell.text for _, row in chart.rows for cell in row]
    return [*chart.columns, *(name for name, _ in chart.rows), *cells]


def _missing(found: Brief) -> list[str]:
    printed = "".join(pages_of(found))
    return [text for text in _always_there(found) if squeezed(text) not in printed]


@pytest.mark.slow
@pytest.mark.parametrize(("agency", "pages"), [("SAMPLE", 2), ("IPST", 1), ("YALA", 1)])
@pytest.mark.parametrize("spoken", ["th", "en"])
def test_every_text_of_the_samples_stands_on_the_pages(
    agency: str, pages: int, spoken: str, sample_store: Store
) -> None:
    with language_set_to(spoken):
        found = made(sample_store, agency)
        assert _missing(found) == []
        texts = pages_of(found)
    assert len(texts) == pages
    numbered = {"th": "หน้า{n}จาก{all}", "en": "Page{n}of{all}"}[spoken]
    for number, text in enumerate(texts, start=1):
        assert numbered.format(n=number, all=pages) in text
    assert all(squeezed(source) in texts[-1] for source in found.sources)


@pytest.mark.slow
@pytest.mark.parametrize("reader", READERS)
def test_a_word_can_be_searched_where_marks_stand_aside(
    reader: str, sample_store: Store, tmp_path: Path
) -> None:
    pages = READERS[reader](brief_pdf(made(sample_store, "SAMPLE")), tmp_path)
    told = "".join(page[0] for page in pages)
    for word in ("การเปิดเผยข้อมูล", "การป้องกันการทุจริต", "การแก้ไขปัญหาการทุจริต", "ค่าเฉลี่ยทั้งประเทศ"):
        assert word in told


def test_made_up_figures_are_marked_on_each_page(sample_store: Store) -> None:
    for text in pages_of(made(sample_store, "SAMPLE")):
        assert text.rindex("ข้อมูลสมมติ") > len(text) - 30  # in the foot


def test_a_form_of_the_steps_is_whole(sample_store: Store) -> None:
    found = made(sample_store, "SAMPLE")
    first = pages_of(found)[0]
    whole = [c for c in found.movement.charts if all(squeezed(t) in first for t in _of_chart(c))]
    assert whole


def _shown(found: Brief) -> None:
    """Each list shows its first items whole, and says how many more there are."""
    last = pages_of(found)[-1]
    for todo in found.work.todos:
        part = last[last.rindex(squeezed(todo.title)) :]
        told = [squeezed(f"{item.name}{item.message}") for item in todo.items]
        if todo.items[0].text:
            told = [squeezed(item.message) for item in todo.items]
        count = len([*takewhile(part.__contains__, told[:MAX_ITEMS])])
        assert count == len(todo.items) or f"และอีก{len(todo.items) - count}รายการ" in part


def test_signs_that_find_no_room_are_counted_by_what_they_stand_for(sample_store: Store) -> None:
    """Two events so close that they share a sign are two."""
    found = made(sample_store, "SAMPLE")
    first = pages_of(found)[0]
    (chart,) = found.trend.charts[:1]
    assert isinstance(chart, LineChart)
    left = [mark for mark in chart.marks if squeezed(mark.note)[-40:] not in first]
    assert "ง–จ" in [mark.sign for mark in left]
    assert f"และอีก{len(left) + 1}รายการ" in first


def test_names_of_levels_keep_off_the_scores(sample_store: Store) -> None:
    """In every height that the page may take; boxes in places and shares of the height."""
    for chart in made(sample_store, "SAMPLE").trend.charts:
        assert isinstance(chart, LineChart)
        drawn = line_chart_data(chart)
        gap, count = LABEL_HEIGHT / drawn["height"], len(chart.categories)
        labels = [
            (dot["position"] + dot["shift"], dot["at"] + (-0.8 if dot["below"] else 0.8) * gap)
            for line in drawn["lines"]
            for dot in (dot for run in line["runs"] for dot in run if dot["label"])
        ]
        assert labels
        for rule in drawn["rules"]:
            middle = rule["at"] + (-0.6 if rule["below"] else 0.6) * gap
            end = rule["name_at"] + count * LETTER_WIDTH * len(rule["name"])
            for place, share in labels:
                beside = (
                    place + count * HALF_VALUE_WIDTH < rule["name_at"]
                    or place - count * HALF_VALUE_WIDTH > end
                )
                assert beside or abs(share - middle) > gap, (chart.height_factor, rule["name"])


@pytest.mark.slow
def test_lists_are_cut_and_say_how_much(sample_store: Store, store: Store) -> None:
    _shown(made(sample_store, "SAMPLE"))
    an_agency(store)
    for number in range(1, 25):  # each with a sentence of its own
        head = "ปีงบประมาณ,หน่วยงาน,แบบวัด,ลำดับ,มาตรการ,ไตรมาสเริ่ม,ไตรมาสสิ้นสุด\n"
        taken(store, "measures", f"{head}2567,A,IIT,{number},ม{number}ร,1,1\n")
    rows = "".join(f"2567,1,A,IIT,{number},{number}\n" for number in range(1, 25))
    taken(store, "progress", f"ปีงบประมาณ,ไตรมาส,หน่วยงาน,แบบวัด,ลำดับ,ร้อยละความสำเร็จ\n{rows}")
    found = made(store, "A")
    _shown(found)
    assert len(pages_of(found)) == 2


@pytest.mark.slow
def test_many_years_and_sixty_late_measures_stay_on_two_pages(store: Store) -> None:
    an_agency(store)
    totals(store, *range(2557, 2561))
    every_indicator(store, *range(2561 + 1, 2568))
    measures(store, 60)
    found = made(store, "A")
    assert "มาตรการที่ล่าช้าหรือขาดรายงาน 60 มาตรการ" in [todo.title for todo in found.work.todos]
    assert len(pages_of(found)) == 2
    assert _missing(found) == []
    _shown(found)


@pytest.mark.slow
def test_long_texts_are_shortened_and_stay_on_the_page(store: Store) -> None:
    an_agency(store, LONG[:480].strip())
    totals(store, *range(2562, 2568), source=LONG[:400].strip())
    measures(store, 60, LONG[:900])
    events = [[f"{day} ต.ค. 2566", "A", LONG[:900]] for day in range(1, 29)]
    bring(store, Dataset.ANNOTATIONS, ["วันที่", "หน่วยงาน", "เหตุการณ์"], *events)
    document = pypdfium2.PdfDocument(BytesIO(brief_pdf(made(store, "A"))))
    assert len(document) == 2
    for page in document:
        width, height = page.get_size()
        text = page.get_textpage()
        for place in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(place)
            assert 0 <= left <= right <= width
            assert 0 <= bottom <= top <= height
    document.close()


@pytest.mark.slow
@pytest.mark.parametrize("text", HOSTILE)
def test_texts_are_never_read_as_code(text: str, store: Store) -> None:
    an_agency(store, f"ก {text}")
    totals(store, 2566, 2567, source=f"ข {text}")
    measures(store, 1, f"ค {text}")
    bring(
        store,
        Dataset.ANNOTATIONS,
        ["วันที่", "หน่วยงาน", "เหตุการณ์"],
        ["1 ต.ค. 2566", "A", f"ง {text}"],
    )
    printed = "".join(pages_of(made(store, "A")))
    for letter in "กขคง":
        assert squeezed(f"{letter} {text}") in printed


@pytest.mark.slow
@pytest.mark.parametrize(
    "text", ["😀", "中文", "\u202eกลับ\u202c", "ก\u200bข", "\ufeff", "อักษร \U0001f1f9\U0001f1ed"]
)
def test_signs_without_a_shape_do_no_harm(text: str, store: Store) -> None:
    an_agency(store)
    totals(store, 2566, 2567)
    found = replace(made(store, "A"), agency=f"เทศบาล {text} เมือง")
    printed = "".join(pages_of(found))
    kept = "".join(letter for letter in text if "ก" <= letter <= "๛")
    assert "เทศบาล" in printed
    assert kept in printed.replace(REPLACEMENT, "")
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", printed)


@pytest.mark.slow
@given(text=st.text(max_size=60))
@settings(max_examples=examples(20))
def test_any_name_prints(sample_store: Store, text: str) -> None:
    assert brief_pdf(replace(made(sample_store, "YALA"), agency=text)).startswith(b"%PDF")


@pytest.mark.slow
def test_the_file_is_for_keeping_and_for_screen_readers(sample_store: Store) -> None:
    found = made(sample_store, "SAMPLE")
    raw = brief_pdf(found)
    document = pypdfium2.PdfDocument(BytesIO(raw))
    assert document.get_metadata_value("Title") == f"{found.title} · {found.agency}"
    assert document.is_tagged()
    assert [page.get_size() for page in document] == [pytest.approx((595.28, 841.89), abs=0.02)] * 2
    document.close()
    assert re.search(rb"/Lang ?\(th", raw)
    assert b"<pdfaid:part>2" in raw
    assert b"<pdfuaid:part>1" in raw
    with language_set_to("en"):
        assert re.search(rb"/Lang ?\(en", brief_pdf(made(sample_store, "SAMPLE")))


def test_charts_are_drawn_and_no_pictures(sample_store: Store) -> None:
    raw = brief_pdf(made(sample_store, "SAMPLE"))
    assert b"/Subtype /Image" not in raw
    assert b"/Subtype/Image" not in raw
    document = pypdfium2.PdfDocument(BytesIO(raw))
    kinds = {thing.type for page in document for thing in page.get_objects()}
    assert pypdfium2.raw.FPDF_PAGEOBJ_IMAGE not in kinds
    assert pypdfium2.raw.FPDF_PAGEOBJ_PATH in kinds
    document.close()


def test_an_agency_with_nothing_prints_what_is_missing(store: Store) -> None:
    an_agency(store)
    (text,) = pages_of(made(store, "A"))
    for told in ("ยังไม่มีคะแนนของหน่วยงานนี้จนถึงปี 2567", "ยังไม่มีมาตรการและรายงานผลของปี 2567"):
        assert squeezed(told) in text


def test_the_same_brief_gives_the_same_file(sample_store: Store) -> None:
    found = made(sample_store, "SAMPLE")
    assert brief_pdf(found) == brief_pdf(found)


@pytest.mark.slow
def test_start_does_not_pay_for_typst() -> None:
    code = "import sys, ita.reports.brief; sys.exit('typst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=False).returncode == 0


@pytest.mark.slow
def test_what_fits_in_no_form_is_drawn_smaller(sample_store: Store) -> None:
    found = made(sample_store, "SAMPLE")
    assert found.standing
    wordy = replace(found, standing=replace(found.standing, headline=LONG[:2000]))
    texts = pages_of(replace(wordy, work=replace(found.work, headline=LONG[:2500])))
    assert len(texts) == 2
    assert squeezed(LONG[:2000]) in texts[0]
    assert all(squeezed(todo.title) in texts[1] for todo in found.work.todos)


def _right_end(found: Brief, text: str, which: int) -> float:
    """Where the last sign of a text that stands at the right margin ends, in points."""
    document = pypdfium2.PdfDocument(BytesIO(brief_pdf(found)))
    words = document[which].get_textpage()
    start, count = words.search(text).get_next()
    right = words.get_charbox(start + count - 1)[2]
    document.close()
    return float(right)


@pytest.mark.slow
@pytest.mark.parametrize("late", [3, 60])
def test_lists_are_cut_rather_than_drawn_smaller(late: int, store: Store) -> None:
    an_agency(store)
    every_indicator(store, 2566, 2567)
    measures(store, late)
    found = made(store, "A")
    edge = 595.3 - 45
    assert edge - 2 < _right_end(found, found.data_date.split()[-1], 0) <= edge
    assert edge - 16 < _right_end(found, "เปลี่ยนแปลง", 1) <= edge
