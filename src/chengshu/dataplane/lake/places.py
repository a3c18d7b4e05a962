"""Where a lake lies, what its tables are called, and how one is opened."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import obstore
import obstore.store
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError, TableNotFoundError
from obstore.exceptions import BaseError

from chengshu.dataplane.errors import LakeBusy, LakeFault, LakeTableUnknown

_LONGEST_NAME = 200  # bytes in UTF-8: file systems take 255 a folder
_REFUSED_IN_NAMES = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|%#]')
_NO_BUCKET = "NoSuchBucket"
_NOT_LET_IN = re.compile(r"InvalidAccessKeyId|SignatureDoesNotMatch|AccessDenied|\b40[13] (Forbidden|Unauthorized)\b")


class Zone(StrEnum):
    """How far rows have come: as delivered (原始区), in the house's form (标准区), made for a purpose (主题区)."""

    RAW = "raw"
    STANDARD = "standard"
    TOPIC = "topic"


@dataclass(frozen=True, slots=True, order=True)
class TableName:
    """A table of the lake; the name may be Chinese.

    Raises:
        LakeFault: the name is empty, begins with a dot or an underscore, is longer than 200 bytes, or holds what a
            folder's name cannot hold.
    """

    zone: Zone
    name: str

    def __post_init__(self) -> None:
        wrong = (
            not self.name.strip()
            or self.name != self.name.strip()
            or self.name[0] in "._"
            or len(self.name.encode()) > _LONGEST_NAME
            or _REFUSED_IN_NAMES.search(self.name)
        )
        if wrong:
            message = (
                f"“{self.name}”不能作为数据湖的表名：请用不超过 {_LONGEST_NAME} 字节、不含 / \\ : * ? 等符号的名称。"
            )
            raise LakeFault(message, name=self.name)

    def __str__(self) -> str:
        return f"{self.zone}/{self.name}"


@dataclass(frozen=True, slots=True)
class Lake:
    """A folder, or an address `s3://bucket/prefix` with the options of its store (as object_store names them)."""

    root: str
    options: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def is_local(self) -> bool:
        """Whether the lake is a folder of this machine."""
        return "://" not in self.root

    def address(self, table: TableName) -> str:
        """Return where the table lies."""
        return f"{self.root.rstrip('/')}/{table}"

    def store(self) -> Any:
        """Return the objects under the root, which is made if it is a folder that is not there."""
        if self.is_local:
            return obstore.store.LocalStore(Path(self.root), mkdir=True)
        return obstore.store.from_url(self.root, **_store_options(self.options))


def lake_in_store(address: str) -> Lake:
    """Return the lake at `https://key:secret@host/bucket/prefix?region=…`; http is for trials on one machine.

    A store that refuses connections is given up within seconds, one that takes them and says nothing after a minute.
    """
    parts = urlsplit(address)
    place = f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
    options = {
        "AWS_ENDPOINT_URL": f"{parts.scheme}://{place}",
        "AWS_ACCESS_KEY_ID": unquote(parts.username or ""),
        "AWS_SECRET_ACCESS_KEY": unquote(parts.password or ""),
        "AWS_REGION": parse_qs(parts.query).get("region", ["us-east-1"])[0],
        "AWS_ALLOW_HTTP": "true" if parts.scheme == "http" else "false",
        "connect_timeout": "5s",
        "timeout": "20s",  # of one request: large files go in parts
        "max_retries": "2",
    }
    return Lake(f"s3://{unquote(parts.path).strip('/')}", options)


def open_table(lake: Lake, table: TableName, version: int | None = None) -> DeltaTable:
    """Open a table as it is now, or as it was at a version.

    Raises:
        LakeTableUnknown: there is none.
    """
    found = find_table(lake, table, version)
    if found is None:
        raise LakeTableUnknown(f"数据湖中没有表“{table}”。", table=str(table))
    return found


def find_table(lake: Lake, table: TableName, version: int | None = None) -> DeltaTable | None:
    """Open a table, or return None when there is none.

    Raises:
        LakeBusy: the store does not answer.
        LakeFault: the table's log cannot be read.
    """
    try:
        return DeltaTable(lake.address(table), version=version, storage_options=dict(lake.options))
    except TableNotFoundError:
        return None
    except OSError as error:
        raise store_fault(lake, error) from error
    except DeltaError as error:
        message = (
            f"数据湖中的表“{table}”打不开，它的日志（_delta_log）损坏了。请从备份恢复这张表，再重新归集之后的交付。"
        )
        raise LakeFault(message, table=str(table)) from error


def store_fault(lake: Lake, error: Exception) -> LakeBusy:
    """Say what is wrong with a store that refused, and the cure. Keys are not repeated, nor what the store said."""
    if lake.is_local:
        return LakeBusy("数据湖的存储没有响应，请稍后再试。")
    told = str(error)
    bucket = lake.root.partition("://")[2].partition("/")[0]
    if _NO_BUCKET in told:
        message = f"对象存储里没有桶“{bucket}”。请先建好这个桶，或改正设置 CHENGSHU_LAKE_S3 里的桶名。"
    elif _NOT_LET_IN.search(told):
        message = (
            f"对象存储拒绝了访问桶“{bucket}”。请核对设置 CHENGSHU_LAKE_S3 里的访问键和密钥"
            "（其中的特殊符号要写成 %XX），并确认它可以读、写和列出这个桶。"
        )
    else:
        place = lake.options.get("AWS_ENDPOINT_URL", "")
        message = (
            f"连不上对象存储 {place}。请确认它在运行、地址和端口没有写错（设置 CHENGSHU_LAKE_S3）、网络可达，再试一次。"
        )
    return LakeBusy(message, bucket=bucket)


def list_tables(lake: Lake) -> Iterator[TableName]:
    """Give the tables of all zones in the order of zones, then of names.

    Raises:
        LakeBusy: the store does not answer.
    """
    store = lake.store()
    for zone in Zone:
        try:
            folders = obstore.list_with_delimiter(store, prefix=f"{zone}/")["common_prefixes"]
        except BaseError as error:
            raise store_fault(lake, error) from error
        for name in sorted(folder.rstrip("/").rpartition("/")[2] for folder in folders):
            table = TableName(zone, name)
            if DeltaTable.is_deltatable(lake.address(table), storage_options=dict(lake.options)):
                yield table


def _store_options(options: Mapping[str, str]) -> dict[str, Any]:
    """Options of deltalake, in which those of the client stand among the others."""
    client, retries = {"allow_http", "timeout", "connect_timeout"}, "max_retries"
    lowered = {key.lower().removeprefix("aws_"): value for key, value in options.items()}
    return {
        "config": {f"aws_{key}": value for key, value in lowered.items() if key not in {*client, retries}},
        "client_options": {
            key: value == "true" if key == "allow_http" else value for key, value in lowered.items() if key in client
        },
        "retry_config": {retries: int(lowered[retries])} if retries in lowered else None,
    }
