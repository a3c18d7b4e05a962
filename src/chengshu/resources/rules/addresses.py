"""What a source's address says, by its kind; secrets are not shown."""

import re
from collections.abc import Mapping

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
_PASSWORD = re.compile(r"(://[^:/@]*):[^@]*@")
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
    if kind in schemes and address["url"].partition("://")[0] not in schemes[kind]:
        return "url"
    return ""


def hide_secrets(address: Mapping[str, str]) -> dict[str, str]:
    """Return an address as pages and the audit may show it."""
    shown = {name: value for name, value in address.items() if value and name != "secret"}
    if "url" in shown:
        shown["url"] = _PASSWORD.sub(r"\1:******@", shown["url"])
    return shown
