"""Forms side by side: one project across years, or the two printings of a form."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from rapidfuzz import fuzz

from chengshu.performance.errors import FormNotFound
from chengshu.performance.models import FormRecord, Viewer
from chengshu.performance.queries.records import list_forms

_YEAR = re.compile(r"[（(]?(19|20)\d{2}\s*年?度?[)）]?")
_NOISE = re.compile(r"[\s，。、（）()“”\"‘’《》·_-]+")
_NEAR = 82.0
_MOST_FORMS = 6
_MONEY = ("initial", "budget", "executed", "rate", "score")


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """One thing in every form: the texts in the order of the forms (None = absent), and how a figure moved.

    `moves` has one entry less than `values`: the difference to the form before, None where one of them is no figure.
    """

    field: str
    name: str
    values: tuple[str | None, ...]
    moves: tuple[Decimal | None, ...]

    @property
    def differs(self) -> bool:
        """Whether the forms do not all say the same; of scores, whether they are not the same figure."""
        if self.name == "score" and None not in self.moves:
            return any(self.moves)
        return len(set(self.values)) > 1


@dataclass(frozen=True, slots=True)
class ComparedIndicator:
    """One indicator in every form that has it, by the same or a near name; None where a form has none."""

    names: tuple[str | None, ...]
    lines: tuple[ComparedLine, ...]

    @property
    def differs(self) -> bool:
        """Whether anything of the indicator differs, its name included."""
        return len(set(self.names)) > 1 or any(line.differs for line in self.lines)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Forms in the order of their years, aligned by meaning."""

    forms: tuple[FormRecord, ...]
    heads: tuple[ComparedLine, ...]
    indicators: tuple[ComparedIndicator, ...]


def project_core(name: str) -> str:
    """Give what a project's name keeps from year to year: years and punctuation left out."""
    return _NOISE.sub("", _YEAR.sub("", name))


def list_related_forms(form: FormRecord, *, viewer: Viewer, on: date) -> list[FormRecord]:
    """List the visible forms of the same project, this one included, by year; at most six, each by one printing."""
    core = project_core(form.project)
    if not core:
        return [form]
    longest = max(_NOISE.split(_YEAR.sub(" ", form.project)), key=len)
    once = list_forms(viewer, on=on).filter(duplicate_of__isnull=True)
    near = once.filter(project__icontains=longest).order_by("year", "pk")[:200]
    same = {form.pk, form.duplicate_of_id}
    others = [other for other in near if other.pk not in same and project_core(other.project) == core]
    return sorted([form, *others[: _MOST_FORMS - 1]], key=lambda item: (item.year or 0, item.pk))


def compare_forms(form_ids: Sequence[int], *, viewer: Viewer, on: date) -> Comparison:
    """Lay up to six forms side by side, by year; raise FormNotFound when one is out of the viewer's sight."""
    wanted = list(dict.fromkeys(form_ids))[:_MOST_FORMS]
    forms = list(list_forms(viewer, on=on).select_related("content").filter(pk__in=wanted).order_by("year", "pk"))
    if not forms or len(forms) != len(wanted):
        raise FormNotFound("要比较的自评表不存在，或您无权查看。")
    records = [form.content.record for form in forms]
    return Comparison(tuple(forms), tuple(_head_lines(records)), tuple(_align_indicators(records)))


def _head_lines(records: Sequence[dict[str, Any]]) -> list[ComparedLine]:
    paths: list[tuple[str, ...]] = [("project",), ("department",), ("unit",), ("money_unit",)]
    paths += [("money", "total", column) for column in _MONEY]
    paths += [("total", "score"), ("grade",), ("goal", "expected"), ("goal", "actual")]
    return [_line("/" + "/".join(path), path[-1], [_dig(record, path) for record in records]) for path in paths]


def _align_indicators(records: Sequence[dict[str, Any]]) -> list[ComparedIndicator]:
    """Match each form's indicators to the rows found so far: same name first, then the nearest name."""
    rows: list[list[dict[str, Any] | None]] = []
    for column, record in enumerate(records):
        left = list(record["indicators"])
        for threshold in (100.0, _NEAR):
            left = _place(left, rows, column, threshold)
        rows += [[*([None] * column), item] for item in left]
        for row in rows:
            row.extend([None] * (column + 1 - len(row)))
    return [_compared(row) for row in rows]


def _place(
    items: list[dict[str, Any]], rows: list[list[dict[str, Any] | None]], column: int, threshold: float
) -> list[dict[str, Any]]:
    """Put each item into the free row whose name is nearest and near enough; give those left over."""
    left = []
    for item in items:
        scored = [(_nearness(item, row), -at) for at, row in enumerate(rows) if len(row) == column]
        best, at = max(scored, default=(0.0, 0))
        if best >= threshold:
            rows[-at].append(item)
        else:
            left.append(item)
    return left


def _nearness(item: dict[str, Any], row: Sequence[dict[str, Any] | None]) -> float:
    name = project_core(item["level3"] or "")
    others = [project_core(other["level3"] or "") for other in row if other is not None]
    return max((fuzz.ratio(name, other) for other in others if name and other), default=0.0)


def _compared(row: Sequence[dict[str, Any] | None]) -> ComparedIndicator:
    columns = ("target", "actual", "weight", "score", "reason")
    return ComparedIndicator(
        names=tuple(None if item is None else item["level3"] or "" for item in row),
        lines=tuple(
            _line(column, column, [None if item is None else item[column] for item in row]) for column in columns
        ),
    )


def _line(field: str, name: str, values: Sequence[str | None]) -> ComparedLine:
    moves = [
        None if (a := _figure(before)) is None or (b := _figure(after)) is None else b - a
        for before, after in pairwise(values)
    ]
    return ComparedLine(field, name, tuple(values), tuple(moves))


def _figure(text: str | None) -> Decimal | None:
    """Give the figure of a text that holds exactly one."""
    found = re.findall(r"-?\d+(?:\.\d+)?", (text or "").replace(",", ""))
    return Decimal(found[0]) if len(found) == 1 else None


def _dig(record: dict[str, Any], path: Sequence[str]) -> str | None:
    value: Any = record
    for step in path:
        value = (value or {}).get(step)
    return None if value is None else str(value)
