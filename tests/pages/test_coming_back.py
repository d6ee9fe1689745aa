"""The machine fails under the dashboard: a sentence, and all is well again when the cause is gone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from ita.store import open_store
from ita.web.store_access import get_store
from tests.imports.bringing import AGENCIES, SCORES, taken
from tests.pages.conftest import OpenPage
from tests.pages.moves import PROGRESS, UPLOAD, button, choose, labels, sign, text_of, upload
from tests.store.faults import no_room_beyond
from tests.store.test_unavailable import held


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No waiting between two tries."""
    monkeypatch.setattr("ita.store.RETRY_DELAY", 0.0)


def fails(app: AppTest, *words: str) -> None:
    assert not app.exception
    told = "\n".join(error.value for error in app.error).replace("\\", "")  # as markdown has it
    assert all(word in told for word in words), told
    assert "ลองอีกครั้ง" in labels(app)


def works(app: AppTest, total: str = "88.92") -> None:
    assert not app.exception
    assert not app.error
    assert total in text_of(app)


def test_an_engine_that_died(open_page: OpenPage) -> None:
    app = open_page()
    works(app)
    instance = get_store()._instance
    assert instance
    instance.broken = True
    works(app.run())
    assert get_store()._instance is not instance


@pytest.mark.slow
def test_a_file_that_was_deleted_and_put_back(open_page: OpenPage, database: Path) -> None:
    app = open_page()
    works(app)
    database.unlink()
    fails(app.run(), str(database), "rescued")
    fails(open_page(), str(database))  # to others too, and nothing begins anew with samples
    assert not database.exists()
    (rescued,) = database.parent.glob("*.rescued-*")
    rescued.rename(database)
    works(button(app, "ลองอีกครั้ง").click().run())


@pytest.mark.slow
def test_a_file_that_was_replaced_by_a_newer_one(open_page: OpenPage, database: Path) -> None:
    app = open_page()
    works(app)
    newer = database.with_name("newer.duckdb")
    with open_store(newer) as store:
        taken(store, "agencies", AGENCIES)
        taken(store, "scores", f"{SCORES}2567,A,77.77\n")
    newer.replace(database)
    works(open_page(agency="A"), "77.77")


@pytest.mark.slow
def test_a_store_that_another_program_holds(open_page: OpenPage, empty_store: Path) -> None:
    with open_store(empty_store) as store:
        taken(store, "agencies", AGENCIES)
        taken(store, "scores", f"{SCORES}2567,A,77.77\n")
    with held(empty_store) as holder:
        app = open_page()
        fails(app, f"PID {holder}")
    works(button(app, "ลองอีกครั้ง").click().run(), "77.77")


def test_a_damaged_store_that_was_put_right(open_page: OpenPage, database: Path) -> None:
    works(open_page())
    get_store().close()
    whole = database.with_name("whole.duckdb")
    shutil.copy(database, whole)
    database.write_bytes(whole.read_bytes()[:20_000])
    st.cache_resource.clear()  # as a new process
    app = open_page()
    fails(app, "เสียหาย")
    whole.replace(database)
    works(button(app, "ลองอีกครั้ง").click().run())


@pytest.mark.slow
def test_a_full_disk_while_a_file_is_saved(open_page: OpenPage, database: Path) -> None:
    app = open_page(UPLOAD, agency="SAMPLE")
    choose(app, 2567, 4)
    note = "ทำแล้ว " * 4000
    upload(app, f"{PROGRESS}2567,4,SAMPLE,IIT,1,99,{note}\n")
    sign(app)
    for box in app.checkbox:
        box.check()
    version = get_store().version()
    with no_room_beyond(2000):
        button(app, "บันทึก").click().run()
        fails(app, "ดิสก์เต็ม", "ยังอยู่ครบ")
        assert get_store().version() == version
        works(open_page())  # looking goes on meanwhile
    button(app, "ลองอีกครั้ง").click().run()
    button(app, "บันทึก").click().run()
    assert f"เป็นการนำเข้าครั้งที่ {version + 1}" in text_of(app)


@pytest.mark.slow
@pytest.mark.usefixtures("real_first_start")
def test_a_new_start_beside_what_was_kept_of_a_store_is_no_first_start(
    open_page: OpenPage, database: Path
) -> None:
    works(open_page())
    database.unlink()
    fails(open_page(), "rescued")
    get_store().close()
    st.cache_resource.clear()  # as a new process
    fails(open_page(), str(database), "rescued")
    assert not database.exists()  # no samples in the place of somebody's own data


@pytest.mark.slow
@pytest.mark.usefixtures("real_first_start")
def test_a_first_start_on_a_full_disk_begins_again(open_page: OpenPage, database: Path) -> None:
    with no_room_beyond(600_000):
        fails(open_page(), "ดิสก์เต็ม", str(database))
    assert not list(database.parent.glob("*ita.duckdb*"))
    works(open_page())
