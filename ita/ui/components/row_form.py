"""A form of one row, which goes the way of every file, and what is said once something is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NoReturn

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ita.auth.permissions import User
from ita.config import current_settings
from ita.domain import Scale
from ita.i18n import _
from ita.imports.datasets import Dataset, columns_of
from ita.imports.draft import typed_request
from ita.imports.problems import Problem, ProblemKind
from ita.imports.saving import ImportResult, import_file
from ita.tables import CellValue
from ita.ui.components import queries
from ita.ui.components.confirm_form import confirm_form
from ita.ui.components.markup import escape_markdown
from ita.ui.components.navigation import show_page_link
from ita.ui.components.tables import field_label
from ita.web.paths import HISTORY
from ita.web.store_access import get_reference, get_store

# In the session: what was stored just now, in words.
_RECEIPT_KEY = "receipt"
# In the session: of which form what was typed and warned of, to be stored when it is confirmed again.
_WARNED_KEY = "warned form"

Typed = Mapping[str, str | list[str]]


def rerun_with_receipt(receipt: str) -> NoReturn:
    """Run the page again, which says what was stored."""
    st.session_state[_RECEIPT_KEY] = receipt
    st.rerun()


def show_change_receipt() -> bool:
    """What was stored just now, and the way back; whether anything was."""
    if _RECEIPT_KEY not in st.session_state:
        return False
    receipt = escape_markdown(st.session_state.pop(_RECEIPT_KEY))
    st.success(receipt)
    st.toast(receipt)  # the form is far below on a phone
    show_page_link(HISTORY, _("ดูประวัติหรือยกเลิก"))
    return True


@dataclass(frozen=True)
class RowForm:
    """key: of its fields in the session. row: the columns that name the row; stored: the others, as
    they are stored now."""

    kind: Dataset
    key: str
    agency: str | None
    row: Mapping[str, CellValue]
    stored: Typed
    areas: dict[str, DeltaGenerator] = field(default_factory=dict)
    """Below each field, for what is wrong with it."""

    def show(self, name: str, draw: Callable[..., object], label: str = "") -> None:
        """Draw the field of a column. draw: a widget, called with its label and key."""
        with st.container(gap=None):
            draw(label or field_label(name), key=self._field_key(name))
            self.areas[name] = st.container()

    def confirm(
        self,
        submit_label: str,
        show_fields: Callable[[], None],
        receipt: str,
        *,
        reason: str = "",
    ) -> None:
        """The fields with who and why below them; stores what was typed and says so. What is warned of
        has to be confirmed once more.

        reason: proposed.
        """
        self._fill()
        key, warned, _problems = st.session_state.get(_WARNED_KEY, ("", None, ()))
        if key != self.key:
            warned = None
        confirmation = confirm_form(
            self.key,
            submit_label,
            labels=(_("ผู้บันทึก"), _("เหตุผลหรือที่มาของข้อมูล")),
            agreement=_("ทราบข้อเตือนแล้ว บันทึกตามนี้") if warned else None,
            show_fields=show_fields,
            reason=reason,
        )
        if warned:
            self._show_problems(_problems)
        if confirmation is None:
            return
        typed = self._typed()
        if typed == self.stored:
            st.info(_("ยังไม่ได้เปลี่ยนอะไร จึงไม่มีอะไรให้บันทึก"))
            return
        checked = self._import(typed, *confirmation, dry_run=True)
        warnings = [p for p in checked.problems if p.kind is not ProblemKind.ALREADY_IMPORTED]
        if checked.accepted and warnings and typed != warned:
            st.session_state[_WARNED_KEY] = (self.key, typed, tuple(warnings))
            st.rerun()
        outcome = self._import(typed, *confirmation) if checked.accepted else checked
        if outcome.stale:
            st.session_state[self._version_key] = queries.data_version()[1]
            st.warning(_("มีผู้บันทึกข้อมูลหลังจากเปิดแบบนี้ กรุณาดูค่าที่เก็บอยู่ด้านล่าง แล้วกดบันทึกอีกครั้งหากยังต้องการ"))
        elif not outcome.accepted:
            self._show_problems(outcome.problems)
        else:
            self._forget()
            batch = _("เป็นการนำเข้าครั้งที่ {batch}", batch=outcome.batch)
            rerun_with_receipt(f"{receipt} {batch}")

    def _import(self, typed: Typed, user: User, reason: str, dry_run: bool = False) -> ImportResult:
        texts = {n: ",".join(v) if isinstance(v, list) else v for n, v in typed.items()}
        reference = get_reference()
        record = {**self.row, **{name: text.strip() or None for name, text in texts.items()}}
        name = _("แก้ในหน้าเว็บ.csv")
        request = typed_request(self.kind, self.agency, [record], name, reference)
        if self.kind is Dataset.PROGRESS:
            request = replace(request, scale=Scale.PERCENT)
        return import_file(
            get_store(),
            request,
            reference,
            current_settings().limits,
            user,
            reason,
            dry_run=dry_run,
            seen_version=None if dry_run else st.session_state[self._version_key],
        )

    def _show_problems(self, problems: Iterable[Problem]) -> None:
        """Each below the field of its column; what is about none of them, below the form."""
        columns = {column.thai: column.name for column in columns_of(self.kind, get_reference())}
        blocked_fields = False
        for problem in problems:
            area = self.areas.get(columns.get(problem.column or "", ""))
            blocked_fields |= problem.blocks and area is not None
            show = (area or st).error if problem.blocks else (area or st).warning
            show(escape_markdown(problem.sentence()))
        if blocked_fields:  # on a phone the field is out of sight from the button
            st.error(_("ยังไม่ได้บันทึก กรุณาแก้ช่องที่มีข้อความสีแดงด้านบน"))

    def _field_key(self, name: str) -> str:
        return f"{self.key} {name}"

    @property
    def _version_key(self) -> str:
        return f"{self.key} version"

    def _fill(self) -> None:
        """What is stored into fields that are drawn for the first time; of which version that is."""
        if self._field_key(next(iter(self.stored))) not in st.session_state:
            st.session_state[self._version_key] = queries.data_version()[1]
        for name, value in self.stored.items():
            st.session_state.setdefault(self._field_key(name), value)

    def _typed(self) -> dict[str, str | list[str]]:
        typed: dict[str, str | list[str]] = {}
        for name in self.stored:
            value = st.session_state[self._field_key(name)]
            typed[name] = list(value) if isinstance(value, (list, tuple)) else str(value)
        return typed

    def _forget(self) -> None:
        for name in self.stored:
            st.session_state.pop(self._field_key(name), None)
        st.session_state.pop(self._version_key, None)
        st.session_state.pop(_WARNED_KEY, None)
