"""Endpoints: registered, given a new secret, switched off and on. Each write is audited, never with the secret."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from chengshu.base.texts import drop_controls
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.outbox.contracts import NewEndpoint
from chengshu.kernel.outbox.errors import EndpointInvalid, EndpointNotFound
from chengshu.kernel.outbox.models import NAME_LENGTH, Endpoint, Message
from chengshu.kernel.outbox.operations.enqueuing import enqueue_test
from chengshu.kernel.outbox.queries import MANAGE
from chengshu.kernel.outbox.registry import list_topics
from chengshu.kernel.outbox.rules.addresses import read_target
from chengshu.kernel.outbox.rules.boxes import seal
from chengshu.kernel.outbox.rules.signing import draw_secret

#: How long an old secret signs beside the new one, so that the other side can change over.
OVERLAP = timedelta(days=1)
REGISTER, ROTATE, SWITCH, TEST = (f"outbox.{verb}" for verb in ("register", "rotate_secret", "switch", "test"))


@transaction.atomic
def register_endpoint(new: NewEndpoint, *, actor: User, now: datetime) -> tuple[Endpoint, str]:
    """Keep an endpoint; return it with its secret, which nobody can ask for again.

    Raises:
        PermissionRefused: the actor does not manage the outbox.
        EndpointRefused: nothing may be sent to this address.
        EndpointInvalid: the name is missing or taken, or there is no known topic.
    """
    grants.require_in_city(actor, MANAGE, on=localdate(now))
    read_target(new.url, hosts=settings.WEBHOOK_HOSTS, allow_loopback=settings.WEBHOOK_LOOPBACK)
    name = drop_controls(new.name).strip()
    if not name or len(name) > NAME_LENGTH or Endpoint.objects.filter(name=name).exists():
        raise EndpointInvalid(_("请起一个没有用过的名称，最长 %(n)s 个字符。") % {"n": NAME_LENGTH}, field="name")
    if not new.topics or not new.topics <= {topic.key for topic in list_topics()}:
        raise EndpointInvalid(_("请至少选择一个主题。"), field="topics")
    secret = draw_secret()
    endpoint = Endpoint.objects.create(
        name=name,
        url=new.url,
        topics=sorted(new.topics),
        secret_box=seal(secret, house_key=settings.SECRET_KEY),
        created_at=now,
        created_by=actor,
    )
    details = {"name": name, "url": new.url, "topics": endpoint.topics}
    audit.record(actor, REGISTER, f"endpoint:{endpoint.pk}", now=now, details=details)
    return endpoint, secret


@transaction.atomic
def rotate_secret(uuid: UUID, *, actor: User, now: datetime) -> tuple[Endpoint, str]:
    """Give the endpoint a new secret and return it; for a day the old one signs as well.

    Raises:
        PermissionRefused: the actor does not manage the outbox.
        EndpointNotFound: there is none.
    """
    endpoint = _lock(uuid, actor, now)
    secret = draw_secret()
    endpoint.old_secret_box, endpoint.old_until = endpoint.secret_box, now + OVERLAP
    endpoint.secret_box = seal(secret, house_key=settings.SECRET_KEY)
    endpoint.save(update_fields=["secret_box", "old_secret_box", "old_until"])
    audit.record(actor, ROTATE, f"endpoint:{endpoint.pk}", now=now)
    return endpoint, secret


@transaction.atomic
def switch_endpoint(uuid: UUID, *, is_active: bool, actor: User, now: datetime) -> Endpoint:
    """Switch an endpoint off or on; what waits for one that is off fails for good at its next attempt.

    Raises:
        PermissionRefused: the actor does not manage the outbox.
        EndpointNotFound: there is none.
    """
    endpoint = _lock(uuid, actor, now)
    before, endpoint.is_active = endpoint.is_active, is_active
    endpoint.save(update_fields=["is_active"])
    details = {"before": before, "after": is_active}
    audit.record(actor, SWITCH, f"endpoint:{endpoint.pk}", now=now, details=details)
    return endpoint


@transaction.atomic
def send_test(uuid: UUID, *, actor: User, now: datetime) -> Message:
    """Put in a webhook that says nothing.

    Raises:
        PermissionRefused: the actor does not manage the outbox.
        EndpointNotFound: there is none.
    """
    endpoint = _lock(uuid, actor, now)
    message = enqueue_test(endpoint, key=f"test:{endpoint.pk}:{now.isoformat()}", now=now)
    audit.record(actor, TEST, f"endpoint:{endpoint.pk}", now=now)
    return message


def _lock(uuid: UUID, actor: User, now: datetime) -> Endpoint:
    grants.require_in_city(actor, MANAGE, on=localdate(now))
    endpoint = Endpoint.objects.select_for_update().filter(uuid=uuid).first()
    if endpoint is None:
        raise EndpointNotFound(_("没有这个推送地址。"), uuid=str(uuid))
    return endpoint
