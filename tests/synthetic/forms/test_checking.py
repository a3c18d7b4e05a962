"""The checker finds what was planted and leaves right values alone."""

from collections import Counter
from collections.abc import Iterator

import pytest

from chengshu.performance.contracts import Checked, Level
from chengshu.performance.contracts.wire import form_from_record
from chengshu.performance.rules.checking import check_form, check_forms
from chengshu.performance.rules.rulesets import rule_set_for
from chengshu.synthetic.forms import PlantedDefect, generate_forms

# Classes that only several forms together show.
ACROSS = {"DUPLICATE", "GOAL_REUSED", "COPIED_INDICATORS", "COPIED_ACTUALS", "CROSS_FORM_CONFLICT"}
GRAVE = {Level.ERROR, Level.BREACH}

Case = tuple[Checked, list[PlantedDefect]]


def check_synthetic(seed: int, count: int, defects: float) -> Iterator[Case]:
    for record, key in generate_forms(seed, count, defects=defects):
        form = form_from_record(record)
        yield check_form(form, rule_set_for(form)), [defect for defect in key if defect.code not in ACROSS]


@pytest.fixture(scope="module")
def bent() -> list[Case]:
    return list(check_synthetic(42, 2000, 0.7))


@pytest.fixture(scope="module")
def together() -> list[Case]:
    """Forms checked against each other, with the whole key."""
    made = list(generate_forms(45, 2000, defects=0.7))
    checked = check_forms([form_from_record(record) for record, _ in made], None)
    return [(found, key) for found, (_, key) in zip(checked, made, strict=True)]


class TestCheckForm:
    def test_finds_every_certain_defect_in_its_cell(self, bent: list[Case]) -> None:
        missed = [
            (checked.source.form, defect)
            for checked, key in bent
            for defect in key
            if defect.is_certain and (defect.code, defect.field) not in {(at.code, at.field) for at in checked.findings}
        ]
        assert missed == []

    def test_finds_nearly_every_judgement_too(self, bent: list[Case]) -> None:
        planted = Counter(defect.code for _, key in bent for defect in key)
        found = Counter(
            defect.code
            for checked, key in bent
            for defect in key
            if defect.code in {finding.code for finding in checked.findings}
        )
        assert {code: found[code] / total for code, total in planted.items() if found[code] < 0.95 * total} == {}

    def test_reports_no_error_or_breach_beyond_the_key(self, bent: list[Case]) -> None:
        beyond = [
            (checked.source.form, finding.code, finding.field, finding.message)
            for checked, key in bent
            for finding in checked.findings
            if finding.level in GRAVE and finding.code not in {defect.code for defect in key}
        ]
        assert beyond == []

    def test_reports_no_error_or_breach_on_right_forms(self) -> None:
        for checked, _ in check_synthetic(43, 2000, 0):
            assert [finding for finding in checked.findings if finding.level in GRAVE] == [], checked.source

    def test_scores_right_forms_as_they_are_printed(self) -> None:
        for checked, _ in check_synthetic(44, 1000, 0):
            assert [line for line in checked.rescored.lines if line.score != line.printed] == [], checked.source


class TestCheckForms:
    def test_finds_what_was_planted_between_forms(self, together: list[Case]) -> None:
        missed = [
            (checked.source.form, defect)
            for checked, key in together
            for defect in key
            if defect.code in ACROSS and defect.code not in {finding.code for finding in checked.findings}
        ]
        assert missed == []

    def test_takes_hardly_a_form_for_a_copy_of_another(self, together: list[Case]) -> None:
        alike = [
            checked.source.form
            for checked, key in together
            if not {defect.code for defect in key} & ACROSS and {finding.code for finding in checked.findings} & ACROSS
        ]
        assert len(alike) <= len(together) // 100  # two forms of one place may resemble each other by chance

    def test_reports_no_error_or_breach_beyond_the_key(self, together: list[Case]) -> None:
        for checked, key in together:
            grave = {finding.code for finding in checked.findings if finding.level in GRAVE}
            assert grave <= {defect.code for defect in key}, checked.source
