"""Addresses of the pages of organisations, accounts and grants."""

from django.urls import include, path

from chengshu.kernel.grants.views import grants, organisations

_ORGANISATIONS = [
    path("", organisations.show_list, name="list"),
    path("<int:organisation_id>/", organisations.show_organisation, name="organisation"),
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
