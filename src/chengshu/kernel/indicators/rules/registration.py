"""What a registered indicator has to hold to."""

import re

from chengshu.kernel.indicators.contracts import Aggregation, IndicatorSpec
from chengshu.kernel.indicators.errors import IndicatorInvalid

_KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_PARAMETER = re.compile(r"%\(([a-z_]+)\)s")
_ALWAYS = frozenset({"from", "until", "organisation"})


def check_spec(spec: IndicatorSpec) -> None:
    """Hold a specification to its own rules.

    Raises:
        IndicatorInvalid: says which rule is broken.
    """
    for problem in _problems(spec):
        raise IndicatorInvalid(f"指标 {spec.key} 登记有误：{problem}", key=spec.key)


def _problems(spec: IndicatorSpec) -> list[str]:
    asked = set(_PARAMETER.findall(spec.sql))
    known = (_ALWAYS - {"from"} if spec.is_stock else _ALWAYS) | set(spec.scopes)
    words = spec.sql.strip().lower()
    names = [column.name for column in spec.columns]
    checks = (
        (not _KEY.fullmatch(spec.key), "编号应为“领域.名称”"),
        (not words.startswith(("select", "with")), "查询应是一条 SELECT"),
        (";" in words, "查询只能有一条语句"),
        (bool(asked - known), f"查询用了未声明的参数 {'、'.join(sorted(asked - known))}"),
        (bool(known - asked), f"查询没有用到参数 {'、'.join(sorted(known - asked))}，范围或时间窗会不起作用"),
        (len(set(names)) != len(names), "列名重复"),
        ((spec.aggregation is Aggregation.PERCENTILE) != (spec.percentile is not None), "分位数与汇总方式不一致"),
        (spec.factor < 1 or spec.divisor < 1, "倍数和除数应为正整数"),
        (spec.percentile is not None and not 0 < spec.percentile < 1, "分位数应在 0 与 1 之间"),
    )
    return [problem for broken, problem in checks if broken]
