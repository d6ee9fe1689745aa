"""One browser tab without the browser: a real WebSocket session that speaks Streamlit's protobuf."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from urllib.parse import urlencode

from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from benchmarks.rounds import NotMeasured
from ita.web.streamlit_internals import BackMsg, Delta, ForwardMsg

LONGEST_RUN = 60.0


@dataclass(frozen=True)
class Drawn:
    """One script run. seconds: asked → finished. sent: bytes that came. elements: by kind, as they
    stand on the page afterwards; content: all they say, as it is sent."""

    seconds: float
    sent: int
    elements: Counter[str]
    content: bytes


class Session:
    """A session on one page; each `rerun` asks for a run and waits until it has finished.

    Like the browser it names the messages it still holds, so unchanged ones come as references.
    """

    def __init__(self, port: int, page: str = "", choices: Mapping[str, object] | None = None):
        self._page = page
        self._page_hash = ""
        self._query = urlencode(choices or {})
        self._held: dict[str, Delta] = {}
        self._socket: ClientConnection = connect(
            f"ws://127.0.0.1:{port}/_stcore/stream",
            subprotocols=[Subprotocol("streamlit")],
            compression=None,
            max_size=None,
            ping_interval=None,
            open_timeout=LONGEST_RUN,
        )

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.close()

    def rerun(self) -> Drawn:
        """One run of the page.

        Raises:
            NotMeasured: the run failed, or another page came than the one asked for.
        """
        asked = self._request()
        started = time.perf_counter()
        self._socket.send(asked)
        page: dict[tuple[int, ...], Delta] = {}
        held: dict[str, Delta] = {}
        sent = 0
        while True:
            raw = self._socket.recv(LONGEST_RUN, decode=False)
            sent += len(raw)
            message = ForwardMsg.FromString(raw)
            kind = message.WhichOneof("type")
            if kind == "script_finished":
                seconds = time.perf_counter() - started
                break
            if kind == "navigation":
                self._page_hash = message.navigation.page_script_hash
            elif kind == "page_not_found":
                raise NotMeasured(f"no page /{self._page}")
            elif kind in ("delta", "ref_hash"):
                delta = message.delta if kind == "delta" else self._held[message.ref_hash]
                if kind == "ref_hash":
                    held[message.ref_hash] = delta
                elif message.metadata.cacheable:
                    held[message.hash] = delta
                _place(page, tuple(message.metadata.delta_path), delta)
        if message.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
            raise NotMeasured(f"a run of /{self._page} ended with {message.script_finished}")
        self._held = held
        kinds = Counter(str(delta.new_element.WhichOneof("type")) for delta in page.values())
        content = b"".join(delta.SerializeToString() for delta in page.values())
        return Drawn(seconds, sent, kinds, content)

    def _request(self) -> bytes:
        message = BackMsg()
        message.rerun_script.query_string = self._query
        message.rerun_script.page_name = "" if self._page_hash else self._page
        message.rerun_script.page_script_hash = self._page_hash
        message.rerun_script.cached_message_hashes.extend(self._held)
        asked: bytes = message.SerializeToString()
        return asked


def _place(page: dict[tuple[int, ...], Delta], path: tuple[int, ...], delta: Delta) -> None:
    if delta.WhichOneof("type") != "new_element":
        return
    element = delta.new_element
    kind = element.WhichOneof("type")
    if kind == "exception":
        raise NotMeasured(f"the page shows {element.exception.type}: {element.exception.message}")
    if kind == "alert" and element.alert.format == element.alert.ERROR:
        raise NotMeasured(f"the page shows an error: {element.alert.body}")
    page[path] = delta
