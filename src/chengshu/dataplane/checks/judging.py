"""What a scan measured of the table as a whole, held against its rule."""

import math
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from chengshu.dataplane.checks.cells import Kind, Shape
from chengshu.dataplane.checks.drift import count_drift, is_late, stability_index
from chengshu.dataplane.checks.rules import DistributionDrift, RowCountDrift, Rule, Timeliness


def judge_table(rule: Rule, index: int, counted: Mapping[str, Any], shape: Shape, *, now: datetime) -> tuple[bool, str]:
    """Say whether the rule fails, and what was seen, for people.

    Days, and moments that name no zone, are in the zone of `now`.
    """
    match rule.test:
        case Timeliness(within=within):
            latest: datetime | None = counted[f"latest_{index}"]
            column = rule.columns[0]
            if latest is not None and (shape.kinds[column] is not Kind.TIMESTAMP or column in shape.zoneless):
                latest = latest.replace(tzinfo=now.tzinfo)
            seen = "没有任何时间" if latest is None else f"最新为 {latest.astimezone(now.tzinfo):%Y-%m-%d %H:%M}"
            return is_late(latest, now, within), seen
        case RowCountDrift(history=history, tolerance=tolerance):
            number = int(counted[f"checked_{index}"])
            moved = count_drift(history, number)
            return moved > tolerance, f"{number:,} 行，与以往中位数相差 {_percent(moved)}"
        case DistributionDrift(shares=shares, limit=limit):
            now_counts = [int(counted[f"bin_{index}_{place}"] or 0) for place in range(len(shares))]
            drift = stability_index(shares, now_counts)
            return drift > limit, "没有可比的值" if math.isinf(drift) else f"稳定性指数 {drift:.4f}"
        case _:
            raise TypeError(rule.kind)


def _percent(share: Decimal) -> str:
    return "无穷" if share.is_infinite() else f"{share:.1%}"
