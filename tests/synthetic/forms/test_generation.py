"""Synthetic forms are repeatable, follow the published contract, and bear the defects that their key names."""

import json
from fractions import Fraction
from itertools import islice
from typing import Any

import pytest

from chengshu.performance.contracts.wire import form_from_record, form_record
from chengshu.synthetic.forms import PLANTED_CODES, TEMPLATES, PlantedDefect, generate_forms

Record = dict[str, Any]


def cell(record: Record, pointer: str) -> Any:
    value: Any = record
    for step in pointer.split("/")[1:]:
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


def half_up(value: Fraction) -> Fraction:
    """Round to hundredths."""
    return Fraction((value * 100 + Fraction(1, 2)).__floor__(), 100)


def grade_by_bands(score: Fraction) -> str:
    return next(name for name, low in (("优", 90), ("良", 80), ("中", 60), ("差", 0)) if score >= low)


def faults(record: Record) -> set[str]:
    """Recompute the arithmetic of a form from its printed figures; name the classes that do not hold."""
    total, parts, rows = record["money"]["total"], record["money"], record["indicators"]
    money = {name: Fraction(total[name]) for name in ("initial", "budget", "executed", "rate", "score")}
    rate = half_up(money["executed"] / money["budget"] * 100)
    rate_on_initial = half_up(money["executed"] / money["initial"] * 100)
    score = Fraction(record["total"]["score"])
    holds = {
        "WEIGHT_SUM": sum(Fraction(row["weight"]) for row in rows) + Fraction(total["weight"]) == 100,
        "TOTAL_WRONG": sum(Fraction(row["score"]) for row in rows) + money["score"] == score,
        "RATE_WRONG": money["rate"] in {rate, rate_on_initial},
        "RATE_BASE": money["rate"] == rate or money["rate"] != rate_on_initial,
        "RATE_SCORE_WRONG": half_up(min(money["executed"] / money["budget"], Fraction(1)) * 10) == money["score"],
        "COMPONENT_SUM": sum(Fraction(parts[name]["budget"]) for name in ("fiscal", "carried_over", "other"))
        == money["budget"],
        "SCORE_ABOVE_WEIGHT": all(Fraction(row["score"]) <= Fraction(row["weight"]) for row in rows),
        "TARGET_MISSING": all(row["target"] is not None for row in rows),
        "ACTUAL_MISSING": all(row["actual"] is not None for row in rows),
        "NAME_MISSING": record["project"] is not None,
        "GRADE_WRONG": record["grade"] in {None, grade_by_bands(score)},
    }
    return {code for code, is_right in holds.items() if not is_right}


ARITHMETIC = frozenset(
    {
        "WEIGHT_SUM",
        "TOTAL_WRONG",
        "RATE_WRONG",
        "RATE_BASE",
        "RATE_SCORE_WRONG",
        "COMPONENT_SUM",
        "SCORE_ABOVE_WEIGHT",
        "TARGET_MISSING",
        "ACTUAL_MISSING",
        "NAME_MISSING",
        "GRADE_WRONG",
    }
)


class TestGenerateForms:
    def test_gives_the_same_bytes_for_the_same_seed(self) -> None:
        first, second = (
            [json.dumps(record, ensure_ascii=False) for record, _ in generate_forms(7, 300)] for _ in range(2)
        )
        assert first == second

    def test_does_not_depend_on_how_many_are_asked_for(self) -> None:
        assert list(islice(generate_forms(7, 5000), 100)) == list(generate_forms(7, 100))

    def test_gives_other_forms_for_another_seed(self) -> None:
        assert [record["project"] for record, _ in generate_forms(1, 50)] != [
            record["project"] for record, _ in generate_forms(2, 50)
        ]

    def test_follows_the_published_contract(self) -> None:
        for record, _ in generate_forms(3, 500):
            assert form_record(form_from_record(record)) == record

    def test_numbers_the_forms_from_one(self) -> None:
        assert [record["source"]["form"] for record, _ in generate_forms(3, 20)] == list(range(1, 21))

    def test_keeps_to_the_templates_asked_for(self) -> None:
        made = {record["template"] for record, _ in generate_forms(3, 50, templates=["shanghai-2024"])}
        assert made == {"shanghai-2024"}

    def test_refuses_an_unknown_template(self) -> None:
        with pytest.raises(KeyError, match="atlantis"):
            next(generate_forms(3, 1, templates=["atlantis-2020"]))

    def test_uses_every_template_and_plants_every_class(self) -> None:
        made = list(generate_forms(11, 8000, defects=0.8))
        assert {record["template"] for record, _ in made} == set(TEMPLATES)
        assert {defect.code for _, key in made for defect in key} == PLANTED_CODES


class TestKey:
    def test_right_forms_bear_no_fault_that_arithmetic_can_prove(self) -> None:
        for record, key in generate_forms(5, 3000, defects=0):
            assert key == []
            assert faults(record) == set(), record["source"]

    def test_names_exactly_the_arithmetic_faults(self) -> None:
        for record, key in generate_forms(6, 6000, defects=0.7):
            assert faults(record) == {defect.code for defect in key} & ARITHMETIC, (record["source"], key)

    def test_points_into_the_form(self) -> None:
        for record, key in generate_forms(8, 2000, defects=0.9):
            for defect in key:
                assert defect.field == "" or (cell(record, defect.field) or True)

    def test_every_deduction_has_its_reason_unless_the_key_says_otherwise(self) -> None:
        for record, key in generate_forms(9, 4000, defects=0.5):
            missing = {
                f"/indicators/{number}/reason"
                for number, row in enumerate(record["indicators"])
                if Fraction(row["score"]) < Fraction(row["weight"]) and row["reason"] in {None, "无"}
            }
            assert missing == {defect.field for defect in key if defect.code == "REASON_MISSING"}

    def test_a_duplicate_repeats_an_earlier_form_but_for_its_number(self) -> None:
        seen: set[str] = set()
        for record, key in generate_forms(10, 3000, defects=0.6):
            body = json.dumps({**record, "source": None})
            if PlantedDefect("DUPLICATE", "", is_certain=True) in key:
                assert body in seen
            seen.add(body)
