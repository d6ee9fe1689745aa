"""Whether whoever looks at a report may write in it; the save asks again."""

from __future__ import annotations

from ita.access.permissions import Action, Thing, may
from ita.importing.kinds import Kind
from ita.report.narrative import NarrativeReport
from ita.ui.sign_in import the_person


def may_edit(report: NarrativeReport) -> bool:
    thing = Thing(frozenset({report.agency_id}), Kind.NARRATIVE.value)
    return may(the_person(), Action.IMPORT, thing).allowed
