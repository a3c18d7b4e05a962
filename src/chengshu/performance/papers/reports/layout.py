"""Lays a findings report out in blocks: summary, overview, then form by form; the writers only dress them."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from chengshu.performance.contracts import Checked, Finding, Form, RescoredLine
from chengshu.performance.papers.reports.contents import (
    Block,
    Column,
    Facts,
    FindingsReport,
    Heading,
    Paragraph,
    Table,
    TableCell,
)
from chengshu.performance.papers.reports.figures import (
    show_change,
    show_difference,
    show_figure,
    show_moment,
    show_money,
    show_source,
    show_text,
    total_difference,
)
from chengshu.performance.papers.reports.naming import name_cell
from chengshu.performance.papers.reports.tally import (
    GRAVEST_FIRST,
    CheckedForm,
    Tally,
    count_levels,
    count_report,
    repeated_forms,
    single_forms,
)
from chengshu.performance.papers.reports.words import Words


def lay_out(report: FindingsReport, words: Words) -> tuple[Block, ...]:
    """Give the whole report in reading order."""
    return (*_summary(report, words), *_inputs(report, words), *_overview(report, words), *_details(report, words))


def _summary(report: FindingsReport, words: Words) -> Iterator[Block]:
    tally = count_report(report)
    yield Facts(tuple(summary_facts(report, tally, words)))
    if tally.classes:
        yield Heading(words["by_class"], 2)
        yield Table(
            (
                Column(words["level"], 16),
                Column(words["class"], 68),
                Column(words["count"], 16, "end"),
            ),
            tuple(
                (
                    TableCell(words.levels[item.level], tone=item.level.value),
                    TableCell(words.code(item.code)),
                    TableCell(str(item.count)),
                )
                for item in tally.classes
            ),
        )


def summary_facts(report: FindingsReport, tally: Tally, words: Words) -> Iterator[tuple[str, str]]:
    """Give the cover's facts as names and values."""
    yield words["made_at"], show_moment(report.made_at, words)
    yield words["rules"], report.rules
    yield words["files"], words["files_count"].format(tally.files)
    yield words["forms"], words["forms_count"].format(tally.forms)
    yield words["duplicates"], words["forms_count"].format(tally.duplicates)
    yield words["faults"], words["files_count"].format(tally.faults)
    yield words["unreadable_values"], words["value_count"].format(tally.unreadable)
    for level, count in tally.levels.items():
        yield words.levels[level], words["finding_count"].format(count)


def _inputs(report: FindingsReport, words: Words) -> Iterator[Block]:
    if report.faults:
        yield Heading(words["faults"])
        yield Paragraph(words["faults_note"], "muted")
        yield Table(
            (Column(words["file"], 26), Column(words["reason"], 40), Column(words["cure"], 34)),
            tuple((TableCell(item.file), TableCell(item.reason), TableCell(item.cure)) for item in report.faults),
        )
    if repeated := repeated_forms(report.checked):
        yield Heading(words["duplicates"])
        yield Paragraph(words["duplicates_note"], "muted")
        yield Table(
            (Column(words["source"], 34), Column(words["project"], 32), Column(words["same_as"], 34)),
            tuple(
                (
                    TableCell(show_source(form, words)),
                    TableCell(show_text(form.project)),
                    TableCell(words["source_of"].format(file=form.duplicate_of.file, form=form.duplicate_of.form)),
                )
                for form in repeated
                if form.duplicate_of
            ),
        )


def _overview(report: FindingsReport, words: Words) -> Iterator[Block]:
    singles = single_forms(report.checked)
    if not singles:
        return
    levels = [Column(name, 8, "end") for name in words.levels.values()]
    yield Heading(words["overview"])
    yield Table(
        (
            Column(words["number"], 7, "center"),
            Column(words["project"], 32),
            Column(words["year"], 8, "center"),
            Column(words["printed_total"], 10, "end"),
            Column(words["rule_total"], 10, "end"),
            Column(words["grade"], 9, "center"),
            *levels,
        ),
        tuple(_overview_row(number, pair) for number, pair in enumerate(singles, start=1)),
    )


def _overview_row(number: int, pair: CheckedForm) -> tuple[TableCell, ...]:
    form, checked = pair
    counts = count_levels(checked.findings)
    return (
        TableCell(str(number)),
        TableCell(show_text(form.project), note=show_text(form.unit)),
        TableCell("" if form.year is None else str(form.year)),
        TableCell(show_figure(form.total.score)),
        TableCell(show_figure(checked.rescored.total)),
        TableCell(_show_grades(form, checked)),
        *(TableCell(str(count) if count else "", tone=level.value) for level, count in counts.items()),
    )


def _show_grades(form: Form, checked: Checked) -> str:
    printed = form.grade or checked.rescored.printed_grade
    if checked.rescored.changed and checked.rescored.grade:
        return f"{show_text(printed)} → {checked.rescored.grade}"
    return printed or ""


def _details(report: FindingsReport, words: Words) -> Iterator[Block]:
    singles = single_forms(report.checked)
    if singles:
        yield Heading(words["details"])
    for number, (form, checked) in enumerate(singles, start=1):
        yield Heading(f"{number}. {show_text(form.project)}", 2)
        yield Facts(tuple(_form_facts(form, checked, words)))
        if checked.rescored.changed and checked.rescored.grade:
            printed = show_text(checked.rescored.printed_grade)
            yield Paragraph(words["grade_changed"].format(printed=printed, rule=checked.rescored.grade), "breach")
        yield from _finding_blocks(form, checked, words)
        yield from _rescored_blocks(form, checked, words)
        yield from _doubtful_blocks(form, checked, words)


def _form_facts(form: Form, checked: Checked, words: Words) -> Iterator[tuple[str, str]]:
    yield words["source"], show_source(form, words)
    yield words["unit"], show_text(form.unit)
    yield words["year"], "" if form.year is None else str(form.year)
    unit = form.money_unit
    name = words["money"].format(unit=unit) if unit else words["money_unknown_unit"]
    yield name, words["money_of"].format(**show_money(form))
    yield words["printed_total"], words["joint"].join(filter(None, (show_figure(form.total.score), form.grade)))
    rescored = checked.rescored
    if rescored.total is None:
        yield words["rule_total"], words["not_scored"]
    else:
        yield words["rule_total"], words["joint"].join(filter(None, (show_figure(rescored.total), rescored.grade)))
        yield words["difference"], show_difference(total_difference(form, checked))


def _finding_blocks(form: Form, checked: Checked, words: Words) -> Iterator[Block]:
    certain = [finding for finding in checked.findings if not finding.doubtful]
    if certain:
        yield _finding_table(form, certain, words)
    elif not checked.findings and not form.unreadable:
        yield Paragraph(words["clean"], "muted")


def _finding_table(form: Form, findings: Sequence[Finding], words: Words) -> Table:
    """Group the findings by cell: cells with the gravest finding first, then in the order of the findings."""
    fields = [finding.field for finding in findings]
    gravity = {field: min(_rank(item) for item in findings if item.field == field) for field in fields}
    ranked = sorted(findings, key=lambda item: (gravity[item.field], fields.index(item.field), _rank(item)))
    rows: list[tuple[TableCell | None, ...]] = []
    for field, group in groupby(ranked, key=lambda finding: finding.field):
        members = list(group)
        cell = TableCell(name_cell(form, field, words), rows=len(members))
        for number, finding in enumerate(members):
            rows.append((None if number else cell, *_finding_cells(finding, words)))
    return Table(
        (
            Column(words["cell"], 22),
            Column(words["level"], 10, "center"),
            Column(words["change"], 22),
            Column(words["message"], 46),
        ),
        tuple(rows),
    )


def _rank(finding: Finding) -> int:
    return GRAVEST_FIRST.index(finding.level)


def _finding_cells(finding: Finding, words: Words) -> tuple[TableCell, ...]:
    return (
        TableCell(words.levels[finding.level], tone=finding.level.value),
        TableCell(show_change(finding, words), note=words.code(finding.code)),
        TableCell(words.message(finding), note=finding.basis),
    )


def _rescored_blocks(form: Form, checked: Checked, words: Words) -> Iterator[Block]:
    if not checked.rescored.lines:
        return
    differing = [line for line in checked.rescored.lines if line.score != line.printed]
    yield Heading(words["rescoring"], 3)
    if not differing:
        yield Paragraph(words["agrees"], "muted")
        return
    yield Table(
        (
            Column(words["line"], 34),
            Column(words["weight"], 10, "end"),
            Column(words["printed_score"], 12, "end"),
            Column(words["rule_score"], 12, "end"),
            Column(words["why"], 32),
        ),
        tuple(_rescored_row(form, line, words) for line in differing),
    )


def _rescored_row(form: Form, line: RescoredLine, words: Words) -> tuple[TableCell, ...]:
    return (
        TableCell(name_cell(form, line.field.removesuffix("/score"), words)),
        TableCell(show_figure(line.weight)),
        TableCell(show_figure(line.printed)),
        TableCell(show_figure(line.score)),
        TableCell(words.why(line)),
    )


def _doubtful_blocks(form: Form, checked: Checked, words: Words) -> Iterator[Block]:
    doubtful = [finding for finding in checked.findings if finding.doubtful]
    if not doubtful and not form.unreadable:
        return
    yield Heading(words["doubtful"], 3)
    yield Paragraph(words["doubtful_note"], "muted")
    unreadable = tuple(
        (TableCell(name_cell(form, item.field, words)), TableCell(item.raw), TableCell(words["unreadable_values"]))
        for item in form.unreadable
    )
    questioned = tuple(
        (
            TableCell(name_cell(form, finding.field, words)),
            TableCell(show_change(finding, words)),
            TableCell(words.message(finding)),
        )
        for finding in doubtful
    )
    columns = (Column(words["cell"], 30), Column(words["raw"], 26), Column(words["message"], 44))
    yield Table(columns, unreadable + questioned)
