"""python -m ita user …: accounts by whoever has the machine, passwords never in the arguments."""

from __future__ import annotations

import getpass
import io
import sys
from pathlib import Path

import pytest

from ita.auth.accounts import load_password_hash
from ita.auth.audit import audit_findings
from ita.auth.passwords import verify_password
from ita.store import open_store
from tests.auth.house import GOOD
from tests.calling import Call, ita
from tests.imports.bringing import AGENCIES, taken


@pytest.fixture
def place(tmp_path: Path) -> Path:
    database = tmp_path / "ita.duckdb"
    with open_store(database) as store:
        taken(store, "agencies", AGENCIES)
    return database


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is typed at the prompts, one after the other."""
    answers: list[str] = []
    monkeypatch.setattr(getpass, "getpass", lambda prompt="": answers.pop(0))
    monkeypatch.setattr(sys, "stdin", Terminal())
    return answers


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def piped(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def listed(place: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = ita(place, "user", "list", "--json").document
    return found


def fits(place: Path, name: str, password: str) -> bool:
    with open_store(place) as store, store.reading() as cursor:
        return verify_password(load_password_hash(cursor, name), password)


def added(place: Path, *words: str) -> Call:
    call = ita(place, "user", "add", *words, "--one-time", "--json")
    assert call.code == 0, call.err
    return call


def test_a_password_is_asked_for_twice(place: Path, typed: list[str]) -> None:
    typed += [GOOD, GOOD]
    call = ita(place, "user", "add", "Boss", "--role", "admin", "--name", "หัวหน้า")
    assert (call.code, call.out) == (0, "เพิ่มบัญชี Boss แล้ว\n")
    assert fits(place, "boss", GOOD)
    assert listed(place) == [
        {
            "account": "boss",
            "name": "หัวหน้า",
            "role": "admin",
            "agency": None,
            "divisions": [],
            "organisation": False,
            "must_change": False,
            "disabled": False,
            "locked_until": None,
        }
    ]


def test_two_passwords_that_differ_make_no_account(place: Path, typed: list[str]) -> None:
    typed += [GOOD, f"{GOOD}x"]
    assert ita(place, "user", "add", "boss", "--role", "admin").code == 1
    assert listed(place) == []


def test_a_password_comes_over_standard_input(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    piped(monkeypatch, f"{GOOD}\r\nsecond line\n")
    call = ita(place, "user", "add", "boss", "--role", "admin", "--password-stdin")
    assert call.code == 0
    assert fits(place, "boss", GOOD)


@pytest.mark.parametrize("words", [(), ("--password-stdin",)])
def test_without_a_password_nothing_is_done(
    words: tuple[str, ...], place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    piped(monkeypatch, "")
    assert ita(place, "user", "add", "boss", "--role", "admin", *words).code == 2
    assert listed(place) == []


def test_a_password_can_be_made_to_be_used_once(place: Path) -> None:
    call = added(place, "boss", "--role", "admin")
    assert call.document["account"] == "boss"
    assert fits(place, "boss", call.document["one_time_password"])
    assert listed(place)[0]["must_change"] is True
    told = ita(place, "user", "add", "second", "--role", "admin", "--one-time")
    assert fits(place, "second", told.out.split(": ")[1].strip())


def test_staff_have_an_agency_by_its_name_and_divisions(place: Path) -> None:
    words = ("--role", "staff", "--agency", "เทศบาลเมือง ก", "--division", "กองช่าง", "กองคลัง")
    added(place, "somsri", *words)
    (account,) = listed(place)
    assert (account["agency"], account["divisions"]) == ("A", ["กองคลัง", "กองช่าง"])
    told = ita(place, "user", "list").out
    assert told == "somsri\tsomsri\tเจ้าหน้าที่\tA กองคลัง, กองช่าง\tรอเปลี่ยนรหัสผ่าน\n"


def test_an_account_of_the_organisation_has_no_password(place: Path) -> None:
    call = ita(
        place,
        *("user", "add", "a@b.go.th", "--role", "viewer", "--organisation"),
        *("--subject", "https://id.example u-1"),
    )
    assert call.code == 0
    assert listed(place)[0]["organisation"] is True


@pytest.mark.slow
def test_roles_and_doors_are_changed(place: Path) -> None:
    for name in ("boss", "second"):
        added(place, name, "--role", "admin")
    assert ita(place, "user", "role", "second", "--role", "executive").code == 0
    assert ita(place, "user", "disable", "second").code == 0
    assert [(a["role"], a["disabled"]) for a in listed(place)] == [
        ("admin", False),
        ("executive", True),
    ]
    assert ita(place, "user", "enable", "second").code == 0
    assert not any(a["disabled"] for a in listed(place))


def test_a_password_is_set_anew(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    added(place, "boss", "--role", "admin")
    piped(monkeypatch, f"{GOOD}\n")
    assert ita(place, "user", "password", "boss", "--password-stdin").code == 0
    assert fits(place, "boss", GOOD)
    assert listed(place)[0]["must_change"] is True


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("add",), 2, "NAME"),
        (("add", "x1"), 2, "--role"),
        (("add", "x1", "--role", "owner"), 2, "owner"),
        (("add", "x1", "--role", "staff", "--agency", "Z"), 2, "Z"),
        (("add", "x1", "--role", "staff"), 1, "ต้องมีหน่วยงาน"),
        (("add", "x", "--role", "admin"), 1, "ชื่อผู้ใช้"),
        (("add", "demo", "--role", "admin"), 1, "ใช้โดยโปรแกรม"),
        (("add", "boss", "--role", "admin"), 1, "อยู่แล้ว"),
        (("disable", "boss"), 1, "อย่างน้อยหนึ่ง"),
        (("role", "boss", "--role", "viewer"), 1, "อย่างน้อยหนึ่ง"),
        (("disable", "nobody"), 1, "ไม่มีบัญชี"),
        (("password", "nobody"), 1, "ไม่มีบัญชี"),
        (("remove", "boss"), 2, "remove"),
    ],
)
def test_what_cannot_be_done_says_why(
    words: tuple[str, ...], code: int, told: str, place: Path
) -> None:
    added(place, "boss", "--role", "admin")
    before = listed(place)
    one_time = ("--one-time",) if words[0] in ("add", "password") else ()
    call = ita(place, "user", *words, *one_time)
    assert (call.code, told in call.err) == (code, True), call.err
    assert listed(place) == before


def test_a_bad_password_is_refused(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for line in ("short\n", "\n"):
        piped(monkeypatch, line)
        call = ita(place, "user", "add", "boss", "--role", "admin", "--password-stdin")
        assert (call.code, "อย่างน้อย 10" in call.err) == (1, True)
    assert listed(place) == []


def test_no_password_is_taken_from_the_arguments(place: Path) -> None:
    assert ita(place, "user", "add", "boss", "--role", "admin", "--password", GOOD).code == 2


def test_an_empty_list_says_how_to_begin(place: Path) -> None:
    assert "user add NAME --role admin" in ita(place, "user", "list").out
    assert listed(place) == []


def test_what_is_done_here_is_on_record(place: Path) -> None:
    added(place, "boss", "--role", "admin")
    ita(place, "user", "password", "boss", "--one-time")
    with open_store(place) as store, store.reading() as cursor:
        rows = cursor.execute("SELECT action FROM audit ORDER BY entry DESC LIMIT 2").fetchall()
        assert [action for (action,) in rows] == ["password-reset", "account-added"]
        assert audit_findings(cursor) == ()
