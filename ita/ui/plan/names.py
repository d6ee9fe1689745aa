"""How measures are named where many of them stand in one cell."""

from __future__ import annotations

from collections.abc import Sequence

from ita.measures.model import Measure
from ita.ui.components.measure_links import measure_name

MAX_NAMED = 12


def measure_names(measures: Sequence[Measure]) -> str:
    """IIT 1, IIT 3; of very many the first."""
    names = ", ".join(measure_name(measure) for measure in measures[:MAX_NAMED])
    return f"{names} …" if len(measures) > MAX_NAMED else names
