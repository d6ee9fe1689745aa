"""docs/access.md says what the code says."""

from __future__ import annotations

from itertools import dropwhile, takewhile

from ita.auth.passwords import MAX_CONCURRENT_HASHES, MIN_LENGTH
from ita.auth.permissions import PERMISSIONS, ROLES, Action
from ita.auth.throttling import FREE_FAILURES, INITIAL_BACKOFF, MAX_BACKOFF, LoginThrottle
from ita.config import ENVIRONMENT, PROJECT

TEXT = (PROJECT / "docs" / "access.md").read_text(encoding="utf-8")


def table_below(heading: str) -> list[list[str]]:
    """The cells of the first table after the heading: its head, then its rows."""
    lines = TEXT.split(f"{heading}\n", 1)[1].splitlines()
    after = dropwhile(lambda line: not line.startswith("|"), lines)
    head, _, *rows = takewhile(lambda line: line.startswith("|"), after)
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in (head, *rows)]


def test_roles_and_actions_stand_in_the_docs() -> None:
    head, *rows = table_below("## Roles and actions")
    assert head[2:] == [role.value for role in ROLES]
    written = {row[0].strip("`"): [reach.replace("–", "none") for reach in row[2:]] for row in rows}
    assert written == {
        action.value: [PERMISSIONS[role][action].value for role in ROLES] for action in Action
    }
    assert all(row[1] for row in rows)


def test_settings_named_in_the_docs_exist() -> None:
    named = {word.strip("`.,;)(").split("=")[0] for word in TEXT.split() if "ITA_" in word}
    assert named <= set(ENVIRONMENT)


def test_figures_of_the_docs_are_those_of_the_code() -> None:
    told = " ".join(TEXT.split())
    assert f"at least {MIN_LENGTH} characters" in told
    assert f"After {FREE_FAILURES} wrong passwords" in told
    assert f"{INITIAL_BACKOFF.seconds} seconds" in told
    assert f"up to {MAX_BACKOFF.seconds // 60} minutes" in told
    assert (
        f"try {LoginThrottle.ADDRESS_BURST} times, then once in {1 / LoginThrottle.ADDRESS_A_SECOND:.0f}"
        in told
    )
    assert f"{LoginThrottle.ENTRIES_BURST} are entries of their own, then one a minute" in told
    assert LoginThrottle.ENTRIES_A_SECOND == 1 / 60
    assert MAX_CONCURRENT_HASHES == 2
