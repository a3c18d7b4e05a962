"""Addresses of processing and of the lake's versions."""

from django.urls import path

from chengshu.resources.ui.views import lake_versions, left_out, processing

urlpatterns = [
    path("processing/", processing.list_pipelines, name="processing"),
    path("processing/new/", processing.set_up, name="processing-new"),
    path("processing/<int:pipeline_id>/", processing.show_pipeline, name="pipeline"),
    path("processing/<int:pipeline_id>/run/", processing.run, name="pipeline-run"),
    path("processing/<int:pipeline_id>/switch/", processing.switch, name="pipeline-switch"),
    path("processing/<int:pipeline_id>/remove/", processing.remove, name="pipeline-remove"),
    path("processing/<int:pipeline_id>/left-out/", left_out.list_left_out, name="pipeline-left-out"),
    path("processing/runs/", processing.list_runs, name="processing-runs"),
    path("processing/runs/<uuid:uuid>/", processing.show_run, name="processing-run"),
    path("processing/runs/<uuid:uuid>/<str:step>/", processing.take_step, name="processing-step"),
    path("lake/<str:zone>/<str:name>/", lake_versions.show_table, name="lake-table"),
]
