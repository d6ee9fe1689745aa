"""The steps of an import on screen, in their order; nothing is stored before the last."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from ita.importing.cells import tidy
from ita.importing.checking import Checked
from ita.importing.draft import Request
from ita.importing.expected import expected_now
from ita.importing.kinds import Kind, columns_of, kind_text
from ita.importing.mending import (
    BadRow,
    bad_rows,
    grouped,
    padded,
    problems_csv,
    problems_xlsx,
    rebuilt,
    recognised_kind,
    wide_header,
)
from ita.importing.problems import ProblemKind
from ita.importing.saving import FieldChange, Preview, bring_in, preview
from ita.importing.templates import Template, template, template_csv, template_xlsx
from ita.report.figures import Figures, figure_changes, published_figures
from ita.settings import current_settings
from ita.spreadsheet import plain_number
from ita.store import Cursor
from ita.store.headers import forget_headers, header_meanings, remember_headers
from ita.ui import reads
from ita.ui.markup import Column, Tone, draw, lines, table, tag
from ita.ui.opening import the_reference, the_store
from ita.ui.pages import HISTORY, OVERVIEW, link
from ita.ui.pickers import pick_agency
from ita.vocabulary import FiscalYear, Quarter, Scale
from ita.wording import date_text, either, language, no_data, quarter_text, say, year_text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN_ROWS = 100
SHOWN_CHANGES = 200
FIGURES_ROWS = 20_000
"""Above this many rows the effect on figures is not worked out: it costs a whole import."""
FIGURES_AGENCIES = 5


@dataclass(frozen=True)
class Choice:
    """What a person is about to bring in. quarter: of completion only. scale: of scores, None =
    worked out from the file."""

    kind: Kind
    agency: str | None
    year: FiscalYear
    quarter: Quarter | None
    scale: Scale | None = None


@dataclass(frozen=True)
class Source:
    """The bytes to be read, and what they are called."""

    content: bytes
    name: str


def choose() -> Choice:
    """Kind, agency and period; what is expected now is chosen already."""
    now = expected_now(date.today())
    # An empty store can take nothing but agencies first.
    empty = not reads.agencies(reads.data_version()).names
    st.session_state.setdefault("kind", Kind.AGENCIES if empty else Kind.PROGRESS)
    st.session_state["kind"] = st.session_state.pop("offered kind", st.session_state["kind"])
    with st.container(border=True):
        st.subheader(say("1. เลือกสิ่งที่จะนำเข้า"), anchor=False)
        kind = Kind(
            st.segmented_control(
                say("ชนิดข้อมูล"), list(Kind), required=True, format_func=kind_text, key="kind"
            )
            or Kind.PROGRESS
        )
        agency = pick_agency() if kind is not Kind.AGENCIES else None
        year, quarter = _pick_period(kind, now.quarter)
        if kind is Kind.PROGRESS and quarter == now.quarter:
            left = (
                say("เลยกำหนดแล้ว {days} วัน", days=-now.days_left)
                if now.late
                else say("เหลืออีก {days} วัน", days=now.days_left)
            )
            due = say(
                "รายงาน{quarter} ส่งภายใน {due} ({left}) และเผยแพร่ภายใน {public}",
                quarter=quarter_text(now.quarter),
                due=date_text(now.due),
                left=left,
                public=date_text(now.public_by),
            )
            st.caption(due)
        scale = _pick_scale() if kind is Kind.SCORES else None
        choice = Choice(kind, agency, year, quarter, scale)
        _last_import(kind)
        _templates(choice)
    return choice


def _pick_scale() -> Scale | None:
    """How the instrument scores stand in the file, where the file alone can't tell."""
    labels = {
        "auto": say("ให้ระบบดูจากแฟ้ม"),
        Scale.PERCENT: say("คะแนนเต็ม 100"),
        Scale.WEIGHTED: say("คะแนนถ่วงน้ำหนัก (30/30/40)"),
    }
    chosen = st.segmented_control(
        say("คะแนน IIT, EIT, OIT ในแฟ้มเป็น"),
        list(labels),
        default="auto",
        required=True,
        format_func=labels.__getitem__,
        key="scale",
    )
    return None if chosen in (None, "auto") else Scale(chosen)


def _pick_period(kind: Kind, expected: Quarter) -> tuple[FiscalYear, Quarter | None]:
    known = the_reference().years
    latest = max(*known, expected.fiscal_year)
    years = [FiscalYear(y) for y in range(latest + 1, min(known) - 1, -1)]
    with st.container(horizontal=True):
        year = st.selectbox(
            say("ปีงบประมาณ"),
            years,
            index=years.index(expected.fiscal_year),
            format_func=year_text,
            key="import year",
            width=220,
        )
        if kind is not Kind.PROGRESS:
            return year, None
        number = st.segmented_control(
            say("ไตรมาส"),
            [1, 2, 3, 4],
            default=expected.number,
            required=True,
            key="import quarter",
        )
    return year, Quarter(year, number or expected.number)


def _last_import(kind: Kind) -> None:
    last = reads.last_import(reads.data_version(), kind.value)
    if last is None:
        st.caption(say("ยังไม่เคยนำเข้าข้อมูลชนิดนี้"))
    else:
        st.caption(
            say(
                "นำเข้าล่าสุด: ครั้งที่ {batch} {file} เมื่อ {day}",
                batch=last.batch_id,
                file=last.file_name or "",
                day=date_text((last.saved_at + reads.THAILAND).date()),
            )
        )


def _the_template(choice: Choice) -> Template:
    with the_store().reading() as cursor:
        return template(
            cursor, choice.kind, choice.agency, choice.year, choice.quarter, the_reference()
        )


def _templates(choice: Choice) -> None:
    period = f"{int(choice.year)}" + (f"-q{choice.quarter.number}" if choice.quarter else "")
    stem = f"ita-{choice.kind}-{choice.agency or ''}-{period}"
    with st.container(horizontal=True):
        st.download_button(
            say("แบบฟอร์ม Excel"),
            data=lambda: template_xlsx(_the_template(choice)),
            file_name=f"{stem}.xlsx",
            mime=XLSX,
            on_click="ignore",
        )
        st.download_button(
            say("แบบฟอร์ม CSV"),
            data=lambda: template_csv(_the_template(choice)),
            file_name=f"{stem}.csv",
            mime="text/csv",
            on_click="ignore",
        )


GRID_KINDS = (Kind.PROGRESS, Kind.SCORES)


def take_file(choice: Choice) -> Source | None:
    """The file that was uploaded, mended or filled in on the page; None while there is none."""
    with st.container(border=True):
        st.subheader(say("2. เลือกแฟ้ม หรือกรอกในหน้าเว็บ"), anchor=False)
        uploaded = st.file_uploader(
            say("แฟ้ม CSV, TSV, TXT หรือ XLSX จาก Excel"),
            type=["csv", "tsv", "txt", "xlsx", "json", "parquet"],
            key=f"upload {st.session_state.get('upload turn', 0)}",
            max_upload_size=current_settings().limits.file_bytes // 1024**2,
        )
        if choice.kind in GRID_KINDS and uploaded is None:
            with st.expander(say("กรอกในหน้าเว็บ")):
                _fill_in(choice)
    if uploaded is not None:
        st.session_state.pop("filled in", None)
        return _as_mended(Source(uploaded.getvalue(), uploaded.name))
    filled: tuple[Choice, bytes] | None = st.session_state.get("filled in")
    if filled and filled[0] == choice:
        return _as_mended(Source(filled[1], say("กรอกในหน้าเว็บ.csv")))
    return None


def _as_mended(given: Source) -> Source:
    """What came, or what it was mended to on the page; the mending of another file is forgotten."""
    mended = st.session_state.get("mended")
    if mended and mended[0] == _hash(given.content):
        return Source(mended[1], given.name)
    st.session_state.pop("mended", None)
    return given


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _fill_in(choice: Choice) -> None:
    """A grid of what the template would ask for; it goes the same way as a file."""
    found = _the_template(choice)
    fixed = [c.thai for c in found.columns if c.name in FIXED]
    frame = pd.DataFrame(
        [[_grid_text(value) for value in row] for row in found.rows], columns=list(found.headers)
    )
    if frame.empty:
        st.info(say("ยังไม่มีมาตรการของปีนี้ กรุณานำเข้ามาตรการก่อน"))
        return
    edited = st.data_editor(
        frame,
        disabled=fixed,
        hide_index=True,
        key=f"grid {choice.kind} {choice.agency} {choice.year} {choice.quarter}",
    )
    if st.button(say("ตรวจข้อมูลที่กรอก")):
        percent = next((c.thai for c in found.columns if c.name == "percent"), None)
        rows = edited[edited[percent].fillna("") != ""] if percent else edited
        content = rows.to_csv(index=False).encode("utf-8-sig")
        st.session_state["filled in"] = (choice, content)
        st.rerun()


FIXED = ("fiscal_year", "quarter", "agency", "instrument", "seq", "measure_shown")


def _grid_text(value: Any) -> str:
    if value is None:
        return ""
    return f"{value.normalize():f}" if hasattr(value, "normalize") else str(value)


def _request(choice: Choice, source: Source) -> Request:
    with the_store().reading() as cursor:
        mapping = header_meanings(cursor, choice.kind.value)
    return Request(
        choice.kind,
        source.content,
        source.name,
        choice.agency,
        choice.scale,
        mapping=tuple(sorted(mapping.items())),
    )


def looked_at(choice: Choice, source: Source) -> Preview[Figures]:
    """The preview of a file; made anew when the file, the choice or the store changed."""
    request = _request(choice, source)
    key = (request, language(), reads.data_version())
    kept = st.session_state.get("preview")
    if kept and kept[0] == key:
        found: Preview[Figures] = kept[1]
        return found
    if kept and kept[0][:2] == key[:2]:
        _tell_stale()
    with st.spinner(say("กำลังตรวจแฟ้ม …")):
        found = preview(the_store(), request, the_reference(), current_settings().limits, _figures)
    st.session_state["preview"] = (key, found)
    return found


def _figures(cursor: Cursor, checked: Checked) -> Figures:
    """Every figure that people see of the agencies and years of a file."""
    frame = checked.frame
    if "agency" not in frame or "fiscal_year" not in frame or len(frame) > FIGURES_ROWS:
        return {}
    figures: Figures = {}
    agencies = list(dict.fromkeys(frame["agency"]))
    for agency in agencies[:FIGURES_AGENCIES]:
        years = {FiscalYear(y) for y in frame.loc[frame["agency"] == agency, "fiscal_year"]}
        found = published_figures(cursor, agency, years, the_reference(), date.today())
        prefix = f"{agency}: " if len(agencies) > 1 else ""
        figures |= {f"{prefix}{name}": value for name, value in found.items()}
    return figures


def problems(choice: Choice, source: Source, found: Preview[Figures]) -> None:
    """What must be mended and what should be looked at, grouped by how it is mended."""
    outcome = found.outcome
    st.subheader(say("3. ผลการตรวจ"), anchor=False)
    if not outcome.problems:
        draw(tag(say("ไม่พบข้อผิดพลาด"), "good"))
        return
    groups = grouped(outcome.problems)
    blocking = sum(group.count for group in groups if group.blocks)
    warning = sum(group.count for group in groups if not group.blocks)
    if blocking:
        st.error(
            say(
                "ยังบันทึกไม่ได้: ต้องแก้ {count} แห่ง ไม่มีอะไรถูกบันทึก ข้อมูลเดิมยังอยู่ครบ",
                count=blocking,
            )
        )
    elif not outcome.batch:
        st.warning(say("มี {count} แห่งที่ควรตรวจดู แต่บันทึกได้", count=warning))
    draw(
        table(
            [
                Column(""),
                Column(say("ปัญหาและวิธีแก้")),
                Column(say("จำนวน"), True),
                Column(say("บรรทัด")),
            ],
            [
                [
                    tag(say("ต้องแก้"), "bad") if group.blocks else tag(say("ควรตรวจ"), "warn"),
                    lines(group.message)
                    + (
                        f"<br><small>{escape(', '.join(group.columns))}</small>"
                        if group.columns
                        else ""
                    ),
                    str(group.count),
                    escape(_line_list(group.lines)),
                ]
                for group in groups
            ],
        ),
        stacked=True,
    )
    _offer_kind(choice, source, outcome.problems)
    if found.checked is not None:
        _map_headers(choice, found.checked)
        _mend(source, found.checked)


def _line_list(numbers: Sequence[int], most: int = 12) -> str:
    told = ", ".join(map(str, numbers[:most]))
    return f"{told} …" if len(numbers) > most else told or "–"


def _offer_kind(choice: Choice, source: Source, found: Sequence[Any]) -> None:
    """A file of another kind is recognised and offered as what it is."""
    if not any(problem.kind is ProblemKind.MISSING_COLUMN for problem in found):
        return
    limits = current_settings().limits
    kind = recognised_kind(source.content, source.name, the_reference(), limits)
    if kind is None or kind is choice.kind:
        return
    st.info(say("แฟ้มนี้ดูเหมือนเป็น “{kind}”", kind=kind_text(kind)))
    if st.button(say("นำเข้าเป็น “{kind}” แทน", kind=kind_text(kind))):
        st.session_state["offered kind"] = kind
        st.rerun()


def _map_headers(choice: Choice, checked: Checked) -> None:
    """A header that nobody knows can be told the meaning of; remembered for the kind."""
    unknown = [p.column for p in checked.problems if p.kind is ProblemKind.UNKNOWN_COLUMN]
    missing = [
        c for c in columns_of(choice.kind, the_reference()) if c.name not in checked.header.places
    ]
    known = {tidy(label) for label in checked.sheet.header}
    named = [label for label in unknown if label in known]
    _forget_headers(choice)
    if not named or not missing:
        return
    with st.expander(say("จับคู่หัวคอลัมน์ที่ไม่รู้จัก"), expanded=True):
        names = {c.name: c.thai for c in missing}
        chosen = {
            label: st.selectbox(
                say("คอลัมน์ “{label}” คือ", label=label),
                ["", *names],
                format_func=lambda name: names.get(name, say("ไม่นำเข้า")),
                key=f"map {choice.kind} {label}",
            )
            for label in named
        }
        if st.button(say("ใช้การจับคู่นี้ และจำไว้")):
            with the_store().writing() as cursor:
                chosen_names = {label: name or "" for label, name in chosen.items()}
                remember_headers(cursor, choice.kind.value, chosen_names)
            st.rerun()


def _forget_headers(choice: Choice) -> None:
    """What is remembered of headers stands open, and can be taken back."""
    with the_store().reading() as cursor:
        kept = header_meanings(cursor, choice.kind.value)
    if not kept:
        return
    thai = {c.name: c.thai for c in columns_of(choice.kind, the_reference())}
    with st.expander(say("หัวคอลัมน์ที่จำไว้ ({count})", count=len(kept))):
        told = (f"{header} → {thai.get(name, say('ไม่นำเข้า'))}" for header, name in kept.items())
        draw("<br>".join(map(escape, told)))
        if st.button(say("ลืมทั้งหมด")):
            with the_store().writing() as cursor:
                forget_headers(cursor, choice.kind.value)
            st.rerun()


def _mend(source: Source, checked: Checked) -> None:
    """The bad rows with their cells marked, to download or to mend in place."""
    rows = bad_rows(checked)
    if not rows:
        return
    header = wide_header(checked)
    st.markdown(say("**เฉพาะแถวที่มีปัญหา** ({count} แถว)", count=len(rows)))
    draw(
        table(
            [Column(say("บรรทัด")), *(Column(label) for label in header)],
            [
                [
                    str(row.line),
                    *(
                        _cell(row, place, cell)
                        for place, cell in enumerate(padded(row.cells, len(header)))
                    ),
                ]
                for row in rows[:SHOWN_ROWS]
            ],
        ),
        stacked=True,
    )
    with st.container(horizontal=True):
        st.download_button(
            say("ดาวน์โหลดแถวพร้อมปัญหา (Excel)"),
            data=partial(problems_xlsx, checked),
            file_name="ita-problems.xlsx",
            mime=XLSX,
            on_click="ignore",
        )
        st.download_button(
            say("ดาวน์โหลดแถวพร้อมปัญหา (CSV)"),
            data=partial(problems_csv, checked),
            file_name="ita-problems.csv",
            mime="text/csv",
            on_click="ignore",
        )
    if checked.accepted:
        return
    with st.expander(say("แก้ในหน้าเว็บแล้วตรวจอีกครั้ง")):
        _mending_grid(source, checked)


def _cell(row: BadRow, place: int, cell: str) -> str:
    if place not in row.wrong:
        return lines(cell)
    tone: Tone = "warn" if place in row.warned else "bad"
    return f"{lines(cell)}<br>{tag(row.wrong[place], tone)}"


def _mending_grid(source: Source, checked: Checked) -> None:
    rows = bad_rows(checked)[:SHOWN_ROWS]
    # Two headers may be equal, a grid's columns may not.
    names = [f"{place + 1}. {label}" for place, label in enumerate(wide_header(checked))]
    frame = pd.DataFrame([padded(row.cells, len(names)) for row in rows], columns=names)
    wrong = [names[place] for place in sorted({place for row in rows for place in row.wrong})]
    frame.insert(0, say("บรรทัด"), [row.line for row in rows])
    frame.insert(1, say("ลบแถว"), [False] * len(rows))
    edited = st.data_editor(
        frame,
        # What must be mended stands beside the line, without scrolling on a phone.
        column_order=[*frame.columns[:2], *wrong, *(name for name in names if name not in wrong)],
        disabled=[say("บรรทัด")],
        hide_index=True,
        key=f"mend {_hash(source.content)[:12]}",
    )
    if st.button(say("ตรวจอีกครั้ง"), type="primary"):
        values = edited.astype(object).where(edited.notna(), "").values.tolist()
        removed = {row.place for row, (_, gone, *_) in zip(rows, values, strict=True) if gone}
        cells = {
            row.place: [str(cell) for cell in rest]
            for row, (_, _, *rest) in zip(rows, values, strict=True)
        }
        first = st.session_state.get("mended", (_hash(source.content),))[0]
        st.session_state["mended"] = (first, rebuilt(checked, cells, removed))
        st.rerun()


def effect(choice: Choice, found: Preview[Figures]) -> None:
    """What would be stored, and what it does to the figures that people see."""
    st.subheader(say("4. สิ่งที่จะเปลี่ยน"), anchor=False)
    outcome = found.outcome
    counts = outcome.counts
    marks = [
        tag(say("ใหม่ {count}", count=counts.new), "good" if counts.new else "note"),
        tag(say("เปลี่ยน {count}", count=counts.changed), "warn" if counts.changed else "note"),
        tag(say("เหมือนเดิม {count}", count=counts.same), "note"),
    ]
    if outcome.missing:
        marks.append(tag(say("มีในระบบแต่ไม่อยู่ในแฟ้ม {count} (คงไว้)", count=outcome.missing), "note"))
    draw("".join(marks))
    changes = figure_changes(found.before or {}, found.after or {})
    if changes:
        draw(
            table(
                [Column(say("ตัวเลขที่คนเห็น")), Column(say("เดิม")), Column(say("ใหม่"))],
                [[escape(c.name), escape(c.before), f"<b>{escape(c.after)}</b>"] for c in changes],
            )
        )
    altered = [d for d in outcome.differences if d.old is not None]
    fresh = [d for d in outcome.differences if d.old is None]
    for title, listed in (
        (say("ค่าที่เปลี่ยน ({count})", count=len(altered)), altered),
        (say("ค่าใหม่ ({count})", count=len(fresh)), fresh),
    ):
        if listed:
            with st.expander(title, expanded=listed is altered or not altered):
                draw(_difference_table(choice.kind, listed[:SHOWN_CHANGES]))
                if len(listed) > SHOWN_CHANGES:
                    st.caption(say("และอีก {more} รายการ", more=len(listed) - SHOWN_CHANGES))


def _difference_table(kind: Kind, listed: Sequence[FieldChange]) -> str:
    labels = {c.name: either(c.thai, c.name) for c in columns_of(kind, the_reference())}
    return table(
        [Column(say("แถว")), Column(say("ช่อง")), Column(say("เดิม")), Column(say("ใหม่"))],
        [
            [
                escape(" ".join(str(value) for value in change.key.values() if value != 0)),
                escape(labels.get(change.field, change.field)),
                _value(change.old),
                _value(change.new),
            ]
            for change in listed
        ],
    )


def _value(value: object) -> str:
    if value is None:
        return escape(no_data())
    return plain_number(value) if isinstance(value, float) else lines(str(value))


def confirm(choice: Choice, source: Source, found: Preview[Figures]) -> None:
    """Reason, name, acknowledgement of warnings; then one transaction."""
    outcome = found.outcome
    warned = [problem for problem in outcome.problems if not problem.blocks]
    # What was agreed to or clicked belongs to what was seen: this file, on this state of the store.
    seen = f"{_hash(source.content)[:12]} {found.version}"
    with st.container(border=True):
        st.subheader(say("5. ยืนยันและบันทึก"), anchor=False)
        other = _other_period(choice, found.checked)
        if other:
            st.warning(other)
        person = st.text_input(say("ผู้นำเข้า"), key="person", max_chars=100)
        reason = st.text_input(
            say("เหตุผลหรือที่มาของข้อมูล"), key=f"reason {_hash(source.content)[:12]}", max_chars=500
        )
        agreed = True
        if warned or other:
            agreed = st.checkbox(say("ตรวจดูข้อควรระวังแล้ว ยืนยันว่าถูกต้อง"), key=f"agreed {seen}")
        ready = bool(person.strip() and reason.strip() and agreed)
        if not ready:
            st.caption(say("กรุณากรอกผู้นำเข้าและเหตุผล และยืนยันข้อควรระวัง (ถ้ามี) ก่อนบันทึก"))
        if st.button(say("บันทึก"), type="primary", disabled=not ready, key=f"save {seen}"):
            _store(choice, source, found, person.strip(), reason.strip())


def _other_period(choice: Choice, checked: Checked | None) -> str | None:
    """A file of another period than the chosen one is asked about."""
    if checked is None or "fiscal_year" not in checked.frame or choice.kind is Kind.SCORES:
        return None
    years = {int(y) for y in checked.frame["fiscal_year"]}
    quarters = {int(q) for q in checked.frame["quarter"]} if choice.quarter else set[int]()
    if years == {int(choice.year)} and (not choice.quarter or quarters == {choice.quarter.number}):
        return None
    told = ", ".join(map(str, sorted(years)))
    if quarters:
        told += " " + say("ไตรมาส {numbers}", numbers=", ".join(map(str, sorted(quarters))))
    return say("แฟ้มนี้เป็นของปี {period} ไม่ตรงกับช่วงเวลาที่เลือก", period=told)


def _store(
    choice: Choice, source: Source, found: Preview[Figures], person: str, reason: str
) -> None:
    outcome = bring_in(
        the_store(),
        _request(choice, source),
        the_reference(),
        current_settings().limits,
        person,
        reason,
        seen_version=found.version,
    )
    st.session_state.pop("preview", None)
    if outcome.stale:
        st.session_state["stale"] = True
    elif outcome.accepted:
        st.session_state["receipt"] = outcome
        for key in ("mended", "filled in", "stale"):
            st.session_state.pop(key, None)
        st.session_state["upload turn"] = st.session_state.get("upload turn", 0) + 1
    st.rerun()


def _tell_stale() -> None:
    st.warning(say("มีผู้บันทึกข้อมูลระหว่างที่ท่านตรวจดู จึงยังไม่ได้บันทึก กรุณาดูสิ่งที่จะเปลี่ยนอีกครั้งแล้วยืนยัน"))


def receipt_shown() -> bool:
    """What was stored, and the ways on; True while it is shown instead of the steps."""
    if st.session_state.pop("stale", False):
        _tell_stale()
    outcome = st.session_state.get("receipt")
    if outcome is None:
        return False
    counts = outcome.counts
    st.success(
        say(
            "บันทึกแล้ว เป็นการนำเข้าครั้งที่ {batch}: ใหม่ {new} เปลี่ยน {changed} เหมือนเดิม {same}",
            batch=outcome.batch,
            new=counts.new,
            changed=counts.changed,
            same=counts.same,
        )
    )
    link(OVERVIEW, say("ดูภาพรวม"))
    link(HISTORY, say("ดูประวัติหรือย้อนกลับ"))
    if st.button(say("นำเข้าแฟ้มอื่น")):
        del st.session_state["receipt"]
        st.rerun()
    return True
