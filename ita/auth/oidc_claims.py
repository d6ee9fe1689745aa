"""The person of an organisation's sign-in (OIDC): pure, from the claims of a verified token.

Authlib verifies the provider's signature; this checks what it does not look at on every run: that
the token is meant for us, comes from our provider and has not expired.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from ita.auth.accounts import Account, account_key, person_of
from ita.auth.permissions import ROLES, Role, User, user_name
from ita.config import SignInSettings
from ita.i18n import N_, _


@dataclass(frozen=True)
class ClaimMapping:
    """What is expected of a token, and which role its claims give.

    issuer, audience: of our provider, and our client id there. role_claim: "" = the list of
    accounts alone decides. roles: a value of that claim → role. agency_claim: staff's agency.
    trust_email: whether an e-mail counts that is not called verified.
    """

    issuer: str
    audience: str
    role_claim: str = ""
    roles: Mapping[str, Role] = field(default_factory=dict)
    agency_claim: str = ""
    trust_email: bool = False


def claim_mapping(settings: SignInSettings, issuer: str, audience: str) -> ClaimMapping:
    """The mapping of the settings; a value that names no role of ours gives none."""
    roles_by_name = {role.value: role for role in ROLES}
    return ClaimMapping(
        issuer,
        audience,
        settings.role_claim,
        {value: roles_by_name[role] for value, role in settings.roles if role in roles_by_name},
        settings.agency_claim,
        settings.trust_email,
    )


class ClaimFault(StrEnum):
    """Why a token is refused."""

    EXPIRED = "expired"
    NOT_YET = "not-yet"
    OTHER_AUDIENCE = "other-audience"
    OTHER_ISSUER = "other-issuer"
    NO_SUBJECT = "no-subject"
    UNKNOWN = "unknown"
    DISABLED = "disabled"

    def message(self) -> str:
        return _(_SENTENCES[self])


_SENTENCES = {
    ClaimFault.EXPIRED: N_("การเข้าสู่ระบบหมดอายุแล้ว กรุณาเข้าสู่ระบบใหม่"),
    ClaimFault.NOT_YET: N_("เวลาของเครื่องไม่ตรงกับระบบเข้าสู่ระบบขององค์กร กรุณาแจ้งผู้ดูแลระบบ"),
    ClaimFault.OTHER_AUDIENCE: N_("การเข้าสู่ระบบนี้ออกให้ระบบอื่น กรุณาเข้าสู่ระบบใหม่"),
    ClaimFault.OTHER_ISSUER: N_("การเข้าสู่ระบบนี้ไม่ได้มาจากองค์กรที่กำหนด กรุณาเข้าสู่ระบบใหม่"),
    ClaimFault.NO_SUBJECT: N_("ระบบขององค์กรไม่ได้บอกว่าท่านเป็นใคร กรุณาแจ้งผู้ดูแลระบบ"),
    ClaimFault.UNKNOWN: N_("ท่านยังไม่มีสิทธิ์ในระบบนี้ กรุณาให้ผู้ดูแลระบบเพิ่มบัญชีของท่าน"),
    ClaimFault.DISABLED: N_("บัญชีนี้ถูกปิดไว้ กรุณาติดต่อผู้ดูแลระบบ"),
}


# Seconds that two machines' clocks may be apart.
CLOCK_SLACK = 60

_STRONGEST_FIRST = tuple(reversed(ROLES))


def person_of_claims(
    claims: Mapping[str, Any],
    mapping: ClaimMapping,
    accounts: Iterable[Account],
    now: datetime | None = None,
) -> User | ClaimFault:
    """The person of a token: by the list of accounts where it knows the subject or the e-mail, else
    by the roles that the token names. A disabled account is refused either way.

    now: with a zone; the present moment where it is left out.
    """
    fault = _find_fault(claims, mapping, (now or datetime.now(UTC)).timestamp())
    if fault:
        return fault
    listed_accounts = tuple(accounts)
    account = _find_account(claims, mapping, listed_accounts)
    if (account and account.disabled) or _names_disabled_account(claims, listed_accounts):
        return ClaimFault.DISABLED
    if account:
        return person_of(account)
    return _person_by_role(claims, mapping) or ClaimFault.UNKNOWN


def _find_fault(claims: Mapping[str, Any], mapping: ClaimMapping, now: float) -> ClaimFault | None:
    # So that what is no number at all (NaN) has expired too.
    if not (_is_number(claims.get("exp")) and claims["exp"] + CLOCK_SLACK > now):
        return ClaimFault.EXPIRED
    for name in ("nbf", "iat"):
        if _is_number(claims.get(name)) and claims[name] > now + CLOCK_SLACK:
            return ClaimFault.NOT_YET
    if mapping.audience not in _texts(claims.get("aud")):
        return ClaimFault.OTHER_AUDIENCE
    if not mapping.issuer or claims.get("iss") != mapping.issuer:
        return ClaimFault.OTHER_ISSUER
    return None if _text(claims, "sub") else ClaimFault.NO_SUBJECT


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return value if isinstance(value, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    """A claim that may be one text or several."""
    values = value if isinstance(value, list | tuple) else [value]
    return tuple(text for text in values if isinstance(text, str) and text)


def subject_of(claims: Mapping[str, Any]) -> str:
    """The subject that an account stores: the provider and its name for the person."""
    return f"{_text(claims, 'iss')} {_text(claims, 'sub')}"


def _names_disabled_account(
    claims: Mapping[str, Any], listed_accounts: tuple[Account, ...]
) -> bool:
    """Whether the e-mail is of a disabled account. To refuse by, it need not be verified."""
    key = account_key(_text(claims, "email"))
    return any(account.disabled and account.account == key for account in listed_accounts)


def _find_account(
    claims: Mapping[str, Any], mapping: ClaimMapping, listed_accounts: tuple[Account, ...]
) -> Account | None:
    subject = subject_of(claims)
    for account in listed_accounts:
        if account.subject and account.subject == subject:
            return account
    email = _text(claims, "email")
    if not email or not (claims.get("email_verified") is True or mapping.trust_email):
        return None
    # An account that knows its subject is not opened by another one's e-mail.
    return next(
        (a for a in listed_accounts if a.account == account_key(email) and not a.subject), None
    )


def _person_by_role(claims: Mapping[str, Any], mapping: ClaimMapping) -> User | None:
    if not mapping.role_claim:
        return None
    claimed_roles = {mapping.roles.get(value) for value in _texts(claims.get(mapping.role_claim))}
    role = next((role for role in _STRONGEST_FIRST if role in claimed_roles), None)
    if role is None:
        return None
    agency_id = _text(claims, mapping.agency_claim) if mapping.agency_claim else ""
    name = _text(claims, "name") or _text(claims, "email") or _text(claims, "sub")
    return User(
        user_name(name[:100]),
        role,
        agency_id or None if role is Role.STAFF else None,
        account=subject_of(claims)[:200],
    )
