"""What the authority changes each year, read from data/reference/*.csv.

A new assessment year is rows in those files; no code names a year, a weight or a level. facts: the
values; loading: the files; rows: parsing of one row; faults: the errors.
"""

from ita.reference.facts import (
    AgencyCount,
    AssessmentPhase,
    Band,
    Break,
    Deadline,
    Indicator,
    InstrumentRule,
    NationalMean,
    QuestionCount,
    Reference,
    ReportItem,
    Sourced,
    StatusRule,
    TypeMean,
    YearRules,
    province_key,
    spelling_key,
)
from ita.reference.loading import load_reference
from ita.reference.rows import ReferenceFault, UnknownYear

__all__ = [
    "AgencyCount",
    "AssessmentPhase",
    "Band",
    "Break",
    "Deadline",
    "Indicator",
    "InstrumentRule",
    "NationalMean",
    "QuestionCount",
    "Reference",
    "ReferenceFault",
    "ReportItem",
    "Sourced",
    "StatusRule",
    "TypeMean",
    "UnknownYear",
    "YearRules",
    "load_reference",
    "province_key",
    "spelling_key",
]
