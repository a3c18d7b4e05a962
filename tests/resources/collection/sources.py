"""Sources of the civil department, and deliveries to them."""

from dataclasses import replace
from typing import Any

from conftest import NOW
from resources.catalogue.town import Town

from chengshu.dataplane.lake.reading import read
from chengshu.resources.contracts.catalogue import ValueType
from chengshu.resources.facade import addresses, collection
from chengshu.resources.facade.collection import ColumnContent, DataSource, Delivery, SourceContent, SourceKind
from chengshu.resources.facade.deliveries import open_lake, raw_table, take_delivery

COLUMNS = (
    ColumnContent("编号", ValueType.INTEGER, is_nullable=False),
    ColumnContent("姓名"),
    ColumnContent("金额", ValueType.DECIMAL),
)
HEADER = "编号,姓名,金额"


def a_source(town: Town, **more: Any) -> DataSource:
    """Register a source of files."""
    content = SourceContent("婚姻登记", "S-MZ", SourceKind.FILE, "婚姻登记", COLUMNS)
    return collection.register_source(replace(content, **more), actor=town.operator, now=NOW)


def allow_machine(town: Town) -> None:
    """Let sources on this machine be read, as the data centre's steward does."""
    addresses.allow_address("127.0.0.1", 0, "测试的来源", actor=town.steward, now=NOW)


def a_file(*lines: str, header: str = HEADER) -> bytes:
    """Write a file as departments do."""
    return "\n".join([header, *lines, ""]).encode("gb18030")


def send(source: DataSource, town: Town, content: bytes, name: str = "登记.csv") -> Delivery:
    """Send a file and take it."""
    delivery, _is_new = collection.receive_file(source, content, name=name, actor=town.operator, now=NOW)
    return take(delivery)


def take(delivery: Delivery) -> Delivery:
    """Take a delivery as the job does."""
    return take_delivery(delivery.pk, report=lambda _stage, _rows: None, now=lambda: NOW)


def rows_of(source: DataSource) -> list[dict[str, Any]]:
    """Read what a source has in the lake."""
    found: list[dict[str, Any]] = read(open_lake(), raw_table(source)).sort_by("编号").to_pylist()
    return found
