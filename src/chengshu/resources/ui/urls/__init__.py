"""Addresses of the pages of data resources; each noun has a file of its own beside this one."""

from django.urls import URLPattern, URLResolver

from chengshu.resources.ui.urls import catalogue, collection, lineage, processing, quality, service, work

app_name = "resources"

urlpatterns: list[URLPattern | URLResolver] = [
    *catalogue.urlpatterns,
    *collection.urlpatterns,
    *quality.urlpatterns,
    *lineage.urlpatterns,
    *processing.urlpatterns,
    *service.urlpatterns,
    *work.urlpatterns,
]
