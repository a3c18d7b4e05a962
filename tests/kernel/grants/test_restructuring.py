"""Administrators change organisations in pages: with a day and a reason, audited, within what is theirs."""

from datetime import date
from io import BytesIO

import pytest
from django.test import Client
from django.utils.timezone import localdate
from kernel.grants.conftest import Give, Open, Town

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import list_entries
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.organisations.facade import Organisation

pytestmark = pytest.mark.django_db

_REASON = "机构改革第3号"


@pytest.fixture
def as_chief(client: Client, chief: User) -> Client:
    client.force_login(chief)
    return client


@pytest.fixture
def as_district(client: Client, town: Town, open_account: Open, give: Give) -> Client:
    """Administrator of the first district alone."""
    person = open_account("district")
    give(person, town.first, role="admin")
    client.force_login(person)
    return client


def _fields(**more: str) -> dict[str, str]:
    return {"on": localdate().isoformat(), "reason": _REASON} | more


def _change(client: Client, organisation: Organisation, kind: str, **more: str) -> int:
    return client.post(f"/organisations/{organisation.pk}/{kind}/", _fields(**more)).status_code


def _parent(organisation: Organisation) -> str:
    return organisations.ancestors_on(organisation.pk, localdate())[-1].code


class TestChanges:
    def test_found_below_and_be_led_to_it(self, as_chief: Client, town: Town) -> None:
        assert "D1" in as_chief.get(f"/organisations/found/?parent={town.first.code}").content.decode()
        fields = _fields(code="N1", name="新中心", kind="unit", parent=town.first.code)
        html = as_chief.post("/organisations/found/", fields, follow=True).content.decode()
        founded = organisations.find_organisation("N1")
        assert founded is not None
        assert _parent(founded) == "D1"
        for text in ("新中心", _REASON, "已设立“新中心”", "设立组织"):
            assert text in html

    def test_rename_keeps_the_old_name_for_the_days_before(self, as_chief: Client, town: Town) -> None:
        assert _change(as_chief, town.unit, "rename", name="新名中心") == 302
        today = localdate()
        assert organisations.name_on(town.unit.pk, today) == "新名中心"
        assert organisations.name_on(town.unit.pk, date(2021, 1, 1)) == "D1-U名"
        [entry] = list_entries(f"organisation:{town.unit.pk}").filter(action="organisations.rename")
        assert entry.reason == _REASON
        assert entry.actor is not None

    def test_move_with_all_below(self, as_chief: Client, town: Town) -> None:
        assert _change(as_chief, town.department, "move", parent=town.second.code) == 302
        assert _parent(town.department) == "D2"

    def test_merge_hands_over_what_belonged_to_it(self, as_chief: Client, town: Town) -> None:
        assert _change(as_chief, town.first, "merge", into=town.second.code) == 302
        assert _parent(town.department) == "D2"
        town.first.refresh_from_db()
        assert town.first.ended_on == localdate()

    def test_split_sends_each_below_with_its_part(self, as_chief: Client, town: Town) -> None:
        page = as_chief.get(f"/organisations/{town.first.pk}/split/").content.decode()
        assert "D1-B名" in page
        parts = {"code1": "E1", "name1": "东区", "code2": "E2", "name2": "西区", f"child{town.department.pk}": "2"}
        assert _change(as_chief, town.first, "split", **parts) == 302
        assert _parent(town.department) == "E2"

    def test_end_only_what_has_nothing_below(self, as_chief: Client, town: Town) -> None:
        answer = as_chief.post(f"/organisations/{town.department.pk}/end/", _fields())
        assert answer.status_code == 422
        assert "还有下级" in answer.content.decode()
        assert _change(as_chief, town.unit, "end") == 302

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"reason": ""}, "没有登记"),
            ({"on": "2100-01-01"}, "还没有到"),
            ({"parent": "nowhere"}, "没有这个组织"),
            ({"parent": "D1-U"}, "不能隶属于"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_stays(
        self, wrong: dict[str, str], said: str, as_chief: Client, town: Town
    ) -> None:
        fields = _fields(parent=town.second.code) | wrong
        answer = as_chief.post(f"/organisations/{town.department.pk}/move/", fields)
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert f'value="{fields["parent"]}"' in answer.content.decode()
        assert _parent(town.department) == "D1"


class TestRights:
    def test_within_ones_own_district(self, as_district: Client, town: Town) -> None:
        assert _change(as_district, town.unit, "rename", name="新名") == 302
        assert _change(as_district, town.unit, "move", parent=town.first.code) == 302

    def test_not_into_or_out_of_it(self, as_district: Client, town: Town) -> None:
        assert _change(as_district, town.department, "move", parent=town.second.code) == 422
        assert _change(as_district, town.other_unit, "rename", name="抢") == 404
        assert _parent(town.department) == "D1"

    def test_not_of_the_very_place_that_ones_right_rests_on(self, as_district: Client, town: Town) -> None:
        for kind in ("move", "merge", "split", "end"):
            assert _change(as_district, town.first, kind) == 403
        page = as_district.get(f"/organisations/{town.first.pk}/").content.decode()
        assert f"/organisations/{town.first.pk}/rename/" in page
        assert f"/organisations/{town.first.pk}/end/" not in page

    def test_a_table_is_for_who_manages_the_whole_city(self, as_district: Client) -> None:
        assert as_district.get("/organisations/import/").status_code == 403


class TestImport:
    def _file(self, *lines: str) -> BytesIO:
        file = BytesIO("\n".join(("代码,名称,类别,上级代码", *lines)).encode())
        file.name = "units.csv"
        return file

    def test_shows_first_what_would_change_and_then_does_exactly_that(self, as_chief: Client, town: Town) -> None:
        file = self._file("N1,新单位,单位,D1", "D1-U,改名中心,单位,D1-B", "N2,无上级,单位,没有")
        seen = as_chief.post("/organisations/import/", _fields() | {"file": file})
        assert seen.status_code == 200
        assert organisations.find_organisation("N1") is None
        assert not list_entries("organisation:import").exists()
        receipt = seen.context["receipt"]
        assert (receipt.created, receipt.renamed, len(receipt.rejected)) == (("N1",), ("D1-U",), 1)
        done = as_chief.post("/organisations/import/", {"seen": seen.context["seen"]})
        assert done.context["receipt"] == receipt
        assert organisations.name_on(town.unit.pk, localdate()) == "改名中心"
        [entry] = list_entries("organisation:import")
        assert entry.reason == _REASON

    def test_takes_no_table_that_was_not_shown(self, as_chief: Client) -> None:
        answer = as_chief.post("/organisations/import/", {"seen": "forged"}, follow=True)
        assert "预览已过期" in answer.content.decode()

    def test_says_why_a_file_is_no_table(self, as_chief: Client) -> None:
        file = BytesIO("第一行,第二行\n一,二".encode())
        file.name = "words.csv"
        answer = as_chief.post("/organisations/import/", _fields() | {"file": file})
        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()
