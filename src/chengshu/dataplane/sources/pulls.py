"""Pages of an HTTP interface, kept as files: JSON Lines or CSV, which then go the way of all files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import urllib3

from chengshu.dataplane.errors import SourceUnreachable, SourceUnreadable
from chengshu.dataplane.sources.jsontexts import read_exactly, write_exactly

LARGEST_PAGE = 256 * 1024 * 1024
MOST_PAGES = 100_000


@dataclass(frozen=True, slots=True)
class Interface:
    """An address that gives rows: JSON (an array, or an object with the rows at `rows_at`) or CSV.

    `next_at` names where an answer gives the address of the next page; else `page_field` is a parameter that counts
    from 1 until a page is empty. Without both there is one page.
    """

    url: str = field(repr=False)
    rows_at: str = ""
    next_at: str = ""
    page_field: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Pulled:
    """What was brought: a file, and the tag with which the next pull asks whether anything changed."""

    file: Path
    etag: str
    pages: int


def pull(interface: Interface, folder: Path, *, etag: str = "") -> Pulled | None:
    """Bring all pages into the folder, or return None when nothing changed since `etag`.

    Raises:
        SourceUnreachable: the server does not answer, or answers with a fault, also after three more tries.
        SourceUnreadable: an answer is neither JSON with rows nor CSV.
    """
    retries = urllib3.Retry(total=3, backoff_factor=0.1, status_forcelist=(429, 500, 502, 503, 504), redirect=0)
    pool = urllib3.PoolManager(retries=retries, timeout=urllib3.Timeout(connect=10, read=120))
    target = folder / "pulled.jsonl"
    url, page, first_tag, before = _page_url(interface, 1), 1, "", b""
    with target.open("w", encoding="utf-8") as out:
        while page <= MOST_PAGES:
            answer = _ask(pool, url, interface, etag if page == 1 else "")
            if answer.status == 304:
                return None
            first_tag = first_tag or answer.headers.get("ETag", "")
            if "csv" in answer.headers.get("Content-Type", ""):
                _require_whole(interface, url)
                target.with_suffix(".csv").write_bytes(answer.data)
                return Pulled(target.with_suffix(".csv"), first_tag, 1)
            body = _parse(answer.data, url)
            rows = _rows(body, interface, url)
            if rows and answer.data == before:
                message = f"接口“{_shown(url)}”的第 {page} 页与前一页完全相同，像是没有按页码翻页，已停止，没有取用。"
                raise SourceUnreadable(f"{message}请核对页码参数或下一页的位置。", url=_shown(url))
            before = answer.data
            out.writelines(write_exactly(row) + "\n" for row in rows)
            following = _next_url(interface, body, url, page, has_rows=bool(rows))
            if not following:
                return Pulled(target, first_tag, page)
            url, page = following, page + 1
    raise SourceUnreadable(f"接口“{_shown(interface.url)}”超过 {MOST_PAGES} 页，已停止。", url=_shown(interface.url))


def _ask(pool: urllib3.PoolManager, url: str, interface: Interface, etag: str) -> urllib3.BaseHTTPResponse:
    shown = _shown(url)
    if urlsplit(url).scheme not in {"http", "https"}:
        raise SourceUnreadable(f"接口地址“{shown}”应以 http:// 或 https:// 开头。", url=shown)
    headers = {**interface.headers, **({"If-None-Match": etag} if etag else {})}
    try:
        answer = pool.request("GET", url, headers=headers, preload_content=False)
        data = answer.read(LARGEST_PAGE + 1)
    except urllib3.exceptions.HTTPError as error:
        message = f"接口“{shown}”没有响应，请检查地址和网络后重试。"
        # What the library says of it holds the whole address, with what is secret in it.
        raise SourceUnreachable(message, url=shown, cause=type(error).__name__) from None
    if len(data) > LARGEST_PAGE:
        raise SourceUnreadable(f"接口“{shown}”的一页超过 256 MB，请分页提供。", url=shown)
    if answer.status not in {200, 304}:
        raise SourceUnreachable(
            f"接口“{shown}”返回了 {answer.status}，请联系提供单位。", url=shown, status=answer.status
        )
    return urllib3.HTTPResponse(body=data, headers=answer.headers, status=answer.status)


def _parse(data: bytes, url: str) -> Any:
    try:
        return read_exactly(data)
    except (ValueError, RecursionError) as error:
        raise SourceUnreadable(f"接口“{_shown(url)}”返回的不是有效的 JSON。", url=_shown(url)) from error


def _require_whole(interface: Interface, url: str) -> None:
    """Raise SourceUnreadable for CSV of an interface that gives pages: what follows the first would be lost."""
    if interface.page_field or interface.next_at:
        message = f"接口“{_shown(url)}”约定了翻页，却返回了 CSV；CSV 没有下一页，后面的会丢失。"
        raise SourceUnreadable(f"{message}请改为返回 JSON，或去掉翻页的设置，一次返回全部。", url=_shown(url))


def _rows(body: Any, interface: Interface, url: str) -> list[Any]:
    found = body
    for part in filter(None, interface.rows_at.split(".")):
        found = found.get(part) if isinstance(found, dict) else None
    if not isinstance(found, list):
        place = f"“{interface.rows_at}”处" if interface.rows_at else ""
        raise SourceUnreadable(f"接口“{_shown(url)}”的返回中{place}没有数据行的列表。", url=_shown(url))
    return found


def _next_url(interface: Interface, body: Any, url: str, page: int, *, has_rows: bool) -> str:
    if interface.next_at:
        found = body
        for part in interface.next_at.split("."):
            found = found.get(part) if isinstance(found, dict) else None
        following = urljoin(url, str(found)) if found else ""
        if following and urlsplit(following).netloc != urlsplit(interface.url).netloc:
            # The header with the secret is for this server alone.
            raise SourceUnreadable(f"接口“{_shown(url)}”的下一页指向了另一台服务器，已停止。", url=_shown(url))
        return following
    return _page_url(interface, page + 1) if interface.page_field and has_rows else ""


def _page_url(interface: Interface, page: int) -> str:
    if not interface.page_field:
        return interface.url
    sign = "&" if "?" in interface.url else "?"
    return f"{interface.url}{sign}{urlencode({interface.page_field: page})}"


def _shown(url: str) -> str:
    """An address for people: parameters and log-ins may be secret."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
