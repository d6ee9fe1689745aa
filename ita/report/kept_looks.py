"""An agency's template and crest, kept from visit to visit by who may."""

from __future__ import annotations

import hashlib

from ita.access.audit import record, recording
from ita.access.people import Person
from ita.access.permissions import Action, Thing, check_may
from ita.report.looks import checked_look
from ita.store import Store
from ita.store.looks import delete_look, store_look

LONGEST_NAME = 200


def keep_look(
    store: Store, person: Person, agency_id: str, look: str, file_name: str, content: bytes
) -> None:
    """Keep a file for all documents of an agency, in the place of the one before.

    look: one of `ita.report.looks.LOOKS`.

    Raises:
        NotAllowed: the agency is not this person's.
        LookFault: the file won't do.
        StoreUnavailable: the store failed; nothing is kept.
    """
    thing = Thing(frozenset({agency_id}))
    check_may(person, Action.KEEP_LOOKS, thing)
    checked_look(look, content)
    with recording(store) as cursor:
        store_look(cursor, agency_id, look, file_name[:LONGEST_NAME], content)
        detail = {"look": look, "file_hash": hashlib.sha256(content).hexdigest()}
        record(cursor, person, Action.KEEP_LOOKS, thing, detail)


def forget_look(store: Store, person: Person, agency_id: str, look: str) -> None:
    """Go back to our own form, or to no crest.

    Raises:
        NotAllowed, StoreUnavailable: as of `keep_look`.
    """
    thing = Thing(frozenset({agency_id}))
    check_may(person, Action.KEEP_LOOKS, thing)
    with recording(store) as cursor:
        delete_look(cursor, agency_id, look)
        record(cursor, person, Action.KEEP_LOOKS, thing, {"look": look, "file_hash": None})
