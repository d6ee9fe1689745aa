"""A cold server of our own and a real Chromium; screenshots are kept where a person can look."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from ita.config import PROJECT
from tests.patience import PATIENCE
from tests.serving import serving

SCREENSHOTS = PROJECT / "tests" / "screenshots"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A real browser on a busy machine is given one more try; the summary names who needed it."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture
def cold_server(tmp_path: Path) -> Iterator[str]:
    """A server that nobody has visited, on a store that does not exist yet."""
    with serving(tmp_path) as served:
        yield served.url


@pytest.fixture
def own_server(tmp_path: Path, samples_in_a_store: Path) -> Iterator[str]:
    """A server that nobody has visited, on a store with the samples."""
    shutil.copyfile(samples_in_a_store, tmp_path / "ita.duckdb")
    with serving(tmp_path) as served:
        yield served.url


@pytest.fixture(scope="module")
def shared_server(
    tmp_path_factory: pytest.TempPathFactory, samples_in_a_store: Path
) -> Iterator[str]:
    """One server for the tests of a file that only look, with the samples in it."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copyfile(samples_in_a_store, folder / "ita.duckdb")
    with serving(folder) as served:
        yield served.url


BROWSERS = ("chromium", "chromium-browser", "google-chrome", "microsoft-edge", "chrome", "msedge")


def _chromium() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium a file. While it is there an event loop counts as running in this thread, and
    other files, which may come after it in the same process, could start none of their own."""
    place = _chromium()
    if place is None:
        if os.environ.get("ITA_REQUIRE_BROWSER"):
            pytest.fail("no chromium on this machine")
        pytest.skip("no chromium on this machine: the browser tests did not run")
    SCREENSHOTS.mkdir(exist_ok=True)
    options = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE * 1_000)
        chromium = playwright.chromium.launch(executable_path=place, args=options)
        yield chromium
        chromium.close()
