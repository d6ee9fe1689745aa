"""The store is taken away and put back under open pages: what others are told, and how they go on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ita.ui.components.frame import RETRY_SECONDS
from tests.serving import Served, serving
from tests.web.asking import ask
from tests.web.tabs import Tab

pytestmark = pytest.mark.slow

GONE = "ไม่พบไฟล์ฐานข้อมูล"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("away")
    with serving(folder) as found:
        yield found


def test_an_open_page_goes_on_by_itself_when_the_store_is_back(served: Served) -> None:
    database = served.log.parent / "ita.duckdb"
    aside = database.with_name("aside.duckdb")
    with Tab(served) as tab:
        assert "88.92" in tab.run().said
        database.rename(aside)
        gone = tab.run()
        assert GONE in gone.said
        (again,) = (m.auto_rerun for m in gone.messages if m.HasField("auto_rerun"))
        assert again.interval == RETRY_SECONDS
        assert "88.92" not in tab.run(again.fragment_id).said
        aside.rename(database)
        assert "88.92" in tab.run(again.fragment_id).said
    _forget_rescued(served.log.parent)


@pytest.mark.slow
def test_who_is_not_at_the_machine_learns_no_folder(served: Served) -> None:
    folder = served.log.parent
    database = folder / "ita.duckdb"
    aside = database.with_name("aside.duckdb")
    from_elsewhere = {"X-Forwarded-For": "203.0.113.9"}
    ask(served, "/health")
    database.rename(aside)
    try:
        with Tab(served, headers=from_elsewhere) as tab:
            other = tab.run().said.replace("\\", "")
        form = ask(served, "/sign-in", X_Forwarded_For="203.0.113.9")
        with Tab(served) as tab:
            near = tab.run().said.replace("\\", "")
    finally:
        aside.rename(database)
        _forget_rescued(folder)
    assert form.status == 503
    for told in (other, form.text):
        assert f"{GONE} ita.duckdb " in told
        assert str(folder) not in told
        assert "rescued" not in told
    assert str(folder) in near
    assert "rescued" in near


@pytest.mark.slow
def test_a_page_that_could_not_be_drawn_keeps_its_address(served: Served) -> None:
    database = served.log.parent / "ita.duckdb"
    aside = database.with_name("aside.duckdb")
    database.rename(aside)
    try:
        with Tab(served, "trend") as tab:
            came = tab.run()
    finally:
        aside.rename(database)
        _forget_rescued(served.log.parent)
    (found,) = (m.navigation for m in came.messages if m.HasField("navigation"))
    (page,) = (p for p in found.app_pages if p.page_script_hash == found.page_script_hash)
    assert page.url_pathname == "trend"
    assert came.menu() == set()


def _forget_rescued(folder: Path) -> None:
    for file in folder.glob("*.rescued-*"):
        file.unlink()
