"""The brief as PDF: at most two pages of A4 upright, set by typst; typst is imported with the first."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from ita.charts.typst_data import chart_data
from ita.config import PROJECT
from ita.documents.printable import printable
from ita.documents.typeset import typeset
from ita.formatting import shortened, year_text
from ita.i18n import _, language
from ita.reports.brief import Brief
from ita.reports.brief_values import BriefStanding, Section, Todo, WorkSection
from ita.reports.next_steps import StepItem

TEMPLATE = PROJECT / "ita" / "reports" / "brief.typ"

# Items of one kind; the page shows fewer where it has less room, and says how many are left out.
MAX_ITEMS = 12
MAX_NAME_LENGTH, MAX_LEVEL_LENGTH, MAX_TEXT_LENGTH, MAX_MESSAGE_LENGTH = 160, 60, 70, 220
# Letters; a longer text is cut and ends in …
MAX_NOTE_LENGTH, MAX_SOURCE_LENGTH = 260, 420


def brief_pdf(brief: Brief) -> bytes:
    """The brief as PDF/A-2a and PDF/UA-1; a sign that no font has is printed as an empty box.

    The document's own texts are in the current `ita.i18n.language()`.
    """
    data = json.dumps(_template_data(brief), ensure_ascii=False, allow_nan=False)
    return typeset(TEMPLATE, data)


def _template_data(brief: Brief) -> Any:
    agency = _line(brief.agency, MAX_NAME_LENGTH)
    return _printable(
        {
            "language": language(),
            "title": brief.title,
            "agency": agency,
            "as_of": [brief.as_of.year, brief.as_of.month, brief.as_of.day],
            "data_date": brief.data_date,
            "fictional_mark": brief.fictional_mark,
            "standing": _standing(brief.standing) if brief.standing else None,
            "no_standing": _("ยังไม่มีคะแนนของหน่วยงานนี้จนถึง{year}", year=year_text(brief.year)),
            "trend": _section(brief.trend),
            "movement": _section(brief.movement),
            "indicators": _section(brief.indicators),
            "work": _work(brief.work),
            "notes": [_line(note, MAX_NOTE_LENGTH) for note in brief.notes],
            "sources_title": _("แหล่งที่มา"),
            "sources": _list([_line(source, MAX_SOURCE_LENGTH) for source in brief.sources]),
            "foot": f"{brief.title} · {shortened(agency, 48)}",
            "pages": [[_page(n, count) for n in range(1, count + 1)] for count in (1, 2)],
        }
    )


def _page(number: int, count: int) -> str:
    return _("หน้า {number} จาก {count}", number=number, count=count)


def _standing(standing: BriefStanding) -> dict[str, Any]:
    return asdict(standing) | {
        "level": _line(standing.level, MAX_LEVEL_LENGTH),
        "notes": [_line(note, MAX_NOTE_LENGTH) for note in standing.notes],
    }


def _section(section: Section) -> dict[str, Any]:
    charts = [chart_data(chart) for chart in section.charts]
    signs, counts = (charts[0]["notes"], charts[0]["counts"]) if charts else ([], [])
    return {
        "title": section.title,
        "headline": section.headline,
        "charts": charts,
        "signs": _list([[sign, _line(note, MAX_NOTE_LENGTH)] for sign, note in signs], counts),
        "notes": [_line(note, MAX_NOTE_LENGTH) for note in section.notes],
        "legend": [list(pair) for pair in section.legend],
    }


def _work(work: WorkSection) -> dict[str, Any]:
    return asdict(work) | {"todos": list(map(_todo, work.todos))}


def _todo(todo: Todo) -> dict[str, Any]:
    items = [_item(item) for item in todo.items[:MAX_ITEMS]]
    return {"title": todo.title, "counts": todo.counts} | _list(items, total=len(todo.items))


def _item(item: StepItem) -> dict[str, str]:
    return {
        "name": item.name,
        "text": _line(item.text, MAX_TEXT_LENGTH),
        "message": _line(item.message, MAX_MESSAGE_LENGTH),
    }


def _list(
    items: list[Any], counts: Sequence[int] | None = None, total: int | None = None
) -> dict[str, Any]:
    """Items, and for each number of shown items the text about the remaining ones.

    counts: how many things each item stands for, default 1. total: how many there are, more than the
    items where the list was cut.
    """
    each = [1] * len(items) if counts is None else counts
    remaining = sum(each) if total is None else total
    more = []
    for count in (0, *each):
        remaining -= count
        more.append(_("และอีก {more} รายการ", more=remaining) if remaining else "")
    return {"items": items, "more": more}


def _line(text: str, max_length: int) -> str:
    return shortened(" ".join(text.split()), max_length)


def _printable(value: Any) -> Any:
    """The same data with every text made printable."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {name: _printable(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(entry) for entry in value]
    return value
