"""A rule looks into resources that its author sees, and into no others, however it is written."""

import json
from datetime import date

import pytest
from conftest import NOW
from django.test import Client
from resources.catalogue.town import Town, a_content, open_person
from resources.quality.lake import deliver, row

from chengshu.kernel.accounts.facade import User
from chengshu.resources.facade import catalogue, quality
from chengshu.resources.facade.catalogue import FieldContent
from chengshu.resources.facade.quality import QualityRule, RuleDraft, RuleRefused
from chengshu.resources.models import DataResource

_LOOK = {"kind": "references", "columns": ["sfzh"], "references": {"data": "307/SC001", "column": "sfzh"}}


@pytest.fixture
def checker(town: Town) -> User:
    """A person of the civil department who checks its tables, and sees nothing unpublished of the market's."""
    return open_person("checker", "data_steward", town.civil)


@pytest.fixture
def draft_entry(town: Town) -> DataResource:
    content = a_content(
        code="307/SC001", name="经营者", department="S-SC", fields=(FieldContent("sfzh", "号码", is_key=True),)
    )
    return catalogue.register_resource(content, actor=town.other, now=NOW)


def test_a_rule_into_a_resource_out_of_sight_is_refused_kept_and_tried(
    client: Client, resource: DataResource, checker: User, draft_entry: DataResource
) -> None:
    assert not DataResource.objects.visible_to(checker, on=date(2024, 6, 1)).filter(pk=draft_entry.pk).exists()
    deliver(resource, [row("1")])
    deliver(draft_entry, [row("9")])
    draft = RuleDraft("look", "在经营者中", _LOOK)
    for told in (draft, RuleDraft("look", "在无处", {**_LOOK, "references": {"data": "无", "column": "x"}})):
        with pytest.raises(RuleRefused, match="或您无权查看"):
            quality.write_rule(resource.pk, told, actor=checker, now=NOW)
        with pytest.raises(RuleRefused, match="或您无权查看"):
            quality.preview_rule(resource, told, viewer=checker, now=NOW)
    client.force_login(checker)
    typed = {"kind": "json", "definition": json.dumps(_LOOK), "severity": "major", "threshold": "0", "name": "规则"}
    answer = client.post(f"/resources/{resource.pk}/quality/new/", typed | {"reason": "业务要求"})
    assert (answer.status_code, "或您无权查看" in answer.content.decode()) == (422, True)
    assert not QualityRule.objects.filter(key="look").exists()


def test_a_standing_rule_is_led_on_but_not_asked_anything_else(
    town: Town, resource: DataResource, checker: User, draft_entry: DataResource
) -> None:
    deliver(resource, [row("1"), row("2", sfzh="x")])
    deliver(draft_entry, [row("9")])
    rule = quality.write_rule(resource.pk, RuleDraft("look", "在经营者中", _LOOK), actor=town.steward, now=NOW)
    renamed = RuleDraft("look", "号码在经营者中", _LOOK)
    quality.amend_rule(rule.pk, renamed, is_active=False, reason="停用", actor=checker, now=NOW)
    assert quality.preview_rule(resource, renamed, viewer=checker, now=NOW).failed == 1
    other = RuleDraft("look", "号码在经营者中", {**_LOOK, "where": "djbh = '1'"})
    with pytest.raises(RuleRefused, match="或您无权查看"):
        quality.amend_rule(rule.pk, other, is_active=True, reason="收窄", actor=checker, now=NOW)
    with pytest.raises(RuleRefused, match="或您无权查看"):
        quality.preview_rule(resource, other, viewer=checker, now=NOW)
    rule.refresh_from_db()
    assert (rule.definition, rule.is_active, rule.revision) == (_LOOK, False, 2)
