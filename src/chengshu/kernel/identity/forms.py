"""What people type on the pages of identity."""

from django import forms
from django.utils.translation import gettext_lazy as _


class CodeForm(forms.Form):
    """A code of the authenticator app, or a recovery code."""

    code = forms.CharField(label=_("验证码"), max_length=32, error_messages={"required": _("请填写验证码。")})


class PasskeyForm(forms.Form):
    """What a device answered, and what the person calls it."""

    name = forms.CharField(label=_("名称"), required=False, max_length=64)
    credential = forms.JSONField()


class ConfirmForm(forms.Form):
    """The password, once more."""

    password = forms.CharField(
        label=_("口令"), strip=False, max_length=128, error_messages={"required": _("请填写口令。")}
    )


class ApplicationForm(forms.Form):
    """An application to be registered; addresses one a line."""

    name = forms.CharField(label=_("名称"), max_length=128, error_messages={"required": _("请填写名称。")})
    addresses = forms.CharField(label=_("登录后回到的地址"), error_messages={"required": _("请填写至少一个地址。")})
    log_out_addresses = forms.CharField(label=_("退出后回到的地址"), required=False)
    is_public = forms.BooleanField(label=_("公开应用"), required=False)


class ReasonForm(forms.Form):
    """Why something is done to somebody else's account."""

    reason = forms.CharField(label=_("事由"), max_length=256, error_messages={"required": _("请写明事由。")})
