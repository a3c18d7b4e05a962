"""Pages of processing: what a steward sets up, runs, stops and repeats, and the versions of a table."""

import pytest
from conftest import NOW
from django.test import Client
from django.urls import reverse
from resources.catalogue.town import open_person
from resources.processing.register import BAD_ID, GOOD_ID, Register, last_of, work

from chengshu.kernel.audit.models import Entry
from chengshu.resources.facade import processing
from chengshu.resources.facade.processing import PipelineRun, ProcessingState
from chengshu.resources.models import DataPipeline

pytestmark = pytest.mark.database

ONE, TWO = f"1,王五,{GOOD_ID},2024-01-31", f"2,李四,{BAD_ID},2024-02-01"


@pytest.fixture
def steward(register: Register, client: Client) -> Client:
    client.force_login(register.town.steward)
    return client


@pytest.fixture
def operator(register: Register) -> Client:
    client = Client()
    client.force_login(register.town.operator)
    return client


def _page(client: Client, name: str, *args: object, **query: int) -> str:
    answer = client.get(reverse(f"resources:{name}", args=args), query)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode()


def test_a_steward_chooses_resources_and_gets_their_standard_tables(register: Register, steward: Client) -> None:
    register.deliver(ONE, TWO)
    assert "婚姻登记信息" in _page(steward, "processing-new")
    told = steward.post(reverse("resources:processing-new"), {"selected": [register.resource.pk]}, follow=True)
    assert "已建立 1 个加工任务" in told.content.decode()
    pipeline = DataPipeline.objects.get()
    run = work(last_of(pipeline))
    page = _page(steward, "processing-run", run.uuid)
    assert "进入 1 行 + 没有进入 1 行" in page
    assert f"/lake/raw/hydj/?version={run.inputs[0]['version']}" in page
    page = _page(steward, "pipeline", pipeline.pk)
    assert "公民身份号码" in page
    assert "没有可以标准化的数据资源" in _page(steward, "processing-new")


def test_what_the_form_names_must_be_there(register: Register, steward: Client) -> None:
    told = steward.post(reverse("resources:processing-new"), {"selected": ["x", register.resource.pk]}, follow=True)
    assert "不能标准化" in told.content.decode()
    assert not DataPipeline.objects.exists()


def test_a_run_is_asked_for_stopped_and_gone_on_with(register: Register, steward: Client) -> None:
    register.deliver(ONE)
    pipeline = register.standardise()
    work(last_of(pipeline))
    asked = steward.post(reverse("resources:pipeline-run", args=[pipeline.pk]))
    run = PipelineRun.objects.get(state=ProcessingState.QUEUED)
    assert asked["Location"] == reverse("resources:processing-run", args=[run.uuid])
    assert "停止" in _page(steward, "processing-run", run.uuid)
    steward.post(reverse("resources:processing-step", args=[run.uuid, "stop"]))
    assert "开始之前已停止" in _page(steward, "processing-run", run.uuid)
    steward.post(reverse("resources:processing-step", args=[run.uuid, "resume"]))
    assert work(run).state == ProcessingState.DONE
    steward.post(reverse("resources:processing-step", args=[run.uuid, "repeat"]))
    again = work(PipelineRun.objects.get(state=ProcessingState.QUEUED))
    assert "与原来那次运行的行完全相同" in _page(steward, "processing-run", again.uuid)
    assert steward.post(reverse("resources:processing-step", args=[run.uuid, "other"])).status_code == 404


def test_a_refusal_stands_on_the_page(register: Register, steward: Client) -> None:
    register.deliver(ONE)
    pipeline = register.standardise()
    register.resource.fields.filter(is_key=True).update(is_key=False)
    assert "没有标出主键" in _page(steward, "pipeline", pipeline.pk)
    told = steward.post(reverse("resources:pipeline-remove", args=[pipeline.pk]), follow=True)
    assert "请先停止运行" in told.content.decode()


def test_the_department_sees_its_own_and_has_no_buttons(register: Register, operator: Client) -> None:
    register.deliver(ONE)
    pipeline = register.standardise()
    page = _page(operator, "pipeline", pipeline.pk)
    assert "现在运行" not in page
    assert operator.post(reverse("resources:pipeline-run", args=[pipeline.pk])).status_code == 403


class TestVersions:
    def test_show_what_a_table_held_and_what_made_it(self, register: Register, operator: Client) -> None:
        register.deliver(ONE)
        register.deliver(ONE, TWO)
        page = _page(operator, "lake-table", "raw", "hydj")
        assert ("李四" in page, page.count("/resources/deliveries/")) == (True, 2)
        assert "李四" not in _page(operator, "lake-table", "raw", "hydj", version=0)
        assert Entry.objects.filter(subject="lake:raw/hydj").exists()

    def test_mask_rows_for_who_has_no_work_with_them(self, register: Register) -> None:
        register.deliver(ONE)
        work(register.begin())
        client = Client()
        client.force_login(open_person("service", "data_service", register.town.civil))
        page = _page(client, "lake-table", "standard", register.table.name)
        assert (GOOD_ID in page, GOOD_ID[:3] in page, "王五" in page) == (False, True, True)

    def test_answer_wrong_questions(self, register: Register, operator: Client) -> None:
        register.deliver(ONE)
        address = reverse("resources:lake-table", args=["raw", "hydj"])
        for query, told in (
            ("version=7", "没有版本 7"),
            ("moment=1999-01-01", "1999"),
            ("moment=昨天", "2026-03-31 23:59"),
        ):
            answer = operator.get(f"{address}?{query}")
            assert (answer.status_code, told in answer.content.decode()) == (422, True)
        for zone, name in (("raw", ".."), ("other", "hydj"), ("topic", "没有")):
            assert operator.get(reverse("resources:lake-table", args=[zone, name])).status_code in {404, 422}

    def test_are_hidden_from_other_departments(self, register: Register) -> None:
        register.deliver(ONE)
        work(register.begin())
        client = Client()
        client.force_login(register.town.other)
        for place in (("raw", "hydj"), ("standard", register.table.name)):
            assert client.get(reverse("resources:lake-table", args=place)).status_code == 404


def test_runs_are_listed_and_taken_away(register: Register, steward: Client) -> None:
    register.deliver(ONE)
    work(register.begin())
    assert "有人要求" in _page(steward, "processing-runs")
    export = steward.get(reverse("resources:processing-runs"), {"export": "csv"})
    assert "标准化" in b"".join(export).decode("utf-8-sig")
    assert processing.list_pipeline_runs(register.town.steward, on=NOW.date()).count() == 1
