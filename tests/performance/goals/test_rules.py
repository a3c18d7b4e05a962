"""What the rules say of goals, and that no move, merge or copy loses or doubles a row."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from performance.goals.years import ROWS, a_content, a_row, with_row

from chengshu.performance.contracts import Finding, Form, Goal, Indicator, Source
from chengshu.performance.contracts.goals import Background, GoalContent, GoalRow, Mark, PastValue
from chengshu.performance.rules.rulesets import get_rule_set
from chengshu.performance.rules.year.goal_checks import check_goals, goal_notices
from chengshu.performance.rules.year.goal_copying import copy_content, settle_marks
from chengshu.performance.rules.year.goal_merging import (
    from_record,
    list_changes,
    merge,
    read_weight,
    to_record,
)
from chengshu.performance.rules.year.goals import TREE, add, arrange, drop, grow_tree, move, sum_weights
from chengshu.performance.rules.year.library import delivered_entries, write_target

RULES = get_rule_set("shanghai-2024")
_PAIRS = [(level1, level2) for level1, parts in TREE for level2 in parts] + [("其他指标", "另设指标"), ("", "")]
_rows = st.builds(
    GoalRow,
    key=st.integers(1, 30).map(str),
    level1=st.just(""),
    level2=st.just(""),
    name=st.sampled_from(["巡检", "满意", "成本", ""]),
    target=st.sampled_from(["≥4次", "≤3天", "", "健全"]),
    weight=st.none() | st.integers(0, 40).map(Decimal),
)
_contents = st.builds(
    lambda rows, pairs, text: arrange(
        GoalContent(
            text,
            tuple(
                replace(row, level1=pair[0], level2=pair[1])
                for row, pair in zip({r.key: r for r in rows}.values(), pairs, strict=False)
            ),
        )
    ),
    st.lists(_rows, max_size=12),
    st.lists(st.sampled_from(_PAIRS), min_size=12, max_size=12),
    st.sampled_from(["", "办好", "办得更好"]),
)
_edits = st.lists(
    st.tuples(
        st.sampled_from(["up", "down", "add", "drop", "name", "target", "weight", "class"]),
        st.integers(0, 20),
        st.integers(0, 9),
    ),
    max_size=10,
)


def check(content: GoalContent, background: Background | None = None) -> list[Finding]:
    rows = tuple(
        Indicator(row.level1, row.level2, row.name or None, row.target or None, weight=row.weight)
        for row in content.rows
    )
    form = Form(
        Source("g", 1),
        "shanghai-2024",
        year=2024,
        project="政务外网",
        goal=Goal(content.expected or None),
        indicators=rows,
    )
    return list(check_goals(content, form, RULES, background or Background()))


def codes(content: GoalContent, background: Background | None = None) -> set[str]:
    return {finding.code for finding in check(content, background)}


def edit(content: GoalContent, steps: list[tuple[str, int, int]], tag: str = "") -> GoalContent:
    """Do what people do in the editor; added rows carry the tag in their name."""
    for action, place, value in steps:
        if action == "add":
            level1, level2 = _PAIRS[value % len(_PAIRS)]
            content = add(content, GoalRow(f"{tag}{place}", level1, level2, f"{tag}新增{place}"))
            continue
        if not content.rows:
            continue
        row = content.rows[place % len(content.rows)]
        if action in {"up", "down"}:
            content = move(content, row.key, -1 if action == "up" else 1)
        elif action == "drop":
            content = drop(content, row.key)
        else:
            changed = {
                "name": replace(row, name=f"{tag}名{value}"),
                "target": replace(row, target=f"≥{value}{tag}"),
                "weight": replace(row, weight=Decimal(value)),
                "class": replace(row, level1=_PAIRS[value][0], level2=_PAIRS[value][1]),
            }[action]
            rows = [changed if other.key == row.key else other for other in content.rows]
            content = arrange(replace(content, rows=tuple(rows)))
    return content


class TestTree:
    @given(_contents, st.integers(0, 20), st.sampled_from([-1, 1]))
    def test_moving_loses_and_doubles_no_row(self, content: GoalContent, place: int, step: int) -> None:
        if not content.rows:
            return
        key = content.rows[place % len(content.rows)].key
        moved = move(content, key, step)
        assert Counter(moved.rows) == Counter(content.rows)
        assert arrange(moved) == moved

    @given(_contents)
    def test_down_and_up_again_is_as_before(self, content: GoalContent) -> None:
        for row in content.rows:
            down = move(content, row.key, 1)
            if down != content:
                assert move(down, row.key, -1) == content

    @given(_contents, _edits)
    def test_editing_keeps_keys_apart(self, content: GoalContent, steps: list[tuple[str, int, int]]) -> None:
        keys = [row.key for row in edit(content, steps).rows]
        assert len(keys) == len(set(keys))

    @given(_contents)
    def test_shows_every_row_once_with_sums_that_add_up(self, content: GoalContent) -> None:
        tree = grow_tree(content, with_empty=True)
        shown = [row for part in tree for category in part.categories for row in category.rows]
        assert shown == list(content.rows)
        assert sum((part.weight for part in tree), Decimal(0)) == sum_weights(content.rows)


class TestMerge:
    @given(_contents, _edits)
    def test_one_edit_alone_is_taken_whole(self, base: GoalContent, steps: list[tuple[str, int, int]]) -> None:
        edited = edit(base, steps, "a")
        for merged in (merge(base, base, edited), merge(base, edited, base)):
            assert merged.clashes == ()
            assert sorted(merged.content.rows, key=lambda row: row.key) == sorted(edited.rows, key=lambda row: row.key)

    @given(_contents, _edits, _edits)
    def test_nothing_of_either_side_is_lost(
        self, base: GoalContent, theirs: list[tuple[str, int, int]], mine: list[tuple[str, int, int]]
    ) -> None:
        first, second = edit(base, theirs, "a"), edit(base, mine, "b")
        merged = merge(base, first, second)
        keys = [row.key for row in merged.content.rows]
        assert len(keys) == len(set(keys))
        old, told = {row.key: row for row in base.rows}, {text for c in merged.clashes for text in (c.theirs, c.mine)}
        for side in (first, second):
            other = second if side is first else first
            names = {row.name for row in merged.content.rows}
            for row in side.rows:
                is_changed = old.get(row.key) != row
                if is_changed and row.name:
                    gone_there = row.key in old and row.key not in {r.key for r in other.rows}
                    assert row.name in names or row.name in told or old[row.key].name == row.name or gone_there

    def test_two_texts_for_one_field_are_told_side_by_side_and_mine_stands(self) -> None:
        base = a_content()
        base = replace(base, rows=tuple(replace(row, key=str(at)) for at, row in enumerate(base.rows, 1)))
        merged = merge(base, with_row(base, 0, target="≥6次"), with_row(base, 0, target="≥12次"))
        (clash,) = merged.clashes
        assert (clash.was, clash.theirs, clash.mine) == ("≥4次", "≥6次", "≥12次")
        assert merged.content.rows[0].target == "≥12次"

    def test_a_row_that_the_other_removed_stays_when_i_changed_it(self) -> None:
        base = replace(a_content(), rows=(replace(ROWS[0], key="1"), replace(ROWS[1], key="2")))
        merged = merge(base, drop(base, "1"), with_row(base, 0, target="≥12次"))
        assert [row.target for row in merged.content.rows] == ["≥12次", ROWS[1].target]
        assert [clash.field for clash in merged.clashes] == ["row"]

    @given(_contents)
    def test_a_content_reads_back_from_its_record(self, content: GoalContent) -> None:
        assert list_changes(from_record(to_record(content)), content) == ()


class TestChecks:
    def test_good_goals_have_no_error(self) -> None:
        assert not codes(a_content()) & {notice.code for notice in goal_notices().values()}

    def test_weights_must_add_up_to_what_execution_leaves(self) -> None:
        (finding,) = [f for f in check(with_row(a_content(), 0, weight=Decimal(25))) if f.code == "GOAL_WEIGHT_SUM"]
        assert (finding.printed, finding.expected) == ("95", "90")

    def test_the_execution_rate_among_the_indicators_brings_its_own_points(self) -> None:
        content = a_content()
        with_rate = replace(content, rows=(*content.rows, a_row("预算执行率", "=100%", 10)))
        assert "GOAL_WEIGHT_SUM" not in codes(with_rate)

    @pytest.mark.parametrize(
        ("changed", "code"),
        [
            ({"target": ""}, "GOAL_TARGET_MISSING"),
            ({"weight": None}, "GOAL_WEIGHT_MISSING"),
            ({"name": ""}, "GOAL_NAME_MISSING"),
            ({"name": "营商环境", "target": "100%"}, "UNMEASURABLE"),
            ({"marks": (Mark.FAILED,)}, "GOAL_MUST_CHANGE"),
        ],
    )
    def test_one_bent_row(self, changed: dict[str, object], code: str) -> None:
        assert code in codes(with_row(a_content(), 0, **changed))

    def test_a_missing_class_is_an_error(self) -> None:
        rows = tuple(row for row in ROWS if row.level1 != "效益指标")
        assert "GOAL_CLASS_MISSING" in codes(GoalContent("办好", rows))

    def test_an_empty_sheet_lacks_text_and_indicators(self) -> None:
        assert codes(GoalContent()) == {"GOAL_TEXT_MISSING", "GOAL_EMPTY"}

    @pytest.mark.parametrize(
        ("at", "past", "code"),
        [
            (0, PastValue(2023, "own", "≥4次", "12次"), "GOAL_BELOW_RESULT"),
            (0, PastValue(2023, "form", "≥6次", ""), "GOAL_BELOW_TARGET"),
            (3, PastValue(2023, "own", "≤12万元", "50000元"), "GOAL_BELOW_RESULT"),
            (3, PastValue(2023, "form", "≤10万元", ""), "GOAL_BELOW_TARGET"),
            (0, PastValue(2023, "own", "≥4次", "4次"), None),
            (0, PastValue(2023, "own", "≥4次", "完成"), None),
            (1, PastValue(2023, "own", "≥99%", "99.95%"), None),
        ],
    )
    def test_targets_are_held_against_earlier_years(self, at: int, past: PastValue, code: str | None) -> None:
        found = codes(a_content(), Background({ROWS[at].name: (past,)}))
        assert found & {"GOAL_BELOW_RESULT", "GOAL_BELOW_TARGET"} == ({code} if code else set())

    def test_a_goal_that_repeats_last_years_is_told(self) -> None:
        assert "GOAL_TEXT_COPIED" in codes(a_content(), Background({}, a_content().expected))

    def test_every_notice_can_be_worded_in_both_languages(self) -> None:
        said = dict.fromkeys(
            ("label", "printed", "expected", "full", "points", "number", "marks", "marks_en", "target", "year", "past"),
            "某",
        )
        for notice in goal_notices().values():
            assert "{" not in notice.zh.format_map(said) + notice.en.format_map(said)
            assert RULES.basis_of(notice.basis)


class TestCopy:
    def test_a_new_target_settles_and_a_changed_name_does_not(self) -> None:
        copied = copy_content(a_content(), 2025, {ROWS[0].key: "2次"}, RULES)
        assert copied.rows[0].marks == (Mark.SAME_TARGET, Mark.FAILED)
        renamed = settle_marks(copied, with_row(copied, 0, name="巡检"), 2025)
        assert renamed.rows[0].marks == copied.rows[0].marks
        assert settle_marks(copied, with_row(copied, 0, target="≥2次"), 2025).rows[0].marks == ()

    def test_dates_stay_marked_until_no_past_year_is_named(self) -> None:
        last = GoalContent("", (a_row("2024年12月底前完成迁移", "=100%", 10),))
        copied = copy_content(last, 2025, {}, RULES)
        assert Mark.DATES in copied.rows[0].marks
        assert Mark.DATES not in settle_marks(copied, with_row(copied, 0, name="12月底前完成迁移"), 2025).rows[0].marks


class TestWeights:
    @pytest.mark.parametrize(("typed", "read"), [("10", "10"), ("１０．５", "10.5"), (" 7分 ", "7"), ("0", "0")])
    def test_are_read_as_people_type_them(self, typed: str, read: str) -> None:
        assert read_weight(typed) == Decimal(read)

    @pytest.mark.parametrize("typed", ["二十", "-1", "1e9", "NaN", "0.00001", "10/2"])
    def test_that_are_no_weights_are_refused(self, typed: str) -> None:
        with pytest.raises(ValueError, match=typed):
            read_weight(typed)


class TestDeliveredLibrary:
    def test_is_of_the_size_of_a_library_and_each_in_a_known_category(self) -> None:
        entries = delivered_entries()
        assert 80 <= len(entries) <= 160
        assert {entry.level2 for entry in entries.values()} <= {level2 for _, parts in TREE for level2 in parts}
        names = [(entry.domain, entry.level2, entry.name) for entry in entries.values()]
        assert len(names) == len(set(names))

    def test_itself_passes_the_rules_that_it_serves(self) -> None:
        for entry in delivered_entries().values():
            row = GoalRow("1", entry.level1, entry.level2, entry.name, write_target(entry) or "≥1个", Decimal(10))
            odd = codes(GoalContent("办好", (row,))) & {"UNMEASURABLE", "INDICATOR_PLACEHOLDER", "MISCLASSIFIED"}
            assert odd == set(), entry.name
