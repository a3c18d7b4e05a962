"""Who looks at a run sees which rows stayed out and why; the department finds what no rule faults in today's work."""

import io

import pytest
from conftest import NOW
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from resources.catalogue.town import Town, open_person
from resources.processing.register import BAD_ID, GOOD_ID, Register, last_of, open_register, work

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.models import Entry
from chengshu.resources.facade import processing, quality
from chengshu.resources.facade.work import WorkKind, list_work
from chengshu.resources.models import DataPipeline, LeftOutRow, QualityRule

pytestmark = pytest.mark.database

SOUND = f"1,王五,{GOOD_ID},2024-01-31"
ROWS = (
    SOUND,
    SOUND,
    f"3,赵六,{BAD_ID},2024-03-01",
    f"4,钱七,{GOOD_ID},2024-02-30",
    f"　,孙八,{GOOD_ID},2024-03-02",
    f"5,周九,{GOOD_ID},2024-03-03",
    f" 5,周久,{GOOD_ID},2024-03-03",
)


def _look(client: Client, pipeline: DataPipeline, **query: int) -> str:
    answer = client.get(reverse("resources:pipeline-left-out", args=[pipeline.pk]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def _owed(viewer: User) -> list[tuple[str, int]]:
    """Give the page and the rows of what today's work tells of standard tables."""
    items = list_work(viewer, now=NOW).filter(kind=WorkKind.LEFT_OUT.value)
    return [(reverse("resources:pipeline-left-out", args=[one.subject_id]), one.amount) for one in items]


@pytest.fixture
def register(town: Town) -> Register:
    return open_register(town, "djbh,xm,sfzh,djrq")


@pytest.fixture
def operator(register: Register, client: Client) -> Client:
    client.force_login(register.town.operator)
    return client


def test_all_rows_that_were_read_are_accounted_for(register: Register, operator: Client) -> None:
    register.deliver(*ROWS)
    run = work(register.begin())
    page = operator.get(reverse("resources:processing-run", args=[run.uuid])).content.decode()
    assert "读入 7 行 = 进入 1 行 + 没有进入 5 行 + 与进入的行完全相同 1 行" in page
    for words in ("公民身份号码校验码正确", "应是日期", "不得为空", "同一标识有几种写法"):
        assert words in page


def test_rows_stand_with_key_value_and_reason(register: Register, operator: Client) -> None:
    register.deliver(*ROWS)
    pipeline = work(register.begin()).pipeline
    page = _look(operator, pipeline)
    assert (BAD_ID in page, "2024-02-30" in page, "王五" in page) == (True, True, False)
    assert Entry.objects.filter(subject=f"pipeline:{pipeline.pk}", action="audit.view_personal_data").exists()
    (reason,) = {row.reason for row in LeftOutRow.objects.filter(cells=["2024-02-30"])}
    only = _look(operator, pipeline, reason=reason)
    assert ("2024-02-30" in only, BAD_ID in only) == (True, False)
    export = operator.get(reverse("resources:pipeline-left-out", args=[pipeline.pk]), {"export": "xlsx"})
    sheet = load_workbook(io.BytesIO(b"".join(export))).worksheets[0]
    cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
    assert BAD_ID in cells


def test_cells_are_masked_for_who_has_no_work_with_them(register: Register, client: Client) -> None:
    register.deliver(*ROWS)
    pipeline = work(register.begin()).pipeline
    client.force_login(open_person("service", "data_service", register.town.civil))
    assert BAD_ID not in _look(client, pipeline)
    export = client.get(reverse("resources:pipeline-left-out", args=[pipeline.pk]), {"export": "csv"})
    assert BAD_ID not in b"".join(export).decode()


def test_what_a_rule_faults_leads_to_its_issue(register: Register, operator: Client) -> None:
    register.deliver(SOUND, f"3,赵六,{BAD_ID},2024-03-01")
    run = work(register.begin())
    address = reverse("resources:processing-run", args=[run.uuid])
    assert "检查后由责任单位整改" in operator.get(address).content.decode()
    quality.check_resource(register.resource.pk, actor=register.town.steward, now=NOW)
    issue = QualityRule.objects.get(key="sfzh.check_digit").issues.get()
    page = operator.get(address).content.decode()
    assert reverse("resources:quality-issue", args=[issue.pk]) in page
    assert _owed(register.town.operator) == []


def test_what_no_rule_faults_is_the_department_s_until_a_run_lets_it_in(register: Register, operator: Client) -> None:
    register.deliver(*ROWS)
    pipeline = register.standardise()
    work(last_of(pipeline))
    page = reverse("resources:pipeline-left-out", args=[pipeline.pk])
    assert _owed(register.town.operator) == [(page, 2)]
    assert _owed(register.town.other) == []
    told = operator.get(reverse("resources:work")).content.decode()
    assert (page in told, "2 行，质量规则没有指出" in told) == (True, True)
    register.deliver(SOUND, f"5,周久,{GOOD_ID},2024-03-03", f"3,赵六,{BAD_ID},2024-03-01")
    assert _owed(register.town.operator) == [(page, 2)]
    work(processing.ask_run(pipeline.pk, actor=register.town.steward, now=NOW))
    assert _owed(register.town.operator) == []
    assert LeftOutRow.objects.count() == 1


def test_a_table_that_was_given_up_is_owed_no_more(register: Register) -> None:
    register.deliver(*ROWS)
    pipeline = register.standardise()
    work(last_of(pipeline))
    processing.remove_pipeline(pipeline.pk, actor=register.town.steward, now=NOW)
    assert _owed(register.town.operator) == []


def test_a_blank_key_is_an_issue_of_the_rule_that_keys_are_filled(register: Register, operator: Client) -> None:
    register.deliver(SOUND, f"　,孙八,{GOOD_ID},2024-03-02")
    work(register.begin())
    assert _owed(register.town.operator) == []
    quality.check_resource(register.resource.pk, actor=register.town.steward, now=NOW)
    assert QualityRule.objects.get(key="key.not_null").issues.get().rows_owed == 1


def test_of_earlier_runs_the_reasons_stay(register: Register, operator: Client) -> None:
    register.deliver(*ROWS)
    first = work(register.begin())
    work(processing.ask_run(first.pipeline_id, actor=register.town.steward, now=NOW))
    page = operator.get(reverse("resources:processing-run", args=[first.uuid])).content.decode()
    assert ("没有进入 5 行" in page, "只留最近一次做完的运行的" in page) == (True, True)
    again = work(processing.repeat_run(first.uuid, actor=register.town.steward, now=NOW))
    page = operator.get(reverse("resources:processing-run", args=[again.uuid])).content.decode()
    assert "有 6 行没有进入标准表" in page
