"""Allowing addresses, and taking that back: by the centre, with an entry in the audit each."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from chengshu.base.texts import drop_controls, tidy
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.kernel.grants import facade as grants
from chengshu.resources.errors import ResourceInvalid, ResourceNotFound
from chengshu.resources.models import KEEP_ELEMENTS, AllowedAddress
from chengshu.resources.rules.hosts import read_host

KEEP_ADDRESSES = KEEP_ELEMENTS
"""Who keeps what the whole city shares keeps this as well."""
_HIGHEST_PORT = 65535
_NOTE = 200


@transaction.atomic
def allow_address(host: str, port: int, note: str, *, actor: User, now: datetime) -> AllowedAddress:
    """Let the house connect to a host, at one port or at every one (0).

    Raises:
        PermissionRefused: the actor does not keep addresses for the city.
        ResourceInvalid: names the place.
    """
    grants.require_in_city(actor, KEEP_ADDRESSES, on=localdate(now))
    read, told = read_host(drop_controls(host)), tidy(drop_controls(note))[:_NOTE]
    if not read:
        raise ResourceInvalid(_("主机写成域名或 IP 地址，如 db1.mzj.example 或 10.2.3.4。"), field="host")
    if not 0 <= port <= _HIGHEST_PORT:
        raise ResourceInvalid(_("端口是 1 至 65535，留空为全部端口。"), field="port")
    if not told:
        raise ResourceInvalid(_("请写明是谁的库、为什么许可。"), field="note")
    address, is_new = AllowedAddress.objects.get_or_create(
        host=read, port=port, defaults={"note": told, "author": actor, "allowed_at": now}
    )
    if is_new:
        record(actor, "resources.allow_address", f"address:{address}", now=now, reason=told)
    return address


@transaction.atomic
def forbid_address(address_id: int, *, actor: User, now: datetime) -> None:
    """Take the permission of an address back.

    Raises:
        PermissionRefused: the actor does not keep addresses for the city.
        ResourceNotFound: there is none.
    """
    grants.require_in_city(actor, KEEP_ADDRESSES, on=localdate(now))
    address = AllowedAddress.objects.filter(pk=address_id).first()
    if address is None:
        raise ResourceNotFound(_("没有这个地址。"), address=address_id)
    record(actor, "resources.forbid_address", f"address:{address}", now=now, before={"note": address.note})
    address.delete()
