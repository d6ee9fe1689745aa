"""Which of the past a person may see: who brought what tells names, and files hold what was typed."""

from __future__ import annotations

from collections.abc import Sequence

from ita.access.people import Person
from ita.access.permissions import Action, Reach, Thing, check_may, may, reach
from ita.importing.touched import batches_of_agency
from ita.store import Cursor
from ita.store.batches import Batch, list_batches


def batches_seen_by(cursor: Cursor, person: Person) -> tuple[Batch, ...]:
    """The batches that a person may look into, the newest first; of staff those that changed the
    data of their agency alone."""
    how_far = reach(person, Action.VIEW_HISTORY)
    if how_far is Reach.NONE:
        return ()
    found = list_batches(cursor)
    return found if how_far is Reach.ALL else tuple(_own(cursor, person, found))


def _own(cursor: Cursor, person: Person, found: Sequence[Batch]) -> list[Batch]:
    agency_id = person.agency_id or ""
    theirs, own = Thing(frozenset({agency_id})), batches_of_agency(cursor, agency_id)
    return [
        batch
        for batch in found
        if may(person, Action.VIEW_HISTORY, theirs if batch.batch_id in own else None).allowed
    ]


def check_history(cursor: Cursor, person: Person) -> None:
    """
    Raises:
        NotAllowed: the whole history is not this person's to see; says who can.
    """
    check_may(person, Action.VIEW_HISTORY, _everybodys(cursor))


def can_see_history(cursor: Cursor, person: Person) -> bool:
    """Whether `check_history` passes."""
    return may(person, Action.VIEW_HISTORY, _everybodys(cursor)).allowed


def _everybodys(cursor: Cursor) -> Thing:
    rows = cursor.execute("SELECT agency_id FROM agency").fetchall()
    return Thing(frozenset(agency_id for (agency_id,) in rows))
