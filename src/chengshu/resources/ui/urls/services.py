"""Addresses of the data-operation service."""

from django.urls import path

from chengshu.resources.ui.views import services

urlpatterns = [
    path("service/", services.show_service, name="service"),
    path("service/measure/", services.measure_service, name="service-measure"),
]
