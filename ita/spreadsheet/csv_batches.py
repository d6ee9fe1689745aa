"""A query's rows as CSV, column by column: several times as fast as row by row, for large tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from ita.spreadsheet.cells import MAY_NEED_A_GUARD, ByteSink, csv_rows, guarded, plain_number

_MAY_NEED_A_GUARD = pa.array(sorted(MAY_NEED_A_GUARD))
_OPTIONS = pacsv.WriteOptions(include_header=False, quoting_style="needed", eol="\r\n")

EXACT_DIGITS = 15
"""So many digits of a decimal come back out of a float unchanged."""
SMALL, LARGE = 1e-6, 1e15
"""Numbers beyond these pyarrow writes with an exponent."""


def csv_batches(stream: ByteSink, header: Sequence[str], batches: Iterable[pa.RecordBatch]) -> int:
    """What `csv_rows` says of the same rows, though every text is quoted; gives the number of rows
    below the header.

    batches: columns of texts, integers, decimals and floats, in the order of the header.
    """
    csv_rows(stream, header, ())
    count = 0
    for batch in batches:
        table = pa.Table.from_arrays([_column(c) for c in batch.columns], names=batch.schema.names)
        sink = pa.BufferOutputStream()
        pacsv.write_csv(table, sink, _OPTIONS)
        stream.write(sink.getvalue().to_pybytes())
        count += batch.num_rows
    return count


def _column(values: pa.Array) -> pa.Array:
    """Texts that no spreadsheet runs; numbers as a person types them."""
    if pa.types.is_string(values.type):
        first = pc.utf8_slice_codeunits(values, 0, 1)
        if not pc.any(pc.is_in(first, _MAY_NEED_A_GUARD)).as_py():
            return values
        return pa.array(
            [None if v is None else guarded(v) for v in values.to_pylist()], pa.string()
        )
    if pa.types.is_decimal(values.type):
        if values.type.precision > EXACT_DIGITS:
            return _texts(values)
        # By its text: pyarrow's own way from decimal to float is off in the last digit (0.000123).
        values = values.cast(pa.string()).cast(pa.float64())
    if pa.types.is_floating(values.type):
        size = pc.abs(values)
        odd = pc.or_(
            pc.greater_equal(size, LARGE), pc.and_(pc.less(size, SMALL), pc.greater(size, 0))
        )
        return _texts(values) if pc.any(odd).as_py() else values
    return values


def _texts(numbers: pa.Array) -> pa.Array:
    told = (None if value is None else plain_number(value) for value in numbers.to_pylist())
    return pa.array(told, pa.string())
