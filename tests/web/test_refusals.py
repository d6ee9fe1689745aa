"""Whoever plays a browser: foreign names and pages, others' uploads, bodies too large, and all noted."""

from __future__ import annotations

import http.client
import secrets
import time
from contextlib import suppress
from pathlib import Path
from statistics import quantiles

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from ita.web.page_connections import STRANGERS_BYTES
from ita.web.requests import LOCAL_HEADER, SESSION_COOKIE
from ita.web.streamlit_internals import BackMsg
from tests.patience import PATIENCE
from tests.serving import Served, serving
from tests.web.asking import Visitor, ask
from tests.web.conftest import PASSWORD, Office, furnish
from tests.web.tabs import Tab, visited

PATHS = (
    "/",
    "/health",
    "/sign-in",
    "/static/index.html",
    "/media/x",
    "/_stcore/health",
    "/nowhere",
)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8501", "127.0.0.1.evil.example", "a b"]
)
def test_a_name_that_is_not_ours_gets_nothing(path: str, host: str, office: Office) -> None:
    answer = ask(office.served, path, cookies=office.cookies("admin"), Host=host)
    assert answer.status == 400
    assert "ITA_HOSTS" in answer.text
    assert host not in answer.text


@pytest.mark.parametrize(
    ("headers", "origin"),
    [
        ({"Host": "evil.example"}, None),
        ({}, "http://evil.example"),
        ({}, "null"),
        ({}, "http://localhost:1"),
        ({"Host": "evil.example"}, "http://evil.example"),
    ],
)
def test_a_socket_of_another_page_is_not_opened(
    headers: dict[str, str], origin: str | None, office: Office
) -> None:
    with pytest.raises(InvalidStatus) as refused:
        Tab(office.served, cookies=office.cookies("admin"), headers=headers, origin=origin)
    assert refused.value.response.status_code == 403


def test_a_socket_of_our_own_page_is(office: Office) -> None:
    came = visited(office.served, cookies=office.cookies("viewer"), origin=office.served.url)
    assert "88.92" in came.said


@pytest.mark.parametrize(
    "forged",
    [
        {LOCAL_HEADER: "1"},
        {LOCAL_HEADER: "x" * 32},
        {"X-Ita-Near": "true"},
        {"x-ita-account": "admin"},
    ],
)
def test_our_own_marks_are_believed_from_us_alone(forged: dict[str, str], office: Office) -> None:
    assert "88.92" not in visited(office.served, headers=forged).said


@pytest.mark.parametrize(
    "path", ["/_stcore/metrics", "/_stcore/agent/mcp", "/_stcore/agent/openapi.json"]
)
def test_streamlits_further_doors_are_shut(path: str, office: Office) -> None:
    assert ask(office.served, path, cookies=office.cookies("admin")).status == 404
    assert ask(office.served, path, "POST", b"{}").status == 404


def upload(
    served: Served,
    session: str,
    cookies: dict[str, str],
    name: str = "a.csv",
    file: str = "file-1",
    content: str = "a,b",
) -> int:
    """Send a file to a session, as a page would."""
    body = (
        f'--x\r\nContent-Disposition: form-data; name="f"; filename="{name}"\r\n'
        f"Content-Type: text/csv\r\n\r\n{content}\r\n--x--\r\n"
    ).encode()
    return send(served, session, cookies, body, file)


def send(
    served: Served, session: str, cookies: dict[str, str], body: bytes, file: str = "file-1"
) -> int:
    xsrf = ask(served, "/_stcore/health").cookies["_streamlit_xsrf"].partition(";")[0]
    answer = ask(
        served,
        f"/_stcore/upload_file/{session}/{file}",
        "PUT",
        body,
        {**cookies, "_streamlit_xsrf": xsrf},
        Content_Type="multipart/form-data; boundary=x",
        X_Xsrftoken=xsrf,
    )
    return answer.status


def test_a_session_takes_files_from_its_own_browser_only(office: Office) -> None:
    mine = office.cookies("own-staff")
    with Tab(office.served, "upload", mine) as tab:
        session = tab.run().session_id
        assert upload(office.served, session, mine) == 204
        assert upload(office.served, session, office.cookies("other-staff")) == 403
        assert upload(office.served, session, office.cookies("admin")) == 403
        assert upload(office.served, session, {}) == 403
        assert upload(office.served, secrets.token_hex(16), mine) == 403


@pytest.mark.parametrize(("asker", "status"), [("viewer", 403), ("executive", 403), ("admin", 204)])
def test_who_may_bring_nothing_in_sends_no_file(asker: str, status: int, office: Office) -> None:
    """Not to their own page either: no widget is asked whether it waits for one."""
    mine = office.cookies(asker)
    with Tab(office.served, "trend", mine) as tab:
        assert upload(office.served, tab.run().session_id, mine) == status


@pytest.mark.slow
def test_a_persons_pages_hold_so_much_and_no_more(tmp_path: Path) -> None:
    cookies = {SESSION_COOKIE: furnish(tmp_path)["own-staff"]}
    content = "x" * 900_000
    with (
        serving(tmp_path, "--server.maxUploadSize", "1") as served,
        Tab(served, "upload", cookies, choices={"kind": "scores"}) as tab,
        Tab(served, "upload", cookies, choices={"kind": "scores"}) as other,
    ):
        pages = [tab.run().session_id, other.run().session_id]
        sent = [
            upload(served, pages[n % 2], cookies, file=f"file-{n}", content=content)
            for n in range(12)
        ]
        assert sent == [204] * 9 + [413] * 3  # of four times the largest, with its form
        assert "ยังไม่ได้รับไฟล์นี้" in tab.hear().said  # drawn by itself, with why
        assert upload(served, pages[0], cookies, file="file-0") == 204  # a small one
    assert '"reason": "uploads-too-many"' in served.told()


PARTS = {
    "two files": [b'name="f"; filename="a.csv"\r\n\r\na', b'name="g"; filename="b.csv"\r\n\r\nb'],
    "a hundred thousand": [b'name="f"\r\n\r\n'] * 100_000,
    "a header of a megabyte": [b'name="f"; filename="' + b"a" * 1_000_000 + b'"\r\n\r\na'],
    "no end of a header": [b'name="f"; filename="a.csv"\r\n' + b"X: y\r\n" * 100_000],
}


@pytest.mark.parametrize("what", PARTS)
def test_an_upload_is_one_file_and_the_page_says_so(what: str, office: Office) -> None:
    mine = office.cookies("own-staff")
    parts = [b"--x\r\nContent-Disposition: form-data; " + part for part in PARTS[what]]
    with Tab(office.served, "upload", mine, choices={"kind": "scores"}) as tab:
        session = tab.run().session_id
        with suppress(BrokenPipeError, ConnectionResetError):  # hung up in the middle: as good
            assert send(office.served, session, mine, b"\r\n".join([*parts, b"--x--\r\n"])) == 400
        assert "ไม่ใช่ไฟล์เดียว" in tab.hear().said
        assert "ไม่ใช่ไฟล์เดียว" in tab.run().said  # until a file comes
        assert upload(office.served, session, mine) == 204


def test_an_upload_without_a_length_or_an_open_tab_is_not_read(office: Office) -> None:
    mine = office.cookies("own-staff")
    with Tab(office.served, "upload", mine) as tab:
        session = tab.run().session_id
        assert begin(office.served, session, mine, Transfer_Encoding="chunked") == 411
        plain = {"Content_Length": "99999", "Content_Type": "text/csv"}
        assert begin(office.served, session, mine, **plain) == 400
    end = time.monotonic() + PATIENCE
    while begin(office.served, session, mine, Content_Length="99999") != 404:
        assert time.monotonic() < end


def begin(served: Served, session: str, cookies: dict[str, str], **headers: str) -> int:
    """The answer to an upload of which nothing but the headers comes."""
    sent = {
        "Content_Type": "multipart/form-data; boundary=x",
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        **headers,
    }
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=PATIENCE)
    connection.putrequest("PUT", f"/_stcore/upload_file/{session}/file-1")
    for name, value in sent.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    status = connection.getresponse().status
    connection.close()
    return status


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "..\\\\..\\\\x.csv", "/etc/passwd", "a\\x00b.csv", "…" * 300]
)
def test_a_name_full_of_tricks_is_a_name(name: str, office: Office) -> None:
    mine = office.cookies("own-staff")
    with Tab(office.served, "upload", mine) as tab:
        assert upload(office.served, tab.run().session_id, mine, name) in (204, 400)
    assert ask(office.served, "/health").status == 200


def test_files_of_pages_are_for_those_who_may_look(office: Office) -> None:
    assert ask(office.served, "/media/0123456789abcdef.csv").status == 403
    found = ask(office.served, "/media/0123456789abcdef.csv", cookies=office.cookies("viewer"))
    assert found.status == 404
    assert found.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/sign-in", 20_000),
        ("/", 20_000),
        ("/_stcore/upload_file/x/y", 102 * 1024 * 1024),
        ("/sign-in", 10**15),
    ],
)
def test_a_body_above_its_cap_is_refused_before_it_is_read(
    path: str, told: int, office: Office
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", office.served.port, timeout=PATIENCE)
    connection.putrequest("PUT" if "upload" in path else "POST", path)
    connection.putheader("Content-Length", str(told))
    connection.putheader("Content-Type", "application/x-www-form-urlencoded")
    connection.endheaders()  # and not one byte of the body
    assert connection.getresponse().status == 413
    connection.close()


def test_a_body_without_a_length_ends_at_the_cap(office: Office) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", office.served.port, timeout=PATIENCE)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    chunks = iter([b"a=" + b"x" * 4096] + [b"x" * 4096] * 40)
    try:
        connection.request("POST", "/sign-in", chunks, headers, encode_chunked=True)
        assert connection.getresponse().status == 400
    except (BrokenPipeError, ConnectionResetError):
        pass  # the server hung up in the middle, which is as good
    connection.close()


def test_a_stranger_may_not_send_much(office: Office) -> None:
    wish = BackMsg()
    wish.rerun_script.query_string = "x" * (STRANGERS_BYTES + 1)
    with Tab(office.served) as tab:
        tab.socket.send(wish.SerializeToString())
        with pytest.raises(ConnectionClosed) as closed:
            tab.hear()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009


def test_the_state_of_a_page_has_a_cap(office: Office) -> None:
    wish = BackMsg()
    state = wish.rerun_script.widget_states.widgets.add()
    state.id, state.string_value = "x", "x" * (11 * 1024 * 1024)
    with Tab(office.served, cookies=office.cookies("viewer")) as tab:
        with pytest.raises(ConnectionClosed) as closed:
            tab.socket.send(wish.SerializeToString())
            tab.hear()
        # The server hangs up at the message's length, maybe before the code is read here.
        assert closed.value.rcvd is None or closed.value.rcvd.code == 1009
    assert '"reason": "message-too-large"' in office.served.told()


def test_nonsense_on_a_socket_closes_it_and_nothing_else(office: Office) -> None:
    with Tab(office.served) as tab:
        tab.socket.send(b"\xff" * 100)
        with pytest.raises(ConnectionClosed):
            tab.hear()
    with Tab(office.served) as tab:
        tab.socket.send("text")
        with pytest.raises(ConnectionClosed):
            tab.hear()
    assert ask(office.served, "/health").status == 200


@pytest.mark.slow
def test_ten_thousand_wrong_passwords_cost_little(office: Office) -> None:
    """A try that is refused from memory must cost next to nothing, and others still get in."""
    visitor = Visitor(office.served, {})
    form = visitor.open("/sign-in").text.partition('name="form" value="')[2].partition('"')[0]
    fields = {"form": form, "next": "/", "account": "newcomer", "password": "wrong"}
    connection = http.client.HTTPConnection("127.0.0.1", office.served.port, timeout=PATIENCE)
    body = "&".join(f"{name}={value}" for name, value in fields.items())
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"ita_form={visitor.cookies['ita_form']}",
        "X-Forwarded-For": visitor.address,
    }
    tries, refused, seconds = 1_000, 0, []
    for _ in range(tries):
        started = time.perf_counter()
        connection.request("POST", "/sign-in", body, headers)
        response = connection.getresponse()
        response.read()
        seconds.append(time.perf_counter() - started)
        refused += response.status in (401, 429)
    connection.close()
    assert refused == tries
    # A fast one, for a busy machine makes many slow; argon2 for each would be some 1,000 s.
    assert quantiles(seconds, n=10)[0] * 10_000 < 600
    assert SESSION_COOKIE in Visitor(office.served, {}).sign_in("executive", PASSWORD).cookies


def test_refusals_stand_in_the_log_by_their_reason(office: Office) -> None:
    for reason in ("host", "origin", "path", "other-session", "not-signed-in", "body-too-large"):
        assert f'"reason": "{reason}"' in office.served.told()
    assert "evil.example" not in office.served.told()
    assert "Traceback" not in office.served.told()
