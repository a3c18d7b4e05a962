"""A second printing is recognised by what it says, whatever extraction did to it, and at linear cost."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from chengshu.performance.contracts import Form, Indicator, Money, MoneyRow, Source, Total
from chengshu.performance.reading.duplicates import is_same_form, mark_duplicates


def a_form(number: int, *, file: str = "a.txt", budget: str = "100.00", project: str = "平台运维") -> Form:
    rows = tuple(
        Indicator("产出指标", "数量指标", f"第{index}项工作的完成次数", "≥4次", "5次", Decimal("10.00"), Decimal(10))
        for index in range(1, 7)
    )
    total = MoneyRow(Decimal("90.00"), Decimal(budget), Decimal("80.00"))
    return Form(
        source=Source(file, number),
        template="shanghai-2020",
        year=2020,
        project=project,
        unit="某市数据中心",
        money=Money(total=total),
        indicators=rows,
        total=Total(Decimal(100), Decimal(98)),
    )


def references(forms: Sequence[Form]) -> list[tuple[str, int] | None]:
    return [
        None if form.duplicate_of is None else (form.duplicate_of.file, form.duplicate_of.form)
        for form in mark_duplicates(forms)
    ]


def test_the_later_printing_points_to_the_first_across_files() -> None:
    forms = [a_form(1), a_form(2, budget="55.00"), a_form(1, file="b.txt"), a_form(2, file="b.txt")]
    assert references(forms) == [None, None, ("a.txt", 1), ("a.txt", 1)]


def test_lost_blanks_characters_and_cells_do_not_hide_it() -> None:
    first = a_form(1)
    rows = list(first.indicators)
    rows[0] = replace(rows[0], level3="第1项工作的完成次", level2=None)
    rows[1] = replace(rows[1], target=None)
    second = replace(
        first,
        source=Source("a.txt", 2),
        project="平台 运维",
        indicators=tuple(rows),
        total=Total(None, Decimal("98.00")),
    )
    assert references([first, second]) == [None, ("a.txt", 1)]


def test_a_lost_project_name_does_not_hide_it() -> None:
    assert references([a_form(1), replace(a_form(2), project=None)]) == [None, ("a.txt", 1)]


def test_other_money_another_year_or_other_rows_are_other_forms() -> None:
    first = a_form(1)
    other_rows = tuple(replace(item, level3=f"另一件事{index}") for index, item in enumerate(first.indicators))
    assert not is_same_form(first, a_form(2, budget="100.01"))
    assert not is_same_form(first, replace(first, year=2021))
    assert not is_same_form(first, replace(first, indicators=other_rows))
    assert not is_same_form(first, a_form(2, project="机房用电"))


def test_marks_made_before_are_made_anew() -> None:
    marked = mark_duplicates([a_form(1), a_form(2)])
    assert references(marked[1:]) == [None]


def test_a_city_full_of_forms_is_compared_in_its_buckets_only() -> None:
    forms = [a_form(index, budget=f"{index}.00", project=f"项目{index}") for index in range(1, 3001)]
    assert (
        sum(reference is not None for reference in references([*forms, replace(forms[7], source=Source("z", 1))])) == 1
    )
