"""The brief as PDF: at most two pages of A4 upright, set by typst; typst is imported with the first."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from ita.charts.typst_data import chart_data
from ita.report.brief import Brief
from ita.report.brief_values import Place, Section, Todo, Work
from ita.report.next_steps import StepItem
from ita.report.printed import printable
from ita.report.typeset import typeset
from ita.settings import PROJECT
from ita.wording import language, say, shortened, year_text

TEMPLATE = PROJECT / "ita" / "report" / "brief.typ"

MOST_ITEMS = 12
"""Of one kind; the page takes fewer where it has less room, and says how many are left out."""
LONGEST_NAME, LONGEST_LEVEL, LONGEST_TEXT, LONGEST_SAID = 160, 60, 70, 220
LONGEST_NOTE, LONGEST_SOURCE = 260, 420
"""Letters; a longer text is cut and ends in …"""


def brief_pdf(brief: Brief) -> bytes:
    """The brief as PDF/A-2a and PDF/UA-1; a sign that no font has is printed as an empty box.

    What is said here on its own follows `ita.wording.language()` of the moment.
    """
    told = json.dumps(_told(brief), ensure_ascii=False, allow_nan=False)
    return typeset(TEMPLATE, told)


def _told(brief: Brief) -> Any:
    agency = _line(brief.agency, LONGEST_NAME)
    return _printable(
        {
            "language": language(),
            "title": brief.title,
            "agency": agency,
            "made": [brief.made.year, brief.made.month, brief.made.day],
            "day": brief.day,
            "mark": brief.mark,
            "place": _place(brief.place) if brief.place else None,
            "nowhere": say("ยังไม่มีคะแนนของหน่วยงานนี้จนถึง{year}", year=year_text(brief.year)),
            "trend": _section(brief.trend),
            "moved": _section(brief.moved),
            "indicators": _section(brief.indicators),
            "work": _work(brief.work),
            "notes": [_line(note, LONGEST_NOTE) for note in brief.notes],
            "sources_title": say("แหล่งที่มา"),
            "sources": _list([_line(source, LONGEST_SOURCE) for source in brief.sources]),
            "foot": f"{brief.title} · {shortened(agency, 48)}",
            "pages": [[_page(n, count) for n in range(1, count + 1)] for count in (1, 2)],
        }
    )


def _page(number: int, count: int) -> str:
    return say("หน้า {number} จาก {count}", number=number, count=count)


def _place(found: Place) -> dict[str, Any]:
    return asdict(found) | {
        "level": _line(found.level, LONGEST_LEVEL),
        "notes": [_line(note, LONGEST_NOTE) for note in found.notes],
    }


def _section(found: Section) -> dict[str, Any]:
    charts = [chart_data(chart) for chart in found.charts]
    signs, counts = (charts[0]["notes"], charts[0]["counts"]) if charts else ([], [])
    return {
        "title": found.title,
        "lead": found.lead,
        "charts": charts,
        "signs": _list([[sign, _line(said, LONGEST_NOTE)] for sign, said in signs], counts),
        "notes": [_line(note, LONGEST_NOTE) for note in found.notes],
        "key": [list(pair) for pair in found.key],
    }


def _work(found: Work) -> dict[str, Any]:
    return asdict(found) | {"todos": list(map(_todo, found.todos))}


def _todo(found: Todo) -> dict[str, Any]:
    items = [_item(item) for item in found.items[:MOST_ITEMS]]
    return {"title": found.title, "counts": found.counts} | _list(items, whole=len(found.items))


def _item(item: StepItem) -> dict[str, str]:
    return {
        "name": item.name,
        "text": _line(item.text, LONGEST_TEXT),
        "said": _line(item.said, LONGEST_SAID),
    }


def _list(
    items: list[Any], counts: Sequence[int] | None = None, whole: int | None = None
) -> dict[str, Any]:
    """Items, and for each number of them that a page can show what is then said of the others.

    counts: how many things each item stands for, one unless said. whole: how many there are beyond
    the items too.
    """
    each = [1] * len(items) if counts is None else counts
    left = sum(each) if whole is None else whole
    more = []
    for count in (0, *each):
        left -= count
        more.append(say("และอีก {more} รายการ", more=left) if left else "")
    return {"items": items, "more": more}


def _line(text: str, most: int) -> str:
    return shortened(" ".join(text.split()), most)


def _printable(told: Any) -> Any:
    """The same data, every text of it as a page can carry it."""
    if isinstance(told, str):
        return printable(told)
    if isinstance(told, dict):
        return {name: _printable(value) for name, value in told.items()}
    if isinstance(told, list | tuple):
        return [_printable(value) for value in told]
    return told
