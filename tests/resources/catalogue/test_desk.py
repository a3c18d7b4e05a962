"""Disputes, data elements, value domains, and what the catalogue measures."""

from datetime import date

import pytest
from conftest import NOW
from resources.catalogue.town import Town, a_content, published, step

from chengshu.kernel.grants.facade import PermissionRefused
from chengshu.kernel.indicators import facade as indicators
from chengshu.kernel.tickets import facade as tickets
from chengshu.kernel.tickets.facade import Given
from chengshu.resources.facade import catalogue, disputes, elements
from chengshu.resources.facade.catalogue import FieldContent, ReasonMissing, ResourceNotFound, Step, ValueType
from chengshu.resources.facade.elements import DomainContent, ElementContent, ElementInvalid, ValueDomain
from chengshu.resources.models import DataElement


class TestDispute:
    def test_is_answered_by_the_department_and_settled_by_the_centre(self, town: Town) -> None:
        resource = published(town)
        dispute = disputes.raise_dispute(resource.pk, "身份证号应为必填", actor=town.other, now=NOW, field="sfzh")
        ticket = dispute.ticket_id
        tickets.act(ticket, "answer", actor=town.operator, now=NOW, expected_version=None, given=Given("已改"))
        with pytest.raises(PermissionRefused):
            tickets.act(ticket, "uphold", actor=town.operator, now=NOW, expected_version=None, given=Given("对"))
        settled = tickets.act(ticket, "uphold", actor=town.steward, now=NOW, expected_version=None, given=Given("对"))
        assert settled.state == "upheld"
        assert settled.organisation == town.civil
        assert list(disputes.list_disputes(resource)) == [dispute]

    def test_needs_words_and_a_thing_in_sight(self, town: Town) -> None:
        draft = catalogue.register_resource(a_content(), actor=town.operator, now=NOW)
        with pytest.raises(ReasonMissing):
            disputes.raise_dispute(draft.pk, "  ", actor=town.steward, now=NOW)
        with pytest.raises(ResourceNotFound):
            disputes.raise_dispute(draft.pk, "不对", actor=town.other, now=NOW)
        with pytest.raises(ResourceNotFound):
            disputes.raise_dispute(draft.pk, "不对", actor=town.steward, now=NOW, field="没有")

    def test_is_not_for_who_may_not_raise_any(self, town: Town) -> None:
        with pytest.raises(PermissionRefused):
            disputes.raise_dispute(published(town).pk, "不对", actor=town.reader, now=NOW)


class TestElements:
    def test_are_kept_by_the_centre_alone(self, town: Town) -> None:
        with pytest.raises(PermissionRefused):
            elements.keep_element(ElementContent("E", "姓名", ValueType.TEXT), actor=town.operator, now=NOW)

    def test_a_raised_grade_is_told_at_every_entry_that_uses_it(self, town: Town) -> None:
        said = ElementContent("DE-1", "姓名", ValueType.TEXT)
        elements.keep_element(said, actor=town.steward, now=NOW)
        fields = (FieldContent("xm", "姓名", element="DE-1"),)
        resource = catalogue.register_resource(a_content(fields=fields), actor=town.operator, now=NOW)
        raised = ElementContent("DE-1", "姓名", ValueType.TEXT, grade=3)
        elements.keep_element(raised, actor=town.steward, now=NOW)
        resource.refresh_from_db()
        assert resource.fault_count == 1

    def test_a_new_name_is_found_at_once(self, town: Town) -> None:
        elements.keep_element(ElementContent("DE-1", "姓名", ValueType.TEXT), actor=town.steward, now=NOW)
        fields = (FieldContent("xm", "当事人", element="DE-1"),)
        resource = catalogue.register_resource(a_content(fields=fields), actor=town.operator, now=NOW)
        elements.keep_element(ElementContent("DE-1", "自然人名称", ValueType.TEXT), actor=town.steward, now=NOW)
        rows = catalogue.list_resources(town.operator, on=NOW.date())
        assert catalogue.find_resources("自然人", rows).ids == (resource.pk,)
        assert catalogue.find_resources("姓名", rows).ids == ()

    @pytest.mark.parametrize(
        ("element", "place"),
        [
            (ElementContent("", "姓名", ValueType.TEXT), "code"),
            (ElementContent("E", "姓" * 121, ValueType.TEXT), "name"),
            (ElementContent("E", "姓名", ValueType.TEXT, check="guess"), "check"),
            (ElementContent("E", "姓名", ValueType.TEXT, domain="没有"), "domain"),
            (ElementContent("E", "姓名", ValueType.TEXT, grade=9), "grade"),
        ],
    )
    def test_name_the_place_that_cannot_be_kept(self, town: Town, element: ElementContent, place: str) -> None:
        with pytest.raises(ElementInvalid) as raised:
            elements.keep_element(element, actor=town.steward, now=NOW)
        assert raised.value.details["field"] == place
        assert not DataElement.objects.exists()

    def test_value_domains_keep_their_codes_in_order(self, town: Town) -> None:
        codes = (("2", "女"), ("1", "男"))
        for said in (codes[::-1], codes):
            elements.keep_domain(DomainContent("VD", "性别代码", codes=said), actor=town.steward, now=NOW)
        domain = ValueDomain.objects.get()
        assert tuple(domain.codes.order_by("number").values_list("code", "label")) == codes
        with pytest.raises(ElementInvalid):
            elements.keep_domain(DomainContent("VD", "性别", codes=(*codes, ("1", "重"))), actor=town.steward, now=NOW)


class TestIndicators:
    @pytest.mark.parametrize(
        ("key", "value"),
        [("resources.compliance_rate", 50), ("resources.resources_held", 1), ("resources.fields_held", 4)],
    )
    def test_measuring_twice_gives_the_same_figure_and_digest(self, town: Town, key: str, value: int) -> None:
        published(town)
        catalogue.register_resource(a_content(code="X-1", summary=""), actor=town.operator, now=NOW)
        window = indicators.Window(date(2024, 1, 1), date(2024, 12, 31))
        first, second = (indicators.measure(key, window, "organisation:S-MZ", actor=None, now=NOW) for _ in range(2))
        assert first.value is not None
        assert int(first.value) == value
        assert first.digest == second.digest

    def test_a_withdrawn_entry_does_not_count(self, town: Town) -> None:
        resource = published(town)
        step(resource, Step.WITHDRAW, town.steward, "业务已停办")
        window = indicators.Window(date(2024, 1, 1), date(2024, 12, 31))
        held = indicators.measure("resources.resources_held", window, "organisation:S", actor=None, now=NOW)
        assert held.value == 0
