"""Which agency each row is of, and the ids and spellings that a list of agencies settles on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ita.imports.agencies import AgencyDirectory, SpoiltIds, unquoted, why_spoilt
from ita.imports.agency_names import spelled_out
from ita.imports.cells import CellError, cell_text, fold, is_missing
from ita.imports.columns import CodedColumn, LazySequence
from ita.imports.datasets import AGENCY
from ita.imports.draft import Validation
from ita.imports.problems import LikelyAgency, Problem, ProblemKind
from ita.reference import Reference, spelling_key

AgencyMapping = Sequence[tuple[str, str]]
"""What a person has said of texts: (text, the id of the agency that is meant)."""
MAX_COMPARED = 50
"""Distinct unknown names of a file for which the nearest agencies are looked for."""


def settle_spellings(draft: Validation, reference: Reference) -> None:
    """Provinces and types are kept in their one spelling; another one is told, and so is a new one."""
    for column, what, spell in (
        ("province", "province", reference.province),
        ("agency_type", "agency-type", reference.agency_type),
    ):
        if draft.has(column):
            _settle_column(draft, column, what, spell)


def _settle_column(
    draft: Validation, column: str, what: str, spell: Callable[[str], str | None]
) -> None:
    texts = draft.coded(column)
    spelled = texts.map(lambda text: text and spell(text))
    is_known = any(spelled.present())
    if not is_known and not _has_reference(draft, column):
        return
    differs = [
        bool(text) and text != kept
        for text, kept in zip(texts.distinct, spelled.distinct, strict=True)
    ]
    for row in CodedColumn(texts.codes, differs).rows_where(bool):
        one_spelling = spelled[row]
        kind = ProblemKind.OLD_SPELLING if one_spelling else ProblemKind.UNKNOWN_SPELLING
        draft.add_problem(kind, row, column, what=what, kept=one_spelling or "")
    if is_known:
        draft.set_values(column, texts.map_texts(lambda text: text and (spell(text) or text)))


def _has_reference(draft: Validation, column: str) -> bool:
    reference = draft.reference
    return bool(reference.provinces if column == "province" else reference.agency_types)


def row_text(agency_id: str, name: str | None, province: str | None) -> str:
    """A row as a person answers for it: of several rows of a list of agencies an id may be the same, of
    rows of another file a name may be."""
    return " · ".join(filter(None, (agency_id, name, province)))


def settle_ids(draft: Validation, agencies: AgencyDirectory, mapping: AgencyMapping = ()) -> None:
    """An id that differs from a stored one, or from one above it, in case or spaces only, is that id;
    one that a spreadsheet seems to have changed is asked about, and so is a stored agency under
    another id."""
    if not draft.has("agency_id"):
        return
    said = {fold(text): agency_id for text, agency_id in mapping}
    names, provinces, types = (
        draft.cells.get(name) or [None] * len(draft.lines)
        for name in ("name_th", "province", "agency_type")
    )
    spelled: dict[str, str] = {}
    ids: list[str | None] = []
    settled: set[int] = set()
    for row, text in enumerate(draft.values("agency_id")):
        answer = (
            said
            and text
            and (said.get(fold(row_text(text, names[row], provinces[row]))) or said.get(fold(text)))
        )
        if answer:
            settled.add(row)
        plain = answer or (text and unquoted(text))
        ids.append(plain and spelled.setdefault(fold(plain), agencies.id_like(plain) or plain))
    draft.set_values("agency_id", ids)
    unknown = {
        row: agency_id
        for row, agency_id in enumerate(ids)
        if agency_id and row not in settled and agency_id not in agencies.names
    }
    if unknown:
        stated = {agency_id for agency_id in ids if agency_id in agencies.names}
        rows = _Rows(draft, names, provinces, types)
        _ask_about_ids(rows, unknown, stated, agencies)


class _Rows:
    """What the rows of a list of agencies say beside their ids."""

    def __init__(
        self,
        draft: Validation,
        names: Sequence[Any],
        provinces: Sequence[Any],
        types: Sequence[Any],
    ) -> None:
        self.draft = draft
        self.names, self.provinces, self.types = names, provinces, types

    def key(self, row: int) -> tuple[str, str]:
        name, province = self.names[row] or "", self.provinces[row] or ""
        return spelled_out(name), spelling_key(province)

    def described(self, row: int, agency_id: str) -> LikelyAgency:
        return LikelyAgency(
            agency_id, self.names[row] or "", self.provinces[row] or "", self.types[row] or ""
        )


def _ask_about_ids(
    rows: _Rows, unknown: Mapping[int, str], stated: set[str], agencies: AgencyDirectory
) -> None:
    """Report each row whose id is not stored and hardly a new one. stated: stored ids that other rows
    of the file bear; an agency that the file names itself is not meant by another row."""
    in_file = SpoiltIds(dict.fromkeys(unknown.values()))
    rows_of: dict[str, int] = {}
    for row, agency_id in unknown.items():
        rows_of.setdefault(agency_id, row)
    for row, agency_id in unknown.items():
        name = rows.names[row] or ""
        same = agencies.namesakes(name, rows.provinces[row], rows.types[row]) if name else []
        before = agencies.spoilt_from(agency_id)
        likely = [i for i in before if i in same] or [i for i in before if i not in stated]
        visible = why_spoilt(agency_id)
        new_namesakes = [i for i in same if i not in stated]
        candidates = agencies.described(likely or (new_namesakes if visible else ()))
        if likely or visible:
            why = visible or "id-zeros"
        elif twins := [
            rows.described(rows_of[twin], twin)
            for twin in in_file.before(agency_id)
            if len(twin) > len(agency_id) and rows.key(rows_of[twin]) == rows.key(row)
        ]:
            why, candidates = "id-in-file", tuple(twins)
        elif new_namesakes:
            why, candidates = "id-namesake", agencies.described(new_namesakes)
        else:
            continue
        rows.draft.add_problem(
            ProblemKind.SPOILT_ID, row, "agency_id", why=why, candidates=candidates
        )


def find_agencies(
    draft: Validation,
    agencies: AgencyDirectory,
    default: str | None,
    mapping: AgencyMapping = (),
    provinces: CodedColumn | None = None,
) -> None:
    """The agency of each row as its id; a row that names another than the chosen one is a mistake.

    provinces: of each row, where the file has such a column.
    """
    said = {fold(text): agency_id for text, agency_id in mapping}
    for _, agency_id in mapping:
        if agency_id not in agencies.names:
            unknown = {"why": "agency-unknown"}
            draft.problems.append(
                Problem(ProblemKind.UNKNOWN_AGENCY, None, None, agency_id, unknown)
            )
    if not draft.has("agency"):
        draft.set_values("agency", [default] * len(draft.lines))
        return
    names = draft.coded("agency")
    written = names if provinces is None else _beside(names, provinces)
    misread: dict[str | tuple[str | None, str] | None, CellError] = {}
    omits = False

    def agency_of(written: str | tuple[str | None, str] | None) -> str | None:
        nonlocal omits
        name, province = written if isinstance(written, tuple) else (written, "")
        if omits:
            return None  # the file is refused whoever is meant here
        try:
            agency_id = _agency_of(name, province, agencies, default, said)
        except CellError as fault:
            if province:
                fault.expected["province"] = province
            omits = len(misread) == draft.most_problems
            if not omits:
                misread[written] = fault.with_traceback(None)
            return None
        own = agency_id, agencies.names[agency_id]
        if name and name not in own and fold(name) not in map(fold, own):
            draft.matched_agencies[name] = agency_id
        return agency_id

    draft.set_values("agency", written.map(agency_of))
    draft.omits |= omits
    _add_nearest(misread, agencies)
    for row in written.rows_where(misread.__contains__):
        # A cell that could not be read at all has its own problem already.
        if names[row] is not None or is_missing(draft.texts["agency"][row]):
            fault = misread[written[row]]
            draft.add_problem(fault.kind, row, "agency", **fault.expected)


def _beside(names: CodedColumn, provinces: CodedColumn) -> CodedColumn:
    """Each row's name of an agency with its province, "" where that is blank, once a distinct pair."""
    texts = provinces.map_texts(lambda text: "" if is_missing(cell_text(text)) else cell_text(text))
    pairs, codes = np.unique(names.codes * len(texts.distinct) + texts.codes, return_inverse=True)
    name, text = np.divmod(pairs, len(texts.distinct))
    return CodedColumn(
        codes, _Pairs(CodedColumn(name, names.distinct), CodedColumn(text, texts.distinct))
    )


@dataclass(frozen=True)
class _Pairs(LazySequence):
    """Names of agencies, each with its province; made when they are looked at."""

    names: CodedColumn
    provinces: CodedColumn

    def __len__(self) -> int:
        return len(self.names)

    def __iter__(self) -> Iterator[tuple[str | None, str]]:
        return zip(self.names, self.provinces, strict=True)

    def cell(self, row: int) -> tuple[str | None, str]:
        return self.names[row], self.provinces[row]


def _add_nearest(misread: Mapping[Any, CellError], agencies: AgencyDirectory) -> None:
    """The nearest agencies by name go along with unknown names, of a great many with the first.

    misread: by the name, or by the pair of it and its province.
    """
    pairs = (
        (*(written if isinstance(written, tuple) else (written, "")), fault)
        for written, fault in misread.items()
    )
    unknown = [
        (f"{name} ({province})" if province else name, fault)
        for name, province, fault in pairs
        if name and fault.expected.get("why") == "agency-unknown"
    ]
    for name, fault in unknown[:MAX_COMPARED]:
        fault.expected["candidates"] = agencies.nearest(name)


def _agency_of(
    name: str | None,
    province: str,
    agencies: AgencyDirectory,
    default: str | None,
    said: Mapping[str, str],
) -> str:
    if name is None:
        if default is None:
            raise CellError(ProblemKind.REQUIRED_VALUE, what=AGENCY.thai)
        return default
    answers = (row_text(name, None, province), name) if said else ()
    agency_id = next((said[fold(text)] for text in answers if fold(text) in said), None)
    if agency_id not in agencies.names:
        # Who chose 0041 and brings a file of 41 has said twice which agency it is.
        chosen = default is not None and agencies.spoilt_from(name) == (default,)
        agency_id = default if chosen else _find(name, province, agencies)
    assert agency_id is not None  # noqa: S101  `find` raises where there is none
    if default is not None and agency_id != default:
        raise CellError(ProblemKind.UNKNOWN_AGENCY, why="agency-other")
    return agency_id


def _find(name: str, province: str, agencies: AgencyDirectory) -> str:
    # An id says itself which agency it is, whatever stands beside it.
    if province and agencies.id_like(name) is None:
        return agencies.find_beside(name, province)
    return agencies.find(name)
