"""How a value is said: Thai first, English from the catalogue in ita/locale/en.po.

Sentences stand in the code in Thai and go through `_`, so that the language is chosen in one
place; a test holds the catalogue complete.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any

CATALOGUE = Path(__file__).parent / "locale" / "en.po"

_language: ContextVar[str] = ContextVar("language", default="th")


def language() -> str:
    """The language that is spoken now: "th" or "en"."""
    return _language.get()


def set_language(chosen: str) -> None:
    """Choose the language for the rest of this thread or task; anything unknown is Thai."""
    _language.set("en" if chosen == "en" else "th")


@contextmanager
def language_set_to(chosen: str) -> Iterator[None]:
    """Speak a language inside a `with` block only."""
    token = _language.set("en" if chosen == "en" else "th")
    try:
        yield
    finally:
        _language.reset(token)


@lru_cache(maxsize=1)
def _english() -> dict[str, str]:
    # Imported here: Thai, the usual case, never pays for the catalogue.
    from babel.messages.pofile import read_po

    with CATALOGUE.open("rb") as stream:
        return {str(m.id): str(m.string) for m in read_po(stream) if m.id and m.string}


def _(thai: str, **values: Any) -> str:
    """A sentence in the chosen language, its {places} filled in."""
    sentence = _english().get(thai, thai) if language() == "en" else thai
    return sentence.format(**values) if values else sentence


def N_(thai: str) -> str:
    """Marks a sentence that stands in a table now and goes through `_` when it is told."""
    return thai


def bilingual(thai: str) -> str:
    """A sentence marked by `N_`, and below it the same in English: for who could not choose yet."""
    return f"{thai}\n{_english().get(thai, thai)}"


LANGUAGE_NAMES = {"th": "ไทย", "en": "English"}
SHORT_LANGUAGE_NAMES = {"th": "ไทย", "en": "EN"}
"""Each language by its own name."""


def either(thai: str, english: str) -> str:
    """Of a pair out of the data, the one in the chosen language."""
    return english if language() == "en" and english else thai
