"""Where one may send: named hosts by https, and never into the machine or the cloud's own services."""

from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from chengshu.kernel.outbox.errors import EndpointRefused

_LENGTH = 500
#: Addresses at which clouds hand out credentials to whoever asks; the first is also a link-local one.
_CLOUD_SERVICES = frozenset({ip_address("169.254.169.254"), ip_address("100.100.100.200"), ip_address("fd00:ec2::254")})


@dataclass(frozen=True, slots=True)
class Target:
    """Where to connect to, and what to ask for there."""

    host: str
    port: int
    path: str
    is_https: bool
    host_header: str


def read_target(url: str, *, hosts: Collection[str], allow_loopback: bool) -> Target:
    """Return what the address says, if one may send there.

    Args:
        url: the whole address.
        hosts: allowed host names; `.example.org` allows all below it.
        allow_loopback: whether this machine itself is allowed, also without encryption; for tests.

    Raises:
        EndpointRefused: not https, a host that is not allowed, or an address with a name and password in it.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as error:
        raise EndpointRefused(_("地址不完整，请写成 https://主机/路径。")) from error
    is_loopback = allow_loopback and (_is_loopback(host) or host == "localhost")
    if not host or len(url) > _LENGTH or not url.isascii() or any(mark <= " " for mark in url):
        raise EndpointRefused(_("地址不完整，请写成 https://主机/路径。"))
    if parts.scheme != "https" and not (is_loopback and parts.scheme == "http"):
        raise EndpointRefused(_("只能推送到 https 地址。"))
    if parts.username is not None or parts.password is not None:
        raise EndpointRefused(_("地址里不能写用户名和口令。"))
    if not is_loopback and not _is_allowed(host, hosts):
        raise EndpointRefused(_("主机 %(host)s 不在允许推送的名单里，请让运维人员加入。") % {"host": host}, host=host)
    is_https = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    named = f"[{host}]" if ":" in host else host
    return Target(host, port or (443 if is_https else 80), path, is_https, f"{named}:{port}" if port else named)


def refuse_address(address: str, *, allow_loopback: bool) -> None:
    """Refuse a network address that an allowed name must not lead to.

    Private networks are allowed: the hosts that the list names mostly live there.

    Raises:
        EndpointRefused: this machine, a neighbour link, a group, or a cloud's own service.
    """
    found: IPv4Address | IPv6Address = ip_address(address.split("%", maxsplit=1)[0])
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if found.is_loopback and allow_loopback:
        return
    barred = found.is_loopback or found.is_link_local or found.is_multicast or found.is_unspecified
    if barred or found in _CLOUD_SERVICES or (found.is_reserved and isinstance(found, IPv4Address)):
        raise EndpointRefused(_("主机名指向不允许推送的网络地址。"))


def _is_allowed(host: str, hosts: Collection[str]) -> bool:
    lowered = host.lower()
    return any(lowered == name or (name.startswith(".") and lowered.endswith(name)) for name in map(str.lower, hosts))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
