"""Tabbed text that has lost or doubled its tabs: what cannot be placed any more is left out, never put elsewhere."""

import re
from decimal import Decimal

import pytest
from performance.reading.sheets import tabbed_document
from performance.reading.test_seeds import PRINTED, SEEDS, list_cells, read_seed, typed_records

from chengshu.documents.reading import read_document
from chengshu.performance.contracts import Form
from chengshu.performance.contracts.wire import form_record
from chengshu.performance.reading.reader import read_forms

HEAD = """
财政项目支出绩效自评表
(2023 年度)
项目名称|管网养护|||||||
主管部门|某市城市运行管理局||||实施单位|某市市政养护中心||
项目资金(元)||年初预算数|全年预算数|全年执行数|分值|执行率|得分|
"""
TOTAL = "|年度资金总额|900|800|800|10|100%|10|\n|其中:当年财政拨款|900|800|800|—|||\n"
ROWS = """
|一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因
|产出指标|数量指标|清淤长度|>=28公里|30公里|90|90|
总分|||||||90|
"""
SHARE_WITHOUT_EMPTY_CELLS = {"000": 0.97, "001": 0.99, "002": 0.96, "003": 0.99}


def read_text(text: str) -> Form:
    return read_forms(tabbed_document(text))[0]


def without_empty_cells(text: str) -> str:
    return "\n".join(re.sub(r"\t+", "\t", line.strip("\t")) for line in text.split("\n"))


def unreadable(form: Form) -> dict[str, str]:
    return {item.field: item.raw for item in form.unreadable}


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the published texts are not beside this checkout")
@pytest.mark.parametrize("seed", PRINTED)
def test_a_text_without_its_empty_cells_is_read_with_gaps_and_nothing_invented(seed: str) -> None:
    text = next(SEEDS.glob(f"{seed}_*.txt")).read_text("utf-8")
    forms = read_forms(read_document("表.txt", without_empty_cells(text).encode()))
    right = total = 0
    for typed, form in zip(typed_records(seed), forms, strict=True):
        expected, found = list_cells(typed), list_cells(form_record(form))
        names = [name for name in expected.keys() | found.keys() if expected.get(name) or found.get(name)]
        right += sum(expected.get(name) == found.get(name) for name in names)
        total += len(names)
        assert not [name for name in names if not expected.get(name)], form.source
    assert right >= SHARE_WITHOUT_EMPTY_CELLS[seed] * total


class TestMoneyRows:
    def test_a_doubled_tab_makes_a_zero_unreadable(self) -> None:
        form = read_text(HEAD + TOTAL + "|上年结转资金|0||0||—|||\n" + ROWS)
        row = form.money.carried_over
        assert (row.initial, row.budget, row.executed) == (None, None, None)
        assert {field.rpartition("/")[0] for field in unreadable(form)} == {"/money/carried_over"}

    def test_tabs_lost_behind_the_last_figure_change_nothing(self) -> None:
        form = read_text(HEAD + TOTAL + "|上年结转资金||0||—\n" + ROWS)
        assert (form.money.carried_over.initial, form.money.carried_over.budget) == (None, Decimal(0))
        assert not form.unreadable

    def test_the_sums_place_what_tabs_do_not(self) -> None:
        total = "|年度资金总额|900|800|800|10|100%|10|\n|其中:当年财政拨款|900|700|700|—|||\n"
        form = read_text(HEAD + total + "上年结转资金|100|100|—\n" + ROWS)
        row = form.money.carried_over
        assert (row.initial, row.budget, row.executed) == (None, Decimal(100), Decimal(100))

    def test_a_figure_that_breaks_the_sums_of_a_torn_table_is_a_trace(self) -> None:
        torn = HEAD.replace("年初预算数|全年预算数|", "室 年初预算数 全年预算数||")
        form = read_text(torn + TOTAL + "|上年结转资金|0|0|500||||\n" + ROWS)
        assert form.money.carried_over.executed is None
        assert unreadable(form) == {"/money/carried_over/executed": "500"}

    def test_a_figure_that_breaks_the_sums_of_a_whole_table_is_what_the_office_printed(self) -> None:
        form = read_text(HEAD + TOTAL + "|上年结转资金|0|0|500||||\n" + ROWS)
        assert form.money.carried_over.executed == 500


class TestRows:
    def test_a_value_that_may_be_target_or_actual_is_unreadable(self) -> None:
        form = read_text(
            HEAD + TOTAL + ROWS.replace("|产出指标|数量指标|清淤长度|>=28公里|", "产出指标|数量指标|清淤长度|")
        )
        row = form.indicators[0]
        assert (row.level3, row.target, row.actual, row.weight, row.score) == (
            "清淤长度",
            None,
            None,
            Decimal(90),
            Decimal(90),
        )
        assert "30公里" in unreadable(form).values()

    def test_a_hundred_without_its_column_is_neither_weight_nor_score(self) -> None:
        form = read_text(HEAD + TOTAL + ROWS.replace("总分|||||||90|", "总分|100"))
        assert (form.total.weight, form.total.score) == (None, None)
        assert unreadable(form) == {"/total/score": "100"}


class TestGoals:
    def goal(self, header: str, row: str) -> Form:
        return read_text(HEAD + TOTAL + header + "\n" + row + ROWS)

    def test_fragments_are_reported_under_the_side_where_they_stand(self) -> None:
        row = "总体目标||按月巡查管网并|时清淤疏通||河道防汛要求|全部管道,清|保障汛期的安全|"
        form = self.goal("年度||预期目标|||实|际完成情况||", row)
        assert (form.goal.expected, form.goal.actual) == (None, None)
        assert unreadable(form) == {"/goal/expected": "按月巡查管网并", "/goal/actual": "保障汛期的安全"}

    def test_a_fragment_that_repeats_another_is_of_the_other_side(self) -> None:
        form = self.goal(
            "年度||预期目标|||实|际完成情况||",
            "总体目标||宣传巡查成果,助推发展|全面做好宣传巡查成果|汛期安全保障|继续加强养护|广泛征求意见||",
        )
        assert unreadable(form)["/goal/expected"] == "宣传巡查成果,助推发展"
        assert unreadable(form)["/goal/actual"].startswith("全面做好")

    def test_the_label_of_the_row_is_no_part_of_the_text(self) -> None:
        lines = (
            "按月巡查管网年度并及时清淤疏通,保障全区二十四条道路汛期排水通",
            "畅总体安全,并逐步更新老旧管网十二公里,沿线居民满意率保持在九",
            "成目标以上,确保全年度稳定运行。",
        )
        row = "".join(lines) + "||||||管网并及时清|全区二十四条道|"
        form = self.goal("年度||预期|目标||实|际完成情况|.|", row)
        text = "".join(lines).replace("总体", "").replace("目标", "").replace("管网年度并", "管网并")
        assert form.goal.expected == text
        assert "/goal/actual" in unreadable(form)


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the published texts are not beside this checkout")
def test_both_sides_of_the_scans_broken_goals_are_accounted_for() -> None:
    lost = {1, 3, 4, 7, 12}
    for form in read_seed("002"):
        fields = {field for field in unreadable(form) if field.startswith("/goal")}
        if form.source.form in lost:
            assert fields == {"/goal/expected", "/goal/actual"}, form.source
        elif form.source.form in {2, 5, 13}:
            assert fields == {"/goal/actual"}, form.source
        else:
            assert form.goal.expected, form.source
            assert form.goal.actual, form.source
