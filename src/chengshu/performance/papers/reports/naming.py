"""Names the cell that a finding stands on, as a person would point at it."""

from chengshu.performance.contracts import Form
from chengshu.performance.papers.reports.words import Words


def name_cell(form: Form, pointer: str, words: Words) -> str:
    """Turn a JSON pointer into words: "年度资金总额 · 执行率", "指标 4“合格率” · 得分"; "" is the whole form."""
    steps = pointer.strip("/").split("/")
    if steps == [""]:
        return words["whole_form"]
    if steps[0] == "indicators" and len(steps) > 1 and steps[1].isdecimal():
        return " · ".join([_name_indicator(form, int(steps[1]), words), *_name_parts(steps[2:], words)])
    joined = "/".join(steps[:2])
    if joined in words.parts:
        return " · ".join([words.parts[joined], *_name_parts(steps[2:], words)])
    return " · ".join(_name_parts(steps, words))


def _name_indicator(form: Form, position: int, words: Words) -> str:
    name = form.indicators[position].level3 if position < len(form.indicators) else None
    if not name:
        return words["indicator_nameless"].format(number=position + 1)
    return words["indicator"].format(number=position + 1, name=name)


def _name_parts(steps: list[str], words: Words) -> list[str]:
    return [words.parts.get(step, step) for step in steps]
