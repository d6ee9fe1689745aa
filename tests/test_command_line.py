"""The command line as others call it: by a process, its exit code, its two streams."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import pytest

from ita.config import PROJECT
from ita.imports.samples import SAMPLES
from tests.calling import SAMPLE_REPORT, file_with, ita
from tests.imports.bringing import AGENCIES, SCORES
from tests.patience import PATIENCE
from tests.store.test_unavailable import held


@pytest.mark.slow
def test_every_command_as_a_process_of_its_own(tmp_path: Path) -> None:
    place = tmp_path / "ita.duckdb"
    report, export = str(tmp_path / "report.html"), str(tmp_path / "scores.csv")
    year = ("--agency", "SAMPLE", "--year", "2567")
    scores = file_with(tmp_path, f"{SCORES}2569,IPST,90\n2569,YALA,x\n")
    calls: list[tuple[int, tuple[str, ...]]] = [
        (0, ("init",)),
        (0, ("demo",)),
        (1, ("import", "scores", scores, "--json")),
        (0, ("trend", "--agency", "IPST", "--json")),
        (0, ("claims", *year, "--json")),
        (0, ("gaps", *year, "--json")),
        (0, ("report", *year, "--format", "html", "--out", report)),
        (0, ("export", "scores", "--format", "csv", "--out", export)),
        (1, ("undo", "1")),
        (0, ("undo", "6")),
        (0, ("history", "--json")),
        (2, ("trend",)),
    ]
    for code, words in calls:
        call = ita(place, *words, process=True)
        assert call.code == code, (words, call)
        if "--json" in words:
            assert call.document
            assert call.err == ""
    assert Path(report).exists()
    assert Path(export).exists()


def test_init_makes_the_store_and_its_folder_and_may_be_repeated(tmp_path: Path) -> None:
    place = tmp_path / "a" / "b" / "ita.duckdb"
    for _ in range(2):
        call = ita(place, "init")
        assert call.code == 0
        assert str(place) in call.out
    assert place.exists()


@pytest.mark.slow
def test_demo_loads_the_samples_and_again_stores_nothing(database: Path) -> None:
    first = ita(database, "demo")
    assert first.code == 0
    assert first.out.count("ใหม่") == len(SAMPLES)
    assert ita(database, "demo").code == 0
    assert len(ita(database, "history", "--json").document) == len(SAMPLES)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_full_disk_is_told_as_such(demo: Path, tmp_path: Path) -> None:
    full = tmp_path / "x.csv"
    with patch("ita.cli.output.atomic_file", lambda _: Path("/dev/full").open("wb")):
        call = ita(demo, "export", "scores", "--format", "csv", "--out", str(full))
    assert call.code == 3
    assert "ดิสก์เต็ม" in call.err
    assert str(full) in call.err


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="redirections of a POSIX shell")
@pytest.mark.parametrize(
    ("call", "code"),
    [
        ("history >&-", 0),
        ("history --json > /dev/full", 3),
        ("trend --agency NOBODY --json > /dev/full", 3),
        ("user add somchai --role admin <&-", 2),
        ("user add somchai --role admin --password-stdin <&-", 2),
    ],
)
def test_closed_and_full_streams_end_without_a_traceback(demo: Path, call: str, code: int) -> None:
    environment = {**os.environ, "ITA_DATABASE": str(demo)}
    done = subprocess.run(
        ["/bin/sh", "-c", f'"$0" -m ita {call}', sys.executable],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == code
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr


@pytest.mark.slow
def test_thai_names_of_files_in_a_locale_of_ascii(tmp_path: Path) -> None:
    database = tmp_path / "ฐาน ข้อมูล.duckdb"
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    environment = {**os.environ, **ascii_only, "ITA_DATABASE": str(database)}
    done = subprocess.run(
        [sys.executable, "-m", "ita", "init"],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert database.exists()


@pytest.mark.slow
def test_an_interrupted_call_ends_without_a_traceback(demo: Path) -> None:
    with patch("ita.cli.history.load_export", side_effect=KeyboardInterrupt):
        call = ita(demo, "history", "--json")
    assert call.code == 130
    assert "history" in call.err


@pytest.mark.slow
def test_history_and_undo(database: Path, tmp_path: Path) -> None:
    ita(database, "import", "agencies", file_with(tmp_path, AGENCIES))
    for figure in (80, 81):
        scores = file_with(tmp_path, f"{SCORES}2567,A,{figure}\n")
        assert ita(database, "import", "scores", scores).code == 0
    blocked = ita(database, "undo", "2")
    assert blocked.code == 1
    assert "3" in blocked.err
    done = ita(database, "undo", "3", "--reason", "ผิดปี")
    assert done.code == 0
    assert "4" in done.out
    document = ita(database, "history", "--json").document
    assert [(b["batch_id"], b["undoes"], b["undone_by"]) for b in document] == [
        (4, 3, None),
        (3, None, 4),
        (2, None, None),
        (1, None, None),
    ]
    assert all(isinstance(batch["batch_id"], int) for batch in document)
    assert isinstance(document[0]["undoes"], int)  # and not 3.0
    assert "ยกเลิกแล้วโดยครั้งที่ 4)" in ita(database, "history").out
    assert ita(database, "undo", "3").code == 1
    assert ita(database, "undo", "99").code == 1


@pytest.mark.slow
def test_a_store_in_use_ends_with_3_and_names_the_holder(demo: Path) -> None:
    with held(demo) as holder:
        plain = ita(demo, "history", process=True)
        document = ita(demo, "trend", "--agency", "IPST", "--json")
    assert plain.code == document.code == 3
    assert "กำลังถูกใช้" in plain.err
    assert str(holder) in plain.err
    assert plain.out == ""
    assert document.document["error"]["exit"] == 3


def test_a_file_that_is_no_store_ends_with_3(tmp_path: Path) -> None:
    place = tmp_path / "ita.duckdb"
    place.write_text("not a database at all")
    call = ita(place, "history")
    assert call.code == 3
    assert "ไม่ใช่ฐานข้อมูล" in call.err


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["dance"],
        ["import"],
        ["import", "colours", "x.csv"],
        ["import", "scores", "x.csv", "--scale", "both"],
        ["import", "scores", "no-such-file.csv"],
        ["import", "scores", "."],
        ["trend"],
        ["trend", "--agency", "NOBODY"],
        ["claims"],
        ["claims", "--year", "1800"],
        ["report", "--year", "2567", "--format", "papyrus", "--out", "x"],
        ["report", "--year", "2567", "--format", "html", "--out", "no/such/folder/x"],
        [*SAMPLE_REPORT, "--format", "pdf", "--out", "x", "--template", "form.docx"],
        [*SAMPLE_REPORT, "--format", "csv", "--out", "x", "--crest", "crest.png"],
        [*SAMPLE_REPORT, "--format", "docx", "--out", "x", "--template", "no-such-file.docx"],
        ["export", "scores", "--format", "csv", "--out", ""],
        ["export", "colours", "--format", "csv", "--out", "x"],
        ["export", "scores", "--format", "csv", "--out", "x", "--where", "colour=red"],
        ["export", "scores", "--format", "csv", "--out", "x", "--where", "agency"],
        ["export", "scores", "--format", "csv", "--out", "x", "--where", "fiscal_year=last"],
        ["export", "scores", "--format", "csv", "--out", "x", "--where", "total=much"],
        ["undo"],
        ["undo", "first"],
    ],
    ids=" ".join,
)
def test_a_wrong_call_ends_with_2_and_says_why(demo: Path, words: list[str]) -> None:
    call = ita(demo, *words)
    assert call.code == 2
    assert call.err.strip()
    assert call.out == ""


def test_a_wrong_call_with_json_still_answers_one_document(demo: Path) -> None:
    call = ita(demo, "trend", "--agency", "NOBODY", "--json")
    assert call.code == 2
    assert call.document["error"]["exit"] == 2
    assert "NOBODY" in call.document["error"]["message"]


@pytest.mark.parametrize(
    "command",
    [
        "",
        "init",
        "demo",
        "import",
        "trend",
        "claims",
        "gaps",
        "report",
        "brief",
        "export",
        "history",
        "undo",
        "remove",
    ],
)
def test_each_command_explains_itself(demo: Path, command: str) -> None:
    call = ita(demo, *command.split(), "--help")
    assert call.code == 0
    assert "usage: python -m ita" in call.out


def test_english_is_spoken_where_it_is_asked_for(demo: Path, tmp_path: Path) -> None:
    thai = ita(demo, "trend", "--agency", "IPST")
    english = ita(demo, "trend", "--agency", "IPST", language="en")
    assert english.code == 0
    assert "FY2567 (2024)" in english.out
    assert "ปี 2567" not in english.out
    assert thai.out != english.out
    refused = ita(
        demo, "import", "scores", file_with(tmp_path, f"{SCORES}2567,IPST,x\n"), language="en"
    )
    assert refused.code == 1
    assert "[not-a-number]" in refused.out


def test_an_unknown_language_is_thai(demo: Path) -> None:
    assert "คะแนนรวม" in ita(demo, "trend", "--agency", "IPST", language="xx").out


@pytest.mark.slow
def test_a_reader_that_stops_early_is_no_error(demo: Path) -> None:
    command = f'"{sys.executable}" -m ita history --json | head -c 1; exit ${{PIPESTATUS[0]}}'
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=PROJECT,
        env={**os.environ, "ITA_DATABASE": str(demo)},
        capture_output=True,
        check=False,
        timeout=PATIENCE,
    )
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("import", "--json"),
        ("import", "nonsense", "file.csv", "--json"),
        ("import", "scores", "file.csv", "--scale", "x", "--json"),
        ("claims", "--year", "abc", "--json"),
        ("nonsense", "--json"),
        ("--json",),
    ],
)
def test_a_wrong_call_with_json_is_one_document_too(tmp_path: Path, words: tuple[str, ...]) -> None:
    call = ita(tmp_path / "ita.duckdb", *words)
    assert call.code == 2
    assert call.document["error"]["exit"] == 2
    assert call.document["error"]["message"].strip() in call.err
