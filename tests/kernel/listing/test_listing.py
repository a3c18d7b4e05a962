"""Lists over real rows: search, filters, sort, pages, and the files they are taken away as."""

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.test import RequestFactory
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.listing.contracts import MoneyUnit
from chengshu.kernel.listing.export import guard_formula
from chengshu.kernel.listing.facade import (
    BatchAction,
    Choice,
    Column,
    Filter,
    Kind,
    Listing,
    ListingSpec,
    format_value,
    open_listing,
    respond_with_listing,
)

START = datetime(2024, 1, 1, tzinfo=UTC)


def _narrow(rows: QuerySet[Any], roles: Sequence[str]) -> QuerySet[Any]:
    return rows.filter(role__in=roles)


SPEC = ListingSpec(
    key="people",
    columns=(
        Column("name", "姓名", lambda u: u.display_name, order_by=("display_name",), url=lambda u: f"/people/{u.pk}/"),
        Column("login", "登录名", lambda u: u.login_name, order_by=("login_name",)),
        Column("budget", "预算", lambda u: Decimal(u.pk) * 10_000, Kind.MONEY, ("pk",)),
        Column("since", "开户", lambda u: u.created_at, Kind.MOMENT, ("created_at",)),
        Column("unit", "单位", lambda u: u.organisation_name, is_shown=False),
    ),
    default_sort="login",
    filters=(Filter("role", "角色", lambda: [Choice("officer", "专员"), Choice("admin", "管理员")], _narrow),),
    search=("display_name__icontains", "organisation_name__icontains"),
    file_name="人员",
)


@pytest.fixture
def people(db: None) -> QuerySet[User]:
    User.objects.bulk_create(
        User(
            login_name=f"u{number:03}",
            display_name="=SUM(A1)" if number == 7 else f"人员{number % 10}",
            organisation_name="甲单位" if number % 2 else "乙单位",
            role="officer" if number % 3 else "admin",
            created_at=START + timedelta(hours=number),
        )
        for number in range(120)
    )
    return User.objects.all()


def _open(people: QuerySet[User], address: str = "") -> Listing:
    return open_listing(SPEC, people, RequestFactory().get(f"/people/?{address}"))


def _logins(listing: Listing) -> list[str]:
    index = [column.key for column in listing.columns].index("login")
    return [str(row.cells[index].content) for row in listing.rows()]


def _export(people: QuerySet[User], address: str, spec: ListingSpec = SPEC) -> HttpResponseBase:
    request = RequestFactory().get(f"/people/?{address}")
    return respond_with_listing(request, open_listing(spec, people, request), "listing/list.html")


def _bytes(response: HttpResponseBase) -> bytes:
    content = b"".join(response)
    # Django's closers alone: close() would close the test's database connection as well.
    for close in response._resource_closers:  # type: ignore[attr-defined]  # noqa: SLF001 - not in the stubs; see above
        close()
    return content


class TestRows:
    def test_shows_one_page_in_the_default_order(self, people: QuerySet[User]) -> None:
        listing = _open(people)
        assert _logins(listing) == [f"u{number:03}" for number in range(50)]
        assert (listing.count, listing.page_count, listing.first, listing.last) == (120, 3, 1, 50)

    def test_last_page_stands_in_for_pages_beyond(self, people: QuerySet[User]) -> None:
        listing = _open(people, "page=99")
        assert (listing.page, len(_logins(listing)), listing.next_address) == (3, 20, "")

    def test_sorts_downward(self, people: QuerySet[User]) -> None:
        assert _logins(_open(people, "sort=-since"))[0] == "u119"

    def test_every_word_of_the_search_must_be_found(self, people: QuerySet[User]) -> None:
        assert set(_logins(_open(people, "q=人员3 甲单位"))) == {f"u{number:03}" for number in range(3, 120, 10)}

    def test_filter_narrows_and_is_shown_as_a_chip(self, people: QuerySet[User]) -> None:
        listing = _open(people, "role=admin")
        assert listing.count == 40
        assert [(chip.label, chip.value, chip.address) for chip in listing.chips()] == [("角色", "管理员", "?")]

    def test_equal_values_do_not_shuffle_rows_between_pages(self, people: QuerySet[User]) -> None:
        logins = [login for page in (1, 2, 3) for login in _logins(_open(people, f"sort=name&page={page}"))]
        assert sorted(logins) == [f"u{number:03}" for number in range(120)]

    @pytest.mark.parametrize(
        ("sort", "order"),
        [
            ("login", ("login_name", "pk")),
            ("-login", ("-login_name", "-pk")),
            ("name", ("display_name", "pk")),
            ("-name", ("-display_name", "-pk")),
        ],
    )
    def test_pages_follow_each_other_to_the_last_row(
        self, people: QuerySet[User], sort: str, order: tuple[str, ...]
    ) -> None:
        logins = [login for page in (1, 2, 3) for login in _logins(_open(people, f"sort={sort}&page={page}"))]
        assert logins == list(people.order_by(*order).values_list("login_name", flat=True))

    def test_asks_the_database_for_a_count_the_keys_and_the_rows_of_a_page(
        self, people: QuerySet[User], django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        with django_assert_num_queries(3):
            assert len(list(_open(people).rows())) == 50


class TestPage:
    def test_is_escaped_and_leads_to_the_record(self, people: QuerySet[User]) -> None:
        User.objects.filter(login_name="u000").update(display_name="<script>alert(1)</script>")
        html = _bytes(_export(people, "")).decode()
        assert "&lt;script&gt;" in html
        assert "<script>" not in html
        assert f'href="/people/{people.get(login_name="u000").pk}/"' in html

    def test_marks_the_sorted_column_for_screen_readers(self, people: QuerySet[User]) -> None:
        html = _bytes(_export(people, "sort=-since")).decode()
        assert html.count('aria-sort="descending"') == html.count("aria-sort") == 1

    def test_tells_what_to_do_when_nothing_is_found(self, people: QuerySet[User]) -> None:
        html = _bytes(_export(people, "q=没有这个人")).decode()
        assert "没有符合条件的记录" in html
        assert "去掉条件" in html

    def test_batch_actions_post_the_selected_ids(self, people: QuerySet[User]) -> None:
        request = RequestFactory().get("/people/")
        listing = open_listing(SPEC, people, request, batch_actions=[BatchAction("停用", "/people/retire/")])
        html = _bytes(respond_with_listing(request, listing, "listing/list.html")).decode()
        assert html.count('name="selected"') == 50
        assert 'formaction="/people/retire/"' in html


class TestCsv:
    def test_holds_all_pages_of_what_is_seen(self, people: QuerySet[User]) -> None:
        lines = _bytes(_export(people, "role=admin&export=csv")).decode("utf-8-sig").splitlines()
        assert lines[0] == "姓名,登录名,预算（元）,开户"
        assert len(lines) == 41

    def test_defuses_formulas(self, people: QuerySet[User]) -> None:
        assert "'=SUM(A1)" in _bytes(_export(people, "export=csv")).decode("utf-8-sig")

    def test_is_offered_under_its_chinese_name(self, people: QuerySet[User]) -> None:
        assert "%E4%BA%BA%E5%91%98.csv" in _export(people, "export=csv")["Content-Disposition"]


class TestXlsx:
    def test_keeps_numbers_moments_and_texts_apart(self, people: QuerySet[User]) -> None:
        file = io.BytesIO(_bytes(_export(people, "unit=wan&columns=name,login,budget,since&export=xlsx")))
        rows = list(openpyxl.load_workbook(file).active.iter_rows())  # type: ignore[union-attr]  # has a sheet
        assert [cell.value for cell in rows[0]] == ["姓名", "登录名", "预算（万元）", "开户"]
        first = people.get(login_name="u000")
        assert [cell.value for cell in rows[1]] == ["人员0", "u000", first.pk, datetime(2024, 1, 1, 8)]  # noqa: DTZ001 - sheets know no zones

    def test_gives_the_last_day_of_what_is_due_when_a_day_ends(self, people: QuerySet[User]) -> None:
        people.filter(login_name="u000").update(created_at=START + timedelta(hours=16))
        column = Column("due", "到期", lambda u: u.created_at, Kind.DEADLINE, ("login_name",))
        until = replace(SPEC, default_sort="due", columns=(column,))
        file = io.BytesIO(_bytes(_export(people, "export=xlsx", until)))
        cells = [row[0].value for row in openpyxl.load_workbook(file).active.iter_rows(min_row=2, max_row=3)]  # type: ignore[union-attr]  # has a sheet
        assert cells == [datetime(2024, 1, 1), datetime(2024, 1, 1, 9)]  # noqa: DTZ001 - sheets know no zones

    def test_keeps_a_formula_as_text(self, people: QuerySet[User]) -> None:
        file = io.BytesIO(_bytes(_export(people, "export=xlsx")))
        cell = next(c for row in openpyxl.load_workbook(file).active.iter_rows() for c in row if c.value == "=SUM(A1)")  # type: ignore[union-attr]  # has a sheet
        assert cell.data_type == "s"


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-cmd", "@SUM(A1)", "\t=1", "\r=1"])
def test_guard_defuses_what_a_spreadsheet_would_run(text: str) -> None:
    assert guard_formula(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-12.5", "+3%", "1,000", "≥95%", "普通文字", ""])
def test_guard_leaves_harmless_texts(text: str) -> None:
    assert guard_formula(text) == text


@pytest.mark.parametrize(
    ("value", "kind", "unit", "expected"),
    [
        (Decimal("1234567.891"), Kind.MONEY, MoneyUnit.YUAN, "1,234,567.89"),
        (Decimal(1234567), Kind.MONEY, MoneyUnit.WAN, "123.46"),
        (Decimal("96.5"), Kind.PERCENT, MoneyUnit.YUAN, "96.50"),
        (12345, Kind.NUMBER, MoneyUnit.YUAN, "12,345"),
        (START, Kind.MOMENT, MoneyUnit.YUAN, "2024-01-01 08:00"),
        (START, Kind.DEADLINE, MoneyUnit.YUAN, "2024-01-01 08:00"),
        (START + timedelta(hours=16), Kind.DEADLINE, MoneyUnit.YUAN, "2024-01-01"),
        (START.date(), Kind.DATE, MoneyUnit.YUAN, "2024-01-01"),
        (None, Kind.MONEY, MoneyUnit.YUAN, "—"),
        (0, Kind.NUMBER, MoneyUnit.YUAN, "0"),
    ],
)
def test_values_are_written_as_the_style_says(value: object, kind: Kind, unit: MoneyUnit, expected: str) -> None:
    with translation.override("zh-hans"):
        assert format_value(value, kind, unit) == expected
