"""Counts what a report is about; repeated printings of a form count as duplicates and nowhere else."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from chengshu.performance.contracts import Checked, Finding, Form, Level
from chengshu.performance.papers.reports.contents import FindingsReport

GRAVEST_FIRST = tuple(Level)

CheckedForm = tuple[Form, Checked]


@dataclass(frozen=True, slots=True)
class ClassCount:
    """How many findings of one class on one level."""

    level: Level
    code: str
    count: int


@dataclass(frozen=True, slots=True)
class Tally:
    """The figures of the cover. `unreadable` counts single values, `faults` whole inputs."""

    files: int
    forms: int
    duplicates: int
    faults: int
    unreadable: int
    levels: dict[Level, int]
    classes: tuple[ClassCount, ...]


def count_report(report: FindingsReport) -> Tally:
    """Count files, forms and findings; classes stand gravest first, then most frequent first."""
    singles = single_forms(report.checked)
    counts = Counter((finding.level, finding.code) for _, checked in singles for finding in checked.findings)
    classes = [ClassCount(level, code, count) for (level, code), count in counts.items()]
    return Tally(
        files=report.files,
        forms=len(singles),
        duplicates=len(report.checked) - len(singles),
        faults=len(report.faults),
        unreadable=sum(len(form.unreadable) for form, _ in singles),
        levels=count_levels([finding for _, checked in singles for finding in checked.findings]),
        classes=tuple(sorted(classes, key=lambda item: (GRAVEST_FIRST.index(item.level), -item.count, item.code))),
    )


def count_levels(findings: Sequence[Finding]) -> dict[Level, int]:
    """Count findings of each level, zero included, gravest first."""
    counts = Counter(finding.level for finding in findings)
    return {level: counts[level] for level in GRAVEST_FIRST}


def single_forms(checked: Sequence[CheckedForm]) -> list[CheckedForm]:
    """Leave out the forms that repeat another one."""
    return [pair for pair in checked if pair[0].duplicate_of is None]


def repeated_forms(checked: Sequence[CheckedForm]) -> list[Form]:
    """Give the forms that repeat another one."""
    return [form for form, _ in checked if form.duplicate_of is not None]
