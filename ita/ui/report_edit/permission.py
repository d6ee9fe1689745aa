"""Whether whoever looks at a report may write in it; the save asks again."""

from __future__ import annotations

from ita.auth.permissions import Action, Resource, can
from ita.imports.datasets import Dataset
from ita.reports.narrative import NarrativeReport
from ita.web.current_user import current_user


def may_edit(report: NarrativeReport) -> bool:
    thing = Resource(frozenset({report.agency_id}), Dataset.NARRATIVE.value)
    return can(current_user(), Action.IMPORT, thing).allowed
