"""Findings in the page's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from chengshu.performance.contracts import Form
from chengshu.performance.facade import FindingRecord, Language
from chengshu.performance.ui.wording import language, message_of, name_cell, words

_SHORT: Mapping[Language, Mapping[str, str]] = MappingProxyType(
    {
        "zh": {"error": "错", "breach": "规", "hint": "提"},
        "en": {"error": "E", "breach": "B", "hint": "H"},
    }
)


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
    """Put findings into words, gravest first."""
    named = words()
    return [
        Remark(
            number=item.number,
            field=item.field,
            level=item.level,
            level_name=named.levels[item.level],
            short=f"{_SHORT[language()][item.level]}{item.number}",
            code=item.code,
            code_name=named.code(item.code),
            cell_name=name_cell(item.field, form),
            message=message_of(item),
            printed=item.printed,
            expected=item.expected,
            basis=item.basis,
            doubtful=item.doubtful,
        )
        for item in sorted(findings, key=lambda item: (item.gravity, item.number))
    ]
