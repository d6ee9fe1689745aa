"""Who there is in the made-up nation: kinds of agencies, the provinces, names as places have them.

Provinces are the real ones, so that lists are as long and as Thai as an office sees them; every
agency in them is made up. Names repeat, as real ones do.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class AgencyKind:
    """agencies: how many a nation of 8,300 has. ahead: points of its mean above the nation's."""

    name: str
    agencies: int
    ahead: float


KINDS = (
    AgencyKind("องค์การบริหารส่วนตำบล", 5_300, -0.9),
    AgencyKind("เทศบาลตำบล", 2_230, 0.8),
    AgencyKind("เทศบาลเมือง", 200, 2.2),
    AgencyKind("เทศบาลนคร", 32, 3.0),
    AgencyKind("องค์การบริหารส่วนจังหวัด", 76, 2.4),
    AgencyKind("ส่วนราชการและหน่วยงานอื่น", 462, 3.6),
)
CAPITAL = "กรุงเทพมหานคร"
PROVINCES = tuple(
    f"{CAPITAL} กระบี่ กาญจนบุรี กาฬสินธุ์ กำแพงเพชร ขอนแก่น จันทบุรี ฉะเชิงเทรา ชลบุรี ชัยนาท ชัยภูมิ ชุมพร "
    "เชียงราย เชียงใหม่ ตรัง ตราด ตาก นครนายก นครปฐม นครพนม นครราชสีมา นครศรีธรรมราช นครสวรรค์ "
    "นนทบุรี นราธิวาส น่าน บึงกาฬ บุรีรัมย์ ปทุมธานี ประจวบคีรีขันธ์ ปราจีนบุรี ปัตตานี พระนครศรีอยุธยา พะเยา "
    "พังงา พัทลุง พิจิตร พิษณุโลก เพชรบุรี เพชรบูรณ์ แพร่ ภูเก็ต มหาสารคาม มุกดาหาร แม่ฮ่องสอน ยโสธร ยะลา "
    "ร้อยเอ็ด ระนอง ระยอง ราชบุรี ลพบุรี ลำปาง ลำพูน เลย ศรีสะเกษ สกลนคร สงขลา สตูล สมุทรปราการ "
    "สมุทรสงคราม สมุทรสาคร สระแก้ว สระบุรี สิงห์บุรี สุโขทัย สุพรรณบุรี สุราษฎร์ธานี สุรินทร์ หนองคาย หนองบัวลำภู "
    "อ่างทอง อำนาจเจริญ อุดรธานี อุตรดิตถ์ อุทัยธานี อุบลราชธานี".split()
)
_FIRST_HALVES = [
    "หนอง",
    "บ้าน",
    "โคก",
    "ดอน",
    "ห้วย",
    "นา",
    "คลอง",
    "ท่า",
    "บาง",
    "วัง",
    "ทุ่ง",
    "เขา",
    "แม่",
    "ป่า",
    "โนน",
    "สระ",
    "บึง",
    "ลำ",
    "เกาะ",
    "ไผ่",
    "ศรี",
    "คำ",
    "โพธิ์",
    "กุด",
    "สาม",
    "ปาก",
    "หัว",
    "ดง",
]
_SECOND_HALVES = [
    "แวง",
    "แก้ว",
    "ใหญ่",
    "น้อย",
    "ยาง",
    "ขาม",
    "ทอง",
    "เสือ",
    "ช้าง",
    "หลวง",
    "สูง",
    "แดง",
    "ดำ",
    "ขาว",
    "เงิน",
    "บัว",
    "ไร่",
    "หว้า",
    "พลวง",
    "กระทุ่ม",
    "มะค่า",
    "สะแก",
    "ตาล",
    "จาน",
    "หิน",
    "ทราย",
    "เกลือ",
    "หมู",
    "ปลา",
    "ไทร",
    "งาม",
    "สวรรค์",
    "เจริญ",
    "สามัคคี",
    "พัฒนา",
    "สมบูรณ์",
    "อุดม",
    "วิไล",
    "ตะเคียน",
    "ประดู่",
]
PLACES = tuple(first + second for first in _FIRST_HALVES for second in _SECOND_HALVES)
OFFICES = (
    "สำนักงานเกษตรจังหวัด",
    "สำนักงานพัฒนาชุมชนจังหวัด",
    "โรงพยาบาลประจำจังหวัด",
    "สถาบันส่งเสริมการเรียนรู้",
    "มหาวิทยาลัยราชภัฏ",
    "การประปาเขต",
)


def agency_name(kind: AgencyKind, province: str, place: str, number: int) -> str:
    """A name as such an agency would have it."""
    if kind is KINDS[4]:
        return f"{kind.name}{province}"
    if kind is KINDS[5]:
        return f"{OFFICES[number % len(OFFICES)]}{province}ที่ {number}"
    return f"{kind.name}{place}"
