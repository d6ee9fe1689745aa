"""A page that stays open: its session ends, its person's role changes, somebody signs in again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed

from ita.web.requests import SESSION_COOKIE
from ita.web.streamlit_internals import BackMsg, ForwardMsg
from tests.serving import serving
from tests.web.asking import Visitor
from tests.web.conftest import PASSWORD, Office, furnish
from tests.web.tabs import Came, Tab, visited

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One of our own: here sessions end."""
    folder = tmp_path_factory.mktemp("office")
    tokens = furnish(folder)
    with serving(folder) as served:
        yield Office(served, tokens)


def signed_in(office: Office, name: str) -> Visitor:
    visitor = Visitor(office.served, {})
    assert visitor.sign_in(name, PASSWORD).status == 303
    return visitor


def downloads(came: Came) -> list[str]:
    buttons = came.elements("download_button")
    return [button.deferred_file_id for button in buttons if button.deferred_file_id]


def made(tab: Tab, session: str, file: str) -> str:
    """What a click on a download gets: an address, or "" where it is refused or nothing comes."""
    wish = BackMsg()
    wish.backend_operation_request.request_id = "1"
    wish.backend_operation_request.session_id = session
    wish.backend_operation_request.deferred_file.file_id = file
    tab.socket.send(wish.SerializeToString())
    while True:
        try:
            message = ForwardMsg.FromString(tab.socket.recv(10, decode=False))
        except TimeoutError:
            return ""
        if message.HasField("backend_operation_response"):
            return message.backend_operation_response.deferred_file.url


def test_a_file_is_made_for_who_may_have_it_when_it_is_clicked(office: Office) -> None:
    visitor = signed_in(office, "executive")
    with Tab(office.served, "download", visitor.cookies) as tab:
        came = tab.run()
        files = downloads(came)
        addresses = [made(tab, came.session_id, file) for file in files]
        assert all(addresses)
        assert len(addresses) > 4
        assert visitor.open(addresses[0]).status == 200
        assert Visitor(office.served, {}).open(addresses[0]).status == 403
        token = visitor.cookies[SESSION_COOKIE]
        visitor.fill("/sign-out")
        with suppress(ConnectionClosed):  # where it is begun anew already, with nobody
            assert [made(tab, came.session_id, file) for file in files] == [""] * len(files)
    assert "88.92" not in visited(office.served, cookies={SESSION_COOKIE: token}).said


def fragment_with(came: Came, kind: str) -> str:
    """The part of the page, run by itself, that draws an element of this kind."""
    deltas = [m.delta for m in came.messages if m.WhichOneof("type") == "delta"]
    return next(
        d.fragment_id for d in deltas if d.new_element.WhichOneof("type") == kind and d.fragment_id
    )


def test_a_part_of_a_page_speaks_the_language_of_the_page(office: Office) -> None:
    visitor = signed_in(office, "viewer")
    with Tab(office.served, "trend", visitor.cookies, choices={"lang": "en"}) as tab:
        search = fragment_with(tab.run(), "text_input")
        field = tab.find("text_input", "Search pages, agencies, measures or indicators")
        assert "Nothing found for" in tab.set(field, "zzzz", search).said


def test_a_part_of_a_page_is_not_drawn_without_its_questions(office: Office) -> None:
    visitor = signed_in(office, "viewer")
    with Tab(office.served, "what-if", visitor.cookies) as tab:
        fragment = fragment_with(tab.run(), "slider")
        assert tab.run(fragment).elements("slider")
        change_role(office, "viewer", "ผู้บริหาร")
        after = tab.run(fragment)
        assert not after.elements("slider")
        assert "การเข้าสู่ระบบสิ้นสุดแล้ว" in after.said


def test_a_click_does_nothing_for_who_is_gone_and_what_was_typed_is_still_there(
    office: Office,
) -> None:
    """Sign in again in another tab, and the page goes on as it was."""
    visitor = signed_in(office, "own-staff")
    with Tab(office.served, "report", visitor.cookies, choices={"year": "2567"}) as tab:
        session = tab.run().session_id
        change_role(office, "own-staff", "ผู้บริหาร")
        assert "การเข้าสู่ระบบสิ้นสุดแล้ว" in tab.run().said
        again = Visitor(office.served, dict(visitor.cookies))
        again.sign_in("own-staff", PASSWORD)
        with pytest.raises(ConnectionClosed):  # the server begins it anew; a browser comes back
            tab.hear()
    with Tab(office.served, "report", again.cookies, session=session) as back:
        came = back.run()
        assert came.session_id == session
        assert "หน่วยงานตัวอย่าง" in came.said


def test_a_session_is_taken_up_again_by_its_own_person_only(office: Office) -> None:
    mine, other = signed_in(office, "own-staff"), signed_in(office, "other-staff")
    with Tab(office.served, "upload", mine.cookies) as tab:
        session = tab.run().session_id
    for cookies in (other.cookies, {}):
        with Tab(office.served, "upload", cookies, session=session) as stranger:
            assert stranger.run().session_id != session
    with Tab(office.served, "upload", mine.cookies, session=session) as back:
        assert back.run().session_id == session


@pytest.mark.slow
def test_a_role_that_is_taken_away_is_gone_at_once(office: Office) -> None:
    """By the administrator's page, while the other's page is open."""
    victim = signed_in(office, "second-admin")
    with Tab(office.served, "accounts", victim.cookies) as open_page:
        assert "คุณ viewer" in open_page.run().said
        change_role(office, "second-admin", "ผู้ชม")
        assert "คุณ viewer" not in open_page.run().said
    assert victim.open("/").status == 303


def change_role(office: Office, name: str, role: str) -> None:
    """As an administrator does it with a mouse; the account's sessions end by it."""
    admin = Visitor(office.served, dict(office.cookies("admin")))
    with Tab(office.served, "accounts", admin.cookies) as tab:
        tab.run()
        came = tab.set(tab.find("selectbox", "บัญชี"), f"{name} · คุณ {name}")
        assert name in came.said
        tab.set(tab.find("radio", "บทบาท"), role)
        came = tab.click(tab.find("button", "บันทึกบทบาท"))
        assert "ต้องเข้าสู่ระบบใหม่" in came.said


RESTARTED = "ระบบเริ่มทำงานใหม่ระหว่างที่เปิดหน้านี้ไว้"


def test_a_page_of_a_server_that_has_started_anew_says_so(office: Office) -> None:
    visitor = signed_in(office, "admin")
    with Tab(office.served, "upload", visitor.cookies, session="of-the-server-before") as tab:
        assert RESTARTED in tab.run(fragment="the-part-with-the-button").said  # and not nothing
        assert RESTARTED in tab.run().said  # until a file is chosen
    assert RESTARTED not in visited(office.served, "upload", cookies=visitor.cookies).said


@pytest.mark.slow
def test_a_connection_that_came_back_to_its_session_is_told_nothing(office: Office) -> None:
    visitor = signed_in(office, "admin")
    with Tab(office.served, "upload", visitor.cookies) as tab:
        session = tab.run().session_id
    with Tab(office.served, "upload", visitor.cookies, session=session) as tab:
        assert RESTARTED not in tab.run().said
