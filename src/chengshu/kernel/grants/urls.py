"""Addresses of the pages of organisations, accounts and grants."""

from django.urls import include, path

from chengshu.kernel.grants.views import grants, organisations, restructuring

_ORGANISATIONS = [
    path("", organisations.show_list, name="list"),
    path("found/", restructuring.found, name="found"),
    path("import/", restructuring.take_table, name="import"),
    path("<int:organisation_id>/", organisations.show_organisation, name="organisation"),
    *(
        path(f"<int:organisation_id>/{kind}/", restructuring.change, {"kind": kind}, name=kind)
        for kind in restructuring.CHANGES
    ),
]
_GRANTS = [
    path("", grants.show_grants, name="list"),
    path("accounts/", grants.show_accounts, name="accounts"),
    path("accounts/<int:account_id>/", grants.show_account, name="account"),
    path("accounts/<int:account_id>/give/", grants.give, name="give"),
    path("<int:grant_id>/end/", grants.end, name="end"),
]
urlpatterns = [
    path("organisations/", include((_ORGANISATIONS, "organisations"))),
    path("grants/", include((_GRANTS, "grants"))),
]
