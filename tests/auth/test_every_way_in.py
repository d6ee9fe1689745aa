"""Every function that changes the store is listed here, and asks who may or says why it need not."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.test_architecture import FILES, _module

STORE = "ita.store"

UNRECORDED = {
    "ita.auth.audit:recording": "the one way for all the others",
    "ita.auth.sign_in:_count_attempt": "counts a try before anybody is known",
}
"""Who opens a transaction for writing without the audit log's `recording`, and why."""

OPEN_TO_ALL = {
    "ita.auth.sign_in:_open_session": "who knows the password",
    "ita.auth.sign_in:_record_refusal": "records that somebody was turned away",
    "ita.auth.sessions:sign_out": "who holds the token",
    "ita.auth.sign_in:change_own_password": "who knows the present password",
    "ita.auth.first_admin:make_first_admin": "who reads the console",
    "ita.web.arrivals:_record": "records that the organisation let somebody in",
}
"""Who records something that no role is needed for, and what is needed instead."""

ASKING = frozenset({"require", "require_on_some", "_find_managed_account", "import_within"})
"""Calls that ask; `_find_managed_account` and `import_within` are held to it below."""

CHANGING = {
    "undo_within": {"ita.imports.undoing:undo", "ita.imports.samples:remove_samples"},
    "save_batch": {"ita.imports.saving:import_within", "ita.imports.saving:preview_import"},
    "remember_headers": {"ita.imports.headings:remember"},
    "forget_headers": {"ita.imports.headings:forget"},
    "apply_difference": set[str](),
    "store_upload": set[str](),
    "insert_account": {
        "ita.auth.accounts:add_account",
        "ita.auth.accounts:add_sso_account",
        "ita.auth.first_admin:make_first_admin",
    },
    "set_password": {
        "ita.auth.accounts:reset_password",
        "ita.auth.sign_in:change_own_password",
    },
}
"""Functions that change the store inside a transaction of others, and who else may call them."""


def functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    for file in FILES:
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            inner = node.body if isinstance(node, ast.ClassDef) else [node]
            for one in inner:
                if isinstance(one, ast.FunctionDef):
                    yield f"{_module(file)}:{one.name}", one


def calls(function: ast.FunctionDef, bare: bool) -> set[str]:
    """Names called: `name(…)` where bare, else `something.name(…)`."""
    kind = ast.Name if bare else ast.Attribute
    found = [n.func for n in ast.walk(function) if isinstance(n, ast.Call)]
    chosen = [func for func in found if isinstance(func, kind)]
    return {func.id if isinstance(func, ast.Name) else func.attr for func in chosen}  # type: ignore[union-attr]


BARE = {place: calls(function, bare=True) for place, function in functions()}
DOTTED = {place: calls(function, bare=False) for place, function in functions()}


def test_transactions_for_writing_are_opened_in_few_places() -> None:
    found = {place for place, called in DOTTED.items() if "writing" in called}
    assert {place for place in found if not place.startswith(STORE)} == set(UNRECORDED)


def test_only_the_last_activity_is_written_best_effort() -> None:
    jotting = {place for place, called in DOTTED.items() if "write_best_effort" in called}
    assert jotting == {"ita.auth.sessions:_note_seen"}  # changes nothing of anybody's


def test_whoever_records_asks_first_or_is_open_to_all() -> None:
    recorders = {place for place, called in BARE.items() if "recording" in called}
    assert recorders
    unasked = {place for place in recorders if not BARE[place] & ASKING}
    assert unasked == set(OPEN_TO_ALL)


def test_what_asks_for_others_asks() -> None:
    asking = [
        place for place in BARE if place.split(":")[1] in ("_find_managed_account", "import_within")
    ]
    assert len(asking) == 2
    assert "require" in BARE["ita.auth.accounts:_find_managed_account"]
    assert "_prepare" in BARE["ita.imports.saving:import_within"]
    assert "_prepare" in BARE["ita.imports.saving:preview_import"]
    assert "_validate_and_diff" in BARE["ita.imports.saving:_prepare"]
    assert {"require", "require_on_some"} <= BARE["ita.imports.saving:_validate_and_diff"]


def test_what_changes_inside_a_transaction_is_called_where_it_is_asked() -> None:
    for name, allowed in CHANGING.items():
        callers = {
            place
            for place, called in BARE.items()
            if name in called and not place.startswith(STORE) and place.split(":")[1] != name
        }
        assert callers == allowed, name


@pytest.mark.slow
def test_nobody_writes_sql_that_changes_elsewhere() -> None:
    """INSERT, UPDATE, DELETE stand in the store and in access alone."""
    elsewhere = []
    for file in FILES:
        module = _module(file)
        if module.startswith((STORE, "ita.auth")):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            text = node.value if isinstance(node, ast.Constant) else ""
            verbs = ("INSERT INTO", "UPDATE ", "DELETE FROM", "DROP ", "ALTER TABLE")
            if isinstance(text, str) and text.startswith(verbs):
                elsewhere.append((module, text[:40]))
    assert elsewhere == []
