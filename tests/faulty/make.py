"""The faulty files, each with one thing wrong as offices get it wrong, and some odd ones that read.

`python -m tests.faulty.make` writes the text files anew, in their real encodings; workbooks are made
when they are asked for, because their bytes change with the library.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl

FOLDER = Path(__file__).parent / "files"

SCORES = "ปีงบประมาณ,หน่วยงาน,คะแนนรวม"
ALL_SCORES = "ปีงบประมาณ,หน่วยงาน,IIT,EIT,OIT,คะแนนรวม,ระดับ"
AGENCIES = "รหัสหน่วยงาน,ชื่อหน่วยงาน,ประเภท,จังหวัด"
PROGRESS = "ปีงบประมาณ,ไตรมาส,หน่วยงาน,แบบวัด,ลำดับ,ร้อยละความสำเร็จ"
NARRATIVE = "ปีงบประมาณ,หน่วยงาน,แบบวัด,ประเภท,ลำดับ,ข้อความ,มาตรการที่"
ANNOTATIONS = "วันที่,หน่วยงาน,เหตุการณ์,ส่วน"
MEASURES = "ปีงบประมาณ,หน่วยงาน,แบบวัด,ลำดับ,มาตรการ,ตัวชี้วัด,ไตรมาสเริ่ม,ไตรมาสสิ้นสุด"


def _lines(*lines: str, encoding: str = "utf-8-sig", end: str = "\r\n") -> bytes:
    return "".join(line + end for line in lines).encode(encoding)


TEXTS: Mapping[str, bytes] = {
    "empty.csv": b"",
    "bom_only.csv": b"\xef\xbb\xbf",
    "header_only.csv": _lines(SCORES),
    "too_large.csv": _lines(SCORES, "2569,IPST,90", "2568,IPST,90", "2567,YALA,90"),
    "too_many_rows.csv": _lines(SCORES, "2569,IPST,90", "2568,IPST,90", "2569,YALA,90"),
    "pdf.csv": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n",
    "old_excel.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504,
    "picture.csv": b"\x89PNG\r\n\x1a\n" + b"\x00" * 16,
    "nul_bytes.csv": _lines(SCORES, "2569,IPST,9\x000"),
    "no_encoding.csv": _lines(SCORES) + b"2569,IPST\x81\xff\xfe\x98,90\r\n",
    "unclosed_quote.csv": _lines(SCORES, "2568,IPST,90", '2569,"IPST,90', "2567,YALA,90"),
    "stray_quote.csv": _lines(SCORES, '2569,"IPST"x,90'),
    "ragged.csv": _lines(SCORES, "2569,IPST,90", "", "2568,IPST,90,1", "2569,YALA", "2567,YALA,1"),
    "missing_columns.csv": _lines("ปีงบประมาณ,หน่วยงาน,ลำดับ", "2567,SAMPLE,1"),
    "two_equal_headers.csv": _lines(f"{SCORES}, คะแนนรวม", "2569,IPST,90,91"),
    "unknown_column.csv": _lines(f"{SCORES},ความเห็น", "2569,IPST,90,ดี"),
    "required_value.csv": _lines(SCORES, ",IPST,90", "2569,IPST,-", "2569,,90"),
    "not_a_number.csv": _lines(SCORES, '2569,IPST,"85,5"', "2568,IPST,เก้าสิบ"),
    "out_of_range.csv": _lines(SCORES, "2569,IPST,100.01", "2569,YALA,-1"),
    "unknown_year.csv": _lines(SCORES, "2599,IPST,90", "สองห้าหกเจ็ด,IPST,90", "49,IPST,90"),
    "unknown_instrument.csv": _lines(MEASURES, "2567,SAMPLE,ITT,9,ก,,,"),
    "unknown_quarter.csv": _lines(PROGRESS, "2567,5,SAMPLE,IIT,1,50", "2567,ต้นปี,SAMPLE,IIT,2,50"),
    "quarters_reversed.csv": _lines(MEASURES, "2567,SAMPLE,IIT,9,ก,,4,1"),
    "unknown_type.csv": _lines(NARRATIVE, "2567,SAMPLE,IIT,บทนำ,,ข้อความ,"),
    "unknown_agency.csv": _lines(SCORES, "2569,เทศบาลนครสวรรค์,90"),
    "id_as_a_power_of_ten.csv": _lines(AGENCIES, "2.20101E+12,เทศบาลตำบลทดสอบ,เทศบาลตำบล,น่าน"),
    "spellings.csv": _lines(AGENCIES, "N1,เทศบาลตำบลทดสอบ,เทศบาลตำบล,จ.น่าน", "N2,ก,กรมใหม่,น่าน"),
    "unknown_measure.csv": _lines(PROGRESS, "2567,4,SAMPLE,IIT,99,100"),
    "unknown_measure_linked.csv": _lines(NARRATIVE, '2567,SAMPLE,IIT,สรุปผล,9,ข้อความ,"1,99"'),
    "unknown_level.csv": _lines(f"{SCORES},ระดับ", "2568,IPST,90,ดีเด่น"),
    "duplicate_key.csv": _lines(SCORES, "2569,IPST,90", "2569,YALA,80", "69,ipst,91"),
    "ambiguous_scale.csv": _lines("ปีงบประมาณ,หน่วยงาน,IIT,EIT,OIT", "2569,IPST,25,26,30"),
    "contradictory_scale.csv": _lines(
        ALL_SCORES, "2568,IPST,90,90,90,90,", "2569,IPST,27,27,36,90,"
    ),
    "total_mismatch.csv": _lines(ALL_SCORES, "2568,IPST,90,90,90,89,"),
    "level_mismatch.csv": _lines(ALL_SCORES, "2568,IPST,90,90,90,90,ต้องปรับปรุง"),
    "progress_fell.csv": _lines(
        PROGRESS, "2567,4,SAMPLE,EIT,3,30", "2567,3,SAMPLE,EIT,3,40", "2567,4,SAMPLE,OIT,3,100"
    ),
    "long_runs_of_blanks.csv": _lines(
        MEASURES,
        f"2567,SAMPLE,IIT,9,อบรม{' ' * 30}ทุกไตรมาส,,,",
        f"2567,SAMPLE,IIT,8,ก\u200b{' ' * 9}ข,,,",
    ),
    "text_too_long.csv": _lines(MEASURES, f"2567,SAMPLE,IIT,9,{'ก' * 101},,,"),
    "fractions.csv": _lines(PROGRESS, "2567,4,SAMPLE,IIT,1,0.75", "2567,4,SAMPLE,IIT,2,1"),
    "weighted_scores.csv": _lines(ALL_SCORES, "2568,IPST,27,27,36,90,"),
    "broken_text.csv": _lines(
        MEASURES,
        "2567,SAMPLE,IIT,9,?????????????,,,",
        "2567,SAMPLE,IIT,8,#REF!,,,",
        "2567,SAMPLE,IIT,7,ทำไม?,,,",
    ),
    "already_imported.csv": _lines(SCORES, "2569,IPST,90"),
    "measures_instead_of_progress.csv": _lines(MEASURES, "2567,SAMPLE,IIT,1,ก,,1,4"),
    "scores_instead_of_agencies.csv": _lines(SCORES, "2569,IPST,90"),
    "somebody_elses_agency.csv": _lines(SCORES, "2569,YALA,90", "2568,IPST,90"),
    "saved_halfway.csv": _lines(PROGRESS, "2567,4,SAMPLE,IIT,3,90") + b"2567,4,SAM",
    "formulas_in_csv.csv": _lines(SCORES, "2569,IPST,=SUM(C1:C9)", "2568,IPST,#REF!"),
    "excel_errors.csv": _lines(PROGRESS, "2567,4,SAMPLE,IIT,3,#DIV/0!", "2567,#N/A,SAMPLE,IIT,2,5"),
    "day_and_month_as_year.csv": _lines(SCORES, "21/04/2569,IPST,90", "21 เม.ย. 2569,IPST,90"),
    "year_before_ita.csv": _lines(SCORES, "2549,IPST,90"),
    "merged_cells_as_csv.csv": _lines(
        PROGRESS, "2567,4,SAMPLE,EIT,3,90", ",,,,2,100", encoding="cp874"
    ),
    "decimal_commas.csv": _lines(SCORES.replace(",", ";"), "2569;IPST;85,50", "2568;IPST;91.20"),
    "two_agency_columns.csv": _lines(
        "ปีงบประมาณ,รหัสหน่วยงาน,ชื่อหน่วยงาน,คะแนนรวม", "2569,IPST,สสวท.,90"
    ),
    "note_below_the_table.csv": _lines(SCORES, "2569,IPST,90", "ที่มา: ประกาศ,,"),
    "every_fault_at_once.csv": _lines(
        PROGRESS,
        "2567,9,SAMPLE,XIT,1,150",
        "ปี,1,NOBODY,IIT,หนึ่ง,",
        "2567,4,SAMPLE,IIT,1",
        encoding="cp874",
    ),
    "not_a_date.csv": _lines(
        ANNOTATIONS,
        "30 ก.พ. 2567,SAMPLE,ก,",
        "4/21/2567,SAMPLE,ข,",
        "เม.ย. 2567,SAMPLE,ค,",
        "24/6/1967,SAMPLE,ง,",
        "24 มิ.ย. 24,SAMPLE,จ,",
        "-,SAMPLE,ฉ,",
    ),
    "unknown_part.csv": _lines(
        ANNOTATIONS, "21 เม.ย. 2567,SAMPLE,ก,งบประมาณ", "22 เม.ย. 2567,SAMPLE,ข,ตัวชี้วัด 11"
    ),
    "two_texts_of_a_day.csv": _lines(
        ANNOTATIONS,
        "21 เม.ย. 2567,SAMPLE,เปิดระบบ,EIT",
        "๒๑ เมษายน ๒๕๖๗,sample,อบรม,IIT",
        "2024-04-21,SAMPLE,,",
        encoding="cp874",
    ),
    "two_tables_of_two_forms.csv": _lines(
        f"{PROGRESS},,",
        "2567,4,SAMPLE,EIT,3,90,,",
        ",,,,,,,",
        MEASURES,
        "2567,SAMPLE,EIT,3,สาม,7,1,4",
    ),
    "quarters_as_columns.csv": _lines(
        "ปีงบประมาณ,แบบวัด,ลำดับ,ไตรมาส 1,ไตรมาส 2,ไตรมาส 3,ไตรมาส 4", "2567,IIT,1,10,40,60,90"
    ),
    # From here on: odd, but right.
    "years_in_quarters.csv": _lines(
        PROGRESS.removeprefix("ปีงบประมาณ,"),
        "4/2567,SAMPLE,OIT,2,90",
        "ก.ค.–ก.ย. 2567,SAMPLE,IIT,1,95",
    ),
    "header_on_each_page.csv": _lines(SCORES, "2569,IPST,90", SCORES, "2568,IPST,91"),
    "form_half_filled.csv": _lines(
        f"{PROGRESS},ผลการดำเนินงาน",
        "2567,4,SAMPLE,IIT,1,90,",
        "2567,4,SAMPLE,IIT,2,,",
        "2567,4,SAMPLE,IIT,3,-,",
    ),
    "blank_cells_left_out.csv": _lines(
        f"{PROGRESS},ผลการดำเนินงาน,หลักฐาน",
        "2567,4,SAMPLE,IIT,1,90",
        "2567,4,SAMPLE,IIT,2,80,ทำแล้ว",
        "2567,4,SAMPLE,IIT,3,70,ทำแล้ว,ภาพ",
        encoding="cp874",
    ),
    "percent_signs.csv": _lines(
        PROGRESS, "2567,4,SAMPLE,EIT,3,85 %", "2567,4,SAMPLE,OIT,2,ร้อยละ 90", encoding="cp874"
    ),
    "hard_spaces.csv": _lines(
        "\u200bปีงบประมาณ , หน่วยงาน\u00a0,คะแนน\u200bรวม", " 2569\u00a0,\ufeffIPST, 9\u200b0 "
    ),
    "split_vowels.csv": _lines(
        "ปีงบประมาณ,หน่วยงาน,แบบวัด,ลําดับ,มาตรการ,เเก้", "2567,SAMPLE,IIT,9,จัดทําเเผน,x"
    ),
    "utf16_without_bom.csv": _lines(SCORES, "2569,IPST,90", encoding="utf-16-le"),
    "unicode_text_of_excel.txt": _lines(
        SCORES.replace(",", "\t"), "2569\tIPST\t90", encoding="utf-16"
    ),
    "windows_874.csv": _lines(
        f"{SCORES},แหล่งที่มา", "2569,IPST,90,“ประกาศ” ป.ป.ช. … ‘ร่าง’ – €", encoding="cp874"
    ),
    "thai_digits.csv": _lines(
        "ปีงบประมาณ,หน่วยงาน,ตัวชี้วัด ๑,คะแนนรวม", "๒๕๖๙,IPST,๘๕.๕๐,๙๐", "พ.ศ. ๒๕๖๘,IPST,85 %,๙๑"
    ),
    "titles_total_and_blanks.csv": _lines(
        "ผลคะแนน ITA ของหน่วยงาน,,",
        "ข้อมูล ณ วันที่ ๒๔ มิถุนายน ๒๕๖๗,,",
        ",,",
        SCORES,
        "2568,IPST,90",
        "2569,IPST,91",
        "รวม,,181",
        "เฉลี่ย,,90.5",
        ",,",
        "",
    ),
    "dates_of_all_forms.csv": _lines(
        "ปฏิทินกิจกรรม,,,",
        "วัน เดือน ปี,หน่วยงาน,เหตุการณ์,ส่วน",
        "วันอาทิตย์ที่ 21 เมษายน พ.ศ. 2567,SAMPLE,ก,คะแนนรวม",
        "๒๔ มิถุนายน ๒๕๖๗,SAMPLE,ข,ตัวชี้วัดที่ ๗",
        "25/6/67,SAMPLE,ค,IIT",
        "2024-06-26,SAMPLE,ง,ทั้งหมด",
        "27 Jun 2024,SAMPLE,จ,",
        "รวม,,5 เรื่อง,",
    ),
    "semicolons.csv": _lines(SCORES.replace(",", ";"), "2569;IPST;90"),
    "pipes.txt": _lines(SCORES.replace(",", "|"), "2569|IPST|90"),
    "tabs.tsv": _lines(SCORES.replace(",", "\t"), "2569\tIPST\t90"),
    "separator_named.csv": _lines("sep=;", SCORES.replace(",", ";"), "2569;IPST;90"),
    "old_macintosh.csv": _lines(SCORES, "2569,IPST,90", end="\r"),
    "brackets_in_title.csv": _lines("[ ร่าง ] ผลคะแนน,,", SCORES, "2569,IPST,90"),
}


def _book(*sheets: list[list[Any]]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, table in enumerate(sheets, start=1):
        sheet = book.create_sheet(f"แผ่น {number}")
        for row in table:
            sheet.append(row)
    return book


def _bytes(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _right() -> bytes:
    return _bytes(_book([SCORES.split(","), [2569, "IPST", 90]]))


def merged_cells() -> bytes:
    """Year, quarter, agency and instrument stand once for two rows; the title goes across."""
    book = _book(
        [
            ["รายงานความสำเร็จ"],
            PROGRESS.split(","),
            [2567, 4, "SAMPLE", "EIT", 3, 90],
            [None, None, None, None, 2, 100],
        ]
    )
    sheet = book.worksheets[0]
    sheet.merge_cells("A1:F1")
    for column in "ABCD":
        sheet.merge_cells(f"{column}3:{column}6")  # further than there are rows
    return _bytes(book)


def percent_cells() -> bytes:
    """0.85 shown as 85%, and 85 shown as 85% by a format that only writes the sign."""
    book = _book(
        [
            PROGRESS.split(","),
            [2567, 4, "SAMPLE", "EIT", 3, 0.85],
            [2567, 4, "SAMPLE", "OIT", 2, 85],
        ]
    )
    sheet = book.worksheets[0]
    sheet["F2"].number_format = "0.00%"
    sheet["F3"].number_format = '0"%"'
    return _bytes(book)


def header_on_second_sheet() -> bytes:
    return _bytes(
        _book([["คำชี้แจง"], ["กรอกในแผ่นถัดไป"]], [[], SCORES.split(","), [2569.0, "IPST", 90]])
    )


def formula_never_worked_out() -> bytes:
    return _bytes(_book([SCORES.split(","), [2569, "IPST", "=AVERAGE(1,2)"]]))


def line_of_a_sheet() -> bytes:
    """The faulty cell stands in row 7 of the sheet: a title, blank rows, a header in row 4."""
    return _bytes(
        _book([["คะแนน"], [], [], SCORES.split(","), [2568, "IPST", 90], [], [2569, "IPST", "x"]])
    )


def hidden_row_and_date() -> bytes:
    """A hidden row counts like any other; a date is no year."""
    rows = [SCORES.split(","), [2569, "IPST", 101], [datetime(2024, 9, 30), "IPST", 90]]
    book = _book(rows)
    book.worksheets[0].row_dimensions[2].hidden = True
    return _bytes(book)


def two_sheets() -> bytes:
    """Both are of one form, so both are read."""
    return _bytes(
        _book([SCORES.split(","), [2569, "IPST", 90]], [SCORES.split(","), [2568, "IPST", 91]])
    )


def sheet_without_year() -> bytes:
    """Of another form than the first: what year its rows are of is not said."""
    header = SCORES.split(",")
    return _bytes(_book([header, [2569, "IPST", 90]], [header[1:], ["IPST", 91]]))


def hidden_column() -> bytes:
    book = _book([SCORES.split(","), [2569, "IPST", 90]])
    book.worksheets[0].column_dimensions["C"].hidden = True
    return _bytes(book)


def numbers_as_text() -> bytes:
    return _bytes(_book([SCORES.split(","), ["๒๕๖๙", "IPST", "90.50"], ["2568", "IPST", "'91"]]))


BOOKS: Mapping[str, Callable[[], bytes]] = {
    "merged_cells.xlsx": merged_cells,
    "percent_cells.xlsx": percent_cells,
    "header_on_second_sheet.xlsx": header_on_second_sheet,
    "formula_never_worked_out.xlsx": formula_never_worked_out,
    "line_of_a_sheet.xlsx": line_of_a_sheet,
    "hidden_row_and_date.xlsx": hidden_row_and_date,
    "two_sheets.xlsx": two_sheets,
    "sheet_without_year.xlsx": sheet_without_year,
    "hidden_column.xlsx": hidden_column,
    "numbers_as_text.xlsx": numbers_as_text,
    "nothing_in_it.xlsx": lambda: _bytes(_book([])),
    "truncated.xlsx": lambda: _right()[:2000],
    "zip_of_nothing.xlsx": lambda: b"PK\x05\x06" + b"\x00" * 18,
    "workbook_named_csv.csv": _right,
}


def content_of(name: str) -> bytes:
    """A file by its name in the manifest."""
    return BOOKS[name]() if name in BOOKS else (FOLDER / name).read_bytes()


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, content in TEXTS.items():
        (FOLDER / name).write_bytes(content)
