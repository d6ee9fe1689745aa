"""/health: whether the dashboard can answer, asked of the database itself; and nothing else."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ita.web.store_access import is_store_available


async def health(_: Request) -> Response:
    """200 {"status": "ok"}, or 503 where the store can't be used now; never why."""
    well = await run_in_threadpool(is_store_available)
    told = {"status": "ok" if well else "unavailable"}
    return JSONResponse(told, 200 if well else 503, {"cache-control": "no-store"})
