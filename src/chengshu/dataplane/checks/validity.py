"""Whether rules make sense, by themselves and of one table."""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from decimal import Decimal
from difflib import get_close_matches

from chengshu.dataplane.checks.cells import Shape
from chengshu.dataplane.checks.digits import SCHEMES
from chengshu.dataplane.checks.expressions import columns_of, parse_expression
from chengshu.dataplane.checks.patterns import require_pattern
from chengshu.dataplane.checks.rules import (
    Between,
    CheckDigit,
    Completeness,
    DistributionDrift,
    Holds,
    Length,
    Matches,
    OneOf,
    Ordered,
    References,
    RowCountDrift,
    Rule,
    Timeliness,
)
from chengshu.dataplane.errors import RuleInvalid

_SHOWN = 50
# A key names a folder: no separator, no leading dot, and short enough for every file system.
_KEY = re.compile(r"[0-9A-Za-z_\u4e00-\u9fff][0-9A-Za-z_.\-\u4e00-\u9fff]{0,59}")


def require_valid(rule: Rule) -> None:
    """Raise RuleInvalid, with the cure, when the rule cannot be asked of any table."""
    if not _KEY.fullmatch(rule.key):
        raise RuleInvalid(f"规则编号“{rule.key}”不能用：请用字母、数字、汉字、点、横线和下划线，不超过 60 个字。")
    if not 0 <= rule.threshold <= 1:
        raise RuleInvalid(f"规则“{rule.key}”的 threshold 为 {rule.threshold}：允许不合格的占比请写 0 到 1。")
    if rule.threshold and isinstance(rule.test, Completeness):
        raise RuleInvalid(f"规则“{rule.key}”同时写了 minimum 和 threshold：完整率只用 minimum。")
    _require_columns(rule)
    if rule.where:
        parse_expression(rule.where)
    _require_test(rule)


def require_answerable(rules: Iterable[Rule], shape: Shape) -> None:
    """Raise RuleInvalid when keys repeat or a rule reads a column that the table has not."""
    listed = list(rules)
    if repeated := [key for key, times in Counter(rule.key for rule in listed).items() if times > 1]:
        raise RuleInvalid(f"规则编号重复：{'、'.join(repeated)}。每条规则请用不同的编号。")
    for rule in listed:
        if absent := [column for column in columns_read(rule) if column not in shape.kinds]:
            raise RuleInvalid(
                f"规则“{rule.key}”要查的列“{'、'.join(absent)}”不在数据中。{list_columns(absent[0], shape.kinds)}",
                rule=rule.key,
            )


def list_columns(absent: str, there: Collection[str]) -> str:
    """Say which columns there are instead of an absent one, the nearest by name first; of many, some."""
    nearest = nearest_to(absent, there)
    shown = "、".join(list(there)[:_SHOWN]) + (f"等 {len(there):,} 列" if len(there) > _SHOWN else "")
    return f"{nearest}数据有这些列：{shown}。"


def nearest_to(written: str, known: Iterable[str]) -> str:
    """Propose the name that was probably meant, as a sentence; empty where none is near."""
    found = get_close_matches(written, list(known), 1, 0.5)
    return f"是不是“{found[0]}”？" if found else ""


def columns_read(rule: Rule) -> tuple[str, ...]:
    """Give every column that the rule reads, each once."""
    read = list(rule.columns)
    for text in (rule.where, rule.test.expression if isinstance(rule.test, Holds) else ""):
        read += columns_of(parse_expression(text)) if text else ()
    return tuple(dict.fromkeys(read))


def _require_columns(rule: Rule) -> None:
    """One column for tests of values, several where they are compared, none for the number of rows."""
    number = len(rule.columns)
    match rule.test:
        case Ordered():
            right, wanted = number > 1, "两列以上"
        case References(columns=columns):
            right, wanted = number == len(columns) > 0, f"{len(columns)} 列，与被引用的列一一对应"
        case RowCountDrift():
            right, wanted = number == 0, "不写列"
        case Holds():
            right, wanted = True, ""
        case Timeliness() | DistributionDrift() | OneOf():
            right, wanted = number == 1, "一列"
        case _:
            right, wanted = number > 0, "至少一列"
    if not right:
        raise RuleInvalid(f"规则“{rule.key}”（{rule.kind}）写了 {number} 列：columns 应为{wanted}。")
    if len(set(rule.columns)) != number:
        raise RuleInvalid(f"规则“{rule.key}”的列有重复。请每列只写一次。")


def _require_test(rule: Rule) -> None:  # noqa: C901 - one case a test
    match rule.test:
        case Matches(pattern=pattern):
            require_pattern(pattern)
        case Holds(expression=expression):
            parse_expression(expression)
        case Length(minimum=minimum, maximum=maximum) | Between(minimum=minimum, maximum=maximum):
            _require_bounds(rule, minimum, maximum)
        case OneOf(values=()):
            raise RuleInvalid(f"规则“{rule.key}”的值域是空的。请在 values 里列出允许的值。")
        case CheckDigit(scheme=scheme) if scheme not in SCHEMES:
            raise RuleInvalid(f"规则“{rule.key}”的 scheme“{scheme}”不认识。可用：{'、'.join(SCHEMES)}。")
        case Completeness(minimum=minimum) if not 0 <= minimum <= 1:
            raise RuleInvalid(f"规则“{rule.key}”的 minimum 为 {minimum}：完整率请写 0 到 1。")
        case Timeliness(within=within) if within.total_seconds() <= 0:
            raise RuleInvalid(f"规则“{rule.key}”的 within 要大于零。")
        case RowCountDrift(history=history, tolerance=tolerance):
            if not history or min(history) < 0 or tolerance < 0:
                raise RuleInvalid(
                    f"规则“{rule.key}”要有以往各次的行数 history（不为负）和容许的变动 tolerance（不为负）。"
                )
        case DistributionDrift():
            _require_distribution(rule, rule.test)
        case _:
            pass


def _require_bounds(rule: Rule, minimum: object, maximum: object) -> None:
    if minimum is None and maximum is None:
        raise RuleInvalid(f"规则“{rule.key}”没有上下限。请写 min、max 或两者。")
    try:
        backward = minimum is not None and maximum is not None and minimum > maximum  # type: ignore[operator]
    except TypeError as error:
        raise RuleInvalid(f"规则“{rule.key}”的 min 和 max 不是一类值。请都写成数，或都写成日期。") from error
    if backward or isinstance(minimum, bool) or isinstance(maximum, bool):
        raise RuleInvalid(f"规则“{rule.key}”的上下限不成区间：{minimum} 到 {maximum}。")


def _require_distribution(rule: Rule, test: DistributionDrift) -> None:
    if bool(test.edges) == bool(test.values):
        raise RuleInvalid(f"规则“{rule.key}”要么写 edges（数的分界），要么写 values（代码），不能都写或都不写。")
    bins = len(test.edges or test.values) + 1
    if len(test.shares) != bins or abs(sum(test.shares, Decimal(0)) - 1) > Decimal("0.01") or min(test.shares) < 0:
        raise RuleInvalid(f"规则“{rule.key}”的 shares 应有 {bins} 个不为负的占比，合计为 1。")
    if list(test.edges) != sorted(set(test.edges)):
        raise RuleInvalid(f"规则“{rule.key}”的 edges 要从小到大、互不相同。")
