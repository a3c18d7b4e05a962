"""Who may have the files that hang on papers and budgets: whoever may see what they hang on."""

from datetime import date

from chengshu.kernel.grants.facade import Viewer
from chengshu.performance.models import BudgetAdjustment, EvaluatedIndicator, Evaluation, ProjectYear


def holds_file(file_id: int, viewer: Viewer, on: date) -> bool:
    """Tell whether the file is a document under a result or a budget adjustment that the viewer may see."""
    evaluations = Evaluation.objects.visible_to(viewer, on=on).values("pk")
    years = ProjectYear.objects.visible_to(viewer, on=on).values("pk")
    return (
        EvaluatedIndicator.objects.filter(document=file_id, evaluation__in=evaluations).exists()
        or BudgetAdjustment.objects.filter(document=file_id, project_year__in=years).exists()
    )
