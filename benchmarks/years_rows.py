"""Papers for every year of many invented projects, laid down at once: goals, monitoring, self-evaluations, warnings."""

import random
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import islice

from chengshu.kernel.accounts.facade import User
from chengshu.performance.contracts.monitoring import Behind
from chengshu.performance.models import (
    EarlyWarning,
    Evaluation,
    GoalIndicator,
    GoalSheet,
    MonitoredIndicator,
    MonitoringPoint,
    MonitoringSheet,
    ProjectYear,
)

_PIECE, _BATCH = 2_000, 5_000
_PROMISES = (
    *("数量指标", "质量指标", "时效指标", "成本指标", "经济效益指标"),
    *("社会效益指标", "生态效益指标", "可持续影响指标", "服务对象满意度指标", "数量指标"),
)
_WEIGHT = Decimal(9)
_GRADES = ((Decimal(95), "优"), (Decimal(86), "良"), (Decimal(70), "中"), (Decimal(50), "差"))


def lay_papers(this_year: int, *, actor: User, now: datetime) -> None:
    """Give every year its papers: those of this year stand everywhere on their way, those before are approved."""
    draw = random.Random(2026)  # noqa: S311 - invented data, not a secret
    years = ProjectYear.objects.order_by("pk").values_list("pk", "year").iterator(_PIECE)
    points = {
        year: MonitoringPoint.objects.create(
            year=year,
            name="1—7月监控",
            until_on=date(year, 7, 31),
            due_on=date(year, 8, 31),
            created_by=actor,
            created_at=now,
        )
        for year in ProjectYear.objects.order_by().values_list("year", flat=True).distinct()
    }
    while piece := list(islice(years, _PIECE)):
        _lay_piece(piece, points, this_year, draw, now)


def _lay_piece(
    piece: list[tuple[int, int]], points: dict[int, MonitoringPoint], this_year: int, draw: random.Random, now: datetime
) -> None:
    sheets = GoalSheet.objects.bulk_create(
        (
            GoalSheet(project_year_id=pk, state=_state(year, this_year, draw), expected="保障运行", edited_at=now)
            for pk, year in piece
        ),
        batch_size=_BATCH,
    )
    promises = GoalIndicator.objects.bulk_create(
        (
            GoalIndicator(
                sheet=sheet,
                number=n,
                level1="产出指标",
                level2=level,
                name=f"{level}{n}",
                target="≥4次",
                weight=_WEIGHT,
            )
            for sheet in sheets
            for n, level in enumerate(_PROMISES)
        ),
        batch_size=_BATCH,
    )
    reports = MonitoringSheet.objects.bulk_create(
        (
            MonitoringSheet(
                project_year_id=pk,
                point=points[year],
                state=_state(year, this_year, draw),
                budget_yuan=1_000_000,
                executed_yuan=600_000,
                lamp=draw.choice(("green", "green", "yellow", "red")),
                edited_at=now,
            )
            for pk, year in piece
        ),
        batch_size=_BATCH,
    )
    per_sheet = len(_PROMISES)
    MonitoredIndicator.objects.bulk_create(
        (
            MonitoredIndicator(sheet=report, goal=goal, value="3次", lamp="green")
            for at, report in enumerate(reports)
            for goal in promises[at * per_sheet : (at + 1) * per_sheet]
        ),
        batch_size=_BATCH,
    )
    Evaluation.objects.bulk_create(_evaluations(piece, this_year, draw, now), batch_size=_BATCH)
    behind = (pk for pk, year in piece if year == this_year and draw.random() < 0.1)
    EarlyWarning.objects.bulk_create(
        EarlyWarning(project_year_id=pk, reason=Behind.SLOW_MONEY, raised_at=now) for pk in behind
    )


def _evaluations(
    piece: list[tuple[int, int]], this_year: int, draw: random.Random, now: datetime
) -> Iterator[Evaluation]:
    for pk, year in piece:
        if year >= this_year:
            continue
        total, grade = draw.choice(_GRADES)
        yield Evaluation(
            project_year_id=pk,
            rules="national-2020",
            state=_state(year, this_year - 1, draw),
            total=total,
            grade=grade,
            error_count=int(draw.random() < 0.05),
            breach_count=int(draw.random() < 0.1),
            indicator_count=len(_PROMISES),
            indicator_weight=_WEIGHT * len(_PROMISES),
            evidence_count=2,
            evidence_weight=_WEIGHT * 2,
            edited_at=now,
        )


def _state(year: int, under_way: int, draw: random.Random) -> str:
    if year < under_way:
        return "approved"
    return draw.choice(("draft", "submitted", "department_approved", "approved"))
