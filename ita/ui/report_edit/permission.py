"""Whether whoever looks at a report may write in it; the save asks again."""

from __future__ import annotations

from ita.access.permissions import Action, Resource, can
from ita.importing.kinds import Dataset
from ita.report.narrative import NarrativeReport
from ita.ui.sign_in import current_user


def may_edit(report: NarrativeReport) -> bool:
    thing = Resource(frozenset({report.agency_id}), Dataset.NARRATIVE.value)
    return can(current_user(), Action.IMPORT, thing).allowed
