"""The marriage register of the civil department: catalogued, collected from files, with rules, and its pipeline."""

from dataclasses import dataclass
from itertools import count
from typing import Any

from conftest import NOW
from resources.catalogue.town import Town, published
from resources.collection.sources import take

from chengshu.dataplane.lake.places import TableName, Zone
from chengshu.dataplane.lake.reading import read
from chengshu.resources.contracts.catalogue import ValueType
from chengshu.resources.facade import collection, processing, quality
from chengshu.resources.facade.collection import (
    ColumnContent,
    DataSource,
    Delivery,
    SourceContent,
    SourceKind,
    WriteMode,
)
from chengshu.resources.facade.deliveries import open_lake
from chengshu.resources.facade.processing import DataPipeline, PipelineRun
from chengshu.resources.facade.processing_work import carry_out
from chengshu.resources.models import DataResource
from chengshu.resources.rules.lake_tables import lake_table_name

GOOD_ID, BAD_ID = "11010519491231002X", "110105194912310021"
HEADER = "DJBH,xm,sfzh,djrq"
_names = count(1)


@dataclass(frozen=True, slots=True)
class Register:
    """The entry and its source."""

    town: Town
    resource: DataResource
    source: DataSource
    header: str = HEADER

    @property
    def table(self) -> TableName:
        """The standard table."""
        return TableName(Zone.STANDARD, lake_table_name(self.resource.code))

    def deliver(self, *lines: str) -> Delivery:
        """Hand lines over in place of what was there, and take them."""
        content = "\n".join([self.header, *lines, ""]).encode()
        name = f"登记{next(_names)}.csv"
        delivery, _is_new = collection.receive_file(self.source, content, name=name, actor=self.town.operator, now=NOW)
        return take(delivery)

    def standardise(self) -> DataPipeline:
        """Give the register a standard table."""
        (pipeline,) = processing.standardise([self.resource.pk], actor=self.town.steward, now=NOW)
        return pipeline

    def begin(self) -> PipelineRun:
        """Give it a standard table, and return the first run, which waits."""
        return last_of(self.standardise())

    def held(self) -> dict[str, dict[str, Any]]:
        """Give what the standard table holds, by number."""
        return {line["djbh"]: line for line in read(open_lake(), self.table).to_pylist()}


def open_register(town: Town, header: str = HEADER) -> Register:
    """Publish the register, make its rules, and register its source, which writes one column in capitals by default."""
    resource = published(town)
    quality.remake_rules(resource.pk, actor=town.steward, now=NOW)
    digits = {"kind": "check_digit", "scheme": "citizen_id", "columns": ["sfzh"]}
    draft = quality.RuleDraft("sfzh.check_digit", "公民身份号码校验码正确", digits)
    quality.write_rule(resource.pk, draft, actor=town.steward, now=NOW)
    columns = tuple(ColumnContent(name, ValueType.TEXT) for name in header.split(","))
    content = SourceContent("婚姻登记", "S-MZ", SourceKind.FILE, "hydj", columns, mode=WriteMode.REPLACE)
    source = collection.register_source(content, actor=town.operator, now=NOW)
    source = collection.link_source(source, resource, actor=town.operator, now=NOW)
    return Register(town, resource, source, header)


def last_of(pipeline: DataPipeline) -> PipelineRun:
    """Give the newest run."""
    assert pipeline.last_run is not None
    return pipeline.last_run


def work(run: PipelineRun, **more: Any) -> PipelineRun:
    """Carry a run out as the job does."""
    return carry_out(run.pk, tell=lambda _stage, _done, _total: None, clock=lambda: NOW, **more)
