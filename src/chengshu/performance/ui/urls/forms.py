"""Addresses of the pages of forms read and checked."""

from django.urls import path

from chengshu.performance.ui.views import (
    batches,
    comparison,
    dashboards,
    downloads,
    findings,
    forms,
    rules,
    uploads,
)

urlpatterns = [
    path("", dashboards.show_dashboard, name="dashboard"),
    path("charts/<slug:name>/", dashboards.give_chart, name="chart"),
    path("upload/", uploads.upload, name="upload"),
    path("batches/", batches.list_batches, name="batches"),
    path("batches/<int:batch_id>/", batches.show_batch, name="batch"),
    path("batches/<int:batch_id>/resume/", batches.resume_batch, name="batch-resume"),
    path("batches/<int:batch_id>/recheck/", batches.recheck_batch, name="batch-recheck"),
    path("batches/<int:batch_id>/rename/", batches.rename_batch, name="batch-rename"),
    path("batches/<int:batch_id>/delete/", batches.delete_batch, name="batch-delete"),
    path("batches/<int:batch_id>/restore/", batches.restore_batch, name="batch-restore"),
    path("batches/<int:batch_id>/report.<slug:kind>", downloads.download_batch_report, name="batch-report"),
    path("batches/<int:batch_id>/report/", downloads.make_batch_report, name="batch-report-make"),
    path("reports/<uuid:job>/", downloads.download_report, name="report"),
    path("files/<int:file_id>/original/", downloads.download_original, name="file-original"),
    path("forms/", forms.list_forms, name="forms"),
    path("forms/<int:form_id>/", forms.show_form, name="form"),
    path("forms/<int:form_id>/correct/", forms.correct_cell, name="form-correct"),
    path("forms/<int:form_id>/undo/<int:correction_id>/", forms.undo_correction, name="correction-undo"),
    path("forms/<int:form_id>/compare/", comparison.compare_related, name="form-compare"),
    path("forms/<int:form_id>/form.<slug:kind>", downloads.download_form, name="form-download"),
    path("forms/<int:form_id>/report.<slug:kind>", downloads.download_form_report, name="form-report"),
    path("compare/", comparison.compare, name="compare"),
    path("findings/", findings.list_findings, name="findings"),
    path("rules/", rules.list_rules, name="rules"),
    path("rules/<slug:name>/", rules.show_rule_set, name="rule-set"),
]
