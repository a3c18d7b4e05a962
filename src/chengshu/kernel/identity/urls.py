"""Addresses of the pages of identity."""

from django.urls import include, path
from oauth2_provider import views as library

from chengshu.kernel.identity.views import accounts, applications, city, confirming, entering, own, passkeys, provider

_IDENTITY = [
    path("login/second/", entering.second_step, name="second"),
    path("login/passkey/", passkeys.log_in, name="passkey-login"),
    path("login/passkey/challenge/", passkeys.offer, name="passkey-challenge"),
    path("account/passkeys/add/", passkeys.add, name="passkey"),
    path("login/city/", city.start, name="city-login"),
    path("login/city/callback/", city.come_back, name="city-callback"),
    path("account/city/link/", city.start_link, name="city-link"),
    path("account/city/unlink/", city.unlink, name="city-unlink"),
    path("account/", own.show_own, name="own"),
    path("account/confirm/", confirming.confirm, name="confirm"),
    path("account/app/", own.add_app, name="totp"),
    path("account/recovery-codes/", own.recovery, name="recovery"),
    path("account/factors/<int:factor_id>/remove/", own.remove, name="factor-remove"),
    path("account/applications/<int:application_id>/withdraw/", own.withdraw, name="withdraw"),
    path("accounts/<int:account_id>/security/", accounts.show, name="account"),
    path("accounts/<int:account_id>/security/unlock/", accounts.unlock, name="unlock"),
    path("accounts/<int:account_id>/security/reset/", accounts.reset, name="reset"),
    path("accounts/<int:account_id>/security/end-sessions/", accounts.end_all, name="account-sessions-end"),
    path("applications/", applications.show_list, name="applications"),
    path("applications/new/", applications.register, name="application-new"),
    path("applications/<int:application_id>/", applications.show_one, name="application"),
    path("applications/<int:application_id>/secret/", applications.renew, name="application-secret"),
    path("applications/<int:application_id>/retire/", applications.retire, name="application-retire"),
    path("account/sessions/end-others/", own.end_others, name="sessions-end"),
    path("account/sessions/<int:session_id>/end/", own.end_one, name="session-end"),
]
# Under the names by which the library finds them. What is not here is not offered.
_PROVIDER = [
    path("authorize/", provider.Authorise.as_view(), name="authorize"),
    path("token/", provider.with_current_keys(library.TokenView.as_view()), name="token"),
    path("revoke/", library.RevokeTokenView.as_view(), name="revoke-token"),
    path("userinfo/", provider.UserInfo.as_view(), name="user-info"),
    path("logout/", provider.LogOut.as_view(), name="rp-initiated-logout"),
    path(
        ".well-known/openid-configuration",
        provider.with_current_keys(library.ConnectDiscoveryInfoView.as_view()),
        name="oidc-connect-discovery-info",
    ),
    path(
        ".well-known/oauth-authorization-server",
        provider.with_current_keys(library.OAuthServerMetadataView.as_view()),
        name="oauth-server-metadata",
    ),
    path(".well-known/jwks.json", provider.with_current_keys(library.JwksInfoView.as_view()), name="jwks-info"),
]
urlpatterns = [
    path("", include((_IDENTITY, "identity"))),
    path("oauth/", include((_PROVIDER, "oauth2_provider"))),
]
