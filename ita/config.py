"""Settings from environment variables, parsed once into one frozen value."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
LANGUAGES = ("th", "en")


@dataclass(frozen=True)
class Limits:
    """The most that one file may hold; larger ones are refused before they cost anything.

    agencies: rows of a list of agencies, each of which is held against all others; a nation has 8,300.
    cells: blank ones within a row too. characters: of all cells together, a text that stands in
    several as often as it stands. kept_bytes: memory of the cells while they are read.
    unpacked_bytes: of the parts of a packed file. problems: listed of one kind in one column; more
    are only counted.
    """

    file_bytes: int = 100 * 1024 * 1024
    rows: int = 500_000
    agencies: int = 100_000
    columns: int = 1_000
    cells: int = 5_000_000
    cell_characters: int = 32_767
    characters: int = 50_000_000
    kept_bytes: int = 200 * 1024 * 1024
    unpacked_bytes: int = 512 * 1024 * 1024
    problems: int = 10_000


@dataclass(frozen=True)
class SignInSettings:
    """How long a sign-in lasts, who may look without one, and what an organisation's sign-in tells.

    session_hours: at most; idle_minutes: without a click. role_claim: the claim of a token that
    names the person's roles or groups, "" = the list of accounts alone decides; roles: its values,
    each with the role it gives; agency_claim: where staff's agency stands in a token.
    trust_email: whether an e-mail counts that the provider does not say to have verified.
    """

    session_hours: float = 12
    idle_minutes: float = 60
    public: bool = False
    role_claim: str = ""
    roles: tuple[tuple[str, str], ...] = ()
    agency_claim: str = ""
    trust_email: bool = False


@dataclass(frozen=True)
class RetentionCounts:
    """How many backups are kept: the newest of each of so many days, weeks and months."""

    daily: int = 7
    weekly: int = 5
    monthly: int = 12


@dataclass(frozen=True)
class BackupSettings:
    """Where the dashboard puts backups by itself, None = it makes none; hours from one to the next."""

    folder: Path | None = None
    hours: float = 24
    keep: RetentionCounts = RetentionCounts()


@dataclass(frozen=True)
class Bounds:
    """The most that the server gives at a time, to one person and in all; more is refused with a sentence.

    A person is an account, or whoever asks from one address without having signed in. Each is set
    as `ITA_BOUNDS=name=number,…`, by the name of the field; docs/running.md says what for.

    connections: of any kind, where the system's limit of descriptors allows so many. sockets: of them,
    pages that are open in browsers; sockets_account, sockets_address: of one account, of strangers at
    one address. uploads_mb, uploads_mb_each: megabytes of uploaded files in memory.
    header_seconds: for a request's headers to come. body_seconds: without a byte, after which a body
    is given up. send_seconds: without progress, after which an answer is. least_kb_second: kilobytes
    a second that both must make on average. first_run_seconds: for a page to ask for its first run.
    upload_kept_seconds: how long a file lies in memory that no page names, or whose tab is gone.
    messages_second: of one page; runs_second: of all of one person's pages. More of them wait.
    exports, exports_each: files that are made at a time, of all and of one person; exports_waiting:
    that one person may wait for besides; export_mb: megabytes of one of them. heavy_minute: runs of pages over many agencies, of one person.
    address_kb, address_choices: of an address with its query. headers_kb: of a request.
    """

    connections: int = 4_000
    sockets: int = 2_000
    sockets_account: int = 200
    sockets_address: int = 400
    uploads_mb: int = 256
    uploads_mb_each: int = 200
    upload_kept_seconds: int = 60
    header_seconds: int = 15
    body_seconds: int = 30
    send_seconds: int = 60
    least_kb_second: int = 8
    first_run_seconds: int = 30
    messages_second: int = 20
    runs_second: int = 40
    exports: int = 4
    exports_each: int = 2
    exports_waiting: int = 4
    export_mb: int = 256
    heavy_minute: int = 120
    address_kb: int = 16
    address_choices: int = 500
    headers_kb: int = 32


@dataclass(frozen=True)
class Settings:
    """Where things lie and how we speak.

    database: path of the store. reference: folder of the authority's yearly data.
    language: "th" or "en", for the command line; screens have a switch of their own.
    hosts: names under which the dashboard answers beside this machine's own, `*.` for all below.
    ocr: whether scanned reports may be read by OCR, where Tesseract is installed.
    """

    database: Path = PROJECT / "data" / "local" / "ita.duckdb"
    reference: Path = PROJECT / "data" / "reference"
    samples: Path = PROJECT / "data" / "samples"
    language: str = "th"
    limits: Limits = Limits()
    sign_in: SignInSettings = SignInSettings()
    hosts: tuple[str, ...] = ()
    backups: BackupSettings = BackupSettings()
    ocr: bool = True


ENVIRONMENT = {
    "ITA_DATABASE": "path of the store",
    "ITA_LANG": "language of the command line: th or en",
    "ITA_REFERENCE": "folder with the reference data of the assessment",
    "ITA_HOSTS": "names under which others reach the dashboard: ita.example.go.th,…",
    "ITA_PUBLIC": "1: scores, measures and reports can be looked at without signing in",
    "ITA_SESSION_HOURS": "a sign-in ends after so many hours",
    "ITA_IDLE_MINUTES": "and after so many minutes without a click",
    "ITA_OIDC_ROLE_CLAIM": "claim of the organisation's sign-in that names roles or groups",
    "ITA_OIDC_ROLES": "value of that claim=role, …: ita-admins=admin,ita-readers=viewer",
    "ITA_OIDC_AGENCY_CLAIM": "claim that names the agency of staff",
    "ITA_OIDC_TRUST_EMAIL": "1: an e-mail counts even if the provider does not call it verified",
    "ITA_BACKUP_FOLDER": "folder into which the dashboard makes backups by itself",
    "ITA_BACKUP_HOURS": "hours from one backup to the next",
    "ITA_BACKUP_KEEP": "backups kept: of so many days,weeks,months",
    "ITA_BOUNDS": "bounds of the server, name=number,…: uploads_mb=512,uploads_mb_each=300",
    "ITA_OCR": "0: scanned reports are not read by OCR, although Tesseract is installed",
}
"""Every variable that is read, compared with the documentation by a test."""


def settings_from(environment: Mapping[str, str]) -> Settings:
    """Settings out of environment variables; empty ones count as absent, an unknown language as th."""
    default = Settings()
    language = environment.get("ITA_LANG", "").lower()[:2]
    return Settings(
        database=Path(environment.get("ITA_DATABASE") or default.database),
        reference=Path(environment.get("ITA_REFERENCE") or default.reference),
        language=language if language in LANGUAGES else default.language,
        sign_in=_sign_in(environment),
        hosts=tuple(environment.get("ITA_HOSTS", "").lower().replace(",", " ").split()),
        backups=_backups(environment),
        ocr=environment.get("ITA_OCR", "").strip().casefold() not in _OFF,
    )


_ON = frozenset({"1", "true", "yes", "on"})
_OFF = frozenset({"0", "false", "no", "off"})


def _sign_in(environment: Mapping[str, str]) -> SignInSettings:
    default = SignInSettings()
    pairs = (pair.partition("=") for pair in environment.get("ITA_OIDC_ROLES", "").split(","))
    return SignInSettings(
        _above_zero(environment.get("ITA_SESSION_HOURS", ""), default.session_hours),
        _above_zero(environment.get("ITA_IDLE_MINUTES", ""), default.idle_minutes),
        _is_on(environment, "ITA_PUBLIC"),
        environment.get("ITA_OIDC_ROLE_CLAIM", "").strip(),
        tuple((value.strip(), role.strip()) for value, sign, role in pairs if sign),
        environment.get("ITA_OIDC_AGENCY_CLAIM", "").strip(),
        _is_on(environment, "ITA_OIDC_TRUST_EMAIL"),
    )


def _backups(environment: Mapping[str, str]) -> BackupSettings:
    default = BackupSettings()
    folder = environment.get("ITA_BACKUP_FOLDER", "").strip()
    numbers = [text.strip() for text in environment.get("ITA_BACKUP_KEEP", "").split(",")]
    are_valid = len(numbers) == 3 and all(n.isascii() and n.isdecimal() for n in numbers)
    return BackupSettings(
        Path(folder) if folder else None,
        _above_zero(environment.get("ITA_BACKUP_HOURS", ""), default.hours),
        RetentionCounts(*(min(int(n), MAX_KEPT_BACKUPS) for n in numbers))
        if are_valid
        else default.keep,
    )


MAX_KEPT_BACKUPS = 9_999
MAX_DIGITS = 9


@cache
def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= MAX_DIGITS


def _is_on(environment: Mapping[str, str], name: str) -> bool:
    return environment.get(name, "").strip().casefold() in _ON


MAX_HOURS = 24 * 365
"""No sign-in lasts longer, whatever is set; `inf` is no number of hours either."""


def _above_zero(text: str, default: float) -> float:
    """A number above zero; anything else counts as not set."""
    try:
        number = float(text)
    except ValueError:
        return default
    return min(number, MAX_HOURS) if number > 0 else default


def current_settings() -> Settings:
    return settings_from(os.environ)


def current_bounds() -> Bounds:
    """As they are set now; what is no name of one, or no whole number above zero, counts as not set.

    Apart from the other settings, for they are asked for at each connection.
    """
    texts = os.environ.get("ITA_BOUNDS", "").replace(",", " ").split()
    pairs = (text.partition("=") for text in texts)
    return Bounds(
        **{
            name: int(number)
            for name, _, number in pairs
            if name in Bounds.__dataclass_fields__ and _is_whole(number) and int(number) > 0
        }
    )
