"""What may stand in an agency's Word template, read as the small program that it is.

A template names the placeholders below, goes through the rows and asks whether a text is there. It
calls nothing and counts nothing, so a stranger's file can do no more than misplace our texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import nodes
from jinja2.sandbox import SandboxedEnvironment

from ita.report.looks import LookFault
from ita.wording import say

TEXTS = ("title", "agency", "year", "introduction", "crest")
ROW_TEXTS = ("instrument", "title", "period", "outcome")
ROW_LISTS = ("measures", "results", "divisions", "responsible")
"""A loop makes each entry a paragraph of its own; without one they stand as lines of one."""
PLACEHOLDERS = (*TEXTS, "rows", *(f"row.{name}" for name in (*ROW_TEXTS, *ROW_LISTS)))
"""Every placeholder; compared with the documentation by a test."""

_LOOP = ("index", "first", "last")
_DEEPEST_LOOP = 2
_MOST_TAGS = 500
_HARMLESS = (nodes.Template, nodes.If, nodes.Not, nodes.And, nodes.Or, nodes.Const)
Scope = Mapping[str, str]
"""What each name stands for: text, lines, row, rows or loop."""


class TemplateFault(LookFault):
    """The file can't serve as a template; the text says why and what to do."""


def not_word() -> TemplateFault:
    return TemplateFault(say("แฟ้มนี้ไม่ใช่เอกสาร Word (.docx) หรือแฟ้มเสียหาย กรุณาเลือกแฟ้ม .docx"))


@dataclass(frozen=True)
class _Unread:
    """In place of a part that has a fault: given back as it is, for none of it may run."""

    source: str

    def render(self, *_values: Any, **_named: Any) -> str:
        return self.source


class TemplateEnvironment(SandboxedEnvironment):
    """Jinja for templates of strangers; it gathers what it finds in all parts of the document.

    used: the placeholders found. unknown: names that are none. forbidden: other instructions.
    parts: how many parts of the document were read.
    """

    def __init__(self) -> None:
        super().__init__(autoescape=True)
        self.used: set[str] = set()
        self.unknown: dict[str, None] = {}
        self.forbidden: dict[str, None] = {}
        self.parts = 0
        self._tags = 0

    def from_string(self, source: Any, *more: Any, **named: Any) -> Any:
        self.parts += 1
        before = len(self.unknown) + len(self.forbidden)
        self._look(self.parse(source), {**dict.fromkeys(TEXTS, "text"), "rows": "rows"}, 0)
        if len(self.unknown) + len(self.forbidden) > before:
            return _Unread(str(source))
        return super().from_string(source, *more, **named)

    def check(self) -> None:
        """That all that was found may stand there, and that the rows come in.

        Raises:
            TemplateFault: says what to mend.
        """
        self.check_found()
        self._check_lacking()

    def check_found(self) -> None:
        """That all that was found may stand there; raises as `check` does."""
        known = ", ".join(PLACEHOLDERS)
        if self.unknown:
            names = ", ".join(f"“{name}”" for name in self.unknown)
            raise TemplateFault(
                say("แม่แบบมีตัวแทนข้อความที่ไม่รู้จัก: {names} ใช้ได้เฉพาะ {known}", names=names, known=known)
            )
        if self.forbidden:
            raise TemplateFault(
                say(
                    "แม่แบบมีคำสั่งที่ใช้ไม่ได้: {names} ใช้ได้เฉพาะตัวแทนข้อความ for ของ rows และรายการในแถว และ if",
                    names=", ".join(self.forbidden),
                )
            )

    def _check_lacking(self) -> None:
        if not self.used:
            raise TemplateFault(
                say(
                    "แม่แบบไม่มีตัวแทนข้อความเลย กรุณาใส่ เช่น {example} หรือเริ่มจากแม่แบบตั้งต้น",
                    example="{{ agency }}",
                )
            )
        if "rows" not in self.used or not any(name.startswith("row.") for name in self.used):
            raise TemplateFault(
                say(
                    "แม่แบบไม่มีตารางของรายงาน กรุณาใส่แถว {begin} … {end} หรือเริ่มจากแม่แบบตั้งต้น",
                    begin="{%tr for row in rows %}",
                    end="{%tr endfor %}",
                )
            )

    def _look(self, node: nodes.Node, scope: Scope, depth: int) -> None:
        if isinstance(node, nodes.For):
            self._look_at_loop(node, scope, depth)
        elif isinstance(node, nodes.Output):
            for shown in node.nodes:
                self._look_at_shown(shown, scope)
        elif isinstance(node, nodes.Name | nodes.Getattr):
            self._stands_for(node, scope)
        elif isinstance(node, _HARMLESS):
            for child in node.iter_child_nodes():
                self._look(child, scope, depth)
        else:
            self.forbidden.setdefault(type(node).__name__.casefold())

    def _look_at_shown(self, node: nodes.Node, scope: Scope) -> None:
        if isinstance(node, nodes.TemplateData):
            return
        self._count_tag()
        if not isinstance(node, nodes.Name | nodes.Getattr):
            self.forbidden.setdefault(type(node).__name__.casefold())
        elif self._stands_for(node, scope) in ("rows", "row", "loop"):
            self.unknown.setdefault(node.name if isinstance(node, nodes.Name) else node.attr)

    def _look_at_loop(self, node: nodes.For, scope: Scope, depth: int) -> None:
        self._count_tag()
        each = {"rows": "row", "lines": "text"}.get(self._stands_for(node.iter, scope))
        plain = isinstance(node.target, nodes.Name) and not node.recursive and not node.test
        if each is None or not plain or depth == _DEEPEST_LOOP:
            self.forbidden.setdefault("for")
            return
        inner = {**scope, "loop": "loop", getattr(node.target, "name", ""): each}
        for child in (*node.body, *node.else_):
            self._look(child, inner, depth + 1)

    def _stands_for(self, node: nodes.Node, scope: Scope) -> str:
        """What an expression stands for; notes the placeholder as used, or as unknown."""
        if isinstance(node, nodes.Name):
            if node.name not in scope:
                self.unknown.setdefault(node.name)
            elif node.name in (*TEXTS, "rows"):
                self.used.add(node.name)
            return scope.get(node.name, "")
        if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
            return self._field(node.node.name, node.attr, scope.get(node.node.name, ""))
        self.forbidden.setdefault(type(node).__name__.casefold())
        return ""

    def _field(self, owner: str, name: str, kind: str) -> str:
        if kind == "row" and name in (*ROW_TEXTS, *ROW_LISTS):
            self.used.add(f"row.{name}")
            return "lines" if name in ROW_LISTS else "text"
        if not (kind == "loop" and name in _LOOP):
            self.unknown.setdefault(f"{owner}.{name}")
        return "text"

    def _count_tag(self) -> None:
        self._tags += 1
        if self._tags > _MOST_TAGS:
            raise TemplateFault(say("แม่แบบมีตัวแทนข้อความเกิน {most} ตำแหน่ง กรุณาลดลง", most=_MOST_TAGS))
