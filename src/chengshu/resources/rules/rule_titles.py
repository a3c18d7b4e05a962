"""What a rule that was filled in is called when its author gives it no name. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

from chengshu.resources.rules.rule_parts import Parts
from chengshu.resources.rules.table_tests import DELIVERY, DRIFT

_LONGEST = 300
_TYPES = {
    "integer": "整数",
    "number": "数",
    "boolean": "真或假",
    "date": "日期",
    "timestamp": "日期时间",
}
_COMPARED = {"<=": "不大于", "<": "小于", "=": "等于", "<>": "不等于", ">=": "不小于", ">": "大于"}
_UNITS = {"m": "分钟", "h": "小时", "d": "天", "w": "周"}
_MEASURES = {"nulls": "空值的占比", "distinct": "不同值的个数"}


def title_of(kind: str, parts: Parts, names: Mapping[str, str]) -> str:
    """Say in words what a rule asks; `names` are those of the fields, by code."""
    told = _TITLES[kind](_Said(parts, names))
    return told if len(told) <= _LONGEST else f"{told[: _LONGEST - 1]}…"


class _Said:
    """The parts of a rule with the names of their columns."""

    def __init__(self, parts: Parts, names: Mapping[str, str]) -> None:
        self._parts, self._names = parts, names

    def __getitem__(self, part: str) -> Any:
        return self._parts.get(part)

    def column(self, part: str = "column") -> str:
        return self._names.get(str(self[part]), str(self[part]))

    def columns(self) -> str:
        codes = dict.fromkeys([str(self["column"]), *(self["more"] or ())])
        return "、".join(self._names.get(code, code) for code in codes)

    def bounds(self, low: str, high: str) -> str:
        least, most = self[low], self[high]
        if least in (None, ""):
            return f"不大于 {most}"
        return f"不小于 {least}" if most in (None, "") else f"在 {least} 至 {most} 之间"

    def age(self) -> str:
        return f"{self['within']} {_UNITS[self['unit']]}"


def _drift(said: _Said) -> str:
    what = "行数" if said["measure"] == "rows" else f"{said.column()}{_MEASURES[said['measure']]}"
    return f"{what}与以往相差不应超过 {said['tolerance']}"


_TITLES: Mapping[str, Callable[[_Said], str]] = {
    "not_null": lambda said: f"{said.columns()}不得为空",
    "unique": lambda said: f"{said.columns()}不得重复",
    "between": lambda said: f"{said.columns()}应{said.bounds('least', 'most')}",
    "one_of": lambda said: f"{said.column()}应在值域内",
    "matches": lambda said: f"{said.columns()}应符合格式 {said['pattern']}",
    "length": lambda said: f"{said.columns()}的字数应{said.bounds('shortest', 'longest')}",
    "type": lambda said: f"{said.columns()}应是{_TYPES[said['value_type']]}",
    "check_digit": lambda said: f"{said.columns()}的校验码应正确",
    "date_order": lambda said: (
        f"{said.column('later')}应{'晚于' if said['strict'] else '不早于'}{said.column('earlier')}"
    ),
    "compare": lambda said: f"{said.column('left')}应{_COMPARED[said['comparison']]}{said.column('right')}",
    "expression": lambda said: f"应符合：{said['expression']}",
    "references": lambda said: f"{said.column()}应在 {said['table']} 的 {said['their_column']} 中",
    "completeness": lambda said: f"{said.columns()}有值的占比不应低于 {said['minimum']}",
    "timeliness": lambda said: f"最新的{said.column()}距今不应超过 {said.age()}",
    DELIVERY: lambda said: f"最近一次交付距今不应超过 {said.age()}",
    DRIFT: _drift,
}
