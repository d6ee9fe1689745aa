"""Pages run in-process, each test on a store of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from ita.config import PROJECT, Settings
from ita.i18n import set_language
from ita.imports import samples
from ita.reference import Reference
from ita.store import open_store
from ita.ui.components import jobs
from ita.web.paths import OVERVIEW, PAGES
from ita.web.store_access import get_store
from ita.workers import run_limited
from tests.pages.plan_moves import PLANNING
from tests.patience import PATIENCE

MAKE_FIRST_STORE = samples.make_first_store


@pytest.fixture
def database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, samples_in_a_store: Path
) -> Iterator[Path]:
    """The path of a store that does not exist yet; a first start there copies the samples."""

    def copied(settings: Settings, reference: Reference) -> None:
        shutil.copyfile(samples_in_a_store, settings.database)

    place = tmp_path / "ita.duckdb"
    monkeypatch.setattr(samples, "make_first_store", copied)
    monkeypatch.setenv("ITA_DATABASE", str(place))
    monkeypatch.chdir(PROJECT)
    st.cache_resource.clear()
    yield place
    if place.exists():
        get_store().close()
    st.cache_resource.clear()


@pytest.fixture
def empty_store(database: Path) -> Path:
    """A store that is there, so no samples come in, and holds nothing."""
    open_store(database).close()
    return database


@pytest.fixture
def real_first_start(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of the first start itself."""
    monkeypatch.setattr(samples, "make_first_store", MAKE_FIRST_STORE)


OpenPage = Callable[..., AppTest]


@pytest.fixture
def open_page(database: Path) -> OpenPage:
    def run(page: str = OVERVIEW.file, **choices: str) -> AppTest:
        app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=PATIENCE)
        # By its address, as from a link; `switch_page` would draw the first page before it.
        app._page_hash = calc_hash(next(p.url for p in PAGES if p.file == page))
        for name, value in choices.items():
            app.query_params[name] = value
        return app.run()

    return run


MadeFiles = Callable[..., dict[str, tuple[str, bytes]]]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> MadeFiles:
    """The files behind the buttons of a page, by key: name and bytes, made as on a click."""
    known: dict[str, tuple[str, Callable[[], bytes]]] = {}
    draw = st.download_button

    def remember(label: str, data: Callable[[], bytes], file_name: str, **how: object) -> bool:
        known[str(how.get("key") or label)] = (file_name, data)
        return bool(draw(label, data=data, file_name=file_name, **how))  # type: ignore[arg-type]

    monkeypatch.setattr(st, "download_button", remember)

    def files(*keys: str) -> dict[str, tuple[str, bytes]]:
        set_language("th")  # a click knows no language
        return {
            key: (name, make()) for key, (name, make) in known.items() if key in keys or not keys
        }

    return files


@pytest.fixture
def planning(open_page: OpenPage) -> OpenPage:
    """The page of planning, opened with choices."""

    def run(**choices: str) -> AppTest:
        return open_page(PLANNING, **choices)

    return run


@pytest.fixture
def jobs_run(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the functions that pages have run in the worker process, as they come."""
    run: list[str] = []

    def counted(function: Any, *arguments: Any, **options: Any) -> Any:
        run.append(function.__name__)
        return run_limited(function, *arguments, **options)

    monkeypatch.setattr(jobs, "run_limited", counted)
    return run
