"""ITA_PUBLIC: anybody may look, nobody does more without signing in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ita.auth.permissions import anonymous, can_on_some
from ita.web.paths import PAGES, PREVIEW_PICTURE, TREND, PageSpec
from ita.web.requests import SESSION_COOKIE
from tests.serving import serving
from tests.web.asking import Visitor, ask
from tests.web.conftest import Office, furnish
from tests.web.tabs import Tab, visited
from tests.web.test_link_preview import preview


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("public")
    tokens = furnish(folder)
    with serving(folder, environment={"ITA_PUBLIC": "yes"}) as served:
        ask(served, "/sign-in")
        yield Office(served, tokens)


@pytest.mark.slow
@pytest.mark.parametrize("place", PAGES, ids=lambda place: place.url or "overview")
def test_everybody_sees_what_viewers_see_and_no_more(place: PageSpec, office: Office) -> None:
    assert ask(office.served, f"/{place.url}").status == 200
    came = visited(office.served, place.url)
    allowed = can_on_some(anonymous(), place.action).allowed
    assert (place.url in came.menu()) is allowed
    assert allowed or "ไม่ได้ เพราะ" in came.said
    assert "second-admin" not in came.said
    assert "/sign-in" in came.said


@pytest.mark.slow
def test_a_dead_session_is_the_publics(office: Office) -> None:
    came = visited(office.served, cookies={SESSION_COOKIE: "A" * 43})
    assert "88.92" in came.said
    assert "upload" not in came.menu()


@pytest.mark.slow
def test_what_was_drawn_for_somebody_is_not_given_to_the_public(office: Office) -> None:
    visitor = Visitor(office.served, dict(office.cookies("executive")))
    with Tab(office.served, "history", visitor.cookies) as tab:
        came = tab.run()
        assert "ประวัติ" in came.said
        visitor.fill("/sign-out")
        assert "ไม่ได้ เพราะ" in tab.run().said


@pytest.mark.slow
def test_the_public_reads_no_metrics_and_sends_no_files(office: Office) -> None:
    assert ask(office.served, "/metrics", X_Forwarded_For="203.0.113.9").status == 404
    upload = ask(office.served, "/_stcore/upload_file/x/y", "PUT", b"x")
    assert upload.status == 403
    with Tab(office.served) as tab:
        own = f"/_stcore/upload_file/{tab.run().session_id}/y"
        assert ask(office.served, own, "PUT", b"x").status == 403
    assert '"reason": "no-import"' in office.served.told()
    assert "ดูข้อมูลโดยไม่เข้าสู่ระบบ" in ask(office.served, "/sign-in").text


@pytest.mark.slow
def test_a_link_shows_its_agency_and_total_in_a_chat(office: Office) -> None:
    shown = preview(ask(office.served, f"/{TREND.url}?agency=YALA"))
    assert shown["title"] == "แนวโน้ม · เทศบาลนครยะลา · ITA Trends"
    assert "91.21" in shown["description"]
    picture = ask(office.served, f"{PREVIEW_PICTURE}?agency=YALA")
    assert picture.body.startswith(b"\x89PNG")
    assert (
        preview(ask(office.served, "/?agency=%22%3E%3Cscript%3E"))["title"] == "ภาพรวม · ITA Trends"
    )
