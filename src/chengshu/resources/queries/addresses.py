"""Addresses that the data centre lets the house connect to."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from chengshu.resources.errors import SourceUnreadable
from chengshu.resources.models import AllowedAddress
from chengshu.resources.rules.hosts import find_endpoint, is_allowed


def list_addresses() -> QuerySet[AllowedAddress]:
    """List the allowed addresses with who allowed them, by host."""
    return AllowedAddress.objects.select_related("author").order_by("host", "port")


def require_allowed(address: str) -> None:
    """Let an address pass that the centre allowed; nothing is asked of the network before.

    Raises:
        SourceUnreadable: it is not allowed, or cannot be told apart; names the host and the cure.
    """
    endpoint = find_endpoint(address)
    if endpoint is None:
        raise SourceUnreadable(_("地址要写明一个主机，后面不能带 host、port、options 等参数。"), field="address")
    if not is_allowed(endpoint, set(AllowedAddress.objects.values_list("host", "port"))):
        told = {"host": f"{endpoint[0]}:{endpoint[1]}"}
        raise SourceUnreadable(_("数据中心还没有许可连接 %(host)s，请联系数据中心管理员。") % told, field="address")
