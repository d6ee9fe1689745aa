"""A small server, and more of everything than it takes: connections, pages, slow and large requests."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import pytest
from streamlit.proto.ForwardMsg_pb2 import BackendOperationResponse
from websockets.exceptions import ConnectionClosed, InvalidStatus

from ita.i18n import _
from ita.web import sockets
from ita.web.export_queue import SENTENCES
from ita.web.streamlit_internals import BackMsg, ForwardMsg
from tests.patience import PATIENCE
from tests.serving import serving
from tests.web.asking import Answer, ask
from tests.web.conftest import Office, furnish
from tests.web.tabs import Tab, visited

pytestmark = pytest.mark.slow

BOUNDS = {
    "connections": 60,
    "sockets_address": 8,
    "sockets_account": 6,
    "header_seconds": 1,
    "body_seconds": 1,
    "first_run_seconds": 2,
    "exports_each": 1,
    "exports_waiting": 1,
    "heavy_minute": 8,
}
PAGE = "text/html,application/xhtml+xml"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("bounded")
    tokens = furnish(folder)
    set_to = ",".join(f"{name}={value}" for name, value in BOUNDS.items())
    with serving(folder, environment={"ITA_BOUNDS": set_to, "ITA_PUBLIC": "1"}) as served:
        ask(served, "/sign-in")
        yield Office(served, tokens)


def asked(office: Office, path: str, **headers: str) -> Answer:
    return ask(office.served, path, **headers)


def refusals(office: Office) -> dict[str, int]:
    """How often requests were refused so far, by reason."""
    lines = asked(office, "/metrics").text.splitlines()
    start = 'ita_events_total{event="refused",reason="'
    pairs = (line.removeprefix(start).split('"} ') for line in lines if line.startswith(start))
    return {reason: int(count) for reason, count in pairs}


def opened(office: Office, held: ExitStack, most: int, **shown: object) -> list[int]:
    """Open tabs until one is refused; the status of each, 101 for one that stays open."""
    statuses = []
    for _attempt in range(most):
        try:
            tab = held.enter_context(Tab(office.served, **shown))  # type: ignore[arg-type]
            tab.run()
            statuses.append(101)
        except InvalidStatus as refused:
            assert "text/plain" in refused.response.headers["content-type"]
            assert refused.response.headers["retry-after"] == "30"
            statuses.append(refused.response.status_code)
    return statuses


def test_pages_are_counted_by_address_and_by_account(office: Office) -> None:
    here, there = ({"X-Forwarded-For": address} for address in ("203.0.113.1", "203.0.113.2"))
    mine = office.cookies("viewer")
    with ExitStack() as held:
        assert opened(office, held, 10, headers=here) == [101] * 8 + [429] * 2
        assert opened(office, held, 1, headers=there) == [101]
        assert opened(office, held, 7, headers=here, cookies=mine) == [101] * 6 + [429]
        assert opened(office, held, 1, headers=here, cookies=office.cookies("admin")) == [101]
        page = asked(office, "/trend", X_Forwarded_For="203.0.113.1", Accept=PAGE)
        assert (page.status, page.headers["retry-after"]) == (429, "30")
        assert "การเข้าสู่ระบบทำให้นับแยกเป็นรายคน" in page.text
        assert '<a class="button" href="/trend">' in page.text
        english = asked(office, "/trend?lang=en", X_Forwarded_For="203.0.113.1", Accept=PAGE)
        assert "Too many pages open" in english.text
        assert asked(office, "/sign-in", X_Forwarded_For="203.0.113.1").status == 200
    assert refusals(office)["pages-too-many"] >= 5
    end = time.monotonic() + PATIENCE
    while asked(office, "/trend", X_Forwarded_For="203.0.113.1", Accept=PAGE).status != 200:
        assert time.monotonic() < end  # room again


def test_strangers_leave_room_for_those_who_sign_in(office: Office) -> None:
    with ExitStack() as held:
        came: list[int] = []
        for number in range(4):
            origin = {"X-Forwarded-For": f"203.0.113.{100 + number}"}
            came += opened(office, held, 7, headers=origin)
        assert came.count(101) == 60 * 3 // 4 // 2
        assert set(came[22:]) == {503}
        assert "88.92" in visited(office.served, cookies=office.cookies("viewer")).said


def test_a_page_that_asks_for_nothing_is_closed(office: Office) -> None:
    origin = {"X-Forwarded-For": "203.0.113.3"}
    with Tab(office.served, headers=origin) as idle, Tab(office.served, headers=origin) as busy:
        busy.run()
        with pytest.raises(ConnectionClosed) as closed:
            idle.hear()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1008
        assert busy.run().messages
    assert refusals(office)["no-first-run"] >= 1


def raw(office: Office, *parts: bytes, pause: float = 0.0, forever: bytes = b"") -> bytes:
    """What a server says to bytes of one's own, until it hangs up; forever: sent again and again behind
    them. Raises TimeoutError where it does not hang up."""
    end = time.monotonic() + PATIENCE
    with socket.create_connection(("127.0.0.1", office.served.port), PATIENCE) as line:
        with suppress(BrokenPipeError, ConnectionResetError):
            for part in parts:
                line.sendall(part)
                time.sleep(pause)
            while forever:
                if time.monotonic() > end:
                    raise TimeoutError
                line.sendall(forever)
                time.sleep(pause)
        said = b""
        with suppress(ConnectionResetError):
            while part := line.recv(65_536):
                said += part
        return said


def host(office: Office) -> bytes:
    return f"Host: 127.0.0.1:{office.served.port}\r\n".encode()


@pytest.mark.parametrize(
    ("head", "forever"),
    [
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: ", b""),
        (b"x", b"x"),
        (b"GET / HTTP/1.1\r\n", b"A: b\r\n"),
    ],
    ids=["stalled", "trickled", "line by line"],
)
def test_headers_that_do_not_come_end_the_connection(
    head: bytes, forever: bytes, office: Office
) -> None:
    raw(office, head, pause=0.1, forever=forever)
    assert refusals(office)["headers-slow"] >= 1


def test_what_comes_after_an_answer_does_not_keep_a_connection(office: Office) -> None:
    """A body that nobody reads, one byte at a time."""
    head = b"GET /health HTTP/1.1\r\n" + host(office) + b"Content-Length: 5000\r\n\r\n"
    assert b" 200 OK" in raw(office, head, pause=0.1, forever=b"x")


@pytest.mark.parametrize("times", [1, 40])
def test_a_body_that_does_not_come_is_answered(times: int, office: Office) -> None:
    head = b"POST /sign-in HTTP/1.1\r\n" + host(office)
    head += b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 900\r\n\r\n"
    said = raw(office, head, *[b"a"] * times, pause=0.1)
    assert said.startswith(b"HTTP/1.1 408")
    assert "ยังไม่มีการบันทึก".encode() in said


def test_idle_connections_make_room(office: Office) -> None:
    """Twice as many as there may be: those that wait longest without asking go."""
    with ExitStack() as held:
        for _ in range(130):
            line = socket.create_connection(("127.0.0.1", office.served.port), PATIENCE)
            held.enter_context(line)
            line.sendall(b"GET / HTT")
        assert asked(office, "/health").status == 200
        assert "88.92" in visited(office.served, cookies=office.cookies("viewer")).said


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/trend?agency=" + "x" * 64 * 1024, 414),
        ("/trend?" + "&".join(f"a{n}=1" for n in range(10_000)), 414),
        ("/trend?" + "&".join(["a"] * 2_000), 414),
        ("/" + "x" * 20_000, 414),
        ("/trend?agency=" + "x" * 4_000, 200),
        ("/trend?" + "&".join(["a=1"] * 400), 200),
    ],
)
def test_long_addresses(path: str, status: int, office: Office) -> None:
    answer = asked(office, path, Accept=PAGE)
    assert answer.status == status
    if status == 414 and len(path) < 60_000:  # a page leads back; above that it is no request
        assert '<a class="button" href="/">' in answer.text
    assert "ยาว" in answer.text or status == 200


def test_a_pages_own_address_is_bounded_too(office: Office) -> None:
    """What a script tells the server to be its address comes over the socket."""
    wish = BackMsg()
    wish.rerun_script.query_string = "agency=" + "x" * 64 * 1024
    with Tab(office.served, headers={"X-Forwarded-For": "203.0.113.4"}) as tab:
        tab.run()
        tab.socket.send(wish.SerializeToString())
        assert tab.run().messages  # and the page lives on
    assert refusals(office)["address-too-long"] >= 1


@pytest.mark.parametrize("size", [40_000, 100_000])
def test_enormous_cookies(size: int, office: Office) -> None:
    answer = asked(office, "/trend", Accept=PAGE, Cookie="a=" + "x" * size)
    assert answer.status == 431
    assert "คุกกี้" in answer.text


def test_a_handshake_with_an_enormous_header_is_answered(office: Office) -> None:
    with pytest.raises(InvalidStatus) as refused:
        Tab(office.served, headers={"X-Long": "x" * 9_000})
    assert refused.value.response.status_code == 431


def test_a_flood_of_pings_ends(office: Office) -> None:
    with Tab(office.served, headers={"X-Forwarded-For": "203.0.113.5"}) as tab:
        tab.run()
        with pytest.raises(ConnectionClosed):
            for _ in range(500):
                tab.socket.ping()
                time.sleep(0.002)
            tab.hear()
    assert refusals(office)["control-frames"] >= 1


def test_a_message_in_countless_pieces_ends(office: Office) -> None:
    with Tab(office.served, headers={"X-Forwarded-For": "203.0.113.6"}) as tab:
        tab.run()
        with pytest.raises(ConnectionClosed):
            tab.socket.send(b"x" for _ in range(6_000))
            tab.hear()
    assert refusals(office)["message-in-pieces"] >= 1


def test_a_flood_of_messages_waits_its_turn(office: Office) -> None:
    """Twenty a second after a burst; the server answers others meanwhile, and loses nothing."""
    wish = BackMsg(app_heartbeat=True)
    with Tab(office.served, headers={"X-Forwarded-For": "203.0.113.7"}) as tab:
        tab.run()
        begun = time.monotonic()
        for _ in range(100):
            tab.socket.send(wish.SerializeToString())
        assert tab.run().messages
        assert time.monotonic() - begun > 2.5


def next_answer(tab: Tab) -> BackendOperationResponse:
    """The answer to a click on a download, whatever else comes."""
    while True:
        message = ForwardMsg.FromString(tab.socket.recv(PATIENCE, decode=False))
        if message.WhichOneof("type") == "backend_operation_response":
            return message.backend_operation_response


def test_files_are_made_a_few_at_a_time(office: Office) -> None:
    """Every click is answered: with a file, or with a sentence that the page shows below the button."""
    with Tab(office.served, "download", office.cookies("admin")) as tab:
        came = tab.run()
        file = next(
            b.deferred_file_id for b in came.elements("download_button") if b.deferred_file_id
        )
        for number in range(12):
            wish = BackMsg()
            wish.backend_operation_request.request_id = f"click-{number}"
            wish.backend_operation_request.session_id = came.session_id
            wish.backend_operation_request.deferred_file.file_id = file
            tab.socket.send(wish.SerializeToString())
        answers = {}
        while len(answers) < 12:
            answer = next_answer(tab)
            answers[answer.request_id] = answer
        refused = [answer.error_msg for answer in answers.values() if answer.error_msg]
        assert 1 <= len(refused) <= 10
        assert set(refused) == {_(SENTENCES["many"])}
        assert all(a.deferred_file.url for a in answers.values() if not a.error_msg)
        assert tab.run().messages
    assert refusals(office)["exports-too-many"] == len(refused)
    assert "ita_exports_running 0" in asked(office, "/metrics").text


def test_a_file_that_is_no_more_is_told_in_our_words(office: Office) -> None:
    wish = BackMsg()
    wish.backend_operation_request.request_id = "click"
    wish.backend_operation_request.deferred_file.file_id = "gone"
    with Tab(office.served, "download", office.cookies("admin")) as tab:
        tab.run()
        tab.socket.send(wish.SerializeToString())
        answer = next_answer(tab)
    assert answer.error_msg == _(SENTENCES["failed"])


def test_a_heavy_page_is_drawn_so_often(office: Office) -> None:
    too_often = "ถูกเปิดบ่อยเกินไป"
    with Tab(office.served, "compare", office.cookies("executive")) as tab:
        drawn = [too_often in tab.run().said for _ in range(6)]
        assert (drawn[0], drawn[-1]) == (False, True)
        assert "ลองอีกครั้ง" in tab.run().said
    assert too_often not in visited(office.served, "compare", cookies=office.cookies("viewer")).said
    assert (
        too_often not in visited(office.served, "trend", cookies=office.cookies("executive")).said
    )
    assert refusals(office)["pages-too-often"] >= 1


def test_frames_before_the_handshake_end_the_connection(office: Office) -> None:
    handshake = (
        b"GET /_stcore/stream HTTP/1.1\r\n" + host(office) + b"Upgrade: websocket\r\n"
        b"Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: streamlit\r\n\r\n"
    )
    ping = b"\x89\xfd" + bytes(4) + b"x" * 125
    raw(office, handshake, forever=ping)
    assert refusals(office).keys() & {"early-frames", "control-frames"}
    assert "data_received() call failed" not in office.served.told()


def test_the_system_keeps_more_connections_than_are_taken_at_a_time() -> None:
    """What it drops comes again a second later: so long /health took while strangers connected."""

    async def flood() -> int:
        class Quiet(asyncio.Protocol):
            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                sockets._lengthen_accept_queue(transport)

        loop = asyncio.get_running_loop()
        server = await loop.create_server(Quiet, "127.0.0.1", 0, backlog=1)
        address = server.sockets[0].getsockname()
        first = await asyncio.open_connection(*address)
        connected = []
        with ExitStack() as stack:
            for _unused in range(50):  # nobody takes them: the loop waits here
                connected.append(stack.enter_context(socket.create_connection(address, 0.5)))
        first[1].close()
        server.close()
        return len(connected)

    assert asyncio.run(flood()) == 50
