"""Who may have the files that hang on papers, budgets and imports: whoever may see what they hang on."""

from datetime import date

from django.db.models import Q

from chengshu.kernel.grants import facade as grants
from chengshu.kernel.grants.facade import Viewer
from chengshu.kernel.organisations.facade import Kind
from chengshu.performance.contracts.year import TableKind
from chengshu.performance.models import (
    BudgetAdjustment,
    EvaluatedIndicator,
    Evaluation,
    ProjectYear,
    Receipt,
    SourceFile,
)
from chengshu.performance.queries.projects import EDIT_MONEY, EDIT_PROJECT, SEE

_ENTERS = {TableKind.PAYMENTS: EDIT_MONEY, TableKind.PROJECTS: EDIT_PROJECT}


def holds_file(file_id: int, viewer: Viewer, on: date) -> bool | None:
    """Tell whether the viewer may see what the file hangs on; None when it hangs on nothing of this domain.

    These are documents under results and budget adjustments, imported forms, and tables of payments and projects. A
    table names many units: it is for who handed it in, as long as he may enter such rows, and for who sees the
    projects of a whole city.
    """
    adjustments = BudgetAdjustment.objects.filter(document=file_id)
    results = EvaluatedIndicator.objects.filter(document=file_id)
    sources = SourceFile.objects.filter(stored=file_id)
    receipts = Receipt.objects.filter(stored=file_id)
    years = ProjectYear.objects.visible_to(viewer, on=on).values("pk")
    evaluations = Evaluation.objects.visible_to(viewer, on=on).values("pk")
    if (
        adjustments.filter(project_year__in=years).exists()
        or results.filter(evaluation__in=evaluations).exists()
        or sources.visible_to(viewer, on=on).exists()
        or receipts.filter(_own_or_city(viewer, on)).exists()
    ):
        return True
    is_held = adjustments.exists() or results.exists() or sources.exists() or receipts.exists()
    return False if is_held else None


def _own_or_city(viewer: Viewer, on: date) -> Q:
    """Give the condition that leaves the tables that the viewer may have."""
    if grants.permitted(viewer, SEE, on=on).filter(descendant__kind=Kind.CITY).exists():
        return Q()
    entered = [kind for kind, right in _ENTERS.items() if grants.is_permitted_anywhere(viewer, right, on=on)]
    return Q(author=viewer.pk, kind__in=entered)
