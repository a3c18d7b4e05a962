"""Addresses of files."""

from django.urls import path

from chengshu.kernel.files.ui import views

app_name = "files"

urlpatterns = [path("<uuid:uuid>/", views.download, name="download")]
