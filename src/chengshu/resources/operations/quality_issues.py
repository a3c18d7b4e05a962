"""Failing rows become issues that departments owe; rows are settled by checks; without owed rows an issue closes itself."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import TypeAlias

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from chengshu.kernel.audit.facade import record
from chengshu.resources.contracts.quality import IssueState, RowFate
from chengshu.resources.models import CheckRun, IssueRow, QualityIssue, QualityRule
from chengshu.resources.operations.quality_tickets import end_ticket, open_issue_ticket
from chengshu.resources.rules.row_keys import digest_key

MOST_ROWS = 200_000
"""Failing rows of one rule that one check attaches to issues; the next check finds the rest."""
_BATCH = 1000
_VALUE_LENGTH = 1000
_NUL = "\x00"
RowKey: TypeAlias = tuple[str | None, ...]


@dataclass(slots=True)
class _Opening:
    """The issues that one check opens for one rule, by the earlier issue whose rows fail again (None: new rows)."""

    run: CheckRun
    rule: QualityRule
    now: datetime
    issues: dict[int | None, QualityIssue] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)

    def issue_for(self, earlier: int | None) -> QualityIssue:
        """Give the issue for rows of one kind, opened with its first row."""
        if earlier not in self.issues:
            self.issues[earlier] = QualityIssue.objects.create(
                resource=self.run.resource,
                rule=self.rule,
                organisation_id=self.run.resource.department_id,
                opened_in=self.run,
                recurrence_of_id=earlier,
                rows_total=1,
                rows_owed=1,
                opened_at=self.now,
            )
        return self.issues[earlier]


def attach_rows(
    run: CheckRun, rule: QualityRule, failing: Iterable[tuple[RowKey, str | None]], *, now: datetime
) -> tuple[list[QualityIssue], int]:
    """Keep the failing rows of a rule that are not owed yet as issues with tickets; tell also how many were too many.

    A row that was verified and fails again goes to an issue that names the one before.
    """
    opening = _Opening(run, rule, now)
    rows = _each_once(failing)
    while batch := dict(islice(rows, _BATCH)):
        _attach(opening, batch)
        if sum(opening.counts.values()) >= MOST_ROWS:
            break
    beyond = sum(1 for _row in rows)
    for issue in opening.issues.values():
        issue.rows_total = issue.rows_owed = opening.counts[issue.pk]
        issue.ticket = open_issue_ticket(issue, now=now)
        issue.save(update_fields=["rows_total", "rows_owed", "ticket"])
    return list(opening.issues.values()), beyond


def _each_once(failing: Iterable[tuple[RowKey, str | None]]) -> Iterator[tuple[str, tuple[RowKey, str]]]:
    """Give every key once by its digest: rows that share a key are owed as one."""
    seen: set[str] = set()
    for key, value in failing:
        digest = digest_key(key)
        if digest not in seen:
            seen.add(digest)
            yield digest, (key, read_cell(value))


def read_cell(value: str | None) -> str:
    """Give a failing cell as it is kept: cut at a thousand characters, empty for none."""
    return (value or "")[:_VALUE_LENGTH].replace(_NUL, "")


def _attach(opening: _Opening, batch: Mapping[str, tuple[RowKey, str]]) -> None:
    known = IssueRow.objects.filter(rule=opening.rule, key_digest__in=batch).order_by("pk")
    owed: set[str] = set()
    earlier: dict[str, int] = {}
    for digest, fate, before in known.values_list("key_digest", "fate", "issue_id"):
        if fate == RowFate.OWED:
            owed.add(digest)
        elif fate != RowFate.VOID:
            earlier[digest] = before
    rows = []
    for digest, (key, value) in batch.items():
        if digest in owed:
            continue
        issue = opening.issue_for(earlier.get(digest))
        opening.counts[issue.pk] = opening.counts.get(issue.pk, 0) + 1
        cells = [None if cell is None else cell.replace(_NUL, "") for cell in key]
        rows.append(
            IssueRow(issue=issue, rule=opening.rule, key=cells, key_digest=digest, value=value, seen_in=opening.run)
        )
    IssueRow.objects.bulk_create(rows, batch_size=_BATCH)


def settle_rows(
    fates: Mapping[RowFate, Iterable[int]], *, run: CheckRun | None, now: datetime, note: str = ""
) -> list[QualityIssue]:
    """Keep what became of owed rows, with the check that proves it, and close the issues that are owed no more.

    Returns the issues that were closed.
    """
    touched: set[int] = set()
    for fate, rows in fates.items():
        waiting = iter(rows)
        while some := list(islice(waiting, _BATCH)):
            owed = IssueRow.objects.filter(pk__in=some, fate=RowFate.OWED)
            touched.update(owed.values_list("issue_id", flat=True))
            owed.update(fate=fate, verified_in=run, settled_at=now)
    issues = QualityIssue.objects.filter(pk__in=touched).select_related("ticket", "rule", "resource")
    return [issue for issue in issues.order_by("pk") if _recount(issue, now=now, note=note)]


def _recount(issue: QualityIssue, *, now: datetime, note: str) -> bool:
    """Count an issue's rows anew; close it and its ticket when none is owed, and say whether that happened."""
    counts = IssueRow.objects.filter(issue=issue).aggregate(
        total=Count("pk"),
        owed=Count("pk", filter=Q(fate=RowFate.OWED)),
        void=Count("pk", filter=Q(fate=RowFate.VOID)),
    )
    issue.rows_total, issue.rows_owed, issue.rows_void = counts["total"], counts["owed"], counts["void"]
    issue.rows_verified = counts["total"] - counts["owed"] - counts["void"]
    ends = not issue.rows_owed
    if ends:
        is_void = not issue.rows_verified
        issue.state, issue.settled_at = (IssueState.VOID if is_void else IssueState.RECTIFIED).value, now
    issue.save()
    if ends:
        told = note or _("全部问题行已更正，复检通过")
        end_ticket(issue, is_void=issue.state == IssueState.VOID, note=told, now=now)
        subject = f"quality_issue:{issue.pk}"
        details = {"verified": issue.rows_verified, "void": issue.rows_void}
        record(None, "resources.close_issue", subject, now=now, reason=told[:256], details=details)
    return ends
