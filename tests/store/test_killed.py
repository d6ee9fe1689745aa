"""A process that dies in the middle of an import leaves whole batches behind, or none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ita.store import open_store
from tests.calling import killed_after
from tests.imports.bringing import taken
from tests.store.replaying import present, replayed

ROWS = 300
IMPORT_FOR_EVER = """
import sys
from itertools import count
from pathlib import Path
from ita.store import open_store
from tests.imports.bringing import SCORES, taken
with open_store(Path(sys.argv[1])) as store:
    for number in count(store.version()):
        rows = "".join(f"2567,{agency},{number % 100}.{agency}\\n" for agency in range(300))
        taken(store, "scores", SCORES + rows)
        print(store.version(), flush=True)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="kill -9 is a signal")
def test_a_killed_import_leaves_no_half_batch(tmp_path: Path) -> None:
    place = tmp_path / "ita.duckdb"
    with open_store(place) as store:
        agencies = "".join(f"{number},ก{number}\n" for number in range(ROWS))
        taken(store, "agencies", f"agency_id,name_th\n{agencies}")
    for pause in (1, 2, 3):
        acknowledged = killed_after(pause, IMPORT_FOR_EVER, str(place))
        with open_store(place) as store:
            assert store.version() >= acknowledged
            assert replayed(store) == present(store)
            with store.reading() as cursor:
                sizes = cursor.execute(
                    "SELECT b.batch_id, b.rows_new + b.rows_changed, count(DISTINCT c.row_key) "
                    "FROM batch AS b JOIN change AS c ON c.batch_id = b.batch_id "
                    "WHERE c.table_name = 'score' GROUP BY ALL"
                ).fetchall()
                latest = cursor.execute("SELECT DISTINCT CAST(value AS INTEGER) FROM score")
                assert len(latest.fetchall()) <= 2  # one batch's figures, rounded either way
    assert sizes
    assert {size for _, *counted in sizes for size in counted} == {ROWS}
