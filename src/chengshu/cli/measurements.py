"""What `chengshu indicators` does. Imported when Django is set up."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import click
from django.utils import timezone

from chengshu.kernel.indicators import facade as indicators
from chengshu.kernel.indicators.facade import Window


def list_specs(*, as_json: bool) -> None:
    """Print every registered indicator: the published record with no value, or a line to read."""
    for spec in indicators.list_specs():
        if as_json:
            _print(indicators.write_spec_record(spec))
        else:
            unit = f"（{spec.unit}）" if spec.unit else ""
            click.echo(f"{spec.key:<40} {spec.name}{unit}：{spec.definition}")


def measure(key: str, first: date, last: date, scope: str, *, as_json: bool) -> None:
    """Measure, keep and print. Runs as the system itself: whoever reaches the command line may read the database."""
    kept = indicators.measure(key, Window(first, last), scope, actor=None, now=timezone.now())
    record = indicators.write_record(kept)
    if as_json:
        _print(record)
        return
    click.echo(f"{record['name']}：{_shown(record['value'])} {record['unit']}（计量编号 {kept.pk}）")
    click.echo(f"  {first} 至 {last}，范围：{scope or '全市'}，事实 {kept.counted:,} 条")
    click.echo(f"  分子 {record['numerator']}，分母 {_shown(record['denominator'])}，摘要 {kept.digest}")


def verify(measurement: int, *, as_json: bool) -> bool:
    """Measure once more, print what came of it, and return whether the facts are the same."""
    found = indicators.open_measurement(measurement)
    result = indicators.verify_measurement(found)
    if as_json:
        _print({"same": result.same, "was": result.was, "is": result.now})
        return result.same
    if result.same:
        click.echo(f"事实没有变，摘要仍为 {result.was}。")
        return True
    click.echo(f"事实已变：当时 {_shown(result.was_value)}，现在 {_shown(result.now_value)}。")
    for label, keys in (("新增", result.added), ("减少", result.removed), ("改动", result.altered)):
        if keys:
            click.echo(f"  {label}：{'、'.join(keys)}")
    return False


def _shown(value: object) -> str:
    return "无" if value is None else str(value)


def _print(record: Mapping[str, Any]) -> None:
    click.echo(json.dumps(record, ensure_ascii=False))
