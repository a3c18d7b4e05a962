"""Addresses of self-evaluations."""

from django.urls import path

from chengshu.performance.ui.views import evaluation_editing, evaluation_evidence, evaluation_papers, evaluations

_ONE = "evaluations/<int:evaluation_id>/"
_RESULT = f"{_ONE}indicators/<int:goal_id>/"

urlpatterns = [
    path("evaluations/", evaluations.list_evaluations, name="evaluations"),
    path("evaluations/years/<int:year_id>/", evaluations.open_year, name="evaluation-open"),
    path(_ONE, evaluations.show_evaluation, name="evaluation"),
    path(f"{_ONE}edit/", evaluation_editing.edit_evaluation, name="evaluation-edit"),
    path(f"{_ONE}check/", evaluation_editing.check_typed, name="evaluation-check"),
    path(f"{_ONE}step/", evaluations.take_step, name="evaluation-step"),
    path(f"{_ONE}versions/", evaluations.show_versions, name="evaluation-versions"),
    path(f"{_ONE}restore/", evaluations.restore_version, name="evaluation-restore"),
    path(_RESULT, evaluation_evidence.show_evidence, name="evaluation-evidence"),
    path(f"{_RESULT}measure/", evaluation_evidence.measure, name="evaluation-measure"),
    path(f"{_RESULT}unmeasure/", evaluation_evidence.drop_measurement, name="evaluation-unmeasure"),
    path(f"{_RESULT}document/", evaluation_evidence.attach_document, name="evaluation-document"),
    path(f"{_RESULT}file/", evaluation_evidence.download_document, name="evaluation-file"),
    path(f"{_RESULT}rows/", evaluation_evidence.download_rows, name="evaluation-rows"),
    path(f"{_ONE}form.<slug:kind>", evaluation_papers.download_form, name="evaluation-form"),
    path(f"{_ONE}annex.<slug:kind>", evaluation_papers.download_annex, name="evaluation-annex"),
]
