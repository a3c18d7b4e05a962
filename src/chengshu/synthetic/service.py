"""Synthetic tickets of a data-operation service from a seed: work that is asked for, troubles, checks of security. No Django."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from chengshu.synthetic.tickets import SyntheticStep, SyntheticTicket

_MINUTE = timedelta(minutes=1)
_WORK, _TROUBLE = "data_work", "data_trouble"
_ASKED = {
    "collection": ("新增数据源接入", "调整交付周期", "补采上月数据", "核对交付行数"),
    "cataloguing": ("新增编目", "修改信息项说明", "核对共享属性", "下架旧目录"),
    "quality": ("新增质量规则", "核对问题行", "导出质量报告", "调整规则阈值"),
    "other": ("数据使用咨询", "账号权限调整", "制作数据统计表"),
}
_BROKEN = {
    "platform": ("归集任务未启动", "检索页面报错", "质量检查超时", "数据湖写入失败"),
    "source": ("来源库连接不上", "交付文件无法读取", "接口返回空数据"),
    "user": ("使用单位网络不通", "本地程序解析失败"),
}
_NOTES = ("已处理并与申请人确认", "已调整配置后恢复", "已补采并核对行数", "已更新说明", "已联系来源单位修复")
_SHARES = {_WORK: (40, 25, 25, 10), _TROUBLE: (45, 35, 20)}
#: Hours that the handling usually takes, by kind: a gamma distribution of shape 2 round them.
_USUAL_HOURS = {_WORK: 22, _TROUBLE: 2.2}
#: One in so many is left lying far over its limit.
_NEGLECTED = 14
_SECURITY_EVERY = timedelta(days=91)


@dataclass(frozen=True, slots=True)
class ServicePlan:
    """How much a service has to do in a span: from `since`, an aware midnight of the city, over so many days."""

    seed: int
    since: datetime
    days: int
    works: int
    troubles: int

    @property
    def until(self) -> datetime:
        """The end of the span."""
        return self.since + timedelta(days=self.days)


def generate_service(plan: ServicePlan) -> Iterator[SyntheticTicket]:
    """Give the tickets of a service in the order of their opening, the same ones for the same plan.

    Most are done in time, called back and rated; some are neglected, and the last are still open at the end. Beside
    what is asked for there is a check of data security each quarter.
    """
    draw = random.Random(plan.seed)  # noqa: S311 - synthetic data from a seed, nothing secret
    tickets = [_draw(draw, plan, _WORK, _ASKED) for _number in range(plan.works)]
    tickets += [_draw(draw, plan, _TROUBLE, _BROKEN) for _number in range(plan.troubles)]
    tickets += _checks(plan)
    yield from sorted(tickets, key=lambda ticket: (ticket.opened_at, ticket.title))


def _draw(draw: random.Random, plan: ServicePlan, kind: str, titles: dict[str, tuple[str, ...]]) -> SyntheticTicket:
    category = draw.choices(tuple(titles), _SHARES[kind])[0]
    opened_at = plan.since + timedelta(days=draw.randrange(plan.days), hours=9, minutes=draw.randrange(8 * 60))
    priority = "urgent" if draw.random() < 0.1 else "normal"
    steps = tuple(step for step in _steps(draw, kind) if opened_at + _MINUTE * step.after_minutes < plan.until)
    return SyntheticTicket(draw.choice(titles[category]), category, priority, 0, opened_at, steps, kind)


def _steps(draw: random.Random, kind: str) -> Iterator[SyntheticStep]:
    at = 2 + draw.randrange(25)
    yield SyntheticStep("accept", at)
    hours = draw.gammavariate(2, _USUAL_HOURS[kind] / 2)
    if draw.randrange(_NEGLECTED) == 0:
        hours = _USUAL_HOURS[kind] * 12
    at += 5 + int(hours * 60)
    yield SyntheticStep("finish", at, draw.choice(_NOTES))
    at += draw.randrange(30, 2000)
    yield SyntheticStep("confirm", at)
    at += draw.randrange(5, 3000)
    if draw.random() < 0.2:
        yield SyntheticStep("close_unrated", at, "申请人没有评价")
    else:
        yield SyntheticStep("rate", at, rating=draw.choices((5, 4, 3, 2), (66, 26, 6, 2))[0])


def _checks(plan: ServicePlan) -> Iterator[SyntheticTicket]:
    """Give the checks of data security: one in the middle of each quarter of the span."""
    opened_at = plan.since + _SECURITY_EVERY / 2
    while opened_at < plan.until:
        all_steps = (SyntheticStep("accept", 20), SyntheticStep("finish", 1500, "已按清单核查，问题已交整改"))
        steps = tuple(step for step in all_steps if opened_at + _MINUTE * step.after_minutes < plan.until)
        yield SyntheticTicket("季度数据安全核查", "security_check", "normal", 0, opened_at, steps, _WORK)
        opened_at += _SECURITY_EVERY
