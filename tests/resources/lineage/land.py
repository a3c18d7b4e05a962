"""A small city whose tables are made of each other: an entry of the catalogue, scripts, a report."""

from dataclasses import dataclass
from typing import Any

from conftest import NOW
from resources.catalogue.fakes import add_resource, publish
from resources.catalogue.town import Town

from chengshu.resources.facade import lineage_work
from chengshu.resources.facade.lineage import LineageTable, ScriptGiven, ScriptsGiven, TellerKind
from chengshu.resources.models import DataResource, Field

MAKING = """
create table dwd_marriage as
select djbh, xm as name, sfzh as id_number, djrq from "婚姻登记信息" where djrq is not null;
insert into topic.marriage_monthly (month, couples)
select date_trunc('month', djrq), count(*) from dwd_marriage group by 1;
call elsewhere();
"""
REPORT = "select month as 月份, couples as 对数 from topic.marriage_monthly"


@dataclass(frozen=True, slots=True)
class Land:
    """The town with its entry 婚姻登记信息."""

    town: Town
    marriage: DataResource

    def table(self, node: str) -> LineageTable:
        """Give the first table of a node."""
        return LineageTable.objects.filter(node=node).order_by("pk")[0]


def given(text: str = MAKING, **more: Any) -> ScriptsGiven:
    """Give a script as the civil department hands it in."""
    told: dict[str, Any] = {
        "title": "民政加工脚本",
        "department": "S-MZ",
        "dialect": "postgres",
        "scripts": (ScriptGiven("marriage.sql", text),),
    }
    return ScriptsGiven(**told | more)


def build_land(town: Town) -> Land:
    """Keep the entry, hand the scripts and the report in, and build the graph."""
    marriage = add_resource(town.civil, code="307/MZ001", name="婚姻登记信息")
    names = (("djbh", "登记编号"), ("xm", "姓名"), ("sfzh", "公民身份号码"), ("djrq", "登记日期"))
    Field.objects.bulk_create(
        Field(resource=marriage, number=at, code=code, name=name, type="text") for at, (code, name) in enumerate(names)
    )
    publish(marriage)
    lineage_work.take_scripts(given(), actor=town.operator, now=NOW)
    report = given(
        REPORT,
        title="市场局报表",
        department="S-SC",
        kind=TellerKind.REPORTS,
        scripts=(ScriptGiven("结婚月报.sql", REPORT),),
    )
    lineage_work.take_scripts(report, actor=town.other, now=NOW)
    lineage_work.build_graph()
    return Land(town, marriage)
