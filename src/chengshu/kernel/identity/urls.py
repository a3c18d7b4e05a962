"""Addresses of the pages of identity."""

from django.urls import include, path

from chengshu.kernel.identity.views import confirming, entering, own, passkeys

_IDENTITY = [
    path("login/second/", entering.second_step, name="second"),
    path("login/passkey/", passkeys.log_in, name="passkey-login"),
    path("login/passkey/challenge/", passkeys.offer, name="passkey-challenge"),
    path("account/passkeys/add/", passkeys.add, name="passkey"),
    path("account/", own.show_own, name="own"),
    path("account/confirm/", confirming.confirm, name="confirm"),
    path("account/app/", own.add_app, name="totp"),
    path("account/recovery-codes/", own.recovery, name="recovery"),
    path("account/factors/<int:factor_id>/remove/", own.remove, name="factor-remove"),
    path("account/sessions/end-others/", own.end_others, name="sessions-end"),
    path("account/sessions/<int:session_id>/end/", own.end_one, name="session-end"),
]
urlpatterns = [path("", include((_IDENTITY, "identity")))]
