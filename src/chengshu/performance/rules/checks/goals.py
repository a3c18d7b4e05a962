"""The yearly goal and its result: copied, unreported, uncovered; and words that contradict figures."""

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from functools import cache, lru_cache

from rapidfuzz import fuzz

from chengshu.base.quantities import parse_amount
from chengshu.base.quantities.glyphs import compact
from chengshu.base.quantities.numerals import parse_numeral
from chengshu.base.quantities.units import unit_table
from chengshu.performance.contracts import Finding
from chengshu.performance.rules.assessment import Outcome
from chengshu.performance.rules.lexicon import one_of, words
from chengshu.performance.rules.notices import find
from chengshu.performance.rules.view import FormView

_CLAUSES = re.compile(
    r"[。;；!！?？\n]|[0-9一二三四五六七八九十]+[、.．](?![0-9])|[（(][一二三四五六七八九十0-9]+[)）]"
)
_CLAUSE = re.compile(r"[^,，。;；:：]*$")
_MARKS = re.compile(r"[\s,，.。;；:：、“”\"'‘’()（）<>《》/-]")
_QUOTED = re.compile(r"[“《]([^”》]{2,20})[”》]")
_AMOUNT = re.compile(r"(?P<cue>[^,，。;；]{0,10}?)(?P<figure>[0-9][0-9,]*(?:\.[0-9]+)?)(?P<unit>亿元|万元|元)")
_AMOUNT_CUE = re.compile(r"预算|资金|经费|执行|支出|拨款|投资")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_IN_YUAN = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
_SPELLED = re.compile(
    r"(?<![一二两三四五六七八九十百第])(?P<count>[二两三四五六七八九十][一二三四五六七八九十]*)(?P<unit>[家项套份次期场])"
)
_LIKE_NOTHING = 60.0  # likeness in per cent below which a sentence is not there at all
_SHOWN = 24  # characters of a sentence that a message shows
_LISTED = 4  # items named in one message
_SHORTEST_CLAUSE = 8
_PIECE = 3  # characters in a row that are looked for twice
_LONGEST_FRAGMENT = 400  # longer texts repeat themselves by nature


def check_goal_copied(view: FormView) -> Iterator[Finding]:
    """GOAL_COPIED: the result is the goal over again, whole, nearly or in part."""
    if {"/goal/expected", "/goal/actual"} & view.unreadable:
        yield from _check_fragments(view)
        return
    expected, actual = bare_text(view.goal), bare_text(view.result)
    if min(len(expected), len(actual)) < view.rules.goal_length:
        return
    near = float(view.rules.goal_near * 100)
    likeness = 100.0 if expected == actual else fuzz.ratio(expected, actual, score_cutoff=near)
    key = "GOAL_COPIED" if likeness >= view.rules.goal_similarity * 100 else "GOAL_COPIED.near"
    if likeness < near:
        if not _is_part(actual, expected, float(view.rules.goal_similarity * 100)):
            return
        key = "GOAL_COPIED.part"
    yield find(view, key, "/goal/actual", cells=("/goal/expected",), likeness=f"{likeness:.0f}")


def _check_fragments(view: FormView) -> Iterator[Finding]:
    """Where goal and result could not be told apart: whether what is left of them says things twice."""
    lost = [item.raw for item in view.form.unreadable if item.field.startswith("/goal/")]
    text = bare_text(compact("".join(lost)) + view.goal + view.result)
    pieces = Counter(text[at : at + _PIECE] for at in range(len(text) - _PIECE + 1))
    if len(text) > _LONGEST_FRAGMENT or pieces.total() < view.rules.goal_length:
        return
    twice = sum(count for count in pieces.values() if count > 1)
    if twice >= view.rules.goal_repeats * pieces.total():
        yield find(view, "GOAL_COPIED.damaged", "/goal/actual", cells=tuple(view.unreadable))


def _is_part(actual: str, expected: str, cutoff: float) -> bool:
    return (
        2 * len(actual) > len(expected) > len(actual) and fuzz.partial_ratio(actual, expected, score_cutoff=cutoff) > 0
    )


def bare_text(text: str) -> str:
    """Give a compact text without punctuation and markup, for comparing what was said."""
    return _MARKS.sub("", _TAG.sub("", text))


def check_goal_items(view: FormView) -> Iterator[Finding]:
    """ITEM_UNREPORTED: names and counts of the goal that neither result nor indicators take up."""
    if not view.goal or not view.result:
        return
    expected, reported = view.goal, view.result + _indicator_text(view)
    lost = [item for item in _items(expected) if item not in reported]
    lost += _spelled_out(expected, reported)
    lost += _left_out(view)
    if lost:
        shown = "、".join(dict.fromkeys(lost[:_LISTED]))
        yield find(view, "ITEM_UNREPORTED", "/goal/actual", cells=("/goal/expected",), items=shown)


def _spelled_out(expected: str, reported: str) -> Iterator[str]:
    """Give counts in Chinese numerals (三家) that are reported neither so nor in figures."""
    for match in _SPELLED.finditer(expected):
        value = parse_numeral(match["count"])
        if match[0] not in reported and f"{value}{match['unit']}" not in reported:
            yield match[0]


def _left_out(view: FormView) -> Iterator[str]:
    """Give the sentences that a result leaves out which otherwise repeats the goal."""
    goal, result = bare_text(view.goal), bare_text(view.result)
    if not fuzz.ratio(goal, result, score_cutoff=float(view.rules.goal_near * 100)):
        return
    for clause in _CLAUSES.split(_TAG.sub("", view.goal)):
        if _is_goal(clause) and fuzz.partial_ratio(bare_text(clause), result) < _LIKE_NOTHING:
            yield clause[:_SHOWN]


def _items(expected: str) -> Iterator[str]:
    yield from (match[1] for match in _QUOTED.finditer(expected))
    yield from (match[1] for match in _built().finditer(expected))
    yield from (match[0] for match in _counted().finditer(expected))


@cache
def _counted() -> re.Pattern[str]:
    units = sorted(unit_table()["measures"]["counting"], key=len, reverse=True)
    return re.compile(rf"(?<![0-9.])[0-9][0-9,]*(?:\.[0-9]+)?(?:万|亿)?(?:{'|'.join(units)})")


@cache
def _built() -> re.Pattern[str]:
    endings = words()["goals"]["named_endings"]
    return re.compile(rf"(?:建设|新建|搭建|开发|编制|制定)([^,，。;；、:：“”《》()（）的和与]{{2,12}}?(?:{endings}))")


def check_goal_covered(view: FormView) -> Iterator[Finding]:
    """GOAL_WITHOUT_INDICATOR: sentences of the goal that share no word with any indicator."""
    if not view.goal or not view.rows:
        return
    covered = _indicator_text(view)
    clauses = [clause for clause in _CLAUSES.split(_TAG.sub("", view.goal)) if clause]
    lost = [clause for clause in clauses if _is_goal(clause) and not _is_covered(clause, covered)]
    if lost:
        shown = "；".join(clause[:_SHOWN] for clause in lost[:_LISTED])
        yield find(view, "GOAL_WITHOUT_INDICATOR", "/goal/expected", cells=("/indicators",), items=shown)


def _is_goal(clause: str) -> bool:
    return len(clause) >= _SHORTEST_CLAUSE and not clause.endswith((":", "如下", "目标"))


def _is_covered(clause: str, covered: str) -> bool:
    common = one_of("goals", "common")
    content = common.sub("|", clause)
    return any("|" not in (pair := content[at : at + 2]) and pair in covered for at in range(len(content) - 1))


def _indicator_text(view: FormView) -> str:
    return "|".join(
        f"{row.name}|{row.target.text if row.target else ''}|{row.actual.text if row.actual else ''}"
        for row in view.rows
    )


def check_goal_amounts(view: FormView) -> Iterator[Finding]:
    """UNIT: amounts named in the goal that the money block has in another unit, or has not."""
    form = view.form
    total = form.money.total
    known = [amount for amount in (total.initial, total.budget, total.executed) if amount]
    scale = _IN_YUAN.get(form.money_unit or "")
    if scale is None or not known:
        return
    for field, text in (("/goal/expected", view.goal), ("/goal/actual", view.result)):
        if "元" not in text:
            continue
        where = "年度目标" if field.endswith("expected") else "实际完成情况"
        for match in _AMOUNT.finditer(text):
            figure = parse_amount(match["figure"])
            key = None if figure is None else _amount_key(match, figure * _IN_YUAN[match["unit"]] / scale, known, view)
            if key is not None:
                shown = match["figure"] + match["unit"]
                yield find(
                    view,
                    key,
                    field,
                    printed=shown,
                    cells=("/money/total/budget",),
                    where=where,
                    amount=shown,
                    unit=form.money_unit,
                )


def _amount_key(match: re.Match[str], amount: Decimal, known: list[Decimal], view: FormView) -> str | None:
    ratio = view.rules.unit_ratio
    if any(_is_close(amount, other) for other in known):
        return None
    if any(_is_close(amount * ratio, other) or _is_close(amount, other * ratio) for other in known):
        return "UNIT.text"
    return "UNIT.differs" if _AMOUNT_CUE.search(match["cue"]) else None


def _is_close(left: Decimal, right: Decimal) -> bool:
    return abs(left - right) * 200 <= right  # texts round amounts: half a per cent


def check_contradictions(view: FormView) -> Iterator[Finding]:
    """CONTRADICTION: words of trouble beside full marks, savings beside a grown budget, 100% beside low execution."""
    for row in view.rows:
        answer, reason = row.actual.text if row.actual else "", row.reason or ""
        if row.is_full and (word := find_trouble(answer)):
            yield find(
                view,
                "CONTRADICTION.answer",
                f"{row.path}/actual",
                printed=row.indicator.actual,
                label=row.label,
                word=word,
            )
        if row.assessment.outcome in {Outcome.MET, Outcome.WORDS_MET} and (word := find_trouble(reason)):
            yield find(
                view,
                "CONTRADICTION.reason",
                f"{row.path}/reason",
                printed=row.indicator.reason,
                label=row.label,
                word=word,
                actual=row.indicator.actual,
            )
        if answer and _claims_saving(row.name, answer) and _has_grown(view):
            yield find(
                view, "CONTRADICTION.saving", f"{row.path}/actual", printed=row.indicator.actual, label=row.label
            )
    yield from _check_result(view)


def _claims_saving(name: str, answer: str) -> bool:
    return bool(one_of("money", "saving").search(answer) and one_of("money", "saving_names").search(name + answer))


def _has_grown(view: FormView) -> bool:
    money = view.form.money.total
    if not money.initial or money.budget is None:
        return False
    return (money.budget - money.initial) * 100 > view.rules.budget_swing * money.initial


def _check_result(view: FormView) -> Iterator[Finding]:
    text = view.result
    if not text:
        return
    best = view.rules.grade_bands[0][1]
    total = view.form.total.score
    if total is not None and total >= best and (word := find_trouble(text)):
        yield find(view, "CONTRADICTION.result", "/goal/actual", cells=("/total/score",), word=word, total=f"{total:f}")
    is_low = view.rate is not None and view.rate < view.rules.low_execution
    if is_low and (claim := one_of("money", "complete").search(text)):
        yield find(
            view,
            "CONTRADICTION.money",
            "/goal/actual",
            printed=claim[0],
            cells=("/money/total/executed", "/money/total/budget"),
            claim=claim[0],
        )


@lru_cache(maxsize=2048)
def find_trouble(text: str) -> str | None:
    """Give the first word of trouble that its clause does not deny (无重大故障 is none), or None."""
    for match in one_of("trouble", "words").finditer(text):
        clause = _CLAUSE.search(text[: match.start()])
        if clause is None or not one_of("trouble", "calm").search(clause[0]):
            return match[0]
    return None
