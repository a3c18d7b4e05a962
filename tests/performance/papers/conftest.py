from dataclasses import replace
from decimal import Decimal

import pytest

from chengshu.performance.contracts import Form, Goal, Indicator, Money, MoneyRow, Source, Total


def _indicator(level1: str, level2: str, level3: str, **parts: str) -> Indicator:
    return Indicator(
        level1, level2, level3, parts["target"], parts["actual"], Decimal(parts["weight"]), Decimal(parts["score"])
    )


@pytest.fixture
def form() -> Form:
    """A small form in 元 with two categories of one class and an indicator that begins with a formula's sign."""
    return Form(
        source=Source("表.txt", 1, 3),
        template="shanghai-2020",
        year=2020,
        project="数据运营服务",
        department="上海市大数据中心",
        unit="上海市大数据中心",
        money_unit="元",
        money=Money(
            total=MoneyRow(*(Decimal(text) for text in ("43918000.00", "43918000.00", "43456311.08", "10", "98.95"))),
            carried_over=MoneyRow(budget=Decimal(0)),
        ),
        goal=Goal("接入系统\n保障运行", "已完成"),
        indicators=(
            _indicator(
                "产出指标", "数量指标", "数据运营服务", target="≥6项", actual="6项", weight="10.00", score="10.00"
            ),
            _indicator("产出指标", "质量指标", "整改率", target="=90%", actual="80%", weight="10.00", score="6.00"),
            _indicator("产出指标", "质量指标", "合格率", target="≥90%", actual="95%", weight="5.00", score="5.00"),
            _indicator("满意度指标", "满意度指标", "使用方", target="≥95%", actual="95%", weight="5", score="5"),
        ),
        total=Total(Decimal("100.00"), Decimal("90.00")),
    )


@pytest.fixture
def two_forms(form: Form) -> list[Form]:
    return [form, replace(form, source=Source("表.txt", 2), year=2024, template="shanghai-2024", grade="优")]
