"""Correct a misread cell by hand, take a correction back."""

from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from chengshu.base.texts import drop_controls
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.performance.errors import CorrectionStale, FormNotFound
from chengshu.performance.models import Correction, FormContent, FormRecord, IndicatorRecord
from chengshu.performance.operations.editing import apply_corrections, parse_value, unify_breaks, value_at
from chengshu.performance.operations.storing import indicator_rows, restore_form, set_columns
from chengshu.performance.queries.corrections import standing_corrections
from chengshu.performance.queries.records import require_editable

Recheck = Callable[[int], None]


@transaction.atomic
def correct_value(  # noqa: PLR0913 - who, when, why and what the author saw are each asked for by name
    form_id: int,
    *,
    field: str,
    value: str | None,
    actor: User,
    now: datetime,
    reason: str = "",
    seen: str | None = None,
    recheck: Recheck,
) -> Correction | None:
    """Set one cell of a form, keep author, time and old value, and check its batch again.

    `seen` is the value that the author had before them. Gives None when the cell already holds the value. Raises
    FormNotFound, CorrectionInvalid (what the cell can hold), CorrectionStale (somebody else changed the
    cell), PermissionRefused (who may see the form and not change it).
    """
    form, content = _locked(form_id, actor, localdate(now))
    current = value_at(content.record, field)
    if (current or "") != unify_breaks(seen or ""):
        raise CorrectionStale(f"这一栏刚才已被改为“{current or '空'}”，请核对后再更正。", field=field, current=current)
    new_value = parse_value(field, value)
    if new_value == current:
        return None
    correction = Correction.objects.create(
        form=form,
        field=field,
        old_value=current,
        new_value=new_value,
        author=actor,
        corrected_at=now,
        reason=drop_controls(reason).strip()[:300],
    )
    _rebuild(form, content)
    _note(correction, "performance.correct_value", form)
    recheck(form.batch_id)
    return correction


@transaction.atomic
def undo_correction(correction_id: int, *, actor: User, now: datetime, recheck: Recheck) -> Correction:
    """Take back a correction by a further one; only the last standing correction of a cell can be taken back.

    Raises FormNotFound (no such correction for this person) and CorrectionStale (a later one stands on it).
    """
    found = Correction.objects.filter(pk=correction_id).values_list("form_id", "field").first()
    if found is None:
        raise FormNotFound("没有这条更正记录。")
    form, content = _locked(found[0], actor, localdate(now))
    standing = [item for item in standing_corrections(form.pk) if item.field == found[1]]
    if not standing or standing[-1].pk != correction_id:
        raise CorrectionStale("这条更正之后又有改动，或已撤销，不能再撤销。", field=found[1])
    last = standing[-1]
    undone = Correction.objects.create(
        form=form,
        field=last.field,
        old_value=last.new_value,
        new_value=last.old_value,
        author=actor,
        corrected_at=now,
        undoes=last,
    )
    _rebuild(form, content)
    _note(undone, "performance.undo_correction", form)
    recheck(form.batch_id)
    return undone


def _locked(form_id: int, actor: User, on: date) -> tuple[FormRecord, FormContent]:
    form = FormRecord.objects.visible_to(actor, on=on).select_for_update(of=("self",)).filter(pk=form_id).first()
    if form is None:
        raise FormNotFound("没有这张自评表，或您无权查看。", form=form_id)
    require_editable(form.batch_id, actor=actor, on=on)
    return form, FormContent.objects.get(form=form)


def _note(correction: Correction, action: str, form: FormRecord) -> None:
    record(
        correction.author,
        action,
        f"form:{form.pk}",
        now=correction.corrected_at,
        reason=correction.reason,
        details={"field": correction.field, "old": correction.old_value, "new": correction.new_value},
    )


def _rebuild(form: FormRecord, content: FormContent) -> None:
    """Derive the current record, columns and indicators from the form as read and its standing corrections."""
    values = {item.field: item.new_value for item in standing_corrections(form.pk)}
    confidences = {field: float(item["confidence"]) for field, item in content.origins.items()}
    content.record = apply_corrections(content.as_read, values, confidences)
    content.save(update_fields=["record"])
    rebuilt = restore_form(content)
    set_columns(form, rebuilt)
    form.save()
    IndicatorRecord.objects.filter(form=form).delete()
    IndicatorRecord.objects.bulk_create(indicator_rows(form, rebuilt.indicators))
