"""Addresses of duties."""

from django.urls import path

from chengshu.performance.ui.views import duties

urlpatterns = [
    path("", duties.show_inbox, name="inbox"),
    path("approve/", duties.approve, name="duty-approve"),
    path("calendar/", duties.show_calendar, name="calendar"),
    path("calendar.ics", duties.give_file, name="calendar-file"),
]
