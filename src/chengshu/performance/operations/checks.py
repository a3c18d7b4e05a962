"""Check the forms of a batch together, and keep what the check said."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from django.db import transaction

from chengshu.performance.contracts import Checked, Finding, Form, FormRef, Level
from chengshu.performance.contracts.wire import checked_record
from chengshu.performance.models import Batch, FindingRecord, FormContent, FormRecord, Rescoring, SourceFile
from chengshu.performance.operations.storing import column_score, restore_form
from chengshu.performance.operations.tallies import store_tallies
from chengshu.performance.queries.corrections import corrected_fields

_STEP = 200


class Checker(Protocol):
    """What a check stands on: recognising repeated printings, and the rules."""

    def mark_duplicates(self, forms: Sequence[Form]) -> Sequence[Form]:
        """Give the forms in the same order, repeated ones pointing at their first printing."""
        ...

    def check_forms(self, forms: Sequence[Form], rules: str) -> Sequence[Checked]:
        """Check forms one by one and against each other; empty `rules` = the rule set of each form's year."""
        ...


Progress = Callable[[int, int], None]


def check_batch(batch_id: int, *, checker: Checker, now: datetime, progress: Progress | None = None) -> int:
    """Check every form of a batch under its rule set, replace findings and re-scoring, give the number of forms.

    Repeated printings are recognised across the whole batch. `progress` hears (done, total).
    """
    batch = Batch.objects.get(pk=batch_id)
    stored, forms = _load(batch_id)
    marked = checker.mark_duplicates(forms)
    checked = checker.check_forms(marked, batch.rules)
    places = {FormRef(form.source.file, form.source.form): row.pk for form, row in zip(forms, stored, strict=True)}
    for start in range(0, len(stored), _STEP):
        stop = start + _STEP
        with transaction.atomic():
            _store(stored[start:stop], checked[start:stop], now=now)
            _store_duplicates(stored[start:stop], marked[start:stop], places)
        if progress is not None:
            progress(min(stop, len(stored)), len(stored))
    store_tallies(batch_id)
    Batch.objects.filter(pk=batch_id).update(checked_at=now)
    return len(stored)


def _load(batch_id: int) -> tuple[list[FormRecord], list[Form]]:
    """Give the batch's rows and forms in order of appearance; each form names its file unmistakably."""
    labels = _file_labels(SourceFile.objects.filter(batch_id=batch_id).order_by("pk"))
    rows = list(FormRecord.objects.filter(batch_id=batch_id).order_by("source_file_id", "number"))
    corrected = corrected_fields(batch_id)
    contents = (
        FormContent.objects.filter(form__batch_id=batch_id)
        .defer("rows", "as_read")
        .order_by("form__source_file_id", "form__number")
        .iterator(chunk_size=_STEP)
    )
    forms = [
        _named(restore_form(content, corrected.get(row.pk, ())), labels[row.source_file_id], row.number)
        for row, content in zip(rows, contents, strict=True)
    ]
    return rows, forms


def _named(form: Form, file: str, number: int) -> Form:
    return replace(form, source=replace(form.source, file=file, form=number))


def _file_labels(files: Iterable[SourceFile]) -> dict[int, str]:
    """Give each file its base name, numbered where two files of the batch share one."""
    labels: dict[int, str] = {}
    seen: Counter[str] = Counter()
    for file in files:
        name = file.member.rsplit("/", 1)[-1] or file.name
        seen[name] += 1
        labels[file.pk] = name if seen[name] == 1 else f"{name}（{seen[name]}）"
    return labels


def _store(rows: Sequence[FormRecord], checked: Sequence[Checked], *, now: datetime) -> None:
    FindingRecord.objects.filter(form__in=rows).delete()
    Rescoring.objects.filter(form__in=rows).delete()
    FindingRecord.objects.bulk_create(
        _finding_row(row, number, finding)
        for row, result in zip(rows, checked, strict=True)
        for number, finding in enumerate(result.findings, start=1)
    )
    Rescoring.objects.bulk_create(_rescoring_row(row, result, now) for row, result in zip(rows, checked, strict=True))
    for row, result in zip(rows, checked, strict=True):
        levels = Counter(finding.level.value for finding in result.findings)
        row.error_count, row.breach_count, row.hint_count = levels["error"], levels["breach"], levels["hint"]
        total = column_score(result.rescored.total)
        row.overrated = None if row.score is None or total is None else row.score - total
    FormRecord.objects.bulk_update(rows, ["error_count", "breach_count", "hint_count", "overrated"])


def _store_duplicates(rows: Sequence[FormRecord], marked: Sequence[Form], places: dict[FormRef, int]) -> None:
    changed = []
    for row, form in zip(rows, marked, strict=True):
        first = None if form.duplicate_of is None else places.get(form.duplicate_of)
        if row.duplicate_of_id != first:
            row.duplicate_of_id = first
            changed.append(row)
    FormRecord.objects.bulk_update(changed, ["duplicate_of"])


def _finding_row(row: FormRecord, number: int, finding: Finding) -> FindingRecord:
    return FindingRecord(
        form=row,
        number=number,
        code=finding.code,
        level=finding.level.value,
        gravity=list(Level).index(finding.level),
        field=finding.field,
        printed=finding.printed,
        expected=finding.expected,
        message=finding.message,
        message_en=finding.message_en,
        basis=finding.basis,
        doubtful=finding.doubtful,
    )


def _rescoring_row(row: FormRecord, result: Checked, now: datetime) -> Rescoring:
    rescored = result.rescored
    return Rescoring(
        form=row,
        rules=result.rules,
        total=column_score(rescored.total),
        grade=rescored.grade or "",
        printed_grade=rescored.printed_grade or "",
        changed=rescored.changed,
        lines=checked_record(result)["rescored"]["lines"],
        checked_at=now,
    )
