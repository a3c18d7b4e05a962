"""People hear of what waits for them, what became of what they handed in, and of disputes; nobody of his own steps."""

from conftest import NOW
from resources.catalogue.town import Town, a_content, step

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.notifications.facade import list_notifications, tell
from chengshu.kernel.tickets import facade as tickets
from chengshu.kernel.tickets.facade import Given
from chengshu.resources.facade import catalogue, disputes
from chengshu.resources.facade.catalogue import Step

TODAY = NOW.date()


def _heard(person: User) -> list[str]:
    rows = list_notifications(person, on=TODAY).order_by("pk")
    return [tell(row, language="zh-hans").title for row in rows]


def test_of_steps(town: Town) -> None:
    resource = catalogue.register_resource(a_content(), actor=town.operator, now=NOW)
    step(resource, Step.SUBMIT, town.operator)
    assert _heard(town.steward) == ["“婚姻登记信息”的编目等您审核"]
    step(resource, Step.RETURN, town.steward, "分类不对")
    step(resource, Step.SUBMIT, town.operator)
    step(resource, Step.APPROVE, town.steward)
    step(resource, Step.WITHDRAW, town.steward, "职责划出")
    assert _heard(town.operator) == [
        "“婚姻登记信息”的编目被退回",
        "“婚姻登记信息”的编目已通过审核",
        "“婚姻登记信息”已下架",
    ]
    returned = list_notifications(town.operator, on=TODAY).order_by("pk").first()
    assert returned is not None
    assert tell(returned, language="zh-hans").body == "steward的姓名退回了“婚姻登记信息”的编目：分类不对"
    assert (len(_heard(town.steward)), _heard(town.other), _heard(town.reader)) == (2, [], [])


def test_of_disputes_and_their_answers(town: Town) -> None:
    resource = catalogue.register_resource(a_content(), actor=town.operator, now=NOW)
    step(resource, Step.SUBMIT, town.operator)
    step(resource, Step.APPROVE, town.steward)
    before = {person.pk: len(_heard(person)) for person in (town.operator, town.steward)}
    dispute = disputes.raise_dispute(resource.pk, "摘要过时", actor=town.other, now=NOW)

    def act(action: str, actor: User, note: str) -> None:
        ticket = dispute.ticket_id
        tickets.act(ticket, action, actor=actor, now=NOW, expected_version=None, given=Given(note=note))

    act("answer", town.operator, "没有过时")
    act("send_back", town.steward, "请说明依据")
    act("answer", town.operator, "依据第 3 条，已改")
    act("uphold", town.steward, "已更正")
    assert _heard(town.operator)[before[town.operator.pk] :] == [
        "“婚姻登记信息”有异议待答复",
        "“婚姻登记信息”有异议待答复",
        "对“婚姻登记信息”的异议成立，已更正",
    ]
    assert _heard(town.steward)[before[town.steward.pk] :] == ["“婚姻登记信息”的异议等您裁定"] * 2
    assert _heard(town.other) == [
        "您对“婚姻登记信息”的异议有了答复",
        "您对“婚姻登记信息”的异议有了答复",
        "对“婚姻登记信息”的异议成立，已更正",
    ]
    assert _heard(town.reader) == []
