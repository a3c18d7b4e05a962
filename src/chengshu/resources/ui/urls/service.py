"""Addresses of the data-operation service."""

from django.urls import path

from chengshu.resources.ui.views import service

urlpatterns = [
    path("service/", service.show_service, name="service"),
    path("service/measure/", service.measure_service, name="service-measure"),
]
