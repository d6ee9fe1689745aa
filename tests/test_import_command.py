"""`python -m ita import`: its answer, what it is told of a file, and what it refuses at which place."""

from __future__ import annotations

import csv
import io
import os
import sys
from collections import Counter
from pathlib import Path

import pytest

from ita.imports.samples import SAMPLES
from tests.calling import file_with, ita
from tests.imports.bringing import AGENCIES, SCORES


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
        "counts": {"new": 2, "changed": 0, "same": 0, "not_reported": 0},
        "problems": [],
    }
    again = ita(database, "import", "scores", scores, "--json")
    assert again.code == 0
    assert [problem["kind"] for problem in again.document["problems"]] == ["already-imported"]
    assert again.document["batch"] == 2
    assert ita(database, "history", "--json").document[0]["reason"] == "ประกาศ"


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
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
    assert header[1:4] == ["บรรทัด", "คอลัมน์", "ค่าในไฟล์"]
    told = [[str(p["line"]), p["column"] or "", p["value"] or "", p["message"]] for p in whole]
    assert [[*row[1:4], row[5]] for row in listed] == told


@pytest.mark.slow
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


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes here")
def test_a_file_name_in_windows_874_is_no_hindrance(database: Path, tmp_path: Path) -> None:
    place = os.fsencode(tmp_path) + b"/\xa4\xd0\xe1\xb9\xb9.csv"
    Path(os.fsdecode(place)).write_text(AGENCIES)
    assert ita(database, "import", "agencies", os.fsdecode(place), process=True).code == 0
    assert "agencies" in ita(database, "history").out
