"""Organisations change by date; what was true before a change stays true of the days before it."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from kernel.organisations.towns import NOW, REASON, closure, day, found
from pytest_django import DjangoAssertNumQueries

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.organisations import facade
from chengshu.kernel.organisations.facade import Kind, NewOrganisation, Organisation, Part
from chengshu.kernel.organisations.models import OrganisationName, Placement

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> Organisation:
    return found("C", kind=Kind.CITY)


def _above(organisation: Organisation, on: date) -> list[str]:
    return [ancestor.code for ancestor in facade.ancestors_on(organisation.pk, on)]


def _sees(organisation: Organisation) -> set[str]:
    ids = facade.list_descendant_ids(organisation.pk)
    return set(Organisation.objects.filter(pk__in=ids).values_list("code", flat=True))


class TestCreateOrganisation:
    def test_stands_below_its_parent_and_all_above(self, city: Organisation) -> None:
        department = found("B", city, Kind.DEPARTMENT)
        unit = found("U", department)
        assert _above(unit, day(0)) == ["C", "B"]
        assert (city.pk, unit.pk, 2) in closure()

    @pytest.mark.usefixtures("city")
    def test_code_is_used_once(self) -> None:
        with pytest.raises(facade.CodeTaken):
            found("C")

    @pytest.mark.parametrize(
        ("code", "name"), [("", "甲"), ("有 空格", "甲"), ("x" * 33, "甲"), ("A", " "), ("A", "甲" * 129)]
    )
    def test_code_and_name_are_needed_and_short(self, code: str, name: str) -> None:
        with pytest.raises(facade.OrganisationInvalid):
            facade.create_organisation(NewOrganisation(code, Kind.UNIT, name, day(0)), actor=None, now=NOW)

    def test_is_not_founded_in_the_future(self) -> None:
        new = NewOrganisation("A", Kind.UNIT, "甲", date(2024, 3, 16))
        with pytest.raises(facade.ChangeInFuture):
            facade.create_organisation(new, actor=None, now=NOW)

    def test_a_city_belongs_to_nobody_and_a_department_to_no_unit(self, city: Organisation) -> None:
        with pytest.raises(facade.PlaceImpossible):
            found("C2", city, Kind.CITY)
        unit = found("U", city)
        with pytest.raises(facade.PlaceImpossible):
            found("B", unit, Kind.DEPARTMENT)

    def test_cannot_be_older_than_its_parent(self) -> None:
        parent = found("B", kind=Kind.DEPARTMENT, on=10)
        with pytest.raises(facade.PlaceImpossible):
            found("U", parent, on=9)


class TestRenameOrganisation:
    def test_old_days_keep_the_old_name(self, city: Organisation) -> None:
        facade.rename_organisation(city.pk, "新名市", on=day(10), actor=None, now=NOW, reason=REASON)
        assert [facade.name_on(city.pk, day(n)) for n in (-5, 0, 9, 10, 500)] == [
            "C局",
            "C局",
            "C局",
            "新名市",
            "新名市",
        ]

    def test_a_second_name_of_the_same_day_replaces_the_first(self, city: Organisation) -> None:
        for name in ("写错的市", "新名市"):
            facade.rename_organisation(city.pk, name, on=day(10), actor=None, now=NOW, reason=REASON)
        assert facade.name_on(city.pk, day(10)) == "新名市"
        assert OrganisationName.objects.filter(organisation=city).count() == 2

    def test_cannot_come_before_the_last_name(self, city: Organisation) -> None:
        facade.rename_organisation(city.pk, "新名市", on=day(10), actor=None, now=NOW, reason=REASON)
        with pytest.raises(facade.ChangeTooEarly):
            facade.rename_organisation(city.pk, "更早的市", on=day(9), actor=None, now=NOW, reason=REASON)

    def test_leaves_who_when_and_why(self, city: Organisation, admin: User) -> None:
        facade.rename_organisation(city.pk, "新名市", on=day(10), actor=admin, now=NOW, reason=REASON)
        entry = audit.list_entries(f"organisation:{city.pk}")[0]
        assert (entry.actor, entry.action, entry.reason) == (admin, "organisations.rename", REASON)
        assert (entry.details["before"], entry.details["after"]) == ("C局", "新名市")


class TestMoveOrganisation:
    def test_takes_all_below_along_and_leaves_the_past(self, city: Organisation) -> None:
        first, second = found("B1", city, Kind.DEPARTMENT), found("B2", city, Kind.DEPARTMENT)
        unit = found("U", first)
        branch = found("Z", unit)
        facade.move_organisation(unit.pk, second.pk, on=day(20), actor=None, now=NOW, reason=REASON)
        assert _above(branch, day(19)) == ["C", "B1", "U"]
        assert _above(branch, day(20)) == ["C", "B2", "U"]
        assert _sees(first) == {"B1"}
        assert _sees(second) == {"B2", "U", "Z"}

    def test_never_makes_a_ring_not_even_in_the_past(self, city: Organisation) -> None:
        first, second = found("U1", city), found("U2", city)
        facade.move_organisation(second.pk, first.pk, on=day(10), actor=None, now=NOW, reason=REASON)
        facade.move_organisation(second.pk, city.pk, on=day(20), actor=None, now=NOW, reason=REASON)
        for on in (5, 10, 15):
            with pytest.raises(facade.PlaceImpossible):
                facade.move_organisation(first.pk, second.pk, on=day(on), actor=None, now=NOW, reason=REASON)
        facade.move_organisation(first.pk, second.pk, on=day(20), actor=None, now=NOW, reason=REASON)
        assert _above(first, day(20)) == ["C", "U2"]

    def test_not_below_itself(self, city: Organisation) -> None:
        unit = found("U", city)
        with pytest.raises(facade.PlaceImpossible):
            facade.move_organisation(unit.pk, unit.pk, on=day(1), actor=None, now=NOW, reason=REASON)

    def test_unknown_organisations_are_told(self, city: Organisation) -> None:
        with pytest.raises(facade.OrganisationNotFound):
            facade.move_organisation(city.pk, 987654, on=day(1), actor=None, now=NOW, reason=REASON)


class TestMergeOrganisations:
    def test_old_records_come_in_sight_of_the_successor(self, city: Organisation) -> None:
        old, new = found("U1", city), found("U2", city)
        branch = found("Z", old)
        facade.merge_organisations([old.pk], new.pk, on=day(30), actor=None, now=NOW, reason=REASON)
        assert _sees(new) == {"U1", "U2", "Z"}
        assert _above(branch, day(29)) == ["C", "U1"]
        assert _above(branch, day(30)) == ["C", "U2"]
        assert (facade.name_on(old.pk, day(400)), _above(old, day(30))) == ("U1局", [])

    def test_several_at_once_even_one_below_the_other(self, city: Organisation) -> None:
        upper, into = found("U1", city), found("U2", city)
        lower = found("Z", upper)
        facade.merge_organisations([upper.pk, lower.pk], into.pk, on=day(30), actor=None, now=NOW, reason=REASON)
        assert _sees(into) == {"U1", "U2", "Z"}

    def test_into_its_own_branch_puts_the_branch_in_its_place(self, city: Organisation) -> None:
        old = found("U1", city)
        branch = found("Z", old)
        facade.merge_organisations([old.pk], branch.pk, on=day(30), actor=None, now=NOW, reason=REASON)
        assert _above(branch, day(30)) == ["C"]
        assert _sees(branch) == {"U1", "Z"}

    def test_the_ended_change_no_more(self, city: Organisation) -> None:
        old, new = found("U1", city), found("U2", city)
        facade.merge_organisations([old.pk], new.pk, on=day(30), actor=None, now=NOW, reason=REASON)
        with pytest.raises(facade.OrganisationEnded):
            facade.move_organisation(old.pk, new.pk, on=day(40), actor=None, now=NOW, reason=REASON)
        with pytest.raises(facade.OrganisationEnded):
            found("Z", old, on=40)

    def test_into_itself_or_of_nobody_is_no_merger(self, city: Organisation) -> None:
        for predecessors in ([], [city.pk]):
            with pytest.raises(facade.OrganisationInvalid):
                facade.merge_organisations(predecessors, city.pk, on=day(1), actor=None, now=NOW, reason=REASON)


class TestSplitOrganisation:
    def test_both_parts_see_the_old_records_and_take_their_branches(self, city: Organisation) -> None:
        old = found("U", city)
        one, two = found("Z1", old), found("Z2", old)
        parts = [Part("N1", "新一局"), Part("N2", "新二局", (two.pk,))]
        first, second = facade.split_organisation(old.pk, parts, on=day(30), actor=None, now=NOW, reason=REASON)
        assert _sees(first) == {"N1", "U", "Z1"}
        assert _sees(second) == {"N2", "U", "Z2"}
        assert _above(one, day(30)) == ["C", "N1"]
        assert {event.text for event in facade.list_history(old.pk)} >= {"分立，由其承接：", "撤销", "设立"}

    def test_needs_two_parts(self, city: Organisation) -> None:
        with pytest.raises(facade.OrganisationInvalid):
            facade.split_organisation(city.pk, [Part("N", "新")], on=day(30), actor=None, now=NOW, reason=REASON)

    def test_leaves_nothing_when_a_part_cannot_be(self, city: Organisation) -> None:
        unit = found("U", city)
        before = closure()
        with pytest.raises(facade.CodeTaken):
            facade.split_organisation(
                unit.pk, [Part("N", "新"), Part("C", "重")], on=day(30), actor=None, now=NOW, reason=REASON
            )
        assert closure() == before
        assert facade.find_organisation("N") is None


class TestRecodeOrganisation:
    def test_goes_on_under_another_code_with_all_below(self, city: Organisation) -> None:
        old = found("U", city)
        branch = found("Z", old)
        new = facade.recode_organisation(old.pk, Part("V", "U局"), on=day(30), actor=None, now=NOW, reason=REASON)
        assert _sees(new) == {"U", "V", "Z"}
        assert _above(branch, day(30)) == ["C", "V"]


class TestEndOrganisation:
    def test_records_stay_in_sight_of_the_last_parent(self, city: Organisation) -> None:
        unit = found("U", city)
        facade.end_organisation(unit.pk, on=day(30), actor=None, now=NOW, reason=REASON)
        assert _sees(city) == {"C", "U"}
        assert not Organisation.objects.existing_on(day(30)).filter(pk=unit.pk).exists()
        assert Organisation.objects.existing_on(day(29)).filter(pk=unit.pk).exists()

    def test_waits_until_nobody_belongs_to_it(self, city: Organisation) -> None:
        found("U", city)
        with pytest.raises(facade.HasChildren):
            facade.end_organisation(city.pk, on=day(30), actor=None, now=NOW, reason=REASON)

    def test_not_on_its_first_day(self, city: Organisation) -> None:
        with pytest.raises(facade.ChangeTooEarly):
            facade.end_organisation(city.pk, on=day(0), actor=None, now=NOW, reason=REASON)


class TestDatabase:
    def test_keeps_one_open_name_and_place(self, city: Organisation) -> None:
        for model, fields in ((OrganisationName, {"name": "另一个"}), (Placement, {})):
            with pytest.raises(IntegrityError), transaction.atomic():
                model.objects.create(organisation=city, since=day(5), **fields)

    def test_refuses_an_end_before_the_start(self, city: Organisation) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Organisation.objects.filter(pk=city.pk).update(ended_on=day(0))

    def test_refuses_an_organisation_in_itself(self, city: Organisation) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Placement.objects.filter(organisation=city).update(parent=city)


class TestListOrganisations:
    def test_names_and_parents_of_the_day_in_one_query(
        self, city: Organisation, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        unit = found("U", city)
        facade.rename_organisation(unit.pk, "新局", on=day(10), actor=None, now=NOW, reason=REASON)
        with django_assert_num_queries(1):
            listed = {o.code: (o.name, o.parent_pk) for o in facade.list_organisations(on=day(9))}
        assert listed == {"C": ("C局", None), "U": ("U局", city.pk)}

    def test_within_what_is_given(self, city: Organisation) -> None:
        unit = found("U", city)
        found("V", city)
        rows = facade.list_organisations(on=day(9), within=facade.list_descendant_ids(unit.pk))
        assert [row.code for row in rows] == ["U"]
