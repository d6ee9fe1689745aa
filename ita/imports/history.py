"""Which of the past a person may see: who brought what tells names, and files hold what was typed."""

from __future__ import annotations

from collections.abc import Sequence

from ita.auth.permissions import Action, PermissionScope, Resource, can, permission_scope, require
from ita.auth.users import User
from ita.imports.touched import batches_of_agency
from ita.store import Cursor
from ita.store.batches import Batch, list_batches


def batches_seen_by(cursor: Cursor, user: User) -> tuple[Batch, ...]:
    """The batches that a person may look into, the newest first; of staff those that changed the
    data of their agency alone."""
    how_far = permission_scope(user, Action.VIEW_HISTORY)
    if how_far is PermissionScope.NONE:
        return ()
    found = list_batches(cursor)
    return found if how_far is PermissionScope.ALL else tuple(_own(cursor, user, found))


def _own(cursor: Cursor, user: User, found: Sequence[Batch]) -> list[Batch]:
    agency_id = user.agency_id or ""
    theirs, own = Resource(frozenset({agency_id})), batches_of_agency(cursor, agency_id)
    return [
        batch
        for batch in found
        if can(user, Action.VIEW_HISTORY, theirs if batch.batch_id in own else None).allowed
    ]


def check_history(cursor: Cursor, user: User) -> None:
    """
    Raises:
        NotAllowed: the whole history is not this person's to see; says who can.
    """
    require(user, Action.VIEW_HISTORY, _everybodys(cursor))


def can_see_history(cursor: Cursor, user: User) -> bool:
    """Whether `check_history` passes."""
    return can(user, Action.VIEW_HISTORY, _everybodys(cursor)).allowed


def _everybodys(cursor: Cursor) -> Resource:
    rows = cursor.execute("SELECT agency_id FROM agency").fetchall()
    return Resource(frozenset(agency_id for (agency_id,) in rows))
