"""What a request says of where it comes from; each sign of a way round speaks against the owner."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from ita.web.requests import (
    Entrance,
    ServerExposure,
    answers_to,
    as_address,
    cookies,
    entrance_of,
    host_name,
    is_local_request,
    is_loopback,
    is_same_site,
    origin_host,
)


def scope(
    headers: dict[str, str] | None = None,
    client: str | None = "127.0.0.1",
    server: str | None = "127.0.0.1",
) -> dict[str, Any]:
    sent = {"host": "127.0.0.1:8501", **(headers or {})}
    return {
        "type": "http",
        "headers": [(n.encode(), value.encode("latin-1")) for n, value in sent.items()],
        "client": (client, 50000) if client else None,
        "server": (server, 8501) if server else None,
    }


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"host": "localhost:8501"},
        {"host": "LOCALHOST:8501"},
        {"host": "[::1]:8501"},
        {"host": "127.0.0.1"},
        {"origin": "http://127.0.0.1:8501"},
        {"host": "localhost:8501", "origin": "http://localhost:8501"},
    ],
)
def test_a_browser_on_this_machine_is_near(headers: dict[str, str]) -> None:
    assert is_local_request(scope(headers))
    assert is_local_request(scope(headers, "::1", "::1"))
    assert is_local_request(scope(headers, "::ffff:127.0.0.1", "::ffff:127.0.0.1"))


@pytest.mark.parametrize(
    "headers",
    [
        {"x-forwarded-for": "127.0.0.1"},
        {"x-forwarded-proto": "https"},
        {"x-forwarded-host": "localhost"},
        {"x-forwarded-anything": ""},
        {"forwarded": "for=127.0.0.1"},
        {"via": "1.1 proxy"},
        {"x-real-ip": "127.0.0.1"},
        {"x-client-ip": "::1"},
        {"true-client-ip": "127.0.0.1"},
        {"cf-connecting-ip": "127.0.0.1"},
        {"host": "ita.example.go.th"},
        {"host": "127.0.0.1.evil.example"},
        {"host": "localhost.evil.example"},
        {"host": "evil.example:8501"},
        {"host": "192.168.1.5:8501"},
        {"host": "0.0.0.0:8501"},
        {"host": ""},
        {"host": "127.0.0.1:8501@evil.example"},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:3000"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "https://ita.example.go.th"},
    ],
    ids=str,
)
def test_what_came_another_way_is_not(headers: dict[str, str]) -> None:
    assert not is_local_request(scope(headers))


@pytest.mark.parametrize(
    ("client", "server"),
    [
        ("192.168.1.9", "127.0.0.1"),
        ("127.0.0.1", "192.168.1.5"),
        ("10.0.0.1", "10.0.0.2"),
        ("::ffff:10.0.0.1", "::1"),
        (None, "127.0.0.1"),
        ("127.0.0.1", None),
        ("evil", "127.0.0.1"),
    ],
)
def test_neither_is_what_came_from_or_to_elsewhere(client: str | None, server: str | None) -> None:
    assert not is_local_request(scope({}, client, server))


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("ita.example.go.th", "ita.example.go.th"),
        ("ITA.Example.go.th.:443", "ita.example.go.th"),
        ("[::1]:80", "::1"),
        ("localhost:99999", None),
        ("localhost:x", None),
        ("a b", None),
        ("user@host", None),
        ("host/path", None),
        ("host?x", None),
        ("", None),
        (None, None),
        (":8501", None),
        ("[::1", None),
    ],
)
def test_a_host_header_has_one_name_or_none(sent: str | None, name: str | None) -> None:
    assert host_name(sent) == name


@pytest.mark.parametrize(
    ("name", "hosts", "own", "answered"),
    [
        ("localhost", (), "10.0.0.5", True),
        ("127.0.0.1", (), "10.0.0.5", True),
        ("10.0.0.5", (), "10.0.0.5", True),  # nobody can point an address at us
        ("10.0.0.6", (), "10.0.0.5", False),
        ("evil.example", (), "10.0.0.5", False),
        ("evil.example", (), "127.0.0.1", False),
        ("ita.example.go.th", ("ita.example.go.th",), "10.0.0.5", True),
        ("x.ita.example.go.th", ("ita.example.go.th",), "10.0.0.5", False),
        ("x.example.go.th", ("*.example.go.th",), "10.0.0.5", True),
        ("example.go.th", ("*.example.go.th",), "10.0.0.5", False),
        ("evilexample.go.th", ("*.example.go.th",), "10.0.0.5", False),
        ("10.0.0.5", (), None, False),
    ],
)
def test_we_answer_under_our_own_names_only(
    name: str, hosts: tuple[str, ...], own: str | None, answered: bool
) -> None:
    assert answers_to(name, hosts, own) is answered


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({}, True),  # no browser: nothing to be misled
        ({"origin": "http://127.0.0.1:8501"}, True),
        ({"origin": "https://ita.example.go.th"}, True),
        ({"origin": "https://ITA.example.go.th:8443"}, True),
        ({"origin": "http://127.0.0.1:8502"}, False),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "https://ita.example.go.th.evil.example"}, False),
        ({"origin": "null"}, False),
        ({"origin": ""}, False),
        ({"origin": "file://"}, False),
    ],
    ids=str,
)
def test_a_page_that_asks_is_ours_or_refused(headers: dict[str, str], ours: bool) -> None:
    assert is_same_site(scope(headers), ("ita.example.go.th",)) is ours


def test_addresses_and_origins_in_all_their_clothes() -> None:
    assert str(as_address("::ffff:10.0.0.1")) == "10.0.0.1"
    assert str(as_address("fe80::1%eth0")) == "fe80::1"
    assert as_address("localhost") is None
    assert is_loopback("127.9.9.9")
    assert not is_loopback("127.0.0.1.nip.io")
    assert origin_host("https://A.example:8443") == "a.example:8443"
    assert origin_host("http://[::1") is None


def test_a_broken_cookie_hides_no_other() -> None:
    shown = cookies(scope({"cookie": 'a=b; ;=;x; bad"=\xe9; ita_session=abc; z="1'}))
    assert shown["ita_session"] == "abc"


EVERY = list(product([False, True], repeat=5))


@pytest.mark.parametrize(("near", "wide", "accounts", "admin", "public"), EVERY)
def test_each_entrance_by_a_second_way_of_saying_it(
    near: bool, wide: bool, accounts: bool, admin: bool, public: bool
) -> None:
    found = entrance_of(near, ServerExposure(wide, accounts, admin, public))
    if not accounts and near and not wide:
        assert found is Entrance.OWNER
    elif not admin:
        assert found is Entrance.FIRST_ADMIN
    elif public:
        assert found is Entrance.PUBLIC
    else:
        assert found is Entrance.SIGN_IN
