"""A browser's tab without the browser: the bare WebSocket, which speaks Streamlit's protobuf."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any
from urllib.parse import urlencode

from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from ita.web.streamlit_internals import BackMsg, ForwardMsg
from tests.patience import PATIENCE
from tests.serving import Served


@dataclass(frozen=True)
class Came:
    """What one run sent. raw: every byte of it; messages: the same, taken apart."""

    raw: bytes
    messages: tuple[ForwardMsg, ...]

    @property
    def said(self) -> str:
        return self.raw.decode("utf-8", "replace")

    def menu(self) -> set[str]:
        """The addresses that the menu shows."""
        shown = [m.navigation.app_pages for m in self.messages if m.HasField("navigation")]
        return {page.url_pathname for page in (shown[-1] if shown else ()) if not page.is_hidden}

    def sections(self) -> dict[str, list[str]]:
        """The menu as it is drawn: the pages that show under each section, by their addresses."""
        (found,) = (m.navigation for m in self.messages if m.HasField("navigation"))
        return {
            section: [
                page.url_pathname
                for page in found.app_pages
                if page.section_header == section and not page.is_hidden
            ]
            for section in found.sections
        }

    def elements(self, kind: str) -> list[Any]:
        """The elements of a kind, in the order they came."""
        deltas = [m.delta.new_element for m in self.messages if m.WhichOneof("type") == "delta"]
        return [getattr(d, kind) for d in deltas if d.WhichOneof("type") == kind]

    @property
    def session_id(self) -> str:
        return next(
            m.new_session.initialize.session_id for m in self.messages if m.HasField("new_session")
        )


class Tab:
    """One connection to one page. cookies, headers: as the browser, or who plays one, sends them."""

    def __init__(
        self,
        served: Served,
        page: str = "",
        cookies: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        origin: str | None = None,
        choices: Mapping[str, str] | None = None,
        session: str = "",
        xsrf: str = "PLACEHOLDER",
    ) -> None:
        self.page, self.choices = page, dict(choices or {})
        self._chosen: dict[str, str] = {}
        self._last: Came | None = None
        cookie = "; ".join(f"{name}={value}" for name, value in (cookies or {}).items())
        subprotocols = ["streamlit", xsrf, *([session] if session else [])]
        named = dict(headers or {})
        host = named.pop("Host", f"127.0.0.1:{served.port}")
        self.socket = connect(
            f"ws://{host}{served.root}/_stcore/stream",
            sock=socket.create_connection(("127.0.0.1", served.port), PATIENCE),
            subprotocols=[Subprotocol(name) for name in subprotocols],
            additional_headers={**({"Cookie": cookie} if cookie else {}), **named},
            origin=Origin(origin) if origin else None,
            compression=None,
            max_size=None,
            ping_interval=None,
            legacy=True,
            open_timeout=PATIENCE,
        )

    def __enter__(self) -> Tab:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.socket.close()

    def run(self, fragment: str = "") -> Came:
        """Ask for a run of the page, and wait for its end."""
        return self._say(self._wish(fragment))

    def set(self, box: Any, option: str, fragment: str = "") -> Came:
        """Choose an option of a selectbox, or type a text, which stays."""
        self._chosen[box.id] = option
        return self.run(fragment)

    def click(self, button: Any) -> Came:
        wish = self._wish()
        state = wish.rerun_script.widget_states.widgets.add()
        state.id, state.trigger_value = button.id, True
        return self._say(wish)

    def find(self, kind: str, label: str) -> Any:
        """A widget of the last run, the first with that label."""
        assert self._last
        return next(e for e in self._last.elements(kind) if e.label == label)

    def _wish(self, fragment: str = "") -> BackMsg:
        wish = BackMsg()
        wish.rerun_script.query_string = urlencode(self.choices)
        wish.rerun_script.page_name = self.page
        wish.rerun_script.fragment_id = fragment
        for widget, option in self._chosen.items():
            state = wish.rerun_script.widget_states.widgets.add()
            state.id, state.string_value = widget, option
        return wish

    def _say(self, wish: BackMsg) -> Came:
        self.socket.send(wish.SerializeToString())
        self._last = self.hear()
        return self._last

    def hear(self) -> Came:
        raw, messages = b"", []
        while True:
            part = self.socket.recv(PATIENCE, decode=False)
            message = ForwardMsg.FromString(part)
            raw += part
            messages.append(message)
            early = message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN
            if message.WhichOneof("type") == "script_finished" and not early:
                return Came(raw, tuple(messages))


def visited(served: Served, page: str = "", **shown: object) -> Came:
    """What a first visit of a page gets."""
    with Tab(served, page, **shown) as tab:  # type: ignore[arg-type]
        return tab.run()
