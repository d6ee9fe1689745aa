"""What every test may ask for: the committed reference data, an empty store, one with the samples."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import hypothesis
import pytest
from streamlit.components.v2 import manifest_scanner

from ita.config import Settings
from ita.i18n import language_set_to
from ita.imports.samples import load_samples, make_first_store
from ita.reference import Reference, load_reference
from ita.store import Store, instance, open_memory_store
from ita.web import current_user
from ita.web.requests import LOCAL_HEADER, LOCAL_SECRET
from tests import quick_stores
from tests.calling import ita
from tests.tiers import (
    FULL,
    MOST_CPU_SECONDS,
    cases_beyond_a_few,
    cpu_seconds,
    examples,
    takes_times,
)

# A slow machine is no fault of the code; the same examples everywhere make a failure repeatable.
hypothesis.settings.register_profile(
    "ita", deadline=None, derandomize=True, database=None, max_examples=examples(100)
)
hypothesis.settings.load_profile("ita")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in cases_beyond_a_few(items):
        item.add_marker(pytest.mark.slow)
    for item in items:
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker(pytest.mark.property)
        if takes_times(item):
            item.add_marker(pytest.mark.timed)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Where CI runs the quick tests, one that is not quick fails: three minutes would soon be eight."""
    before = cpu_seconds()
    result = yield
    spent = cpu_seconds() - before
    expected = FULL or item.get_closest_marker("browser") or item.get_closest_marker("slow")
    most = MOST_CPU_SECONDS * (2 if sys.gettrace() else 1)  # counting statements takes its time
    if os.environ.get("CI") and not expected and spent > most:
        pytest.fail(f"{spent:.1f} CPU seconds: mark it slow, or make it cheap (tests/tiers.py)")
    return result


@pytest.fixture(scope="session", autouse=True)
def no_component_scan() -> Iterator[None]:
    """AppTest reads the metadata of every installed package for each page it opens, which takes
    longer than most pages (Streamlit 1.67); no package here brings a component of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", lambda *_, **__: [])
        yield


@pytest.fixture(scope="session", autouse=True)
def stores_in_memory_made_at_once() -> Iterator[None]:
    """The quick tests make stores in memory their own way; `make test-all` each as the program does."""
    with pytest.MonkeyPatch.context() as patch:
        if not FULL:
            patch.setattr(instance, "connect_memory", quick_stores.connect_memory)
        yield


@pytest.fixture(autouse=True)
def no_store_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that names no store has none: it would open the one of whoever runs it."""
    monkeypatch.setenv("ITA_DATABASE", f"{__file__}/no-store-asked-for.duckdb")


@pytest.fixture(autouse=True)
def thai() -> Iterator[None]:
    """Each test starts in Thai, whatever the one before it spoke."""
    with language_set_to("th"):
        yield


@pytest.fixture(autouse=True)
def at_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages that run in-process are opened by the owner of the machine, unless a test says who."""
    monkeypatch.setattr(current_user, "connection", lambda: ({LOCAL_HEADER: LOCAL_SECRET}, {}))


@pytest.fixture(scope="session")
def reference() -> Reference:
    return load_reference(Settings().reference)


@pytest.fixture
def store() -> Iterator[Store]:
    with open_memory_store() as opened:
        yield opened


@pytest.fixture(scope="session")
def sample_store(reference: Reference) -> Iterator[Store]:
    """The committed samples, brought in as `ita demo` does. For reading only: it is shared."""
    with open_memory_store() as opened:
        for name, outcome in load_samples(opened, reference, Settings()):
            assert outcome.accepted, (name, outcome.problems)
        yield opened


@pytest.fixture(scope="session")
def samples_in_a_store(tmp_path_factory: pytest.TempPathFactory, reference: Reference) -> Path:
    """What a first start makes, made once: bringing the samples in takes longer than most pages."""
    place = tmp_path_factory.mktemp("first") / "ita.duckdb"
    make_first_store(replace(Settings(), database=place), reference)
    return place


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A store with the samples, for calls that only read."""
    place = tmp_path_factory.mktemp("demo") / "new" / "ita.duckdb"
    assert ita(place, "demo").code == 0
    yield place


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "ita.duckdb"
