"""What the language refuses, with what to do instead; what it takes is in the specs."""

import pytest
from dataplane.spec.drawing import draw_shape

from chengshu.dataplane.errors import PipelineFault
from chengshu.dataplane.pipelines.pipeline import Pipeline, Step

ROWS = draw_shape("t", "n:integer|d:decimal(12,2)|f:double|s:text|z:text|b:boolean|day:date|at:moment")

REFUSED = {
    "n + s": "CAST",
    "n > s": "CAST",
    "day = 'yesterday'": "日期的写法",
    "day + INTERVAL 1 HOUR": "时间单位“HOUR”不可用",
    "day + n": "应是",
    "day + INTERVAL (d) DAY": "应是integer",
    "at + INTERVAL (n) DAY": "应是date",
    "DATE_TRUNC('hour', day)": "时间单位",
    "DATE_TRUNC('century', at)": "时间单位",
    "DATE_DIFF('week', day, day)": "时间单位",
    "DATE_DIFF('day', at, at)": "应是date",
    "EXTRACT(EPOCH FROM at)": "时间单位",
    "YEAR(s)": "应是date",
    "HOUR(day)": "应是moment",
    "STRFTIME(day, s)": "格式应直接写出",
    "f // n": "应是integer",
    "d % n": "应是integer",
    "SUM(b)": "应是",
    "AVG(s)": "应是",
    "COUNT_IF(n)": "应是boolean",
    "COUNT(DISTINCT n, s)": "一列",
    "NOT n": "应是boolean",
    "CASE WHEN n THEN 1 END": "应是boolean",
    "CASE n WHEN 'a' THEN 1 END": "不同类型",
    "COALESCE(n, s)": "不同类型",
    "LENGTH(n)": "应是text",
    "UPPER(n)": "应是text",
    "n || s": "应是text",
    "s LIKE z": "模式应直接写出",
    r"s LIKE 'a\_b'": "反斜杠",
    "REGEXP_MATCHES(s, z)": "格式应直接写出",
    "REGEXP_MATCHES(s, 'a', 'i')": "选项",
    "REGEXP_FULL_MATCH(s, 'a$')": "不写 ^ 和 $",
    "LEFT(s, -1)": "不小于 0",
    "SUBSTRING(s, -2)": "不小于 1",
    "SPLIT_PART(s, ',', 0)": "不小于 1",
    "ROUND(d, n)": "位数",
    "ROUND(s)": "应是",
    "LAG(n) OVER (PARTITION BY s)": "ORDER BY",
    "9223372036854775808 + n": "64 位",
    "CAST('x' AS DATE)": "不是 date 的写法",
    "CAST(f AS TEXT)": "浮点数请先转为小数",
    "CAST(at AS TEXT)": "STRFTIME",
    "CAST(day AS BIGINT)": "不能转为",
    "CAST(s AS TIMESTAMP)": "目标类型不可用",
    "SQRT(f)": "共有的写法",
    "NOW()": "共有的写法",
    "UUID()": "共有的写法",
    "[n]": "共有的写法",
    "no_such_function(n)": "共有的写法",
    "s ILIKE 'a'": "共有的写法",
    "FIRST(n)": "共有的写法",
    "STRING_AGG(s, ',')": "ORDER BY",
    "STRING_AGG(s, z ORDER BY n)": "分隔符应直接写成文本",
    "STRING_AGG(s ORDER BY n)": "分隔符应直接写成文本",
    "(n, s)": "不是一个值",
}


@pytest.mark.parametrize("expression", REFUSED)
def test_what_engines_mean_differently_is_refused(expression: str) -> None:
    with pytest.raises(PipelineFault) as fault:
        Pipeline("试", (ROWS,), (Step("a", f"SELECT {expression} AS x FROM t"),))
    assert REFUSED[expression] in fault.value.message
    assert "步骤“a”" in fault.value.message
