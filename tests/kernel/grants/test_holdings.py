"""What a viewer holds is read once for a page, and never later than the page."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from kernel.grants.conftest import NOW, REASON, TODAY, Give, Open, Town

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.grants import facade
from chengshu.kernel.grants.facade import HouseRole
from chengshu.kernel.grants.holdings import MOST_NAMED
from chengshu.kernel.grants.middleware import HoldingsReadOnce
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.organisations.facade import Kind, NewOrganisation, Organisation

pytestmark = pytest.mark.django_db
VIEW = "organisations.view"


def _seen(viewer: User) -> set[str]:
    condition = facade.permit_filter(viewer, VIEW, on=TODAY, kind="row", organisation="pk")
    return set(Organisation.objects.filter(condition).values_list("code", flat=True))


def _answer(method: str, act: Callable[[], None]) -> None:
    def view(_request: HttpRequest) -> HttpResponse:
        act()
        return HttpResponse()

    HoldingsReadOnce(view)(RequestFactory().generic(method, "/"))


class TestAPage:
    def test_reads_once_what_its_viewer_holds(self, chief: User, client: Client) -> None:
        client.force_login(chief)
        client.get("/organisations/")
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/organisations/").status_code == 200
        holdings = [one for one in asked if '"grants_grant"."scope_kind" AS' in one["sql"]]
        assert len(holdings) == 1

    def test_shows_nothing_of_a_grant_that_ended_before_it(self, town: Town, open_account: Open, give: Give) -> None:
        officer = open_account("officer")
        grant = give(officer, town.first)
        seen: list[set[str]] = []
        _answer("GET", lambda: seen.append(_seen(officer)))
        facade.end_grant(grant.pk, actor=None, reason=REASON, now=NOW)
        _answer("GET", lambda: seen.append(_seen(officer)))
        assert seen == [{"D1", "D1-B", "D1-U"}, set()]


class TestAChange:
    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
    def test_is_judged_by_what_is_held_at_each_moment(
        self, method: str, town: Town, open_account: Open, give: Give
    ) -> None:
        officer = open_account("officer")
        seen: list[set[str]] = []

        def change() -> None:
            seen.append(_seen(officer))
            give(officer, town.first)
            seen.append(_seen(officer))

        _answer(method, change)
        assert seen == [set(), {"D1", "D1-B", "D1-U"}]


class TestManyOrganisations:
    def test_are_seen_as_few_are(self, town: Town, open_account: Open, give: Give) -> None:
        officer = open_account("officer")
        give(officer, town.first, HouseRole.DEPARTMENT_REVIEWER)
        for number in range(MOST_NAMED):
            new = NewOrganisation(f"N{number}", Kind.UNIT, f"第{number}科", TODAY, town.first.pk)
            organisations.create_organisation(new, actor=None, now=NOW)
        assert _seen(officer) == {"D1", "D1-B", "D1-U", *(f"N{number}" for number in range(MOST_NAMED))}
