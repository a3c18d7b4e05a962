"""Addresses of today's work."""

from django.urls import path

from chengshu.resources.ui.views import work

urlpatterns = [path("work/", work.list_work, name="work")]
