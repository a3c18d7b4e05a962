"""The history of a form's corrections."""

from datetime import date

from chengshu.performance.models import Correction, Viewer, batch_filter


def standing_corrections(form_id: int) -> list[Correction]:
    """List the corrections in force, oldest first: those that nobody took back and that take none back."""
    return list(Correction.objects.filter(form_id=form_id, undoes__isnull=True, undone_by__isnull=True).order_by("pk"))


def list_corrections(form_id: int, *, viewer: Viewer, on: date) -> list[Correction]:
    """List the whole history of a form, newest first, with authors; empty for those who may not see it."""
    return list(
        Correction.objects.filter(batch_filter(viewer, on=on, prefix="form__batch__"), form_id=form_id)
        .select_related("author", "undone_by")
        .order_by("-pk")
    )


def corrected_fields(batch_id: int) -> dict[int, set[str]]:
    """Give the cells of each form of a batch whose value stands by correction, by the form's id."""
    fields: dict[int, set[str]] = {}
    standing = Correction.objects.filter(form__batch_id=batch_id, undoes__isnull=True, undone_by__isnull=True)
    for form_id, field in standing.values_list("form_id", "field"):
        fields.setdefault(form_id, set()).add(field)
    return fields
