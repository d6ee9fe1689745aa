"""What stands at an address, and that nobody is led out of the site."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.web import paths
from ita.web.paths import PAGES, RouteKind, below_root, local_path, route_kind


@pytest.mark.parametrize("page", [*(f"/{place.url}" for place in PAGES), "/nowhere", "/a/b"])
def test_what_is_no_known_place_is_a_page(page: str) -> None:
    assert route_kind(page) is RouteKind.PAGE


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/media/abc.pdf", RouteKind.DATA),
        ("/_stcore/upload_file/x/y", RouteKind.DATA),
        ("/_stcore/stream", RouteKind.STREAM),
        ("/_stcore/health", RouteKind.OPEN),
        ("/static/js/index.js", RouteKind.OPEN),
        ("/app/static/Sarabun-Bold.woff2", RouteKind.OPEN),
        ("/sign-in", RouteKind.OPEN),
        ("/metrics", RouteKind.OPEN),
        ("/handbook.pdf", RouteKind.OPEN),
        ("/_stcore/metrics", RouteKind.SHUT),
        ("/_stcore/agent/mcp", RouteKind.SHUT),
        ("/_stcore/agent/openapi.json", RouteKind.SHUT),
        ("/_stcore/script-health-check", RouteKind.SHUT),
    ],
)
def test_known_places(path: str, place: RouteKind) -> None:
    assert route_kind(path) is place


@given(st.text(max_size=60) | st.from_regex(r"[/\\.]{1,6}[a-z:/?#\\]{0,20}"))
def test_a_path_to_go_on_to_never_leaves_the_site(asked: str) -> None:
    led = local_path(asked)
    assert led.startswith("/")
    assert led[1:2] not in ("/", "\\")
    assert not any(sign in led for sign in "\r\n\t\\")


@pytest.mark.parametrize("asked", ["/trend?agency=IPST", "/", "/history?batch=3"])
def test_our_own_pages_are_gone_on_to(asked: str) -> None:
    assert local_path(asked) == asked


def test_below_a_proxy_the_paths_mean_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "root", lambda: "/ita")
    assert below_root("/ita/trend") == "/trend"
    assert below_root("/ita") == "/"
    assert below_root("/itaipu") == "/itaipu"
    assert local_path("/ita/trend?x=1") == "/ita/trend?x=1"
    assert local_path("/trend") == "/ita/"
    assert local_path("//evil.example/ita/") == "/ita/"
