"""A form's official paper as the page shows it: cells with their findings, and the score by rule beside each row."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from chengshu.performance import facade
from chengshu.performance.contracts import Form
from chengshu.performance.facade import FormRecord, Sheet, SheetCell
from chengshu.performance.ui.remarks import Remark
from chengshu.performance.ui.wording import language, write_figure

_RULE_COLUMN_PCT = 11
_GRAVITY = {"error": 0, "breach": 1, "hint": 2}


@dataclass(frozen=True, slots=True)
class PaperCell:
    """One cell with what the page adds: its anchor, findings, whether it is in doubt, corrected or chosen."""

    cell: SheetCell
    anchor: str
    findings: tuple[Remark, ...]
    is_doubtful: bool
    is_corrected: bool
    is_unreadable: bool
    is_chosen: bool

    @property
    def level(self) -> str:
        """The gravest level of the cell's findings; empty without any."""
        return min((finding.level for finding in self.findings), key=_GRAVITY.__getitem__, default="")


@dataclass(frozen=True, slots=True)
class RuleScore:
    """What a row gets by rule, and why; `differs` from the printed score."""

    score: str
    why: str
    differs: bool


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One row of the paper; `rule` is None where nothing is scored, `heads_rule` marks the row that names the column."""

    cells: tuple[PaperCell, ...]
    rule: RuleScore | None
    heads_rule: bool


@dataclass(frozen=True, slots=True)
class Paper:
    """The whole paper; `loose` are the findings that belong to no cell of it."""

    sheet: Sheet
    rows: tuple[PaperRow, ...]
    loose: tuple[Remark, ...]
    widths_pct: tuple[int, ...]
    rule_width_pct: int = _RULE_COLUMN_PCT


@dataclass(frozen=True, slots=True)
class Marks:
    """What is known of the cells, by JSON pointer; a reading less certain than `doubt_below` is in doubt."""

    findings: Sequence[Remark]
    confidences: Mapping[str, float]
    corrected: frozenset[str]
    unreadable: frozenset[str]
    doubt_below: float
    chosen: str


def anchor_of(pointer: str) -> str:
    """Give the id of a cell on the page."""
    return "cell" + pointer.replace("/", "-")


def draw_paper(stored: FormRecord, form: Form, marks: Marks, *, shown: range) -> Paper:
    """Lay the form out with its marks, as far as its indicators are `shown`."""
    sheet = facade.lay_out_form(form, shown=shown)
    fields = [cell.field for row in sheet.rows for cell in row if cell.field]
    placed, loose = _place_findings(marks.findings, fields)
    rules = _rule_scores(stored)
    total = sum(sheet.widths)
    return Paper(
        sheet,
        tuple(_draw_rows(sheet, marks, placed, rules)),
        loose,
        tuple(round(width * (100 - _RULE_COLUMN_PCT) / total) for width in sheet.widths),
    )


def _place_findings(
    findings: Sequence[Remark], fields: Sequence[str]
) -> tuple[dict[str, list[Remark]], tuple[Remark, ...]]:
    """Put each finding on its cell, or on the last cell of the part that it speaks of."""
    parts: dict[str, list[str]] = {}
    for field in fields:
        for parent in _parents(field):
            parts.setdefault(parent, []).append(field)
    placed: dict[str, list[Remark]] = {}
    loose = []
    for finding in findings:
        inside = parts.get(finding.field)
        if inside is None:
            loose.append(finding)
        else:
            cell = finding.field if finding.field in inside else _name_cell_of(inside)
            placed.setdefault(cell, []).append(finding)
    return placed, tuple(loose)


def _name_cell_of(fields: Sequence[str]) -> str:
    """Choose the cell that names a row (the indicator's own name), else its first one."""
    return next((field for field in fields if field.endswith("/level3")), fields[0])


def _draw_rows(
    sheet: Sheet, marks: Marks, placed: Mapping[str, list[Remark]], rules: Mapping[str, RuleScore]
) -> Iterator[PaperRow]:
    for row in sheet.rows:
        cells = tuple(_draw_cell(cell, marks, placed) for cell in row)
        parts = (field for cell in row if cell.field for field in _parents(cell.field))
        rule = next((rules[field] for field in parts if field in rules), None)
        yield PaperRow(cells, rule, heads_rule=bool(row) and row[0].row == sheet.heading)


def _parents(field: str) -> Iterator[str]:
    """Give the pointers of the parts that a cell is in, widest first, itself last."""
    steps = field.split("/")
    return ("/".join(steps[:length]) for length in range(2, len(steps) + 1))


def _draw_cell(cell: SheetCell, marks: Marks, placed: Mapping[str, list[Remark]]) -> PaperCell:
    field = cell.field
    return PaperCell(
        cell,
        anchor_of(field) if field else "",
        tuple(placed.get(field, ())) if field else (),
        is_doubtful=marks.confidences.get(field, 1.0) < marks.doubt_below and field not in marks.corrected,
        is_corrected=field in marks.corrected,
        is_unreadable=field in marks.unreadable,
        is_chosen=bool(field) and field == marks.chosen,
    )


def _rule_scores(form: FormRecord) -> dict[str, RuleScore]:
    scored = getattr(form, "rescoring", None)
    if scored is None:
        return {}
    rules = {line["field"]: _rule_score(line) for line in scored.lines}
    rules["/total"] = RuleScore(write_figure(scored.total), "", scored.total is not None and scored.total != form.score)
    return rules


def _rule_score(line: Mapping[str, Any]) -> RuleScore:
    score, printed = (None if line[name] is None else Decimal(line[name]) for name in ("score", "printed"))
    why = line["why_en"] if language() == "en" else line["why"]
    return RuleScore(write_figure(score), why, score is not None and score != printed)
