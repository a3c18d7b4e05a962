"""Rules made from the catalogue follow each edition that is approved, by a job right after it; those of people stay."""

from dataclasses import replace

import pytest
from conftest import NOW
from django.test import Client
from resources.catalogue.town import Town, published, step
from resources.quality.lake import check, deliver, row, the_issue, the_rule

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.jobs.facade import Job
from chengshu.kernel.notifications.facade import list_notifications, tell
from chengshu.resources.contracts.catalogue import FieldContent
from chengshu.resources.facade import catalogue, quality
from chengshu.resources.facade.catalogue import Step
from chengshu.resources.facade.quality import IssueRow, QualityRule, RuleRevision
from chengshu.resources.models import DataResource


def _heard(person: User) -> list[tuple[str, str]]:
    rows = [tell(one, language="zh-hans") for one in list_notifications(person, on=NOW.date()).order_by("pk")]
    return [(one.title, one.body) for one in rows if "质量规则" in one.title]


def _hand_in(resource: DataResource, town: Town, **fields: FieldContent | None) -> None:
    """Hand in a change of the entry in which fields are others, or gone, or new."""
    content = catalogue.open_content(resource)
    standing = {field.code: field for field in content.fields} | fields
    resource.refresh_from_db()
    changed = replace(content, fields=tuple(field for field in standing.values() if field is not None))
    catalogue.change_resource(resource.pk, changed, seen=resource.revision, actor=town.operator, now=NOW)
    step(resource, Step.SUBMIT, town.operator)


def _approve(resource: DataResource, town: Town, **fields: FieldContent | None) -> None:
    _hand_in(resource, town, **fields)
    step(resource, Step.APPROVE, town.steward)


def _jobs() -> int:
    return Job.objects.filter(kind="resources.follow_catalogue").count()


def test_an_edition_brings_its_rules_changes_and_retires_them_and_says_so(town: Town, resource: DataResource) -> None:
    before = set(QualityRule.objects.values_list("key", "revision"))
    longer, new = FieldContent("xm", "姓名", length=80, grade=2), FieldContent("djjg", "登记机关", is_nullable=False)
    _approve(resource, town, xm=longer, djrq=None, djjg=new)
    assert the_rule("xm.length").definition["max"] == 80
    assert the_rule("djjg.not_null").is_active
    assert not the_rule("djrq.type").is_active
    untouched = {("sfzh.length", 1), ("sfzh.check_digit", 1)}
    assert untouched <= before & set(QualityRule.objects.values_list("key", "revision"))
    reasons = dict(RuleRevision.objects.filter(reason__contains="第 2 版").values_list("rule__key", "reason"))
    assert reasons == {
        "xm.length": "编目第 2 版有变动",
        "djjg.not_null": "由编目第 2 版生成",
        "djrq.type": "编目第 2 版中已没有这项要求",
    }
    assert _heard(town.steward) == [
        (
            "“婚姻登记信息”的质量规则已随编目更新",
            (
                "编目第 2 版发布后，质量规则新增 1 条，变动 1 条，停用 1 条；"
                "不再要求整改的问题行 0 行。人写的和改过的规则没有动。"
            ),
        )
    ]
    entry = audit.Entry.objects.filter(action="resources.make_rules").order_by("pk").last()
    assert entry is not None
    assert entry.details == {"created": 1, "changed": 1, "retired": 1, "version": 2}


def test_an_edition_that_asks_nothing_else_leaves_rules_and_people_alone(town: Town, resource: DataResource) -> None:
    revisions, entries = RuleRevision.objects.count(), audit.Entry.objects.filter(action="resources.make_rules").count()
    _approve(resource, town, xm=FieldContent("xm", "姓名", length=50, grade=3))
    assert _jobs() == 1
    assert (RuleRevision.objects.count(), _heard(town.steward)) == (revisions, [])
    assert audit.Entry.objects.filter(action="resources.make_rules").count() == entries


def test_rows_that_are_owed_for_what_is_asked_no_more_are_released(town: Town, resource: DataResource) -> None:
    deliver(resource, [row("1", djrq="去年"), row("2", xm="长" * 60), row("3", xm="长" * 90)])
    check(resource, town)
    _approve(resource, town, xm=FieldContent("xm", "姓名", length=80, grade=2), djrq=None)
    fates = {(one.rule.key, one.key[0]): one.fate for one in IssueRow.objects.select_related("rule")}
    assert fates == {("djrq.type", "1"): "void", ("xm.length", "2"): "void", ("xm.length", "3"): "owed"}
    assert the_issue(rule__key="djrq.type").state == "void"
    assert "问题行 2 行" in _heard(town.steward)[0][1]


def test_a_rule_that_a_person_changed_or_wrote_stays(town: Town, resource: DataResource) -> None:
    rule = the_rule("xm.length")
    mine = replace(quality.draft_of(rule), definition={**rule.definition, "max": 20})
    quality.amend_rule(rule.pk, mine, is_active=True, reason="名字没有这么长", actor=town.steward, now=NOW)
    _approve(resource, town, xm=FieldContent("xm", "姓名", length=80, grade=2))
    assert the_rule("xm.length").definition["max"] == 20
    assert the_rule("sfzh.check_digit").is_active


def test_rules_that_nobody_had_made_are_not_made_unasked(town: Town) -> None:
    bare = published(town, code="307/MZ009", name="殡葬信息")
    _approve(bare, town, djjg=FieldContent("djjg", "登记机关", is_nullable=False))
    assert (_jobs(), QualityRule.objects.filter(resource=bare).exists()) == (0, False)


def test_where_owed_rows_cannot_be_looked_at_the_rules_stay_and_people_hear_why(
    client: Client, town: Town, resource: DataResource
) -> None:
    deliver(resource, [row("1", xm="长" * 60)])
    check(resource, town)
    unkeyed = FieldContent("djbh", "登记编号", length=20, is_nullable=False)
    _approve(resource, town, djbh=unkeyed, xm=FieldContent("xm", "姓名", length=80, grade=2))
    assert resource.version == 2
    assert the_rule("xm.length").definition["max"] == 50
    title, body = _heard(town.steward)[0]
    assert title == "“婚姻登记信息”的质量规则没能随编目更新"
    assert "没有标出标识项" in body
    client.force_login(town.steward)
    page = client.get(f"/resources/{resource.pk}/quality/").content.decode()
    assert "规则与现在的编目不一致" in page
    assert "会自动跟上" in page


@pytest.mark.parametrize("key", ["xm.length", "djrq.type"])
def test_a_check_under_way_opens_nothing_for_rules_that_changed_meanwhile(
    town: Town, resource: DataResource, key: str
) -> None:
    deliver(resource, [row("1", djrq="去年", xm="长" * 60)])
    _hand_in(resource, town, xm=FieldContent("xm", "姓名", length=80, grade=2), djrq=None)

    def approve(_stage: str, done: int, total: int) -> None:
        if (done, total) == (0, 1):  # the rules were taken, the rows are not read yet
            step(resource, Step.APPROVE, town.steward)

    quality.check_resource(resource.pk, actor=None, now=NOW, tell=approve)
    assert not IssueRow.objects.filter(rule__key=key).exists()
