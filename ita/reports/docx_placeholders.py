"""Checks the placeholders of an agency's Word template, which is a small Jinja program.

A template names the placeholders below, goes through the rows and asks whether a text is there. It
calls nothing and counts nothing, so a stranger's file can do no more than misplace our texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import nodes
from jinja2.sandbox import SandboxedEnvironment

from ita.i18n import _
from ita.reports.looks import LookFault

TEXTS = ("title", "agency", "year", "introduction", "crest")
ROW_TEXTS = ("instrument", "title", "period", "outcome")
# A loop makes each entry a paragraph; without one they are lines of one paragraph.
ROW_LISTS = ("measures", "results", "divisions", "responsible")
# Every placeholder; compared with the documentation by a test.
PLACEHOLDERS = (*TEXTS, "rows", *(f"row.{name}" for name in (*ROW_TEXTS, *ROW_LISTS)))

_LOOP = ("index", "first", "last")
_MAX_LOOP_DEPTH = 2
_MAX_TAGS = 500
_ALLOWED_NODES = (nodes.Template, nodes.If, nodes.Not, nodes.And, nodes.Or, nodes.Const)
# Name → its type: text, lines, row, rows or loop.
NameTypes = Mapping[str, str]


class TemplateFault(LookFault):
    """The file can't serve as a template; the text says why and what to do."""


def not_a_word_file() -> TemplateFault:
    return TemplateFault(_("แฟ้มนี้ไม่ใช่เอกสาร Word (.docx) หรือแฟ้มเสียหาย กรุณาเลือกแฟ้ม .docx"))


@dataclass(frozen=True)
class _RawTemplate:
    """Replaces a part with a fault: rendered as its source, so that none of it runs."""

    source: str

    def render(self, *_values: Any, **_named: Any) -> str:
        return self.source


class TemplateEnvironment(SandboxedEnvironment):
    """Jinja for untrusted templates; collects names and instructions of all parts of the document.

    used: placeholders. unknown: names that are none. forbidden: other instructions.
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
        problem_count = len(self.unknown) + len(self.forbidden)
        self._visit(self.parse(source), {**dict.fromkeys(TEXTS, "text"), "rows": "rows"}, 0)
        if len(self.unknown) + len(self.forbidden) > problem_count:
            return _RawTemplate(str(source))
        return super().from_string(source, *more, **named)

    def check(self) -> None:
        """Checks that only known placeholders are used, and that the rows are.

        Raises:
            TemplateFault: says what to repair.
        """
        self.check_names()
        self._check_required()

    def check_names(self) -> None:
        """Checks that only known placeholders are used; raises as `check` does."""
        known = ", ".join(PLACEHOLDERS)
        if self.unknown:
            names = ", ".join(f"“{name}”" for name in self.unknown)
            raise TemplateFault(
                _("แม่แบบมีตัวแทนข้อความที่ไม่รู้จัก: {names} ใช้ได้เฉพาะ {known}", names=names, known=known)
            )
        if self.forbidden:
            raise TemplateFault(
                _(
                    "แม่แบบมีคำสั่งที่ใช้ไม่ได้: {names} ใช้ได้เฉพาะตัวแทนข้อความ for ของ rows และรายการในแถว และ if",
                    names=", ".join(self.forbidden),
                )
            )

    def _check_required(self) -> None:
        if not self.used:
            raise TemplateFault(
                _(
                    "แม่แบบไม่มีตัวแทนข้อความเลย กรุณาใส่ เช่น {example} หรือเริ่มจากแม่แบบตั้งต้น",
                    example="{{ agency }}",
                )
            )
        if "rows" not in self.used or not any(name.startswith("row.") for name in self.used):
            raise TemplateFault(
                _(
                    "แม่แบบไม่มีตารางของรายงาน กรุณาใส่แถว {begin} … {end} หรือเริ่มจากแม่แบบตั้งต้น",
                    begin="{%tr for row in rows %}",
                    end="{%tr endfor %}",
                )
            )

    def _visit(self, node: nodes.Node, name_types: NameTypes, depth: int) -> None:
        if isinstance(node, nodes.For):
            self._visit_loop(node, name_types, depth)
        elif isinstance(node, nodes.Output):
            for shown in node.nodes:
                self._visit_output(shown, name_types)
        elif isinstance(node, nodes.Name | nodes.Getattr):
            self._type_of(node, name_types)
        elif isinstance(node, _ALLOWED_NODES):
            for child in node.iter_child_nodes():
                self._visit(child, name_types, depth)
        else:
            self.forbidden.setdefault(type(node).__name__.casefold())

    def _visit_output(self, node: nodes.Node, name_types: NameTypes) -> None:
        if isinstance(node, nodes.TemplateData):
            return
        self._count_tag()
        if not isinstance(node, nodes.Name | nodes.Getattr):
            self.forbidden.setdefault(type(node).__name__.casefold())
        elif self._type_of(node, name_types) in ("rows", "row", "loop"):
            self.unknown.setdefault(node.name if isinstance(node, nodes.Name) else node.attr)

    def _visit_loop(self, node: nodes.For, name_types: NameTypes, depth: int) -> None:
        self._count_tag()
        item_type = {"rows": "row", "lines": "text"}.get(self._type_of(node.iter, name_types))
        is_plain = isinstance(node.target, nodes.Name) and not node.recursive and not node.test
        if item_type is None or not is_plain or depth == _MAX_LOOP_DEPTH:
            self.forbidden.setdefault("for")
            return
        inner = {**name_types, "loop": "loop", getattr(node.target, "name", ""): item_type}
        for child in (*node.body, *node.else_):
            self._visit(child, inner, depth + 1)

    def _type_of(self, node: nodes.Node, name_types: NameTypes) -> str:
        """The type of an expression; records the placeholder as used or unknown."""
        if isinstance(node, nodes.Name):
            if node.name not in name_types:
                self.unknown.setdefault(node.name)
            elif node.name in (*TEXTS, "rows"):
                self.used.add(node.name)
            return name_types.get(node.name, "")
        if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
            return self._field_type(node.node.name, node.attr, name_types.get(node.node.name, ""))
        self.forbidden.setdefault(type(node).__name__.casefold())
        return ""

    def _field_type(self, parent_name: str, name: str, parent_type: str) -> str:
        if parent_type == "row" and name in (*ROW_TEXTS, *ROW_LISTS):
            self.used.add(f"row.{name}")
            return "lines" if name in ROW_LISTS else "text"
        if not (parent_type == "loop" and name in _LOOP):
            self.unknown.setdefault(f"{parent_name}.{name}")
        return "text"

    def _count_tag(self) -> None:
        self._tags += 1
        if self._tags > _MAX_TAGS:
            raise TemplateFault(_("แม่แบบมีตัวแทนข้อความเกิน {most} ตำแหน่ง กรุณาลดลง", most=_MAX_TAGS))
