"""Each column of each table, changed behind the program's back: `check` reports it, or the documentation
says why nothing in the store can prove it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ita.auth.accounts import RoleGrant, add_account
from ita.auth.permissions import Role, machine_owner
from ita.auth.sessions import start_session
from ita.config import PROJECT, Settings
from ita.integrity.checking import check_integrity
from ita.reference import Reference
from ita.store import Store, open_store
from tests.imports.bringing import taken, undo, with_samples

NOT_PROVABLE = {
    "account", "agency_look", "header_meaning", "schema_version", "sign_in_session",
    "batch.encoding", "batch.file_name", "batch.reason", "batch.request",
}  # fmt: skip
"""Tables, and columns of others, of which no other part of the store says the same; each stands in
docs/reliability.md with the reason."""

WORKED = (
    "agency,fiscal_year,instrument,seq,measure,indicator,divisions,start_quarter,end_quarter,target,"
    "cause,method,follow_up\nSAMPLE,2569,IIT,901,{0},1,กอง{0},1,{1},{0},{0},{0},{0}\n"
)
FILES = {
    "agencies": "agency_id,name_th,name_en,agency_type,province,prepared_by,prepared_position,"
    "approved_by,approved_position,digits\nSAMPLE9,{0},{0},เทศบาลตำบล,น่าน,{0},{0},{0},{0},ไทย\n",
    "scores": "agency,fiscal_year,total,level,source,iit_respondents,eit_respondents\nSAMPLE9,2567,8{1},,{0},1{1},2{1}\n",
    "measures": WORKED,
    "progress": "agency,fiscal_year,quarter,instrument,seq,percent,note,obstacle,evidence\n"
    "SAMPLE,2569,1,IIT,901,1{1},{0},{0},{0}\n",
    "annotations": "agency,day,event,part,source\nSAMPLE,2026-01-05,{0},IIT,{0}\n",
    "narrative": "agency,fiscal_year,instrument,type,seq,text,measures\nSAMPLE,2569,IIT,result,901,{0},901\n",
}


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Samples, and a row of each kind that a second file changed; an undo, accounts, a session."""
    place = tmp_path_factory.mktemp("columns") / "ita.duckdb"
    store = open_store(place)
    with_samples(store)
    for word, number in (("ก", "2"), ("ข", "3")):
        for kind, text in FILES.items():
            taken(store, kind, text.format(word, number))
    undo(store, store.version(), "p", "r")
    person = machine_owner("p")
    add_account(store, person, "somsri", "สมศรี", RoleGrant(Role.VIEWER), "ฝนตกที่บ้านนา2567")
    with store.writing() as cursor:
        start_session(cursor, "somsri", Settings().sign_in)
    yield store
    store.close()


KEYS_OF_ORDER = {("audit", "entry"), ("batch", "batch_id"), ("schema_version", "version")}
"""Of the last row they can only be changed to one that is taken; tested with the rules themselves."""


def _other(column: str, kind: str) -> str:
    """SQL for another value of a column."""
    if kind == "BLOB":
        return f"{column} || 'x'::BLOB"
    if kind == "BOOLEAN":
        return f"NOT {column}"
    if kind == "TIMESTAMP":
        return f"coalesce({column}, TIMESTAMP '2026-01-01') - INTERVAL 1 SECOND"
    if kind == "INTEGER":
        return f"CASE WHEN {column} > 1 THEN {column} - 1 ELSE coalesce({column}, 0) + 1 END"
    if kind.startswith("DECIMAL"):
        return f"CASE WHEN {column} > 1 THEN {column} - 1 ELSE {column} + 1 END"
    return {
        "instrument": "CASE instrument WHEN 'IIT' THEN 'EIT' ELSE 'IIT' END",
        "type": "CASE type WHEN 'result' THEN 'outcome' ELSE 'result' END",
        "role": "CASE role WHEN 'admin' THEN 'viewer' ELSE 'admin' END",
        "day": "'2001-01-01'",
    }.get(column, f"coalesce({column}, '') || 'x'")


def _columns(store: Store) -> list[tuple[str, str, str]]:
    with store.reading() as cursor:
        return cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns "
            "WHERE table_catalog = current_database() ORDER BY ALL"
        ).fetchall()


def _row(store: Store, table: str) -> int:
    """The rowid of a row whose content the log holds: the last, which a later file changed."""
    rule = "WHERE file_hash IS NOT NULL" if table == "batch" else ""
    query = f"SELECT rowid FROM {table} {rule} ORDER BY rowid DESC LIMIT 1"
    with store.reading() as cursor:
        row = cursor.execute(query).fetchone()
    return int(row[0]) if row else -1


@pytest.mark.slow
def test_a_change_behind_the_program_s_back_is_reported(
    stored: Store, reference: Reference
) -> None:
    silent: set[str] = set()
    assert check_integrity(stored, reference) == ()
    for table, column, kind in _columns(stored):
        if (rowid := _row(stored, table)) < 0 or (table, column) in KEYS_OF_ORDER:
            continue
        where = f"WHERE rowid = {rowid}"
        with stored.reading() as cursor:
            before = cursor.execute(f"SELECT {column} FROM {table} {where}").fetchone()
        assert before is not None
        with stored.writing() as cursor:
            cursor.execute(f"UPDATE {table} SET {column} = {_other(column, kind)} {where}")
        if not check_integrity(stored, reference):
            silent.add(table if table in NOT_PROVABLE else f"{table}.{column}")
        with stored.writing() as cursor:  # an update of a key moves its row to the end
            where = f"WHERE rowid = {_row(stored, table)}"
            cursor.execute(f"UPDATE {table} SET {column} = $before {where}", {"before": before[0]})
    assert silent <= NOT_PROVABLE
    assert check_integrity(stored, reference) == ()


def test_what_nothing_proves_is_documented() -> None:
    text = (PROJECT / "docs" / "reliability.md").read_text(encoding="utf-8")
    assert [name for name in NOT_PROVABLE if f"`{name}`" not in text] == []
