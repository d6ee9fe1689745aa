"""An organisation's sign-in of our own (OIDC), on this machine: says of anybody what a test tells it."""

from __future__ import annotations

import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.patience import PATIENCE

CLIENT, CLIENT_SECRET = "ita-trends", "not-a-secret"


@dataclass
class Provider:
    """claims: what the next token says, over what a good one has."""

    port: int
    claims: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}))
    signing_key: RSAKey | None = None
    _asked: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def good(self) -> dict[str, Any]:
        now = int(time.time())
        return {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "user-1",
            "iat": now,
            "exp": now + 600,
            "name": "สมศรี มีสุข",
        }

    async def described(self, _: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/jwks",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    async def authorize(self, request: Request) -> Response:
        code = secrets.token_hex(8)
        self._asked[code] = dict(request.query_params)
        back = {"code": code, "state": request.query_params["state"]}
        return RedirectResponse(f"{request.query_params['redirect_uri']}?{urlencode(back)}", 302)

    async def token(self, request: Request) -> Response:
        form = parse_qs((await request.body()).decode())
        asked = self._asked.pop(form["code"][0])
        claims = {**self.good(), "nonce": asked["nonce"], **self.claims}
        signed = jwt.encode({"alg": "RS256", "kid": "1"}, claims, self.signing_key or self.key)
        return JSONResponse(
            {"access_token": "x", "id_token": signed, "token_type": "Bearer", "expires_in": 600}
        )

    async def jwks(self, _: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})


@contextmanager
def providing() -> Iterator[Provider]:
    """A provider that answers while the block runs."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    provider = Provider(listening.getsockname()[1])
    app = Starlette(
        routes=[
            Route("/.well-known/openid-configuration", provider.described),
            Route("/authorize", provider.authorize),
            Route("/token", provider.token, methods=["POST"]),
            Route("/jwks", provider.jwks),
        ]
    )
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws="none", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield provider
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
        listening.close()
