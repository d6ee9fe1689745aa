"""Listening wider: before there is an administrator nothing is shown but how to become the first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from ita.web.paths import PAGES
from ita.web.requests import SESSION_COOKIE
from tests.serving import Served, serving
from tests.web.asking import Visitor, ask
from tests.web.tabs import Tab, visited

pytestmark = pytest.mark.slow

GOOD = {"account": "somchai", "name": "สมชาย ใจดี"} | dict.fromkeys(
    ("password", "again"), "ฝนตกที่บ้านนา2567"
)


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder: Path = tmp_path_factory.mktemp("wide")
    with serving(folder, "--server.address", "0.0.0.0") as served:
        ask(served, "/sign-in")
        yield served


def code_on_the_console(served: Served) -> str:
    found = re.findall(r"^ {6}([0-9a-f]{16})$", served.told(), re.MULTILINE)
    assert len(found) == 1
    return str(found[0])


@pytest.mark.parametrize("page", [*(f"/{place.url}" for place in PAGES), "/nowhere", "/trend?x=1"])
def test_every_address_leads_to_the_first_administrator(page: str, wide: Served) -> None:
    answer = ask(wide, page)
    assert (answer.status, answer.headers["location"]) == (303, "/first-admin")


def test_nor_does_the_socket_or_a_file_show_anything(wide: Served) -> None:
    with pytest.raises(InvalidStatus):
        Tab(wide)
    assert ask(wide, "/media/x").status == 403
    assert ask(wide, "/sign-in").headers["location"] == "/first-admin"
    assert ask(wide, "/metrics", X_Forwarded_For="203.0.113.9").status == 404
    assert ask(wide, "/health").status == 200


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"again": "something else"}, "ไม่ตรงกัน"),
        ({"code": "0123456789abcdef"}, "รหัสไม่ถูกต้อง"),
        ({"password": "short", "again": "short"}, "อย่างน้อย 10"),
        ({"account": "a b<c>"}, "ชื่อผู้ใช้"),
        ({"account": "a", "password": "short", "again": "other"}, "ชื่อผู้ใช้"),
        ({"account": "a", "password": "short", "again": "other"}, "อย่างน้อย 10"),
    ],
    ids=str,
)
def test_a_mistake_is_told_and_what_was_typed_stays(
    wrong: dict[str, str], told: str, wide: Served
) -> None:
    visitor = Visitor(wide, {})
    code = {"code": code_on_the_console(wide)} if "code" not in wrong else {}
    answer = visitor.fill("/first-admin", **{**GOOD, **code, **wrong})
    assert told in answer.alert()
    assert 'value="สมชาย ใจดี"' in answer.text
    assert f'value="{code.get("code", wrong.get("code"))}"' in answer.text
    assert GOOD["password"] not in answer.text


@pytest.mark.slow
def test_who_reads_the_console_becomes_the_first_administrator_once(wide: Served) -> None:
    """Last: from here on there is one."""
    visitor, code = Visitor(wide, {}), code_on_the_console(wide)
    open_form = visitor.open("/first-admin").text
    made = visitor.fill("/first-admin", **GOOD, code=code)
    assert (made.status, made.headers["location"]) == (303, "/sign-in?made=1")
    assert "ตั้งผู้ดูแลระบบแล้ว" in visitor.open("/sign-in?made=1").text
    visitor.sign_in("somchai", GOOD["password"])
    assert SESSION_COOKIE in visitor.cookies
    assert "88.92" in visited(wide, cookies=visitor.cookies).said
    assert "88.92" not in visited(wide).said
    assert ask(wide, "/first-admin").headers["location"] == "/sign-in"
    unseen = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', open_form))
    late = visitor.post("/first-admin", {**unseen, **GOOD, "account": "second", "code": code})
    assert late.headers["location"] == "/sign-in"
    assert code not in re.sub(r"^ {6}[0-9a-f]{16}$", "", wide.told(), flags=re.MULTILINE)


@pytest.mark.slow
def test_the_console_says_where_to_go_and_asks_nobody_else(wide: Served) -> None:
    told = wide.told()
    assert f"http://127.0.0.1:{wide.port}/" in told
    assert "External URL" not in told
