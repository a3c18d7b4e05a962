"""Addresses that the data centre lets the house connect to."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from chengshu.resources.errors import SourceUnreadable
from chengshu.resources.models import AllowedAddress
from chengshu.resources.rules.hosts import find_endpoint, is_allowed


def list_addresses() -> QuerySet[AllowedAddress]:
    """List the allowed addresses with who allowed them, by host."""
    return AllowedAddress.objects.select_related("author").order_by("host", "port")


def inbox_folder() -> Path:
    """Give the one folder of this machine that sources are read from: departments' files lie in folders below it."""
    return Path(settings.LAKE_ROOT) / "_inbox"


def require_reachable(address: str) -> None:
    """Let the address of a source pass: an allowed host, or a file of SQLite below the folder for files.

    Asked each time before a source is read, so that what is forbidden later is not read any more. Any other file of
    this machine could be the house's own database.

    Raises:
        SourceUnreadable: it may not be read; names the host or the folder, and the cure.
    """
    parts = urlsplit(address)
    if parts.scheme != "sqlite":
        require_allowed(address)
        return
    root = inbox_folder().resolve()
    if not Path(unquote(parts.path)).resolve().is_relative_to(root):
        told = {"folder": str(root)}
        raise SourceUnreadable(_("SQLite 文件要放在 %(folder)s 之下，才能作为数据源读取。") % told, field="address")


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
