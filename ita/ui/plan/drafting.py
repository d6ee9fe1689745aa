"""Step 2 around the grid: who may write, checking, starting anew, the draft as a file and back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from ita.access.permissions import Action, Thing, may
from ita.importing.draft import Request
from ita.importing.kinds import Kind
from ita.importing.plan_files import plan_template, read_plan
from ita.importing.saving import file_hash
from ita.importing.templates import Template, template_csv, template_xlsx
from ita.measures.model import Measure
from ita.measures.plan_drafts import PlanDraft, renumber
from ita.report.aims import timing_sentence
from ita.report.planning.analysis import PlanAnalysis
from ita.settings import current_settings
from ita.spreadsheet import XLSX_MIME
from ita.ui import reads
from ita.ui.file_box import file_box
from ita.ui.file_jobs import sheet_of
from ita.ui.markup import escape_markdown
from ita.ui.opening import the_reference
from ita.ui.plan.desk import Desk, forget, keys_of
from ita.ui.plan.grid import grid
from ita.ui.sign_in import the_person
from ita.wording import say, year_text

DRAFT_TYPES = ("csv", "xlsx")


def draft_of_plan(found: PlanAnalysis, desk: Desk, stored: Sequence[Measure]) -> None:
    """The draft: where it comes from, the grid, and what can be done with it."""
    year = found.years.year
    st.header(say("2. ร่างมาตรการของ{year}", year=year_text(year)), anchor=False)
    refused = why_not(found)
    if refused:
        st.info(refused)
        return
    st.write(_where_from(found, desk))
    if desk.on != tuple(stored):
        st.warning(
            say(
                "มาตรการของปีนี้ในระบบเปลี่ยนไปหลังจากเริ่มร่าง ร่างของท่านยังอยู่ครบ "
                "กรุณาดูสิ่งที่จะเปลี่ยนก่อนบันทึก หรือเริ่มร่างใหม่จากข้อมูลในระบบ"
            )
        )
    if stored:
        st.caption(
            say(
                "มาตรการที่บันทึกไว้แล้วใช้ลำดับเดิม เพราะความสำเร็จรายไตรมาสผูกกับลำดับ "
                "แถวที่ลบออกจากร่างยังคงอยู่ในระบบ หากต้องการเอาออก ให้ย้อนการนำเข้าที่หน้าประวัติ"
            )
        )
    version = reads.data_version()
    grid(desk, year, the_reference(), _divisions(found, stored))
    st.caption(timing_sentence(year, the_reference()))
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(say("ตรวจร่าง"), type="primary", disabled=not desk.now):
            desk.check(stored)
            st.rerun()
        _files(found, desk)
        _begin_anew(found, desk)
    _take_up(found, desk, stored, version)
    if desk.touched:
        st.caption(say("ร่างอยู่ในหน้าต่างนี้เท่านั้นจนกว่าจะบันทึก ดาวน์โหลดเก็บไว้แล้วนำกลับมาทำต่อได้"))


def why_not(found: PlanAnalysis) -> str:
    """Why whoever looks may not write the plan; "" where they may."""
    thing = Thing(frozenset({found.agency_id}), Kind.MEASURES.value)
    return may(the_person(), Action.IMPORT, thing).reason


def _where_from(found: PlanAnalysis, desk: Desk) -> str:
    rows = sum(row.measure == "" for row in desk.begun)
    words = {"year": year_text(found.years.year), "rows": rows}
    if desk.on:
        return say(
            "{year} มีมาตรการในระบบแล้ว {count} ข้อ ร่างเริ่มจากมาตรการเหล่านั้น และมีแถวว่าง {rows} แถวสำหรับเรื่องที่ยังไม่มีมาตรการ",
            count=len(desk.on),
            **words,
        )
    if found.years.work_year:
        return say(
            "คัดลอกมาตรการของ{worked} มา {count} ข้อ ให้ลำดับใหม่ต่อเนื่องกัน และเพิ่มแถวว่าง {rows} แถวตามเรื่องข้างต้น "
            "แก้ไข เพิ่ม หรือลบได้ ยังไม่มีอะไรถูกบันทึก",
            worked=year_text(found.years.work_year),
            count=len(found.measures),
            **words,
        )
    return say("ยังไม่มีมาตรการเดิมให้คัดลอก เพิ่มแถวในตารางได้เลย ยังไม่มีอะไรถูกบันทึก")


def _divisions(found: PlanAnalysis, stored: Sequence[Measure]) -> list[str]:
    """To choose from: those that the agency's measures name, then the usual ones."""
    named = [name for measure in (*stored, *found.measures) for name in measure.divisions]
    return list(dict.fromkeys([*named, *the_reference().divisions.values()]))


def _template(found: PlanAnalysis, draft: PlanDraft) -> Template:
    return plan_template(draft, found.agency_id, found.years.year, the_reference())


def _files(found: PlanAnalysis, desk: Desk) -> None:
    stem = f"ita-plan-{found.agency_id}-{int(found.years.year)}"
    makers = {"XLSX": (XLSX_MIME, template_xlsx), "CSV": ("text/csv", template_csv)}
    made = _template(found, desk.now)
    for name, (mime, make) in makers.items():
        st.download_button(
            say("ดาวน์โหลดร่าง {form}", form=name),
            data=partial(make, made),
            file_name=f"{stem}.{name.lower()}",
            mime=mime,
            on_click="ignore",
            key=f"plan file {name}",
        )


def _begin_anew(found: PlanAnalysis, desk: Desk) -> None:
    if not (desk.touched or desk.checked):
        return
    with st.popover(say("เริ่มร่างใหม่")):
        st.write(say("ทิ้งสิ่งที่แก้ในร่างนี้ แล้วเริ่มจากข้อมูลในระบบอีกครั้ง"))
        if st.button(say("ทิ้งร่างนี้")):
            forget(found)
            st.rerun()


def _take_up(
    found: PlanAnalysis, desk: Desk, stored: Sequence[Measure], version: reads.DataVersion
) -> None:
    """A draft that was downloaded, or last year's form: put in the place of what is in the grid."""
    with st.expander(say("นำร่างที่ดาวน์โหลดไว้กลับมาทำต่อ")):
        uploaded = file_box(
            say("แฟ้มร่างหรือแบบฟอร์มมาตรการ (XLSX หรือ CSV) จะแทนที่ร่างในตาราง ยังไม่บันทึก"),
            list(DRAFT_TYPES),
            f"plan upload {desk.turn}",
            current_settings().limits.file_bytes // 1024**2,
        )
        if uploaded is None:
            return
        content = uploaded.getvalue()
        request = Request(Kind.MEASURES, content, uploaded.name)
        taken = read_plan(
            content,
            uploaded.name,
            found.agency_id,
            found.years.year,
            reads.agencies(version),
            the_reference(),
            current_settings().limits,
            sheet_of(request, file_hash(content)),
        )
        for problem in taken.problems:
            st.error(escape_markdown(problem.message()))
        if taken.problems:
            return
        desk.lay(renumber(taken.draft, keys_of(stored)))
        desk.checked = None
        told = say("นำร่างเข้าตารางแล้ว {count} แถว", count=len(taken.draft))
        if taken.passed_over:
            told += " " + say("ข้าม {count} แถวของหน่วยงานหรือปีอื่น", count=taken.passed_over)
        st.toast(told)
        st.rerun()
