"""What every drawing on paper shares: the axis of values, texts and colours fit for the template."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias
from unicodedata import category

LONGEST_NAME, LONGEST_LABEL = 60, 120
"""Letters of a name on a level line, and of another label; a longer one is shortened."""
QUIET = "#5B6770"
Data: TypeAlias = dict[str, Any]


def plain(text: str) -> str:
    """A text without what can't be printed: control signs and halves of letters."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(" " if category(letter) == "Cc" else letter for letter in whole)


def short(text: str, most: int = LONGEST_LABEL) -> str:
    shown = plain(text)
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"


def color(text: str) -> str:
    """Plotly's ways to write a colour, "#RRGGBB" or "rgba(r,g,b,a)", as typst's; unknown ones grey."""
    if re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        return text
    if found := re.fullmatch(r"rgba?\((\d+),\s*(\d+),\s*(\d+)(?:,\s*([\d.]+))?\)", text):
        red, green, blue, alpha = found.groups(default="1")
        parts = (int(red), int(green), int(blue), round(float(alpha) * 255))
        return "#" + "".join(f"{min(part, 255):02X}" for part in parts)
    return QUIET


@dataclass(frozen=True)
class Axis:
    """The stretch of values that is shown; it always reaches as far as the values do."""

    low: float
    high: float

    def share(self, value: float) -> float:
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))

    def ticks(self, about: int) -> list[Data]:
        """About so many round values within the axis, with their texts."""
        rough = (self.high - self.low) / about
        power = 10.0 ** math.floor(math.log10(rough))
        step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.999)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        values = [round(number * step, 9) for number in range(first, last + 1)]
        return [{"at": self.share(v), "text": f"{v:,.15g}".replace("-", "−")} for v in values]


def axis_over(low: float, high: float, values: Iterable[float]) -> Axis:
    found = [value for value in values if math.isfinite(value)]
    low, high = min([low, *found]), max([high, *found])
    return Axis(low, high) if high > low else Axis(low - 1, high + 1)
