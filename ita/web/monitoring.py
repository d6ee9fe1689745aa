"""/health and /metrics: whether the dashboard can answer, and counts in the text form of Prometheus."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

import ita
from ita.auth.permissions import Action, can
from ita.config import current_bounds, current_settings
from ita.logs import LogEvent, event_counts, log_event
from ita.store.schedule import last_backup
from ita.store.unavailable import StoreUnavailable
from ita.web.current_user import user_of, visitor_of
from ita.web.export_queue import EXPORTS
from ita.web.limits import ADMISSION, connections_that_fit, sockets_that_fit
from ita.web.page_connections import open_connections
from ita.web.requests import is_local_request
from ita.web.sockets import TCP_CONNECTIONS
from ita.web.store_access import get_store, is_store_available
from ita.web.streamlit_internals import exists
from ita.web.uploads import MEGABYTE, uploaded_bytes

# No person, no agency and no text stands in the metrics, yet only a local request or an administrator reads them.

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
STARTED = time.time()


class PageRuns:
    """How many times pages were drawn, and how long that took together."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.count, self.seconds = 0, 0.0

    def add(self, seconds: float) -> None:
        with self._lock:
            self.count += 1
            self.seconds += seconds


PAGE_RUNS = PageRuns()


@dataclass(frozen=True)
class Metric:
    """name: after "ita_". kind: counter or gauge. values: labels, as they are written → value."""

    name: str
    kind: str
    help_text: str
    values: dict[str, float]


async def metrics(request: Request) -> Response:
    """The text, or 404 for whoever may not read it."""
    if not await run_in_threadpool(_can_read, request):
        log_event(LogEvent.REFUSED, reason="metrics", status=404)
        return PlainTextResponse("Not found", 404)
    samples = await run_in_threadpool(lambda: [*_of_process(), *_of_store(), *_of_backups()])
    return Response(
        prometheus(samples), 200, {"content-type": CONTENT_TYPE, "cache-control": "no-store"}
    )


def _can_read(request: Request) -> bool:
    if is_local_request(request.scope):
        return True
    try:
        return can(user_of(visitor_of(request.scope)), Action.READ_METRICS).allowed
    except StoreUnavailable:
        return False


def prometheus(samples: Iterable[Metric]) -> str:
    """Metrics as Prometheus reads them."""
    lines = []
    for metric in samples:
        lines += [
            f"# HELP ita_{metric.name} {metric.help_text}",
            f"# TYPE ita_{metric.name} {metric.kind}",
        ]
        lines += [
            f"ita_{metric.name}{labels} {value:.10g}" for labels, value in metric.values.items()
        ]
    return "\n".join(lines) + "\n"


def _single(name: str, kind: str, help_text: str, value: float) -> Metric:
    return Metric(name, kind, help_text, {"": value})


def _of_process() -> Iterator[Metric]:
    yield Metric(
        "info", "gauge", "Version of the program.", {f'{{version="{ita.__version__}"}}': 1}
    )
    yield _single("start_time_seconds", "gauge", "When the process started.", STARTED)
    yield _single("sessions_open", "gauge", "Pages that are open in browsers.", open_connections())
    yield from _of_bounds()
    yield _single("page_runs_total", "counter", "Times that a page was drawn.", PAGE_RUNS.count)
    yield _single("page_run_seconds_total", "counter", "Time that took.", PAGE_RUNS.seconds)
    events = {
        f'{{event="{event.value}",reason="{reason}"}}': float(times)
        for (event, reason), times in sorted(event_counts().items())
    }
    yield Metric("events_total", "counter", "What was logged, by event and reason.", events)


def _of_bounds() -> Iterator[Metric]:
    """What is used of `ITA_BOUNDS`; what was refused stands among the events."""
    bounds = current_bounds()
    known, strangers = ADMISSION.counts()
    pages = {'{by="signed-in"}': float(known), '{by="stranger"}': float(strangers)}
    yield Metric("pages_open", "gauge", "Open pages, by who opened them.", pages)
    yield _single("pages_most", "gauge", "Pages that may be open.", sockets_that_fit(bounds))
    made, waiting = EXPORTS.counts()
    yield _single("exports_running", "gauge", "Files that are being made on a click.", made)
    yield _single("exports_waiting", "gauge", "Files that are waited for.", waiting)
    yield _single(
        "connections_open", "gauge", "Connections of any kind.", len(TCP_CONNECTIONS.open)
    )
    most = connections_that_fit(bounds)
    yield _single("connections_most", "gauge", "Connections that may be open.", most)
    yield _single(
        "uploads_bytes", "gauge", "Uploaded files in memory.", uploaded_bytes() if exists() else 0
    )
    yield _single("uploads_most_bytes", "gauge", "What they may be.", bounds.uploads_mb * MEGABYTE)


def _of_store() -> Iterator[Metric]:
    try:
        version = get_store().version()
    except StoreUnavailable:
        yield _single("store_up", "gauge", "Whether the database answers.", 0)
        return
    yield _single("store_up", "gauge", "Whether the database answers.", 1)
    yield _single("store_version", "gauge", "Number of the last batch.", version)


def _of_backups() -> Iterator[Metric]:
    state = last_backup(current_settings().backups)
    if state.folder is None:
        return
    if state.last_at is not None:
        age = max(0.0, (datetime.now() - state.last_at).total_seconds())
        yield _single("backup_age_seconds", "gauge", "Since the newest backup in the folder.", age)
    yield _single("backup_late", "gauge", "Whether a backup is long overdue.", state.late)
    failed = state.failed_at is not None
    yield _single("backup_failed", "gauge", "Whether the last try to make one failed.", failed)


async def health(_: Request) -> Response:
    """200 {"status": "ok"}, or 503 where the store can't be used now; never why."""
    well = await run_in_threadpool(is_store_available)
    content = {"status": "ok" if well else "unavailable"}
    return JSONResponse(content, 200 if well else 503, {"cache-control": "no-store"})
