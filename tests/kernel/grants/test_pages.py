"""The pages of administrators: they show what is theirs, give and end grants, and tell others nothing."""

import pytest
from django.test import Client
from django.utils.timezone import localdate
from kernel.grants.conftest import NOW, REASON, Give, Open, Town

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import list_entries
from chengshu.kernel.grants.facade import Grant, HouseRole
from chengshu.kernel.organisations import facade as organisations

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_chief(client: Client, chief: User) -> Client:
    client.force_login(chief)
    return client


def _posted(town: Town, **more: str) -> dict[str, str]:
    fields = {"role": "officer", "organisation": town.unit.code, "since": localdate().isoformat()}
    return fields | {"until": "", "scope": "", "reason": REASON} | more


class TestOrganisations:
    def test_list_shows_names_and_parents(self, as_chief: Client) -> None:
        html = as_chief.get("/organisations/?sort=parent&q=U名").content.decode()
        assert "D1-U名" in html
        assert "D1-B名" in html
        assert "D2名" in html

    def test_list_leaves_out_what_is_not_ones_own(
        self, town: Town, client: Client, open_account: Open, give: Give
    ) -> None:
        officer = open_account("officer")
        (give(officer, town.first))
        client.force_login(officer)
        assert client.get("/organisations/").context["listing"].count == 3
        for organisation, status in ((town.unit, 200), (town.other_unit, 404), (town.city, 404)):
            assert client.get(f"/organisations/{organisation.pk}/").status_code == status
        assert client.get("/organisations/987654/").status_code == 404

    def test_one_shows_its_place_its_history_and_who_has_grants(self, as_chief: Client, town: Town) -> None:
        day = localdate(NOW)
        organisations.rename_organisation(town.first.pk, "新区", on=day, actor=None, now=NOW, reason=REASON)
        html = as_chief.get(f"/organisations/{town.first.pk}/").content.decode()
        for text in ("新区", "名称为“D1名”", "C名", "D1-B名", "没有人在这个组织上直接得到授权"):
            assert text in html
        assert "chief的姓名" in as_chief.get(f"/organisations/{town.city.pk}/").content.decode()

    def test_filters_by_kind_and_by_whether_they_still_exist(self, as_chief: Client, town: Town) -> None:
        organisations.end_organisation(town.unit.pk, on=localdate(NOW), actor=None, now=NOW, reason=REASON)
        counts = {
            query: as_chief.get(f"/organisations/?{query}").context["listing"].count
            for query in ("kind=unit", "state=ended", "state=living", "state=living&state=ended")
        }
        assert counts == {"kind=unit": 2, "state=ended": 1, "state=living": 5, "state=living&state=ended": 6}


class TestGiving:
    def test_gives_and_shows_the_grant(self, town: Town, as_chief: Client, chief: User, open_account: Open) -> None:
        officer = open_account("officer")
        page = f"/grants/accounts/{officer.pk}/"
        assert 'value="D1-U"' in as_chief.get(f"{page}give/").content.decode()
        assert as_chief.post(f"{page}give/", _posted(town))["Location"] == page
        html = as_chief.get(page).content.decode()
        assert "D1-U名" in html
        assert "绩效专员" in html
        grant = Grant.objects.get(account=officer)
        assert list_entries(f"grant:{grant.pk}")[0].actor == chief

    @pytest.mark.parametrize(
        ("wrong", "told"),
        [
            ({"reason": ""}, "有 1 栏要改正"),
            ({"organisation": "没有"}, "请填代码"),
            ({"since": "2020-01-01"}, "过去不能补授"),
            ({"scope": "项目"}, "范围要写成"),
            ({"role": "king"}, "有 1 栏要改正"),
        ],
    )
    def test_tells_what_is_wrong_and_keeps_what_was_typed(
        self, wrong: dict[str, str], told: str, town: Town, as_chief: Client, open_account: Open
    ) -> None:
        answer = as_chief.post(f"/grants/accounts/{open_account('officer').pk}/give/", _posted(town, **wrong))
        html = answer.content.decode()
        assert answer.status_code == 422
        assert told in html
        assert f'value="{(wrong | {}).get("organisation", "D1-U")}"' in html

    def test_offers_only_organisations_of_ones_own(
        self, town: Town, client: Client, open_account: Open, give: Give
    ) -> None:
        local, newcomer = open_account("local"), open_account("newcomer")
        (give(local, town.first, HouseRole.ADMIN))
        client.force_login(local)
        page = f"/grants/accounts/{newcomer.pk}/give/"
        assert 'value="D2-U"' not in client.get(page).content.decode()
        answer = client.post(page, _posted(town, organisation="D2-U"))
        assert (answer.status_code, Grant.objects.filter(account=newcomer).count()) == (422, 0)


class TestEnding:
    def test_asks_for_the_reason_and_ends(self, town: Town, as_chief: Client, open_account: Open, give: Give) -> None:
        grant = give(open_account("officer"), town.unit)
        page = f"/grants/{grant.pk}/end/"
        assert "收回officer的姓名的“绩效专员”" in as_chief.get(page).content.decode()
        assert as_chief.post(page, {"reason": ""}).status_code == 422
        assert as_chief.post(page, {"reason": "离职"}).status_code == 302
        grant.refresh_from_db()
        assert (grant.until, grant.end_reason) == (localdate(), "离职")
        assert "已于" in as_chief.post(page, {"reason": "离职"}).content.decode()

    def test_the_last_administrator_is_told_why_not(self, as_chief: Client, chief: User) -> None:
        answer = as_chief.post(f"/grants/{Grant.objects.get(account=chief).pk}/end/", {"reason": "休息"})
        assert "最后一个能授权的人" in answer.content.decode()


class TestRefusals:
    def test_are_told_and_audited(self, town: Town, client: Client, open_account: Open, give: Give) -> None:
        officer = open_account("officer")
        (give(officer, town.unit))
        client.force_login(officer)
        answer = client.get("/grants/accounts/")
        assert answer.status_code == 403
        assert "没有权限" in answer.content.decode()
        entry = list_entries("page:grants/accounts/")[0]
        assert (entry.actor, entry.action, entry.details["permission"]) == (officer, "grants.refuse", "grants.view")
        assert client.get(f"/organisations/{town.other_unit.pk}/").status_code == 404
        assert list_entries(f"organisation:{town.other_unit.pk}")[0].action == "grants.refuse"

    def test_accounts_and_grants_of_others_do_not_exist(
        self, town: Town, client: Client, open_account: Open, give: Give
    ) -> None:
        local, theirs, newcomer = open_account("local"), open_account("theirs"), open_account("newcomer")
        (give(local, town.first, HouseRole.ADMIN))
        foreign = give(theirs, town.other_unit)
        client.force_login(local)
        names = client.get("/grants/accounts/").content.decode()
        assert "theirs的姓名" not in names
        assert "newcomer的姓名" in names
        assert client.get(f"/grants/accounts/{newcomer.pk}/").status_code == 200
        for page in (f"accounts/{theirs.pk}/", f"accounts/{theirs.pk}/give/", f"{foreign.pk}/end/"):
            assert client.get(f"/grants/{page}").status_code == 404
            assert client.post(f"/grants/{page}", _posted(town)).status_code == 404
        assert client.get("/grants/").context["listing"].count == 1

    def test_a_superuser_of_the_framework_without_a_grant_is_refused(self, client: Client, open_account: Open) -> None:
        account = open_account("super")
        User.objects.filter(pk=account.pk).update(is_superuser=True)
        client.force_login(account)
        assert client.get("/grants/").status_code == 403


class TestSight:
    def test_of_names_is_kept_with_what_was_looked_for(self, as_chief: Client, chief: User) -> None:
        for address in ("/grants/?q=王", "/grants/accounts/", f"/grants/accounts/{chief.pk}/"):
            assert as_chief.get(address).status_code == 200
        for subject, looked in (("grants:list", "q=%E7%8E%8B"), ("accounts:list", ""), (f"account:{chief.pk}", "")):
            [entry] = list_entries(subject).filter(action="audit.view_personal_data")
            assert (entry.actor, entry.reason) == (chief, looked)


class TestNavigation:
    def test_shows_the_pages_to_those_who_may(self, town: Town, client: Client, open_account: Open, give: Give) -> None:
        officer = open_account("officer")
        (give(officer, town.unit))
        client.force_login(officer)
        html = client.get("/jobs/").content.decode()
        assert 'href="/organisations/"' in html
        assert 'href="/grants/"' not in html
