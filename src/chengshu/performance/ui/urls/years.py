"""Addresses of the dashboard of the year."""

from django.urls import path

from chengshu.performance.ui.views import years

urlpatterns = [
    path("", years.show_overview, name="overview"),
    path("start/", years.show_start, name="start"),
    path("charts/<slug:name>", years.give_chart, name="year-chart"),
]
