"""The lists of the outbox: messages, what was not delivered, endpoints."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from chengshu.kernel.accounts.facade import User, authenticated_user
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.listing.facade import (
    Choice,
    Column,
    Filter,
    Kind,
    ListingSpec,
    open_listing,
    respond_with_listing,
)
from chengshu.kernel.outbox import facade as outbox


def name_receiver(message: Any) -> str:
    """Name to whom a message goes, of an e-mail address only as much as tells it from others."""
    if message.endpoint is not None:
        return str(message.endpoint.name)
    name, _at, host = str(message.payload.get("to", "")).partition("@")
    return f"{name[:1]}…@{host}" if host else _("（内容已清空）")


def name_subject(message: Any) -> str:
    """Name what a message is about."""
    return str(message.topic or message.payload.get("subject") or _("（内容已清空）"))


_SUBJECT = Column(
    "subject",
    gettext_lazy("内容"),
    name_subject,
    url=lambda message: reverse("outbox:message", args=[message.uuid]),
)
_RECEIVER = Column("receiver", gettext_lazy("发给"), name_receiver)
_CHANNEL = Column(
    "channel",
    gettext_lazy("渠道"),
    lambda message: outbox.CHANNEL_LABELS[outbox.Channel(message.channel)],
    order_by=("channel",),
)
_STATE = Column(
    "state",
    gettext_lazy("状态"),
    lambda message: outbox.STATE_LABELS[outbox.State(message.state)],
    order_by=("state",),
    template="outbox/state.html",
)
_ATTEMPTS = Column("attempts", gettext_lazy("次数"), lambda m: m.attempts, Kind.NUMBER, ("attempts",))
_CREATED = Column("created", gettext_lazy("排入时间"), lambda m: m.created_at, Kind.MOMENT, ("created_at",))
_DUE = Column("due", gettext_lazy("应发时间"), lambda m: m.due_at, Kind.MOMENT, ("due_at",), is_shown=False)
_SENT = Column("sent", gettext_lazy("送达时间"), lambda m: m.sent_at, Kind.MOMENT, ("sent_at",))
_REASON = Column("reason", gettext_lazy("说明"), lambda message: message.reason)
_CHANNELS = Filter(
    "channel",
    gettext_lazy("渠道"),
    lambda: [Choice(channel.value, label) for channel, label in outbox.CHANNEL_LABELS.items()],
    lambda rows, channels: rows.filter(channel__in=channels),
)
MESSAGES = ListingSpec(
    key="outbox",
    columns=(_SUBJECT, _STATE, _CHANNEL, _RECEIVER, _ATTEMPTS, _CREATED, _DUE, _SENT, _REASON),
    default_sort="-created",
    filters=(
        Filter(
            "state",
            gettext_lazy("状态"),
            lambda: [Choice(state.value, label) for state, label in outbox.STATE_LABELS.items()],
            lambda rows, states: rows.filter(state__in=states),
        ),
        _CHANNELS,
        Filter(
            "endpoint",
            gettext_lazy("推送地址"),
            lambda: [Choice(str(endpoint.uuid), endpoint.name) for endpoint in outbox.list_endpoints()],
            lambda rows, uuids: rows.filter(endpoint__uuid__in=uuids),
        ),
    ),
    empty=gettext_lazy("还没有发出过消息。"),
    file_name="对外发送",
)
DEAD = ListingSpec(
    key="outbox-dead",
    columns=(_SUBJECT, _CHANNEL, _RECEIVER, _ATTEMPTS, _CREATED, _REASON),
    default_sort="-created",
    filters=(_CHANNELS,),
    empty=gettext_lazy("没有等待处理的未送达消息。"),
    file_name="未送达消息",
)
ENDPOINTS = ListingSpec(
    key="endpoints",
    columns=(
        Column(
            "name",
            gettext_lazy("名称"),
            lambda endpoint: endpoint.name,
            order_by=("name",),
            url=lambda endpoint: reverse("outbox:endpoint", args=[endpoint.uuid]),
        ),
        Column("url", gettext_lazy("地址"), lambda endpoint: endpoint.url, order_by=("url",)),
        Column("topics", gettext_lazy("主题"), lambda endpoint: "、".join(name_topics(endpoint.topics))),
        Column(
            "active",
            gettext_lazy("状态"),
            lambda endpoint: _("启用") if endpoint.is_active else _("停用"),
            order_by=("is_active",),
        ),
        Column("created", gettext_lazy("登记时间"), lambda e: e.created_at, Kind.MOMENT, ("created_at",)),
    ),
    default_sort="name",
    empty=gettext_lazy("还没有推送地址。登记后，订阅的消息会签名推送过去。"),
    file_name="推送地址",
)


def name_topics(keys: list[str]) -> list[str]:
    """Return what people call these topics; one that is gone goes by its key."""
    labels = {topic.key: str(topic.label) for topic in outbox.list_topics()}
    return [labels.get(key, key) for key in keys]


@require_http_methods(["GET", "POST"])
def show_messages(request: HttpRequest) -> HttpResponseBase:
    """Show all messages."""
    require_manager(request)
    return respond_with_listing(request, open_listing(MESSAGES, outbox.list_messages(), request), "outbox/list.html")


@require_http_methods(["GET", "POST"])
def show_dead(request: HttpRequest) -> HttpResponseBase:
    """Show what was not delivered and that nobody has dealt with."""
    require_manager(request)
    return respond_with_listing(request, open_listing(DEAD, outbox.list_dead(), request), "outbox/dead.html")


@require_http_methods(["GET", "POST"])
def show_endpoints(request: HttpRequest) -> HttpResponseBase:
    """Show where webhooks are posted to."""
    require_manager(request)
    listing = open_listing(ENDPOINTS, outbox.list_endpoints(), request)
    return respond_with_listing(request, listing, "outbox/endpoints.html")


def require_manager(request: HttpRequest) -> User:
    """Return the viewer if he manages what leaves the house.

    Raises:
        PermissionRefused: he does not.
    """
    viewer = authenticated_user(request)
    grants.require_in_city(viewer, outbox.MANAGE, on=localdate())
    return viewer
