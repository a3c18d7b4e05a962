"""Addresses of collection."""

from django.urls import path

from chengshu.resources.ui.views import collection

urlpatterns = [
    path("sources/", collection.list_sources, name="sources"),
    path("sources/new/", collection.register_source, name="source-new"),
    path("sources/<int:source_id>/", collection.show_source, name="source"),
    path("sources/<int:source_id>/send/", collection.send, name="source-send"),
    path("sources/<int:source_id>/pull/", collection.pull, name="source-pull"),
    path("sources/<int:source_id>/promise/", collection.promise, name="source-promise"),
    path("deliveries/", collection.list_deliveries, name="deliveries"),
    path("deliveries/<int:delivery_id>/", collection.show_delivery, name="delivery"),
    path("deliveries/<int:delivery_id>/accept/", collection.accept_drift, name="delivery-accept"),
]
