"""Grants are given and ended by people who hold them, never to themselves, and nothing is forgotten."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from kernel.grants.conftest import NOW, REASON, TODAY, Give, Open, Town

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.grants import facade
from chengshu.kernel.grants.facade import Grant, GrantError, HouseRole, NewGrant
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.organisations.facade import Organisation

pytestmark = pytest.mark.django_db


def _give(actor: User, account: User, organisation: Organisation, role: str = HouseRole.OFFICER) -> Grant:
    return facade.give_grant(NewGrant(account.pk, role, organisation.pk, TODAY, REASON), actor=actor, now=NOW)


class TestGiveGrant:
    def test_leaves_who_gave_what_and_why(self, town: Town, chief: User, open_account: Open) -> None:
        officer = open_account("officer")
        grant = _give(chief, officer, town.unit)
        entry = audit.list_entries(f"grant:{grant.pk}")[0]
        assert (entry.actor, entry.action, entry.reason) == (chief, "grants.give", REASON)
        assert (entry.details["role"], entry.details["organisation"]) == ("officer", town.unit.pk)

    def test_only_where_the_giver_may(self, town: Town, open_account: Open, give: Give) -> None:
        local, newcomer = open_account("local"), open_account("newcomer")
        give(local, town.first, HouseRole.ADMIN)
        _give(local, newcomer, town.unit)
        for organisation in (town.other_unit, town.city):
            with pytest.raises(facade.PermissionRefused):
                _give(local, newcomer, organisation)

    @pytest.mark.parametrize("role", [HouseRole.OFFICER, HouseRole.AUDITOR, HouseRole.FINANCE_REVIEWER])
    def test_not_by_those_whose_role_does_not_say_so(
        self, role: str, town: Town, open_account: Open, give: Give
    ) -> None:
        person = open_account("person")
        give(person, town.city, role)
        with pytest.raises(facade.PermissionRefused):
            _give(person, open_account("newcomer"), town.unit)

    def test_nobody_gives_what_he_does_not_hold(self, town: Town, open_account: Open, give: Give) -> None:
        personnel = facade.RoleSpec(
            "tests.personnel", "人事", frozenset({"grants.give", "grants.view", "organisations.view"}), "只管授权"
        )
        facade.register_role(personnel)
        person, newcomer = open_account("person"), open_account("newcomer")
        give(person, town.city, personnel.key)
        _give(person, newcomer, town.unit, personnel.key)
        with pytest.raises(facade.MoreThanHeld):
            _give(person, newcomer, town.unit, HouseRole.ADMIN)

    def test_a_grant_for_one_subject_lets_nobody_give_more(self, town: Town, open_account: Open, give: Give) -> None:
        person = open_account("person")
        give(person, town.city, HouseRole.ADMIN, scope="project:12")
        with pytest.raises(facade.PermissionRefused):
            _give(person, open_account("newcomer"), town.unit)

    def test_nobody_gives_to_himself(self, town: Town, chief: User) -> None:
        with pytest.raises(facade.SelfGrant):
            _give(chief, chief, town.unit)

    def test_an_ended_right_gives_nothing(self, town: Town, chief: User, open_account: Open, give: Give) -> None:
        second, newcomer = open_account("second"), open_account("newcomer")
        grant = give(second, town.city, HouseRole.ADMIN)
        facade.end_grant(grant.pk, actor=chief, now=NOW, reason="调离")
        with pytest.raises(facade.PermissionRefused):
            _give(second, newcomer, town.unit)

    def test_the_same_twice_is_refused_and_after_the_end_is_not(
        self, town: Town, chief: User, open_account: Open, give: Give
    ) -> None:
        officer = open_account("officer")
        grant = give(officer, town.unit, until=TODAY + timedelta(10))
        with pytest.raises(facade.GrantTwice):
            give(officer, town.unit, since=TODAY + timedelta(9))
        give(officer, town.unit, since=TODAY + timedelta(10))
        facade.end_grant(grant.pk, actor=chief, now=NOW, reason="调整")
        give(officer, town.unit, until=TODAY + timedelta(10))

    @pytest.mark.parametrize(
        "wrong",
        [
            {"role": "king"},
            {"since": TODAY - timedelta(1)},
            {"until": TODAY},
            {"reason": "  "},
            {"reason": "长" * 257},
            {"account_id": 987654},
        ],
    )
    def test_what_cannot_be_is_refused(self, wrong: dict[str, object], town: Town, open_account: Open) -> None:
        fields: dict[str, object] = {
            "account_id": open_account("officer").pk,
            "role": "officer",
            "organisation_id": town.unit.pk,
            "since": TODAY,
            "reason": REASON,
        }
        with pytest.raises(facade.GrantInvalid):
            facade.give_grant(NewGrant(**(fields | wrong)), actor=None, now=NOW)  # type: ignore[arg-type]  # as given above
        assert not Grant.objects.exists()

    def test_not_at_an_organisation_that_has_ended(self, town: Town, open_account: Open) -> None:
        organisations.end_organisation(town.unit.pk, on=TODAY, actor=None, now=NOW, reason=REASON)
        new = NewGrant(open_account("officer").pk, "officer", town.unit.pk, TODAY, REASON)
        with pytest.raises(facade.GrantInvalid):
            facade.give_grant(new, actor=None, now=NOW)


class TestEndGrant:
    def test_holds_no_more_but_stays(self, town: Town, chief: User, open_account: Open, give: Give) -> None:
        officer = open_account("officer")
        grant = give(officer, town.unit)
        Grant.objects.filter(pk=grant.pk).update(since=date(2024, 1, 1))
        facade.end_grant(grant.pk, actor=chief, now=NOW, reason="离职")
        assert not facade.is_permitted(officer, "organisations.view", town.unit.pk, on=TODAY)
        assert facade.is_permitted(officer, "organisations.view", town.unit.pk, on=TODAY - timedelta(1))
        kept = facade.get_grant(grant.pk, viewer=chief, on=TODAY)
        assert (kept.ended_by, kept.end_reason, kept.until) == (chief, "离职", TODAY)
        assert audit.list_entries(f"grant:{grant.pk}")[0].reason == "离职"

    def test_once(self, town: Town, chief: User, open_account: Open, give: Give) -> None:
        grant = give(open_account("officer"), town.unit)
        facade.end_grant(grant.pk, actor=chief, now=NOW, reason="离职")
        with pytest.raises(facade.GrantEnded):
            facade.end_grant(grant.pk, actor=chief, now=NOW, reason="离职")

    @pytest.mark.usefixtures("chief")
    def test_by_those_alone_who_could_give_it(self, town: Town, open_account: Open, give: Give) -> None:
        local = open_account("local")
        give(local, town.first, HouseRole.ADMIN)
        for person, organisation in (("a", town.other_unit), ("b", town.city)):
            grant = give(open_account(person), organisation)
            with pytest.raises(facade.PermissionRefused):
                facade.end_grant(grant.pk, actor=local, now=NOW, reason="越权")
            assert Grant.objects.get(pk=grant.pk).until is None

    def test_the_last_administrator_stays(self, town: Town, chief: User, open_account: Open, give: Give) -> None:
        own = Grant.objects.get(account=chief)
        with pytest.raises(facade.LastAdministrator):
            facade.end_grant(own.pk, actor=chief, now=NOW, reason="休息")
        give(open_account("second"), town.city, HouseRole.ADMIN)
        facade.end_grant(own.pk, actor=chief, now=NOW, reason="休息")

    def test_needs_a_reason(self, town: Town, chief: User, open_account: Open, give: Give) -> None:
        grant = give(open_account("officer"), town.unit)
        with pytest.raises(facade.GrantInvalid):
            facade.end_grant(grant.pk, actor=chief, now=NOW, reason="")


class TestDatabase:
    def test_keeps_one_open_grant_of_a_kind(self, chief: User) -> None:
        grant = Grant.objects.get(account=chief)
        grant.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            grant.save(force_insert=True)

    def test_refuses_half_a_scope(self, chief: User) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Grant.objects.filter(account=chief).update(scope_kind="project")


@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    def test_two_administrators_cannot_end_each_other(
        self, town: Town, chief: User, open_account: Open, give: Give
    ) -> None:
        second = open_account("second")
        grants = [give(second, town.city, HouseRole.ADMIN).pk, Grant.objects.get(account=chief).pk]
        start = Barrier(2)

        def end_other(actor: User, grant_id: int) -> str:
            start.wait(timeout=30)
            try:
                facade.end_grant(grant_id, actor=actor, now=NOW, reason="争执")
            except GrantError as refused:
                return refused.code
            finally:
                connection.close()
            return "ended"

        with ThreadPoolExecutor(2) as people:
            outcomes = sorted(people.map(end_other, [chief, second], grants, timeout=60))
        assert outcomes == ["PERMISSION_REFUSED", "ended"]
        assert Grant.objects.in_force_on(TODAY).count() == 1
