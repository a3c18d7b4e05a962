"""Addresses of quality."""

from django.urls import path

from chengshu.resources.ui.views import checks, plans, profiles, quality, rules

urlpatterns = [
    path("quality/", quality.list_inbox, name="quality"),
    path("quality/issues/", quality.list_issues, name="quality-issues"),
    path("quality/issues/<int:issue_id>/", quality.show_issue, name="quality-issue"),
    path("quality/issues/<int:issue_id>/rows.xlsx", quality.export_rows, name="quality-export"),
    path("quality/returns/<int:sheet_id>/", quality.show_return, name="quality-return"),
    path("quality/checks/", checks.list_checks, name="quality-checks"),
    path("quality/checks/<int:run_id>/", checks.show_check, name="quality-check"),
    path("quality/plan/", plans.show_plan, name="quality-plan"),
    path("quality/plan/<int:year>/<int:month>/", plans.show_plan, name="quality-month"),
    path("quality/trend/", profiles.show_trend, name="quality-trend"),
    path("quality/rules/<int:rule_id>/", rules.show_rule, name="quality-rule"),
    path("<int:resource_id>/quality/", checks.list_rules, name="quality-rules"),
    path("<int:resource_id>/profile/", profiles.show_profile, name="quality-profile"),
    path("<int:resource_id>/quality/new/", rules.write_rule, name="quality-rule-new"),
]
