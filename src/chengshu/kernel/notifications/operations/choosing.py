"""How a person wants to be told."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.notifications.contracts import Preferences
from chengshu.kernel.notifications.errors import PreferenceInvalid
from chengshu.kernel.notifications.models import PersonPreferences
from chengshu.kernel.notifications.registry import list_templates

CHANGE = "notifications.change_preferences"
_LANGUAGES = frozenset({"zh-hans", "en"})


@transaction.atomic
def save_preferences(account: User, chosen: Preferences, *, now: datetime) -> None:
    """Keep how the person wants to be told; the audit keeps that it changed, not the address.

    Raises:
        PreferenceInvalid: the address is none, or the language is not spoken here.
    """
    if chosen.email:
        try:
            validate_email(chosen.email)
        except ValidationError as error:
            raise PreferenceInvalid(_("请填写完整的邮箱地址，如 name@example.cn。"), field="email") from error
    if chosen.language not in _LANGUAGES:
        raise PreferenceInvalid(_("请选择语言。"), field="language")
    known = {template.key for template in list_templates()}
    PersonPreferences.objects.update_or_create(
        account=account,
        defaults={
            "email": chosen.email,
            "language": chosen.language,
            "quiet_from": chosen.quiet_from,
            "quiet_until": chosen.quiet_until,
            "digest": chosen.digest,
            "no_email": sorted(chosen.no_email & known),
            "webhook": sorted(chosen.webhook & known),
        },
    )
    details = {"email": bool(chosen.email), "digest": chosen.digest.value}
    audit.record(account, CHANGE, f"account:{account.pk}", now=now, details=details)
