"""What headers mean for everybody's files: kept and forgotten by who may."""

from __future__ import annotations

from collections.abc import Mapping

from ita.auth.audit import record, recording
from ita.auth.permissions import Action, Resource, User, require
from ita.imports.datasets import Dataset
from ita.store import Store
from ita.store.spellings import forget_headers, remember_headers


def remember(store: Store, user: User, kind: Dataset, meanings: Mapping[str, str]) -> None:
    """Keep what headers of a kind mean; "" = pass the column over.

    Raises:
        NotAllowed: it would hold for the files of every agency.
        StoreUnavailable: the store failed; nothing is kept.
    """
    require(user, Action.REMEMBER_HEADERS)
    with recording(store) as cursor:
        remember_headers(cursor, kind.value, meanings)
        kept = {"headers": len(meanings)}
        record(cursor, user, Action.REMEMBER_HEADERS, Resource(kind=kind.value), kept)


def forget(store: Store, user: User, kind: Dataset) -> None:
    """Forget what headers of a kind mean.

    Raises:
        NotAllowed, StoreUnavailable: as of `remember`.
    """
    require(user, Action.REMEMBER_HEADERS)
    with recording(store) as cursor:
        forget_headers(cursor, kind.value)
        record(cursor, user, Action.REMEMBER_HEADERS, Resource(kind=kind.value), {"headers": 0})
