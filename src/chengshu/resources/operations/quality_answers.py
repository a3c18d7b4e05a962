"""What a re-check says to rows that fail still, and to the corrections that people handed in for them."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from django.db.models import F, Q

from chengshu.resources.contracts.quality import RowFate, RunKind, RunState
from chengshu.resources.models import CheckRun, IssueRow, ReturnedSheet, TakenCorrection
from chengshu.resources.operations.quality_issues import read_cell

_BATCH = 500


def note_failing(run: CheckRun, failing: Mapping[int, str | None]) -> None:
    """Keep of owed rows (ids) that a re-check found them failing still, and the cell where it is not as it was found."""
    waiting = iter(failing.items())
    while batch := dict(islice(waiting, _BATCH)):
        rows = IssueRow.objects.filter(pk__in=batch, fate=RowFate.OWED)
        changed = []
        for row in rows.only("pk", "value"):
            now = read_cell(batch[row.pk])
            if now != row.value:
                row.failing_in, row.failing_value = run, now
                changed.append(row)
        rows.update(failing_in=run, failing_value=None)
        IssueRow.objects.bulk_update(changed, ["failing_in", "failing_value"], batch_size=_BATCH)


def answer_corrections(run: CheckRun) -> None:
    """Keep what a re-check made of the corrections in the version that it read, or an earlier one, each once."""
    waiting = TakenCorrection.objects.filter(
        Q(issue_row__failing_in=run) | ~Q(issue_row__fate=RowFate.OWED),
        fate="",
        sheet__issue__resource=run.resource_id,
        sheet__version__lte=run.version,
    )
    for batch in _batches(waiting.select_related("issue_row").order_by("pk")):
        for correction in batch:
            row = correction.issue_row
            correction.fate, correction.checked_in = row.fate, run
            if row.fate == RowFate.OWED:
                correction.value = row.value if row.failing_value is None else row.failing_value
        TakenCorrection.objects.bulk_update(batch, ["fate", "checked_in", "value"], batch_size=_BATCH)


def answer_kept(sheet: ReturnedSheet) -> None:
    """Answer a sheet whose rows were looked at between the table's commit and the receipt; no job looks at them again."""
    if sheet.version is None:
        return
    runs = CheckRun.objects.filter(
        resource=sheet.issue.resource_id, kind=RunKind.RECHECK, state=RunState.DONE, version__gte=sheet.version
    )
    if (last := runs.order_by(F("finished_at").desc(), "-pk").first()) is not None:
        answer_corrections(last)


def _batches(rows: Any) -> Iterator[list[TakenCorrection]]:
    """Give rows in lists; they are read anew each time, for those answered are no longer among them."""
    while batch := list(rows[:_BATCH]):
        yield batch
