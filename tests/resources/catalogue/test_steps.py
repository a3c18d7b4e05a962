"""An entry goes from its department to the centre and becomes an edition; every way back says why."""

import pytest
from conftest import NOW
from resources.catalogue.town import Town, a_content, published, step

from chengshu.kernel.grants.facade import PermissionRefused
from chengshu.resources.facade import catalogue
from chengshu.resources.facade.catalogue import (
    Difference,
    Edition,
    EntryIncomplete,
    FieldContent,
    ReasonMissing,
    ResourceClosed,
    ResourceNotFound,
    ResourceStale,
    Step,
    StepAsked,
    StepNotOpen,
)

TODAY = NOW.date()


class TestPublish:
    def test_makes_an_edition_whose_digest_can_be_computed_again(self, town: Town) -> None:
        from chengshu.resources.rules.contents import digest_content  # noqa: PLC0415 - what an outsider would do

        resource = published(town)
        edition = catalogue.get_edition(resource.pk, 1)
        assert (resource.state, resource.version, edition.author) == ("published", 1, town.steward)
        assert edition.digest == digest_content(edition.content)

    def test_is_not_for_who_wrote_the_entry(self, town: Town) -> None:
        resource = catalogue.register_resource(a_content(), actor=town.operator, now=NOW)
        step(resource, Step.SUBMIT, town.operator)
        with pytest.raises(PermissionRefused):
            step(resource, Step.APPROVE, town.operator)

    def test_of_a_change_tells_what_differs_from_the_edition_before(self, town: Town) -> None:
        resource = published(town)
        fields = (*a_content().fields[:3], FieldContent("djjg", "登记机关"))
        content = a_content(fields=fields, system="婚登系统")
        catalogue.change_resource(resource.pk, content, seen=resource.revision, actor=town.operator, now=NOW)
        step(resource, Step.SUBMIT, town.operator)
        step(resource, Step.APPROVE, town.steward)
        assert (resource.version, resource.system, resource.field_count) == (2, "婚登系统", 4)
        assert catalogue.find_change(resource) is None
        assert catalogue.compare_editions(catalogue.get_edition(resource.pk, 2)) == [
            Difference("system", "", "婚登系统"),
            Difference("fields/djrq", "登记日期", None),
            Difference("fields/djjg", None, "登记机关"),
        ]

    def test_is_refused_while_places_do_not_meet_the_profile(self, town: Town) -> None:
        resource = catalogue.register_resource(a_content(summary="太短"), actor=town.operator, now=NOW)
        with pytest.raises(EntryIncomplete) as raised:
            step(resource, Step.SUBMIT, town.operator)
        assert [fault.place for fault in raised.value.faults] == ["summary"]  # type: ignore[attr-defined]  # EntryFault

    def test_cannot_be_undone_by_rewriting_an_edition(self, town: Town) -> None:
        published(town)
        with pytest.raises(TypeError):
            Edition.objects.get_queryset().update(number=7)


class TestWayBack:
    def test_of_a_returned_entry_needs_words_and_opens_it_again(self, town: Town) -> None:
        resource = catalogue.register_resource(a_content(), actor=town.operator, now=NOW)
        step(resource, Step.SUBMIT, town.operator)
        with pytest.raises(ReasonMissing):
            step(resource, Step.RETURN, town.steward)
        step(resource, Step.RETURN, town.steward, "分类不对")
        seen = resource.revision
        catalogue.change_resource(resource.pk, a_content(category="3/08"), seen=seen, actor=town.operator, now=NOW)
        assert resource.decisions.filter(step="return").get().reason == "分类不对"

    def test_a_submitted_entry_is_closed_until_it_is_taken_back(self, town: Town) -> None:
        resource = catalogue.register_resource(a_content(), actor=town.operator, now=NOW)
        step(resource, Step.SUBMIT, town.operator)
        content, seen = a_content(system="新"), resource.revision
        with pytest.raises(ResourceClosed):
            catalogue.change_resource(resource.pk, content, seen=seen, actor=town.operator, now=NOW)
        step(resource, Step.TAKE_BACK, town.operator)
        catalogue.change_resource(resource.pk, content, seen=resource.revision, actor=town.operator, now=NOW)

    def test_a_withdrawn_entry_is_out_of_everybodys_sight_and_can_come_back(self, town: Town) -> None:
        resource = published(town)
        step(resource, Step.WITHDRAW, town.steward, "机构改革，职责划出")
        with pytest.raises(ResourceNotFound):
            catalogue.get_resource(resource.pk, viewer=town.reader, on=TODAY)
        step(resource, Step.RESTORE, town.operator)
        step(resource, Step.SUBMIT, town.operator)
        step(resource, Step.APPROVE, town.steward)
        assert (resource.state, resource.version) == ("published", 2)

    def test_a_change_can_be_thrown_away(self, town: Town) -> None:
        resource = published(town)
        seen = resource.revision
        catalogue.change_resource(resource.pk, a_content(system="新"), seen=seen, actor=town.operator, now=NOW)
        step(resource, Step.DISCARD, town.operator)
        assert catalogue.open_content(resource) == a_content()


class TestRefusals:
    def test_a_step_seen_too_long_ago_is_refused(self, town: Town) -> None:
        resource = catalogue.register_resource(a_content(), actor=town.operator, now=NOW)
        with pytest.raises(ResourceStale):
            catalogue.take_step(StepAsked(resource.pk, Step.SUBMIT, 99), actor=town.operator, now=NOW)

    def test_a_step_that_does_not_begin_here_is_refused(self, town: Town) -> None:
        resource = catalogue.register_resource(a_content(), actor=town.operator, now=NOW)
        with pytest.raises(StepNotOpen):
            step(resource, Step.APPROVE, town.steward)

    def test_another_departments_operator_finds_nothing_to_step_on(self, town: Town) -> None:
        resource = catalogue.register_resource(a_content(), actor=town.operator, now=NOW)
        with pytest.raises(ResourceNotFound):
            step(resource, Step.SUBMIT, town.other)

    def test_offers_each_what_he_may_do(self, town: Town) -> None:
        resource = catalogue.register_resource(a_content(), actor=town.operator, now=NOW)
        step(resource, Step.SUBMIT, town.operator)
        assert catalogue.offer_steps(resource, viewer=town.operator, on=TODAY) == [Step.TAKE_BACK]
        assert catalogue.offer_steps(resource, viewer=town.steward, on=TODAY) == [Step.APPROVE, Step.RETURN]
        assert catalogue.offer_steps(resource, viewer=town.reader, on=TODAY) == []


def test_the_inbox_of_the_centre_holds_new_entries_and_changes(town: Town) -> None:
    new = catalogue.register_resource(a_content(code="N-1"), actor=town.operator, now=NOW)
    step(new, Step.SUBMIT, town.operator)
    old = published(town, code="O-1")
    seen = old.revision
    catalogue.change_resource(old.pk, a_content(code="O-1", system="新"), seen=seen, actor=town.operator, now=NOW)
    assert set(catalogue.list_waiting(town.steward, on=TODAY)) == {new}
    step(old, Step.SUBMIT, town.operator)
    assert set(catalogue.list_waiting(town.steward, on=TODAY)) == {new, old}
    assert not catalogue.list_waiting(town.operator, on=TODAY).exists()
