"""Comparing forms: which belong together, how their indicators are aligned, what moved."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from conftest import NOW
from hypothesis import given
from hypothesis import strategies as st
from performance.fakes import FakeReader, a_record, as_bytes

from chengshu.kernel.accounts.facade import User
from chengshu.performance.errors import FormNotFound
from chengshu.performance.models import FormRecord
from chengshu.performance.operations.imports import create_batch, run_import
from chengshu.performance.queries.comparison import compare_forms, list_related_forms, project_core

Store = Callable[..., list[FormRecord]]


@pytest.fixture
def store(officer: User, now: datetime) -> Store:
    def _store(*records: dict[str, Any]) -> list[FormRecord]:
        batch = create_batch([("甲.txt", as_bytes(*records))], name="三月", owner=officer, now=now)
        run_import(batch.pk, reader=FakeReader(), clock=lambda: now, report=lambda _: None)
        return list(FormRecord.objects.filter(batch=batch).order_by("number"))

    return _store


def _indicators(*named: tuple[str, str, str]) -> list[dict[str, Any]]:
    blank = a_record()["indicators"][0]
    return [{**blank, "level3": name, "actual": actual, "score": score} for name, actual, score in named]


class TestProjectCore:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("公共数据运营（2023年度）", "公共数据运营(2024年)"),
            ("“一网通办” 运营", "一网通办运营"),
            ("2021年信息化运维", "信息化运维"),
        ],
    )
    def test_names_of_different_years_share_it(self, one: str, other: str) -> None:
        assert project_core(one) == project_core(other)

    def test_phases_stay_apart(self) -> None:
        assert project_core("平台建设（一期）") != project_core("平台建设（二期）")


@pytest.mark.django_db
class TestListRelatedForms:
    def test_finds_the_same_project_by_year(self, store: Store, officer: User) -> None:
        later, earlier, _other = store(
            a_record("数据运营2021年度", year=2021),
            a_record("数据运营", year=2020),
            a_record("数据运营平台", year=2019),
        )
        assert list_related_forms(later, viewer=officer, on=NOW.date()) == [earlier, later]

    def test_repeated_printings_are_no_other_year(self, store: Store, officer: User) -> None:
        first, repeated, later = store(
            a_record("数据运营", year=2020), a_record("数据运营", year=2020), a_record("数据运营", year=2021)
        )
        assert list_related_forms(first, viewer=officer, on=NOW.date()) == [first, later]
        assert list_related_forms(repeated, viewer=officer, on=NOW.date()) == [repeated, later]

    def test_a_nameless_form_stands_alone(self, store: Store, officer: User) -> None:
        [form] = store({**a_record(), "project": None})
        assert list_related_forms(form, viewer=officer, on=NOW.date()) == [form]

    def test_a_project_whose_neighbours_only_sound_alike_stands_alone(self, store: Store, officer: User) -> None:
        form, *_others = store(a_record("数据运营"), a_record("数据运营平台"), a_record("数据运营监理"))
        assert list_related_forms(form, viewer=officer, on=NOW.date()) == [form]

    def test_looks_at_no_more_than_six_this_one_among_them(self, store: Store, officer: User) -> None:
        forms = store(*(a_record("数据运营", year=2010 + number) for number in range(9)))
        related = list_related_forms(forms[-1], viewer=officer, on=NOW.date())
        assert len(related) == 6
        assert forms[-1] in related


@pytest.mark.django_db
class TestCompareForms:
    def test_aligns_by_name_first_then_by_nearness_and_keeps_the_rest(self, store: Store, officer: User) -> None:
        forms = store(
            a_record(year=2020, indicators=_indicators(("办件提速率", "5%", "9"), ("培训人数", "90人", "10"))),
            a_record(
                year=2021,
                indicators=_indicators(
                    ("培训的人数", "100人", "10"), ("办件提速率", "8%", "10"), ("满意度", "95%", "10")
                ),
            ),
        )
        compared = compare_forms([form.pk for form in forms], viewer=officer, on=NOW.date())
        assert [item.names for item in compared.indicators] == [
            ("办件提速率", "办件提速率"),
            ("培训人数", "培训的人数"),
            (None, "满意度"),
        ]
        actual = {line.name: line for line in compared.indicators[0].lines}["actual"]
        assert (actual.values, actual.moves) == (("5%", "8%"), (Decimal(3),))

    def test_says_how_money_moved(self, store: Store, officer: User) -> None:
        more = a_record(year=2021, money={"total": {"budget": "350.00"}})
        forms = store(a_record(year=2020), more)
        compared = compare_forms([form.pk for form in forms], viewer=officer, on=NOW.date())
        budget = next(line for line in compared.heads if line.field == "/money/total/budget")
        assert budget.moves == (Decimal("150.00"),)

    def test_texts_with_several_figures_have_no_move(self, store: Store, officer: User) -> None:
        forms = store(
            a_record(year=2020, indicators=_indicators(("甲指标", "1至2天", "1"))),
            a_record(year=2021, indicators=_indicators(("甲指标", "3天", "1"))),
        )
        compared = compare_forms([form.pk for form in forms], viewer=officer, on=NOW.date())
        actual = {line.name: line for line in compared.indicators[0].lines}["actual"]
        assert actual.moves == (None,)

    def test_forms_out_of_sight_are_not_found(self, store: Store, reviewer: User, officer: User) -> None:
        [form] = store(a_record())
        form.batch.owner = reviewer
        form.batch.save()
        with pytest.raises(FormNotFound):
            compare_forms([form.pk], viewer=officer, on=NOW.date())


@given(st.text(max_size=30))
def test_any_name_has_a_core_that_is_its_own(name: str) -> None:
    assert project_core(project_core(name)) == project_core(project_core(project_core(name)))
