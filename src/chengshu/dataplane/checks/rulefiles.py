"""Files of rules that people write, TOML or JSON, to rules. Every fault is told with its line and the cure."""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from chengshu.dataplane.checks.rules import (
    KINDS,
    Between,
    Castable,
    CheckDigit,
    Completeness,
    DistributionDrift,
    Holds,
    Length,
    Matches,
    NotNull,
    OneOf,
    Ordered,
    References,
    RowCountDrift,
    Rule,
    Severity,
    Test,
    Timeliness,
    Type,
    Unique,
)
from chengshu.dataplane.checks.validity import nearest_to, require_valid
from chengshu.dataplane.errors import RuleInvalid, RulesUnreadable

_Named = TypeVar("_Named", Type, Severity)

_LARGEST = 16 * 2**20  # bytes
_MOST_DIGITS = 38
_DAY = len("2024-01-31")
_NUMBER = re.compile(r"[+-]?[0-9]+([.][0-9]*)?")
_DURATION = re.compile(r"([0-9]{1,6})\s*(m|h|d|w)")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_COMMON = ("key", "name", "kind", "column", "columns", "severity", "threshold", "where")
_HEAD = ("key", "types", "rules", "$schema")
_TABLE = re.compile(r"^\s*\[\[\s*[\"']?rules[\"']?\s*\]\]", re.MULTILINE)
_LIST = re.compile(r'"rules"\s*:\s*\[')


@dataclass(frozen=True, slots=True)
class Lookup:
    """Other data that a rule reads: where it is, and the columns meant. `data` is as written in the file."""

    data: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleFile:
    """What a file says: rules, the columns that name a row, as what texts are read, and other data by relation name."""

    rules: tuple[Rule, ...]
    key: tuple[str, ...] = ()
    read_as: Mapping[str, Type] = field(default_factory=dict)
    references: Mapping[str, Lookup] = field(default_factory=dict)
    domains: Mapping[str, Lookup] = field(default_factory=dict)
    """By rule key: value domains that stand in other data; the rules come with none yet."""


def read_rule_file(path: Path) -> RuleFile:
    """Read a file of rules: JSON by its ending or first sign, anything else TOML.

    Raises:
        RulesUnreadable: with a line for every fault found, each naming its place.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RulesUnreadable(f"规则文件 {path} 打不开：{error.strerror}。请检查路径和权限。") from error
    if len(content) > _LARGEST:
        raise RulesUnreadable(
            f"规则文件 {path} 超过 {_LARGEST // 2**20} MiB。大的值域请放在数据文件里，用 values_from 引用。"
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RulesUnreadable(
            f"规则文件 {path} 第 {content[: error.start].count(10) + 1} 行不是 UTF-8。请另存为 UTF-8。"
        ) from error
    if path.suffix.lower() in {".yaml", ".yml"}:
        raise RulesUnreadable(f"规则文件 {path} 是 YAML。请改写成 TOML 或 JSON，写法见 docs/quality-rules.md。")
    is_json = path.suffix.lower() == ".json" or text.lstrip().startswith("{")  # TOML never begins so
    record = _parse(text, path, is_json=is_json)
    return _Reader(path.name, record, _lines_of_json(text) if is_json else _lines_of_toml(text)).read()


def read_rule_record(record: Mapping[str, Any], *, name: str) -> RuleFile:
    """Read what a file would hold, kept elsewhere; `name` stands in faults. Raises RulesUnreadable as for a file."""
    _require_rules(record, name)
    return _Reader(name, record, ()).read()


def read_rule_text(text: str, *, name: str) -> RuleFile:
    """Read rules that are kept as JSON elsewhere than in a file; `name` stands in messages. Raises RulesUnreadable."""
    return _Reader(name, _parse(text, Path(name), is_json=True), _lines_of_json(text)).read()


def _parse(text: str, path: Path, *, is_json: bool) -> dict[str, Any]:
    try:
        if is_json:
            record = json.loads(text, parse_float=Decimal, object_pairs_hook=_once)
        else:
            record = tomllib.loads(text, parse_float=Decimal)
    except json.JSONDecodeError as error:
        raise RulesUnreadable(f"{path.name} 第 {error.lineno} 行第 {error.colno} 列不是 JSON：{error.msg}。") from error
    except tomllib.TOMLDecodeError as error:
        raise RulesUnreadable(f"{path.name} 不是 TOML：{error}。") from error
    except RecursionError as error:
        raise RulesUnreadable(f"{path.name} 嵌套太深。") from error
    _require_rules(record, path.name)
    found: dict[str, Any] = record
    return found


def _require_rules(record: object, name: str) -> None:
    if not isinstance(record, Mapping) or not isinstance(record.get("rules"), list) or not record["rules"]:
        strange = [key for key in record if key not in _HEAD] if isinstance(record, Mapping) else []
        near = f"“{strange[0]}”不认识。{nearest_to(strange[0], _HEAD)}" if strange else ""
        raise RulesUnreadable(f"{name} 里没有规则。{near}请至少写一个 [[rules]]（JSON 为 rules 数组）。")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object of JSON; of a name that stands twice one would be dropped without a word."""
    names = Counter(name for name, _value in pairs)
    if twice := [name for name, times in names.items() if times > 1]:
        raise RulesUnreadable(f"规则文件的同一个对象里“{'、'.join(twice)}”写了两次。请只留一个。")
    return dict(pairs)


class _Reader:
    """Collects the faults of one file, so that people mend them in one go."""

    def __init__(self, name: str, record: Mapping[str, Any], lines: Sequence[int]) -> None:
        self._name, self._record, self._lines = name, record, lines
        self._faults: list[str] = []
        self._references: dict[str, Lookup] = {}
        self._domains: dict[str, Lookup] = {}

    def read(self) -> RuleFile:
        try:
            key, read_as = self._head()
        except RuleInvalid as error:
            self._faults.append(f"{self._name}：{error.message}")
            key, read_as = (), {}
        rules: list[Rule] = []
        for place, entry in enumerate(self._record["rules"]):
            where = f"{self._name} 第 {self._lines[place]} 行" if place < len(self._lines) else self._name
            try:
                rules.append(self._rule(entry, taken={rule.key for rule in rules}))
            except RuleInvalid as error:
                self._faults.append(f"{where}（第 {place + 1} 条规则）：{error.message}")
        if self._faults:
            raise RulesUnreadable("\n".join(self._faults), faults=len(self._faults))
        return RuleFile(tuple(rules), key, read_as, self._references, self._domains)

    def _head(self) -> tuple[tuple[str, ...], Mapping[str, Type]]:
        if unknown := set(self._record) - set(_HEAD):
            raise RuleInvalid(f"不认识“{'、'.join(sorted(unknown))}”。文件头可以写 key、types 和 rules。")
        types = self._record.get("types", {})
        if not isinstance(types, dict):
            raise RuleInvalid('types 请写成“列名 = "类型"”的表。')
        return _texts(self._record, "key"), {name: _one_of(Type, value, "types") for name, value in types.items()}

    def _rule(self, entry: object, *, taken: set[str]) -> Rule:
        if not isinstance(entry, dict):
            raise RuleInvalid("规则要写成表（JSON 为对象）。")
        kind = entry.get("kind")
        if not isinstance(kind, str) or kind not in KINDS:
            told = (
                f"kind“{kind}”不认识。{nearest_to(str(kind), KINDS)}"
                if "kind" in entry
                else "没有写 kind（规则种类）。"
            )
            raise RuleInvalid(f"{told}可用：{'、'.join(KINDS)}。")
        fields, build = _FORMS[kind]
        if unknown := set(entry) - {*_COMMON, *fields}:
            own = f"{kind} 另有：{'、'.join(fields)}" if fields else f"{kind} 没有另外的项"
            near = nearest_to(min(unknown), (*_COMMON, *fields))
            raise RuleInvalid(f"不认识“{'、'.join(sorted(unknown))}”。{near}每条规则可写 {'、'.join(_COMMON)}；{own}。")
        if not isinstance(entry.get("key"), str):
            raise RuleInvalid("没有写 key（规则编号，文本）。")
        if entry["key"] in taken:
            raise RuleInvalid(f"规则编号“{entry['key']}”重复。每条规则请用不同的编号。")
        if "column" in entry and "columns" in entry:
            raise RuleInvalid("column 和 columns 只写一个。")
        columns = _texts(entry, "columns") or _texts(entry, "column")
        rule = Rule(
            key=entry["key"],
            columns=columns,
            test=self._test(entry, build),
            name=_text(entry, "name"),
            severity=_one_of(Severity, entry.get("severity", "major"), "severity"),
            threshold=_number(entry, "threshold", Decimal(0)),
            where=_text(entry, "where"),
        )
        require_valid(rule)
        return rule

    def _test(self, entry: Mapping[str, Any], build: Callable[[Mapping[str, Any]], Test]) -> Test:
        if entry["kind"] == References.kind:
            lookup = _lookup(entry, "references")
            name = f"__reference_{len(self._references)}"
            self._references[name] = lookup
            return References(name, lookup.columns)
        if "values_from" in entry:
            self._domains[entry["key"]] = lookup = _lookup(entry, "values_from")
            if len(lookup.columns) != 1 or "values" in entry:
                raise RuleInvalid("值域写 values，或写 values_from 的一个 column，只写一种。")
            return OneOf(("",))
        return build(entry)


def _between(entry: Mapping[str, Any]) -> Test:
    return Between(_bound(entry, "min"), _bound(entry, "max"))


def _one_of_values(entry: Mapping[str, Any]) -> Test:
    return OneOf(tuple(dict.fromkeys(_codes(entry))))


def _codes(entry: Mapping[str, Any]) -> tuple[str, ...]:
    values = entry.get("values")
    if not isinstance(values, list) or not all(type(value) in {str, int, float, Decimal, date} for value in values):
        raise RuleInvalid("values 请写成文本或数的列表。")
    return tuple(str(value) for value in values)


def _timeliness(entry: Mapping[str, Any]) -> Test:
    found = _DURATION.fullmatch(_text(entry, "within").strip())
    if not found:
        raise RuleInvalid('within 请写成数加单位：m 分、h 时、d 天、w 周，如 "31d"。')
    return Timeliness(timedelta(**{_UNITS[found[2]]: int(found[1])}))


def _count_drift(entry: Mapping[str, Any]) -> Test:
    history = entry.get("history")
    if not isinstance(history, list) or not all(type(number) is int for number in history):
        raise RuleInvalid("history 请写成以往各次行数的列表，如 [1000, 1020]。")
    return RowCountDrift(tuple(history), _number(entry, "tolerance", None))


def _distribution(entry: Mapping[str, Any]) -> Test:
    values = _codes(entry) if "values" in entry else ()
    limit = _number(entry, "limit", Decimal("0.25"))
    return DistributionDrift(_numbers(entry, "shares"), _numbers(entry, "edges"), values, limit)


_Form = tuple[tuple[str, ...], Callable[[Mapping[str, Any]], Test]]
_FORMS: Mapping[str, _Form] = {
    "not_null": (("blank",), lambda entry: NotNull(_flag(entry, "blank"))),
    "type": (("type",), lambda entry: Castable(_one_of(Type, entry.get("type"), "type"))),
    "matches": (("pattern",), lambda entry: Matches(_required(entry, "pattern"))),
    "length": (("min", "max"), lambda entry: Length(_whole(entry, "min"), _whole(entry, "max"))),
    "one_of": (("values", "values_from"), _one_of_values),
    "between": (("min", "max"), _between),
    "check_digit": (("scheme",), lambda entry: CheckDigit(_required(entry, "scheme"))),
    "expression": (("expression",), lambda entry: Holds(_required(entry, "expression"))),
    "date_order": (("strict",), lambda entry: Ordered(_flag(entry, "strict"))),
    "completeness": (("minimum",), lambda entry: Completeness(_number(entry, "minimum", None))),
    "unique": ((), lambda _: Unique()),
    "references": (("references",), lambda _: Unique()),  # read by _Reader._test
    "timeliness": (("within",), _timeliness),
    "row_count_drift": (("history", "tolerance"), _count_drift),
    "distribution_drift": (("shares", "edges", "values", "limit"), _distribution),
}


def _lookup(entry: Mapping[str, Any], name: str) -> Lookup:
    given = entry.get(name)
    if (
        not isinstance(given, dict)
        or not isinstance(given.get("data"), str)
        or set(given) - {"data", "column", "columns"}
    ):
        raise RuleInvalid(f'{name} 请写成 {{ data = "文件或数据库表", column = "列" }}。')
    columns = _texts(given, "columns") or _texts(given, "column")
    if not columns:
        raise RuleInvalid(f"{name} 没有写 column（被查的列）。")
    return Lookup(given["data"], columns)


def _text(entry: Mapping[str, Any], name: str) -> str:
    value = entry.get(name, "")
    if not isinstance(value, str):
        raise RuleInvalid(f"{name} 请写成文本，现在是 {value!r}。")
    return value


def _required(entry: Mapping[str, Any], name: str) -> str:
    if not (value := _text(entry, name)):
        raise RuleInvalid(f"没有写 {name}。")
    return value


def _texts(entry: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = entry.get(name, [])
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(item, str) and item for item in listed):
        raise RuleInvalid(f"{name} 请写成列名，或列名的列表。")
    return tuple(listed)


def _flag(entry: Mapping[str, Any], name: str) -> bool:
    value = entry.get(name, False)
    if not isinstance(value, bool):
        raise RuleInvalid(f"{name} 请写 true 或 false。")
    return value


def _number(entry: Mapping[str, Any], name: str, default: Decimal | None) -> Decimal:
    value = entry.get(name, default)
    number = _exact(value)
    if number is None:
        raise RuleInvalid(f"{name} 请写成数" + ("。" if value is not None else "；现在没有写。"))
    return number


def _exact(value: object) -> Decimal | None:
    """Give a number as it was written, None for what is none or too large or small for any column."""
    if type(value) not in {int, float, Decimal}:
        return None
    number = Decimal(str(value))
    return number if number.is_finite() and abs(number.adjusted()) <= _MOST_DIGITS else None


def _numbers(entry: Mapping[str, Any], name: str) -> tuple[Decimal, ...]:
    value = entry.get(name, [])
    if not isinstance(value, list):
        raise RuleInvalid(f"{name} 请写成数的列表。")
    return tuple(_number({name: item}, name, None) for item in value)


def _whole(entry: Mapping[str, Any], name: str) -> int | None:
    value = entry.get(name)
    if value is not None and (type(value) is not int or value < 0):
        raise RuleInvalid(f"{name} 请写成不为负的整数。")
    return value


def _bound(entry: Mapping[str, Any], name: str) -> Any:
    """Give a number, or a day or moment; JSON has no dates, so there they are texts in ISO form."""
    value = entry.get(name)
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value) if len(value) <= _DAY else datetime.fromisoformat(value)
        except ValueError as error:
            if _NUMBER.fullmatch(str(value)):
                raise RuleInvalid(f"{name}“{value}”写成了文本。数不要加引号。") from error
            message = f"{name}“{value}”不是数，也不是日期（如 2024-01-31）或时刻（如 2024-01-31T08:30:00）。"
            raise RuleInvalid(message) from error
    if isinstance(value, datetime) and value.tzinfo:
        raise RuleInvalid(f"{name}“{value}”带了时区。时刻请不写时区，按数据自己的时区来写。")
    if value is None or isinstance(value, date):
        return value
    number = _exact(value)
    if number is None:
        raise RuleInvalid(f"{name} 请写成数或日期。")
    return value if isinstance(value, int) else number


def _one_of(enum: type[_Named], value: object, name: str) -> _Named:
    try:
        return enum(str(value))
    except ValueError as error:
        raise RuleInvalid(f"{name}“{value}”不认识。可用：{'、'.join(item.value for item in enum)}。") from error


def _lines_of_toml(text: str) -> list[int]:
    return [text.count("\n", 0, found.start()) + 1 + found[0].count("\n") for found in _TABLE.finditer(text)]


def _lines_of_json(text: str) -> list[int]:
    """Give the line where each element of the list `rules` begins."""
    found = _LIST.search(text)
    if not found:
        return []
    lines: list[int] = []
    place, decoder = found.end(), json.JSONDecoder()
    while True:
        while place < len(text) and text[place] in " \t\r\n,":
            place += 1
        if place >= len(text) or text[place] == "]":
            return lines
        lines.append(text.count("\n", 0, place) + 1)
        place = decoder.raw_decode(text, place)[1]
