"""Rule sets carry every number with its source, and refuse what is not whole."""

from dataclasses import replace
from decimal import Decimal

import pytest
from performance.rules.building import a_form

from chengshu.performance.errors import RuleSetInvalid, RuleSetUnknown
from chengshu.performance.rules.rulesets import build_rule_set, get_rule_set, list_rule_sets, rule_set_for

SETTING = {"value": "1", "label": "x", "source": "y"}


def test_lists_the_rule_sets_of_years_and_places() -> None:
    assert set(list_rule_sets()) >= {
        "national-2020", "national-2021", "shanghai-2020", "shanghai-2021", "shanghai-2023", "shanghai-2024",
        "hubei-2020", "sichuan-2023", "yunnan",
    }  # fmt: skip


@pytest.mark.parametrize("name", list_rule_sets())
def test_every_setting_names_its_source(name: str) -> None:
    rules = get_rule_set(name)
    texts = [*rules.basis.values(), *rules.principles.values()]
    assert rules.principles
    assert all(text.startswith(f"{name}：") and "依据：" in text for text in texts)


@pytest.mark.parametrize("name", list_rule_sets())
def test_prints_no_unchecked_document_number_or_article(name: str) -> None:
    rules = get_rule_set(name)
    texts = " ".join([*rules.basis.values(), *rules.principles.values()])
    assert "沪财绩" not in texts
    assert "条第" not in texts
    assert "第十" not in texts
    assert "第二十" not in texts


def test_inherits_what_a_local_rule_set_leaves_alone() -> None:
    national, hubei = get_rule_set("national-2020"), get_rule_set("hubei-2020")
    assert hubei.grade_bands == national.grade_bands
    assert (national.execution_points, hubei.execution_points) == (Decimal(10), Decimal(20))
    assert (national.reverse_formula, hubei.reverse_formula) == ("excess", "ratio")
    assert (national.qualitative_bands[1], hubei.qualitative_bands[1]) == (Decimal("0.6"), Decimal("0.5"))


@pytest.mark.parametrize(
    ("total", "grade"),
    [
        ("100", "优"),
        ("90", "优"),
        ("89.995", "良"),
        ("80", "良"),
        ("79.99", "中"),
        ("60", "中"),
        ("59.99", "差"),
        ("0", "差"),
    ],
)
def test_grades_by_unrounded_bands(total: str, grade: str) -> None:
    assert get_rule_set("national-2020").grade_of(Decimal(total)) == grade


def test_names_the_known_ones_when_asked_for_another() -> None:
    with pytest.raises(RuleSetUnknown, match="national-2020") as caught:
        get_rule_set("atlantis-2020")
    assert caught.value.details["name"] == "atlantis-2020"


@pytest.mark.parametrize(
    ("template", "year", "expected"),
    [
        ("shanghai-2023", 2023, "shanghai-2023"),
        ("shanghai", 2022, "shanghai-2021"),
        ("shanghai-2019", 2019, "shanghai-2020"),
        ("sichuan", 2023, "sichuan-2023"),
        ("yunnan", 2021, "yunnan"),
        ("national-2020", 2024, "national-2020"),
        ("national", 2022, "national-2020"),
        ("", 2024, "national-2020"),
        ("somewhere", None, "national-2020"),
    ],
)
def test_chooses_by_template_and_year(template: str, year: int | None, expected: str) -> None:
    assert rule_set_for(replace(a_form(), template=template, year=year)).name == expected


def test_refuses_a_missing_or_unknown_setting() -> None:
    with pytest.raises(RuleSetInvalid, match="grade_bands"):
        build_rule_set("bad", {"title": "t", "place": "p", "from_year": 2020, "settings": {"no_such": SETTING}})


@pytest.mark.parametrize(
    ("key", "entry"),
    [
        ("full_score", {"value": "hundred", "label": "满分", "source": "s"}),
        ("full_score", {"value": "100", "label": "满分"}),
        ("full_score", {"value": "100", "label": "满分", "source": ""}),
        ("reverse_formula", {"value": "cubic", "label": "l", "source": "s"}),
        ("grade_bands", {"value": [["差", "0"], ["优", "90"]], "label": "l", "source": "s"}),
        ("qualitative_bands", {"value": ["0.6", "0.8"], "label": "l", "source": "s"}),
        ("score_digits", {"value": -1, "label": "l", "source": "s"}),
    ],
)
def test_refuses_a_setting_of_the_wrong_kind_or_without_source(key: str, entry: dict[str, object]) -> None:
    whole = dict.fromkeys(get_rule_set("national-2020").basis, SETTING)
    with pytest.raises(RuleSetInvalid, match=key):
        build_rule_set(
            "bad", {"title": "t", "place": "p", "from_year": 2020, "settings": {key: entry, **_others(whole, key)}}
        )


def _others(whole: dict[str, dict[str, str]], key: str) -> dict[str, dict[str, str]]:
    return {name: entry for name, entry in whole.items() if name != key}
