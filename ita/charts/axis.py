"""What all charts on paper share: the value axis, and texts and colours for the typst template."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias
from unicodedata import category

# Letters of the name of a reference line, and of another label; a longer one is shortened.
MAX_NAME_LENGTH, MAX_LABEL_LENGTH = 60, 120
MUTED_COLOR = "#5B6770"
TypstData: TypeAlias = dict[str, Any]


def printable_text(text: str) -> str:
    """A text without what can't be printed: control characters and lone surrogates."""
    encodable = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(" " if category(letter) == "Cc" else letter for letter in encodable)


def shorten(text: str, max_length: int = MAX_LABEL_LENGTH) -> str:
    printable = printable_text(text)
    return printable if len(printable) <= max_length else f"{printable[: max_length - 1]}…"


def typst_color(text: str) -> str:
    """A Plotly colour, "#RRGGBB" or "rgba(r,g,b,a)", as typst's; unknown ones grey."""
    if re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        return text
    if match := re.fullmatch(r"rgba?\((\d+),\s*(\d+),\s*(\d+)(?:,\s*([\d.]+))?\)", text):
        red, green, blue, alpha = match.groups(default="1")
        parts = (int(red), int(green), int(blue), round(float(alpha) * 255))
        return "#" + "".join(f"{min(part, 255):02X}" for part in parts)
    return MUTED_COLOR


@dataclass(frozen=True)
class Axis:
    """The range of values that is shown; it always includes every value."""

    low: float
    high: float

    def share(self, value: float) -> float:
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))

    def ticks(self, count: int) -> list[TypstData]:
        """About `count` round values within the axis, with their texts."""
        rough = (self.high - self.low) / count
        power = 10.0 ** math.floor(math.log10(rough))
        step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.999)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        values = [round(number * step, 9) for number in range(first, last + 1)]
        return [{"at": self.share(v), "text": f"{v:,.15g}".replace("-", "−")} for v in values]


def fit_axis(low: float, high: float, values: Iterable[float]) -> Axis:
    finite = [value for value in values if math.isfinite(value)]
    low, high = min([low, *finite]), max([high, *finite])
    return Axis(low, high) if high > low else Axis(low - 1, high + 1)
