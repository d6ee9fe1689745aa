"""Who stands behind a request that no script runs for yet."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.types import Scope
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME
from streamlit.web.server.starlette.starlette_websocket import _get_signed_cookie_with_chunks

from ita.auth.users import User
from ita.web import organisation
from ita.web.current_user import Visitor, person_of
from ita.web.marks import BROWSER_COOKIE, COOKIE
from ita.web.requests import cookies, is_near


def visitor_of(scope: Scope) -> Visitor:
    """What a request shows of who asks."""
    shown = cookies(scope)
    return Visitor(is_near(scope), shown.get(COOKIE), claims_in(shown), shown.get(BROWSER_COOKIE))


def person_behind(scope: Scope) -> User:
    """Who asks.

    Raises:
        StoreUnavailable: the store can't be asked.
    """
    return person_of(visitor_of(scope))


def claims_in(shown: dict[str, str]) -> Mapping[str, Any] | None:
    """The claims in Streamlit's cookie, where its signature holds; None where there are none."""
    if not organisation.is_offered() or USER_COOKIE_NAME not in shown:
        return None
    signed = _get_signed_cookie_with_chunks(shown, USER_COOKIE_NAME)
    try:
        claims = json.loads(signed) if signed else None
    except ValueError:
        return None
    return claims if isinstance(claims, dict) else None
