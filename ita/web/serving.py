"""What the server does beside answering: the routes of its own, its start and its end."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit.logger
from starlette.concurrency import run_in_threadpool
from starlette.routing import Route

from ita.logs import LogEvent, log_event, redirect_logger, write_logs_to
from ita.store.unavailable import StoreUnavailable
from ita.web import password_routes, places, sign_in_routes
from ita.web.asked import Answer, form_route
from ita.web.current_user import has_local_admin, the_house
from ita.web.descriptors import raise_limit
from ita.web.desk import first_admin_code, show_address, show_low_limit
from ita.web.health import health
from ita.web.listening import is_exposed
from ita.web.metrics import metrics
from ita.web.uploads import keep_releasing

_FORMS: dict[str, tuple[Answer, list[str]]] = {
    places.SIGN_IN: (sign_in_routes.sign_in, ["GET", "POST"]),
    places.BY_ORGANISATION: (sign_in_routes.by_organisation, ["GET"]),
    places.SIGN_OUT: (sign_in_routes.sign_out, ["GET", "POST"]),
    places.FIRST_ADMIN: (password_routes.first_admin, ["GET", "POST"]),
    places.NEW_PASSWORD: (password_routes.change_password, ["GET", "POST"]),
}


def routes() -> list[Route]:
    """Our own routes; Streamlit's come after them."""
    forms = [
        Route(f"{places.root()}{place}", form_route(answer), methods=methods)
        for place, (answer, methods) in _FORMS.items()
    ]
    return [
        *forms,
        Route(f"{places.root()}{places.HEALTH}", health),
        Route(f"{places.root()}{places.METRICS}", metrics),
    ]


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[dict[str, Any]]:
    """From the server's start to its end."""
    log_as_json()
    descriptors = raise_limit()
    log_event(LogEvent.STARTED, wide=is_exposed(), descriptors=descriptors)
    show_address()
    show_low_limit(descriptors)
    opening = asyncio.create_task(run_in_threadpool(_open_early))
    releasing = asyncio.create_task(keep_releasing())
    yield {}
    releasing.cancel()
    await opening
    log_event(LogEvent.STOPPED)


_SERVERS = ("uvicorn", "uvicorn.error", "asyncio")
_UNHEARD = "uvicorn.access"
"""uvicorn's line for each request, with its address; not wanted, and on as soon as it has a handler."""


def log_as_json() -> None:
    """All that the process tells, as lines of JSON: also Streamlit's loggers, which it makes one by
    one when it comes to them, each with a handler of its own."""
    write_logs_to(sys.stderr)

    def take(logger: logging.Logger) -> None:
        if logger.name != _UNHEARD:
            redirect_logger(logger, sys.stderr)

    streamlit.logger.setup_formatter = take
    streamlit.logger.update_formatter()
    for name in _SERVERS:
        take(logging.getLogger(name))
        logging.getLogger(name).setLevel(logging.WARNING)


def _open_early() -> None:
    """Open the store while the first browser still loads the page; who waits longer than that would
    open it themselves. Where others can come and nobody is in charge, tell the code on the console."""
    try:
        if the_house().wide and not has_local_admin():
            first_admin_code()
    except StoreUnavailable as fault:
        log_event(LogEvent.STORE_UNAVAILABLE, reason=fault.trouble.value)
