"""A reader and a rule that fit on a page, for tests of what stands around them."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from chengshu.documents.contracts import Cell, Layout, Place, Row
from chengshu.documents.errors import DocumentCorrupt
from chengshu.performance.contracts import Checked, Finding, Form, FormRef, Level, Origin, Rescored, RescoredLine
from chengshu.performance.contracts.wire import form_from_record
from chengshu.performance.errors import NotAForm
from chengshu.performance.queries.intake import PageProgress, Reading


def a_record(project: str = "数据运营", **parts: Any) -> dict[str, Any]:
    """Give the published record of a small form whose total is right."""
    record: dict[str, Any] = {
        "source": {"file": "甲.txt", "form": 1, "line": 1},
        "duplicate_of": None,
        "template": "shanghai-2020",
        "year": 2020,
        "project": project,
        "department": "某市大数据中心",
        "unit": "某市大数据中心",
        "money_unit": "元",
        "money": {
            "total": {
                "initial": "100.00",
                "budget": "200.00",
                "executed": "150.00",
                "weight": "10",
                "rate": "75.00",
                "score": "7.50",
            },
        },
        "goal": {"expected": "办好", "actual": "办好了"},
        "indicators": [
            {
                "level1": "产出指标",
                "level2": "数量指标",
                "level3": "归集数据条数",
                "target": "≥100条",
                "actual": "120条",
                "weight": "50",
                "score": "50",
                "reason": None,
                "confidence": 1.0,
            },
            {
                "level1": "效益指标",
                "level2": "社会效益指标",
                "level3": "办件提速",
                "target": "≥10%",
                "actual": "8%",
                "weight": "40",
                "score": "32",
                "reason": None,
                "confidence": 1.0,
            },
        ],
        "total": {"weight": "100", "score": "89.50"},
        "grade": None,
        "unreadable": [],
    }
    return {**record, **parts}


def as_bytes(*records: dict[str, Any]) -> bytes:
    """Give the records as the fake reader takes them: one a line."""
    return "\n".join(json.dumps(record, ensure_ascii=False) for record in records).encode()


@dataclass
class FakeReader:
    """Reads JSON lines as forms; `坏` is a corrupt file, `空` holds no form; notes which files it has read."""

    read: list[str] = field(default_factory=list)

    def read_bytes(self, name: str, data: bytes, on_page: PageProgress) -> Iterator[Reading]:
        """Give the forms of a file, or its fault."""
        self.read.append(name)
        text = data.decode()
        on_page(1, 1)
        if text.startswith("坏"):
            yield Reading(name, fault=DocumentCorrupt(f"{name} 已损坏，请重新导出。", file=name))
        elif text.startswith("空"):
            yield Reading(name, fault=NotAForm(f"{name} 里没有自评表。", file=name))
        elif text.startswith("包"):
            for number, line in enumerate(text.splitlines()[1:], start=1):
                forms, rows = _forms(f"{number}.txt", [line])
                yield Reading(f"{number}.txt", member=f"{name}!/{number}.txt", forms=forms, rows=rows)
        else:
            forms, rows = _forms(name, text.splitlines())
            yield Reading(name, forms=forms, rows=rows)

    def mark_duplicates(self, forms: Sequence[Form]) -> Sequence[Form]:
        """Call forms of the same project and year the same."""
        first: dict[tuple[str | None, int | None], FormRef] = {}
        marked = []
        for form in forms:
            ref = FormRef(form.source.file, form.source.form)
            earlier = first.setdefault((form.project, form.year), ref)
            marked.append(replace(form, duplicate_of=None if earlier == ref else earlier))
        return marked

    def check_forms(self, forms: Sequence[Form], rules: str = "") -> Sequence[Checked]:
        """Find wrong totals, and deductions without a reason."""
        return [_checked(form, rules or "测试口径") for form in forms]


def _forms(name: str, lines: Sequence[str]) -> tuple[tuple[Form, ...], tuple[Row, ...]]:
    forms, rows = [], []
    for number, line in enumerate(lines, start=1):
        form = form_from_record(json.loads(line))
        place = Place(line=number * 10 + 1)
        cells = (Cell("总分", place), Cell(str(form.total.score), place))
        rows += [
            Row((Cell(f"{form.project}自评表", Place(line=number * 10)),), Layout.LOOSE),
            Row(cells, Layout.TABBED, table=number),
        ]
        origins = {"/total/score": Origin(str(form.total.score), place, 0.9)}
        source = replace(form.source, file=name, form=number, line=number * 10)
        forms.append(replace(form, source=source, origins=origins))
    return tuple(forms), tuple(rows)


def _checked(form: Form, rules: str) -> Checked:
    findings = []
    scores = [form.money.total.score, *(item.score for item in form.indicators)]
    total = sum((score for score in scores if score is not None), Decimal(0))
    if form.total.score != total:
        printed = None if form.total.score is None else str(form.total.score)
        findings.append(
            Finding("TOTAL_WRONG", Level.ERROR, "/total/score", printed, str(total), "总分有误", "Total wrong", rules)
        )
    for number, item in enumerate(form.indicators):
        if item.score != item.weight and not item.reason:
            pointer = f"/indicators/{number}/reason"
            findings.append(
                Finding("REASON_MISSING", Level.BREACH, pointer, None, None, "扣分未说明原因", "No reason", rules)
            )
    lines = tuple(
        RescoredLine(f"/indicators/{n}", item.weight, item.score, item.score, "按比例", "pro rata")
        for n, item in enumerate(form.indicators)
    )
    return Checked(form.source, rules, tuple(findings), Rescored(total, "良", form.grade, changed=False, lines=lines))
