"""Endpoints: register, look at, give a new secret, switch off and on, try."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chengshu.kernel.outbox import facade as outbox
from chengshu.kernel.outbox.facade import Endpoint, NewEndpoint
from chengshu.kernel.outbox.ui.lists import name_topics, require_manager

_SHOWN = 20


@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Ask for name, address and topics; on POST keep them and show the secret, once."""
    viewer = require_manager(request)
    context: dict[str, object] = {"topics": outbox.list_topics(), "chosen": [], "asked": {}}
    if request.method == "POST":
        asked = {name: request.POST.get(name, "") for name in ("name", "url")}
        chosen = request.POST.getlist("topics")
        new = NewEndpoint(asked["name"], asked["url"].strip(), frozenset(chosen))
        try:
            endpoint, secret = outbox.register_endpoint(new, actor=viewer, now=timezone.now())
        except outbox.EndpointRefused as fault:
            context |= {"asked": asked, "chosen": chosen, "url_error": fault.message}
        except outbox.EndpointInvalid as fault:
            context |= {"asked": asked, "chosen": chosen, f"{fault.details['field']}_error": fault.message}
        else:
            return _show_secret(request, endpoint, secret)
        return render(request, "outbox/register.html", context, status=422)
    return render(request, "outbox/register.html", context)


@require_GET
@never_cache
def show_endpoint(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one endpoint with what was last posted to it."""
    require_manager(request)
    endpoint = _find(uuid)
    last = outbox.list_messages().filter(endpoint=endpoint)[:_SHOWN]
    context = {
        "endpoint": endpoint,
        "topics": name_topics(endpoint.topics),
        "has_two_secrets": endpoint.old_until is not None and endpoint.old_until > timezone.now(),
        "last": [(message, outbox.STATE_LABELS[outbox.State(message.state)]) for message in last],
    }
    return render(request, "outbox/endpoint.html", context)


@require_POST
def rotate(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Draw a new secret and show it, once."""
    viewer = require_manager(request)
    _find(uuid)
    endpoint, secret = outbox.rotate_secret(uuid, actor=viewer, now=timezone.now())
    return _show_secret(request, endpoint, secret)


@require_POST
def switch(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Switch the endpoint off or on."""
    viewer, endpoint = require_manager(request), _find(uuid)
    is_active = request.POST.get("active") == "yes"
    outbox.switch_endpoint(endpoint.uuid, is_active=is_active, actor=viewer, now=timezone.now())
    messages.success(request, _("已启用。") if is_active else _("已停用，不再推送到这里。"))
    return redirect("outbox:endpoint", uuid=uuid)


@require_POST
def test(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Put in a webhook that says nothing, and lead to how it goes."""
    viewer, endpoint = require_manager(request), _find(uuid)
    message = outbox.send_test(endpoint.uuid, actor=viewer, now=timezone.now())
    messages.success(request, _("试推送已排队，几秒后刷新可见结果。"))
    return redirect("outbox:message", uuid=message.uuid)


def _find(uuid: UUID) -> Endpoint:
    try:
        return outbox.get_endpoint(uuid)
    except outbox.EndpointNotFound as fault:
        raise Http404(fault.message) from fault


def _show_secret(request: HttpRequest, endpoint: Endpoint, secret: str) -> HttpResponse:
    return render(request, "outbox/secret.html", {"endpoint": endpoint, "secret": secret})
