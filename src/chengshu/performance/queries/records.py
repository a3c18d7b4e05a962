"""Batches, files, forms and findings out of the database: what a viewer may see, and only that."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, BinaryIO

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from chengshu.kernel.files.facade import open_file
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.organisations.facade import Organisation
from chengshu.performance.errors import BatchNotFound, FormNotFound
from chengshu.performance.models import (
    EDIT_FORMS,
    IMPORT_FORMS,
    Batch,
    FindingRecord,
    FormRecord,
    SourceFile,
    Verdict,
    Viewer,
)
from chengshu.performance.queries.remembering import remember


def list_batches(viewer: Viewer, *, on: date) -> QuerySet[Batch]:
    """List batches with owner, job and counts.

    The counts are `file_count`, `waiting_count`, `failed_count`, `form_count`, `error_count`, `breach_count`.
    """
    files = SourceFile.objects.filter(batch=OuterRef("pk"), member="")
    faults = SourceFile.objects.filter(batch=OuterRef("pk"), verdict=Verdict.ERROR)
    forms = FormRecord.objects.filter(batch=OuterRef("pk"))
    return (
        Batch.objects.visible_to(viewer, on=on)
        .select_related("owner", "job")
        .annotate(
            file_count=_count(files),
            waiting_count=_count(files.filter(verdict=Verdict.WAITING)),
            failed_count=_count(faults),
            form_count=_count(forms),
            error_count=_sum(forms, "error_count"),
            breach_count=_sum(forms, "breach_count"),
        )
    )


def get_batch(batch_id: int, *, viewer: Viewer, on: date) -> Batch:
    """Give one batch with its counts; raise BatchNotFound when the viewer may not see it."""
    batch = list_batches(viewer, on=on).filter(pk=batch_id).first()
    if batch is None:
        raise BatchNotFound("没有这个批次，或您无权查看。", batch=batch_id)
    return batch


def require_editable(batch_id: int, *, actor: Viewer, on: date) -> None:
    """Pass if the actor may change the batch.

    Raises:
        BatchNotFound: there is none, or it is out of his sight.
        PermissionRefused: he may see it and not change it.
    """
    if Batch.objects.editable_by(actor, on=on).filter(pk=batch_id).exists():
        return
    if not Batch.objects.visible_to(actor, on=on).filter(pk=batch_id).exists():
        raise BatchNotFound("没有这个批次，或您无权查看。", batch=batch_id)
    raise grants.PermissionRefused(_("您可以查看这个批次，但不能更改它。"), permission=EDIT_FORMS)


def can_edit(batch_id: int, *, viewer: Viewer, on: date) -> bool:
    """Tell whether the viewer may change the batch, so that pages offer only what is open to him."""
    return Batch.objects.editable_by(viewer, on=on).filter(pk=batch_id).exists()


def list_import_places(viewer: Viewer, *, on: date) -> list[Organisation]:
    """List the organisations that the viewer's grants to import name, by code, with their `name` of that day.

    What lies below a grant is left out: a department imports for itself and not for each of its units.

    Raises:
        PermissionRefused: there is none.
    """
    places = list(grants.list_granted_organisations(viewer, IMPORT_FORMS, on=on).order_by("code"))
    if not places:
        raise grants.PermissionRefused(_("您没有导入自评表的权限。"), permission=IMPORT_FORMS)
    return places


def list_deleted_batches(viewer: Viewer, *, on: date) -> QuerySet[Batch]:
    """List the batches that the viewer put away, latest first."""
    return Batch.objects.restorable_by(viewer, on=on).order_by("-deleted_at")


def list_files(batch_id: int, *, viewer: Viewer, on: date) -> QuerySet[SourceFile]:
    """List the files of a batch in the order handed in, members after their archive.

    Each has its `form_count`, and the `first_form_id` that its bytes gave in this batch (null when they gave none):
    where a repeated file leads to.
    """
    same_bytes = FormRecord.objects.filter(source_file__batch=OuterRef("batch"), source_file__digest=OuterRef("digest"))
    first_form = same_bytes.order_by("source_file_id", "number").values("pk")[:1]
    return (
        SourceFile.objects.visible_to(viewer, on=on)
        .filter(batch_id=batch_id)
        .select_related("same_as")
        .annotate(
            form_count=_count(FormRecord.objects.filter(source_file=OuterRef("pk")), "source_file"),
            first_form_id=Subquery(first_form),
        )
        .order_by("pk")
    )


def open_original(file_id: int, *, viewer: Viewer, on: date) -> tuple[str, BinaryIO]:
    """Give the name and the bytes of a file as it was handed in; a member of an archive gives its archive.

    The caller closes the stream. Raises BatchNotFound when there is nothing for the viewer.
    """
    file = SourceFile.objects.visible_to(viewer, on=on).select_related("stored").filter(pk=file_id).first()
    if file is None or file.stored is None:
        raise BatchNotFound("没有这个文件，或您无权查看。", file=file_id)
    return file.stored.name, open_file(file.stored)


def list_forms(viewer: Viewer, *, on: date) -> QuerySet[FormRecord]:
    """List forms with batch, file, re-scoring and first printing."""
    return FormRecord.objects.visible_to(viewer, on=on).select_related(
        "batch", "source_file", "rescoring", "duplicate_of__source_file"
    )


def get_form(form_id: int, *, viewer: Viewer, on: date) -> FormRecord:
    """Give one form with its content; raise FormNotFound when the viewer may not see it."""
    form = list_forms(viewer, on=on).select_related("content").filter(pk=form_id).first()
    if form is None:
        raise FormNotFound("没有这张自评表，或您无权查看。", form=form_id)
    return form


def list_findings(viewer: Viewer, *, on: date) -> QuerySet[FindingRecord]:
    """List findings with their forms and files."""
    return FindingRecord.objects.visible_to(viewer, on=on).select_related("form__source_file", "form__batch")


def list_form_findings(form_id: int, *, shown: Callable[[str], bool] | None = None) -> list[FindingRecord]:
    """List the findings of a form in the order of the check; the caller has seen to the rights.

    `shown` tells by their cell's pointer which ones are wanted, so that of thousands only those are loaded.
    """
    findings = FindingRecord.objects.filter(form_id=form_id)
    if shown is not None:
        fields = findings.values_list("pk", "field")
        findings = findings.filter(pk__in=[pk for pk, field in fields if shown(field)])
    return list(findings.order_by("number"))


def list_neighbours(form: FormRecord) -> tuple[int | None, int | None]:
    """Give the ids of the forms before and after this one in its batch."""
    siblings = FormRecord.objects.filter(batch_id=form.batch_id)
    file, number = form.source_file_id, form.number
    before = siblings.filter(Q(source_file_id__lt=file) | Q(source_file_id=file, number__lt=number))
    after = siblings.filter(Q(source_file_id__gt=file) | Q(source_file_id=file, number__gt=number))
    return (
        before.order_by("-source_file_id", "-number").values_list("pk", flat=True).first(),
        after.order_by("source_file_id", "number").values_list("pk", flat=True).first(),
    )


def list_values(viewer: Viewer, column: str, *, on: date) -> Sequence[str]:
    """List the values that a column of the visible forms has (year, unit, template, grade), sorted; no empty ones."""
    rows = FormRecord.objects.visible_to(viewer, on=on).exclude(**{f"{column}__isnull": True})
    values = rows.order_by(column).values_list(column, flat=True).distinct()
    return remember(f"values-{column}", viewer, on, lambda: [str(value) for value in values if value != ""])


def list_codes(viewer: Viewer, *, on: date) -> Sequence[str]:
    """List the classes of the visible findings, sorted."""
    found = FindingRecord.objects.visible_to(viewer, on=on)
    return remember("codes", viewer, on, lambda: list(found.order_by("code").values_list("code", flat=True).distinct()))


def narrow_to_codes(forms: QuerySet[FormRecord], codes: Sequence[str]) -> QuerySet[FormRecord]:
    """Leave the forms with a finding of one of the classes."""
    return forms.filter(pk__in=FindingRecord.objects.filter(code__in=list(codes)).values("form"))


def _count(rows: QuerySet[Any], per: str = "batch") -> Coalesce:
    return _as_number(rows.order_by().values(per).annotate(n=Count("pk")).values("n"))


def _sum(rows: QuerySet[FormRecord], column: str) -> Coalesce:
    return _as_number(rows.order_by().values("batch").annotate(n=Sum(column)).values("n"))


def _as_number(rows: QuerySet[Any]) -> Coalesce:
    return Coalesce(Subquery(rows, output_field=IntegerField()), 0)
