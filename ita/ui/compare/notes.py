"""What every file and table of a group says of itself: whose figures, of which sources."""

from __future__ import annotations

from html import escape

from streamlit.delta_generator import DeltaGenerator

from ita.ui import compare_reads
from ita.ui.charts import day_text, source_text
from ita.ui.compare.choices import Comparison
from ita.ui.markup import render_html
from ita.ui.reads import data_version
from ita.wording import say, year_text

MOST_SOURCES = 2
Lead = DeltaGenerator
"""The place above the choices, for what a person reads first: on a phone they fill a screen."""


def say_first(lead: Lead, sentence: str) -> None:
    with lead:
        render_html(f'<p class="ita-lead">{escape(sentence)}</p>')


def group_notes(asked: Comparison) -> tuple[str, ...]:
    return (say("กลุ่ม: {group}", group=asked.group.name()), year_text(asked.year))


def sources_line(asked: Comparison) -> tuple[str, ...]:
    """The most frequent sources of the group's scores, and how many more there are."""
    found = compare_reads.sources(data_version(), asked.group, asked.year)
    more = len(found) - MOST_SOURCES
    shown = found[:MOST_SOURCES]
    return (*shown, say("และอีก {count} แหล่ง", count=more)) if more > 0 else shown


def file_notes(asked: Comparison, *more: str) -> tuple[str, ...]:
    """What a workbook says in its head."""
    return (*group_notes(asked), *more, source_text(sources_line(asked)), day_text())
