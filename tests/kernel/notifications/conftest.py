"""Kinds of notifications for the tests, and units whose matters they are about."""

import pytest
from conftest import HOUSE_UNIT, found_house

from chengshu.kernel.notifications.facade import News, Template, Words, register_template

PLAIN = Template(
    key="tests.plain",
    label=Words("平常事", "Plain"),
    title=Words("{what}来了", "{what} has come"),
    body=Words("请看{what}。", "Please look at {what}."),
    fields=frozenset({"what"}),
    permission="performance.see_project",
)
URGENT = Template(
    key="tests.urgent",
    label=Words("急事", "Urgent"),
    title=Words("急：{what}", "Urgent: {what}"),
    body=Words("马上看。", "Look at once."),
    fields=frozenset({"what"}),
    is_urgent=True,
)
for template in (PLAIN, URGENT):
    register_template(template)


@pytest.fixture
def unit_id(db: None) -> int:
    return int(found_house(HOUSE_UNIT).pk)


def plain(unit_id: int, key: str = "a", what: str = "材料") -> News:
    return News("tests.plain", {"what": what}, key, url="/performance/goals/1/", organisation_id=unit_id)


def urgent(key: str = "u") -> News:
    return News("tests.urgent", {"what": "故障"}, key)
