"""Files of rules: what they may say, and how a fault is told."""

import json
import re
from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest
from dataplane.checks.drawn import ask, draw
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chengshu.dataplane.checks.rulefiles import Lookup, RuleFile, read_rule_file, read_rule_record
from chengshu.dataplane.checks.rules import (
    KINDS,
    Between,
    DistributionDrift,
    Matches,
    OneOf,
    References,
    RowCountDrift,
    Severity,
    Timeliness,
    Type,
)
from chengshu.dataplane.engines.protocol import Engine
from chengshu.dataplane.errors import EngineFault, RuleInvalid, RulesUnreadable

DOCS = Path(__file__).resolve().parents[3] / "docs"
SCHEMA = json.loads((DOCS / "schemas" / "resources-rules.schema.json").read_text("utf-8"))


def _examples() -> str:
    """The rule file printed in the documentation, which has every kind."""
    page = (DOCS / "quality-rules.md").read_text("utf-8")
    found = re.search(r"```toml\n(.*?)```", page, re.DOTALL)
    assert found
    return found[1]


def _read(tmp_path: Path, text: str, name: str = "rules.toml") -> RuleFile:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return read_rule_file(path)


def test_the_documented_file_has_every_kind_and_is_read(tmp_path: Path) -> None:
    file = _read(tmp_path, _examples())
    kinds = {rule.kind for rule in file.rules}
    assert kinds == set(KINDS)
    assert file.key == ("登记号",)
    assert file.read_as == {"出生日期": Type.DATE}
    tests = {type(rule.test): rule.test for rule in file.rules}
    assert tests[Matches] == Matches("1[0-9]{10}")
    assert tests[Between] == Between(0, 150)
    assert tests[Timeliness] == Timeliness(timedelta(days=31))
    assert tests[RowCountDrift] == RowCountDrift((120_000, 121_500), Decimal("0.1"))
    assert tests[DistributionDrift] == DistributionDrift(
        values=("1", "2"), shares=(Decimal("0.51"), Decimal("0.48"), Decimal("0.01")), limit=Decimal("0.2")
    )
    assert tests[References] == References("__reference_0", ("代码",))
    assert file.references == {"__reference_0": Lookup("districts.csv", ("代码",))}
    first = file.rules[0]
    assert (first.title, first.severity, first.threshold) == (
        "公民身份号码不得为空",
        Severity.CRITICAL,
        Decimal("0.001"),
    )


def test_json_says_the_same_as_toml(tmp_path: Path) -> None:
    import tomllib  # noqa: PLC0415 - here only

    record = tomllib.loads(_examples())
    as_json = json.dumps(record, ensure_ascii=False, default=str)
    assert _read(tmp_path, as_json, "rules.json") == _read(tmp_path, _examples())


def test_the_documented_file_follows_the_schema() -> None:
    import tomllib  # noqa: PLC0415 - here only

    record = json.loads(json.dumps(tomllib.loads(_examples()), default=str))
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(record, SCHEMA)
    kinds = {branch["properties"]["kind"]["const"] for branch in SCHEMA["$defs"]["rule"]["oneOf"]}
    assert kinds == set(KINDS)


def test_every_fault_is_told_with_its_line_and_the_cure(tmp_path: Path) -> None:
    text = """
key = "id"

[[rules]]
key = "a"
kind = "not_nul"
column = "x"

[[rules]]
key = "b"
kind = "between"
column = "x"

[[rules]]
key = "b"
kind = "matches"
column = "x"
patern = "1"

[[rules]]
key = "c"
kind = "expression"
expression = "read_csv('x') = 1"
"""
    with pytest.raises(RulesUnreadable) as caught:
        _read(tmp_path, text)
    lines = caught.value.message.splitlines()
    assert [re.findall(r"第 \d+ 行", line) for line in lines] == [["第 4 行"], ["第 9 行"], ["第 14 行"], ["第 20 行"]]
    assert "not_null" in lines[0]
    assert "min、max" in lines[1]
    assert "pattern" in lines[2]
    assert "read_csv" in lines[3]


def test_a_fault_in_json_is_told_with_its_line(tmp_path: Path) -> None:
    text = '{\n "rules": [\n  {"key": "a", "kind": "unique", "column": "x"},\n  {"key": "b", "kind": "type", "column": "x"}\n ]\n}'
    with pytest.raises(RulesUnreadable, match=r"第 4 行（第 2 条规则）：type“None”不认识。可用：integer"):
        _read(tmp_path, text, "rules.json")


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("", "r.toml", "没有规则"),
        ("rules = 3", "r.toml", "没有规则"),
        ("[[rules]\n", "r.toml", "line 1"),
        ('{"rules": [}', "r.json", "第 1 行第 12 列"),
        ("[" * 100_000, "r.json", "嵌套太深"),
        ('colour = 1\n[[rules]]\nkey="a"\nkind="unique"\ncolumn="x"', "r.toml", "colour"),
        ('[types]\nx="int"\n[[rules]]\nkey="a"\nkind="unique"\ncolumn="x"', "r.toml", "可用：integer"),
    ],
)
def test_a_file_that_is_no_file_of_rules_is_refused(tmp_path: Path, text: str, name: str, said: str) -> None:
    with pytest.raises(RulesUnreadable, match=said):
        _read(tmp_path, text, name)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ('key="../a"\nkind="unique"\ncolumn="x"', "规则编号"),
        ('key="a"\nkind="unique"', "至少一列"),
        ('key="a"\nkind="unique"\ncolumns=["x","x"]', "重复"),
        ('key="a"\nkind="unique"\ncolumn="x"\ncolumns=["x"]', "只写一个"),
        ('key="a"\nkind="unique"\ncolumn="x"\nthreshold=1.5', "0 到 1"),
        ('key="a"\nkind="unique"\ncolumn="x"\nthreshold=nan', "写成数"),
        ('key="a"\nkind="unique"\ncolumn="x"\nseverity="bad"', "critical"),
        ('key="a"\nkind="unique"\ncolumn="x"\nwhere="1 +"', "读不懂"),
        ('key="a"\nkind="matches"\ncolumn="x"\npattern="(?=a)"', "正则式"),
        ('key="a"\nkind="check_digit"\ncolumn="x"\nscheme="luhn"', "citizen_id"),
        ('key="a"\nkind="one_of"\ncolumn="x"\nvalues=[]', "值域是空的"),
        ('key="a"\nkind="one_of"\ncolumn="x"\nvalues=["1"]\nvalues_from={data="a.csv",column="c"}', "只写一种"),
        ('key="a"\nkind="between"\ncolumn="x"\nmin=1\nmax=2024-01-01', "不是一类"),
        ('key="a"\nkind="between"\ncolumn="x"\nmin=2\nmax=1', "不成区间"),
        ('key="a"\nkind="between"\ncolumn="x"\nmin=2024-01-01T00:00:00+08:00', "不写时区"),
        ('key="a"\nkind="between"\ncolumn="x"\nmin="8 点"', "日期"),
        ('key="a"\nkind="length"\ncolumn="x"\nmin=-1', "不为负"),
        ('key="a"\nkind="completeness"\ncolumn="x"', "minimum"),
        ('key="a"\nkind="completeness"\ncolumn="x"\nminimum=0.9\nthreshold=0.1', "只用 minimum"),
        ('key="a"\nkind="date_order"\ncolumn="x"', "两列以上"),
        ('key="a"\nkind="timeliness"\ncolumn="x"\nwithin="soon"', "31d"),
        ('key="a"\nkind="row_count_drift"\nhistory=["1"]\ntolerance=1', "history"),
        ('key="a"\nkind="distribution_drift"\ncolumn="x"\nedges=[1,0]\nshares=[0.5,0.3,0.2]', "从小到大"),
        ('key="a"\nkind="distribution_drift"\ncolumn="x"\nedges=[1]\nshares=[0.5]', "2 个"),
        ('key="a"\nkind="references"\ncolumn="x"\nreferences="a.csv"', "data"),
        ('key="a"\nkind="references"\ncolumns=["x","y"]\nreferences={data="a.csv",column="c"}', "一一对应"),
        ('kind="unique"\ncolumn="x"', "没有写 key"),
    ],
)
def test_a_rule_that_cannot_be_asked_is_refused(tmp_path: Path, fields: str, said: str) -> None:
    with pytest.raises(RulesUnreadable, match=said):
        _read(tmp_path, f"[[rules]]\n{fields}")


def test_json_writes_days_and_moments_as_texts(tmp_path: Path) -> None:
    bounds = '"min": "2024-01-31", "max": "2024-02-01"', '"min": "2024-01-31T08:30:00", "max": "2024-02-01 00:00:00"'
    days, moments = (
        _read(tmp_path, f'{{"rules": [{{"key": "a", "kind": "between", "column": "x", {part}}}]}}', "r.json")
        .rules[0]
        .test
        for part in bounds
    )
    assert days == Between(date(2024, 1, 31), date(2024, 2, 1))
    assert moments == Between(datetime(2024, 1, 31, 8, 30), datetime(2024, 2, 1))  # noqa: DTZ001 - of the data's zone


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RulesUnreadable, match="打不开"):
        read_rule_file(tmp_path / "none.toml")
    path = tmp_path / "r.toml"
    path.write_bytes("# 规则\n# 甲".encode("gb18030"))
    with pytest.raises(RulesUnreadable, match="UTF-8"):
        read_rule_file(path)


ROWS = "id | x\n1 | 甲\n2 | ∅\n3 | 12\n4 | 2024-01-31"
_ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["x", "1 = 1", "9w"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["data", "column", "columns"]), inner),
    max_leaves=4,
)
_FIELDS = sorted({name for branch in SCHEMA["$defs"]["rule"]["oneOf"] for name in branch["properties"]} - {"kind"})


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(sorted(KINDS)),
    fields=st.dictionaries(st.sampled_from(_FIELDS), _ANYTHING, max_size=4),
    head=st.dictionaries(st.sampled_from(["key", "types"]), _ANYTHING),
)
def test_whatever_stands_in_a_rule_is_read_or_refused(
    kind: str, fields: dict[str, object], head: dict[str, object], duckdb_engine: Engine
) -> None:
    own = next(b for b in SCHEMA["$defs"]["rule"]["oneOf"] if b["properties"]["kind"]["const"] == kind)["properties"]
    rule = {"key": "a", "column": "x", "kind": kind} | {name: value for name, value in fields.items() if name in own}
    try:
        file = read_rule_record({"rules": [rule], **head}, name="r")
    except RulesUnreadable:
        return
    with suppress(RuleInvalid, EngineFault):  # such as a text where a condition is wanted
        (outcome,) = ask(duckdb_engine, draw(ROWS), file.rules, read_as=dict(file.read_as))
        assert outcome.failed <= outcome.checked


def test_numbers_are_exact_however_they_are_kept(tmp_path: Path) -> None:
    rule = {"key": "a", "kind": "between", "column": "x", "min": 0.1, "threshold": 0.05}
    (kept,) = read_rule_record({"rules": [rule]}, name="r").rules
    assert (kept.test, kept.threshold) == (Between(Decimal("0.1")), Decimal("0.05"))
    assert read_rule_record({"rules": [rule]}, name="r") == _read(tmp_path, json.dumps({"rules": [rule]}), "r.json")


def test_days_in_json_are_texts(tmp_path: Path) -> None:
    rules = [
        {"key": "a", "kind": "between", "column": "x", "min": "2024-01-01"},
        {"key": "b", "kind": "one_of", "column": "x", "values": [1, "2", 1]},
    ]
    file = _read(tmp_path, json.dumps({"rules": rules}), "r.json")
    assert [rule.test for rule in file.rules] == [Between(date(2024, 1, 1)), OneOf(("1", "2"))]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("r.toml", '[[rules]]\nkey = "a"\nkind = "notnull"\ncolumn = "x"', "是不是“not_null”？"),
        ("r.toml", '[[rules]]\nkey = "a"\nkind = "matches"\ncolumn = "x"\npatern = "y"', "是不是“pattern”？"),
        ("r.toml", '[[rules]]\nkey = "a"\ncolumn = "x"', "没有写 kind"),
        ("r.toml", '[[rule]]\nkey = "a"', "是不是“rules”？"),
        ("r.toml", '[[rules]]\nkey = "a"\nkind = "between"\ncolumn = "x"\nmin = "0"', "数不要加引号"),
        ("r.yaml", "rules:\n  - key: a", "是 YAML"),
        ("r.json", '{"rules": [{"key": "a", "kind": "unique", "column": "x", "column": "y"}]}', "“column”写了两次"),
    ],
)
def test_what_was_probably_meant_is_proposed(tmp_path: Path, name: str, text: str, told: str) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(RulesUnreadable, match=re.escape(told)):
        read_rule_file(tmp_path / name)


def test_json_is_known_by_its_first_sign(tmp_path: Path) -> None:
    (tmp_path / "rules").write_text('\n{"rules": [{"key": "a", "kind": "unique", "column": "x"}]}', "utf-8")
    assert [rule.key for rule in read_rule_file(tmp_path / "rules").rules] == ["a"]
