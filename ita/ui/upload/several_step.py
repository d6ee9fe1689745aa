"""Several files at once: recognised, checked together, a line for each.

A file that is not right stays out alone. One file at a time is looked into: it is shown as a file by
itself is, on top of those before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import streamlit as st
from markupsafe import Markup

from ita.config import current_settings
from ita.formatting import no_data, shortened, spans_text
from ita.i18n import _, language
from ita.imports.candidates import header_candidates
from ita.imports.datasets import Dataset, dataset_label, key_text
from ita.imports.draft import ImportRequest
from ita.imports.heavy import is_heavy
from ita.imports.problems import Problem, ProblemKind
from ita.imports.saving import CheckedRequest
from ita.imports.several_files import FileCheck, FileScope, FilesReading, Rival, check_files
from ita.reports.published_figures import Figures
from ita.tables import plain_number
from ita.ui.components import queries
from ita.ui.components.agency_picker import agency_at_hand
from ita.ui.components.jobs import sheet_of
from ita.ui.components.markup import BREAK, DOT, escape_markdown, html, render_html, tag
from ita.ui.components.tables import field_label
from ita.ui.upload.agency_matching import show_matched
from ita.ui.upload.confirm_step import counts_html, show_effect
from ita.ui.upload.dialect_step import (
    certain_dialect,
    header_score,
    is_header_certain,
    pick_dialect,
    pick_sheets,
    show_dialect,
)
from ita.ui.upload.file_step import UploadedFile
from ita.ui.upload.import_choice import ImportChoice
from ita.ui.upload.preview_step import (
    FilePreview,
    import_request,
    is_of_another,
    load_figures,
    note_stale,
    offer_source,
    offer_weights,
    show_agencies,
)
from ita.ui.upload.problems_step import recognise_kind, show_problems
from ita.web.current_user import current_user
from ita.web.store_access import get_reference, get_store

CHECK, CHOSEN, OPEN = "files check", "chosen files", "open file"
"""Of the session: the files as they were checked; their digests; that of the one looked into, "" for
none."""

SHOWN_AGENCIES = 3


@dataclass(frozen=True)
class FileLine:
    """A file with what is said of it. held: why it is not checked, in words. check: None then, and where
    a person has yet to pick how it is read."""

    source: UploadedFile
    choice: ImportChoice
    request: ImportRequest | None = None
    held: str = ""
    check: FileCheck[Figures] | None = None
    is_wanted: bool = True

    @property
    def is_stored(self) -> bool:
        """Whether the save stores it."""
        check = self.check
        return check is not None and check.is_right and not check.rivals and self.is_wanted


@dataclass(frozen=True)
class FileLines:
    """The files in the order of import, by the store of one version. opened: the digest of the one that
    is looked into."""

    lines: tuple[FileLine, ...]
    version: int
    opened: str


def check_together(choice: ImportChoice, sources: Sequence[UploadedFile]) -> FileLines:
    """The files, each recognised and checked; anew when one of them, what is said or the store changed."""
    lines = _recognised(choice, sources)
    chosen = [source.first_digest for source in sources]
    if st.session_state.get(CHOSEN) != chosen:  # what was opened or closed was so among others
        st.session_state[CHOSEN] = chosen
        st.session_state.pop(OPEN, None)
    opened: str | None = st.session_state.get(OPEN)
    key = (tuple(lines), opened, language(), queries.data_version())
    kept = st.session_state.get(CHECK)
    if kept and kept[0] == key:
        found: FileLines = kept[1]
        return found
    note_stale(kept[0] if kept else None, key)
    read = _with_sheets(lines, kept[1].lines if kept else ())
    with st.spinner(_("กำลังตรวจไฟล์ …")):
        found = _checked(read, opened)
    st.session_state[CHECK] = (key, found)
    return found


def _recognised(choice: ImportChoice, sources: Sequence[UploadedFile]) -> list[FileLine]:
    """The files with their kinds, in the order of import."""
    kinds = list(Dataset)
    agency = choice.agency or agency_at_hand()
    room = current_settings().limits.file_bytes
    names: dict[tuple[str, Dataset], str] = {}
    lines = []
    for source in sources:
        kind = _kind_of(source, choice.kind)
        same = names.setdefault((source.digest, kind), source.name)
        room -= len(source.content)
        held = ""
        if same != source.name:
            held = _("เหมือนกับไฟล์ {name} ทุกตัวอักษร จึงใช้ไฟล์เดียว", name=same)
        elif room < 0:
            held = _too_large_together()
        of_kind = replace(
            choice,
            kind=kind,
            agency=None if kind is Dataset.AGENCIES else agency,
            quarter=None,
            scale=choice.scale if kind is choice.kind is Dataset.SCORES else None,
        )
        dialect = None if held else certain_dialect(of_kind, source)
        request = import_request(of_kind, source, dialect) if dialect else None
        is_wanted = bool(st.session_state.get(_key("take", source), True))
        lines.append(FileLine(source, of_kind, request, held, is_wanted=is_wanted))
    return sorted(lines, key=lambda line: kinds.index(line.choice.kind))


def _key(name: str, source: UploadedFile) -> str:
    """Of a widget of a file."""
    return f"{name} {source.first_digest[:16]}"


def _kind_of(source: UploadedFile, chosen: Dataset) -> Dataset:
    """The kind that a person has said, else the one that it looks like, else that of the page."""
    said: dict[str, Dataset] = st.session_state.setdefault("said kinds", {})
    picked = st.session_state.get(_key("kind of", source), said.get(source.first_digest))
    return Dataset(picked or recognise_kind(source, or_nearest=True) or chosen)


def _too_large_together() -> str:
    return _("ไฟล์ที่เลือกรวมกันใหญ่เกินกว่าจะอ่านพร้อมกัน กรุณานำเข้าไฟล์นี้ทีละไฟล์")


def _with_sheets(lines: Sequence[FileLine], before: Sequence[FileLine]) -> list[FileLine]:
    """Large files are read in the worker process, one after the other; together they may hold as many
    cells as one may."""
    room = current_settings().limits.cells
    known = [line.request for line in before if line.request and line.request.sheet]
    read = []
    for line in lines:
        request = line.request
        if request is None or not is_heavy(request.content):
            read.append(line)
            continue
        said = st.empty()  # which file it was, should the reading fail and end the page
        said.caption(escape_markdown(line.source.name))
        sheet = next((r.sheet for r in known if r == request), None)
        sheet = sheet or sheet_of(request, line.source.digest)
        said.empty()
        room -= (
            0
            if sheet is None or isinstance(sheet, Problem)
            else len(sheet.rows) * len(sheet.header)
        )
        if room < 0:
            read.append(replace(line, request=None, held=_too_large_together()))
        else:
            read.append(replace(line, request=replace(request, sheet=sheet)))
    return read


def _checked(lines: Sequence[FileLine], opened: str | None) -> FileLines:
    places = [place for place, line in enumerate(lines) if line.request]
    digests = [lines[place].source.first_digest for place in places]
    unread = [line for line in lines if line.request is None and not line.held]
    if opened is None and unread:
        opened = unread[0].source.first_digest
    looked = digests.index(opened) if opened in digests else None if opened is None else -1
    scores = {kind: header_score(kind) for kind in {line.choice.kind for line in lines}}

    def is_certain(found: CheckedRequest) -> bool:
        request, checked = found.request, found.checked
        return not checked or not header_candidates(
            checked.sheet, request.dialect, scores[request.kind]
        )

    reading = FilesReading(
        {index for index, place in enumerate(places) if lines[place].is_wanted},
        _by_itself,
        is_certain,
        load_figures,
        looked,
    )
    found = check_files(
        get_store(),
        [request for line in lines if (request := line.request)],
        get_reference(),
        current_settings().limits,
        current_user(),
        reading,
    )
    checks = dict(zip(places, found.files, strict=True))
    if opened is None:
        looked_into = [d for d, check in zip(digests, found.files, strict=True) if check.preview]
        opened = next(iter(looked_into), "")
    done = [replace(line, check=checks.get(place)) for place, line in enumerate(lines)]
    return FileLines(tuple(done), found.version, opened)


def _by_itself(found: CheckedRequest) -> ImportRequest | None:
    """A file that names agencies is taken for what it says, and not for the chosen one."""
    problems = found.checked.problems if found.checked else ()
    if found.request.agency is None or not any(map(is_of_another, problems)):
        return None
    return replace(found.request, agency=None)


def show_files(files: FileLines) -> None:
    """A line for each file, and below its line the one that is looked into."""
    st.header(_("ไฟล์ที่เลือก {count} ไฟล์", count=len(files.lines)), anchor=False)
    for number, line in enumerate(files.lines):
        with st.container(border=True, key=f"card-file-{number}"):
            with st.container(horizontal=True, vertical_alignment="center"):
                _show_line(line, files)
            if not line.held and line.source.first_digest == files.opened:
                _show_inside(line)


def _show_line(line: FileLine, files: FileLines) -> None:
    source, check = line.source, line.check
    is_open = source.first_digest == files.opened
    with st.container(width="stretch"):
        render_html(html("upload.file", source.name, BREAK.join(file_facts(line, files))))
    if line.held:
        return
    with st.container(horizontal=True, vertical_alignment="center", width="content"):
        key = _key("kind of", source)
        st.session_state.setdefault(key, line.choice.kind)
        picked = st.selectbox(
            _("ชนิดข้อมูลของ {file}", file=escape_markdown(source.name)),
            list(Dataset),
            format_func=dataset_label,
            key=key,
            label_visibility="collapsed",
            width=220,
        )
        st.session_state["said kinds"][source.first_digest] = picked
        if check and check.is_right:
            st.checkbox(_("นำเข้าไฟล์นี้"), value=True, key=_key("take", source))
        wrong = check is None or not check.outcome.accepted or not check.is_certain
        label = _("ดูสิ่งที่ต้องแก้") if wrong else _("ดูสิ่งที่จะเปลี่ยน")
        st.button(
            _("ปิดรายละเอียด") if is_open else label,
            key=_key("open", source),
            on_click=_open,
            args=("" if is_open else source.first_digest,),
        )


def _open(digest: str) -> None:
    st.session_state[OPEN] = digest


def file_facts(line: FileLine, files: FileLines) -> Iterator[str]:
    """Of which period and agency a file is, what it would do, and why it is not stored."""
    check = line.check
    if line.held:
        yield tag(line.held, "warn")
        return
    if check is None or not check.is_certain:
        yield tag(_("ต้องเลือกวิธีอ่านไฟล์นี้ก่อน"), "bad")
        return
    if check.scope and (scope := _scope_html(check.scope, line.choice.agency)):
        yield scope
    already = [p for p in check.outcome.problems if p.kind is ProblemKind.ALREADY_IMPORTED]
    if already:
        yield tag(already[0].sentence(), "note")
        return
    yield counts_html(check.outcome, "#problems" if check.preview else "")
    of_file = [p for p in check.outcome.problems if p.blocks and p.line is None]
    if of_file and not check.preview:
        yield of_file[0].sentence()
    for rival in check.rivals:
        yield tag(_rival_text(rival, files), "bad")
    if check.is_right and not line.is_wanted:
        yield tag(_("ไม่นำเข้าไฟล์นี้ ตามที่เลือก"), "note")


def _scope_html(scope: FileScope, chosen: str | None) -> Markup:
    """ปี 2567 · ไตรมาส 1-2 · the agencies by name, where they are not the chosen one."""
    parts: list[str] = []
    if scope.years:
        parts.append(_("ปี {years}", years=spans_text(scope.years)))
    if scope.quarters:
        parts.append(_("ไตรมาส {numbers}", numbers=spans_text(scope.quarters)))
    names = queries.agencies(queries.data_version()).names
    if not scope.agencies.keys() <= {chosen}:
        shown = [names.get(agency, agency) for agency in list(scope.agencies)[:SHOWN_AGENCIES]]
        more = len(scope.agencies) - len(shown)
        rest = [_("และอีก {more} หน่วยงาน", more=more)] if more else []
        parts.append(tag(_("ของ {agencies}", agencies=", ".join(shown + rest)), "warn"))
    return DOT.join(parts)


def _rival_text(rival: Rival, files: FileLines) -> str:
    """With which file it disagrees, and where, for example."""
    checked = [line for line in files.lines if line.request]
    change = rival.example
    return _(
        "ขัดกับไฟล์ {file} {count} ค่า เช่น {row} {field}: ไฟล์นี้ {own} ไฟล์นั้น {other} จึงยังไม่บันทึกทั้งสองไฟล์ "
        "กรุณาเลือกไม่นำเข้าไฟล์หนึ่ง",
        file=checked[rival.position].source.name,
        count=f"{rival.count:,}",
        row=key_text(change.key),
        field=field_label(change.field),
        own=_value_text(change.new),
        other=_value_text(change.old),
    )


def _value_text(value: object) -> str:
    if value is None:
        return no_data()
    return plain_number(value) if isinstance(value, float) else shortened(str(value))


def _show_inside(line: FileLine) -> None:
    """What a file by itself is shown as: how it is read, what is wrong, what it would change."""
    choice, source, check = line.choice, line.source, line.check
    if check is None:
        pick_dialect(choice, source)
        return
    if check.preview is None:
        return
    several = len(check.scope.agencies) > 1 if check.scope else False
    agencies = check.scope.agencies if check.scope and check.request.agency is None else {}
    file_preview = FilePreview(check.request, check.preview, agencies if several else {})
    if not is_header_certain(choice, source, file_preview):
        return
    show_dialect(choice, source, file_preview)
    pick_sheets(choice, source, file_preview)
    show_agencies(choice, file_preview)
    show_matched(file_preview)
    offer_weights(choice, source, check.outcome.problems)
    show_problems(choice, source, file_preview, may_be_other_kind=False)
    offer_source(choice, file_preview)
    show_effect(choice, source, file_preview)
