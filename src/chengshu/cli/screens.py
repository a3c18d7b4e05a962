"""What people see on a terminal: tables of forms, findings and rule sets, as text."""

import io
import sys
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from chengshu.performance import facade
from chengshu.performance.contracts import Checked, Finding, Form, Level

_WORDS = facade.get_words("zh")
_STYLES = {Level.ERROR: "bold red", Level.BREACH: "yellow", Level.HINT: "dim"}
_WIDTH_OFF_TERMINAL = 160


def draw_forms(forms: Sequence[Form]) -> str:
    """Draw one line a form."""
    table = Table(title=f"共 {len(forms)} 张自评表", title_justify="left")
    for heading in ("文件", "张", "项目名称", "年度", "实施单位", "版式"):
        table.add_column(heading, overflow="fold")
    for heading in ("全年预算数", "总分", "指标", "读不清"):
        table.add_column(heading, justify="right")
    for form in forms:
        project = (form.project or "—") + ("（重复）" if form.duplicate_of else "")
        budget = "—" if form.money.total.budget is None else f"{form.money.total.budget:,} {form.money_unit or ''}"
        table.add_row(
            form.source.file,
            str(form.source.form),
            project,
            "—" if form.year is None else str(form.year),
            form.unit or "—",
            form.template,
            budget.strip(),
            _figure(form.total.score),
            str(len(form.indicators)),
            str(len(form.unreadable)),
        )
    return _as_text(table)


def draw_checks(forms: Sequence[Form], checked: Sequence[Checked]) -> str:
    """Draw the findings of every form, gravest first, then the sums."""
    parts: list[RenderableType] = []
    for form, result in zip(forms, checked, strict=True):
        parts += [
            _heading(form, result),
            _findings_table(form, result.findings) if result.findings else "  没有发现问题。",
            "",
        ]
    levels = Counter(finding.level for result in checked for finding in result.findings)
    counts = "，".join(f"{_WORDS.levels[level.value]} {levels[level]} 条" for level in Level)
    return _as_text(*parts, f"共 {len(forms)} 张自评表：{counts}。")


def draw_rule_sets(rule_sets: Sequence[facade.RuleSet]) -> str:
    """Draw one line a rule set."""
    table = Table()
    for heading in ("名称", "标题", "地区", "起始年度"):
        table.add_column(heading, overflow="fold")
    for rule_set in rule_sets:
        table.add_row(rule_set.name, rule_set.title, rule_set.place, str(rule_set.from_year))
    return _as_text(table)


def draw_settings(title: str, settings: Sequence[facade.RuleSetting]) -> str:
    """Draw every setting of a rule set with its source."""
    table = Table(title=title, title_justify="left")
    for heading in ("设定", "值", "来源", "代号"):
        table.add_column(heading, overflow="fold")
    for setting in settings:
        table.add_row(Text(setting.label), Text(setting.value), Text(setting.source), setting.key)
    return _as_text(table)


def _heading(form: Form, result: Checked) -> Text:
    scored = result.rescored
    heading = Text(f"{form.source.file} 第 {form.source.form} 张 {form.project or '—'}", style="bold")
    heading.append(
        f"　自评 {_figure(form.total.score)} 分，复算 {_figure(scored.total)} 分（{result.rules}）", style="not bold"
    )
    if scored.changed:
        heading.append(f"，等级由“{scored.printed_grade}”变为“{scored.grade}”", style="yellow")
    return heading


def _findings_table(form: Form, findings: Sequence[Finding]) -> Table:
    table = Table(show_edge=False, pad_edge=False)
    for heading in ("级别", "类别", "单元格", "说明"):
        table.add_column(heading, overflow="fold")
    for finding in sorted(findings, key=lambda item: list(Level).index(item.level)):
        level = Text(_WORDS.levels[finding.level.value], style=_STYLES[finding.level])
        cell = facade.name_cell(form, finding.field, _WORDS)
        table.add_row(level, _WORDS.code(finding.code), Text(cell), Text(finding.message))
    return table


def _figure(value: Decimal | None) -> str:
    return "—" if value is None else format(value, "f")


def _as_text(*parts: RenderableType) -> str:
    """Render for standard output: coloured and as wide as it is on a terminal, plain and wide elsewhere."""
    is_terminal = sys.stdout.isatty()
    console = Console(
        file=io.StringIO(),
        force_terminal=is_terminal,
        width=None if is_terminal else _WIDTH_OFF_TERMINAL,
        highlight=False,
        emoji=False,
        markup=False,
    )
    with console.capture() as capture:
        for part in parts:
            console.print(part)
    return capture.get()
