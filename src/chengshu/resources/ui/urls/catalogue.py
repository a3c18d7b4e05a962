"""Addresses of the catalogue."""

from django.urls import path

from chengshu.resources.ui.views import addresses, desk, editing, elements, field_editing, intakes, resources, search

urlpatterns = [
    path("", search.search, name="search"),
    path("suggest/", search.suggest, name="suggest"),
    path("all/", resources.list_resources, name="catalogue"),
    path("new/", editing.register, name="register"),
    path("waiting/", desk.list_waiting, name="waiting"),
    path("lacking/", desk.list_lacking, name="lacking"),
    path("<int:resource_id>/", resources.show_resource, name="resource"),
    path("<int:resource_id>/fields/", resources.list_fields, name="fields"),
    path("<int:resource_id>/fields/edit/", field_editing.edit_fields, name="fields-edit"),
    path("<int:resource_id>/fields/grade/", field_editing.grade_field, name="fields-grade"),
    path("<int:resource_id>/versions/", resources.list_editions, name="editions"),
    path("<int:resource_id>/edit/", editing.edit, name="edit"),
    path("<int:resource_id>/step/", editing.take_step, name="step"),
    path("<int:resource_id>/dispute/", editing.dispute, name="dispute"),
    path("workbooks/", intakes.list_intakes, name="intakes"),
    path("workbooks/new/", intakes.hand_in, name="hand-in"),
    path("workbooks/export.xlsx", intakes.export, name="export"),
    path("workbooks/<int:intake_id>/", intakes.show_intake, name="intake"),
    path("addresses/", addresses.list_addresses, name="addresses"),
    path("scan/", intakes.scan, name="scan"),
    path("elements/", elements.list_elements, name="elements"),
    path("elements/new/", elements.keep_element, name="element-new"),
    path("elements/<int:element_id>/", elements.show_element, name="element"),
    path("elements/<int:element_id>/edit/", elements.keep_element, name="element-edit"),
    path("domains/", elements.list_domains, name="domains"),
    path("domains/new/", elements.keep_domain, name="domain-new"),
    path("domains/<int:domain_id>/", elements.show_domain, name="domain"),
    path("domains/<int:domain_id>/edit/", elements.keep_domain, name="domain-edit"),
]
