"""Past imports: what of them a person may see, and the way back for who may."""

from __future__ import annotations

from collections.abc import Sequence

from ita import logs
from ita.auth.audit import record, recording
from ita.auth.permissions import (
    Action,
    PermissionScope,
    Resource,
    User,
    can,
    permission_scope,
    require,
)
from ita.imports.affected import batches_of_agency, resource_of_batch, with_divisions
from ita.imports.readers.cell_text import well_formed
from ita.reference import Reference
from ita.store import Cursor, Store
from ita.store.batches import (
    Batch,
    UndoPreview,
    list_batches,
    preview_undo_within,
    undo_within,
)


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


# The way back, for who may: asked, taken and recorded in one transaction.


def preview_undo(store: Store, batch_id: int, user: User, reference: Reference) -> UndoPreview:
    """What `undo` would take back, or what hinders it; nothing is changed.

    Raises:
        NotAllowed: it changed what is not this person's; says who can.
        StoreUnavailable: the store failed.
    """
    with store.dry_run() as cursor:
        require(user, Action.UNDO, _resource_of_undo(cursor, batch_id, user, reference))
        return preview_undo_within(cursor, batch_id)


def _resource_of_undo(cursor: Cursor, batch_id: int, user: User, reference: Reference) -> Resource:
    """What a batch touches; with the divisions of its measures where it depends on them."""
    thing = resource_of_batch(cursor, batch_id)
    return with_divisions(cursor, thing, batch_id, reference) if user.divisions else thing


def undo(store: Store, batch_id: int, user: User, reason: str, reference: Reference) -> int:
    """Take a batch back by an inverse batch, and give that one's number. An undo can be undone,
    so a batch is taken back at most once: after that, it is the undo that is taken back.

    Raises:
        NotAllowed: it changed what is not this person's; says who can.
        UndoBlocked: there is no such batch, or later ones touched the same rows or stand on them;
            names them.
        StoreUnavailable: the store failed.
    """
    with recording(store) as cursor:
        thing = _resource_of_undo(cursor, batch_id, user, reference)
        require(user, Action.UNDO, thing)
        number = undo_within(cursor, batch_id, user.name, well_formed(reason))
        record(cursor, user, Action.UNDO, thing, {"undoes": batch_id}, batch=number)
    logs.log_event(logs.LogEvent.UNDONE, batch=batch_id)
    return number
