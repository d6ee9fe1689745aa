"""Who is counted for which page, who waits for which file, and how fast a queue moves on."""

from __future__ import annotations

import asyncio
import random
from contextlib import ExitStack

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from ita.auth.permissions import Role, User, anonymous, machine_owner
from ita.config import Bounds
from ita.i18n import _
from ita.web import export_queue, limits, security_middleware
from ita.web.export_queue import ExportQueue
from ita.web.limits import (
    OWNER,
    PAGES_FULL,
    STRANGERS_FULL,
    YOUR_PAGES,
    Admission,
    Holder,
    Pace,
    holder_of,
)
from ita.web.sockets import TurnQueue
from ita.web.streamlit_internals import ForwardMsg

SOMSRI, MANEE = (Holder(f"account {name}", False) for name in ("somsri", "manee"))


def test_who_pages_are_counted_for() -> None:
    person = User("สมศรี", Role.VIEWER, account="somsri")
    assert holder_of(person, "203.0.113.9") == holder_of(person, "198.51.100.1") == SOMSRI
    assert holder_of(machine_owner(""), None) == OWNER
    strangers = [holder_of(anonymous(public), "203.0.113.9") for public in (True, False)]
    assert strangers[0] == strangers[1] == Holder("address 203.0.113.9", True)
    assert holder_of(anonymous(), "2001:db8::1") == holder_of(anonymous(), "2001:db8::ffff:2")
    assert holder_of(anonymous(), None).stranger


def test_each_bound_of_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "descriptor_limit", lambda: None)
    bounds = Bounds(connections=40, sockets=20, sockets_account=3, sockets_address=4)
    admission = Admission()
    one, other, third = (Holder(f"address {n}", True) for n in range(3))

    held = ExitStack()

    def fill(holder: Holder) -> int:
        """Open pages until there is no room; returns how many."""
        for count in range(50):
            if admission.refusal_for(holder, bounds):
                return count
            held.enter_context(admission.holding(holder))
        raise AssertionError

    assert (fill(one), admission.refusal_for(one, bounds)) == (4, YOUR_PAGES)
    assert (fill(other), fill(third)) == (4, 2)
    assert admission.refusal_for(third, bounds) == STRANGERS_FULL
    assert (fill(SOMSRI), admission.refusal_for(SOMSRI, bounds)) == (3, YOUR_PAGES)
    assert (fill(OWNER), admission.refusal_for(OWNER, bounds)) == (7, PAGES_FULL)
    assert admission.refusal_for(MANEE, bounds) == PAGES_FULL
    assert admission.counts() == (10, 10)
    held.close()
    assert admission.counts() == (0, 0)


@pytest.mark.parametrize(
    ("limit", "connections", "pages"),
    [
        (None, 4_000, 2_000),
        (16_384, 4_000, 2_000),
        (8_192, 3_325, 1_425),
        (1_024, 189, 81),
        (256, 28, 12),
    ],
)
def test_what_fits_into_a_limit_of_the_system(
    limit: int | None, connections: int, pages: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "descriptor_limit", lambda: limit)
    assert limits.connections_that_fit(Bounds()) == connections
    assert limits.sockets_that_fit(Bounds()) == pages


def test_an_office_of_two_hundred_fits() -> None:
    assert Bounds().sockets_address >= 400
    assert Bounds().sockets // 2 * 3 // 4 >= 400


def test_a_queue_lets_a_burst_through_and_then_so_many_a_second() -> None:
    pace = Pace(20)
    waits = [pace.wait(100.0) for _ in range(60)]
    assert waits[:40] == pytest.approx([0.0] * 40, abs=0.06)
    assert waits[40:] == pytest.approx([(n + 1) / 20 for n in range(20)], abs=0.06)
    assert pace.wait(200.0) == 0


def test_files_are_made_in_turn_and_one_person_never_takes_all() -> None:
    bounds = Bounds(exports=3, exports_each=2, exports_waiting=2)

    async def trying() -> None:
        queue = ExportQueue()
        assert [await queue.take(SOMSRI, bounds) for _ in range(2)] == [True, True]
        waiting = [asyncio.create_task(queue.take(SOMSRI, bounds)) for _ in range(2)]
        await asyncio.sleep(0)
        assert not await queue.take(SOMSRI, bounds)  # two wait already
        assert await queue.take(MANEE, bounds)  # though others came first
        assert queue.counts() == (3, 2)
        queue.give_back(SOMSRI, bounds)
        assert await waiting[0]
        assert not waiting[1].done()
        waiting[1].cancel()  # and a place is given to it before it knows
        for holder in (SOMSRI, SOMSRI, MANEE):
            queue.give_back(holder, bounds)
        with pytest.raises(asyncio.CancelledError):
            await waiting[1]
        assert queue.counts() == (0, 0)

    asyncio.run(trying())


@pytest.mark.parametrize("seed", range(10))
def test_places_are_never_lost_or_made(seed: int) -> None:
    """Many clicks of a few persons, some of whose pages go while they wait."""
    dice, bounds = random.Random(seed), Bounds(exports=3, exports_each=2, exports_waiting=5)

    async def trying() -> None:
        queue, most = ExportQueue(), 0

        async def click(holder: Holder) -> None:
            nonlocal most
            if await queue.take(holder, bounds):
                most = max(most, queue.counts()[0])
                try:
                    await asyncio.sleep(dice.random() / 500)
                finally:
                    queue.give_back(holder, bounds)

        holders = [Holder(f"account {n}", False) for n in range(4)]
        tasks = [asyncio.create_task(click(dice.choice(holders))) for _ in range(80)]
        for task in tasks:
            await asyncio.sleep(dice.random() / 2_000)
            if dice.random() < 0.2 and not task.done() and queue.counts()[1]:
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert most <= 3
        assert queue.counts() == (0, 0)

    asyncio.run(trying())


def test_few_shake_hands_at_a_time_and_all_stay_open(monkeypatch: pytest.MonkeyPatch) -> None:
    shaking = most = open_sockets = 0
    everyone = asyncio.Event()

    async def nothing(*_: object) -> None:
        return None

    async def serve_connection(
        app: ASGIApp, scope: Scope, receive: Receive, send: Send, holder: Holder
    ) -> None:
        nonlocal shaking, most, open_sockets
        shaking += 1
        most = max(most, shaking)
        await asyncio.sleep(0.001)
        shaking -= 1
        await send({"type": "websocket.accept"})
        open_sockets += 1
        if open_sockets == 10:
            everyone.set()
        await everyone.wait()

    monkeypatch.setattr(security_middleware, "refusal", lambda *_: None)
    monkeypatch.setattr(security_middleware, "redirect_or_refuse", nothing)
    monkeypatch.setattr(security_middleware, "_account_of", lambda _: (None, OWNER))
    monkeypatch.setattr(security_middleware, "serve_connection", serve_connection)
    scope: Scope = {"type": "websocket", "path": "/_stcore/stream", "headers": []}

    async def connect_all() -> None:
        middleware = security_middleware.SecurityMiddleware(nothing)
        sockets = [middleware(dict(scope), nothing, nothing) for _ in range(10)]  # type: ignore[arg-type]
        await asyncio.wait_for(asyncio.gather(*sockets), 5)

    asyncio.run(connect_all())
    assert (most, open_sockets) == (security_middleware.HANDSHAKES, 10)


def test_one_piece_of_work_is_done_in_each_turn_of_the_loop() -> None:
    turns: list[list[int]] = []

    async def work() -> None:
        queue, loop, done = TurnQueue(), asyncio.get_running_loop(), list[int]()

        def fail() -> None:
            done.append(2)
            raise RuntimeError

        loop.set_exception_handler(lambda *_: None)
        for piece in (lambda: done.append(1), fail, lambda: done.append(3)):
            queue.add(loop, piece)
        for _turn in range(4):
            await asyncio.sleep(0)
            turns.append([*done])
        queue.add(loop, lambda: done.append(4))
        await asyncio.sleep(0)
        turns.append([*done])

    asyncio.run(work())
    assert turns == [[1], [1, 2], [1, 2, 3], [1, 2, 3], [1, 2, 3, 4]]


def test_large_files_are_made_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_queue, "MAX_SECONDS", 0.2)
    person = User("สมศรี", Role.VIEWER, account="somsri")
    with export_queue.large_export(person) as limit:
        assert limit == Bounds().export_mb * 1024**2
        with pytest.raises(export_queue.ExportBusy), export_queue.large_export(person):
            pass
    with pytest.raises(KeyError), export_queue.large_export(person):
        raise KeyError
    with export_queue.large_export(person):  # whatever became of the one before
        pass
    assert _said_of_a_file_that_failed(MANEE) == [_(export_queue.SENTENCES["failed"])]
    busy, failed = (_(export_queue.SENTENCES[key]) for key in ("busy", "failed"))
    assert _said_of_a_file_that_failed(SOMSRI, times=2) == [busy, failed]


def _said_of_a_file_that_failed(holder: Holder, times: int = 1) -> list[str]:
    """What a person's page is told where Streamlit says that files could not be made."""

    async def told() -> list[str]:
        clicks = export_queue.ExportClicks(holder, "th")
        said = []
        for number in range(times):
            assert await clicks.begin(str(number)) is None
            message = ForwardMsg()
            message.backend_operation_response.request_id = str(number)
            message.backend_operation_response.error_msg = "Failed to generate file"
            answer = ForwardMsg.FromString(clicks.answered(message.SerializeToString()))
            said.append(answer.backend_operation_response.error_msg)
        return said

    return asyncio.run(told())
