"""The organisation's sign-in (OIDC), as `.streamlit/secrets.toml` sets it for Streamlit's `st.login`.

Streamlit and Authlib do the protocol and check the token's signature when it comes. What they
don't look at again is asked on every run: see `ita.auth.oidc_claims`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from streamlit.auth_util import get_secrets_auth_section

from ita.config import current_settings

if TYPE_CHECKING:
    from ita.auth.oidc_claims import ClaimMapping

_WELL_KNOWN = "/.well-known/openid-configuration"
DEFAULT = "default"


@cache
def providers() -> Mapping[str, Mapping[str, Any]]:
    """The providers that are set, by Streamlit's names for them; the unnamed one is "default"."""
    section = get_secrets_auth_section()
    auth = section.to_dict() if section else {}
    found = {name: values for name, values in auth.items() if isinstance(values, dict)}
    found[DEFAULT] = auth
    return {name: values for name, values in found.items() if values.get("server_metadata_url")}


def is_offered() -> bool:
    return bool(providers())


def mapping_for(claims: Mapping[str, Any]) -> ClaimMapping | None:
    """What is expected of a token; None where its provider is none of ours."""
    from ita.auth.oidc_claims import claim_mapping

    provider = providers().get(str(claims.get("provider") or DEFAULT))
    if provider is None:
        return None
    issuer = _issuer(provider, str(claims.get("iss") or ""))
    return claim_mapping(current_settings().sign_in, issuer, str(provider.get("client_id") or ""))


def _issuer(provider: Mapping[str, Any], named: str) -> str:
    """The issuer we expect: as set, or where the provider's own description lies.

    named: by the token. By OpenID Discovery that place does not tell whether the issuer ends in "/".
    """
    known = str(provider.get("issuer") or "")
    if known:
        return known
    place = str(provider["server_metadata_url"]).removesuffix(_WELL_KNOWN)
    return named if named in (place, f"{place}/") else place
