"""Entries are registered and changed by their department, and never graded below their fields."""

from dataclasses import replace

import pytest
from conftest import NOW
from django.db import IntegrityError, transaction
from resources.catalogue.town import Town, a_content, published

from chengshu.kernel.audit import facade as audit
from chengshu.kernel.grants.facade import PermissionRefused
from chengshu.resources.facade import catalogue
from chengshu.resources.facade.catalogue import (
    DataResource,
    FieldContent,
    ListContent,
    ListKind,
    ResourceInvalid,
    ResourceNotFound,
    ResourceStale,
)

TODAY = NOW.date()


class TestRegister:
    def test_keeps_all_that_was_said(self, town: Town) -> None:
        content = a_content(lists=(ListContent(ListKind.RESPONSIBILITY, "“三定”规定", "2023-01-01"),))
        resource = catalogue.register_resource(content, actor=town.operator, now=NOW)
        assert catalogue.standing_content(DataResource.objects.get(pk=resource.pk)) == content
        assert (resource.state, resource.field_count, resource.fault_count) == ("draft", 4, 0)

    def test_is_audited(self, town: Town) -> None:
        resource = catalogue.register_resource(a_content(), actor=town.operator, now=NOW)
        entry = audit.list_entries(f"resource:{resource.pk}")[0]
        assert (entry.action, entry.actor) == ("resources.register", town.operator)
        assert entry.after is not None
        assert entry.after["code"] == "307/MZ001"

    def test_is_refused_to_other_departments_and_readers(self, town: Town) -> None:
        for actor in (town.other, town.reader, town.steward):
            with pytest.raises(PermissionRefused):
                catalogue.register_resource(a_content(), actor=actor, now=NOW)
        assert not DataResource.objects.exists()

    @pytest.mark.parametrize(
        ("more", "place"),
        [
            ({"name": " "}, "name"),
            ({"code": "A B"}, "code"),
            ({"department": "没有"}, "department"),
            ({"summary": "长" * 4001}, "summary"),
            ({"grade": 6}, "grade"),
            ({"fields": (FieldContent("a", "甲"), FieldContent("a", "乙"))}, "fields"),
            ({"fields": (FieldContent("a", "甲", element="没有"),)}, "fields"),
            ({"lists": (ListContent(ListKind.NEGATIVE),)}, "lists"),
            ({"lists": (ListContent(ListKind.DEMAND, "要", "昨天"),)}, "lists"),
            ({"lists": (ListContent(ListKind.DEMAND, "要", wanted_by="年底"),)}, "lists"),
            ({"lists": (ListContent(ListKind.DEMAND, "要", requester="长" * 121),)}, "lists"),
            ({"lists": (ListContent(ListKind.RESPONSIBILITY, "三定", requester="市人社局"),)}, "lists"),
        ],
    )
    def test_names_the_place_that_cannot_be_kept(self, town: Town, more: dict[str, object], place: str) -> None:
        with pytest.raises(ResourceInvalid) as raised:
            catalogue.register_resource(a_content(**more), actor=town.operator, now=NOW)
        assert raised.value.details["field"] == place

    def test_gives_a_code_once(self, town: Town) -> None:
        catalogue.register_resource(a_content(), actor=town.operator, now=NOW)
        with pytest.raises(ResourceInvalid):
            catalogue.register_resource(a_content(name="另一项资源"), actor=town.operator, now=NOW)


class TestGrade:
    def test_is_at_least_the_highest_of_the_fields(self, town: Town) -> None:
        resource = catalogue.register_resource(a_content(grade=1), actor=town.operator, now=NOW)
        assert (resource.own_grade, resource.highest_field_grade, resource.grade) == (1, 3, 3)

    def test_falls_with_the_fields_but_not_below_what_was_asked_for(self, town: Town) -> None:
        resource = catalogue.register_resource(a_content(grade=2), actor=town.operator, now=NOW)
        content = a_content(grade=2, fields=(FieldContent("djbh", "登记编号"),))
        resource = catalogue.change_resource(resource.pk, content, seen=1, actor=town.operator, now=NOW)
        assert (resource.highest_field_grade, resource.grade) == (1, 2)

    def test_is_held_by_the_database_too(self, town: Town) -> None:
        resource = catalogue.register_resource(a_content(), actor=town.operator, now=NOW)
        with pytest.raises(IntegrityError), transaction.atomic():
            DataResource.objects.filter(pk=resource.pk).update(grade=2)


class TestChange:
    def test_is_refused_when_somebody_else_was_quicker(self, town: Town) -> None:
        resource = catalogue.register_resource(a_content(), actor=town.operator, now=NOW)
        catalogue.change_resource(resource.pk, a_content(system="婚登系统"), seen=1, actor=town.operator, now=NOW)
        with pytest.raises(ResourceStale):
            catalogue.change_resource(resource.pk, a_content(system="老系统"), seen=1, actor=town.operator, now=NOW)

    def test_keeps_what_was_and_what_is_in_the_audit(self, town: Town) -> None:
        resource = catalogue.register_resource(a_content(), actor=town.operator, now=NOW)
        fields = tuple(replace(f, name="当事人姓名") if f.code == "xm" else f for f in a_content().fields)
        catalogue.change_resource(resource.pk, a_content(fields=fields), seen=1, actor=town.operator, now=NOW)
        entry = audit.list_entries(f"resource:{resource.pk}")[0]
        assert entry.before == {"fields/xm/name": "姓名"}
        assert entry.after == {"fields/xm/name": "当事人姓名"}

    def test_to_the_same_leaves_no_trace(self, town: Town) -> None:
        resource = catalogue.register_resource(a_content(), actor=town.operator, now=NOW)
        again = catalogue.change_resource(resource.pk, a_content(), seen=1, actor=town.operator, now=NOW)
        assert again.revision == 1
        assert audit.list_entries(f"resource:{resource.pk}").count() == 1

    def test_of_a_published_entry_is_seen_by_nobody_before_its_approval(self, town: Town) -> None:
        resource = published(town)
        catalogue.change_resource(
            resource.pk, a_content(name="新名称登记信息"), seen=resource.revision, actor=town.operator, now=NOW
        )
        shown = catalogue.get_resource(resource.pk, viewer=town.reader, on=TODAY)
        assert shown.name == "婚姻登记信息"
        assert catalogue.open_content(shown).name == "新名称登记信息"

    def test_cannot_take_an_entry_away_to_another_department(self, town: Town) -> None:
        resource = catalogue.register_resource(a_content(), actor=town.operator, now=NOW)
        with pytest.raises(PermissionRefused):
            catalogue.change_resource(resource.pk, a_content(department="S-SC"), seen=1, actor=town.operator, now=NOW)


class TestSight:
    def test_of_drafts_is_the_departments_and_the_centres(self, town: Town) -> None:
        resource = catalogue.register_resource(a_content(), actor=town.operator, now=NOW)
        for viewer in (town.operator, town.steward):
            assert catalogue.get_resource(resource.pk, viewer=viewer, on=TODAY) == resource
        for viewer in (town.other, town.reader):
            with pytest.raises(ResourceNotFound):
                catalogue.get_resource(resource.pk, viewer=viewer, on=TODAY)

    def test_of_what_is_published_is_everybodys(self, town: Town) -> None:
        resource = published(town)
        assert catalogue.get_resource(resource.pk, viewer=town.reader, on=TODAY).department_name == "民政局"  # type: ignore[attr-defined]  # of list_resources
