"""What the environment decides, read once into one frozen value."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
LANGUAGES = ("th", "en")


@dataclass(frozen=True)
class Limits:
    """The most that one file may hold; larger ones are refused before they cost anything."""

    file_bytes: int = 100 * 1024 * 1024
    rows: int = 500_000
    cell_characters: int = 32_767
    unpacked_bytes: int = 1024 * 1024 * 1024
    cells: int = 20_000_000


@dataclass(frozen=True)
class Settings:
    """Where things lie and how we speak.

    database: path of the store. reference: folder of the authority's yearly data.
    language: "th" or "en", for the command line; screens have a switch of their own.
    """

    database: Path = PROJECT / "data" / "local" / "ita.duckdb"
    reference: Path = PROJECT / "data" / "reference"
    samples: Path = PROJECT / "data" / "samples"
    language: str = "th"
    limits: Limits = Limits()


ENVIRONMENT = {
    "ITA_DATABASE": "path of the store",
    "ITA_LANG": "language of the command line: th or en",
    "ITA_REFERENCE": "folder with the reference data of the assessment",
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
    )


def current_settings() -> Settings:
    return settings_from(os.environ)
