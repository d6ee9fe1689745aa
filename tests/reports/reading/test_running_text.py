"""Reports whose cells stand one below the other, as readers of PDF give them; whole and damaged."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

import pytest

from ita.domain import Instrument
from ita.reports.reading.items import item_number, split_items
from ita.reports.reading.layout import Layout, TextLine
from ita.reports.reading.thai_repair import mend_letters
from tests.reports.reading.damage import DAMAGES, HEAD, by_line, printed, torn
from tests.reports.reading.invented import HOSPITAL, REPORTS, TOWN, VILLAGE, InventedReport
from tests.reports.reading.reading import read, read_layout, share_alike, structure, texts

IIT, EIT, OIT = Instrument


@pytest.mark.parametrize("width", [26, 34, 60])
@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.agency)
def test_a_whole_text_comes_back_word_for_word(report: InventedReport, width: int) -> None:
    draft = read(printed(report, width))
    assert [texts(row) for row in draft.rows] == [texts(row) for row in report.rows]
    assert (draft.fiscal_year, draft.agency) == (report.year, report.agency)
    assert draft.unplaced == ()
    assert draft.doubts == ()


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.agency)
def test_a_damaged_text_keeps_its_structure_and_its_letters(
    report: InventedReport, damage: object, seed: int
) -> None:
    draft = read(by_line(printed(report, 30 + seed * 4), 0.6, seed, damage))  # type: ignore[arg-type]
    assert structure(draft.rows) == structure(report.rows)
    assert share_alike(draft, report) >= 0.99
    assert draft.repairs
    assert draft.unplaced == ()


def test_what_is_not_there_stays_empty() -> None:
    """The period of the town's OIT is not given; nothing of the neighbours fills it."""
    draft = read(by_line(printed(TOWN), 0.5, 5, torn))
    assert [row.period for row in draft.rows] == [row.period for row in TOWN.rows]
    assert draft.rows[2].period is None


def test_an_authors_own_spelling_stays() -> None:
    text = printed(TOWN, 400).replace("ปกปิดชื่อ", "ปกปืดชือ")
    assert "ปกปืดชือ" in read(text).rows[0].measures[2]


def test_a_dash_within_a_numbered_cell_is_no_result() -> None:
    text = printed(TOWN).replace("โดยปกปิด", "\n- สอบถาม โดยปกปิด")
    row = read(text).rows[0]
    assert len(row.measures) == len(row.results) == 3
    assert "- สอบถาม โดยปกปิด" in row.measures[2]


def test_thai_digits_brackets_and_words_number_measures() -> None:
    for mark in ("๑. ", "(1) ", "1) ", "ข้อ 1 ", "มาตรการที่ 1 ", "1 . "):
        text = printed(VILLAGE)
        for number, thai in zip("1234", "๑๒๓๔", strict=True):
            own = mark.replace("1", number).replace("๑", thai)
            text = text.replace(f"\n{number}. ", f"\n{own}")
        assert structure(read(text).rows) == structure(VILLAGE.rows), mark


def test_a_row_over_two_pages_goes_on_below_the_repeated_head() -> None:
    """The second page begins with the head, but with no instrument."""
    text = printed(VILLAGE)
    cut = text.index("4. จัดทำทะเบียน")
    results = text.index("- ตรวจนับพัสดุ")
    pages = [
        text[:cut] + "\n" + text[text.index("- จัดประชุมประจำเดือน") : results],
        f"\f{HEAD}\n{text[cut : text.index('- จัดประชุมประจำเดือน')]}\n{text[results:]}",
    ]
    assert structure(read("\n".join(pages)).rows) == structure(VILLAGE.rows)


def test_page_numbers_stars_and_signatures_are_no_part_of_the_report() -> None:
    text = printed(TOWN).replace(HEAD, f"- 2 -\n{HEAD}")
    text += "\n(ลงชื่อ)....................ผู้รายงาน\n(นายทดสอบ ระบบดี)\nตำแหน่ง นักทรัพยากรบุคคล\n"
    draft = read(text)
    assert [texts(row) for row in draft.rows] == [texts(row) for row in TOWN.rows]
    assert "ทดสอบ ระบบดี" in " ".join(draft.unplaced)


def test_the_title_above_each_page_is_no_outcome() -> None:
    text = printed(HOSPITAL).replace(HEAD, f"{HOSPITAL.title}\nปีงบประมาณ {HOSPITAL.year}\n{HEAD}")
    draft = read(text)
    assert [texts(row) for row in draft.rows] == [texts(row) for row in HOSPITAL.rows]


PROSE = """รายงานผลการดำเนินการตามมาตรการส่งเสริมคุณธรรมและความโปร่งใส
องค์การบริหารส่วนตำบลลำน้ำเย็น ประจำปีงบประมาณ พ.ศ. ๒๕๖๗

1. แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายใน (IIT)
มาตรการ: จัดทำแผนการใช้จ่ายงบประมาณให้ทุกคนทราบ
ผลการดำเนินการ: ประชุมชี้แจงแผนการใช้จ่ายงบประมาณแล้ว
ผู้รับผิดชอบ: กองคลัง
ระยะเวลาดำเนินการ: ไตรมาส 2
ผลลัพธ์: บุคลากรเข้าใจการใช้จ่ายงบประมาณ
มาตรการ: ประกาศหลักเกณฑ์การยืมทรัพย์สิน
ผลการดำเนินการ: ประกาศแล้วเมื่อเดือนมีนาคม
ผู้รับผิดชอบ: กองคลัง

2. แบบวัดการเปิดเผยข้อมูลสาธารณะ (OIT)
มาตรการ: ปรับปรุงเว็บไซต์
ผลการดำเนินการ: เผยแพร่ข้อมูลครบทุกข้อ
ผู้รับผิดชอบ: สำนักปลัด
"""


def test_prose_under_headings() -> None:
    draft = read(PROSE)
    iit, oit = draft.rows
    assert (iit.instrument, oit.instrument) == (IIT, OIT)
    assert iit.measures == ("จัดทำแผนการใช้จ่ายงบประมาณให้ทุกคนทราบ", "ประกาศหลักเกณฑ์การยืมทรัพย์สิน")
    assert iit.results == (
        "ประชุมชี้แจงแผนการใช้จ่ายงบประมาณแล้ว",
        "ประกาศแล้วเมื่อเดือนมีนาคม",
    )
    assert (iit.divisions, iit.period) == (("กองคลัง",), "ไตรมาส 2")
    assert iit.outcome == "บุคลากรเข้าใจการใช้จ่ายงบประมาณ"
    assert (oit.divisions, oit.period, oit.outcome) == (("สำนักปลัด",), None, None)
    assert (draft.fiscal_year, draft.agency) == (2567, "องค์การบริหารส่วนตำบลลำน้ำเย็น")


BY_INDICATOR = """มาตรการส่งเสริมคุณธรรมและความโปร่งใส เทศบาลเมืองแก่งหินงาม ปีงบประมาณ 2567

ตัวชี้วัดที่ 1 การปฏิบัติหน้าที่
มาตรการ
1. ปรับปรุงคู่มือการให้บริการ
2. กำหนดเวลาแล้วเสร็จของงาน
ผลการดำเนินการ
- ปรับปรุงคู่มือแล้ว 4 เรื่อง
ผู้รับผิดชอบ
สำนักปลัด

ตัวชี้วัดที่ 7 ประสิทธิภาพการสื่อสาร
มาตรการ
1. เพิ่มช่องทางสื่อสารกับประชาชน
ผลการดำเนินการ
- เปิดบัญชีทางการแล้ว
ผู้รับผิดชอบ
กองยุทธศาสตร์และงบประมาณ
"""


def test_measures_by_indicator_go_to_the_indicators_instrument() -> None:
    iit, eit = read(BY_INDICATOR).rows
    assert (iit.instrument, iit.measures) == (
        IIT,
        ("ปรับปรุงคู่มือการให้บริการ", "กำหนดเวลาแล้วเสร็จของงาน"),
    )
    assert (eit.instrument, eit.measures) == (EIT, ("เพิ่มช่องทางสื่อสารกับประชาชน",))
    assert (eit.results, eit.divisions) == (("เปิดบัญชีทางการแล้ว",), ("กองยุทธศาสตร์และงบประมาณ",))


HEADINGS = """รายงานผล ประจำปีงบประมาณ 2567
แบบวัด IIT
มาตรการ
- จัดทำคู่มือการปฏิบัติงาน
- ชี้แจงขั้นตอน
ผลการดำเนินการ
- จัดทำแล้ว
ผู้รับผิดชอบ สำนักปลัด
ระยะเวลา ไตรมาส 1-2
ผลลัพธ์
คะแนนเพิ่มขึ้น
แบบวัด EIT
1.1 ตัวชี้วัดที่ 6 คุณภาพการดำเนินงาน
มาตรการ : ปรับปรุงเว็บไซต์
ผลการดำเนินการ : ปรับปรุงแล้ว
1.2 ตัวชี้วัดที่ 7 ประสิทธิภาพการสื่อสาร
มาตรการ : เพิ่มช่องทาง
ผู้รับผิดชอบ : กองช่าง , กองคลัง
ระยะเวลาดำเนินการ : ตลอดปีงบประมาณ
ผลสำเร็จ : ดีขึ้น
"""


def test_headings_with_and_without_colons() -> None:
    iit, eit = read(HEADINGS).rows
    assert texts(iit) == [
        "จัดทำคู่มือการปฏิบัติงาน",
        "ชี้แจงขั้นตอน",
        "จัดทำแล้ว",
        "สำนักปลัด",
        "ไตรมาส 1-2",
        "คะแนนเพิ่มขึ้น",
    ]
    assert eit.measures == ("ปรับปรุงเว็บไซต์", "เพิ่มช่องทาง")
    assert (eit.divisions, eit.period) == (("กองช่าง", "กองคลัง"), "ตลอดปีงบประมาณ")


@pytest.mark.parametrize(
    ("head", "order"),
    [
        ("แบบวัด\nมาตรการ\nระยะเวลา\nผู้รับผิดชอบ\nผลการดำเนินการ\nผลลัพธ์\n", "mpdro"),
        ("แบบวัด\nมาตรการ\nผลการดำเนินการ\nผลลัพธ์\nผู้รับผิดชอบ\nระยะเวลา\n", "mrodp"),
        ("แบบวัด\nมาตรการ\nผู้รับผิดชอบ\nระยะเวลา\nผลการดำเนินการ\nผลลัพธ์\n", "mdpro"),
    ],
)
def test_cells_stand_in_the_order_of_the_head(head: str, order: str) -> None:
    parts = []
    for row in (VILLAGE.rows[0], HOSPITAL.rows[2]):
        cells = {
            "m": "\n".join(f"{n}. {text} " for n, text in enumerate(row.measures, 1)),
            "r": "\n".join(f"- {text} " for text in row.results),
            "d": "\n".join(row.divisions),
            "p": row.period or "",
            "o": row.outcome,
        }
        parts.append("\n\n".join([f"แบบวัด {row.instrument}", *(cells[name] for name in order)]))
    draft = read("รายงานผล ปีงบประมาณ 2565\n\n" + "\n".join(head + part for part in parts))
    assert [texts(row) for row in draft.rows] == [
        texts(row) for row in (VILLAGE.rows[0], HOSPITAL.rows[2])
    ]


def test_a_number_that_is_left_out_is_a_doubt() -> None:
    text = (
        printed(TOWN)
        .replace("2. กำหนดหลักเกณฑ์", "3. กำหนดหลักเกณฑ์")
        .replace("3. เปิดช่องทาง", "4. เปิดช่องทาง")
    )
    draft = read(text)
    assert structure(draft.rows) == structure(TOWN.rows)
    assert [(doubt.instrument, doubt.why) for doubt in draft.doubts] == [(IIT, "numbers")]


@pytest.mark.parametrize(
    ("marks", "skips"),
    [
        ("1. 2. 3. 4.", False),
        ("1. 2. 3. 5.", True),
        ("(1) (2) (3) (5)", True),
        ("ก. ข. ค. ฆ.", False),
        ("ก. ข. ค. ง.", False),
        ("ก. ข. ง. จ.", True),
    ],
)
def test_only_letters_may_leave_out_their_fourth(marks: str, skips: bool) -> None:
    lines = [mend_letters(f"{mark} จัดอบรม") for mark in marks.split()]
    items, found = split_items(lines)
    assert (len(items), found) == (4, skips)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\n \f ",
        "The annual report of the agency on integrity, transparency and its work in 2024.",
        "ประกาศรับสมัครพนักงานจ้าง ตำแหน่ง ผู้ช่วยนายช่างโยธา\nกองช่าง ไตรมาส 1 ปีงบประมาณ 2567",
        "%PDF-1.7 \x00\x01\x02",
    ],
)
def test_what_is_no_report_has_no_rows_and_loses_nothing(text: str) -> None:
    draft = read(text)
    assert draft.rows == ()
    kept = "".join("".join(draft.unplaced).split())
    assert kept == "".join(text.replace("\x0b", "").split())


def test_no_letter_of_a_text_is_lost_or_made() -> None:
    """Whatever order its lines stand in, each word is in a row, in the title or among the unplaced."""
    lines = printed(TOWN).split("\n")
    for seed in range(6):
        Random(seed).shuffle(lines)
        draft = read("\n".join(lines))
        whole = " ".join(
            [draft.title, *draft.unplaced, *(text for row in draft.rows for text in texts(row))]
        )
        for word in ("รถยนต์ส่วนกลาง", "หนองบัวทอง", "กล่องรับเรื่อง", "300", "แผนการจัดซื้อ"):
            assert word[:6] in whole


def _without_blank_lines(text: str) -> str:
    return re.sub(r"\n\s*\n+", "\n", text)


def _without_line_ends(text: str) -> str:
    return re.sub(" +$", "", text, flags=re.MULTILINE)


def _from_windows(text: str) -> str:
    return text.replace("\n", "\r\n")


def _with_dashes_for_numbers(text: str) -> str:
    return re.sub(r"^\d\. ", "- ", text, flags=re.MULTILINE)


def _with_bullets(text: str) -> str:
    return re.sub(r"^- ", "• ", text, flags=re.MULTILINE)


def _with_numbered_results(text: str) -> str:
    lines, number = [], 0
    for line in text.split("\n"):
        number = number + 1 if line.startswith("- ") else 0 if line.startswith("แบบวัด") else number
        lines.append(f"{number}. {line[2:]}" if line.startswith("- ") else line)
    return "\n".join(lines)


def _with_one_head(text: str) -> str:
    start = text.index(HEAD) + len(HEAD)
    return text[:start] + text[start:].replace(HEAD, "")


def _with_another_head(text: str) -> str:
    return text.replace(HEAD, "แบบวัด\nมาตรการ/กิจกรรม\nผลการดำเนินการ\nผู้รับผิดชอบ/ระยะเวลา\nผลลัพธ์\n")


def _without_head(text: str) -> str:
    return text.replace(HEAD, "")


def _with_divisions_in_one_line(text: str) -> str:
    return text.replace("สำนักปลัด \nกองคลัง \nกองช่าง ", "สำนักปลัด กองคลัง กองช่าง ")


def _with_page_numbers(text: str) -> str:
    first, *others = text.split(HEAD)
    return first + "".join(
        f"{f'{number}' if number > 1 else ''}\n\f{HEAD}{page}"
        for number, page in enumerate(others, 1)
    )


def _without_the_word_before_periods(text: str) -> str:
    return text.replace("\nดำเนินการ \n", "\n")


def _with_a_label_before_periods(text: str) -> str:
    return text.replace("\nดำเนินการ \n", "\nระยะเวลาดำเนินการ \n")


FORMS = (
    _without_blank_lines,
    _without_line_ends,
    _from_windows,
    _with_dashes_for_numbers,
    _with_bullets,
    _with_numbered_results,
    _with_one_head,
    _with_another_head,
    _without_head,
    _with_divisions_in_one_line,
    _with_page_numbers,
    _without_the_word_before_periods,
    _with_a_label_before_periods,
)


@pytest.mark.parametrize("damaged", [False, True])
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.agency)
def test_other_forms_of_the_same_text(
    report: InventedReport, form: Callable[[str], str], damaged: bool
) -> None:
    text = form(printed(report, 32))
    draft = read(by_line(text, 0.5, 3, torn) if damaged else text)
    assert structure(draft.rows) == structure(report.rows)
    assert share_alike(draft, report) >= 0.99


NUMBERED_PROSE = """รายงานผลการดำเนินการตามมาตรการ ประจำปีงบประมาณ พ.ศ. 2567
เทศบาลเมืองดอกคูน

1. แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายใน (IIT)

มาตรการ

1.1 ทบทวนคำสั่งแบ่งงาน

1.2 เผยแพร่แผนงบประมาณ

ผลการดำเนินการ

- จัดประชุมแล้ว 2 ครั้ง

ผู้รับผิดชอบ กองคลัง และ งานพัสดุ

ระยะเวลาดำเนินการ ไตรมาส 1-4

ผลลัพธ์ พนักงานรู้งบประมาณของกองตนเอง

2. แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายนอก (EIT)

มาตรการ

2.1 ติดป้ายบอกจุดบริการ

ผลการดำเนินการ

- ติดป้ายแล้ว 1.5 เมตรจากทางเข้า

ผู้รับผิดชอบ สำนักปลัดและกองช่าง

ระยะเวลาดำเนินการ ไตรมาส 2
"""


def test_numbers_below_a_headings_number_and_an_outcome_beside_its_name() -> None:
    iit, eit = read(NUMBERED_PROSE).rows
    assert iit.measures == ("ทบทวนคำสั่งแบ่งงาน", "เผยแพร่แผนงบประมาณ")
    assert iit.divisions == ("กองคลัง", "งานพัสดุ")
    assert (iit.period, iit.outcome) == ("ไตรมาส 1-4", "พนักงานรู้งบประมาณของกองตนเอง")
    assert eit.measures == ("ติดป้ายบอกจุดบริการ",)
    assert eit.results == ("ติดป้ายแล้ว 1.5 เมตรจากทางเข้า",)
    assert eit.divisions == ("สำนักปลัด", "กองช่าง")
    assert eit.outcome is None


def test_a_heading_ends_the_text_before_it_where_only_pages_part_the_lines() -> None:
    lines = NUMBERED_PROSE.replace("\n\n", "\n").strip().split("\n")
    blocks = tuple(TextLine(line, 1 + (n > 10), None) for n, line in enumerate(lines))
    iit, eit = read_layout(Layout(blocks, 2, "pdf")).rows
    assert len(iit.measures) == 2
    assert eit.measures == ("ติดป้ายบอกจุดบริการ",)


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("2.1 ติดป้าย", 1),
        ("๓.๒ ติดป้าย", 2),
        ("1.2.3 ติดป้าย", 3),
        ("ข้อ 2.4 ติดป้าย", 4),
        ("2.1) ติดป้าย", 1),
        ("1.5 ล้านบาท", None),
        ("12.30 น. ทุกวัน", None),
        ("2.5 คะแนนจากปีก่อน", None),
        ("85.40 และ 90.10", None),
    ],
)
def test_what_numbers_an_item_and_what_is_an_amount(line: str, number: int | None) -> None:
    assert item_number(line) == number


def test_a_memorandum_ends_where_it_is_handed_in_and_names_its_agency() -> None:
    text = (
        "บันทึกข้อความ\nส่วนราชการ เทศบาลเมืองดอกคูน\nที่ ดค ๐๑/๒๓ วันที่ ๓๐ กันยายน ๒๕๖๗\n"
        "เรื่อง รายงานผลการดำเนินการตามมาตรการ ปี ๒๕๖๗\n\n๑. แบบวัด IIT\nมาตรการ\n๑) อบรมพนักงาน\n"
        "สรุปผลการดำเนินการ\n• อบรมแล้ว\nผู้รับผิดชอบ: กองคลัง\nผลลัพธ์: พนักงานเข้าใจ\nจึงเรียนมาเพื่อโปรดทราบ\n"
    )
    draft = read(text)
    assert (draft.agency, draft.fiscal_year) == ("เทศบาลเมืองดอกคูน", 2567)
    assert draft.rows[0].outcome == "พนักงานเข้าใจ"
    assert "จึงเรียนมาเพื่อโปรดทราบ" in draft.unplaced


@pytest.mark.parametrize(
    "marks",
    [
        ("1. {}", "2. {}", "3. {}"),
        ("1) {}", "2) {}", "3) {}"),
        ("(๑) {}", "(๒) {}", "(๓) {}"),
        ("มาตรการที่ 1 {}", "มาตรการที่ 2 {}", "มาตรการที่ 3 {}"),
        ("ข้อ ๑ {}", "ข้อ ๒ {}", "ข้อ ๓ {}"),
        ("ก. {}", "ข. {}", "ค. {}"),
        ("ก) {}", "ข) {}", "ค) {}"),
        ("2.1 {}", "2.2 {}", "2.3 {}"),
        ("๒.๑) {}", "๒.๒) {}", "๒.๓) {}"),
        ("- {}", "- {}", "- {}"),
        ("• {}", "• {}", "• {}"),
    ],
)
@pytest.mark.parametrize("is_table", [False, True])
def test_every_form_of_number_marks_an_item(marks: Sequence[str], is_table: bool) -> None:
    texts_ = (
        "ก.ย. 2566 ประชุมชี้แจงนโยบายไม่รับของขวัญ",
        "เปิดเผยการจัดซื้อที่มีวงเงินตั้งแต่ 2.5 ล้านบาทขึ้นไป",
        "จัดทำคู่มือการปฏิบัติงาน",
    )
    drawn = [text.replace(" 2.5", " \n2.5") for text in texts_]
    measures = [mark.format(text) for mark, text in zip(marks, drawn, strict=True)]
    if is_table:
        cell = '"' + "\n".join(measures) + '"'
        text = f"แบบวัด\tมาตรการ\tผลการดำเนินการ\nIIT\t{cell}\tดำเนินการแล้ว"
    else:
        lines = ["แบบวัด IIT", "มาตรการ", *measures, "ผลการดำเนินการ", "- ดำเนินการแล้ว"]
        text = "\n".join(lines)
    (row,) = read(text).rows
    assert row.measures == texts_
    assert row.results == ("ดำเนินการแล้ว",)


def test_a_list_within_an_item_has_marks_of_its_own() -> None:
    text = """แบบวัด IIT
มาตรการ
1. จัดอบรมเรื่อง
(1) ผลประโยชน์ทับซ้อน
(2) การใช้ทรัพย์สินของราชการ
2. ออกประกาศ
ก. ไม่รับของขวัญ
ข. ไม่เรียกรับผลประโยชน์
3. รายงานผล
ผลการดำเนินการ
- ดำเนินการแล้ว
"""
    (row,) = read(text).rows
    assert [measure[:9] for measure in row.measures] == ["จัดอบรมเร", "ออกประกาศ", "รายงานผล"]
    assert "(2) การใช้ทรัพย์สินของราชการ" in row.measures[0]
    assert "ข. ไม่เรียกรับผลประโยชน์" in row.measures[1]


def test_a_month_that_a_line_end_parted_from_its_year_keeps_its_space() -> None:
    text = "แบบวัด\tมาตรการ\tระยะเวลา\nIIT\tจัดอบรม\t" + '"ต.ค. 2565 - ก.ย.\n2566"'
    (row,) = read(text).rows
    assert " ".join((row.period or "").split()) == "ต.ค. 2565 - ก.ย. 2566"


@pytest.mark.parametrize(
    "name",
    [
        "สำนักงานเขตพื้นที่การศึกษาประถมศึกษาแพร่ เขต 3",
        "สำนักงานเขตพื้นที่การศึกษามัธยมศึกษาลำปาง",
        "เทศบาลตำบลหนองบัวทอง",
    ],
)
def test_an_area_counts_to_an_agencys_name(name: str) -> None:
    text = f"รายงานผลการดำเนินการ {name} ประจำปีงบประมาณ 2566\n{HEADINGS.split(chr(10), 1)[1]}"
    assert read(text).agency == name
