"""A doubt in the reading never becomes a fault of the unit."""

from dataclasses import replace
from decimal import Decimal

import pytest
from performance.rules.building import GRAVE, ROWS, a_form, check, codes, grave, money, only, row

from chengshu.documents.contracts import Place
from chengshu.performance.contracts import Form, Goal, Level, Origin, Total, Unreadable


def doubting(form: Form, *fields: str) -> Form:
    origins = {field: Origin("?", Place(line=1), 0.4) for field in fields}
    return replace(form, origins={"/year": Origin("2021", Place(line=1)), **origins})


WRONG_RATE = a_form(money=money("51562685.00", initial="51565764.00", budget="51565764.00", rate="92.64", score="9.26"))


@pytest.mark.parametrize("field", ["/money/total/rate", "/money/total/budget", "/money/total/executed"])
def test_a_finding_on_doubtful_cells_is_a_hint_that_says_so(field: str) -> None:
    assert only(WRONG_RATE, "RATE_WRONG").level is Level.ERROR
    finding = only(doubting(WRONG_RATE, field), "RATE_WRONG")
    assert (finding.level, finding.doubtful) == (Level.HINT, True)
    assert finding.message.startswith("疑为识别问题")
    assert finding.message_en.startswith("Possibly a reading fault")


def test_a_finding_on_sure_cells_stays_what_it_is() -> None:
    finding = only(doubting(WRONG_RATE, "/project"), "RATE_WRONG")
    assert (finding.level, finding.doubtful) == (Level.ERROR, False)


def test_a_doubtful_row_gives_no_breach() -> None:
    doubtful = [row("数量", "维护系统数量", "≥12套", "6套", "15", confidence=0.5), *ROWS[1:]]
    assert grave(a_form(doubtful)) == []
    assert "SCORE_OVER" in codes(a_form(doubtful))


def test_a_doubtful_empty_cell_gives_no_breach() -> None:
    doubtful = [row("数量", "维护系统数量", None, "6套", "15", confidence=0.5), *ROWS[1:]]
    assert grave(a_form(doubtful)) == []


def test_one_doubtful_score_makes_the_whole_sum_doubtful() -> None:
    form = a_form(total=Total(Decimal(100), Decimal(97)))
    assert only(form, "TOTAL_WRONG").level is Level.ERROR
    assert only(doubting(form, "/indicators/3/score"), "TOTAL_WRONG").level is Level.HINT


def test_rows_that_could_not_be_read_make_the_sums_doubtful() -> None:
    form = replace(
        a_form(ROWS[:5]), total=Total(Decimal(100), Decimal(100)), unreadable=(Unreadable("/indicators", "…"),)
    )
    assert grave(form) == []


@pytest.mark.parametrize("name", ["%", "≤2小时", "≥10期", "分钟"])
def test_rows_named_like_values_make_all_rows_doubtful(name: str) -> None:
    rows = [row("数量", name, None, None, "15"), row("质量", "验收合格率", "≥95%", "90%", "15"), *ROWS[2:]]
    assert grave(a_form(rows)) != []
    assert grave(doubting(a_form(rows), "/project")) == []


def test_sums_that_fail_together_are_taken_for_lost_rows() -> None:
    lost = replace(a_form(ROWS[:5]), total=Total(Decimal(100), Decimal(100)))
    assert {"WEIGHT_SUM", "TOTAL_WRONG"} <= codes(lost)
    assert grave(doubting(lost, "/project")) == []


def test_one_sum_that_fails_alone_stays_an_error() -> None:
    wrong = a_form([replace(ROWS[0], weight=Decimal(20)), *ROWS[1:]], total=Total(Decimal(100), Decimal(100)))
    assert only(doubting(wrong, "/project"), "WEIGHT_SUM").level is Level.ERROR


def test_amounts_in_doubt_are_not_scored_again() -> None:
    scored = check(doubting(WRONG_RATE, "/money/total/executed")).rescored.lines[0]
    assert scored.score == Decimal("9.26")


def test_rows_in_doubt_keep_their_score() -> None:
    doubtful = [row("数量", "维护系统数量", "≥12套", "6套", "15", confidence=0.5), *ROWS[1:]]
    rescored = check(a_form(doubtful)).rescored
    assert rescored.lines[1].score == 15
    assert "识别存疑" in rescored.lines[1].why
    assert rescored.total == 100


def test_gives_no_total_where_rows_could_not_be_read() -> None:
    form = a_form(ROWS[:5], unreadable=(Unreadable("/indicators", "…"),))
    assert check(form).rescored.total is None


def test_no_doubt_is_ever_grave() -> None:
    everything = doubting(
        WRONG_RATE, *(f"/indicators/{at}/{cell}" for at in range(7) for cell in ("target", "actual", "score"))
    )
    assert all(finding.level not in GRAVE for finding in check(everything).findings if finding.doubtful)


def test_a_goal_that_could_not_be_read_whole_is_at_most_suspected_of_copying() -> None:
    twice = (
        "全面落实联防联控各项措施，确保防护物资供应充足，及时回应社会关切 落实联防联控各 防护物资供应充足 回应社会关切"
    )
    form = a_form(goal=Goal(None, None), unreadable=(Unreadable("/goal/expected", twice),))
    finding = only(form, "GOAL_COPIED")
    assert (finding.level, finding.doubtful) == (Level.HINT, True)
    once = replace(form, unreadable=(Unreadable("/goal/expected", twice.split(" ", maxsplit=1)[0]),))
    assert "GOAL_COPIED" not in codes(once)
