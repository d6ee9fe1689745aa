"""A posted form: read up to a cap, and believed only if it came from a form that we gave out."""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response

from ita.web.marks import BROWSER_COOKIE
from ita.web.places import root

FIELD = "form"
_KEY = secrets.token_bytes(32)
MAX_BYTES = 16 * 1024


class NotAForm(Exception):
    """What was posted is no form of ours."""


async def posted(request: Request) -> dict[str, str]:
    """The fields of a form, each once.

    Raises:
        NotAForm: too large, not UTF-8, or not the kind that browsers send.
    """
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise NotAForm
    raw = b""
    async for part in request.stream():
        raw += part
        if len(raw) > MAX_BYTES:
            raise NotAForm
    try:
        found = parse_qs(raw.decode("ascii"), True, True, "utf-8", "strict", max_num_fields=20)
    except ValueError:
        raise NotAForm from None
    return {name: values[0] for name, values in found.items()}


def csrf_token(request: Request) -> str:
    """What tells this browser from others: as it shows it, else a new one."""
    shown = request.cookies.get(BROWSER_COOKIE, "")
    return shown if len(shown) == _LENGTH and shown.isalnum() else secrets.token_hex(_LENGTH // 2)


_LENGTH = 32


def signed(mark: str) -> str:
    """What our forms for that browser hold; nobody else can make it."""
    return hmac.new(_KEY, mark.encode(), sha256).hexdigest()


def is_csrf_valid(request: Request, fields: dict[str, str]) -> bool:
    """Whether a form was filled in on a page that we gave to this browser."""
    given = fields.get(FIELD, "").encode("utf-8", "surrogatepass")
    return hmac.compare_digest(given, signed(request.cookies.get(BROWSER_COOKIE, "")).encode())


def set_csrf_cookie(response: Response, mark: str, over_tls: bool) -> Response:
    response.set_cookie(
        BROWSER_COOKIE, mark, path=f"{root()}/", httponly=True, samesite="lax", secure=over_tls
    )
    return response
