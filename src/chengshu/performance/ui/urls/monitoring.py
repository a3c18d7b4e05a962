"""Addresses of monitoring."""

from django.urls import path

from chengshu.performance.ui.views import monitoring

urlpatterns = [
    path("", monitoring.list_reports, name="monitoring"),
    path("warnings/", monitoring.list_warnings, name="monitoring-warnings"),
    path("points/", monitoring.list_points, name="monitoring-points"),
    path("points/<int:point_id>/due/", monitoring.move_due_day, name="monitoring-due"),
    path("points/<int:point_id>/open/", monitoring.open_reports, name="monitoring-open"),
    path("<int:sheet_id>/", monitoring.show_report, name="monitoring-sheet"),
    path("<int:sheet_id>/edit/", monitoring.edit_report, name="monitoring-edit"),
    path("<int:sheet_id>/measure/", monitoring.measure_report, name="monitoring-measure"),
    path("<int:sheet_id>/step/", monitoring.take_step, name="monitoring-step"),
]
