"""The pages of lineage: find a field, who is hit, where a value comes from, the graph, scripts handed in."""

import io
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from conftest import NOW
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from resources.lineage.land import REPORT, Land

from chengshu.kernel.accounts.facade import User
from chengshu.resources.facade import lineage_work
from chengshu.resources.models import LineageTable, LineageTeller

_REPORT_NODE = "report:市场局报表/结婚月报.sql"


@pytest.fixture
def client(land: Land) -> Client:
    return _as(land.town.operator)


def _as(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def _text(client: Client, page: str, status: int = 200, **query: Any) -> str:
    answer = client.get(f"{reverse(f'resources:{page}')}?{urlencode(query, doseq=True)}")
    assert answer.status_code == status
    return re.sub(r"\s+", " ", answer.content.decode())


def test_a_field_is_found_by_its_chinese_name_its_code_and_by_what_scripts_call_it(client: Client) -> None:
    for words in ("登记日期", "djrq"):
        told = _text(client, "lineage", q=words)
        assert "登记日期（djrq）" in told
        assert "婚姻登记信息" in told
    assert "id_number" in _text(client, "lineage", q="id_num")
    assert "没有这样的字段" in _text(client, "lineage", q="月球")
    assert "结婚月报" in _text(client, "lineage", q="月报")
    assert "3 张表" not in _text(client, "lineage", q="%_\x00'\"")


def test_all_that_lineage_knows_is_listed_reports_first_and_the_platforms_records_last(client: Client) -> None:
    lineage_work.take_indicators(NOW)
    lineage_work.take_records(NOW)
    LineageTable.objects.bulk_create(LineageTable(name=f"表{n}", node=f"表{n}", kind="table") for n in range(60))
    first = reverse("resources:lineage")
    listed = [client.get(first, {"page": page, "size": 100}).content.decode() for page in (1, 2)]
    assert listed[0].index("结婚月报") < listed[0].index("dwd_marriage") < listed[0].index("婚姻登记信息")
    assert "resources_issuerow" not in listed[0]
    assert "质量问题行" in listed[1]
    only = _text(client, "lineage", kind="report")
    assert "结婚月报" in only
    assert "dwd_marriage" not in only
    assert "dwd_marriage" not in _text(client, "lineage", department="S-SC")
    assert "dwd_marriage" in _text(client, "lineage", department="S-MZ")
    told: Any = client.get(first, {"q": "表1", "export": "csv"})
    taken = b"".join(told.streaming_content if told.streaming else [told.content]).decode("utf-8-sig")
    assert len(taken.strip().splitlines()) == 12, "the header, 表1 and 表10 to 表19"


def test_impact_is_told_as_a_sentence_and_as_a_list_that_can_be_taken_away(client: Client) -> None:
    told = _text(client, "lineage-impact", node="307/MZ001", column="djrq")
    assert "“婚姻登记信息 · 登记日期（djrq）”出错，会影响 2 个部门、1 张报表、2 张表，共 5 个字段。" in told
    assert "要通知的部门：<strong>民政局</strong>、<strong>市场监督管理局</strong>" in told
    late = _text(client, "lineage-impact", node="307/MZ001")
    assert "迟到，会影响 2 个部门" in late
    only = _text(client, "lineage-impact", node="307/MZ001", kind="report")
    assert "topic.marriage_monthly" not in only.split("hits-title")[-1]
    query = urlencode({"node": "307/MZ001", "export": "xlsx", "sort": "-depth"})
    answer: Any = client.get(f"{reverse('resources:lineage-impact')}?{query}")
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content) if answer.streaming else answer.content)).active
    assert sheet is not None
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert ["结婚月报", "报表", "市场监督管理局"] in [row[:3] for row in cells]
    assert "没有发现依赖" in _text(client, "lineage-impact", node=_REPORT_NODE)


def test_origins_are_told_step_by_step_with_who_answers(client: Client, land: Land) -> None:
    told = _text(client, "lineage-origins", node=_REPORT_NODE, column="月份")
    plain = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", told))
    assert "“结婚月报 · 月份”往回追溯 3 步。各步的责任部门：民政局。" in plain
    assert "最初取自目录里的：婚姻登记信息的“登记日期（djrq）”" in plain
    assert "dwd_marriage的“djrq” 原样取自 婚姻登记信息的“登记日期（djrq）” （民政加工脚本：marriage.sql" in plain
    assert reverse("resources:resource", args=[land.marriage.pk]) in told
    assert "没有更早的来源" in _text(client, "lineage-origins", node="307/MZ001", column="xm")


def test_a_count_is_followed_to_the_entry_whose_records_are_counted(client: Client) -> None:
    told = _text(client, "lineage-origins", node=_REPORT_NODE, column="对数")
    plain = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", told))
    assert "topic.marriage_monthly的“couples” 汇总自 dwd_marriage的记录" in plain
    assert "dwd_marriage 的记录取自 婚姻登记信息的记录" in plain
    assert "最初取自目录里的：婚姻登记信息" in plain


def test_the_graph_draws_the_way_and_says_it_as_a_table(client: Client) -> None:
    told = _text(client, "lineage-graph", node="307/MZ001", column="djrq")
    assert told.count('class="lineage-box') == 3, "two steps on"
    assert "展开邻居：topic.marriage_monthly" in told
    wider = _text(client, "lineage-graph", node="307/MZ001", column="djrq", open="topic.marriage_monthly")
    assert wider.count('class="lineage-box') == 4
    assert "收起邻居：topic.marriage_monthly" in wider
    folded = _text(client, "lineage-graph", node="307/MZ001", column="djrq", turn=["307/MZ001", "dwd_marriage"])
    assert folded.count("lineage-column-row") < told.count("lineage-column-row")
    one = _text(client, "lineage-graph", node="307/MZ001", column="djrq", most="2")
    assert one.count('class="lineage-box') == 2
    assert "还有 1 张表没有画" in one
    rows = told.split('id="rows-title"')[-1]
    assert "<td>婚姻登记信息</td><td>登记日期</td><td>原样</td><td>dwd_marriage</td><td>djrq</td>" in rows
    assert not re.search(r"\sstyle=|\son[a-z]+=", told)


@pytest.mark.parametrize("page", ["lineage-impact", "lineage-origins", "lineage-graph"])
def test_what_is_not_known_is_not_found_and_bad_questions_do_not_break(client: Client, page: str) -> None:
    _text(client, page, 404, node="nobody")
    _text(client, page, 404, node="307/MZ001", column="nothing")
    _text(client, page, 404, node="a\x00b")
    _text(client, page, 404, node="x" * 5000)
    _text(client, page, 302)
    for key, nasty in (("most", "99999999999"), ("most", "-1"), ("open", "'\"<b>"), ("turn", "\x00"), ("sort", "x")):
        _text(client, page, 200, **{"node": "307/MZ001", key: nasty})


def test_questions_take_few_queries_however_much_is_hit(client: Client, land: Land) -> None:
    def count(page: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            _text(client, page, node="307/MZ001")
        return len(queries)

    pages = ("lineage-impact", "lineage-origins", "lineage-graph")
    for page in pages:
        count(page)
    few = [count(page) for page in pages]
    _hand_in(client, " ".join(f"create table more_{n} as select * from dwd_marriage;" for n in range(60)))
    lineage_work.build_graph()
    _text(client, "lineage-impact", node="307/MZ001", size="200")
    assert [count(page) for page in pages] == few


def _hand_in(client: Client, text: str, **more: str) -> Any:
    file = SimpleUploadedFile("a.sql", text.encode("gb18030"))
    told = {"title": "页面交来", "department": "S-MZ", "kind": "scripts", "dialect": "postgres", "scripts": file} | more
    return client.post(reverse("resources:lineage-hand-in"), told)


def test_scripts_are_handed_in_and_their_faults_are_listed(client: Client) -> None:
    answer = _hand_in(client, "create table 新表 as select xm from 婚姻登记信息;\nselect from where;")
    teller = LineageTeller.objects.get(title="页面交来")
    assert answer.headers["Location"] == reverse("resources:lineage-teller", args=[teller.pk])
    told = client.get(answer.headers["Location"]).content.decode()
    assert "第 1 版" in told
    assert "语法读不懂" in told
    version = client.get(reverse("resources:lineage-edition", args=[teller.pk, 1])).content.decode()
    assert "select xm from 婚姻登记信息" in version
    assert client.get(reverse("resources:lineage-edition", args=[teller.pk, 2])).status_code == 404
    assert "页面交来" in _text(client, "lineage-tellers")


def test_a_missing_structure_is_asked_for_in_the_way_of_the_page(client: Client) -> None:
    answer = _hand_in(client, "create view v as select * from 未编目的表")
    told = client.get(answer.headers["Location"]).content.decode()
    assert "没有它的表结构。请先把这张表编目，或一并交来建表语句" in told
    assert "--schema" not in told


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"department": "S-??"}, "没有代码为"),
        ({"title": ""}, "必填"),
        ({"title": "市场局报表"}, "另一个血缘来源"),
        ({"dialect": "cobol"}, "cobol"),
        ({"scripts": ""}, "必填"),
        ({"scripts": SimpleUploadedFile("a.sql", b"\x00\x01\x02")}, "不是文本"),
    ],
)
def test_what_cannot_be_taken_is_told_at_its_field(client: Client, wrong: dict[str, Any], told: str) -> None:
    answer = _hand_in(client, REPORT, **wrong)
    assert answer.status_code == 422
    assert told in answer.content.decode()


def test_a_resource_tells_what_is_made_of_it(client: Client, land: Land) -> None:
    address = reverse("resources:resource", args=[land.marriage.pk])
    assert "血缘里有 1 张表、报表或指标直接用到它" in client.get(address).content.decode()
    assert "血缘里有" not in _as(land.town.reader).get(address).content.decode()


def test_who_may_not_see_lineage_is_refused(land: Land) -> None:
    reader = _as(land.town.reader)
    for page in ("lineage", "lineage-tellers", "lineage-hand-in"):
        _text(reader, page, 403)
    _text(reader, "lineage-impact", 403, node="307/MZ001")
