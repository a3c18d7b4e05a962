"""Who writes a rule sees at once what it would find, masked and within a time; nothing is kept."""

import json
import threading

import pytest
from conftest import NOW
from django.test import Client
from resources.catalogue.town import Town
from resources.quality.lake import BAD_ID, deliver, row, the_rule

from chengshu.dataplane.errors import EngineFault
from chengshu.kernel.grants.facade import PermissionRefused
from chengshu.resources.contracts.quality import Definition
from chengshu.resources.facade import quality
from chengshu.resources.facade.quality import CheckFailed, CheckRun, QualityIssue, QualityRule, RuleDraft
from chengshu.resources.models import DataResource
from chengshu.resources.pipelines.previewing import stopped_after


class _Endless:
    """An engine whose statement ends by being stopped alone."""

    def __init__(self) -> None:
        self.stopped = threading.Event()

    def interrupt(self) -> None:
        self.stopped.set()

    def run(self) -> None:
        assert self.stopped.wait(10)
        raise EngineFault("stopped", statement="", engine="")


def test_the_page_shows_what_a_rule_would_find_and_keeps_nothing(
    client: Client, town: Town, resource: DataResource
) -> None:
    deliver(resource, [row(str(number), sfzh=BAD_ID) for number in range(25)] + [row("99")])
    client.force_login(town.steward)
    before = QualityRule.objects.count()
    definition = json.dumps({"kind": "check_digit", "scheme": "citizen_id", "columns": ["sfzh"]})
    typed = {"step": "preview", "definition": definition, "threshold": "0", "name": ""}
    answer = client.post(f"/resources/{resource.pk}/quality/new/", typed)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "<dd>26</dd>" in html
    assert "<dd>25</dd>" in html
    assert html.count("<td>110***********0021</td>") == 20
    assert BAD_ID not in html
    assert "有 1 栏要改正" not in html  # the name is asked for when it is kept
    rule = the_rule("sfzh.check_digit")
    for text, named in (
        ('{\n"kind": "between",\n"columns": ["xm"], "min": "低"}', "定义第 3 行的 min"),
        ('{"kind": "expression", "expression": "xm >"}', "定义第 1 行的 expression"),
        ('{"kind": "not_null",\n "columns": ["xm"]', "定义不是 JSON：第 2 行第"),
        ('{"kind": "not_null", "columns": ["nothing"]}', "没有列“nothing”"),
    ):
        told = client.post(f"/resources/quality/rules/{rule.pk}/", typed | {"definition": text}).content.decode()
        assert named in told
    assert QualityRule.objects.count() == before
    assert the_rule("sfzh.check_digit").revision == rule.revision
    assert not CheckRun.objects.exists()
    assert not QualityIssue.objects.exists()
    client.force_login(town.operator)
    assert client.post(f"/resources/quality/rules/{rule.pk}/", typed).status_code == 403


def test_tables_as_a_whole_columns_together_and_missing_tables_are_told(town: Town, resource: DataResource) -> None:
    def preview(definition: Definition) -> quality.Preview:
        return quality.preview_rule(resource, RuleDraft("p", "试", definition), viewer=town.steward, now=NOW)

    with pytest.raises(CheckFailed):
        preview({"kind": "unique", "columns": ["xm"]})
    deliver(resource, [row("1", djrq="2020-01-01"), row("2", xm="赵六")])
    late = preview({"kind": "timeliness", "columns": ["djrq"], "within": "31d"})
    assert (late.failed, late.is_passed, late.failing) == (1, False, ())
    drift = preview({"kind": "history_drift", "measure": "rows", "tolerance": 0.5})
    assert (drift.is_passed, "不足" in drift.observed) == (True, True)
    both = preview({"kind": "expression", "expression": "xm = '王五' AND djrq > '2021-01-01'"})
    assert both.header == ("登记编号", "姓名", "登记日期")
    assert sorted(both.failing) == [("1", "王五", "2020-01-01"), ("2", "赵六", "2024-01-31")]
    with pytest.raises(PermissionRefused):
        quality.preview_rule(resource, RuleDraft("p", "试", {"kind": "unique"}), viewer=town.operator, now=NOW)


def test_what_takes_too_long_is_stopped_and_told() -> None:
    engine = _Endless()
    with pytest.raises(CheckFailed, match="预览已停止"), stopped_after(engine, 0):  # type: ignore[arg-type]
        engine.run()
    with pytest.raises(EngineFault), stopped_after(engine, 60):  # type: ignore[arg-type]
        engine.run()
