"""Hosts in addresses: which one an address names, and whether it is among those that are allowed."""

import ipaddress
import re
from collections.abc import Collection
from urllib.parse import parse_qsl, unquote, urlsplit

DEFAULT_PORTS = {"postgresql": 5432, "postgres": 5432, "mysql": 3306, "http": 80, "https": 443}
_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*")
_REDIRECTING = frozenset({"host", "hostaddr", "port", "service", "servicefile", "passfile", "options"})
"""Parts of a query that would lead a client elsewhere than the address says, or to files of the machine."""


def read_host(text: str) -> str:
    """Give a host as it is compared: small letters, an IP address in its shortest form; empty for what is none."""
    folded = text.strip().strip("[]").lower().rstrip(".")
    try:
        return str(ipaddress.ip_address(folded))
    except ValueError:
        return folded if _NAME.fullmatch(folded) else ""


def find_endpoint(address: str) -> tuple[str, int] | None:
    """Give host and port of an address; None where it names none, several, or leads elsewhere by its query."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in DEFAULT_PORTS or "," in parts.netloc or "%" in (parts.hostname or "") or parts.fragment:
        return None
    if any(sign.isspace() or not sign.isprintable() or sign in "\\'\"" for sign in unquote(parts.netloc + parts.path)):
        return None  # words of a connection are parted by blanks: one more could name another host
    if any(unquote(name).lower() in _REDIRECTING for name, _value in parse_qsl(parts.query, keep_blank_values=True)):
        return None
    host = read_host(parts.hostname or "")
    return (host, port or DEFAULT_PORTS[parts.scheme]) if host else None


def is_allowed(endpoint: tuple[str, int], allowed: Collection[tuple[str, int]]) -> bool:
    """Whether an endpoint is among the allowed ones; port 0 stands for every port of a host."""
    return endpoint in allowed or (endpoint[0], 0) in allowed
