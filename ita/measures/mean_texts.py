"""A quarter's mean completion in words, always beside how many of the measures reported."""

from __future__ import annotations

from ita.formatting import no_data, percent_text
from ita.i18n import _
from ita.measures.means import QuarterMean


def reported_text(mean: QuarterMean) -> str:
    """How many of the measures at work reported, such as รายงาน 1 จาก 6 มาตรการ; what was done before
    owes no report and is named apart."""
    words = {"reported": f"{mean.reported:,}", "expected": f"{mean.expected:,}"}
    if mean.carried:
        return _(
            "รายงาน {reported} จาก {expected} มาตรการ เสร็จก่อนแล้ว {carried}",
            carried=f"{mean.carried:,}",
            **words,
        )
    return _("รายงาน {reported} จาก {expected} มาตรการ", **words)


def mean_text(mean: QuarterMean) -> str:
    """56 % (รายงาน 1 จาก 6 มาตรการ); without a report of the quarter there is no figure."""
    if mean.mean is not None:
        return f"{percent_text(mean.mean)} ({reported_text(mean)})"
    if mean.carried and not mean.missing_reports:
        return _("เสร็จครบก่อนไตรมาสนี้")
    return no_data()
