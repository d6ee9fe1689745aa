"""The command line as others call it: by a process, its exit code, its two streams."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from ita.__main__ import main
from ita.importing.kinds import Kind
from ita.importing.samples import SAMPLES
from ita.report.docx_form import starter_template
from ita.report.narrative import COLUMNS
from ita.settings import PROJECT, Settings
from ita.wording import speaking
from tests.importing.bringing import AGENCIES, SCORES
from tests.patience import PATIENCE
from tests.report.printing import docx_rows, picture
from tests.store.test_unavailable import held

IPST = {
    2558: (79.69, ""),
    2559: (83.73, ""),
    2560: (91.35, ""),
    2561: (83.10, "สูงมาก"),
    2562: (91.07, "A"),
    2563: (90.73, "A"),
    2564: (95.62, "AA"),
    2565: (90.22, "A"),
    2566: (86.78, "ผ่าน"),
    2567: (91.15, "ผ่าน"),
}
"""Published by the institute itself; the reference of the domain, not of the code."""


@dataclass(frozen=True)
class Call:
    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


def ita(database: Path, *words: str, language: str = "", process: bool = False) -> Call:
    """One call; in a process of its own where that matters, else in ours, which is much faster."""
    environment = {"ITA_DATABASE": str(database), "ITA_LANG": language}
    call = _in_a_process(environment, words) if process else _in_ours(environment, words)
    assert "Traceback" not in call.err
    return call


def _in_a_process(environment: dict[str, str], words: tuple[str, ...]) -> Call:
    done = subprocess.run(
        [sys.executable, "-m", "ita", *words],
        cwd=PROJECT,
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
        timeout=PATIENCE,
    )
    return Call(done.returncode, done.stdout.decode(), done.stderr.decode())


def _in_ours(environment: dict[str, str], words: tuple[str, ...]) -> Call:
    out, err = io.StringIO(), io.StringIO()
    with (
        patch.dict(os.environ, environment),
        redirect_stdout(out),
        redirect_stderr(err),
        speaking("th"),
    ):
        try:
            code = main(words)
        except SystemExit as leaving:  # as argparse leaves
            code = int(leaving.code or 0)
    return Call(code, out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A store with the samples, for calls that only read."""
    place = tmp_path_factory.mktemp("demo") / "new" / "ita.duckdb"
    assert ita(place, "demo").code == 0
    yield place


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "ita.duckdb"


def file_with(folder: Path, text: str, name: str = "file.csv") -> str:
    place = folder / name
    place.write_text(text, encoding="utf-8")
    return str(place)


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


def test_demo_loads_the_samples_and_again_stores_nothing(database: Path) -> None:
    first = ita(database, "demo")
    assert first.code == 0
    assert first.out.count("ใหม่") == len(SAMPLES)
    assert ita(database, "demo").code == 0
    assert len(ita(database, "history", "--json").document) == len(SAMPLES)


def test_trend_shows_ten_published_points_with_levels_and_the_break(demo: Path) -> None:
    call = ita(demo, "trend", "--agency", "IPST", "--json")
    document = call.document
    assert call.code == 0
    assert call.err == ""
    assert document["agency"] == "IPST"
    total = [point for point in document["points"] if point["part"] == "total"]
    shown = {
        point["fiscal_year"]: (point["score"], point["level_published"] or "") for point in total
    }
    assert shown == IPST
    assert [point["fiscal_year"] for point in total[1:] if not point["comparable"]] == [2562]
    changes = {point["fiscal_year"]: point["change"] for point in total}
    assert changes[2558] is None
    assert changes[2562] is None
    assert changes[2563] == -0.34
    assert changes[2567] == 4.37
    (verdict,) = (v for v in document["verdicts"] if v["part"] == "total")
    assert verdict["verdict"] == "mixed"
    assert (verdict["from"], verdict["to"]) == (2562, 2567)
    assert [against["fiscal_year"] for against in verdict["against"]] == [2563, 2565, 2566]
    assert {v["verdict"] for v in document["verdicts"]} == {"mixed", "not_enough_data"}


def test_trend_finds_an_agency_by_its_name(demo: Path) -> None:
    call = ita(demo, "trend", "--agency", "เทศบาลนคร ยะลา", "--json")
    assert call.document["agency"] == "YALA"


def test_trend_for_people(demo: Path) -> None:
    call = ita(demo, "trend", "--agency", "IPST")
    assert "ปี 2564\tคะแนนรวม\t95.62\t+4.89" in call.out
    assert "คะแนนรวม: ขึ้นบ้างลงบ้าง (2562–2567)" in call.out


def test_the_three_claims_have_three_verdicts(demo: Path) -> None:
    call = ita(demo, "claims", "--agency", "SAMPLE", "--year", "2567", "--json")
    assert call.code == 0
    judged = {claim["instrument"]: claim["verdict"] for claim in call.document}
    assert judged == {"IIT": "supported", "EIT": "contradicted", "OIT": "not_enough_data"}
    for claim in call.document:
        assert set(claim) == {"instrument", "text", "claim", "part", "verdict", "evidence"}
    contradicted = next(claim for claim in call.document if claim["instrument"] == "EIT")
    assert any((e["change"] or 0) < 0 for e in contradicted["evidence"])
    assert "ขัดกับคะแนนที่มี" in ita(demo, "claims", "--year", "2567").out


def test_gaps_are_the_ones_of_the_real_report(demo: Path) -> None:
    document = ita(demo, "gaps", "--year", "๒๕๖๗", "--json").document
    no_result = [(g["instrument"], g["seq"]) for g in document if g["gap"] == "no_result"]
    assert no_result == [("IIT", 3), ("EIT", 3), ("OIT", 2)]
    no_period = [(g["instrument"], g["seq"]) for g in document if g["gap"] == "no_period"]
    assert no_period == [("OIT", None)]
    assert ("no_progress", "EIT", 3) in [(g["gap"], g["instrument"], g["seq"]) for g in document]
    assert "[no_result]" in ita(demo, "gaps", "--year", "67").out


def test_the_report_holds_everything_the_agency_wrote(demo: Path, tmp_path: Path) -> None:
    place = tmp_path / "report.html"
    call = ita(demo, "report", "--year", "2567", "--format", "html", "--out", str(place))
    assert call.code == 0
    page = place.read_text(encoding="utf-8")
    texts = list(COLUMNS)
    counted = 0
    for name, columns in (
        ("measures.csv", ("มาตรการ",)),
        ("narrative.csv", ("ข้อความ",)),
    ):
        with (Settings().samples / name).open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.DictReader(stream):
                texts += [row[column] for column in columns]
                counted += 1
    assert counted == 9 + 9 + 3 + 2  # measures, results, outcomes, periods
    assert not [text for text in texts if text not in page]


@pytest.mark.parametrize("file_format", ["csv", "xlsx", "docx", "pdf"])
def test_the_report_in_other_formats(demo: Path, tmp_path: Path, file_format: str) -> None:
    place = tmp_path / f"report.{file_format}"
    call = ita(
        demo,
        *("report", "--agency", "SAMPLE", "--year", "2567"),
        *("--format", file_format, "--out", str(place)),
    )
    assert call.code == 0
    assert place.read_bytes()[:3] in (b"\xef\xbb\xbf", b"PK\x03", b"%PD")


SAMPLE_REPORT = ("report", "--agency", "SAMPLE", "--year", "2567")


def test_the_report_in_an_agencys_own_form(demo: Path, tmp_path: Path) -> None:
    form, crest, place = tmp_path / "form.docx", tmp_path / "crest.png", tmp_path / "report.docx"
    form.write_bytes(starter_template())
    crest.write_bytes(picture("PNG"))
    looks = ("--template", str(form), "--crest", str(crest))
    call = ita(demo, *SAMPLE_REPORT, "--format", "docx", "--out", str(place), *looks)
    assert call.code == 0
    assert docx_rows(place.read_bytes())[0] == list(COLUMNS)
    form.write_bytes(b"no form")
    call = ita(demo, *SAMPLE_REPORT, "--format", "docx", "--out", str(place), *looks)
    assert call.code == 1
    assert "ไม่ใช่เอกสาร Word" in call.err
    crest.write_bytes(b"no picture")
    pdf = ("--format", "pdf", "--out", str(place), "--crest", str(crest))
    call = ita(demo, *SAMPLE_REPORT, *pdf)
    assert call.code == 1
    assert "ภาพตรา" in call.err


def test_a_report_of_nothing_is_refused(demo: Path, tmp_path: Path) -> None:
    place = tmp_path / "report.html"
    call = ita(
        demo,
        *("report", "--agency", "YALA", "--year", "2567"),
        *("--format", "html", "--out", str(place)),
    )
    assert call.code == 1
    assert "ยังไม่มีมาตรการ" in call.err
    assert not place.exists()


def test_an_import_answers_in_the_form_of_the_contract(database: Path, tmp_path: Path) -> None:
    agencies = file_with(tmp_path, AGENCIES, "agencies.csv")
    assert ita(database, "import", "agencies", agencies).code == 0
    scores = file_with(tmp_path, f"{SCORES}2567,A,80\n2566,B,70\n")
    call = ita(database, "import", "scores", scores, "--reason", "ประกาศ", "--json")
    assert call.code == 0
    assert call.document == {
        "accepted": True,
        "batch": 2,
        "encoding": "utf-8",
        "counts": {"new": 2, "changed": 0, "same": 0},
        "problems": [],
    }
    again = ita(database, "import", "scores", scores, "--json")
    assert again.code == 0
    assert [problem["kind"] for problem in again.document["problems"]] == ["already-imported"]
    assert again.document["batch"] == 2
    assert ita(database, "history", "--json").document[0]["reason"] == "ประกาศ"


def test_a_dry_run_shows_the_difference_and_stores_nothing(demo: Path, tmp_path: Path) -> None:
    scores = file_with(tmp_path, f"{SCORES}2567,IPST,92\n")
    call = ita(demo, "import", "scores", scores, "--dry-run", "--json")
    assert call.code == 0
    assert call.document["diff"] == [
        {
            "key": {"agency": "IPST", "fiscal_year": 2567},
            "field": "total",
            "old": 91.15,
            "new": 92.0,
        }
    ]
    assert call.document["batch"] is None
    assert len(ita(demo, "history", "--json").document) == len(SAMPLES)


def test_a_bad_file_is_refused_with_its_problems(demo: Path, tmp_path: Path) -> None:
    scores = file_with(tmp_path, f"{SCORES}2567,IPST,x\n2567,YALA,101\n")
    call = ita(demo, "import", "scores", scores, "--json")
    assert call.code == 1
    assert [(p["kind"], p["line"], p["column"]) for p in call.document["problems"]] == [
        ("not-a-number", 2, "คะแนนรวม"),
        ("out-of-range", 3, "คะแนนรวม"),
    ]
    assert call.document["accepted"] is False
    spoken = ita(demo, "import", "scores", scores)
    assert spoken.code == 1
    assert "บรรทัด 2, คะแนนรวม: “x” ไม่ใช่ตัวเลข" in spoken.out
    assert "ไม่ได้บันทึกอะไร" in spoken.out


def test_agency_and_scale_of_an_import(demo: Path, tmp_path: Path) -> None:
    text = "ปีงบประมาณ,IIT,EIT,OIT\n2569,27,27,36\n"
    scores = file_with(tmp_path, text)
    assert ita(demo, "import", "scores", scores, "--agency", "YALA").code == 1
    call = ita(
        demo,
        *("import", "scores", scores, "--agency", "YALA"),
        *("--scale", "weighted", "--dry-run", "--json"),
    )
    assert [change["new"] for change in call.document["diff"]] == [90, 90, 90]


def test_an_import_is_read_as_it_is_told(demo: Path, tmp_path: Path) -> None:
    told = ("import", "scores", file_with(tmp_path, f"{SCORES[:-1]},source\n2567,IPST,90,Café\n"))
    plain = ita(demo, *told, "--dry-run", "--json")
    assert plain.document["encoding"] == "utf-8"  # of Thai headers there is no doubt
    alias = file_with(tmp_path, "fiscal_year,agency,total,source\n2567,IPST,90,Café\n", "alias.csv")
    for words, encoding, source in (
        ((), "cp874", "Cafรฉ"),
        (("--encoding", "windows-874"), "cp874", "Cafรฉ"),
        (("--encoding", "UTF-8"), "utf-8", "Café"),
    ):
        call = ita(demo, "import", "scores", alias, *words, "--dry-run", "--json")
        assert call.document["encoding"] == encoding
        assert source in [change["new"] for change in call.document["diff"]]
    refused = ita(demo, "import", "scores", alias, "--separator", "semicolon", "--json")
    assert refused.code == 1
    assert "missing-column" in {p["kind"] for p in refused.document["problems"]}
    wrong = ita(demo, "import", "scores", alias, "--encoding", "utf-16", "--json")
    assert [p["kind"] for p in wrong.document["problems"]] == ["unreadable-encoding"]


def test_the_header_of_an_import_is_the_line_that_is_told(demo: Path, tmp_path: Path) -> None:
    two = file_with(tmp_path, f"{SCORES}fiscal_year,agency,total\n2567,IPST,90\n")
    assert ita(demo, "import", "scores", two).code == 1
    assert ita(demo, "import", "scores", two, "--header-line", "2", "--separator", ",").code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("--encoding", "latin-1"),
        ("--separator", "x"),
        ("--separator", ""),
        ("--header-line", "0"),
        ("--header-line", "-1"),
        ("--header-line", "a"),
    ],
)
def test_what_no_file_is_read_by_is_a_wrong_call(
    words: tuple[str, ...], demo: Path, tmp_path: Path
) -> None:
    scores = file_with(tmp_path, f"{SCORES}2567,IPST,90\n")
    assert ita(demo, "import", "scores", scores, *words, "--dry-run").code == 2


def test_a_file_of_any_size_is_refused_without_being_read(demo: Path, tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    place = tmp_path / "sparse.csv"
    with place.open("wb") as stream:
        stream.truncate(200 * 1024 * 1024)
    ita(demo, "history", process=True)
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    call = ita(demo, "import", "scores", str(place), "--json", process=True)
    assert call.code == 1
    assert [p["kind"] for p in call.document["problems"]] == ["file-too-large"]
    assert "200.0 MB" in call.document["problems"][0]["message"]
    # The largest child so far read small files at most: this one needs no more than they did.
    after = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    assert after - before < 50 * 1024


def test_a_file_without_a_size_is_read_no_further_than_the_limit(demo: Path) -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("no endless file here")
    call = ita(demo, "import", "scores", "/dev/zero", "--json")
    assert call.code == 1
    assert [p["kind"] for p in call.document["problems"]] == ["file-too-large"]


def test_long_work_shows_on_standard_error_only(demo: Path, tmp_path: Path) -> None:
    lines = "".join(f"2567,IPST,{number}\n" for number in range(101))
    scores = file_with(tmp_path, f"{SCORES}{lines}" + ",,\n" * 400_000)
    call = ita(demo, "import", "scores", scores, "--json")
    assert call.code == 1
    assert "กำลังตรวจ" in call.err
    assert {p["kind"] for p in call.document["problems"]} == {"duplicate-key"}


def test_export_writes_what_import_reads(demo: Path, database: Path, tmp_path: Path) -> None:
    formats = ("csv", "xlsx", "parquet", "json", "csv", "xlsx")
    for table, file_format in zip(Kind, formats, strict=True):
        place = str(tmp_path / f"{table}.{file_format}")
        assert ita(demo, "export", table, "--format", file_format, "--out", place).code == 0
        call = ita(database, "import", table, place, "--json")
        assert call.code == 0, call.document["problems"]
        assert call.document["counts"]["new"] > 0


def test_export_filters_by_columns(demo: Path, tmp_path: Path) -> None:
    place = tmp_path / "x.csv"
    call = ita(
        demo,
        *("export", "scores", "--format", "csv", "--out", str(place)),
        *("--where", "agency=IPST", "ปีงบประมาณ=2564"),
    )
    assert call.code == 0
    text = place.read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [(row["ปีงบประมาณ"], row["คะแนนรวม"], row["ระดับ"]) for row in rows] == [
        ("2564", "95.62", "AA")
    ]


@pytest.mark.parametrize("year", ["๒๕๖๔", "64", "2021"])
def test_a_filter_is_read_as_a_cell_of_a_file(demo: Path, tmp_path: Path, year: str) -> None:
    place = tmp_path / "x.json"
    words = ("export", "scores", "--format", "json", "--out", str(place), "--where")
    assert ita(demo, *words, "agency=IPST", f"fiscal_year={year}").code == 0
    assert [row["total"] for row in json.loads(place.read_text(encoding="utf-8"))] == [95.62]


def test_a_filter_by_type_takes_the_alias(demo: Path, tmp_path: Path) -> None:
    place = tmp_path / "x.json"
    words = ("export", "narrative", "--format", "json", "--out", str(place), "--where")
    assert ita(demo, *words, "type=outcome").code == 0
    assert len(json.loads(place.read_text(encoding="utf-8"))) == 3


def test_no_report_at_all_is_not_called_complete(demo: Path) -> None:
    words = ("gaps", "--agency", "YALA", "--year", "2567")
    told = ita(demo, *words)
    assert told.code == 0
    assert "ยังไม่มีมาตรการหรือรายงานผล" in told.out
    assert "ครบถ้วน" not in told.out
    document = ita(demo, *words, "--json")
    assert document.document == []
    assert "ยังไม่มีมาตรการหรือรายงานผล" in document.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_full_disk_is_told_as_such(demo: Path, tmp_path: Path) -> None:
    full = tmp_path / "x.csv"
    with patch("ita.commands.writing.whole_file", lambda _: Path("/dev/full").open("wb")):
        call = ita(demo, "export", "scores", "--format", "csv", "--out", str(full))
    assert call.code == 3
    assert "ดิสก์เต็ม" in call.err
    assert str(full) in call.err


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


def test_an_interrupted_call_ends_without_a_traceback(demo: Path) -> None:
    with patch("ita.commands.history.exported", side_effect=KeyboardInterrupt):
        call = ita(demo, "history", "--json")
    assert call.code == 130
    assert "history" in call.err


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
    assert "ย้อนแล้วโดยครั้งที่ 4)" in ita(database, "history").out
    assert ita(database, "undo", "3").code == 1
    assert ita(database, "undo", "99").code == 1


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


def test_of_many_problems_all_are_counted_the_first_told_and_every_one_written(
    demo: Path, tmp_path: Path
) -> None:
    rows = "".join(f"2567,IPST,x{n}\n" if n % 2 else f"9999,IPST,{n}\n" for n in range(400))
    written = tmp_path / "ปัญหา.csv"
    scores = file_with(tmp_path, SCORES + rows)
    call = ita(demo, "import", "scores", scores, "--problems", str(written))
    assert call.code == 1
    whole = ita(demo, "import", "scores", scores, "--json").document["problems"]
    kinds = Counter(problem["kind"] for problem in whole)
    assert kinds["not-a-number"] == kinds["unknown-year"] == 200
    for kind, count in kinds.items():
        assert call.out.count(f"[{kind}]") == min(count, 3) + (count > 3), kind
        assert count <= 3 or f"และอีก {count - 3} แห่งแบบเดียวกัน [{kind}]" in call.out
    assert f"ต้องแก้ {len(whole)} แห่ง ควรตรวจ 0 แห่ง" in call.out
    header, *listed = csv.reader(io.StringIO(written.read_text("utf-8-sig"), newline=""))
    assert header[1:4] == ["บรรทัด", "คอลัมน์", "ค่าในแฟ้ม"]
    told = [[str(p["line"]), p["column"] or "", p["value"] or "", p["message"]] for p in whole]
    assert [[*row[1:4], row[5]] for row in listed] == told


def test_a_list_of_problems_that_has_no_place_is_told_before_anything_is_stored(
    demo: Path, tmp_path: Path
) -> None:
    scores = file_with(tmp_path, f"{SCORES}2561,SAMPLE,80\n")
    content = Path(scores).read_bytes()
    for place in (str(tmp_path / "ไม่มี" / "x.csv"), str(tmp_path), "", scores):
        call = ita(demo, "import", "scores", scores, "--problems", place)
        assert (call.code, "Traceback" in call.err) == (2, False), place
    assert Path(scores).read_bytes() == content
    assert ita(demo, "import", "scores", scores, "--json").document["counts"]["new"] == 1


def test_an_unknown_language_is_thai(demo: Path) -> None:
    assert "คะแนนรวม" in ita(demo, "trend", "--agency", "IPST", language="xx").out


@pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes here")
def test_a_file_name_in_windows_874_is_no_hindrance(database: Path, tmp_path: Path) -> None:
    place = os.fsencode(tmp_path) + b"/\xa4\xd0\xe1\xb9\xb9.csv"
    Path(os.fsdecode(place)).write_text(AGENCIES)
    assert ita(database, "import", "agencies", os.fsdecode(place), process=True).code == 0
    assert "agencies" in ita(database, "history").out


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


def test_an_outcome_without_measures_lacks_its_period(tmp_path: Path) -> None:
    database = tmp_path / "ita.duckdb"
    for kind, text in (
        ("agencies", "agency_id,name_th\nA,ก\n"),
        ("narrative", "fiscal_year,instrument,type,seq,text\n2567,OIT,outcome,,x\n"),
    ):
        place = tmp_path / f"{kind}.csv"
        place.write_text(text, encoding="utf-8")
        assert ita(database, "import", kind, str(place)).code == 0
    gaps = ita(database, "gaps", "--year", "2567", "--json").document
    assert [(gap["instrument"], gap["gap"]) for gap in gaps] == [("OIT", "no_period")]
