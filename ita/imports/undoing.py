"""The way back, for who may: asked, taken and recorded in one transaction."""

from __future__ import annotations

from ita import logs
from ita.auth.audit import record, recording
from ita.auth.permissions import Action, require
from ita.auth.users import User
from ita.imports.touched import resource_of_batch, with_divisions
from ita.imports.values import well_formed
from ita.reference import Reference
from ita.store import Store
from ita.store.batches import undo_within


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
        thing = resource_of_batch(cursor, batch_id)
        if user.divisions:
            thing = with_divisions(cursor, thing, batch_id, reference)
        require(user, Action.UNDO, thing)
        number = undo_within(cursor, batch_id, user.name, well_formed(reason))
        record(cursor, user, Action.UNDO, thing, {"undoes": batch_id}, batch=number)
    logs.log_event(logs.LogEvent.UNDONE, batch=batch_id)
    return number
