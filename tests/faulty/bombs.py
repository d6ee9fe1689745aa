"""Files made to hurt whoever reads them: small ones that unpack to gigabytes, and large ones of nothing.

Each is made anew from its name, so that none of them lies in the repository.
"""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

MB = 1_000_000
LARGE = 95 * MB
"""Bytes of a file just below what an upload may have."""
HEADER = "ปีงบประมาณ,หน่วยงาน,คะแนนรวม\n"
ROW = "2567,A,80\n"


@dataclass(frozen=True)
class Bomb:
    """file_name: as a person would send it. large: takes megabytes to make and to read.

    refused: whether reading it must end it; the others are read, and their rows are checked. dataset:
    as what it is sent.
    """

    file_name: str
    content: Callable[[], bytes]
    large: bool = False
    refused: bool = True
    dataset: str = "scores"


# Delimited text


def _filled(
    begin: str, unit: str, end: str = "", encoding: str = "utf-8", size: int = LARGE
) -> bytes:
    head, body, tail = begin.encode(encoding), unit.encode(encoding), end.encode(encoding)
    return head + body * ((size - len(head) - len(tail)) // len(body)) + tail


def _wide_rows(columns: int, size: int) -> bytes:
    return _filled(HEADER, "1," * columns + "\n", size=size)


def _bom(text: str, encoding: str) -> bytes:
    marks = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff", "utf-8": b"\xef\xbb\xbf"}
    return marks[encoding] + text.encode(encoding)


def _utf_16_of_odd_length() -> bytes:
    return _bom(HEADER + ROW * 4 * MB, "utf-16-le") + b"\x00"


def _lines_of(count: int, line: Callable[[int], str], head: str = HEADER) -> str:
    return head + "".join(map(line, range(count)))


def _ragged_rows() -> bytes:
    """Every other row has a cell more, and each has an agency and a text of its own."""
    return _lines_of(490_000, lambda n: f"2567,A{n},80,{n:>90}{',x' if n % 2 else ''}\n").encode()


TEXTS: Mapping[str, Bomb] = {
    "csv-commas": Bomb("a.csv", lambda: _filled("", ","), True),
    "csv-commas-below-header": Bomb("a.csv", lambda: _filled(HEADER, ","), True),
    "csv-lines-of-commas": Bomb("a.csv", lambda: _filled(HEADER, "," * 99 + "\n"), True),
    "csv-semicolons": Bomb("a.csv", lambda: _filled("", ";"), True),
    "csv-tabs": Bomb("a.tsv", lambda: _filled("a", "\t"), True),
    "csv-wide-rows": Bomb("a.csv", lambda: _wide_rows(100_000, LARGE), True),
    "csv-wide-rows-marked": Bomb(
        "a.csv", lambda: b"\xef\xbb\xbf" + _wide_rows(100_000, LARGE), True
    ),
    "csv-columns-of-one-letter": Bomb("a.csv", lambda: _filled("", "ก,"), True),
    "csv-header-of-a-million": Bomb(
        "a.csv", lambda: _filled("", "คอลัมน์,", "\n1\n", size=20 * MB), True
    ),
    "csv-2000-columns": Bomb("a.csv", lambda: _filled("", ("7," * 1_999) + "7\n"), True),
    "csv-one-line": Bomb("a.csv", lambda: _filled("", "x"), True),
    "csv-one-cell": Bomb("a.csv", lambda: _filled(HEADER + '2567,A,"', "ก", '"\n'), True),
    "csv-one-cell-of-emoji": Bomb("a.csv", lambda: _filled(HEADER + "2567,A,", "x", "😀\n"), True),
    "csv-one-line-beyond-plane": Bomb("a.csv", lambda: _filled(HEADER, "a", "😀"), True),
    "csv-quote-never-closed": Bomb("a.csv", lambda: _filled(HEADER + '2567,A,"', "ก,\n"), True),
    "csv-quote-closed-late": Bomb(
        "a.csv", lambda: _filled(HEADER + '2567,A,"', "80\n", '"\n'), True
    ),
    "csv-quotes": Bomb("a.csv", lambda: _filled(HEADER, '"'), True),
    "csv-quoted-blanks": Bomb("a.csv", lambda: _filled(HEADER, '"",'), True),
    "csv-stray-quotes": Bomb("a.csv", lambda: _filled(HEADER, 'a"b,'), True),
    "csv-empty-lines": Bomb("a.csv", lambda: _filled("", "\n"), True),
    "csv-empty-lines-below-header": Bomb("a.csv", lambda: _filled(HEADER, "\n", ROW), True),
    "csv-lines-of-windows": Bomb("a.csv", lambda: _filled(HEADER, "\r\n", ROW), True),
    "csv-carriage-returns": Bomb("a.csv", lambda: _filled(HEADER, "\r", ROW), True),
    "csv-one-letter-lines": Bomb("a.csv", lambda: _filled(HEADER, "ก\n"), True),
    "csv-separators-in-turn": Bomb("a.csv", lambda: _filled(HEADER, ",;\t|"), True),
    "csv-spaces": Bomb("a.csv", lambda: _filled("", " "), True),
    "csv-spaces-below-header": Bomb("a.csv", lambda: _filled(HEADER, " \n"), True),
    "csv-line-separators": Bomb("a.csv", lambda: _filled(HEADER, "\u2028"), True),
    "csv-combining-marks": Bomb("a.csv", lambda: _filled(HEADER + "2567,A,ก", "\u0e48"), True),
    "csv-rows-of-the-header": Bomb("a.csv", lambda: _filled("", HEADER), True),
    "csv-rows-of-the-header-marked": Bomb(
        "a.csv", lambda: b"\xef\xbb\xbf" + _filled("", HEADER), True
    ),
    "csv-rows-of-the-header-utf-16": Bomb(
        "a.csv", lambda: _bom(HEADER * 1_400_000, "utf-16-le"), True
    ),
    "csv-rows-of-the-header-windows-874": Bomb(
        "a.csv", lambda: _filled("", HEADER, encoding="cp874", size=49 * MB), True
    ),
    "csv-short-headers": Bomb("a.csv", lambda: _filled("", "ปีงบประมาณ;คะแนนรวม\n"), True),
    "csv-header-of-each-row": Bomb(
        "a.csv", lambda: _filled(HEADER, ROW + HEADER, size=12 * MB), True
    ),
    "csv-wide-rows-utf-16": Bomb(
        "a.csv", lambda: _bom(HEADER + ("1," * 100_000 + "\n") * 230, "utf-16-be"), True
    ),
    "csv-separators-of-each-kind": Bomb(
        "a.csv", lambda: _filled("ปีงบประมาณ,หน่วยงาน;คะแนนรวม\tIIT|EIT\n", "1,2;3\t4|5\n"), True
    ),
    "csv-rows-of-commas": Bomb("a.csv", lambda: _filled(HEADER, ",,\n"), True),
    "csv-quoted-line-ends": Bomb("a.csv", lambda: _filled(HEADER, '2567,"A\nB",80\n'), True),
    "csv-one-line-below": Bomb("a.csv", lambda: _filled(HEADER + ROW, "ก"), True),
    "csv-ragged-rows": Bomb("a.csv", _ragged_rows, True),
    "csv-too-many-rows": Bomb("a.csv", lambda: _filled(HEADER, ROW), True),
    "csv-nuls": Bomb("a.csv", lambda: b"\x00" * LARGE, True),
    "csv-nuls-below-header": Bomb("a.csv", lambda: HEADER.encode() + b"\x00" * LARGE, True),
    "csv-marks-only": Bomb("a.csv", lambda: b"\xef\xbb\xbf" * (LARGE // 3), True),
    "csv-utf-16-marks-only": Bomb("a.csv", lambda: b"\xff\xfe" * (LARGE // 2), True),
    "csv-utf-16-of-odd-length": Bomb("a.csv", _utf_16_of_odd_length, True),
    "csv-utf-16-commas": Bomb("a.csv", lambda: _filled("", ",", encoding="utf-16-le"), True),
    "csv-utf-16-thai": Bomb("a.csv", lambda: _filled(HEADER, "ก", encoding="utf-16-le"), True),
    "csv-utf-16-one-cell": Bomb("a.csv", lambda: _bom(HEADER + "ก" * 45 * MB, "utf-16-be"), True),
    "csv-windows-874": Bomb("a.csv", lambda: _filled(HEADER, "กา,", encoding="cp874"), True),
    "csv-windows-874-one-cell": Bomb("a.csv", lambda: _filled(HEADER, "ก", encoding="cp874"), True),
    "csv-accents": Bomb("a.csv", lambda: _filled("Café", "é,"), True),
    "csv-no-encoding": Bomb("a.csv", lambda: HEADER.encode() + b"\xff\xdb" * (LARGE // 2), True),
}

# JSON


def _keys(count: int) -> bytes:
    return ("[{" + ",".join(f'"k{n}":1' for n in range(count)) + "}]").encode()


def _records_of_keys(count: int, each: int) -> bytes:
    """Every record has keys of its own."""
    records = (
        "{" + ",".join(f'"k{n * each + k}":1' for k in range(each)) + "}" for n in range(count)
    )
    return ("[" + ",".join(records) + "]").encode()


def _nested(begin: str, end: str, levels: int) -> bytes:
    return ('[{"total":' + begin * levels + end * levels + "}]").encode()


SCORE = '{"fiscal_year":2567,"agency":"A","total":80}'

JSON: Mapping[str, Bomb] = {
    "json-empty-records": Bomb("a.json", lambda: _filled("[{}", ",{}", "]"), True),
    "json-empty-records-spaced": Bomb("a.json", lambda: _filled("[{}", ",\n{ }", "]"), True),
    "json-empty-lists": Bomb("a.json", lambda: _filled("[{}", ",[]", "]"), True),
    "json-numbers": Bomb("a.json", lambda: _filled("[{}", ",1", "]"), True),
    "json-list-in-a-field": Bomb("a.json", lambda: _filled('[{"a":[1', ",1", "]}]"), True),
    "json-lists-in-a-field": Bomb("a.json", lambda: _filled('[{"a":[[]', ",[]", "]}]"), True),
    "json-records-in-a-field": Bomb("a.json", lambda: _filled('[{"a":[{}', ",{}", "]}]"), True),
    "json-texts-in-a-field": Bomb("a.json", lambda: _filled('[{"a":[""', ',""', "]}]"), True),
    "json-one-text": Bomb("a.json", lambda: _filled('[{"total":"', "x", '"}]'), True),
    "json-one-text-beyond-plane": Bomb(
        "a.json", lambda: _filled('[{"total":"😀', "x", '"}]'), True
    ),
    "json-one-key": Bomb("a.json", lambda: _filled('[{"', "ก", '":1}]'), True),
    "json-text-of-escapes": Bomb("a.json", lambda: _filled('[{"total":"', "\\u0e01", '"}]'), True),
    "json-halves-of-letters": Bomb(
        "a.json", lambda: _filled('[{"total":"', "\\ud800", '"}]'), True
    ),
    "json-never-closed": Bomb("a.json", lambda: _filled('[{"total":"', "x"), True),
    "json-blanks": Bomb("a.json", lambda: _filled("[", " ", "{}]"), True),
    "json-commas": Bomb("a.json", lambda: _filled("[{}", ",", "]"), True),
    "json-brackets": Bomb("a.json", lambda: _filled("[{", "["), True),
    "json-100000-levels": Bomb("a.json", lambda: _nested("[", "]", 100_000)),
    "json-100000-records-deep": Bomb("a.json", lambda: _nested('{"a":', "}", 100_000)),
    "json-900-levels": Bomb("a.json", lambda: _nested("[", "]", 900), refused=False),
    "json-a-million-keys": Bomb("a.json", lambda: _keys(1_000_000), True),
    "json-keys-of-each-record": Bomb("a.json", lambda: _records_of_keys(20_000, 10)),
    "json-one-key-a-million-times": Bomb(
        "a.json", lambda: _filled('[{"a":1', ',"a":2', "}]", size=8 * MB)
    ),
    "json-one-key-90-mb": Bomb("a.json", lambda: _filled('[{"a":1', ',"a":2', "}]"), True),
    "json-number-of-100000-digits": Bomb(
        "a.json", lambda: _filled('[{"total":', "9", "}]", size=100_000)
    ),
    "json-number-of-90-mb": Bomb("a.json", lambda: _filled('[{"total":', "9", "}]"), True),
    "json-decimals-of-90-mb": Bomb("a.json", lambda: _filled('[{"total":0.', "9", "}]"), True),
    "json-exponents": Bomb(
        "a.json",
        lambda: _filled('[{"total":1e999999999', ',"a":1e999999999', "}]", size=MB),
        refused=False,
    ),
    "json-not-a-number": Bomb("a.json", lambda: _filled("[{}", ',{"total":NaN}', "]"), True),
    "json-too-many-records": Bomb("a.json", lambda: _filled(f"[{SCORE}", f",{SCORE}", "]"), True),
    "json-utf-16": Bomb("a.json", lambda: _filled("[{}", ",{}", "]", "utf-16-le"), True),
    "json-many-short-texts": Bomb("a.json", lambda: _filled('[{"a":"1"}', ',{"a":"1"}', "]"), True),
}

# Parquet


def parquet(table: pa.Table, **how: object) -> bytes:
    stream = io.BytesIO()
    pq.write_table(table, stream, **how)
    return stream.getvalue()


def _runs(text: str, rows: int, columns: int = 1) -> bytes:
    """A long text once in the file and in each of its rows."""
    runs = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array([text]))
    return parquet(pa.table({f"c{n}" if n else "total": runs for n in range(columns)}))


def _plain(texts: Sequence[str], packing: str) -> bytes:
    return parquet(pa.table({"total": texts}), compression=packing, use_dictionary=False)


def _different_texts(count: int, length: int) -> bytes:
    """A dictionary of texts that are alike but for their end."""
    return parquet(
        pa.table({"total": [f"{'x' * length}{n}" for n in range(count)]}), compression="zstd"
    )


def _deep(levels: int) -> bytes:
    kind: pa.DataType = pa.int32()
    value: object = 1
    for _ in range(levels):
        kind, value = pa.list_(kind), [value]
    return parquet(pa.table({"total": pa.array([value], kind)}))


def _deep_records(levels: int) -> bytes:
    kind: pa.DataType = pa.int32()
    value: object = 1
    for _ in range(levels):
        kind, value = pa.struct([("a", kind)]), {"a": value}
    return parquet(pa.table({"total": pa.array([value], kind)}))


def _columns(count: int) -> bytes:
    return parquet(pa.table({f"c{n}": [1] for n in range(count)}))


def _zeros(rows: int, kind: pa.DataType) -> bytes:
    zeros = pa.array([0], pa.int32()).cast(kind)
    table = pa.table(
        {"total": pa.chunked_array([pa.concat_arrays([zeros] * 1_000)] * (rows // 1_000))}
    )
    return parquet(table)


def _one_list(items: int) -> bytes:
    values = pa.DictionaryArray.from_arrays(
        pa.array([0] * items, pa.int32()), pa.array(["ก" * 1_000])
    )
    lists = pa.ListArray.from_arrays(pa.array([0, items], pa.int32()), values)
    return parquet(pa.table({"total": lists}))


def _row_groups(count: int) -> bytes:
    return parquet(pa.table({"total": [1] * count}), row_group_size=1)


def _metadata(size: int) -> bytes:
    return parquet(pa.table({"total": [1]}).replace_schema_metadata({"k": "x" * size}))


def _with_other_number(content: bytes, number: int, other: int) -> bytes:
    """A file whose footer says another number, wherever it said this one."""
    start = len(content) - 8 - struct.unpack("<I", content[-8:-4])[0]
    footer = content[start:-8].replace(_varint(number), _varint(other))
    return content[:start] + footer + struct.pack("<I", len(footer)) + b"PAR1"


def _varint(number: int) -> bytes:
    """As Thrift's compact form writes a number."""
    value, written = number << 1, bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    written.append(value)
    return bytes(written)


def _footer_of_length(length: int) -> bytes:
    return b"PAR1" + b"\x15\x00" * 100 + struct.pack("<I", length) + b"PAR1"


PARQUET: Mapping[str, Bomb] = {
    "parquet-runs": Bomb("a.parquet", lambda: _runs("ก" * 30_000, 400_000)),
    "parquet-runs-of-short-text": Bomb("a.parquet", lambda: _runs("ก" * 300, 400_000)),
    "parquet-runs-in-columns": Bomb("a.parquet", lambda: _runs("ก" * 3_000, 10_000, 50)),
    "parquet-runs-of-megabytes": Bomb("a.parquet", lambda: _runs("x" * 5 * MB, 100_000)),
    "parquet-text-of-megabytes": Bomb("a.parquet", lambda: _plain(["x" * 150 * MB], "zstd"), True),
    "parquet-page-zstd": Bomb("a.parquet", lambda: _plain(["x" * 30_000] * 10_000, "zstd"), True),
    "parquet-page-gzip": Bomb("a.parquet", lambda: _plain(["x" * 30_000] * 10_000, "gzip"), True),
    "parquet-page-brotli": Bomb(
        "a.parquet", lambda: _plain(["x" * 30_000] * 10_000, "brotli"), True
    ),
    "parquet-page-snappy": Bomb(
        "a.parquet", lambda: _plain(["x" * 30_000] * 10_000, "snappy"), True
    ),
    "parquet-long-dictionary": Bomb("a.parquet", lambda: _different_texts(20_000, 20_000), True),
    "parquet-list-of-millions": Bomb("a.parquet", lambda: _one_list(5 * MB)),
    "parquet-60-levels": Bomb("a.parquet", lambda: _deep(60), refused=False),
    "parquet-500-levels": Bomb("a.parquet", lambda: _deep(500)),
    "parquet-300-records-deep": Bomb("a.parquet", lambda: _deep_records(300)),
    "parquet-5000-columns": Bomb("a.parquet", lambda: _columns(5_000)),
    "parquet-100000-columns": Bomb("a.parquet", lambda: _columns(100_000), True),
    "parquet-rows": Bomb("a.parquet", lambda: _zeros(100 * MB, pa.int32()), True),
    "parquet-booleans": Bomb("a.parquet", lambda: _zeros(400 * MB, pa.bool_()), True),
    "parquet-nothing": Bomb("a.parquet", lambda: parquet(pa.table({"total": pa.nulls(200 * MB)}))),
    "parquet-30000-row-groups": Bomb("a.parquet", lambda: _row_groups(30_000), True, False),
    "parquet-metadata": Bomb("a.parquet", lambda: _metadata(40 * MB), True),
    "parquet-lying-rows": Bomb(
        "a.parquet", lambda: _with_other_number(_runs("ก", 4_321), 4_321, 2**40)
    ),
    "parquet-hiding-rows": Bomb(
        "a.parquet",
        lambda: _with_other_number(_runs("ก" * 30_000, 400_000), 400_000, 3),
        refused=False,
    ),
    "parquet-footer-longer-than-file": Bomb("a.parquet", lambda: _footer_of_length(2**31 - 1)),
    "parquet-footer-of-zeros": Bomb("a.parquet", lambda: _footer_of_length(200)),
}

# Workbooks of XML: XLSX

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_START = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
TOP = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>ปีงบประมาณ</t></is></c><c r="B1" t="inlineStr"><is><t>หน่วยงาน</t>'
    '</is></c><c r="C1" t="inlineStr"><is><t>คะแนนรวม</t></is></c></row>'
)


def sheet(rows: str, before: str = "", behind: str = "", doctype: str = "") -> str:
    return f'{_START}{doctype}<worksheet xmlns="{_MAIN}">{before}<sheetData>{rows}</sheetData>{behind}</worksheet>'


def zipped(parts: Mapping[str, str | bytes | Iterable[bytes]]) -> bytes:
    """A ZIP of parts, each a text, bytes, or pieces that are never held together."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, part in parts.items():
            if isinstance(part, str | bytes):
                archive.writestr(name, part)
            else:
                with archive.open(name, "w", force_zip64=True) as written:
                    for piece in part:
                        written.write(piece)
    return stream.getvalue()


def repeated(begin: str, unit: str, times: int, end: str) -> Iterable[bytes]:
    """A text in pieces."""
    at_once = max(1, 1_000_000 // max(1, len(unit)))
    block = (unit * at_once).encode()
    yield begin.encode()
    for _ in range(times // at_once):
        yield block
    yield (unit * (times % at_once)).encode()
    yield end.encode()


def xlsx(
    worksheet: str | Iterable[bytes] = sheet(TOP),
    sheets: int = 1,
    one_part: bool = True,
    defined: str = "",
    doctype: str = "",
    **others: str | Iterable[bytes],
) -> bytes:
    """A workbook by hand. one_part: all its sheets are one part of the ZIP. others: further parts, by
    the name before `.xml`."""
    listed = "".join(
        f'<sheet name="s{n}" sheetId="{n}" r:id="r{1 if one_part else n}"/>'
        for n in range(1, sheets + 1)
    )
    paths = [f"worksheets/sheet{n}.xml" for n in range(1, (1 if one_part else sheets) + 1)]
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{_OFFICE}/worksheet" Target="{path}"/>'
        for n, path in enumerate(paths, start=1)
    )
    overrides = "".join(
        f'<Override PartName="/xl/{path}" ContentType="{_TYPE}.worksheet+xml"/>' for path in paths
    )
    for name in ("sharedStrings", "styles"):
        if name in others:
            relations += f'<Relationship Id="x{name}" Type="{_OFFICE}/{name}" Target="{name}.xml"/>'
            overrides += f'<Override PartName="/xl/{name}.xml" ContentType="{_TYPE}.{name}+xml"/>'
    return zipped(
        {
            "[Content_Types].xml": f'{_START}<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>{overrides}</Types>',
            "_rels/.rels": f'{_START}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
            f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'{_START}{doctype}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}'
            f"</sheets>{defined}</workbook>",
            "xl/_rels/workbook.xml.rels": f'{_START}<Relationships xmlns="{_PACKAGE}/relationships">{relations}'
            "</Relationships>",
            **dict.fromkeys([f"xl/{path}" for path in paths[1:]], sheet(TOP)),
            f"xl/{paths[0]}": worksheet,
            **{f"xl/{name}.xml": part for name, part in others.items()},
        }
    )


def _number(row: int, column: str) -> str:
    return f'<c r="{column}{row}"><v>1</v></c>'


def _far_cells(rows: int, step: int, columns: Sequence[str]) -> str:
    return sheet(
        TOP
        + "".join(
            f'<row r="{row}">{"".join(_number(row, column) for column in columns)}</row>'
            for row in range(2, 2 + rows * step, step)
        )
    )


def _spaces(text: str, megabytes: int) -> Iterable[bytes]:
    """text: with a NUL where the spaces come."""
    begin, end = text.split("\0")
    return repeated(begin, " " * 1_000, megabytes * 1_000, end)


_EMPTY = sheet(TOP + "\0")
LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY l0 "ha">'
    + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 11))
    + "]>"
)
_INLINE = '<row r="2"><c r="A2" t="inlineStr"><is><t>{}</t></is></c></row>'


def _shared(strings: str | Iterable[bytes], times: int, cells: int = 3) -> bytes:
    """A workbook whose every cell is the first of its shared texts."""
    row = "<row>" + '<c t="s"><v>0</v></c>' * cells + "</row>"
    begin, end = _EMPTY.split("\0")
    return xlsx(repeated(begin, row, times, end), sharedStrings=strings)


def _strings(items: str) -> str:
    return f'{_START}<sst xmlns="{_MAIN}">{items}</sst>'


def _many_strings(unit: str, times: int) -> Iterable[bytes]:
    begin, end = _strings("\0").split("\0")
    return repeated(begin, unit, times, end)


def _styles(unit: str, times: int, within: str) -> Iterable[bytes]:
    return repeated(
        f'{_START}<styleSheet xmlns="{_MAIN}"><{within}>', unit, times, f"</{within}></styleSheet>"
    )


def _behind(unit: str, times: int, within: str) -> bytes:
    begin, end = sheet(TOP, behind=f"<{within}>\0</{within}>").split("\0")
    return xlsx(repeated(begin, unit, times, end))


def _before(unit: str, times: int, within: str) -> bytes:
    begin, end = sheet(TOP, before=f"<{within}>\0</{within}>").split("\0")
    return xlsx(repeated(begin, unit, times, end))


def _rows(unit: str, times: int) -> bytes:
    begin, end = _EMPTY.split("\0")
    return xlsx(repeated(begin, unit, times, end))


def _with_part(name: str, part: Iterable[bytes]) -> bytes:
    """A good workbook with a part more that nobody needs."""
    stream = io.BytesIO(xlsx())
    with (
        zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open(name, "w", force_zip64=True) as written,
    ):
        for piece in part:
            written.write(piece)
    return stream.getvalue()


XLSX: Mapping[str, Bomb] = {
    "xlsx-last-cell": Bomb(
        "a.xlsx",
        lambda: xlsx(
            _far_cells(1, 1_048_574, ["XFD"])
            .replace('r="2"', 'r="1048576"')
            .replace("XFD2", "XFD1048576")
        ),
    ),
    "xlsx-last-row": Bomb(
        "a.xlsx",
        lambda: xlsx(sheet(TOP + f'<row r="1048576">{_number(1048576, "A")}</row>')),
        refused=False,
    ),
    "xlsx-last-column": Bomb(
        "a.xlsx", lambda: xlsx(sheet(TOP + f'<row r="2">{_number(2, "XFD")}</row>'))
    ),
    "xlsx-gaps-of-columns": Bomb("a.xlsx", lambda: xlsx(_far_cells(50_000, 1, ["A", "XFD"]))),
    "xlsx-gaps-of-both": Bomb("a.xlsx", lambda: xlsx(_far_cells(2_000, 500, ["A", "XFD"]))),
    "xlsx-900-columns-of-gaps": Bomb("a.xlsx", lambda: xlsx(_far_cells(100_000, 1, ["A", "AHO"]))),
    "xlsx-row-beyond-any": Bomb(
        "a.xlsx", lambda: xlsx(sheet(f'{TOP}<row r="4000000000">{_number(4000000000, "A")}</row>'))
    ),
    "xlsx-rows-backwards": Bomb(
        "a.xlsx",
        lambda: xlsx(
            sheet(
                TOP
                + "".join(
                    f'<row r="{n}">{_number(n, "A")}</row>' for n in range(1_000_000, 0, -50_000)
                )
            )
        ),
        refused=False,
    ),
    "xlsx-columns-backwards": Bomb(
        "a.xlsx",
        lambda: xlsx(
            sheet(TOP + '<row r="2"><c r="XFD2"><v>1</v></c>' + _number(2, "A") * 1_000 + "</row>")
        ),
    ),
    "xlsx-column-beyond-any": Bomb(
        "a.xlsx", lambda: xlsx(sheet(f'{TOP}<row r="2"><c r="ZZZZZZ2"><v>1</v></c></row>'))
    ),
    "xlsx-cells-without-places": Bomb(
        "a.xlsx", lambda: _rows("<row>" + "<c><v>1</v></c>" * 20_000 + "</row>", 300)
    ),
    "xlsx-six-million-cells": Bomb(
        "a.xlsx", lambda: _rows("<row>" + "<c><v>1</v></c>" * 12 + "</row>", 500_000)
    ),
    "xlsx-blank-cells": Bomb(
        "a.xlsx", lambda: _rows("<row>" + '<c s="1"/>' * 16_000 + "</row>", 3_000)
    ),
    "xlsx-blank-rows": Bomb("a.xlsx", lambda: _rows("<row/>", 40 * MB)),
    "xlsx-too-many-rows": Bomb("a.xlsx", lambda: _rows("<row><c><v>1</v></c></row>", 900_000)),
    "xlsx-merged-whole": Bomb(
        "a.xlsx",
        lambda: xlsx(
            sheet(
                TOP + f'<row r="1000000">{_number(1000000, "A")}</row>',
                behind='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
            )
        ),
        refused=False,
    ),
    "xlsx-merged-columns": Bomb(
        "a.xlsx",
        lambda: xlsx(
            sheet(
                TOP + "".join(f'<row r="{n}">{_number(n, "B")}</row>' for n in range(2, 100_000)),
                behind="<mergeCells>"
                + "".join(
                    f'<mergeCell ref="{a}{b}1:{a}{b}1048576"/>'
                    for a in "ABCDEFGHIJKLM"
                    for b in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                )
                + "</mergeCells>",
            )
        ),
    ),
    "xlsx-merged-millions": Bomb(
        "a.xlsx", lambda: _behind('<mergeCell ref="A1:B2"/>', 8 * MB, "mergeCells")
    ),
    "xlsx-merged-different": Bomb(
        "a.xlsx",
        lambda: xlsx(
            sheet(
                TOP,
                behind="<mergeCells>"
                + "".join(f'<mergeCell ref="A{n}:B{n + 1}"/>' for n in range(1, 600_000))
                + "</mergeCells>",
            )
        ),
    ),
    "xlsx-shared-text-often": Bomb(
        "a.xlsx", lambda: _shared(_strings(f"<si><t>{'ก' * 32_000}</t></si>"), 100_000)
    ),
    "xlsx-shared-text-of-megabytes": Bomb(
        "a.xlsx",
        lambda: _shared(
            _spaces(_strings("<si><t>x\0x</t></si>"), 200),
            10,
        ),
    ),
    "xlsx-millions-of-shared-texts": Bomb(
        "a.xlsx", lambda: _shared(_many_strings("<si><t/></si>", 15 * MB), 1)
    ),
    "xlsx-shared-text-of-runs": Bomb(
        "a.xlsx", lambda: _shared(_many_strings("<r><t>x</t></r>", 8 * MB), 1)
    ),
    "xlsx-shared-text-of-tags": Bomb("a.xlsx", lambda: _shared(_many_strings("<a/>", 60 * MB), 1)),
    "xlsx-text-of-megabytes": Bomb(
        "a.xlsx", lambda: xlsx(_spaces(sheet(TOP + _INLINE.format("x\0x")), 300))
    ),
    "xlsx-number-of-megabytes": Bomb(
        "a.xlsx",
        lambda: xlsx(
            repeated(
                *_split(sheet(TOP + '<row r="2"><c r="A2"><v>1\0</v></c></row>'), "9", 100 * MB)
            )
        ),
    ),
    "xlsx-number-of-100000-digits": Bomb(
        "a.xlsx", lambda: xlsx(sheet(f'{TOP}<row r="2"><c r="A2"><v>{"9" * 100_000}</v></c></row>'))
    ),
    "xlsx-spaces-between-tags": Bomb("a.xlsx", lambda: xlsx(_spaces(_EMPTY, 900))),
    "xlsx-comment": Bomb("a.xlsx", lambda: xlsx(_spaces(sheet(TOP + "<!--\0-->"), 900))),
    "xlsx-attribute": Bomb("a.xlsx", lambda: xlsx(_spaces(sheet(TOP + '<row spans="\0"/>'), 300))),
    "xlsx-many-attributes": Bomb(
        "a.xlsx",
        lambda: xlsx(sheet(TOP + "<row " + " ".join(f'a{n}="1"' for n in range(1_000_000)) + "/>")),
    ),
    "xlsx-cell-of-tags": Bomb(
        "a.xlsx",
        lambda: xlsx(
            repeated(*_split(sheet(TOP + '<row r="2"><c r="A2">\0</c></row>'), "<x/>", 60 * MB))
        ),
    ),
    "xlsx-deep": Bomb(
        "a.xlsx", lambda: xlsx(repeated(*_split(sheet(TOP + "\0"), "<row>", 10 * MB)))
    ),
    "xlsx-columns-defined": Bomb(
        "a.xlsx", lambda: _before('<col min="1" max="1" hidden="1"/>', 5 * MB, "cols")
    ),
    "xlsx-columns-hidden": Bomb(
        "a.xlsx",
        lambda: _before('<col min="1" max="99999" hidden="1"/>', 100_000, "cols"),
        refused=False,
    ),
    "xlsx-rows-hidden": Bomb("a.xlsx", lambda: _rows('<row r="7" hidden="1"/>', 20 * MB)),
    "xlsx-conditional-formats": Bomb(
        "a.xlsx",
        lambda: _behind(
            '<cfRule type="cellIs"><formula>1</formula></cfRule>', 8 * MB, "conditionalFormatting"
        ),
    ),
    "xlsx-validations": Bomb(
        "a.xlsx", lambda: _behind('<dataValidation sqref="A1"/>', 10 * MB, "dataValidations")
    ),
    "xlsx-links": Bomb(
        "a.xlsx", lambda: _behind('<hyperlink ref="A1" location="x"/>', 8 * MB, "hyperlinks")
    ),
    "xlsx-laughs-in-sheet": Bomb(
        "a.xlsx", lambda: xlsx(sheet(TOP + _INLINE.format("&l10;"), doctype=LAUGHS))
    ),
    "xlsx-laughs-in-texts": Bomb(
        "a.xlsx",
        lambda: _shared(_strings("<si><t>&l10;</t></si>").replace("\n", "\n" + LAUGHS, 1), 10),
    ),
    "xlsx-laughs-in-workbook": Bomb(
        "a.xlsx",
        lambda: xlsx(
            defined='<definedNames><definedName name="x">&l10;</definedName></definedNames>',
            doctype=LAUGHS,
        ),
    ),
    "xlsx-laughs-in-styles": Bomb(
        "a.xlsx",
        lambda: xlsx(
            styles=f'{_START}{LAUGHS}<styleSheet xmlns="{_MAIN}"><numFmts><numFmt numFmtId="200" formatCode="&l10;"/></numFmts></styleSheet>'
        ),
    ),
    "xlsx-file-entity": Bomb(
        "a.xlsx",
        lambda: xlsx(
            sheet(
                TOP + _INLINE.format("&f;"),
                doctype='<!DOCTYPE x [<!ENTITY f SYSTEM "file:///dev/zero">]>',
            )
        ),
    ),
    "xlsx-10000-sheets": Bomb("a.xlsx", lambda: xlsx(sheets=10_000, one_part=False)),
    "xlsx-10000-sheets-of-one-part": Bomb(
        "a.xlsx", lambda: xlsx(_far_cells(5_000, 1, ["A", "B", "C"]), sheets=10_000)
    ),
    "xlsx-500-sheets-of-one-part": Bomb(
        "a.xlsx", lambda: xlsx(_far_cells(20_000, 1, ["A", "B", "C"]), sheets=500)
    ),
    "xlsx-a-million-sheets": Bomb("a.xlsx", lambda: xlsx(sheets=1_000_000)),
    "xlsx-styles": Bomb(
        "a.xlsx", lambda: xlsx(styles=_styles('<xf numFmtId="9"/>', 5 * MB, "cellXfs"))
    ),
    "xlsx-formats": Bomb(
        "a.xlsx",
        lambda: xlsx(styles=_styles('<numFmt numFmtId="200" formatCode="0%"/>', 5 * MB, "numFmts")),
    ),
    "xlsx-fonts": Bomb(
        "a.xlsx", lambda: xlsx(styles=_styles('<font><b/><sz val="9"/></font>', 3 * MB, "fonts"))
    ),
    "xlsx-format-of-megabytes": Bomb(
        "a.xlsx",
        lambda: xlsx(
            styles=_spaces(
                f'{_START}<styleSheet xmlns="{_MAIN}"><numFmts><numFmt numFmtId="200" formatCode="\0"/></numFmts></styleSheet>',
                300,
            )
        ),
    ),
    "xlsx-format-that-backtracks": Bomb(
        "a.xlsx",
        lambda: xlsx(
            sheet(TOP + '<row r="2"><c r="A2" s="0"><v>1</v></c></row>'),
            styles=f'{_START}<styleSheet xmlns="{_MAIN}"><numFmts><numFmt numFmtId="200" formatCode="{"[" * 50_000}&quot;{"_" * 50_000}"/></numFmts><cellXfs><xf numFmtId="200"/></cellXfs></styleSheet>',
        ),
    ),
    "xlsx-defined-names": Bomb(
        "a.xlsx",
        lambda: xlsx(
            defined="<definedNames>"
            + "".join(f'<definedName name="n{n}">s1!A1</definedName>' for n in range(500_000))
            + "</definedNames>"
        ),
        refused=False,
    ),
    "xlsx-unread-part": Bomb(
        "a.xlsx",
        lambda: _with_part("xl/drawings/drawing1.xml", repeated("<a>", "<b/>", 100 * MB, "</a>")),
        refused=False,
    ),
    "xlsx-unread-parts": Bomb("a.xlsx", lambda: _with_many_parts(60_000), True),
    "xlsx-properties": Bomb(
        "a.xlsx",
        lambda: _with_part("docProps/core.xml", repeated("<a>", "<b/>", 50 * MB, "</a>")),
        refused=False,
    ),
    "xlsx-theme": Bomb(
        "a.xlsx",
        lambda: _with_part("xl/theme/theme1.xml", repeated("<a>", "<b/>", 50 * MB, "</a>")),
        refused=False,
    ),
    "xlsx-unpacks-to-gigabytes": Bomb(
        "a.xlsx", lambda: _with_part("xl/media/image1.bmp", _spaces("\0", 1_200))
    ),
    "xlsx-says-it-is-small": Bomb("a.xlsx", lambda: _of_other_size(xlsx(_spaces(_EMPTY, 600)))),
}


def _split(text: str, unit: str, times: int) -> tuple[str, str, int, str]:
    """What `repeated` takes of a text with a NUL where the pieces come."""
    begin, end = text.split("\0")
    return begin, unit, times, end


def _with_many_parts(count: int) -> bytes:
    stream = io.BytesIO(xlsx())
    with zipfile.ZipFile(stream, "a") as archive:
        for number in range(count):
            archive.writestr(f"xl/x{number}", b"")
    return stream.getvalue()


def _of_other_size(content: bytes) -> bytes:
    """A ZIP whose directory says 100 bytes of each part."""
    changed = bytearray(content)
    at = changed.find(b"PK\x01\x02")
    while at >= 0:
        changed[at + 24 : at + 28] = struct.pack("<I", 100)
        at = changed.find(b"PK\x01\x02", at + 4)
    return bytes(changed)


# OpenDocument

_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_ODS_HEAD = (
    f'<?xml version="1.0" encoding="UTF-8"?>\0<office:document-content xmlns:office="{_ODF}:office:1.0" '
    f'xmlns:table="{_ODF}:table:1.0" xmlns:text="{_ODF}:text:1.0" xmlns:style="{_ODF}:style:1.0">'
)


def _ods_cell(text: str, more: str = "") -> str:
    return f'<table:table-cell office:value-type="string"{more}><text:p>{text}</text:p></table:table-cell>'


_ODS_TOP = (
    f"<table:table-row>{''.join(map(_ods_cell, HEADER.strip().split(',')))}</table:table-row>"
)
_ODS_END = "</office:spreadsheet></office:body></office:document-content>"


def ods_text(tables: str, doctype: str = "", styles: str = "") -> str:
    head = _ODS_HEAD.replace("\0", doctype)
    return f"{head}<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>{tables}{_ODS_END}"


def ods(content: str | Iterable[bytes]) -> bytes:
    return zipped(
        {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content}
    )


def _ods_table(rows: str) -> str:
    return f'<table:table table:name="s">{_ODS_TOP}{rows}</table:table>'


def _ods_rows(rows: str) -> bytes:
    return ods(ods_text(_ods_table(rows)))


def _ods_pieces(rows: str, unit: str, times: int) -> bytes:
    """rows: with a NUL where the pieces come."""
    return ods(repeated(*_split(ods_text(_ods_table(rows)), unit, times)))


_TWO_X = _ods_cell("x\0x")
ODS: Mapping[str, Bomb] = {
    "ods-columns-repeated": Bomb(
        "a.ods",
        lambda: _ods_rows(
            f'<table:table-row>{_ods_cell("1", f""" table:number-columns-repeated="{10**9}" """)}</table:table-row>'
        ),
    ),
    "ods-columns-repeated-huge": Bomb(
        "a.ods",
        lambda: _ods_rows(
            f'<table:table-row>{_ods_cell("1", f""" table:number-columns-repeated="{10**30}" """)}</table:table-row>'
        ),
    ),
    "ods-blank-columns-repeated": Bomb(
        "a.ods",
        lambda: _ods_rows(
            f'<table:table-row><table:table-cell table:number-columns-repeated="{10**9}"/>{_ods_cell("1")}</table:table-row>'
        ),
    ),
    "ods-blank-columns-at-end": Bomb(
        "a.ods",
        lambda: _ods_rows(
            f'<table:table-row>{_ods_cell("1")}<table:table-cell table:number-columns-repeated="{10**9}"/></table:table-row>'
        ),
        refused=False,
    ),
    "ods-rows-repeated": Bomb(
        "a.ods",
        lambda: _ods_rows(
            f'<table:table-row table:number-rows-repeated="{10**9}">{_ods_cell("1")}</table:table-row>'
        ),
    ),
    "ods-wide-rows-repeated": Bomb(
        "a.ods",
        lambda: _ods_rows(
            f'<table:table-row table:number-rows-repeated="400000">{_ods_cell("1", """ table:number-columns-repeated="900" """)}</table:table-row>'
        ),
    ),
    "ods-long-text-repeated": Bomb(
        "a.ods",
        lambda: _ods_rows(
            f'<table:table-row table:number-rows-repeated="400000">{_ods_cell("ก" * 30_000)}</table:table-row>'
        ),
    ),
    "ods-blank-rows-repeated": Bomb(
        "a.ods",
        lambda: _ods_rows(
            f'<table:table-row table:number-rows-repeated="{10**9}"/><table:table-row>{_ods_cell("1")}</table:table-row>'
        ),
    ),
    "ods-repeated-not-a-number": Bomb(
        "a.ods",
        lambda: _ods_rows(f'<table:table-row table:number-rows-repeated="{"9" * 100_000}"/>'),
    ),
    "ods-columns-defined": Bomb(
        "a.ods",
        lambda: _ods_rows(
            f'<table:table-column table:visibility="collapse" table:number-columns-repeated="{10**9}"/>'
            * 1_000
        ),
        refused=False,
    ),
    "ods-rows-spanned": Bomb(
        "a.ods",
        lambda: _ods_rows(
            "".join(
                f'<table:table-row>{_ods_cell("1", f""" table:number-rows-spanned="{10**9}" """) * 200}</table:table-row>'
                for _ in range(20_000)
            )
        ),
    ),
    "ods-spaces": Bomb(
        "a.ods",
        lambda: _ods_rows(
            f'<table:table-row>{_ods_cell("""x<text:s text:c="1000000000"/>x""")}</table:table-row>'
        ),
        refused=False,
    ),
    "ods-many-spaces": Bomb(
        "a.ods",
        lambda: _ods_pieces(
            f"<table:table-row>{_TWO_X}</table:table-row>",
            '<text:s text:c="1000"/>',
            2 * MB,
        ),
    ),
    "ods-paragraphs": Bomb(
        "a.ods",
        lambda: _ods_pieces(
            '<table:table-row><table:table-cell office:value-type="string">\0</table:table-cell></table:table-row>',
            "<text:p/>",
            20 * MB,
        ),
    ),
    "ods-deep-text": Bomb(
        "a.ods",
        lambda: _ods_rows(
            f"<table:table-row>{_ods_cell('<text:span>' * 100_000 + 'x' + '</text:span>' * 100_000)}</table:table-row>"
        ),
    ),
    "ods-text-200-deep": Bomb(
        "a.ods",
        lambda: _ods_rows(
            f"<table:table-row>{_ods_cell('<text:span>' * 200 + 'x' + '</text:span>' * 200)}</table:table-row>"
        ),
        refused=False,
    ),
    "ods-text-of-megabytes": Bomb(
        "a.ods",
        lambda: _ods_pieces(f"<table:table-row>{_TWO_X}</table:table-row>", "x" * 1_000, 200_000),
    ),
    "ods-unknown-tags": Bomb("a.ods", lambda: _ods_pieces("\0", "<x/>", 60 * MB)),
    "ods-tags-in-row": Bomb(
        "a.ods", lambda: _ods_pieces("<table:table-row>\0</table:table-row>", "<x/>", 60 * MB)
    ),
    "ods-blank-rows": Bomb("a.ods", lambda: _ods_pieces("\0", "<table:table-row/>", 20 * MB)),
    "ods-styles": Bomb(
        "a.ods",
        lambda: ods(
            repeated(
                *_split(
                    ods_text(_ods_table(""), styles="\0"), '<style:style style:name="a"/>', 10 * MB
                )
            )
        ),
    ),
    "ods-many-tables": Bomb(
        "a.ods", lambda: ods(repeated(*_split(ods_text("\0"), _ods_table(""), 200_000)))
    ),
    "ods-laughs": Bomb(
        "a.ods",
        lambda: ods(
            ods_text(
                _ods_table(f"<table:table-row>{_ods_cell('&l10;')}</table:table-row>"),
                doctype=LAUGHS,
            )
        ),
    ),
    "ods-spaces-between-tags": Bomb("a.ods", lambda: _ods_pieces("\0", " " * 1_000, 900_000)),
    "ods-manifest": Bomb(
        "a.ods",
        lambda: zipped(
            {
                "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
                "content.xml": ods_text(_ods_table("")),
                "META-INF/manifest.xml": _spaces("<a>\0</a>", 600),
            }
        ),
    ),
    "ods-mimetype": Bomb(
        "a.ods",
        lambda: zipped(
            {
                "mimetype": _spaces("application/vnd.oasis.opendocument.spreadsheet\0", 600),
                "content.xml": ods_text(_ods_table("")),
            }
        ),
    ),
}

# Web pages and Excel's XML of 2003


def _html(rows: str) -> bytes:
    top = "".join(f"<th>{name}</th>" for name in HEADER.strip().split(","))
    return f'<html><meta charset="utf-8"><table><tr>{top}</tr>{rows}</table></html>'.encode()


def _html_large(rows: str, unit: str, size: int = LARGE) -> bytes:
    """rows: with a NUL where the pieces come."""
    begin, end = _html(rows).decode().split("\0")
    return _filled(begin, unit, end, size=size)


_SS = "urn:schemas-microsoft-com:office:spreadsheet"


def _xml_2003(rows: str, doctype: str = "") -> str:
    top = "".join(
        f'<Cell><Data ss:Type="String">{n}</Data></Cell>' for n in HEADER.strip().split(",")
    )
    return (
        f'<?xml version="1.0"?>{doctype}<Workbook xmlns="{_SS}" xmlns:ss="{_SS}"><Worksheet ss:Name="s"><Table>'
        f"<Row>{top}</Row>{rows}</Table></Worksheet></Workbook>"
    )


def _xml_large(rows: str, unit: str, size: int = LARGE) -> bytes:
    begin, end = _xml_2003(rows).split("\0")
    return _filled(begin, unit, end, size=size)


_ONE = '<Cell{}><Data ss:Type="Number">1</Data></Cell>'

MARKUP: Mapping[str, Bomb] = {
    "html-colspan": Bomb(
        "a.xls", lambda: _html("<tr><td colspan=1000000000>1</td><td>2</td></tr>"), refused=False
    ),
    "html-rowspan": Bomb(
        "a.xls",
        lambda: _html("<tr><td rowspan=1000000000>1</td><td>2</td></tr>" * 10),
        refused=False,
    ),
    "html-both-spans": Bomb(
        "a.xls", lambda: _html("<tr>" + "<td rowspan=1000 colspan=1000>1</td>" * 500 + "</tr>")
    ),
    "html-spans-of-rows": Bomb(
        "a.xls", lambda: _html("<tr><td rowspan=1000 colspan=900>1</td></tr>" * 2_000)
    ),
    "html-span-of-digits": Bomb(
        "a.xls", lambda: _html(f"<tr><td colspan={'9' * 100_000}>1</td></tr>")
    ),
    "html-wide-rows": Bomb("a.xls", lambda: _html(("<tr>" + "<td>1" * 20_000 + "</tr>") * 20)),
    "html-deep-cells": Bomb(
        "a.xls", lambda: _html("<tr><td>" + "<b>" * 100_000 + "x" + "</b>" * 100_000)
    ),
    "html-deep-tables": Bomb(
        "a.xls", lambda: _html("<tr><td>" + "<table><tr><td>" * 50_000), refused=False
    ),
    "html-200-tables-deep": Bomb(
        "a.xls", lambda: _html("<tr><td>" + "<table><tr><td>1" * 80), refused=False
    ),
    "html-many-tables": Bomb(
        "a.xls", lambda: _html("</table>" + "<table><tr><td>1<td>2</table>" * 100_000)
    ),
    "html-cells": Bomb("a.xls", lambda: _html_large("<tr>\0</tr>", "<td>"), True),
    "html-rows": Bomb("a.xls", lambda: _html_large("\0", "<tr><td>1"), True),
    "html-blank-rows": Bomb("a.xls", lambda: _html_large("\0", "<tr>"), True),
    "html-tags": Bomb("a.xls", lambda: _html_large("<tr><td>\0</td></tr>", "<b>x</b>"), True),
    "html-comments": Bomb("a.xls", lambda: _html_large("\0", "<!---->"), True),
    "html-entities": Bomb("a.xls", lambda: _html_large("<tr><td>\0</td></tr>", "&amp;"), True),
    "html-one-text": Bomb("a.xls", lambda: _html_large("<tr><td>\0</td></tr>", "x"), True),
    "html-attributes": Bomb(
        "a.xls",
        lambda: _html("<tr " + " ".join(f"a{n}=1" for n in range(300_000)) + "><td>1</td></tr>"),
    ),
    "html-laughs": Bomb(
        "a.xls", lambda: LAUGHS.encode() + _html("<tr><td>&l10;</td></tr>"), refused=False
    ),
    "xml-index": Bomb(
        "a.xls",
        lambda: _xml_2003(
            f'<Row ss:Index="1048576">{_ONE.format(""" ss:Index="16384" """)}</Row>'
        ).encode(),
    ),
    "xml-index-beyond-any": Bomb(
        "a.xls", lambda: _xml_2003(f'<Row ss:Index="{10**12}">{_ONE.format("")}</Row>').encode()
    ),
    "xml-merge-down": Bomb(
        "a.xls",
        lambda: _xml_2003(
            f"<Row>{_ONE.format(f''' ss:MergeDown='{10**9}' ''') * 100}</Row>"
            + f"<Row>{_ONE.format('')}</Row>" * 100_000
        ).encode(),
    ),
    "xml-merge-across": Bomb(
        "a.xls",
        lambda: _xml_2003(
            f"<Row>{_ONE.format(f''' ss:MergeAcross='{10**9}' ''') * 500}</Row>" * 200
        ).encode(),
    ),
    "xml-blank-rows": Bomb("a.xls", lambda: _xml_large("\0", "<Row/>"), True),
    "xml-cells": Bomb("a.xls", lambda: _xml_large("<Row>\0</Row>", "<Cell/>"), True),
    "xml-tags": Bomb("a.xls", lambda: _xml_large("\0", "<x/>"), True),
    "xml-deep": Bomb("a.xls", lambda: _xml_2003("<Row>" * 1_000_000).encode(), True),
    "xml-one-text": Bomb(
        "a.xls",
        lambda: _xml_large('<Row><Cell><Data ss:Type="String">\0</Data></Cell></Row>', "x"),
        True,
    ),
    "xml-number-of-digits": Bomb(
        "a.xls",
        lambda: _xml_large('<Row><Cell><Data ss:Type="Number">\0</Data></Cell></Row>', "9", MB),
    ),
    "xml-laughs": Bomb(
        "a.xls",
        lambda: _xml_2003(
            '<Row><Cell><Data ss:Type="String">&l10;</Data></Cell></Row>', LAUGHS
        ).encode(),
    ),
}

# Binary workbooks

BOOKS = Path(__file__).parent.parent / "importing" / "books"


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def compound(stream: bytes, **changes: Sequence[int]) -> bytes:
    """A compound file with one stream, Workbook. changes: of its table of sectors, by name of what
    each entry is, as `circle`."""
    size = 512
    stream = stream.ljust(max(4_096, -(-len(stream) // size) * size), b"\0")
    count = len(stream) // size
    tables = 1
    while tables * 128 < count + 1 + tables:
        tables += 1
    table = [*range(1, count), 0xFFFFFFFE, 0xFFFFFFFE, *[0xFFFFFFFD] * tables]
    if "circle" in changes:
        table[count - 1] = 0
    if "directory" in changes:
        table[count] = count
    table += [0xFFFFFFFF] * (tables * 128 - len(table))

    def entry(name: str, kind: int, start: int, length: int, child: int) -> bytes:
        raw = name.encode("utf-16-le") + b"\0\0"
        return (
            raw.ljust(64, b"\0")
            + struct.pack("<HBB3I", len(raw), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
            + b"\0" * 36
            + struct.pack("<IQ", start, length)
        )

    length = changes.get("length", (len(stream),))[0]
    directory = (
        entry("Root Entry", 5, 0xFFFFFFFE, 0, 1) + entry("Workbook", 2, 0, length, 0xFFFFFFFF)
    ).ljust(size, b"\0")
    owners = [count + 1 + n for n in range(min(tables, 109))]
    head = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 16
        + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
        + struct.pack(
            "<IIIIIIIII",
            0,
            tables,
            count,
            0,
            4_096,
            0xFFFFFFFE,
            0,
            *changes.get("more", (0xFFFFFFFE, 0)),
        )
    )
    head += struct.pack("<109I", *owners, *[0xFFFFFFFF] * (109 - len(owners)))
    return head + stream + directory + struct.pack(f"<{len(table)}I", *table)


def _xls(cells: bytes, before: bytes = b"") -> bytes:
    """A workbook of Excel 97 with one sheet."""
    name = b"s"
    begin = _record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0))
    begin += before
    at = len(begin) + 4 + 8 + len(name) + 4
    bound = _record(0x0085, struct.pack("<IBBBB", at, 0, 0, len(name), 0) + name)
    return (
        begin
        + bound
        + _record(0x000A, b"")
        + _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0))
        + cells
        + _record(0x000A, b"")
    )


def _xls_number(row: int, column: int) -> bytes:
    return _record(0x0203, struct.pack("<HHHd", row, column, 0, 1.0))


def _xls_label(row: int, column: int, text: str) -> bytes:
    raw = text.encode("utf-16-le")
    return _record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + raw)


_XLS_TOP = b"".join(_xls_label(0, at, name) for at, name in enumerate(HEADER.strip().split(",")))


def _shared_strings(count: int, texts: Sequence[str] = ()) -> bytes:
    """SST, which says `count` whatever it holds."""
    held = b"".join(struct.pack("<HB", len(t), 1) + t.encode("utf-16-le") for t in texts)
    return _record(0x00FC, struct.pack("<II", count, count) + held)


XLS: Mapping[str, Bomb] = {
    "xls-last-cell": Bomb("a.xls", lambda: compound(_xls(_XLS_TOP + _xls_number(65_535, 255)))),
    "xls-far-column": Bomb("a.xls", lambda: compound(_xls(_XLS_TOP + _xls_number(65_535, 65_535)))),
    "xls-gaps": Bomb(
        "a.xls",
        lambda: compound(
            _xls(_XLS_TOP + b"".join(_xls_number(row, 250) for row in range(0, 65_536, 64)))
        ),
    ),
    "xls-dimensions": Bomb(
        "a.xls",
        lambda: compound(
            _xls(
                _record(0x0200, struct.pack("<IIHHH", 0, 2**32 - 1, 0, 65_535, 0))
                + _XLS_TOP
                + _xls_number(1, 2)
            )
        ),
    ),
    "xls-millions-of-cells": Bomb(
        "a.xls", lambda: compound(_xls(_XLS_TOP + _xls_number(1, 2) * 400_000)), True
    ),
    "xls-multiple-blanks": Bomb(
        "a.xls",
        lambda: compound(
            _xls(
                _XLS_TOP
                + _record(
                    0x00BE, struct.pack("<HH", 1, 0) + b"\0\0" * 4_000 + struct.pack("<H", 65_535)
                )
                * 2_000
            )
        ),
        True,
    ),
    "xls-multiple-numbers": Bomb(
        "a.xls",
        lambda: compound(
            _xls(
                _XLS_TOP
                + _record(
                    0x00BD, struct.pack("<HH", 1, 0) + b"\0" * 6 * 1_300 + struct.pack("<H", 65_535)
                )
                * 2_000
            )
        ),
        True,
    ),
    "xls-lying-record": Bomb(
        "a.xls", lambda: compound(_xls(_XLS_TOP + struct.pack("<HH", 0x0203, 65_535)))
    ),
    "xls-lying-strings": Bomb(
        "a.xls", lambda: compound(_xls(_XLS_TOP + _xls_number(1, 2), _shared_strings(2**31 - 1)))
    ),
    "xls-one-string-often": Bomb(
        "a.xls",
        lambda: compound(
            _xls(
                b"".join(
                    _record(0x00FD, struct.pack("<HHHI", row, column, 0, 0))
                    for row in range(65_000)
                    for column in range(6)
                ),
                _shared_strings(1, ["ก" * 4_000]),
            )
        ),
        True,
    ),
    "xls-merged": Bomb(
        "a.xls",
        lambda: compound(
            _xls(
                _XLS_TOP
                + b"".join(_xls_number(row, 1) for row in range(60_000))
                + _record(
                    0x00E5,
                    struct.pack("<H", 1_000) + struct.pack("<HHHH", 0, 65_535, 0, 255) * 1_000,
                )
                * 20
            )
        ),
        True,
    ),
    "xls-hidden-columns": Bomb(
        "a.xls",
        lambda: compound(
            _xls(
                _XLS_TOP
                + _record(0x007D, struct.pack("<5H", 0, 65_535, 0, 0, 1) + b"\0\0") * 100_000
            )
        ),
        True,
    ),
    "xls-deep-parts": Bomb(
        "a.xls",
        lambda: compound(
            _xls(
                _XLS_TOP
                + _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x20, 0, 0, 0, 0)) * 100_000
            )
        ),
        True,
    ),
    "xls-sectors-in-a-circle": Bomb(
        "a.xls", lambda: compound(_xls(_XLS_TOP), circle=(1,), length=(2**31,))
    ),
    "xls-directory-in-a-circle": Bomb("a.xls", lambda: compound(_xls(_XLS_TOP), directory=(1,))),
    "xls-table-in-a-circle": Bomb("a.xls", lambda: compound(_xls(_XLS_TOP), more=(0, 2**31 - 1))),
    "xls-length-beyond-file": Bomb(
        "a.xls", lambda: compound(_xls(_XLS_TOP), length=(2**32 - 1,)), refused=False
    ),
    "xls-sheets": Bomb("a.xls", lambda: compound(_xls_of_sheets(30_000)), True),
    "xls-zeros": Bomb("a.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * LARGE, True),
    "xls-sectors-of-one-byte": Bomb("a.xls", lambda: _of_sector_size(compound(_xls(_XLS_TOP)), 0)),
    "xls-sectors-of-gigabytes": Bomb(
        "a.xls", lambda: _of_sector_size(compound(_xls(_XLS_TOP)), 63)
    ),
}


def _xls_of_sheets(count: int) -> bytes:
    """Every sheet is the same part of the stream."""
    begin = _record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0))
    names = [f"s{n}".encode() for n in range(count)]
    at = len(begin) + sum(4 + 8 + len(name) for name in names) + 4
    bounds = b"".join(
        _record(0x0085, struct.pack("<IBBBB", at, 0, 0, len(name), 0) + name) for name in names
    )
    part = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0)) + _XLS_TOP
    part += b"".join(_xls_number(row, 2) for row in range(1, 1_000))
    return begin + bounds + _record(0x000A, b"") + part + _record(0x000A, b"")


def _of_sector_size(content: bytes, power: int) -> bytes:
    return content[:30] + struct.pack("<H", power) + content[32:]


def _long(kind: int, data: bytes) -> bytes:
    """A record of an .xlsb."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length, written = len(data), bytearray()
    while length > 0x7F:
        written.append(length & 0x7F | 0x80)
        length >>= 7
    written.append(length)
    return head + bytes(written) + data


def _long_text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb(
    records: bytes | Iterable[bytes], strings: Iterable[bytes] | None = None, sheets: int = 1
) -> bytes:
    """A binary workbook of one part, with the records of its sheet."""
    relations = f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.bin"/>'
    if strings is not None:
        relations += (
            f'<Relationship Id="r2" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.bin"/>'
        )
    listed = b"".join(
        _long(156, struct.pack("<II", 0, n) + _long_text("r1") + _long_text(f"s{n}"))
        for n in range(1, sheets + 1)
    )
    return zipped(
        {
            "[Content_Types].xml": f'{_START}<Types xmlns="{_PACKAGE}/content-types"/>',
            "_rels/.rels": f'{_START}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
            f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.bin"/></Relationships>',
            "xl/workbook.bin": _long(131, b"")
            + _long(143, b"")
            + listed
            + _long(144, b"")
            + _long(132, b""),
            "xl/_rels/workbook.bin.rels": f'{_START}<Relationships xmlns="{_PACKAGE}/relationships">{relations}'
            "</Relationships>",
            "xl/worksheets/sheet1.bin": records,
            **({} if strings is None else {"xl/sharedStrings.bin": strings}),
        }
    )


def _xlsb_row(row: int) -> bytes:
    return _long(0, struct.pack("<IIHBBBI", row, 0, 300, 0, 0, 0, 0))


def _xlsb_number(column: int) -> bytes:
    return _long(5, struct.pack("<IId", column, 0, 1.0))


def _xlsb_cell(column: int, text: str) -> bytes:
    return _long(6, struct.pack("<II", column, 0) + _long_text(text))


_XLSB_BEGIN = (
    _long(129, b"") + _long(148, struct.pack("<4I", 0, 9, 0, 2)) + _long(145, b"")
    + _xlsb_row(0) + b"".join(_xlsb_cell(at, name) for at, name in enumerate(HEADER.strip().split(",")))
)  # fmt: skip
_XLSB_END = _long(146, b"") + _long(130, b"")


def _xlsb_sheet(records: bytes, times: int = 1) -> Iterable[bytes]:
    at_once = max(1, MB // max(1, len(records)))
    yield _XLSB_BEGIN
    for _ in range(times // at_once):
        yield records * at_once
    yield records * (times % at_once)
    yield _XLSB_END


XLSB: Mapping[str, Bomb] = {
    "xlsb-last-cell": Bomb(
        "a.xlsb", lambda: xlsb(_xlsb_sheet(_xlsb_row(1_048_575) + _xlsb_number(16_383)))
    ),
    "xlsb-row-beyond-any": Bomb(
        "a.xlsb", lambda: xlsb(_xlsb_sheet(_xlsb_row(2**32 - 1) + _xlsb_number(2)))
    ),
    "xlsb-column-beyond-any": Bomb(
        "a.xlsb", lambda: xlsb(_xlsb_sheet(_xlsb_row(1) + _xlsb_number(2**32 - 1)))
    ),
    "xlsb-cells": Bomb("a.xlsb", lambda: xlsb(_xlsb_sheet(_xlsb_row(1) + _xlsb_number(2), 8 * MB))),
    "xlsb-blank-cells": Bomb(
        "a.xlsb", lambda: xlsb(_xlsb_sheet(_long(1, struct.pack("<II", 1, 0)), 20 * MB))
    ),
    "xlsb-empty-records": Bomb("a.xlsb", lambda: xlsb(_xlsb_sheet(b"\x64\x00", 200 * MB))),
    "xlsb-lying-record": Bomb("a.xlsb", lambda: xlsb(_xlsb_sheet(b"\x05\xff\xff\xff\x7f"))),
    "xlsb-lying-text": Bomb(
        "a.xlsb", lambda: xlsb(_xlsb_sheet(_long(6, struct.pack("<III", 0, 0, 2**32 - 1))))
    ),
    "xlsb-text-of-megabytes": Bomb(
        "a.xlsb", lambda: xlsb(_xlsb_sheet(_xlsb_row(1) + _xlsb_cell(0, "x" * 40 * MB)))
    ),
    "xlsb-shared-text-often": Bomb(
        "a.xlsb",
        lambda: xlsb(
            _xlsb_sheet(
                b"".join(
                    _xlsb_row(n) + _long(7, struct.pack("<III", 0, 0, 0)) for n in range(1, 100_000)
                )
            ),
            [
                _long(159, struct.pack("<II", 1, 1))
                + _long(19, b"\0" + _long_text("ก" * 30_000))
                + _long(160, b"")
            ],
        ),
    ),
    "xlsb-lying-shared-texts": Bomb(
        "a.xlsb",
        lambda: xlsb(
            _xlsb_sheet(_xlsb_row(1) + _xlsb_number(2)),
            [_long(159, struct.pack("<II", 2**32 - 1, 2**32 - 1)) + _long(160, b"")],
        ),
    ),
    "xlsb-shared-texts": Bomb(
        "a.xlsb", lambda: xlsb(_xlsb_sheet(_xlsb_row(1) + _xlsb_number(2)), _xlsb_strings(10 * MB))
    ),
    "xlsb-dimension": Bomb(
        "a.xlsb",
        lambda: xlsb(
            [
                _long(129, b"")
                + _long(148, struct.pack("<4I", 0, 2**31, 0, 2**31))
                + _long(145, b"")
                + _xlsb_row(0)
                + _xlsb_cell(0, "x")
                + _XLSB_END
            ]
        ),
        refused=False,
    ),
    "xlsb-sheets-of-one-part": Bomb(
        "a.xlsb",
        lambda: xlsb(
            _xlsb_sheet(b"".join(_xlsb_row(n) + _xlsb_number(2) for n in range(1, 20_000))),
            sheets=2_000,
        ),
    ),
    "xlsb-merged": Bomb(
        "a.xlsb",
        lambda: xlsb(
            _xlsb_sheet(
                b"".join(_xlsb_row(n) + _xlsb_number(2) for n in range(1, 100_000))
                + _long(146, b"")
                + _long(177, b"")
                + _long(176, struct.pack("<4I", 0, 1_048_575, 0, 16_383)) * 100_000
                + _long(178, b"")
            )
        ),
        refused=False,
    ),
    "xlsb-hidden-columns": Bomb(
        "a.xlsb",
        lambda: xlsb(_xlsb_sheet(_long(60, struct.pack("<4IH", 0, 2**31, 0, 0, 1)), 20_000)),
        refused=False,
    ),
    "xlsb-unpacks-to-gigabytes": Bomb("a.xlsb", lambda: xlsb(_xlsb_sheet(b"\0" * MB, 700))),
}


def _xlsb_strings(count: int) -> Iterable[bytes]:
    yield _long(159, struct.pack("<II", count, count))
    unit = _long(19, b"\0" + _long_text(""))
    for _ in range(count // 100_000):
        yield unit * 100_000
    yield _long(160, b"")


BOMBS: Mapping[str, Bomb] = {**TEXTS, **JSON, **PARQUET, **XLSX, **ODS, **MARKUP, **XLS, **XLSB}
"""Every one by its name."""


# Right in form, so that they are read and checked to their end: every row names somebody unknown.


def _strangers(header: str, row: str, count: int = 490_000) -> bytes:
    return (header + "".join(row.format(n=n) for n in range(count))).encode()


_SCORES_OF_STRANGERS = (
    "ปีงบประมาณ,หน่วยงาน,คะแนนรวม,แหล่งที่มา\n",
    f"2567,หน่วยงานที่ {{n}},80,{'ก' * 42}\n",
)
_PROGRESS_OF_STRANGERS = (
    "ปีงบประมาณ,ไตรมาส,หน่วยงาน,แบบวัด,ลำดับ,ร้อยละความสำเร็จ,ผลการดำเนินงาน\n",
    f"2567,1,หน่วยงานที่ {{n}},IIT,1,80,ผลที่ {{n}} {'ก' * 10}\n",
)


def _columns_of(content: bytes) -> dict[str, list[str]]:
    header, *rows = (line.split(",") for line in content.decode().splitlines())
    return dict(zip(header, map(list, zip(*rows, strict=True)), strict=True))


def _workbook_of(content: bytes) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"constant_memory": True})
    page = book.add_worksheet()
    for row, line in enumerate(content.decode().splitlines()):
        page.write_row(row, 0, line.split(","))
    book.close()
    return stream.getvalue()


WHOLE: Mapping[str, Bomb] = {
    "csv-scores-of-strangers": Bomb(
        "a.csv", lambda: _strangers(*_SCORES_OF_STRANGERS), True, False
    ),
    "csv-figures-of-words": Bomb(
        "a.csv",
        lambda: _strangers(HEADER, "ปี {n},หน่วยงานที่ {n},คะแนน {n}\n"),
        True,
        False,
    ),
    "csv-progress-of-strangers": Bomb(
        "a.csv", lambda: _strangers(*_PROGRESS_OF_STRANGERS), True, False, "progress"
    ),
    "csv-list-of-agencies": Bomb(
        "a.csv",
        lambda: _strangers(
            "รหัสหน่วยงาน,ชื่อหน่วยงาน,จังหวัด,ประเภท\n",
            "AG{n:07d},เทศบาลตำบลชื่อยาว {n},จังหวัด {n},ประเภท {n}\n",
        ),
        True,
        dataset="agencies",
    ),
    "csv-list-of-100000-agencies": Bomb(
        "a.csv",
        lambda: _strangers(
            "รหัสหน่วยงาน,ชื่อหน่วยงาน,จังหวัด,ประเภท\n",
            "AG{n:07d},เทศบาลตำบลชื่อยาว {n},จังหวัด {n},ประเภท {n}\n",
            100_000,
        ),
        True,
        False,
        "agencies",
    ),
    "json-scores-of-strangers": Bomb(
        "a.json",
        lambda: json.dumps(
            [
                {"fiscal_year": 2567, "agency": f"หน่วยงานที่ {n}", "total": 80, "source": f"จาก {n}"}
                for n in range(400_000)
            ],
            ensure_ascii=False,
        ).encode(),
        True,
        False,
    ),
    "parquet-progress-of-strangers": Bomb(
        "a.parquet",
        lambda: parquet(pa.table(_columns_of(_strangers(*_PROGRESS_OF_STRANGERS)))),
        True,
        False,
        "progress",
    ),
    "xlsx-scores-of-strangers": Bomb(
        "a.xlsx",
        lambda: _workbook_of(_strangers(*_SCORES_OF_STRANGERS, 150_000)),
        True,
        False,
    ),
}

SLOW_TO_MAKE = frozenset(
    [
        "xlsx-blank-cells",
        "xlsx-blank-rows",
        "xlsx-merged-millions",
        "xlsx-merged-different",
        "xlsx-a-million-sheets",
        "xlsx-shared-text-of-megabytes",
        "xlsx-shared-text-of-tags",
        "xlsx-millions-of-shared-texts",
        "xlsx-comment",
        "xlsx-text-of-megabytes",
        "xlsx-spaces-between-tags",
        "xlsx-attribute",
        "xlsx-cell-of-tags",
        "xlsx-columns-defined",
        "xlsx-rows-hidden",
        "xlsx-conditional-formats",
        "xlsx-validations",
        "xlsx-links",
        "xlsx-10000-sheets",
        "xlsx-formats",
        "xlsx-format-of-megabytes",
        "xlsx-unread-part",
        "xlsx-properties",
        "xlsx-theme",
        "xlsx-unpacks-to-gigabytes",
        "xlsx-says-it-is-small",
        "xlsx-six-million-cells",
        "xlsx-many-attributes",
        "xlsx-shared-text-of-runs",
        "xlsx-fonts",
        "xlsx-number-of-megabytes",
        "xlsx-deep",
        "xlsx-styles",
        "xlsx-cells-without-places",
        "xlsx-gaps-of-columns",
        "xlsx-900-columns-of-gaps",
        "xlsx-merged-columns",
        "xlsx-shared-text-often",
        "xlsx-too-many-rows",
        "ods-rows-spanned",
        "ods-paragraphs",
        "ods-text-of-megabytes",
        "ods-unknown-tags",
        "ods-tags-in-row",
        "ods-blank-rows",
        "ods-styles",
        "ods-spaces-between-tags",
        "ods-manifest",
        "ods-mimetype",
        "ods-many-spaces",
        "ods-many-tables",
        "html-many-tables",
        "xml-merge-down",
        "xlsb-cells",
        "xlsb-blank-cells",
        "xlsb-empty-records",
        "xlsb-text-of-megabytes",
        "xlsb-unpacks-to-gigabytes",
    ]
)
"""Small files of which making or reading one takes a second of the processor or more."""
