"""Addresses of the outbox's pages."""

from django.urls import path

from chengshu.kernel.outbox.ui import endpoints, lists, messages

app_name = "outbox"

urlpatterns = [
    path("", lists.show_messages, name="list"),
    path("failed/", lists.show_dead, name="dead"),
    path("messages/<uuid:uuid>/", messages.show_message, name="message"),
    path("messages/<uuid:uuid>/retry/", messages.retry, name="retry"),
    path("messages/<uuid:uuid>/dismiss/", messages.dismiss, name="dismiss"),
    path("endpoints/", lists.show_endpoints, name="endpoints"),
    path("endpoints/new/", endpoints.register, name="register"),
    path("endpoints/<uuid:uuid>/", endpoints.show_endpoint, name="endpoint"),
    path("endpoints/<uuid:uuid>/rotate/", endpoints.rotate, name="rotate"),
    path("endpoints/<uuid:uuid>/switch/", endpoints.switch, name="switch"),
    path("endpoints/<uuid:uuid>/test/", endpoints.test, name="test"),
]
