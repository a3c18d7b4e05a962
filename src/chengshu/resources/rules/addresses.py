"""What a source's address says, by its kind."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from chengshu.resources.contracts.collection import SourceKind

FIELDS: Mapping[SourceKind, tuple[str, ...]] = {
    SourceKind.FILE: ("sheet",),
    SourceKind.FOLDER: ("folder", "sheet"),
    SourceKind.DATABASE: ("url", "schema", "table", "by", "key"),
    SourceKind.INTERFACE: ("url", "rows_at", "next_at", "page_field", "header", "secret"),
}
NEEDED: Mapping[SourceKind, tuple[str, ...]] = {
    SourceKind.FILE: (),
    SourceKind.FOLDER: ("folder",),
    SourceKind.DATABASE: ("url", "table"),
    SourceKind.INTERFACE: ("url",),
}
_HEADER = re.compile(r"[A-Za-z0-9-]{1,64}")
_FOLDER = re.compile(r"[\w\-]{1,60}")


def find_fault(kind: SourceKind, address: Mapping[str, str]) -> str:
    """Return the field of an address that is unknown, missing or unusable; empty when there is none."""
    for name in address:
        if name not in FIELDS[kind]:
            return name
    for name in NEEDED[kind]:
        if not address.get(name, "").strip():
            return name
    if kind is SourceKind.FOLDER and not _FOLDER.fullmatch(address["folder"]):
        return "folder"
    schemes = {SourceKind.DATABASE: ("postgresql", "mysql", "sqlite"), SourceKind.INTERFACE: ("http", "https")}
    if kind in schemes and not _is_url(address["url"], schemes[kind]):
        return "url"
    if address.get("header") and not _HEADER.fullmatch(address["header"]):
        return "header"
    return ""


def _is_url(url: str, schemes: tuple[str, ...]) -> bool:
    """Whether an address can be taken apart without doubt: only then its secrets are known to be hidden."""
    try:
        parts = urlsplit(url)
        _port = parts.port
    except ValueError:
        return False
    if parts.scheme not in schemes or parts.fragment or not url.isprintable() or " " in url:
        return False
    return parts.scheme == "sqlite" if not parts.netloc else bool(parts.hostname) and "@" not in parts.path
