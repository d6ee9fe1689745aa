"""The HTTP server: the routes of its own, its start and its end, what it says on the console."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.routing import Route

from ita.config import current_bounds
from ita.i18n import N_, bilingual
from ita.logs import LogEvent, log_event, redirect_logger, write_logs_to
from ita.store.unavailable import StoreUnavailable
from ita.web import paths, sign_in_routes
from ita.web.current_user import has_local_admin, server_exposure
from ita.web.forms import Answer, form_route
from ita.web.handbook_file import handbook
from ita.web.limits import (
    LOW_DESCRIPTORS,
    WANTED_DESCRIPTORS,
    raise_descriptor_limit,
    sockets_that_fit,
)
from ita.web.link_preview import preview_picture
from ita.web.monitoring import health, metrics
from ita.web.paths import root
from ita.web.requests import is_exposed
from ita.web.sign_in_routes import first_admin_code
from ita.web.uploads import release_uploads

_FORM_ROUTES: dict[str, tuple[Answer, list[str]]] = {
    paths.SIGN_IN: (sign_in_routes.sign_in, ["GET", "POST"]),
    paths.OIDC_SIGN_IN: (sign_in_routes.oidc_sign_in, ["GET"]),
    paths.SIGN_OUT: (sign_in_routes.sign_out, ["GET", "POST"]),
    paths.FIRST_ADMIN: (sign_in_routes.first_admin, ["GET", "POST"]),
    paths.CHANGE_PASSWORD: (sign_in_routes.change_password, ["GET", "POST"]),
}


def routes() -> list[Route]:
    """Our own routes; Streamlit's come after them."""
    forms = [
        Route(f"{paths.root()}{path}", form_route(answer), methods=methods)
        for path, (answer, methods) in _FORM_ROUTES.items()
    ]
    return [
        *forms,
        Route(f"{paths.root()}{paths.HEALTH}", health),
        Route(f"{paths.root()}{paths.METRICS}", metrics),
        Route(f"{paths.root()}{paths.PREVIEW_PICTURE}", preview_picture),
        Route(f"{paths.root()}{paths.HANDBOOK_FILE}", handbook),
    ]


SWITCH_SECONDS = 0.0005
"""A click waits so long for the interpreter, each time it comes back from the store, while another's file is checked."""


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[dict[str, Any]]:
    """From the server's start to its end."""
    sys.setswitchinterval(SWITCH_SECONDS)
    log_as_json()
    descriptors = raise_descriptor_limit()
    log_event(LogEvent.STARTED, wide=is_exposed(), descriptors=descriptors)
    show_address()
    show_low_descriptors(descriptors)
    opening = asyncio.create_task(run_in_threadpool(_warm_up_store))
    releasing = asyncio.create_task(release_uploads())
    yield {}
    releasing.cancel()
    await opening
    log_event(LogEvent.STOPPED)


_SERVERS = ("uvicorn", "uvicorn.error", "asyncio")
_SILENCED = "uvicorn.access"
"""uvicorn's line for each request, with its address; not wanted, and on as soon as it has a handler."""


def log_as_json() -> None:
    """All that the process tells, as lines of JSON: also Streamlit's loggers, each of which has a handler
    of its own. Those that it makes later speak in its own words."""
    write_logs_to(sys.stderr)
    for name in [*logging.root.manager.loggerDict]:
        if name.partition(".")[0] in ("streamlit", "uvicorn", "websockets") and name != _SILENCED:
            redirect_logger(logging.getLogger(name), sys.stderr)
    for name in _SERVERS:
        redirect_logger(logging.getLogger(name), sys.stderr)
        logging.getLogger(name).setLevel(logging.WARNING)


def _warm_up_store() -> None:
    """Open the store while the first browser still loads the page; who waits longer than that would
    open it themselves. Where others can come and nobody is in charge, tell the code on the console."""
    try:
        if server_exposure().wide and not has_local_admin():
            first_admin_code()
    except StoreUnavailable as fault:
        log_event(LogEvent.STORE_UNAVAILABLE, reason=fault.trouble.value)


def show_address() -> None:
    """Where to open the dashboard. Streamlit's own words for it ask the internet for an address."""
    address = str(st.get_option("server.address") or "")
    name = "127.0.0.1" if address in ("", "0.0.0.0", "::") else address  # noqa: S104
    scheme = "https" if st.get_option("server.sslCertFile") else "http"
    host = f"[{name}]" if ":" in name else name
    sys.stdout.write(
        f"\n  ITA Trends: {scheme}://{host}:{st.get_option('server.port')}{root()}/\n\n"
    )
    sys.stdout.flush()


def show_low_descriptors(descriptors: int | None) -> None:
    """Say on the console that the system allows few connections, and what to set.

    descriptors: that the process may have open; None where there is no limit.
    """
    if descriptors is None or descriptors >= LOW_DESCRIPTORS:
        return
    pages = sockets_that_fit(current_bounds())
    sentence = bilingual(_LOW_SENTENCE).format(
        limit=descriptors, pages=pages, wanted=WANTED_DESCRIPTORS
    )
    sys.stdout.write("  {}\n\n".format(sentence.replace("\n", "\n  ")))
    sys.stdout.flush()


_LOW_SENTENCE = N_(
    "ระบบปฏิบัติการให้โปรแกรมนี้เปิดไฟล์และการเชื่อมต่อได้ {limit} รายการ จึงเปิดหน้าพร้อมกันได้ไม่เกิน {pages} หน้า "
    "หากต้องการมากกว่านี้ ตั้ง LimitNOFILE={wanted} ในบริการ หรือ ulimit -n {wanted} ก่อนเปิดโปรแกรม"
)
