"""The store of this process, opened once; a first start brings the samples in."""

from __future__ import annotations

import streamlit as st

from ita.reference import Reference, load_reference
from ita.settings import current_settings
from ita.store import Store, open_store


@st.cache_resource(show_spinner=False)
def the_store() -> Store:
    """The one open store of the process. Failures are not cached: the next visit tries again.

    Raises:
        StoreUnavailable: says why; nothing was changed.
    """
    settings = current_settings()
    first_start = not settings.database.exists()
    store = open_store(settings.database)
    if first_start:
        # Reading files takes pandas and openpyxl along; only a first start waits for them.
        from ita.importing.samples import load_samples

        for _ in load_samples(store, the_reference(), settings):
            pass
    return store


def the_reference() -> Reference:
    """The reference data of this process.

    Raises:
        ReferenceFault: a file can't be used; names it.
    """
    return load_reference(current_settings().reference)
