"""Addresses of the audit's pages."""

from django.urls import path

from chengshu.kernel.audit.ui import views

app_name = "audit"

urlpatterns = [
    path("", views.show_entries, name="list"),
    path("<int:entry_id>/", views.show_entry, name="entry"),
    path("verify/", views.start_verification, name="verify"),
    path("verifications/<uuid:uuid>/", views.show_verification, name="verification"),
]
