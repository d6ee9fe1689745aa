"""What headers mean for everybody's files: kept and forgotten by who may."""

from __future__ import annotations

from collections.abc import Mapping

from ita.access.audit import record, recording
from ita.access.people import Person
from ita.access.permissions import Action, Thing, check_may
from ita.importing.kinds import Kind
from ita.store import Store
from ita.store.headers import forget_headers, remember_headers


def remember(store: Store, person: Person, kind: Kind, meanings: Mapping[str, str]) -> None:
    """Keep what headers of a kind mean; "" = pass the column over.

    Raises:
        NotAllowed: it would hold for the files of every agency.
        StoreUnavailable: the store failed; nothing is kept.
    """
    check_may(person, Action.REMEMBER_HEADERS)
    with recording(store) as cursor:
        remember_headers(cursor, kind.value, meanings)
        kept = {"headers": len(meanings)}
        record(cursor, person, Action.REMEMBER_HEADERS, Thing(kind=kind.value), kept)


def forget(store: Store, person: Person, kind: Kind) -> None:
    """Forget what headers of a kind mean.

    Raises:
        NotAllowed, StoreUnavailable: as of `remember`.
    """
    check_may(person, Action.REMEMBER_HEADERS)
    with recording(store) as cursor:
        forget_headers(cursor, kind.value)
        record(cursor, person, Action.REMEMBER_HEADERS, Thing(kind=kind.value), {"headers": 0})
