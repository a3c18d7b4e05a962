"""Addresses of the pages of projects and money, below `projects/`."""

from django.urls import path

from chengshu.performance.ui.views import money, projects, tables

urlpatterns = [
    path("", projects.list_projects, name="projects"),
    path("new/", projects.enter_project, name="project-new"),
    path("<int:project_id>/", projects.show_project, name="project"),
    path("<int:project_id>/edit/", projects.edit_project, name="project-edit"),
    path("<int:project_id>/end/", projects.end_project, name="project-end"),
    path("<int:project_id>/open-year/", projects.open_year, name="project-open-year"),
    path("years/", projects.list_years, name="project-years"),
    path("years/<int:year_id>/", money.show_year, name="project-year"),
    path("years/<int:year_id>/execution/", money.give_execution, name="execution"),
    path("years/<int:year_id>/budget/", money.set_budget, name="budget"),
    path("years/<int:year_id>/adjust/", money.adjust_budget, name="budget-adjust"),
    path("adjustments/<int:adjustment_id>/undo/", money.undo_adjustment, name="adjustment-undo"),
    path("adjustments/<int:adjustment_id>/document/", money.download_document, name="adjustment-document"),
    path("tables/", tables.list_receipts, name="receipts"),
    path("tables/new/", tables.hand_in_table, name="table-new"),
    path("tables/<int:receipt_id>/", tables.show_receipt, name="receipt"),
    path("tables/<int:receipt_id>/resume/", tables.resume_table, name="receipt-resume"),
    path("tables/<int:receipt_id>/original/", tables.download_table, name="receipt-original"),
    path("tables/<int:receipt_id>/rejected.xlsx", tables.download_rejections, name="receipt-rejected"),
]
