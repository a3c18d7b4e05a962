"""Addresses of the notifications' pages."""

from django.urls import path

from chengshu.kernel.notifications.ui import lists, preferences

app_name = "notifications"

urlpatterns = [
    path("", lists.show_notifications, name="list"),
    path("<int:pk>/open/", lists.open_notification, name="open"),
    path("read/", lists.mark_selected, name="read"),
    path("read-all/", lists.mark_all, name="read-all"),
    path("unread/", lists.undo, name="undo"),
    path("preferences/", preferences.change, name="preferences"),
]
