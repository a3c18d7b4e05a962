"""Invented projects with their years and money, from a seed and a size: equal inputs give equal projects."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

_SUBJECTS = (
    "政务云平台", "数据共享交换平台", "视频会议系统", "市民热线系统", "人口基础数据库", "法人基础数据库", "电子证照系统",
    "网络安全监测", "办公自动化系统", "公共数据开放平台", "社区网格管理", "综合服务窗口", "档案数字化", "机房设施",
    "地址标准化", "视频监控联网",
)  # fmt: skip
_WORKS = ("运行维护", "升级改造", "建设", "数据治理", "租用服务", "安全加固", "推广应用", "等级保护测评")
_AREAS = ("", "一期", "二期", "三期", "东片", "西片", "南片", "北片")
_PURPOSES = ("服务费首付款", "服务费进度款", "设备采购款", "软件开发费", "专家评审费", "通信线路费", "监理费", "尾款")
_REASONS = (("追加预算", 1), ("压减一般性支出", -1), ("结转资金收回", -1), ("新增任务", 1))
_SOURCES = ("fiscal", "carried_over", "other")
_YEAR_DAYS = 365


@dataclass(frozen=True, slots=True)
class SyntheticPayment:
    """One payment; `source` is one of fiscal, carried_over, other; negative = paid back. In 元."""

    voucher: str
    source: str
    amount_yuan: Decimal
    paid_on: date
    purpose: str


@dataclass(frozen=True, slots=True)
class SyntheticAdjustment:
    """One change of the budget, in 元."""

    source: str
    amount_yuan: Decimal
    adjusted_on: date
    reason: str
    document_number: str


@dataclass(frozen=True, slots=True)
class SyntheticYear:
    """One budget year: the initial budget by source in 元, its changes in the order of their days, its payments."""

    year: int
    initial: tuple[tuple[str, Decimal], ...]
    adjustments: tuple[SyntheticAdjustment, ...]
    payments: tuple[SyntheticPayment, ...]

    @property
    def initial_yuan(self) -> Decimal:
        """The initial budget of all sources."""
        return sum((amount for _source, amount in self.initial), Decimal(0))

    @property
    def budget_yuan(self) -> Decimal:
        """The budget as adjusted."""
        return self.initial_yuan + sum((change.amount_yuan for change in self.adjustments), Decimal(0))

    @property
    def executed_yuan(self) -> Decimal:
        """What was paid."""
        return sum((payment.amount_yuan for payment in self.payments), Decimal(0))


@dataclass(frozen=True, slots=True)
class SyntheticProject:
    """One project of a unit, both organisations by their code."""

    code: str
    name: str
    department: str
    unit: str
    started_on: date
    years: tuple[SyntheticYear, ...]


@dataclass(frozen=True, slots=True)
class ProjectPlan:
    """How many projects over which years, under which codes.

    `until` is the last day on which money may move: a year that it lies in is under way. `payments` is how many a full
    year has at most.
    """

    seed: int
    count: int
    first_year: int
    last_year: int
    until: date
    prefix: str = "SYN"
    payments: int = 6


def make_projects(plan: ProjectPlan, places: Sequence[tuple[str, str]]) -> Iterator[SyntheticProject]:
    """Give projects one by one, each at one of the places (codes of department and unit), in turn.

    Every project is drawn from the seed and its number alone, so a longer series begins with the shorter one.
    """
    for number in range(1, plan.count + 1):
        draw = random.Random(f"{plan.seed}:{number}")  # noqa: S311 - invented data, not a secret
        department, unit = places[(number - 1) % len(places)]
        years = tuple(_make_year(draw, plan, year, number) for year in range(plan.first_year, plan.last_year + 1))
        yield SyntheticProject(
            code=f"{plan.prefix}-{number:05}",
            name=f"{draw.choice(_SUBJECTS)}{draw.choice(_WORKS)}{draw.choice(_AREAS)}项目",
            department=department,
            unit=unit,
            started_on=date(plan.first_year, 1, 1),
            years=years,
        )


def _make_year(draw: random.Random, plan: ProjectPlan, year: int, number: int) -> SyntheticYear:
    initial = {"fiscal": Decimal(draw.randrange(20, 2000) * 10_000)}
    if draw.random() < 0.35:
        initial["carried_over"] = Decimal(draw.randrange(1, 200) * 10_000)
    if draw.random() < 0.1:
        initial["other"] = Decimal(draw.randrange(1, 100) * 1_000)
    adjustments = _make_adjustments(draw, plan, year, initial["fiscal"])
    budget = dict(initial)
    for change in adjustments:
        budget[change.source] += change.amount_yuan
    payments = _make_payments(draw, plan, year, budget, number)
    return SyntheticYear(year, tuple(initial.items()), adjustments, payments)


def _make_adjustments(
    draw: random.Random, plan: ProjectPlan, year: int, fiscal: Decimal
) -> tuple[SyntheticAdjustment, ...]:
    """Change the year's own money by up to a fifth, in about three years of ten."""
    day = date(year, draw.randrange(5, 12), draw.randrange(1, 28))
    reason, sign = draw.choice(_REASONS)
    share, is_there = draw.randrange(1, 20), draw.random() < 0.3
    if not is_there or day > plan.until:
        return ()
    amount = sign * (fiscal * share / 100).quantize(Decimal("0.01"))
    return (SyntheticAdjustment("fiscal", amount, day, reason, f"示财预〔{year}〕{draw.randrange(1, 90)}号"),)


def _make_payments(
    draw: random.Random, plan: ProjectPlan, year: int, budget: dict[str, Decimal], number: int
) -> tuple[SyntheticPayment, ...]:
    """Pay most of each source over the year; some years stay far below their budget."""
    payments: list[SyntheticPayment] = []
    share = Decimal(draw.choice((100, 100, 99, 97, 95, 90, 85, 60))) / 100
    for source in (source for source in _SOURCES if budget.get(source)):
        times = max(1, draw.randrange(plan.payments // 2, plan.payments + 1) if source == "fiscal" else 1)
        part = (budget[source] * share / times).quantize(Decimal("0.01"))
        days = sorted(draw.randrange(30, _YEAR_DAYS) for _ in range(times))
        for day in days:
            paid_on = date(year, 1, 1) + timedelta(days=day - 1)
            purpose = draw.choice(_PURPOSES)
            if paid_on <= plan.until:
                voucher = f"{year}{number:06}{len(payments) + 1:03}"
                payments.append(SyntheticPayment(voucher, source, part, paid_on, purpose))
    return tuple(payments)
