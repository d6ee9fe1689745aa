"""Every page × everybody who may ask for it, over the bare WebSocket: what is not theirs never comes.

The browser is no part of this: a tab's connection can be opened by any program.
"""

from __future__ import annotations

import pytest

from ita.auth.permissions import Role, User, anonymous, can_on_some
from ita.config import PROJECT
from ita.web.paths import PAGES, PageSpec
from ita.web.requests import SESSION_COOKIE
from tests.serving import serving
from tests.web.conftest import STANDINGS, Office, furnish
from tests.web.tabs import Came, visited

CONTENT = (
    "หน่วยงานตัวอย่าง",
    "สสวท",
    "เทศบาลนครยะลา",
    "88.92",
    "sha256",
    "second-admin",
    "scores.csv",
)
"""What stands on one page or another, and never on one that shows nothing."""

ASKERS = ("nobody", "forged", "stale", *STANDINGS)
SHOWS_NOTHING = {"nobody", "forged", "stale", "newcomer", "gone"}


def person(name: str) -> User:
    """Who a name is to the pages; nobody where the session stands for nobody."""
    if name in SHOWS_NOTHING:
        return anonymous(public=False)
    standing = STANDINGS[name]
    return User(name, standing.role, standing.agency_id, standing.divisions, name)


def cookies(office: Office, name: str) -> dict[str, str]:
    made_up = {"forged": office.tokens["admin"][:-1] + "x", "stale": "A" * 43}
    return {SESSION_COOKIE: made_up[name]} if name in made_up else office.cookies(name)


def content_in(came: Came) -> list[str]:
    return [word for word in CONTENT if word in came.said]


@pytest.mark.parametrize("asker", ASKERS)
@pytest.mark.parametrize("place", PAGES, ids=lambda place: place.url or "overview")
def test_a_page_shows_itself_to_those_who_may_and_nothing_to_others(
    place: PageSpec, asker: str, office: Office
) -> None:
    came = visited(office.served, place.url, cookies=cookies(office, asker))
    asking = person(asker)
    decision = can_on_some(asking, place.action)
    if asking.role is Role.NOBODY:
        assert content_in(came) == []
        assert came.menu() == set()
    elif decision.allowed:
        assert not came.elements("exception")
        assert place.url in came.menu()
    else:
        assert decision.reason.split()[0] in came.said.replace("\\", "")
        assert set(content_in(came)) <= {"หน่วยงานตัวอย่าง"}  # of the banner above each page


def test_the_number_of_visits_is_told() -> None:
    told = (PROJECT / "docs" / "reliability.md").read_text(encoding="utf-8")
    assert f"{len(ASKERS) * len(PAGES)} visits" in told


@pytest.mark.parametrize("asker", [name for name in STANDINGS if name not in SHOWS_NOTHING])
def test_the_menu_shows_what_one_may_see(asker: str, office: Office) -> None:
    came = visited(office.served, cookies=office.cookies(asker))
    allowed = {p.url for p in PAGES if can_on_some(person(asker), p.action).allowed}
    assert came.menu() == allowed
    first, *sections = came.sections().values()
    assert first == [""]
    assert all(sections), "a section without a page"
    assert [url for section in sections for url in section] == [
        place.url for place in PAGES if place.url and place.url in allowed
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("page", "asker"),
    [("upload", "nobody"), ("history", "viewer"), ("accounts", "other-staff"), ("", "gone")],
)
def test_the_first_visit_of_a_cold_server_shows_no_more(
    page: str, asker: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Until somebody has opened app.py, Streamlit may run a page's file by itself (facts)."""
    folder = tmp_path_factory.mktemp("cold")
    tokens = furnish(folder)
    with serving(folder) as served:
        came = visited(
            served, page, cookies={SESSION_COOKIE: tokens[asker]} if asker in tokens else {}
        )
    assert set(content_in(came)) <= {"หน่วยงานตัวอย่าง"}
    assert page not in came.menu() or page == ""
