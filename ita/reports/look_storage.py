"""Saves and deletes an agency's own template and crest, with permission and audit."""

from __future__ import annotations

import hashlib

from ita.auth.audit import record, recording
from ita.auth.permissions import Action, Resource, require
from ita.auth.users import User
from ita.reports.looks import validate_look
from ita.store import Store
from ita.store.looks import delete_look, store_look

MAX_NAME_LENGTH = 200


def save_look(
    store: Store, user: User, agency_id: str, look: str, file_name: str, content: bytes
) -> None:
    """Saves a file for all documents of an agency, replacing the one before.

    look: one of `ita.reports.looks.LOOKS`.

    Raises:
        NotAllowed: the agency is not this person's.
        LookFault: the file can't be used.
        StoreUnavailable: the store failed; nothing is saved.
    """
    thing = Resource(frozenset({agency_id}))
    require(user, Action.KEEP_LOOKS, thing)
    validate_look(look, content)
    with recording(store) as cursor:
        store_look(cursor, agency_id, look, file_name[:MAX_NAME_LENGTH], content)
        detail = {"look": look, "file_hash": hashlib.sha256(content).hexdigest()}
        record(cursor, user, Action.KEEP_LOOKS, thing, detail)


def remove_look(store: Store, user: User, agency_id: str, look: str) -> None:
    """Deletes a template or crest: back to the default template, or to no crest.

    Raises:
        NotAllowed, StoreUnavailable: as of `save_look`.
    """
    thing = Resource(frozenset({agency_id}))
    require(user, Action.KEEP_LOOKS, thing)
    with recording(store) as cursor:
        delete_look(cursor, agency_id, look)
        record(cursor, user, Action.KEEP_LOOKS, thing, {"look": look, "file_hash": None})
