"""Findings in the page's words."""

from dataclasses import dataclass

from chengshu.performance.contracts import Form
from chengshu.performance.facade import FindingRecord
from chengshu.performance.ui.wording import message_of, name_cell, words


@dataclass(frozen=True, slots=True)
class Remark:
    """One finding ready to be shown; `short` is what stands on the cell ("错3")."""

    number: int
    field: str
    level: str
    level_name: str
    short: str
    code: str
    code_name: str
    cell_name: str
    message: str
    printed: str | None
    expected: str | None
    basis: str
    doubtful: bool


def word_findings(findings: list[FindingRecord], form: Form) -> list[Remark]:
    """Put findings into words, in their order."""
    named = words()
    return [
        Remark(
            number=item.number,
            field=item.field,
            level=item.level,
            level_name=named.levels[item.level],
            short=f"{named.levels[item.level][:1]}{item.number}",
            code=item.code,
            code_name=named.code(item.code),
            cell_name=name_cell(item.field, form),
            message=message_of(item),
            printed=item.printed,
            expected=item.expected,
            basis=item.basis,
            doubtful=item.doubtful,
        )
        for item in findings
    ]
