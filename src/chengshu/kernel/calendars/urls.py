"""Addresses of the official calendar."""

from django.urls import path

from chengshu.kernel.calendars.views import show_years

app_name = "calendars"

urlpatterns = [path("", show_years, name="years")]
