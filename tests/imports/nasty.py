"""A store in which every text is a trap for some format of file."""

from __future__ import annotations

import json

from ita.store import Store
from tests.imports.bringing import MEASURES, NARRATIVE, delimited, taken, with_samples

NASTY = (
    "=1+1",
    "+66 2 123",
    "- ข้อแรก",
    "@ita",
    "'=1+1",
    "''=x",
    "'ไม่ใช่สูตร",
    'เขาว่า "ดี", แล้ว; ก็|จบ\tแท็บ',
    "หนึ่ง\nสอง\n\nสาม",
    "๒๕๖๗ ๘๕.๕",
    "👨‍👩‍👧 😀",
    "น้ำ กำ แปล ทีถูกต้อง",
    "_x0041_ _x000D_",
    "<b>&amp;</b>",
    "2567",
    "0000299",
    "1,3",
    "=HYPERLINK(\"http://x\",'y')",
    "ก" * 32_767,
    "😀" * 16_383,
    "\n".join(f"- ข้อที่ {n} ตรวจสอบการใช้รถยนต์ส่วนกลาง" for n in range(130))[:5_000],
    "<script>alert(1)</script>",
    "<r>ไม่ใช่ & มาร์กอัป</r>",
    "<r><t>x</t></r>",
    "a_x005F_x0041_b _x0009_",
    "שלום عربي ก",
    "+",
    "=cmd|' /C calc'!A0",
)
"""Texts as they may stand in a store, each a trap for some format; the longest are the limit."""


def fill_with_traps(store: Store) -> Store:
    """The samples, and each nasty text wherever a text may stand."""
    with_samples(store)
    taken(
        store,
        "agencies",
        delimited([["agency_id", "name_th", "name_en"], ["=N", "@ไม่ดี, 'นะ'", "-x\ny"]]),
    )
    measures = [
        ["2568", "=N", "IIT", str(number), f"'{text}" if text[0] in "=+-@'" else text, text]
        for number, text in enumerate(NASTY, start=1)
    ]
    header = [*MEASURES.strip().split(","), "target"]
    taken(store, "measures", json_records(header, measures), name="x.json")
    narrative = [
        ["2568", "=N", "IIT", "result", str(number), text, "1,2"]
        for number, text in enumerate(NASTY, start=1)
    ]
    narrative.append(["2568", "=N", "EIT", "outcome", "", "=ดี", ""])
    taken(store, "narrative", json_records(NARRATIVE.strip().split(","), narrative), name="x.json")
    annotations = [
        [f"2567-01-{number:02}", "=N", text, ("", "7", "total")[number % 3], text[:99]]
        for number, text in enumerate(NASTY, start=1)
    ]
    header = ["date", "agency", "event", "part", "source"]
    taken(store, "annotations", json_records(header, annotations), name="x.json")
    progress = "fiscal_year,quarter,agency,instrument,seq,percent,note,obstacle,evidence\n"
    taken(store, "progress", f"{progress}2568,2,'=N,IIT,1,0.000001,'=a,'-b,\n", scale="percent")
    scores = "fiscal_year,agency,iit,eit,oit,total,level,ind1,source\n"
    taken(
        store,
        "scores",
        f"{scores}2568,'=N,0,100,33.333333,,,,'+1\n2558,'=N,,,,1,,,\n",
        scale="percent",
    )
    return store


def json_records(header: list[str], table: list[list[str]]) -> str:
    records = [dict(zip(header, row, strict=True)) for row in table]
    return json.dumps(records, ensure_ascii=False)
