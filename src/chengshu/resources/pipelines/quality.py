"""Rules asked of a resource's table in the lake, of all rows or of some by their keys. Knows no database of ours."""

import json
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from chengshu.dataplane.checks.cells import Shape
from chengshu.dataplane.checks.rowkeys import RowKey, list_row_keys, narrow_to, stream_kept
from chengshu.dataplane.checks.rulefiles import Lookup, RuleFile, read_rule_text
from chengshu.dataplane.checks.rules import Family, References, Rule
from chengshu.dataplane.checks.running import Keeping, run_checks
from chengshu.dataplane.checks.validity import columns_read
from chengshu.dataplane.engines.choosing import EngineChoice
from chengshu.dataplane.engines.protocol import Engine
from chengshu.dataplane.errors import DataUnreadable, LakeTableUnknown, RuleInvalid
from chengshu.dataplane.lake.places import Lake
from chengshu.dataplane.lake.reading import ActiveFiles, active_files
from chengshu.dataplane.runs.offering import offer_table
from chengshu.resources.pipelines.measuring import delivered_at, measure, opened, table_named
from chengshu.resources.rules.table_tests import Counting, Measured

_SOME = "some"
TABLE: RowKey = ()
"""The key of what is no row: the table as a whole."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of what: the lake, its table as zone/name, rules as the text of a rule file, a version or None.

    `measured` is what is to be counted for tests that the platform judges by itself; None when it has none. `on` is
    the engine that computes.
    """

    lake: Lake
    table: str
    rules: str
    version: int | None = None
    measured: Counting | None = None
    on: EngineChoice = field(default_factory=EngineChoice)


@dataclass(frozen=True, slots=True)
class Found:
    """What one rule found; `fault` says why it could not be asked. `kept` holds its failing keys, if there are any."""

    key: str
    checked: int = 0
    failed: int = 0
    is_passed: bool = True
    observed: str = ""
    fault: str = ""
    milliseconds: int = 0
    kept: Path | None = None
    width: int = 1
    is_of_table: bool = False

    def failing(self) -> Iterator[tuple[RowKey, str | None]]:
        """Give key and failing cell of every failing row; of a table that fails as a whole, no key and what was seen."""
        if self.kept is not None:
            return stream_kept(self.kept, self.width)
        return iter([(TABLE, self.observed)] if self.is_of_table and self.failed else [])


@dataclass(frozen=True, slots=True)
class Checked:
    """A check: the version that was read, its rows, what each rule found."""

    version: int
    rows: int
    found: tuple[Found, ...]
    measured: Measured | None = None


@dataclass(frozen=True, slots=True)
class Rechecked:
    """Owed rows looked at again: the version, rows found, and by rule the keys that still fail with their cells.

    The key without cells stands for the table as a whole, which is always there.
    """

    version: int
    present: frozenset[RowKey]
    failing: Mapping[str, Mapping[RowKey, str | None]]
    found: tuple[Found, ...]
    measured: Measured | None = None


def require_rules(text: str) -> RuleFile:
    """Read rules, which may look into other resources of the catalogue alone.

    Raises:
        RulesUnreadable, RuleInvalid: they make no sense, or read files.
    """
    if not (record := json.loads(text))["rules"]:  # all that is asked is judged by the platform
        return RuleFile((), tuple(record["key"]))
    file = read_rule_text(text, name="规则")
    if file.domains:
        raise RuleInvalid("值域请用目录里的值域，或直接列出 values；平台里的规则不能写 values_from。")
    return file


def check_table(asked: Asked, *, now: datetime, keys: Path) -> Checked:
    """Ask all rules of all rows; keys of failing rows are kept as files under `keys`.

    Raises:
        LakeFault: there is no such table or version.
        RuleInvalid, RulesUnreadable, DataUnreadable: nothing was checked.
    """
    with ask_opened(asked) as (_engine, ask, measured):
        return replace(ask(now=now, keys=keys), measured=measured())


@contextmanager
def ask_opened(asked: Asked) -> Iterator[tuple[Engine, "Ask", Callable[[], Measured | None]]]:
    """Open the table, and give the engine, what asks all rules of all rows, and what measures the table.

    Raises as `check_table` does.
    """
    with opened_with_rules(asked) as (engine, file, shape, active):

        def ask(*, now: datetime, keys: Path) -> Checked:
            return Checked(active.version, active.rows, _ask(engine, shape, file, now=now, keys=keys))

        yield engine, ask, lambda: _measure(asked, engine, shape, active)


class Ask(Protocol):
    """Asks all rules of all rows; keys of failing rows are kept as files under `keys`."""

    def __call__(self, *, now: datetime, keys: Path) -> Checked:
        """Give what the rules found."""


def recheck_rows(asked: Asked, owed: Mapping[str, Collection[RowKey]], *, now: datetime, keys: Path) -> Rechecked:
    """Ask rules again of exactly the rows owed for them; what looks at rows together is asked of the whole table.

    Raises as `check_table` does.
    """
    with opened_with_rules(asked) as (engine, file, shape, active):
        every = {row for rows in owed.values() for row in rows if row != TABLE}
        with tempfile.TemporaryDirectory(prefix="chengshu-owed-", dir=engine.work) as folder:
            some = narrow_to(engine, shape, file.key, every, name=_SOME, folder=Path(folder)) if every else None
            present = frozenset(list_row_keys(engine, some, file.key)) if some else frozenset()
            found: list[Found] = []
            for family in Family:
                of_it = replace(file, rules=tuple(rule for rule in file.rules if rule.test.family is family))
                base = some if family is Family.ROW else shape
                if of_it.rules and base is not None:
                    found += _ask(engine, base, of_it, now=now, keys=keys)
        failing = {one.key: {row: cell for row, cell in one.failing() if row in owed[one.key]} for one in found}
        measured = _measure(asked, engine, shape, active)
        return Rechecked(active.version, present | {TABLE}, failing, tuple(found), measured)


@contextmanager
def opened_with_rules(asked: Asked) -> Iterator[tuple[Engine, RuleFile, Shape, ActiveFiles]]:
    """Open an engine over the table; rules come with the relations that they look into."""
    file = require_rules(asked.rules)
    read_as, version = file.read_as, asked.version
    with opened(asked.lake, asked.table, on=asked.on, version=version, read_as=read_as) as (engine, shape, active):
        if absent := [column for column in file.key if column not in active.schema.names]:
            message = f"数据表里没有作为标识的列“{'、'.join(absent)}”，不能按行检查。请核对编目的标识项与来源的列名。"
            raise DataUnreadable(message)
        there = {name: one for name, one in file.references.items() if _offer(engine, name, one, asked.lake)}
        yield engine, replace(file, references=there), shape, active


def _offer(engine: Engine, name: str, lookup: Lookup, lake: Lake) -> bool:
    """Have the engine read a table that a rule looks into; False where it, or one of its columns, is not in the lake."""
    try:
        active = active_files(lake, table_named(lookup.data))
    except LakeTableUnknown:
        return False
    if not set(lookup.columns) <= set(active.schema.names):
        return False
    offer_table(engine, name, active)
    return True


def _measure(asked: Asked, engine: Engine, shape: Shape, active: ActiveFiles) -> Measured | None:
    if asked.measured is None:
        return None
    found = measure(engine, shape, asked.measured, rows=active.rows)
    return replace(found, delivered_at=delivered_at(asked.lake, asked.table))


def _ask(engine: Engine, shape: Shape, file: RuleFile, *, now: datetime, keys: Path) -> tuple[Found, ...]:
    able = [rule for rule in file.rules if not _absent(rule, shape) and _looks_into(rule, file)]
    outcomes = run_checks(engine, shape, able, now=now, keeping=Keeping(keys, file.key)) if able else ()
    found = {
        outcome.rule.key: Found(
            key=outcome.rule.key,
            checked=outcome.checked,
            failed=outcome.failed,
            is_passed=outcome.passed,
            observed=outcome.observed,
            milliseconds=round(outcome.seconds * 1000),
            kept=outcome.keys,
            width=len(file.key),
            is_of_table=outcome.rule.test.family is Family.TABLE,
        )
        for outcome in outcomes
    }
    return tuple(found.get(rule.key) or _unasked(rule, shape) for rule in file.rules)


def _absent(rule: Rule, shape: Shape) -> list[str]:
    return [column for column in columns_read(rule) if column not in shape.kinds]


def _unasked(rule: Rule, shape: Shape) -> Found:
    if absent := "、".join(_absent(rule, shape)):
        fault = f"数据中没有列“{absent}”，未能检查。请核对编目与来源的列名。"
    else:
        fault = "被引用的表还没有归集，或没有被引用的列，未能检查。请先归集那张表，或核对引用的目录编码和信息项代码。"
    return Found(rule.key, fault=fault, is_passed=False)


def _looks_into(rule: Rule, file: RuleFile) -> bool:
    """Tell whether the table that a rule looks into is there, if it looks into one."""
    return not isinstance(rule.test, References) or rule.test.relation in file.references


def columns_asked(rules: str) -> tuple[str, ...]:
    """Give the columns whose cells checks keep beside the keys, as they stand in kept values; for one rule."""
    (rule,) = require_rules(rules).rules
    return rule.columns or columns_read(rule)
