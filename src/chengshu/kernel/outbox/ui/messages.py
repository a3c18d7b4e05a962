"""One message with its attempts, sent again or put aside."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from chengshu.kernel.outbox import facade as outbox
from chengshu.kernel.outbox.facade import Message
from chengshu.kernel.outbox.ui.lists import name_receiver, name_subject, require_manager


@require_GET
@never_cache
def show_message(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one message and how its delivery went; never its text."""
    require_manager(request)
    return _show(request, _find(uuid))


@require_POST
def retry(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Let a message that failed for good be sent again."""
    viewer, message = require_manager(request), _find(uuid)
    try:
        outbox.retry_message(uuid, actor=viewer, now=timezone.now())
    except outbox.MessageNotDead as fault:
        return _show(request, message, error=fault.message, status=409)
    messages.success(request, _("已重新排队。"))
    return redirect("outbox:message", uuid=uuid)


@require_POST
def dismiss(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Put a message that failed for good aside."""
    viewer, message = require_manager(request), _find(uuid)
    try:
        outbox.dismiss_message(uuid, actor=viewer, now=timezone.now(), reason=request.POST.get("reason", ""))
    except outbox.MessageNotDead as fault:
        return _show(request, message, error=fault.message, status=409)
    except outbox.ReasonMissing as fault:
        return _show(request, message, reason_error=fault.message, status=422)
    messages.success(request, _("已搁置，不再发送。"))
    return redirect("outbox:dead")


def _find(uuid: UUID) -> Message:
    try:
        return outbox.get_message(uuid)
    except outbox.MessageNotFound as fault:
        raise Http404(fault.message) from fault


def _show(
    request: HttpRequest, message: Message, *, error: str = "", reason_error: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "message": message,
        "subject": name_subject(message),
        "receiver": name_receiver(message),
        "state_label": outbox.STATE_LABELS[outbox.State(message.state)],
        "channel_label": outbox.CHANNEL_LABELS[outbox.Channel(message.channel)],
        "deliveries": outbox.list_deliveries(message),
        "error": error,
        "reason_error": reason_error,
    }
    return render(request, "outbox/message.html", context, status=status)
