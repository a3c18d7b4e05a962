"""Addresses of collection."""

from django.urls import path

from chengshu.resources.ui.views import arrivals, collection, refused, sources

urlpatterns = [
    path("sources/", collection.list_sources, name="sources"),
    path("sources/new/", sources.register_source, name="source-new"),
    path("sources/<int:source_id>/", collection.show_source, name="source"),
    path("sources/<int:source_id>/send/", collection.send, name="source-send"),
    path("sources/<int:source_id>/pull/", collection.pull, name="source-pull"),
    path("sources/<int:source_id>/promise/", collection.promise, name="source-promise"),
    path("sources/<int:source_id>/edit/", sources.change_source, name="source-edit"),
    path("sources/<int:source_id>/switch/", sources.switch_source, name="source-switch"),
    path("sources/<int:source_id>/delete/", sources.delete_source, name="source-delete"),
    path("sources/<int:source_id>/entry/", sources.link_source, name="source-entry"),
    path("sources/<int:source_id>/keys/", sources.issue_key, name="source-key-new"),
    path("sources/<int:source_id>/keys/<int:key_id>/revoke/", sources.revoke_key, name="source-key-revoke"),
    path("arrivals/", arrivals.list_arrivals, name="arrivals"),
    path("deliveries/", collection.list_deliveries, name="deliveries"),
    path("deliveries/<int:delivery_id>/", collection.show_delivery, name="delivery"),
    path("deliveries/<int:delivery_id>/refused/", refused.list_refused, name="delivery-refused"),
    path("deliveries/<int:delivery_id>/refused/<str:form>/", refused.export_refused, name="delivery-refused-file"),
    path("deliveries/<int:delivery_id>/accept/", collection.accept_drift, name="delivery-accept"),
    path("deliveries/<int:delivery_id>/waive/", collection.waive_delivery, name="delivery-waive"),
    path("deliveries/<int:delivery_id>/retry/", collection.retry_delivery, name="delivery-retry"),
]
