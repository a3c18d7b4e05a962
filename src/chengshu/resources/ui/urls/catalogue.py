"""Addresses of the catalogue."""

from django.urls import path

from chengshu.resources.ui.views import resources, search

urlpatterns = [
    path("", search.search, name="search"),
    path("all/", resources.list_resources, name="catalogue"),
    path("<int:resource_id>/", resources.show_resource, name="resource"),
]
