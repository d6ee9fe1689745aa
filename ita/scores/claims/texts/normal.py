"""One spelling of a text, with the way back to what was given."""

from __future__ import annotations

from dataclasses import dataclass

_SAME = str.maketrans(
    {
        **dict(zip("๐๑๒๓๔๕๖๗๘๙", "0123456789", strict=True)),
        **dict.fromkeys("–—‒―−‐‑﹣－", "-"),
        **dict.fromkeys("“”„‟«»‘’`´", '"'),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f", None),
        **dict.fromkeys("\t\u00a0\u2007\u202f\u3000\r\f\v", " "),
        "％": "%",
    }
)


@dataclass(frozen=True)
class NormalText:
    """A text with one spelling of digits, blanks, dashes and quotes; offsets lead back."""

    text: str
    cased: str
    offsets: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original text that a span of this one came from."""
        return self.offsets[start], self.offsets[end - 1] + 1


def normalise(text: str) -> NormalText:
    """One spelling of a text: Thai digits as 0–9, runs of blanks as one, ํ+า as ำ, เ+เ as แ."""
    characters: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text):
        same = character.translate(_SAME)
        before = characters[-1] if characters else "\n"
        if not same or (same == " " and before in " \n"):
            continue
        if same == "า" and before == "ํ":
            characters[-1] = "ำ"
        elif same == "เ" and before == "เ":
            characters[-1] = "แ"
        else:
            characters.append(same)
            offsets.append(offset)
    cased = "".join(characters)
    lower = "".join(c.lower() if c.isascii() else c for c in cased)
    return NormalText(lower, cased, tuple(offsets))
