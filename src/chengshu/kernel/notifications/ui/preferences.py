"""How one wants to be told: address, language, quiet hours, and which kinds by which way."""

from datetime import time

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chengshu.kernel.accounts.facade import authenticated_user
from chengshu.kernel.notifications import facade as notifications
from chengshu.kernel.notifications.facade import DIGEST_LABELS, Digest, PreferenceInvalid, Preferences
from chengshu.kernel.outbox.facade import can_send_email


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    """Show what was chosen; on POST keep what is chosen now."""
    viewer = authenticated_user(request)
    if request.method != "POST":
        return _show(request, notifications.get_preferences(viewer))
    asked = Preferences(email=request.POST.get("email", "").strip())
    try:
        asked = _read(request)
        notifications.save_preferences(viewer, asked, now=timezone.now())
    except PreferenceInvalid as fault:
        return _show(request, asked, errors={str(fault.details["field"]): fault.message}, status=422)
    messages.success(request, _("已保存。"))
    return redirect("notifications:preferences")


def _read(request: HttpRequest) -> Preferences:
    """Return what the form says.

    Raises:
        PreferenceInvalid: an hour is none, or a choice is unknown.
    """
    posted = request.POST
    by_mail = set(posted.getlist("mail"))
    try:
        digest = Digest(posted.get("digest", ""))
        hours = [time.fromisoformat(posted.get(name, "")) for name in ("quiet_from", "quiet_until")]
    except ValueError as error:
        raise PreferenceInvalid(_("请把时刻写成 22:00 这样。"), field="quiet") from error
    return Preferences(
        email=posted.get("email", "").strip(),
        language=posted.get("language", ""),
        quiet_from=hours[0].replace(tzinfo=None),
        quiet_until=hours[1].replace(tzinfo=None),
        digest=digest,
        no_email=frozenset(t.key for t in notifications.list_templates() if t.key not in by_mail),
        webhook=frozenset(posted.getlist("webhook")),
    )


def _show(
    request: HttpRequest, asked: Preferences, *, errors: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    language = get_language() or ""
    rows = [
        (t.key, t.label.in_language(language), t.key not in asked.no_email, t.key in asked.webhook, t.is_urgent)
        for t in notifications.list_templates()
    ]
    context = {
        "asked": asked,
        "rows": rows,
        "digests": [(digest.value, label, digest is asked.digest) for digest, label in DIGEST_LABELS.items()],
        "errors": errors or {},
        "can_mail": can_send_email(),
    }
    return render(request, "notifications/preferences.html", context, status=status)
