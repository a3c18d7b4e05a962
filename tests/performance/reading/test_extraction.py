"""What extraction programs do to a text must not change what is read from it."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from performance.reading.sheets import tabbed_document
from performance.reading.test_seeds import PRINTED, SEEDS, read_seed
from performance.rules.building import ROWS, a_form

from chengshu.documents.reading import read_document
from chengshu.performance.contracts import Form
from chengshu.performance.papers.forms import render_forms
from chengshu.performance.reading.reader import read_forms

TEXT = render_forms([a_form(), a_form(project="机房用电")], kind="txt").decode()
SEED = 20_240_601

Damage = Callable[[str, random.Random], str | bytes]


def _after_some_lines(text: str, extra: Callable[[], str], chance: random.Random) -> str:
    return "\n".join(f"{line}\n{extra()}" if chance.random() < 0.15 else line for line in text.split("\n"))


DAMAGES: dict[str, Damage] = {
    "blank lines in between": lambda text, chance: _after_some_lines(text, str, chance),
    "blank lines doubled": lambda text, _: text.replace("\n\n", "\n\n\n"),
    "page numbers": lambda text, chance: _after_some_lines(text, lambda: f"— {chance.randint(1, 40)} —", chance),
    "page numbers in words": lambda text, chance: _after_some_lines(text, lambda: "第 3 页 共 40 页", chance),
    "bare page numbers": lambda text, chance: text.replace("\n\n", f"\n\n{chance.randint(1, 40)}\n"),
    "blanks for tabs": lambda text, _: text.replace("\t", " " * 4),
    "no-break blanks": lambda text, _: text.replace(" ", "\u00a0"),
    "carriage returns": lambda text, _: text.replace("\n", "\r\n"),
    "GB18030": lambda text, _: text.encode("gb18030"),
    "a byte order mark": lambda text, _: text.encode("utf-8-sig"),
    "signatures at the end": lambda text, _: (
        f"{text}\n填表人：张三\t\t联系电话：021-12345678\n公开时间：2024年8月1日\n"
    ),
    "a tab before every row": lambda text, _: "\n".join(
        "\t" + line if "\t" in line else line for line in text.split("\n")
    ),
}

# Beside run-on text a figure by itself may belong to the page.
AMBIGUOUS_IN_RUN_ON_TEXT = {"bare page numbers"}


def _contents(forms: tuple[Form, ...]) -> list[Form]:
    """What was read, without places and certainties."""
    return [
        replace(
            form,
            source=replace(form.source, file="", line=None),
            indicators=tuple(replace(item, confidence=1.0) for item in form.indicators),
            unreadable=(),
            origins={},
        )
        for form in forms
    ]


def _damaged(text: str, damage: str) -> list[Form]:
    data = DAMAGES[damage](text, random.Random(SEED))  # noqa: S311 - damage, not secrets
    return _contents(read_forms(read_document("表.txt", data if isinstance(data, bytes) else data.encode())))


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_printed_text_reads_the_same(damage: str) -> None:
    assert _damaged(TEXT, damage) == _contents(read_forms(read_document("表.txt", TEXT.encode())))


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the published texts are not beside this checkout")
@pytest.mark.parametrize("damage", sorted(DAMAGES.keys() - AMBIGUOUS_IN_RUN_ON_TEXT))
@pytest.mark.parametrize("seed", PRINTED)
def test_a_published_text_reads_the_same_in_its_rows(seed: str, damage: str) -> None:
    text = next(SEEDS.glob(f"{seed}_*.txt")).read_text("utf-8")
    for read, whole in zip(_damaged(text, damage), _contents(read_seed(seed)), strict=True):
        assert (read.project, read.money, read.indicators, read.total) == (
            whole.project,
            whole.money,
            whole.indicators,
            whole.total,
        )


def test_a_running_head_is_no_row() -> None:
    text = TEXT.replace("财政项目支出绩效自评表", "某市数据中心 2021 年度部门决算\n\n财政项目支出绩效自评表")
    assert [len(form.indicators) for form in read_forms(read_document("表.txt", text.encode()))] == [len(ROWS)] * 2


def test_a_total_with_blanks_between_its_characters_is_the_total() -> None:
    text = "财政项目支出绩效自评表\n项目名称|巡检\n一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分\n"
    text += "产出指标|数量指标|巡检次数|≥4次|4次|90|90\n总 分 100 98\n"
    form = read_forms(tabbed_document(text))[0]
    assert [str(value) for value in (form.total.weight, form.total.score)] == ["100", "98"]
    assert len(form.indicators) == 1
