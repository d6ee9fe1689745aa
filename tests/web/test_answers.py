"""Headers of every answer, health and metrics, and logs that hold nobody's data."""

from __future__ import annotations

import gzip
import json
import re

import brotli
import pytest

from ita.web.paths import PAGES, PageSpec
from ita.web.security_headers import with_safe_headers
from tests.serving import Served
from tests.web.asking import ask
from tests.web.conftest import Office

pytestmark = pytest.mark.slow

PATHS = (
    *("/", "/trend", "/health", "/metrics", "/sign-in", "/nowhere", "/media/x", "/favicon.png"),
    *("/_stcore/health", "/_stcore/metrics", "/app/static/icon.png", "/app/static/../app.py"),
)


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_tells_the_browser_what_to_allow(path: str, office: Office) -> None:
    for cookies in ({}, office.cookies("viewer")):
        headers = ask(office.served, path, cookies=cookies).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "camera=()" in headers["permissions-policy"]
        policy = headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        assert "object-src 'none'" in policy
        scripts = re.search(r"script-src ([^;]*)", policy)
        assert not scripts or "unsafe" not in scripts[1]
        assert "http" not in policy.replace("https:", "http")


@pytest.mark.parametrize("packing", ["", "gzip", "br", "gzip, deflate, br"])
@pytest.mark.parametrize("place", PAGES, ids=lambda place: place.file)
def test_every_page_is_ours_however_it_is_packed(
    place: PageSpec, packing: str, office: Office
) -> None:
    """Streamlit packs some pages itself."""
    answer = ask(
        office.served,
        f"/{place.url}",
        cookies=office.cookies("viewer"),
        **({"accept_encoding": packing} if packing else {}),
    )
    used = answer.headers.get("content-encoding", "")
    assert used in packing and bool(used) == bool(packing)
    unpack = {"gzip": gzip.decompress, "br": brotli.decompress}.get(used, bytes)
    text = unpack(answer.body).decode()
    assert '<html lang="th" translate="no">' in text
    assert "<title>ITA Trends</title>" in text
    assert text.count('<script type="module" crossorigin fetchpriority="low"') >= len(place.scripts)


def test_our_own_forms_allow_no_script_at_all(office: Office) -> None:
    answer = ask(office.served, "/sign-in")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "script-src" not in answer.headers["content-security-policy"]
    assert "<script" not in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_what_an_answer_says_itself_is_kept() -> None:
    said = [
        (b"Content-Security-Policy", b"x"),
        (b"Set-Cookie", b"a=b"),
        (b"Cache-Control", b"public"),
    ]
    plain, tls = (dict(with_safe_headers(list(said), tls, private=True)) for tls in (False, True))
    assert plain[b"Content-Security-Policy"] == tls[b"Content-Security-Policy"] == b"x"
    assert b"content-security-policy" not in plain
    assert plain[b"Set-Cookie"] == b"a=b"
    assert tls[b"Set-Cookie"] == b"a=b; Secure"
    assert plain[b"cache-control"] == b"private, no-store"
    assert b"Cache-Control" not in plain
    assert b"strict-transport-security" in tls
    assert b"strict-transport-security" not in plain


def test_health_asks_the_store_and_says_no_more(office: Office) -> None:
    answer = ask(office.served, "/health")
    assert (answer.status, json.loads(answer.body)) == (200, {"status": "ok"})
    assert answer.headers["content-type"] == "application/json"


def test_metrics_are_for_who_is_near_or_an_administrator(office: Office) -> None:
    assert ask(office.served, "/metrics").status == 200
    away = {"X_Forwarded_For": "203.0.113.9"}
    assert ask(office.served, "/metrics", **away).status == 404
    for name, status in (("viewer", 404), ("own-staff", 404), ("executive", 404), ("admin", 200)):
        answer = ask(office.served, "/metrics", cookies=office.cookies(name), **away)
        assert answer.status == status, name


def metrics_of(served: Served) -> dict[str, float]:
    lines = ask(served, "/metrics").text.splitlines()
    values = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    return {name: float(value) for name, value in values}


def test_metrics_count_what_happens(office: Office) -> None:
    before = metrics_of(office.served)
    ask(office.served, "/", Host="evil.example")
    after = metrics_of(office.served)
    name = 'ita_events_total{event="refused",reason="host"}'
    assert after[name] == before.get(name, 0) + 1
    assert after["ita_store_up"] == 1
    assert after["ita_store_version"] >= 7
    kinds = dict(re.findall(r"# TYPE (\S+) (\S+)", ask(office.served, "/metrics").text))
    assert {name.partition("{")[0] for name in after} == set(kinds)
    assert set(kinds.values()) == {"counter", "gauge"}


def test_the_log_is_one_json_line_an_event(office: Office) -> None:
    lines = [line for line in office.served.told().splitlines() if line.startswith("{")]
    others = [line for line in office.served.told().splitlines() if line.strip() and line[0] != "{"]
    assert {"started", "refused"} <= {json.loads(line)["event"] for line in lines}
    assert others == [f"  ITA Trends: http://127.0.0.1:{office.served.port}/"]


def test_the_handbook_is_open_to_everybody_in_both_languages(office: Office) -> None:
    for spoken in ("th", "en"):
        answer = ask(office.served, f"/handbook.pdf?lang={spoken}")
        assert answer.status == 200
        assert answer.headers["content-type"] == "application/pdf"
    assert "/handbook.pdf?lang=th" in ask(office.served, "/sign-in").text


@pytest.mark.parametrize("over_tls", [True, False])
def test_a_script_has_short_headers_that_allow_no_document(over_tls: bool) -> None:
    headers = dict(with_safe_headers([], over_tls, private=False, is_asset=True))
    assert headers[b"content-security-policy"] == b"default-src 'none'; frame-ancestors 'none'"
    assert headers[b"x-content-type-options"] == b"nosniff"
    assert headers[b"cross-origin-resource-policy"] == b"same-origin"
    assert (b"strict-transport-security" in headers) == over_tls
    assert sum(len(name) + len(value) for name, value in headers.items()) < 250
