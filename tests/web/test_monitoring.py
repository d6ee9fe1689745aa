"""Health and metrics where the store is away, without a server."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request

from ita.store.unavailable import StoreUnavailable, Trouble
from ita.web import monitoring


def away() -> Any:
    raise StoreUnavailable(Trouble.DISK_FULL, Path("/secret/place.duckdb"))


def asked() -> Request:
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1:8501")],
        "client": ("127.0.0.1", 5),
        "server": ("127.0.0.1", 8501),
    }
    return Request(scope)


def test_health_without_a_store_is_503_and_says_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ita.web.store_access.get_store", away)
    answer = asyncio.run(monitoring.health(asked()))
    assert answer.status_code == 503
    assert json.loads(bytes(answer.body)) == {"status": "unavailable"}


def test_metrics_without_a_store_still_tell_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(monitoring, "get_store", away)
    text = bytes(asyncio.run(monitoring.metrics(asked())).body).decode()
    assert "ita_store_up 0" in text
    assert "ita_page_runs_total" in text
    assert "secret" not in text


def test_metrics_are_prometheus_text() -> None:
    one = monitoring.Metric("a_total", "counter", "Told.", {'{reason="x"}': 3.0, "": 0.5})
    assert monitoring.prometheus([one]) == (
        "# HELP ita_a_total Told.\n# TYPE ita_a_total counter\n"
        'ita_a_total{reason="x"} 3\nita_a_total 0.5\n'
    )
