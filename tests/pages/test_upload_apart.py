"""Files that are read beside the server: the same page, and a sentence where the reading fails."""

from __future__ import annotations

import io
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from streamlit.testing.v1 import AppTest

from ita.imports.heavy import SMALL_ROWS
from ita.ui.components import jobs
from ita.ui.components.jobs import STOPPED
from ita.workers import Status, WorkerDied, WorkerFailure, WorkerTimeout, run_limited
from tests.pages.conftest import OpenPage
from tests.pages.moves import RIGHT, SAVE, UPLOAD, button, choose, labels, sign, text_of, upload


def parquet(percent: str) -> bytes:
    row = {
        "fiscal_year": ["2567"],
        "quarter": ["4"],
        "agency": ["SAMPLE"],
        "instrument": ["OIT"],
        "seq": ["2"],
        "percent": [percent],
    }
    stream = io.BytesIO()
    pq.write_table(pa.table(row), stream)
    return stream.getvalue()


@pytest.fixture
def page(open_page: OpenPage) -> AppTest:
    app = open_page(UPLOAD, agency="SAMPLE")
    choose(app)
    return app


@pytest.mark.slow
def test_a_file_read_in_the_worker_is_saved_without_being_read_again(
    page: AppTest, jobs_run: list[str]
) -> None:
    upload(page, parquet("91"), "q.parquet")
    assert not page.exception
    assert "อ่านเป็น Parquet" in text_of(page)
    sign(page)
    button(page, SAVE).click().run()
    assert "บันทึกแล้ว" in text_of(page)
    assert jobs_run == ["read_file"]


def test_what_the_file_lacks_is_told_as_ever(page: AppTest) -> None:
    upload(page, parquet("เก้าสิบ"), "q.parquet")
    assert "“เก้าสิบ” ไม่ใช่ตัวเลข" in text_of(page)
    upload(page, b"PAR1" + b"x" * 600, "q.parquet")
    assert "ไฟล์เสียหาย" in text_of(page)
    assert not page.exception


@pytest.mark.parametrize(
    ("failure", "said"),
    [(WorkerDied(), "งานนี้หยุดกลางคัน"), (WorkerTimeout(120), "งานนี้ใช้เวลาเกิน 120 วินาที")],
)
def test_a_reading_that_fails_is_a_sentence_until_somebody_tries_again(
    page: AppTest, monkeypatch: pytest.MonkeyPatch, failure: WorkerFailure, said: str
) -> None:
    calls: list[object] = []

    def fail(*_: Any, **__: Any) -> None:
        calls.append(1)
        raise failure

    with monkeypatch.context() as patch:
        patch.setattr(jobs, "run_limited", fail)
        upload(page, parquet("92"), "q.parquet")
        assert said in page.error[0].value
        assert SAVE not in labels(page)
        page.run()
        assert (len(page.error), len(calls)) == (1, 1)
    button(page, "ลองอีกครั้ง").click().run()
    assert not page.error
    assert SAVE in labels(page)


def test_cancelled_by_the_button_the_page_says_so(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The button ends the script's run; here the run goes on and shows what it drew meanwhile."""
    keys: list[str] = []

    def slow(function: Any, *arguments: Any, on_status: Any, **options: Any) -> Any:
        on_status(Status(2, 1.0))
        on_status(Status(None, 3.0))
        on_status(Status(None, 4.0, 1, 4))
        keys.append(on_status.__self__.key)
        return run_limited(function, *arguments, **options)

    monkeypatch.setattr(jobs, "run_limited", slow)
    upload(page, parquet("93"), "q.parquet")
    assert "ยกเลิก" not in labels(page)
    assert SAVE in labels(page)
    del page.session_state["preview"]
    page.session_state[STOPPED] = (keys[0], None)
    page.run()
    assert "ยกเลิกแล้ว ไม่มีข้อมูลใดเปลี่ยน" in text_of(page)
    button(page, "ลองอีกครั้ง").click().run()
    assert SAVE in labels(page)


def test_a_text_that_may_be_read_in_several_ways_takes_two_jobs(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    run: list[str] = []

    def shown(function: Any, *arguments: Any, on_status: Any, **options: Any) -> Any:
        on_status(Status(None, 1.0))
        run.append(function.__name__)
        return run_limited(function, *arguments, **options)

    monkeypatch.setattr(jobs, "run_limited", shown)
    upload(page, f"{RIGHT}{chr(10) * SMALL_ROWS}")
    assert not page.exception
    assert SAVE in labels(page)
    assert run == ["text_candidates", "read_file"]
