"""What one process keeps for its door: tries that are remembered, the first administrator's code."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache, partial

import streamlit as st
from anyio import CapacityLimiter, to_thread
from starlette.responses import Response

from ita.auth.first_admin import FirstAdminCode
from ita.auth.throttling import LoginThrottle
from ita.config import current_bounds
from ita.i18n import N_, bilingual
from ita.web.descriptors import LOW, WANTED, sockets_that_fit
from ita.web.places import FIRST_ADMIN, root


@cache
def the_door() -> LoginThrottle:
    return LoginThrottle()


AT_THE_DOOR = 4
"""So many are let in or told no at a time; the others wait without holding a thread, of which the
pages have few: comparing a password takes long, and a flood of them longer."""


@cache
def _turns() -> CapacityLimiter:
    return CapacityLimiter(AT_THE_DOOR)


async def in_turn(answer: Callable[..., Response], *arguments: object) -> Response:
    """Run what compares or makes a password, when it is its turn."""
    return await to_thread.run_sync(partial(answer, *arguments), limiter=_turns())


@cache
def first_admin_code() -> FirstAdminCode:
    """The code of this process; told on the console when it is first asked for, and nowhere else."""
    made = FirstAdminCode()
    told = bilingual(_TOLD).format(page=f"{root()}{FIRST_ADMIN}").replace("\n", "\n  ")
    sys.stdout.write(f"\n  {told}\n\n      {made.generate()}\n\n")
    sys.stdout.flush()
    return made


_TOLD = N_("ยังไม่มีผู้ดูแลระบบ เปิดหน้า {page} แล้วใส่รหัสนี้ ใช้ได้ครั้งเดียว")


def show_address() -> None:
    """Where to open the dashboard. Streamlit's own words for it ask the internet for an address."""
    address = str(st.get_option("server.address") or "")
    shown = "127.0.0.1" if address in ("", "0.0.0.0", "::") else address  # noqa: S104
    scheme = "https" if st.get_option("server.sslCertFile") else "http"
    host = f"[{shown}]" if ":" in shown else shown
    sys.stdout.write(
        f"\n  ITA Trends: {scheme}://{host}:{st.get_option('server.port')}{root()}/\n\n"
    )
    sys.stdout.flush()


def show_low_limit(descriptors: int | None) -> None:
    """Say on the console that the system allows few connections, and what to set.

    descriptors: that the process may have open; None where there is no limit.
    """
    if descriptors is None or descriptors >= LOW:
        return
    pages = sockets_that_fit(current_bounds())
    told = bilingual(_FEW).format(limit=descriptors, pages=pages, wanted=WANTED)
    sys.stdout.write("  {}\n\n".format(told.replace("\n", "\n  ")))
    sys.stdout.flush()


_FEW = N_(
    "ระบบปฏิบัติการให้โปรแกรมนี้เปิดแฟ้มและการเชื่อมต่อได้ {limit} รายการ จึงเปิดหน้าพร้อมกันได้ไม่เกิน {pages} หน้า "
    "หากต้องการมากกว่านี้ ตั้ง LimitNOFILE={wanted} ในบริการ หรือ ulimit -n {wanted} ก่อนเปิดโปรแกรม"
)
