"""A query's rows as CSV, column by column: several times as fast as row by row, for large tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from ita.tables.cells import (
    MAYBE_FORMULA_STARTS,
    ByteSink,
    escape_formula,
    plain_number,
    write_csv_rows,
)

_MAYBE_FORMULA_STARTS = pa.array(sorted(MAYBE_FORMULA_STARTS))
_OPTIONS = pacsv.WriteOptions(include_header=False, quoting_style="needed", eol="\r\n")

# Digits of a decimal that come back out of a float unchanged.
MAX_EXACT_DIGITS = 15
# Outside of these pyarrow writes numbers with an exponent.
MIN_PLAIN, MAX_PLAIN = 1e-6, 1e15


def write_csv_batches(
    stream: ByteSink, header: Sequence[str], batches: Iterable[pa.RecordBatch]
) -> int:
    """What `write_csv_rows` writes of the same rows, though every text is quoted.

    Args:
        batches: columns of texts, integers, decimals and floats, in the order of the header.

    Returns:
        The number of rows below the header.
    """
    write_csv_rows(stream, header, ())
    count = 0
    for batch in batches:
        table = pa.Table.from_arrays(
            [_to_csv_column(c) for c in batch.columns], names=batch.schema.names
        )
        sink = pa.BufferOutputStream()
        pacsv.write_csv(table, sink, _OPTIONS)
        stream.write(sink.getvalue().to_pybytes())
        count += batch.num_rows
    return count


def _to_csv_column(values: pa.Array) -> pa.Array:
    """Texts escaped against formulas; numbers as a person types them."""
    if pa.types.is_string(values.type):
        first = pc.utf8_slice_codeunits(values, 0, 1)
        if not pc.any(pc.is_in(first, _MAYBE_FORMULA_STARTS)).as_py():
            return values
        return pa.array(
            [None if v is None else escape_formula(v) for v in values.to_pylist()], pa.string()
        )
    if pa.types.is_decimal(values.type):
        if values.type.precision > MAX_EXACT_DIGITS:
            return _number_texts(values)
        # By its text: pyarrow's own way from decimal to float is off in the last digit (0.000123).
        values = values.cast(pa.string()).cast(pa.float64())
    if pa.types.is_floating(values.type):
        size = pc.abs(values)
        has_exponent = pc.or_(
            pc.greater_equal(size, MAX_PLAIN),
            pc.and_(pc.less(size, MIN_PLAIN), pc.greater(size, 0)),
        )
        return _number_texts(values) if pc.any(has_exponent).as_py() else values
    return values


def _number_texts(numbers: pa.Array) -> pa.Array:
    texts = (None if value is None else plain_number(value) for value in numbers.to_pylist())
    return pa.array(texts, pa.string())
