"""Synthetic tickets from a seed: calls over a span of days, and what was done with each, minute by minute. No Django."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

_MINUTE = timedelta(minutes=1)
_PLACES = ("一楼大厅", "三楼机房", "档案室", "会议中心", "值班室", "南楼四层", "北楼二层", "服务窗口")
_THINGS = {
    "network": ("断网", "专线丢包", "交换机告警", "光纤中断", "访问缓慢"),
    "user": ("电脑上不了网", "网线松动", "地址冲突", "打印机连不上", "账号锁定"),
}
_NOTES = ("更换端口后恢复", "重启设备后恢复", "重新插拔网线", "修改地址后恢复", "更换光模块")
_WAITS = ("机房没人开门", "等用户回到工位", "等用户确认停机时间")
_HOURS = (0.3, 0.2, 0.2, 0.2, 0.2, 0.3, 0.6, 1, 3, 6, 6, 5, 2, 3, 6, 6, 5, 4, 2, 1, 0.8, 0.6, 0.5, 0.4)


@dataclass(frozen=True, slots=True)
class SyntheticStep:
    """One thing that somebody did: `action` of the ticket's kind, so many minutes after the call."""

    action: str
    after_minutes: int
    note: str = ""
    rating: int | None = None


@dataclass(frozen=True, slots=True)
class SyntheticTicket:
    """One call with all that was done about it; `unit` is the index of the unit that it belongs to."""

    title: str
    category: str
    priority: str
    unit: int
    opened_at: datetime
    steps: tuple[SyntheticStep, ...]
    kind: str = "repair"


def generate_tickets(count: int, *, seed: int, since: datetime, days: int, units: int) -> Iterator[SyntheticTicket]:
    """Give tickets in the order of their opening, the same ones for the same arguments.

    Most go through call-back and rating; some wait for the user, come back unsolved or are still open at the end.

    Args:
        count: how many.
        seed: of the chance.
        since: the first moment, aware.
        days: over how many days the calls are spread.
        units: how many units there are, at least 1.
    """
    chance = random.Random(seed)  # noqa: S311 - synthetic data from a seed, nothing secret
    moments = sorted(_draw_moment(chance, since, days) for _number in range(count))
    end = since + timedelta(days=days)
    for opened_at in moments:
        yield _draw_ticket(chance, opened_at, end, units)


def _draw_moment(chance: random.Random, since: datetime, days: int) -> datetime:
    hour = chance.choices(range(24), _HOURS)[0]
    return since + timedelta(days=chance.randrange(days), hours=hour, minutes=chance.randrange(60))


def _draw_ticket(chance: random.Random, opened_at: datetime, end: datetime, units: int) -> SyntheticTicket:
    category = "user" if chance.random() < 0.78 else "network"
    priority = "urgent" if chance.random() < 0.12 else "normal"
    title = f"{chance.choice(_PLACES)}{chance.choice(_THINGS[category])}"
    steps = tuple(step for step in _draw_steps(chance, category) if opened_at + _MINUTE * step.after_minutes < end)
    return SyntheticTicket(title, category, priority, chance.randrange(units), opened_at, steps)


def _draw_steps(chance: random.Random, category: str) -> Iterator[SyntheticStep]:
    """Give what is done with a ticket; those who are at it stop where the span of days ends."""
    at = 1 + int(chance.expovariate(1 / 9))
    yield SyntheticStep("accept", at)
    repair = 140 if category == "network" else 67
    if chance.random() < 0.1:
        at += chance.randrange(5, 30)
        yield SyntheticStep("wait", at, chance.choice(_WAITS))
        at += chance.randrange(30, 1500)
        yield SyntheticStep("go_on", at)
    at += 3 + int(chance.gammavariate(2.5, repair / 2.5))
    yield SyntheticStep("finish", at, chance.choice(_NOTES))
    if chance.random() < 0.03:
        at += chance.randrange(60, 2000)
        yield SyntheticStep("send_back", at, "仍然不通")
        at += 3 + int(chance.gammavariate(2.5, repair / 2.5))
        yield SyntheticStep("finish", at, chance.choice(_NOTES))
    at += chance.randrange(60, 4000)
    yield SyntheticStep("confirm", at)
    at += chance.randrange(5, 6000)
    if chance.random() < 0.15:
        yield SyntheticStep("close_unrated", at, "用户没有评价")
    else:
        yield SyntheticStep("rate", at, rating=chance.choices((5, 4, 3, 2, 1), (70, 20, 6, 2, 2))[0])
