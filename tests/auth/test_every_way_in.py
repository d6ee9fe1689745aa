"""Every function that changes the store is listed here, and asks who may or says why it need not."""

from __future__ import annotations

import ast

import pytest

from tests.sources import FILES, module_name, nodes, tree

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
    "ita.auth.sign_in:change_own_password": "who knows the present password, or has just signed in with one to be used once",
    "ita.auth.sign_in:make_first_admin": "who reads the console",
    "ita.web.sign_in_routes:_record": "records that the organisation let somebody in",
}
"""Who records something that no role is needed for, and what is needed instead."""

ASKING = frozenset({"require", "require_on_some", "_find_managed_account", "import_within"})
"""Calls that ask; `_find_managed_account` and `import_within` are held to it below."""

CHANGING = {
    "undo_within": {"ita.imports.history:undo", "ita.imports.samples:remove_samples"},
    "save_batch": {
        "ita.imports.removal:remove",
        "ita.imports.saving:import_within",
        "ita.imports.saving:apply_within",
    },
    "apply_within": {"ita.imports.saving:preview_import", "ita.imports.several_files:check"},
    "remember_headers": {"ita.imports.header_mappings:remember"},
    "forget_headers": {"ita.imports.header_mappings:forget"},
    "apply_difference": set[str](),
    "store_upload": set[str](),
    "insert_account": {
        "ita.auth.accounts:add_account",
        "ita.auth.accounts:add_sso_account",
        "ita.auth.sign_in:make_first_admin",
    },
    "set_password": {
        "ita.auth.accounts:reset_password",
        "ita.auth.sign_in:change_own_password",
    },
}
"""Functions that change the store inside a transaction of others, and who else may call them."""


Called = dict[str, set[str]]
"""Of each function the names that it calls."""


@pytest.fixture(scope="module")
def bare_and_dotted() -> tuple[Called, Called]:
    """What is called as `name(…)`, and what as `something.name(…)`."""
    bare: Called = {}
    dotted: Called = {}
    for file in FILES:
        for node in tree(file).body:
            for one in node.body if isinstance(node, ast.ClassDef) else [node]:
                if isinstance(one, ast.FunctionDef):
                    place = f"{module_name(file)}:{one.name}"
                    called = [n.func for n in ast.walk(one) if isinstance(n, ast.Call)]
                    bare[place] = {func.id for func in called if isinstance(func, ast.Name)}
                    dotted[place] = {f.attr for f in called if isinstance(f, ast.Attribute)}
    return bare, dotted


@pytest.fixture(scope="module")
def bare(bare_and_dotted: tuple[Called, Called]) -> Called:
    return bare_and_dotted[0]


@pytest.fixture(scope="module")
def dotted(bare_and_dotted: tuple[Called, Called]) -> Called:
    return bare_and_dotted[1]


def test_transactions_for_writing_are_opened_in_few_places(dotted: Called) -> None:
    found = {place for place, called in dotted.items() if "writing" in called}
    assert {place for place in found if not place.startswith(STORE)} == set(UNRECORDED)


def test_only_the_last_activity_is_written_best_effort(dotted: Called) -> None:
    jotting = {place for place, called in dotted.items() if "write_best_effort" in called}
    assert jotting == {"ita.auth.sessions:_note_seen"}  # changes nothing of anybody's


def test_whoever_records_asks_first_or_is_open_to_all(bare: Called) -> None:
    recorders = {place for place, called in bare.items() if "recording" in called}
    assert recorders
    unasked = {place for place in recorders if not bare[place] & ASKING}
    assert unasked == set(OPEN_TO_ALL)


def test_what_asks_for_others_asks(bare: Called) -> None:
    asking = [
        place for place in bare if place.split(":")[1] in ("_find_managed_account", "import_within")
    ]
    assert len(asking) == 2
    assert "require" in bare["ita.auth.accounts:_find_managed_account"]
    assert "_prepare" in bare["ita.imports.saving:import_within"]
    assert "_prepare" in bare["ita.imports.saving:check_within"]
    assert "check_within" in bare["ita.imports.saving:preview_import"]
    assert "check_within" in bare["ita.imports.several_files:_found"]
    assert "_validate_and_diff" in bare["ita.imports.saving:_prepare"]
    assert {"require", "require_on_some"} <= bare["ita.imports.saving:_validate_and_diff"]


def test_what_changes_inside_a_transaction_is_called_where_it_is_asked(bare: Called) -> None:
    for name, allowed in CHANGING.items():
        callers = {
            place
            for place, called in bare.items()
            if name in called and not place.startswith(STORE) and place.split(":")[1] != name
        }
        assert callers == allowed, name


@pytest.mark.slow
def test_nobody_writes_sql_that_changes_elsewhere() -> None:
    """INSERT, UPDATE, DELETE stand in the store and in access alone."""
    elsewhere = []
    for file in FILES:
        module = module_name(file)
        if module.startswith((STORE, "ita.auth")):
            continue
        for node in nodes(file):
            text = node.value if isinstance(node, ast.Constant) else ""
            verbs = ("INSERT INTO", "UPDATE ", "DELETE FROM", "DROP ", "ALTER TABLE")
            if isinstance(text, str) and text.startswith(verbs):
                elsewhere.append((module, text[:40]))
    assert elsewhere == []
