"""Many tabs at once on one server: real WebSocket sessions that click and wait, without browsers."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from benchmarks.rounds import NotMeasured
from ita.web.streamlit_internals import BackMsg, ForwardMsg

LONGEST_RUN = 120.0
T = TypeVar("T")


@dataclass
class Tab:
    """One session; like a browser it names the messages it still holds."""

    socket: ClientConnection
    query: str = ""
    page_hash: str = ""
    held: list[str] = field(default_factory=list)

    async def click(self) -> float:
        """One rerun; seconds from asking to the end of the run.

        Raises:
            NotMeasured: the run failed, or the page shows an error.
        """
        message = BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.page_script_hash = self.page_hash
        message.rerun_script.cached_message_hashes.extend(self.held)
        held = []
        started = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        while True:
            raw = await asyncio.wait_for(self.socket.recv(decode=False), LONGEST_RUN)
            answer = ForwardMsg.FromString(raw)
            kind = answer.WhichOneof("type")
            if kind == "script_finished":
                seconds = time.perf_counter() - started
                break
            if kind == "new_session":
                self.page_hash = answer.new_session.page_script_hash or self.page_hash
            elif kind == "ref_hash":
                held.append(answer.ref_hash)
            elif kind == "delta":
                _check(answer)
                if answer.metadata.cacheable:
                    held.append(answer.hash)
        if answer.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
            raise NotMeasured(f"a run ended with {answer.script_finished}")
        self.held = held
        return seconds


def _check(answer: ForwardMsg) -> None:
    element = answer.delta.new_element
    kind = element.WhichOneof("type")
    if kind == "exception" or (kind == "alert" and element.alert.format == element.alert.ERROR):
        raise NotMeasured("a page of the crowd shows an error")


class Crowd:
    """Tabs on one server, opened once and kept; each of its measures is a stretch of clicking."""

    def __init__(self, port: int, tabs: int, queries: Sequence[str] = ("",)) -> None:
        # In a thread of its own: a server asks its tabs for a sign of life, also while others are measured.
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._tabs = self._run(self._open(port, tabs, queries))

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _open(self, port: int, tabs: int, queries: Sequence[str]) -> list[Tab]:
        opened = []
        for number in range(tabs):
            socket = await connect(
                f"ws://127.0.0.1:{port}/_stcore/stream",
                subprotocols=[Subprotocol("streamlit")],
                compression=None,
                max_size=None,
                ping_interval=None,
                open_timeout=LONGEST_RUN,
            )
            opened.append(Tab(socket, queries[number % len(queries)]))
            await opened[-1].click()
        return opened

    def click_for(self, seconds: float, pause: float = 0.0) -> list[float]:
        """Every tab clicks until the time is up; how long each click took, in seconds.

        pause: between the starts of a tab's clicks; the tabs begin spread over it.
        """
        return self._run(self._click_for(seconds, pause))

    async def _click_for(self, seconds: float, pause: float) -> list[float]:
        end = time.perf_counter() + seconds
        waits = [pause * number / len(self._tabs) for number in range(len(self._tabs))]
        found = await asyncio.gather(
            *(
                self._keep_clicking(tab, wait, end, pause)
                for tab, wait in zip(self._tabs, waits, strict=True)
            )
        )
        return [took for one in found for took in one]

    async def _keep_clicking(self, tab: Tab, wait: float, end: float, pause: float) -> list[float]:
        took = []
        await asyncio.sleep(wait)
        while time.perf_counter() < end:
            seconds = await tab.click()
            took.append(seconds)
            await asyncio.sleep(max(0.0, pause - seconds))
        return took

    def close(self) -> None:
        async def leave() -> None:
            await asyncio.gather(*(tab.socket.close() for tab in self._tabs))

        self._run(leave())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
