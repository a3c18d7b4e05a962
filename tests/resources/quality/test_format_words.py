"""The notation of a data element is said as people say it."""

import pytest

from chengshu.resources.contracts.quality import FieldFacts
from chengshu.resources.rules.quality import rules_of_fields


@pytest.mark.parametrize(
    ("notation", "said"),
    [
        ("a..50", "姓名应为 1 至 50 个字，不含数字"),
        ("a2", "姓名应为 2 个字，不含数字"),
        ("n..6", "姓名应为 1 至 6 位数字"),
        ("n6", "姓名应为 6 位数字"),
        ("an18", "姓名应为 18 个字"),
        ("yyyymmdd", "姓名应写成 YYYYMMDD 样式的日期"),
    ],
)
def test_a_format_is_said_in_words(notation: str, said: str) -> None:
    drafts = rules_of_fields([FieldFacts("xm", "姓名", "text", format=notation)])
    assert [draft.name for draft in drafts] == [said]
