"""The invented city as the platform meets it: entries, sources, deliveries, rules, and what was found, by row and field."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from conftest import NOW
from resources.catalogue.town import Town, published
from resources.collection.sources import take

from chengshu.resources.contracts.collection import DeliveryState
from chengshu.resources.facade import collection, elements, quality
from chengshu.resources.facade.catalogue import DataResource, FieldContent, ValueType
from chengshu.resources.facade.collection import (
    ColumnContent,
    DataSource,
    Delivery,
    SourceContent,
    SourceKind,
    WriteMode,
)
from chengshu.resources.facade.elements import DomainContent, ElementContent
from chengshu.resources.facade.quality import CheckRun, RuleDraft
from chengshu.resources.models import IssueRow, RefusedRow
from chengshu.synthetic.city.delivering import Stock, write_csv, write_postgresql, write_sqlite, write_xlsx
from chengshu.synthetic.city.dirt import QUARANTINE, Planted, Wrong
from chengshu.synthetic.city.shapes import TABLES, Column, Kind, Table

_DEPARTMENTS = {"hydj": "S-MZ", "dbdx": "S-MZ", "gysml": "S-SC", "cght": "S-SC", "zwbj": "S-MZ"}
_ADDRESSES = {"hydj": "minzheng.db", "cght": "caizheng.db"}


@dataclass(frozen=True, slots=True)
class Found:
    """Something that was found wrong: by which kind of rule, in which columns, in the row with this key or line."""

    table: str
    kind: str
    columns: tuple[str, ...]
    key: str = ""
    line: int = 0

    def is_of(self, planted: Planted) -> bool:
        """Tell whether a planted fault is what was found."""
        is_there = self.line == planted.line if self.line else self.key == planted.key
        return self.table == planted.table and is_there and (not planted.column or planted.column in self.columns)


@dataclass(frozen=True, slots=True)
class Score:
    """How well a kind of fault is found, both from 0 to 1: of what was planted, and of what was called wrong."""

    planted: int
    recall: float
    precision: float


def keep_elements(town: Town) -> None:
    """Keep the data elements and value domains that the city's columns follow."""
    for column in {column.code: column for table in TABLES.values() for column in table.columns}.values():
        if column.codes:
            domain = DomainContent(f"VD-{column.code}", column.name, codes=tuple((code, code) for code in column.codes))
            elements.keep_domain(domain, actor=town.steward, now=NOW)
        if column.codes or column.check:
            told = ElementContent(_element(column), column.name, ValueType.TEXT, check=column.check)
            domain_code = f"VD-{column.code}" if column.codes else ""
            elements.keep_element(replace(told, domain=domain_code), actor=town.steward, now=NOW)


def register(table: Table, town: Town, address: Mapping[str, str]) -> tuple[DataResource, DataSource]:
    """Publish the entry of a table, register the source that fills it, and make its rules."""
    actor = town.other if _DEPARTMENTS[table.name] == "S-SC" else town.operator
    resource = published(
        replace(town, operator=actor),
        code=f"307/{table.name}",
        name=table.title,
        department=_DEPARTMENTS[table.name],
        fields=tuple(_field(column) for column in table.columns),
    )
    columns = tuple(
        ColumnContent(
            column.code,
            ValueType(column.kind.value) if column.is_typed else ValueType.TEXT,
            is_nullable=not (column.is_key and column.is_typed),
        )
        for column in table.columns
    )
    kind = SourceKind.DATABASE if address else SourceKind.FILE
    content = SourceContent(
        table.title, _DEPARTMENTS[table.name], kind, table.name, columns, WriteMode.REPLACE, address=dict(address)
    )
    source = collection.register_source(content, actor=actor, now=NOW)
    source = collection.link_source(source, resource, actor=actor, now=NOW)
    quality.remake_rules(resource.pk, actor=town.steward, now=NOW)
    for rule in table.rules:
        quality.write_rule(resource.pk, RuleDraft(rule.key, rule.name, rule.definition), actor=town.steward, now=NOW)
    for column, other in table.refers.items():
        looked_up = {"data": f"307/{other}", "columns": [TABLES[other].key]}
        definition = {"kind": "references", "columns": [column], "references": looked_up}
        draft = RuleDraft(f"{column}.known", "应在名录中", definition)
        quality.write_rule(resource.pk, draft, actor=town.steward, now=NOW)
    return resource, source


def deliver(stock: Stock, source: DataSource, town: Town, folder: Path, finance_url: str) -> Delivery:
    """Hand a table over as its system does, and take it."""
    actor = town.other if source.department_id == town.market.pk else town.operator
    if source.kind == SourceKind.DATABASE.value:
        if source.address["url"].startswith("sqlite"):
            write_sqlite(folder / _ADDRESSES[stock.table.name], stock.table, stock.cells())
        else:
            write_postgresql(finance_url, stock.table, stock.cells())
        collection.ask_pull(source, actor=actor, now=NOW)
        return take(Delivery.objects.get(source=source, state=DeliveryState.WAITING.value))
    is_csv = stock.table.name != "gysml"
    content = (write_csv if is_csv else write_xlsx)(stock.table, stock.cells())
    name = f"{stock.table.title}.{'csv' if is_csv else 'xlsx'}"
    delivery, _is_new = collection.receive_file(source, content, name=name, actor=actor, now=NOW)
    return take(delivery)


def address_of(table: Table, folder: Path, finance_url: str) -> Mapping[str, str]:
    """Give where a table's system is reached; empty for those that send files. Finance may have a server of its own."""
    if table.name not in _ADDRESSES:
        return {}
    own = f"sqlite:///{folder / _ADDRESSES[table.name]}"
    return {"url": finance_url if table.name == "cght" and finance_url else own, "table": table.name}


def list_found(table: Table, run: CheckRun, delivery: Delivery) -> Iterator[Found]:
    """List all that a check and the quarantine called wrong."""
    rows = IssueRow.objects.filter(seen_in=run).select_related("rule")
    for row in rows.order_by("pk"):
        definition = row.rule.definition
        yield Found(table.name, definition["kind"], tuple(definition["columns"]), key=row.key[0])
    for refused in RefusedRow.objects.filter(delivery=delivery).order_by("pk"):
        columns = (refused.column,) if refused.column else tuple(table.codes)
        key = next((part for part in refused.raw.split('"') if part.startswith(_head(table))), "")
        # A database has no lines: there a refused row is known by its key.
        yield Found(table.name, QUARANTINE, columns, key, 0 if table.name in _ADDRESSES else refused.row)


def score(planted: Iterable[Planted], found: Iterable[Found]) -> tuple[dict[Wrong, Score], list[Found]]:
    """Compare what was found with the key, by kind of fault; the second result is what was called wrong and is right."""
    given, called = list(planted), list(found)
    hits: dict[Wrong, list[bool]] = defaultdict(list)
    for one in given:
        hits[one.wrong].append(any(two.kind == one.found_by and two.is_of(one) for two in called))
    right = [two for two in called if not any(two.is_of(one) for one in given)]
    named = {wrong: sum(any(two.is_of(one) for one in given if one.wrong is wrong) for two in called) for wrong in hits}
    scores = {
        wrong: Score(len(some), sum(some) / len(some), named[wrong] / (named[wrong] + len(right) or 1))
        for wrong, some in hits.items()
    }
    return scores, right


def _head(table: Table) -> str:
    return {"cght": "HT", "hydj": "J", "dbdx": "DB", "gysml": "GYS", "zwbj": "BJ"}[table.name]


def _element(column: Column) -> str:
    return f"DE-{column.code}" if column.codes or column.check else ""


def _field(column: Column) -> FieldContent:
    kind = ValueType(column.kind.value)
    length = 60 if column.kind is Kind.TEXT else None
    return FieldContent(
        column.code,
        column.name,
        kind,
        length,
        element=_element(column),
        is_key=column.is_key,
        is_nullable=not (column.is_key or column.is_needed),
    )
