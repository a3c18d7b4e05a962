from dataclasses import replace
from decimal import Decimal

import pytest

from chengshu.performance.contracts import Form, Indicator, Money, MoneyRow
from chengshu.performance.errors import ProfileInvalid
from chengshu.performance.papers.compose import compose_sheet
from chengshu.performance.papers.layouts import choose_layout, get_layout, layout_names
from chengshu.performance.papers.sheets import Sheet, SheetCell, grid


def _at(sheet: Sheet, field: str) -> SheetCell:
    return next(cell for row in sheet.rows for cell in row if cell.field == field)


def _labels(sheet: Sheet) -> list[str]:
    return [cell.text for row in sheet.rows for cell in row if cell.label]


class TestEveryLayout:
    @pytest.mark.parametrize("name", layout_names())
    def test_covers_every_position_exactly_once(self, name: str, form: Form) -> None:
        sheet = compose_sheet(replace(form, grade="良"), get_layout(name))
        covered = [
            (row, column)
            for cells in sheet.rows
            for cell in cells
            for row in range(cell.row, cell.row + cell.rows)
            for column in range(cell.column, cell.column + cell.columns)
        ]
        assert sorted(covered) == [
            (row, column) for row in range(len(sheet.rows)) for column in range(len(sheet.widths))
        ]

    @pytest.mark.parametrize("name", layout_names())
    def test_prints_every_value_of_the_form(self, name: str, form: Form) -> None:
        sheet = compose_sheet(form, get_layout(name))
        fields = {cell.field for row in sheet.rows for cell in row}
        money = {f"/money/{row}/{column}" for row in Money.__slots__ for column in MoneyRow.__slots__}
        indicators = {f"/indicators/{n}/{part}" for n in range(4) for part in ("level3", "target", "actual", "reason")}
        assert money | indicators | {"/project", "/department", "/unit", "/goal/expected", "/total/score"} <= fields

    @pytest.mark.parametrize("name", layout_names())
    def test_has_widths_that_add_up_to_the_page(self, name: str) -> None:
        assert sum(get_layout(name).widths) == 100

    def test_exists_for_the_four_shanghai_years_and_the_nation(self) -> None:
        assert {f"shanghai-{year}" for year in (2020, 2021, 2023, 2024)} | {"national-2020"} <= set(layout_names())

    def test_of_an_unknown_name_is_refused_with_the_names_there_are(self) -> None:
        with pytest.raises(ProfileInvalid, match="shanghai-2020"):
            get_layout("shanghai-1999")

    def test_falls_back_to_the_national_form(self) -> None:
        assert choose_layout("somewhere-2019").name == "national-2020"


class TestYears:
    def test_name_the_goal_as_their_template_does(self, form: Form) -> None:
        assert "预算目标" in _labels(compose_sheet(form, get_layout("shanghai-2021")))
        assert "预期目标" in _labels(compose_sheet(form, get_layout("shanghai-2023")))

    def test_name_the_rate_as_their_template_does(self, form: Form) -> None:
        names = {year: _labels(compose_sheet(form, get_layout(f"shanghai-{year}"))) for year in (2020, 2021, 2024)}
        assert "执行率" in names[2020]
        assert "执行率得分" in names[2021]
        assert "执行率(%)" in names[2024]
        assert "分数" in names[2024]

    def test_print_rates_with_or_without_the_sign(self, form: Form) -> None:
        assert _at(compose_sheet(form, get_layout("shanghai-2020")), "/money/total/rate").text == "98.95%"
        assert _at(compose_sheet(form, get_layout("shanghai-2024")), "/money/total/rate").text == "98.95"

    def test_dash_the_cells_that_never_hold_a_score(self, form: Form) -> None:
        early, late = (compose_sheet(form, get_layout(name)) for name in ("shanghai-2020", "shanghai-2024"))
        assert _at(early, "/money/fiscal/weight").text == "—"
        assert _at(early, "/money/fiscal/score").text == ""
        assert _at(late, "/money/fiscal/weight").text == _at(late, "/money/fiscal/score").text == "-"

    def test_spell_signs_as_typed_in_2023(self, form: Form) -> None:
        assert _at(compose_sheet(form, get_layout("shanghai-2023")), "/indicators/0/target").text == ">=6项"

    def test_have_a_grade_row_in_2024_even_when_empty(self, form: Form) -> None:
        assert "评分等级" in _labels(compose_sheet(form, get_layout("shanghai-2024")))
        assert "评分等级" not in _labels(compose_sheet(form, get_layout("shanghai-2020")))

    def test_keep_a_grade_that_the_template_did_not_foresee(self, form: Form) -> None:
        assert _at(compose_sheet(replace(form, grade="优"), get_layout("shanghai-2020")), "/grade").text == "优"

    def test_have_the_banner_beside_heading_and_indicators_until_2023(self, form: Form) -> None:
        sheet = compose_sheet(form, get_layout("shanghai-2023"))
        banner = next(cell for row in sheet.rows for cell in row if cell.text == "绩效指标")
        assert (banner.row, banner.rows) == (sheet.heading, 1 + len(form.indicators))
        assert "绩效指标" not in _labels(compose_sheet(form, get_layout("shanghai-2024")))


class TestValues:
    def test_stand_with_the_decimals_that_were_printed(self, form: Form) -> None:
        sheet = compose_sheet(form, get_layout("shanghai-2020"))
        assert _at(sheet, "/money/total/executed").text == "43,456,311.08"
        assert _at(sheet, "/money/total/weight").text == "10"
        assert _at(sheet, "/money/carried_over/budget").text == "0"

    def test_that_are_absent_stay_blank(self, form: Form) -> None:
        sheet = compose_sheet(form, get_layout("shanghai-2020"))
        assert _at(sheet, "/money/total/score").text == ""
        assert _at(sheet, "/indicators/0/reason").text == ""

    def test_name_the_unit_of_money_only_when_the_form_does(self, form: Form) -> None:
        without = compose_sheet(replace(form, money_unit=None), get_layout("shanghai-2020"))
        assert "项目资金" in _labels(without)
        assert "项目资金 (元)" in _labels(compose_sheet(form, get_layout("shanghai-2020")))

    def test_leave_room_for_a_year_that_is_not_known(self, form: Form) -> None:
        assert compose_sheet(replace(form, year=None), get_layout("shanghai-2020")).year_line == "(     年度)"

    def test_lose_characters_that_no_paper_can_hold(self, form: Form) -> None:
        sheet = compose_sheet(replace(form, project="数据\x00运营\t服务\x0b"), get_layout("shanghai-2020"))
        assert _at(sheet, "/project").text == "数据运营 服务"


class TestClasses:
    def test_are_merged_over_the_rows_that_share_them(self, form: Form) -> None:
        sheet = compose_sheet(form, get_layout("shanghai-2020"))
        assert _at(sheet, "/indicators/0/level1").rows == 3
        assert _at(sheet, "/indicators/1/level2").rows == 2
        assert _at(sheet, "/indicators/3/level1").rows == 1

    def test_of_the_same_category_under_another_class_stay_apart(self, form: Form) -> None:
        rows = (Indicator("产出指标", "其他"), Indicator("效益指标", "其他"))
        sheet = compose_sheet(replace(form, indicators=rows), get_layout("shanghai-2020"))
        assert [_at(sheet, f"/indicators/{n}/level2").rows for n in range(2)] == [1, 1]

    def test_that_are_absent_are_not_merged(self, form: Form) -> None:
        sheet = compose_sheet(replace(form, indicators=(Indicator(), Indicator())), get_layout("shanghai-2020"))
        assert [_at(sheet, f"/indicators/{n}/level1").text for n in range(2)] == ["—", "—"]

    def test_may_be_missing_altogether(self, form: Form) -> None:
        sheet = compose_sheet(replace(form, indicators=()), get_layout("shanghai-2020"))
        assert _at(sheet, "/total/weight").number == Decimal("100.00")


def test_grid_marks_covered_positions(form: Form) -> None:
    sheet = compose_sheet(form, get_layout("shanghai-2020"))
    assert [cell.text if cell else None for cell in grid(sheet)[0]] == ["项目名称", None, "数据运营服务", *[None] * 6]
