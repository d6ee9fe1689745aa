"""Notes of a group's files and tables: group, year and sources."""

from __future__ import annotations

from html import escape

from streamlit.delta_generator import DeltaGenerator

from ita.formatting import year_text
from ita.i18n import _
from ita.ui.compare import queries
from ita.ui.compare.choices import CompareChoices
from ita.ui.components.charts import day_text, source_text
from ita.ui.components.markup import render_html
from ita.ui.components.queries import data_version

MAX_SOURCES = 2
# The place above the choices, for what a person reads first: on a phone they fill a screen.
HeadlineArea = DeltaGenerator


def show_headline(area: HeadlineArea, sentence: str) -> None:
    with area:
        render_html(f'<p class="ita-lead">{escape(sentence)}</p>')


def group_notes(choices: CompareChoices) -> tuple[str, ...]:
    return (_("กลุ่ม: {group}", group=choices.group.name()), year_text(choices.year))


def sources_line(choices: CompareChoices) -> tuple[str, ...]:
    """The most frequent sources of the group's scores, and how many more there are."""
    sources = queries.sources(data_version(), choices.group, choices.year)
    more = len(sources) - MAX_SOURCES
    first_sources = sources[:MAX_SOURCES]
    return (*first_sources, _("และอีก {count} แหล่ง", count=more)) if more > 0 else first_sources


def file_notes(choices: CompareChoices, *more: str) -> tuple[str, ...]:
    """The notes at the top of a workbook."""
    return (*group_notes(choices), *more, source_text(sources_line(choices)), day_text())
