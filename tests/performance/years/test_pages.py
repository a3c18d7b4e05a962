"""The dashboard of the year as a browser without scripts gets it."""

import csv
from collections.abc import Callable
from typing import Any

import pytest
from conftest import NOW, enter_account
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html
from performance.monitoring.conftest import AUGUST, MakeYear, Office
from performance.years.forms import import_form

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.grants.facade import HouseRole, NewGrant
from chengshu.performance.facade.monitoring import MonitoringSheet
from chengshu.performance.models import EarlyWarning, Evaluation

pytestmark = pytest.mark.django_db
As = Callable[[User], Client]
CHARTS = ("results", "money", "grades", "grades-years", "findings", "mending", "evidence")


@pytest.fixture
def enter() -> As:
    def _enter(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return _enter


def at(name: str, *args: object) -> str:
    return reverse(f"performance:{name}", args=args)


def sentences(page: str) -> dict[str, str]:
    """Give the sentences of the page with where they lead."""
    tree: Any = html.document_fromstring(page)  # the stubs know plain elements only
    return {str(link.text_content()): str(link.get("href")) for link in tree.find_class("sentence")}


class TestSentences:
    def test_each_opens_the_list_that_it_counts(
        self, sheet: MonitoringSheet, make_year: MakeYear, office: Office, enter: As
    ) -> None:
        make_year("没有目标的项目", goals=None)
        MonitoringSheet.objects.update(lamp="red")
        EarlyWarning.objects.create(project_year=sheet.project_year, reason="overdue", raised_at=AUGUST)
        Evaluation.objects.create(
            project_year=sheet.project_year,
            rules="national-2020",
            total=88,
            grade="良",
            breach_count=1,
            indicator_count=3,
            indicator_weight=90,
            edited_at=AUGUST,
        )
        client = enter(office.finance_reviewer)
        found = sentences(client.get(at("overview")).content.decode())
        assert 1 < len(found) <= 7
        named = {
            "2 个项目": "没有目标的项目",
            "1 个未编报": "没有目标的项目",
            "1 份亮红灯": sheet.project_year.project.name,
            "1 个项目落后": sheet.project_year.project.name,
            "平均 88.00 分": sheet.project_year.project.name,
        }
        for words, project in named.items():
            address = next(address for text, address in found.items() if words in text)
            assert project in client.get(address).content.decode(), words

    def test_says_where_to_begin_when_there_is_nothing(self, office: Office, enter: As) -> None:
        page = enter(office.officer).get(at("overview")).content.decode()
        assert "还没有您能看到的项目年度" in page


class TestNarrowing:
    def test_to_a_year(self, make_year: MakeYear, office: Office, enter: As) -> None:
        make_year("今年", year=2024)
        make_year("去年", year=2023, paid=100_000)
        page = enter(office.officer).get(at("overview"), {"year": "2023"}).content.decode()
        assert "2023 年度 1 个项目" in page
        assert "执行率 10.00%" in page

    @pytest.mark.parametrize("asked", [{"year": "1999"}, {"year": "x"}, {"unit": "999999"}, {"unit": "٣"}])
    def test_to_what_is_not_in_sight_shows_all(
        self, asked: dict[str, str], make_year: MakeYear, office: Office, enter: As
    ) -> None:
        make_year()
        page = enter(office.officer).get(at("overview"), asked).content.decode()
        assert "2024 年度 1 个项目" in page

    def test_another_units_id_tells_nothing_of_it(self, make_year: MakeYear, office: Office, enter: As) -> None:
        make_year()
        page = enter(office.stranger).get(at("overview"), {"unit": office.unit.pk}).content.decode()
        assert "政务外网" not in page
        assert office.unit.code not in page


class TestCharts:
    @pytest.mark.parametrize("name", CHARTS)
    def test_give_the_same_as_table_and_as_series(
        self, name: str, make_year: MakeYear, office: Office, enter: As
    ) -> None:
        Evaluation.objects.create(
            project_year=make_year(),
            rules="national-2020",
            total=91,
            grade="优",
            error_count=2,
            indicator_count=3,
            indicator_weight=90,
            evidence_count=1,
            evidence_weight=30,
            edited_at=AUGUST,
        )
        client = enter(office.officer)
        series = client.get(at("year-chart", name)).json()
        table = list(csv.reader(client.get(at("year-chart", name), {"export": "csv"}).content.decode().splitlines()))
        assert len(table) - 1 == len(series["categories"])
        assert [row[0] for row in table[1:]] == list(series["categories"])

    def test_one_that_there_is_not(self, make_year: MakeYear, office: Office, enter: As) -> None:
        make_year()
        assert enter(office.officer).get(at("year-chart", "pie")).status_code == 404

    def test_ask_as_often_for_many_years_as_for_few(self, make_year: MakeYear, office: Office, enter: As) -> None:
        client = enter(office.finance_reviewer)

        def asked() -> int:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(at("overview")).status_code == 200
            return len(queries)

        make_year("第一个")
        asked()
        few = asked()
        for number in range(20):
            make_year(f"第{number}个", year=2015 + number % 10)
        assert asked() == few


class TestEarlierYears:
    def test_stand_on_the_projects_page(self, make_year: MakeYear, enter: As) -> None:
        year = make_year("政务云")
        reader = enter_account("reader", HouseRole.ADMIN)
        grants.give_grant(
            NewGrant(reader.pk, HouseRole.FINANCE_REVIEWER, year.unit_id, NOW.date(), "分工"), actor=None, now=NOW
        )
        form = import_form(reader, "政务云", 2022)
        page = enter(reader).get(at("project", year.project_id)).content.decode()
        assert at("form", form.pk) in page
        assert "以前的年度（导入的自评表）" in page


class TestStart:
    def test_leads_who_has_years_to_them_and_others_to_imported_forms(
        self, make_year: MakeYear, office: Office, enter: As
    ) -> None:
        make_year()
        assert enter(office.officer).get("/", follow=True).redirect_chain[-1][0] == at("overview")
        assert enter(office.stranger).get("/", follow=True).redirect_chain[-1][0] == at("dashboard")
