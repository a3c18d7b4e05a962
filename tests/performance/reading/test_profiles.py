"""Profiles are data, and refuse to be wrong data."""

import pytest

from chengshu.performance.errors import ProfileInvalid
from chengshu.performance.reading.lexicon import build_lexicon, find_role
from chengshu.performance.reading.profile import build_profiles, load_profiles

BASE = """
name = "base"
title = "样表"
years = [2020, 2021]
titles = ["样表"]
signature = ["样表", "预算"]
[head]
project = ["项目名称"]
[money]
sub_columns = ["budget"]
[money.columns]
budget = ["预算"]
[money.rows]
total = ["总额"]
[goal]
labels = ["目标"]
expected = ["预期"]
[indicators]
banner = ["绩效指标"]
[indicators.columns]
level3 = ["指标"]
[indicators.classes]
"产出指标" = ["数量指标"]
[footer]
total = ["总分"]
grades = ["优"]
"""


def test_the_packaged_profiles_load_and_have_their_own_names() -> None:
    profiles = load_profiles()
    assert len({profile.name for profile in profiles}) == len(profiles) >= 8
    assert all(set(profile.sub_columns) <= set(profile.money_columns) for profile in profiles)


def test_a_profile_adds_its_words_to_those_it_extends() -> None:
    child = 'name = "child"\nextends = "base"\ntitle = "分表"\n[money.columns]\nbudget = ["本年预算"]\n'
    profile = build_profiles({"base": BASE, "child": child})[1]
    assert profile.money_columns["budget"] == ("本年预算", "预算")
    assert (profile.title, profile.years) == ("分表", (2020, 2021))


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (('name = "base"', 'name = "other"'), "name"),
        (("years = [2020, 2021]", "years = [2020]"), "years"),
        (('project = ["项目名称"]', 'projekt = ["项目名称"]'), "head"),
        (('sub_columns = ["budget"]', 'sub_columns = ["colour"]'), "money.sub_columns"),
        (('budget = ["预算"]', "budget = []"), "money.columns.budget"),
        (('title = "样表"', 'title = "样表"\nextra = 1'), "extra"),
        (('title = "样表"', 'title = "样表"\nextends = "nobody"'), "extends"),
        (("[footer]", "[footer"), ""),
    ],
)
def test_a_broken_profile_is_refused_by_name_and_key(change: tuple[str, str], key: str) -> None:
    with pytest.raises(ProfileInvalid) as refusal:
        build_profiles({"base": BASE.replace(*change)})
    assert refusal.value.details["profile"] == "base"
    assert refusal.value.details["key"] == key


@pytest.mark.parametrize("printed", ["执行率(%)", "（一）执行率", "执行率（B/A）"])
def test_a_label_is_found_with_what_stands_around_it(printed: str) -> None:
    lexicon = build_lexicon(load_profiles())
    assert find_role(printed.replace("（", "(").replace("）", ")"), lexicon.money_columns) == "rate"
