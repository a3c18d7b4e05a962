"""Pipelines declared in code: read from a folder, run when their inputs change, and told where a file is wrong."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from conftest import NOW
from django.utils import timezone
from pytest_django import Settings
from resources.processing.register import GOOD_ID, Register, last_of, work

from chengshu.dataplane.lake.places import TableName, Zone
from chengshu.dataplane.lake.reading import read
from chengshu.dataplane.lake.upkeep import remove_expired
from chengshu.kernel.audit.models import Entry
from chengshu.resources.facade import processing
from chengshu.resources.facade.deliveries import open_lake
from chengshu.resources.facade.processing import DataPipeline
from chengshu.resources.facade.processing_work import (
    RunStopped,
    describe_pipeline,
    list_faults,
    name_tables,
    order_declared_due,
    sync_declared,
)
from chengshu.resources.models import LineageEdge, LineageStatement, LineageTable
from chengshu.resources.operations.lineage_records import take_records
from chengshu.resources.operations.lineage_runs import take_runs

pytestmark = pytest.mark.database

CODE = '''
from chengshu.dataplane.lake.places import TableName, Zone
from chengshu.dataplane.pipelines.pipeline import Pipeline, Step
from chengshu.dataplane.runs.contracts import Input, Output, Plan
from chengshu.dataplane.tables.shapes import Column, Type
from chengshu.dataplane.tables.table import Table, shape_of


class Marriages(Table, name="婚姻登记", key=("djbh",)):
    """婚姻登记的标准表"""

    djbh = Column(Type.TEXT, "登记编号")
    djrq = Column(Type.DATE, "登记日期")


class ByMonth(Table, name="月报", owner="S-SC"):
    """每月的登记"""

    月份 = Column(Type.DATE, "登记日期所在的月", grade=1)
    件数 = Column(Type.INTEGER, "登记", unit="件", grade=4)


PLANS = [
    Plan(
        Pipeline(
            "月报",
            (shape_of(Marriages),),
            (Step("每月", "SELECT DATE_TRUNC('month', djrq) AS 月份, COUNT(*) AS 件数 FROM 婚姻登记 GROUP BY 1"),),
            output=shape_of(ByMonth),
        ),
        {"婚姻登记": Input(TableName(Zone.STANDARD, "307~2fMZ001"))},
        (Output("每月", TableName(Zone.TOPIC, "婚姻月报")),),
        purpose="每月的登记件数。",
    )
]
'''


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    place = tmp_path / "pipelines"
    place.mkdir()
    settings.PIPELINES_DIR = str(place)
    (place / "civil.py").write_text(CODE, encoding="utf-8")
    return place


def the_pipeline() -> DataPipeline:
    return DataPipeline.objects.select_related("last_run").get(key="declared:月报")


def test_runs_when_its_input_has_a_new_version_and_then_rests(register: Register, folder: Path) -> None:
    sync_declared(NOW)
    assert order_declared_due(NOW) == 0  # its input is not there yet
    register.deliver(f"1,王五,{GOOD_ID},2024-01-31", f"2,李四,{GOOD_ID},2024-01-01")
    work(register.begin())
    assert order_declared_due(NOW) == 1
    done = work(last_of(the_pipeline()))
    assert read(open_lake(), TableName(Zone.TOPIC, "婚姻月报"))["件数"].to_pylist() == [2]
    assert done.outputs[0]["lineage"][1]["transformation"] == "aggregate"
    assert order_declared_due(NOW) == 0


def test_tells_the_lineage_from_the_delivery_to_the_topic(register: Register, folder: Path) -> None:
    register.deliver(f"1,王五,{GOOD_ID},2024-01-31")
    work(register.begin())
    sync_declared(NOW)
    order_declared_due(NOW)
    work(last_of(the_pipeline()))
    assert take_runs(NOW) > 0
    told = set(LineageEdge.objects.values_list("source__table__node", "target__table__node"))
    assert ("307/MZ001", "topic/婚姻月报") in told  # the raw and the standard table are those of one entry
    take_records(NOW)
    topic = LineageTable.objects.select_related("department").get(name="topic/婚姻月报")
    assert (topic.title, topic.department and topic.department.code) == ("婚姻月报", "S-SC"), "as its class says"


def test_who_runs_the_platform_answers_for_what_names_no_department(
    register: Register, folder: Path, settings: Settings
) -> None:
    (folder / "civil.py").write_text(CODE.replace(', owner="S-SC"', ""), "utf-8")
    settings.DATA_CENTRE = "S-MZ"
    register.deliver(f"1,王五,{GOOD_ID},2024-01-31")
    work(register.begin())
    sync_declared(NOW)
    order_declared_due(NOW)
    work(last_of(the_pipeline()))
    take_runs(NOW)
    take_records(NOW)
    topic = LineageTable.objects.select_related("department").get(name="topic/婚姻月报")
    assert topic.department is not None
    assert topic.department.code == "S-MZ"


def test_tables_go_by_what_people_call_them(register: Register, folder: Path) -> None:
    register.deliver(f"1,王五,{GOOD_ID},2024-01-31")
    work(register.begin())
    assert name_tables(["standard/307~2fMZ001", "topic/婚姻月报", "raw/nobody"]) == {
        "standard/307~2fMZ001": "婚姻登记信息 · 标准表",
        "topic/婚姻月报": "婚姻月报 · 主题表",
        "raw/nobody": "nobody · 原始表",
    }


def test_documents_its_tables_from_their_classes(db: None, folder: Path) -> None:
    sync_declared(NOW)
    shown = describe_pipeline(the_pipeline())
    assert (shown.file, shown.inputs[0].table) == ("civil.py", "standard/307~2fMZ001")
    assert shown.outputs[0].description == "每月的登记"
    assert [(column.name, column.unit, column.grade) for column in shown.outputs[0].columns] == [
        ("月份", "", 1),
        ("件数", "件", 4),
    ]


def test_whose_file_is_gone_runs_no_more_and_comes_back(db: None, folder: Path) -> None:
    sync_declared(NOW)
    text = (folder / "civil.py").read_text("utf-8")
    (folder / "civil.py").unlink()
    sync_declared(NOW)
    assert not the_pipeline().is_active
    (folder / "again.py").write_text(text, encoding="utf-8")
    sync_declared(NOW)
    assert the_pipeline().is_active


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("PLANS = 3", "没有 PLANS"),
        ("import nothing_of_the_kind", "nothing_of_the_kind"),
        ("PLANS = (", "SyntaxError"),
        (CODE.replace("COUNT(*)", "RANDOM()"), "RANDOM"),
        (CODE, "声明了两次"),
        ("raise SystemExit(3)", "SystemExit"),
        (CODE.replace('"月报",\n            (shape', '"长" * 200,\n            (shape'), "太长"),
    ],
)
def test_a_wrong_file_is_told_and_the_others_hold(db: None, folder: Path, code: str, told: str) -> None:
    (folder / "wrong.py").write_text(code, encoding="utf-8")
    (fault,) = list_faults()
    assert fault.startswith("wrong.py：")
    assert told in fault
    assert sync_declared(NOW) == (fault,)
    assert the_pipeline().is_active


def test_a_folder_that_is_not_there_is_told(settings: Settings, db: None) -> None:
    settings.PIPELINES_DIR = "/nowhere"
    assert "CHENGSHU_PIPELINES" in list_faults()[0]


def test_is_changed_in_code_alone(register: Register, folder: Path) -> None:
    sync_declared(NOW)
    with pytest.raises(processing.ProcessingRefused, match="写在代码里"):
        processing.remove_pipeline(the_pipeline().pk, actor=register.town.steward, now=NOW)
    assert the_pipeline().last_run is None


def test_lineage_reads_only_what_was_written_since(register: Register, settings: Settings) -> None:
    register.deliver(f"1,王五,{GOOD_ID},2024-01-31")
    first = work(register.begin())
    now = timezone.now()
    assert take_runs(now) > 0
    assert take_runs(now) == 0
    record = Path(settings.LAKE_ROOT) / "_runs" / f"{first.uuid}.json"
    record.write_text("只有很久以前的记录不再读")
    os.utime(record, (0, 0))
    again = processing.ask_run(first.pipeline_id, actor=register.town.steward, now=NOW)
    work(again)
    assert take_runs(timezone.now()) > 0
    assert LineageStatement.objects.get(kind="RUN").told_at > now


def test_runs_again_after_a_fault_once_its_input_was_written(register: Register, folder: Path) -> None:
    register.deliver(f"1,王五,{GOOD_ID},2024-01-31")
    standard = work(register.begin())
    sync_declared(NOW)
    order_declared_due(NOW)
    with pytest.raises(RunStopped):
        work(last_of(the_pipeline()), is_cancelled=lambda: True)
    assert order_declared_due(NOW) == 0
    register.deliver(f"2,李四,{GOOD_ID},2024-01-31")
    work(processing.ask_run(standard.pipeline_id, actor=register.town.steward, now=NOW))
    remove_expired(open_lake(), register.table, keep=timedelta(days=1))  # makes versions, and changes no row
    assert order_declared_due(NOW) == 1
    work(last_of(the_pipeline()))
    assert order_declared_due(NOW) == 0


def test_a_fault_of_the_engine_quotes_no_cell_to_people(register: Register, folder: Path) -> None:
    (folder / "civil.py").write_text(CODE.replace("COUNT(*)", "COUNT(CAST(djbh AS BOOLEAN))"), encoding="utf-8")
    register.deliver(f"{GOOD_ID},王五,{GOOD_ID},2024-01-31")
    work(register.begin())
    sync_declared(NOW)
    order_declared_due(NOW)
    run = last_of(the_pipeline())
    with pytest.raises(processing.ProcessingRefused) as told:
        work(run)
    run.refresh_from_db()
    journal = (Path(open_lake().root) / "_runs" / f"{run.uuid}.json").read_text("utf-8")
    assert "程序日志" in run.reason
    assert not any(GOOD_ID in text for text in (run.reason, told.value.message, journal))


def test_what_is_set_up_and_switched_off_by_code_is_in_the_audit(db: None, folder: Path) -> None:
    sync_declared(NOW)
    (folder / "wrong.py").write_text("PLANS = (", encoding="utf-8")
    (folder / "civil.py").rename(folder / "_civil.py")
    sync_declared(NOW)
    assert the_pipeline().is_active  # while a file is wrong nobody knows what is gone
    (folder / "wrong.py").unlink()
    sync_declared(NOW)
    actions = list(Entry.objects.order_by("pk").values_list("action", flat=True))
    assert actions[-2:] == ["resources.set_up_pipeline", "resources.remove_pipeline"]
