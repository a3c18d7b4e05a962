"""Write docs/pipelines.md: the language of pipelines by its specs, which the tests hold every engine to.

Beside it, tests/dataplane/spec/statements/ENGINE.sql: the SQL that each engine is told for every case, so that a change
of the compiler, ours or sqlglot's, is seen and read.
"""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chengshu.dataplane.errors import PipelineFault
from chengshu.dataplane.pipelines.compiling import compile_pipeline
from chengshu.dataplane.pipelines.dialects import DIALECTS

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "pipelines.md"
STATEMENTS = ROOT / "tests" / "dataplane" / "spec" / "statements"
HEAD = """# 管道的语言

管道是一串有名字的步骤，每一步是一条查询，读输入表和别的步骤。语言是 DuckDB 的 SQL 中各引擎含义相同的那一部分：
同一条管道在 DuckDB 与 Spark 上结果相同，只有浮点数的末位可以不同。凡此处没有的写法，管道在运行之前就会拒绝，
并说出是哪一步、哪一处。

每一节的表是输入 `t`（有的还有 `u`），其后的每一例都是一条测试，在每个引擎上都要成立。列名后面是类型；`-` 是空值，
`''` 是空文本；文本两端的引号只为显出空格。参数写作 `$名称`，由程序给值，不拼进文本。

`REGEXP_FULL_MATCH` 等函数与表的格式约束，只用各引擎含义相同的正则写法：普通字符、`.`、`\\d \\w \\s`（只含 ASCII）、
`[…]`、`(…)`、`(?:…)`、`|` 和 `* + ? {n} {n,m}`；没有 `^ $`、环视、反向引用、懒惰量词和选项。

This page is written by `make messages` from `tests/dataplane/spec`.
"""


def draw_page() -> str:
    """Give the page: a chapter a feature, with its table and every case."""
    parts = [HEAD]
    for feature in _features():
        parts.append(f"\n## {feature.title}\n\n{feature.about}\n\n{_draw_table(feature.t)}")
        if feature.u:
            parts.append(f"\n`u`：\n\n{_draw_table(feature.u)}")
        parts.extend(_draw_case(case) for case in feature.cases)
    return "".join(parts)


def draw_statements(dialect: str) -> str:
    """Give the statements of an engine: one for each case that is in the language."""
    return f"-- Written by `make messages`. What {dialect} is told for the cases of the specs.\n" + "".join(
        f"\n-- {feature.title}：{case.title}\n{statement};\n"
        for feature in _features()
        for case in feature.cases
        for statement in _compile(feature, case, dialect)
    )


def _compile(feature: Any, case: Any, dialect: str) -> Iterator[str]:
    try:
        yield compile_pipeline(feature.pipeline(case), dialect)
    except PipelineFault:
        return  # the case is that it is refused


def _features() -> Iterator[Any]:
    sys.path.insert(0, str(ROOT / "tests"))
    try:
        cases = importlib.import_module("dataplane.spec.cases")
        modules = [importlib.import_module(f"dataplane.spec.{name}") for name in cases.list_modules()]
    finally:
        sys.path.remove(str(ROOT / "tests"))
    for module in modules:
        yield from module.FEATURES


def _draw_case(case: object) -> str:
    title, steps, expected, fault, own, other = (
        getattr(case, name) for name in ("title", "steps", "expected", "fault", "t", "u")
    )
    tables = "".join(f"\n`{name}`：\n\n{_draw_table(drawn)}" for name, drawn in (("t", own), ("u", other)) if drawn)
    outcome = f"拒绝：……{fault}……\n" if fault else _draw_table(expected)
    return f"\n### {title}\n{tables}\n```sql\n{steps.strip()}\n```\n\n{outcome}"


def _draw_table(drawn: str) -> str:
    head, *rows = [[cell.strip() for cell in line.split("|")] for line in drawn.strip().splitlines()]
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(_show(cell) for cell in line)} |\n" for line in lines)


def _show(cell: str) -> str:
    """Keep blanks and signs of Markdown as they are."""
    return f"`{cell}`" if cell.startswith("'") else cell.replace("*", "\\*").replace("_", "\\_")


if __name__ == "__main__":
    PAGE.write_text(draw_page(), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {draw_page().count('### ')} cases")
    STATEMENTS.mkdir(exist_ok=True)
    for name in DIALECTS:
        (STATEMENTS / f"{name}.sql").write_text(draw_statements(name), encoding="utf-8")
