"""Pages run in-process, each test on a store of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from ita.settings import PROJECT
from ita.store import open_store
from ita.ui.opening import the_store


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The path of a store that does not exist yet."""
    place = tmp_path / "ita.duckdb"
    monkeypatch.setenv("ITA_DATABASE", str(place))
    monkeypatch.chdir(PROJECT)
    st.cache_resource.clear()
    yield place
    if place.exists():
        the_store().close()
    st.cache_resource.clear()


@pytest.fixture
def empty_store(database: Path) -> Path:
    """A store that is there, so no samples come in, and holds nothing."""
    open_store(database).close()
    return database


OpenPage = Callable[..., AppTest]


@pytest.fixture
def open_page(database: Path) -> OpenPage:
    def run(page: str = "pages/scores/overview.py", **choices: str) -> AppTest:
        app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=30)
        for name, value in choices.items():
            app.query_params[name] = value
        app.run()
        if page != "pages/scores/overview.py":
            app.switch_page(page)
            for name, value in choices.items():
                app.query_params[name] = value
            app.run()
        return app

    return run
