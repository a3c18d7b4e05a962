"""A right is a subtree and a span of days, asked of the database in one subquery."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from kernel.grants.conftest import NOW, REASON, TODAY, Give, Open, Town
from pytest_django import DjangoAssertNumQueries

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.grants import facade
from chengshu.kernel.grants.facade import Grant, HouseRole, PermissionRefused
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.organisations.facade import Kind, NewOrganisation, Organisation

pytestmark = pytest.mark.django_db

VIEW = "organisations.view"
Codes = Callable[..., set[str]]


def _codes(viewer: User, permission: str = VIEW, on: date = TODAY, scope: str = "") -> set[str]:
    ids = facade.permitted(viewer, permission, on=on, scope=scope)
    return set(Organisation.objects.filter(pk__in=ids).values_list("code", flat=True))


class TestPermitted:
    def test_is_the_organisation_and_all_below_it(self, town: Town, open_account: Open, give: Give) -> None:
        officer = open_account("officer")
        assert _codes(officer) == set()
        give(officer, town.first)
        assert _codes(officer) == {"D1", "D1-B", "D1-U"}

    def test_the_root_is_everything_for_an_administrator_too(self, chief: User) -> None:
        assert _codes(chief, "grants.give") == {"C", "D1", "D2", "D1-B", "D1-U", "D2-U"}

    @pytest.mark.usefixtures("town")
    def test_a_superuser_of_the_framework_without_a_grant_sees_nothing(self, open_account: Open) -> None:
        account = open_account("super")
        User.objects.filter(pk=account.pk).update(is_superuser=True)
        account.refresh_from_db()
        assert _codes(account) == set()

    def test_asks_for_the_permission_not_for_the_role(self, town: Town, open_account: Open, give: Give) -> None:
        officer = open_account("officer")
        give(officer, town.city)
        assert _codes(officer, "grants.view") == set()
        with pytest.raises(facade.RegistrationWrong):
            facade.permitted(officer, "grants.veiw", on=TODAY)

    def test_an_auditor_reads_everything_and_changes_nothing(self, town: Town, open_account: Open, give: Give) -> None:
        auditor = open_account("auditor")
        give(auditor, town.city, HouseRole.AUDITOR)
        may = facade.held_permissions(auditor, on=TODAY)
        assert {"organisations.view", "grants.view"} <= may
        assert not {permission.key for permission in facade.list_permissions() if not permission.is_reading} & may

    def test_holds_from_its_first_day_until_before_its_last(self, town: Town, open_account: Open, give: Give) -> None:
        officer = open_account("officer")
        give(officer, town.unit, since=TODAY + timedelta(2), until=TODAY + timedelta(5))
        held = [bool(_codes(officer, on=TODAY + timedelta(n))) for n in range(7)]
        assert held == [False, False, True, True, True, False, False]

    def test_a_retired_account_has_no_rights(self, chief: User) -> None:
        chief.is_active = False
        assert _codes(chief) == set()

    def test_follows_the_tree_and_the_successors(self, town: Town, open_account: Open, give: Give) -> None:
        officer = open_account("officer")
        give(officer, town.other_unit)
        organisations.merge_organisations(
            [town.unit.pk], town.other_unit.pk, on=TODAY, actor=None, now=NOW, reason=REASON
        )
        assert _codes(officer) == {"D2-U", "D1-U"}

    def test_is_one_query_within_a_list(self, chief: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        ids = facade.permitted(chief, VIEW, on=TODAY)
        with django_assert_num_queries(1):
            assert Organisation.objects.filter(pk__in=ids).count() == 6


class TestScope:
    def test_limits_a_grant_to_one_subject(self, town: Town, open_account: Open, give: Give) -> None:
        officer = open_account("officer")
        give(officer, town.unit, scope="project:12")
        assert _codes(officer) == set()
        assert _codes(officer, scope="project:13") == set()
        assert _codes(officer, scope="project:12") == {"D1-U"}

    def test_an_unlimited_grant_covers_every_subject(self, town: Town, open_account: Open, give: Give) -> None:
        officer = open_account("officer")
        give(officer, town.unit)
        assert _codes(officer, scope="project:12") == {"D1-U"}

    def test_lists_filter_on_it_in_sql(
        self, town: Town, open_account: Open, give: Give, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        """Grants themselves stand for a domain's rows here: each belongs to an organisation and has an id."""
        rows = [give(open_account(f"p{n}"), org) for n, org in enumerate([town.unit, town.other_unit, town.department])]
        officer = open_account("officer")
        assert not Grant.objects.filter(facade.permit_filter(officer, VIEW, on=TODAY, kind="row")).exists()
        give(officer, town.department, scope=f"row:{rows[0].pk}")
        give(officer, town.department, scope=f"row:{rows[1].pk}")  # of another district: the subtree counts as well
        with django_assert_num_queries(3):  # what the person holds, what lies beneath, and the list
            assert list(Grant.objects.filter(facade.permit_filter(officer, VIEW, on=TODAY, kind="row"))) == [rows[0]]
        give(officer, town.second)
        condition = facade.permit_filter(officer, VIEW, on=TODAY, kind="row")
        assert set(Grant.objects.filter(condition, pk__in=[row.pk for row in rows])) == {rows[0], rows[1]}

    def test_who_may_do_it_in_the_whole_city_gets_no_condition(self, chief: User) -> None:
        assert facade.permit_filter(chief, VIEW, on=TODAY, kind="row") == Q()

    def test_a_city_beside_another_is_not_everything(self, chief: User) -> None:
        elsewhere = organisations.create_organisation(
            NewOrganisation("X", Kind.CITY, "另一市", TODAY), actor=None, now=NOW
        )
        condition = facade.permit_filter(chief, VIEW, on=TODAY, kind="row", organisation="pk")
        assert condition != Q()
        assert not Organisation.objects.filter(condition, pk=elsewhere.pk).exists()

    @pytest.mark.parametrize(
        "scope", ["project", "project:", "project:0", "project:x", "12", "Project:1", "a:1 or 1=1"]
    )
    def test_is_kind_and_number_or_nothing(self, scope: str, town: Town, open_account: Open, give: Give) -> None:
        with pytest.raises(facade.GrantInvalid):
            give(open_account("officer"), town.unit, scope=scope)


class TestRequire:
    def test_passes_where_it_is_permitted(self, town: Town, open_account: Open, give: Give) -> None:
        officer = open_account("officer")
        give(officer, town.unit)
        facade.require(officer, VIEW, town.unit.pk, on=TODAY)
        for organisation in (town.other_unit, town.first):
            with pytest.raises(PermissionRefused) as refused:
                facade.require(officer, VIEW, organisation.pk, on=TODAY)
            assert refused.value.details == {"permission": VIEW, "organisation_id": organisation.pk}

    def test_hides_what_is_not_to_be_known(self, town: Town, open_account: Open) -> None:
        with pytest.raises(facade.ExistenceHidden):
            facade.require(open_account("officer"), VIEW, town.unit.pk, on=TODAY, is_hidden=True)

    def test_anywhere_is_enough_for_a_list(self, town: Town, open_account: Open, give: Give) -> None:
        officer = open_account("officer")
        with pytest.raises(PermissionRefused):
            facade.require_anywhere(officer, VIEW, on=TODAY)
        give(officer, town.unit)
        facade.require_anywhere(officer, VIEW, on=TODAY)


class TestDjango:
    def test_templates_and_navigation_ask_once_a_request(self, town: Town, open_account: Open, give: Give) -> None:
        officer = User.objects.get(pk=open_account("officer").pk)
        give(officer, town.unit)
        Grant.objects.update(since=date(2020, 1, 1))
        with CaptureQueriesContext(connection) as queries:
            assert [officer.has_perm(key) for key in (VIEW, "grants.view", "grants.give")] == [True, False, False]
        assert sum("grants_grant" in query["sql"] for query in queries) == 1
