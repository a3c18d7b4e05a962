"""Issues for the tests of pages, made without a lake."""

from datetime import date

from conftest import NOW

from chengshu.resources.models import (
    CheckRun,
    DataResource,
    IssueRow,
    QualityIssue,
    QualityRule,
    ReturnedSheet,
    RuleOutcome,
)
from chengshu.resources.operations.quality_tickets import open_issue_ticket


def add_rule(resource: DataResource, key: str = "f0.not_null") -> QualityRule:
    """Keep a rule for the first field of a resource."""
    definition = {"kind": "not_null", "columns": ["f0"]}
    rule, _is_new = QualityRule.objects.get_or_create(
        resource=resource,
        key=key,
        defaults={"name": "信息项不得为空", "definition": definition, "origin": "person", "changed_at": NOW},
    )
    return rule


def add_run(resource: DataResource) -> CheckRun:
    """Keep a check that is done."""
    return CheckRun.objects.create(
        resource=resource,
        kind="full",
        state="done",
        table="standard/t",
        version=0,
        month_on=date(2024, 3, 1),
        rows=9,
        started_at=NOW,
        finished_at=NOW,
    )


def add_issue(resource: DataResource, *, rows: int = 1, key: str = "f0.not_null") -> QualityIssue:
    """Keep an open issue of a resource's department with its rows and its ticket."""
    rule, run = add_rule(resource, key), add_run(resource)
    RuleOutcome.objects.create(run=run, rule=rule, revision=1, checked=9, failed=rows, is_passed=False)
    issue = QualityIssue.objects.create(
        resource=resource,
        rule=rule,
        organisation=resource.department,
        opened_in=run,
        rows_total=rows,
        rows_owed=rows,
        opened_at=NOW,
    )
    _owe(issue, range(rows))
    issue.ticket = open_issue_ticket(issue, now=NOW)
    issue.save()
    return issue


def add_rows(issue: QualityIssue, rows: int) -> None:
    """Let an issue have more rows."""
    before = issue.rows_total
    _owe(issue, range(before, before + rows))
    issue.rows_total = issue.rows_owed = before + rows
    issue.save()


def _owe(issue: QualityIssue, numbers: range) -> None:
    IssueRow.objects.bulk_create(
        IssueRow(
            issue=issue,
            rule=issue.rule,
            key=[str(at)],
            key_digest=f"{issue.pk}-{at}",
            value="",
            seen_in=issue.opened_in,
        )
        for at in numbers
    )


def add_sheet(issue: QualityIssue, *, rejected: int = 0) -> ReturnedSheet:
    """Keep the receipt of a corrected sheet."""
    sheet = ReturnedSheet.objects.create(
        issue=issue,
        name="更正表.xlsx",
        digest=f"{rejected:064}",
        taken_at=NOW,
        sent=rejected,
        taken=0,
        rejected=rejected,
    )
    for at in range(rejected):
        sheet.refusals.create(row=at + 2, cells=[], reason="没有填写“更正为”。")
    return sheet
