"""Figures beyond every form: digits that ran together, numerals without end, forms without a single indicator."""

import json
import re
from pathlib import Path

import pytest
from hostile.conftest import Import
from performance.fakes import a_record, as_bytes

from chengshu.base.quantities import parse_amount, parse_quantity
from chengshu.base.texts import parse_decimal
from chengshu.performance import facade
from chengshu.performance.facade import FindingRecord, FormRecord, SourceFile, Verdict

_PRINTED = Path(__file__).parents[2] / "examples" / "files"
_RUN_TOGETHER = "8" * 30


class TestParsing:
    @pytest.mark.parametrize("text", ["一" * 5000 + "家", "百分之" + "一" * 5000, "一亿" * 3000 + "点一家", "9" * 5000])
    def test_numbers_without_end_are_words(self, text: str) -> None:
        quantity = parse_quantity(text)
        assert quantity is not None
        assert quantity.value is None

    @pytest.mark.parametrize("text", [_RUN_TOGETHER, "1," + ",".join(["888"] * 9), "0." + "3" * 40])
    def test_digits_that_ran_together_are_no_figure(self, text: str) -> None:
        assert parse_decimal(text) is None
        assert parse_amount(text) is None

    def test_the_widest_figure_stays_one(self) -> None:
        assert str(parse_decimal("9" * 24 + "." + "9" * 24)) == "9" * 24 + "." + "9" * 24


@pytest.mark.django_db
class TestForms:
    @pytest.mark.parametrize("ending", ["txt", "csv", "md"])
    def test_digits_that_ran_together_harm_no_other_form(self, import_files: Import, ending: str) -> None:
        text = (_PRINTED / f"shanghai-2021.{ending}").read_text("utf-8-sig")
        amount = re.search(r"[0-9][0-9,]{4,}\.[0-9]{2}", text)
        assert amount is not None
        damaged = text.replace(amount[0], _RUN_TOGETHER)
        batch = import_files((f"坏.{ending}", damaged.encode()), ("好.jsonl", as_bytes(a_record())))
        assert not SourceFile.objects.filter(batch=batch, verdict=Verdict.WAITING).exists()
        assert FormRecord.objects.filter(batch=batch, source_file__name="好.jsonl", rescoring__isnull=False).exists()
        stored = FormRecord.objects.filter(batch=batch, source_file__name=f"坏.{ending}").first()
        assert stored is not None
        assert _RUN_TOGETHER not in json.dumps(stored.content.record["money"])
        assert any(item["raw"] == _RUN_TOGETHER for item in stored.content.record["unreadable"])

    def test_a_form_without_indicators_goes_all_the_way(self, import_files: Import) -> None:
        batch = import_files(("空.jsonl", as_bytes(a_record(indicators=[]))))
        form = FormRecord.objects.get(batch=batch)
        assert FindingRecord.objects.filter(form=form).exists()
        assert facade.print_form(form, "html", font_dir=None)

    @pytest.mark.parametrize(
        "figures",
        [
            {"initial": "0", "budget": "0", "executed": "0", "rate": "0", "weight": "10", "score": "10"},
            {"initial": "-5", "budget": "-5", "executed": "-5", "rate": "-100", "weight": "-1", "score": "-1"},
            {"initial": "1", "budget": "1", "executed": "9" * 24, "rate": "9" * 24, "weight": "10", "score": "10"},
            {"initial": None, "budget": None, "executed": None, "rate": "500", "weight": None, "score": "9" * 24},
            {"initial": "0." + "0" * 23 + "1", "budget": "0." + "0" * 23 + "1", "executed": "9" * 24, "rate": "1"},
        ],
    )
    def test_extreme_money_is_checked_and_kept(self, import_files: Import, figures: dict[str, str | None]) -> None:
        batch = import_files(("极.jsonl", as_bytes(a_record(money={"total": figures}))))
        form = FormRecord.objects.get(batch=batch)
        assert form.rescoring.rules
        assert form.content.record["money"]["total"]["executed"] == figures["executed"]
