"""/health: whether the dashboard can answer, asked of the database itself; and nothing else."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ita.store.unavailable import StoreUnavailable
from ita.ui.opening import the_store


async def health(_: Request) -> Response:
    """200 {"status": "ok"}, or 503 where the store can't be used now; never why."""
    well = await run_in_threadpool(_store_answers)
    told = {"status": "ok" if well else "unavailable"}
    return JSONResponse(told, 200 if well else 503, {"cache-control": "no-store"})


def _store_answers() -> bool:
    try:
        the_store().version()
    except StoreUnavailable:
        return False
    return True
