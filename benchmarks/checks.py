"""Checking structured forms, beside parsing their JSON."""

import json

from benchmarks.measuring import best_seconds, print_line
from chengshu.performance.contracts.wire import form_from_record
from chengshu.performance.rules.checking import check_form, check_forms
from chengshu.performance.rules.rulesets import rule_set_for
from chengshu.synthetic.forms import generate_forms

FORMS = 2_000
SEED = 1


def run() -> None:
    """Target: at least 2,000 forms/s on one core."""
    records = [record for record, _ in generate_forms(SEED, FORMS)]
    lines = [json.dumps(record, ensure_ascii=False) for record in records]
    forms = [form_from_record(record) for record in records]
    parsing = best_seconds(lambda: [json.loads(line) for line in lines], runs=3)
    building = best_seconds(lambda: [form_from_record(record) for record in records], runs=3)
    checking = best_seconds(lambda: [check_form(form, rule_set_for(form)) for form in forms], runs=3)
    together = best_seconds(lambda: check_forms(forms, None), runs=1)
    generating = best_seconds(lambda: list(generate_forms(SEED, FORMS)), runs=3)
    print_line(
        "input", f"{FORMS:,} forms", f"synthetic, seed {SEED}, {len(''.join(lines).encode()) / FORMS:,.0f} B each"
    )
    _print_rate("check and score again, form by form", checking)
    _print_rate("the same, and the forms against each other", together)
    _print_rate("build a form from its record", building)
    _print_rate("floor: parse the JSON of the same forms", parsing)
    _print_rate("generate synthetic forms", generating)


def _print_rate(label: str, seconds: float) -> None:
    print_line(label, f"{FORMS / seconds:,.0f} forms/s", f"{seconds / FORMS * 1e6:,.0f} µs a form")
