"""Asks a rule again of exactly the rows that failed it before: which still fail, which are mended, which are gone."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from chengshu.dataplane.checks.cells import Kind, Shape
from chengshu.dataplane.checks.planning import Planner
from chengshu.dataplane.checks.predicates import Surroundings
from chengshu.dataplane.checks.rules import Family, Rule
from chengshu.dataplane.checks.running import Keeping, run_checks
from chengshu.dataplane.engines.protocol import Engine
from chengshu.dataplane.errors import RuleInvalid

_KEPT, _AGAIN, _FAILING, _STILL = "__kept", "__again", "__failing_again", "__still"
_KEYS = Shape("", {"rule": Kind.TEXT, "key": Kind.TEXT, "value": Kind.TEXT})


@dataclass(frozen=True, slots=True)
class Rechecked:
    """What became of the rows that failed before, counted by their keys."""

    asked: int
    failing: int
    """Still fail; the folder given holds them as a check keeps them."""
    mended: int
    """Are there, and fail no more (or are no longer looked at)."""
    gone: int
    """Are no longer there."""


def recheck(
    engine: Engine, shape: Shape, rule: Rule, kept: Sequence[Path], *, keeping: Keeping, now: datetime
) -> Rechecked:
    """Ask one rule again of the rows whose keys a check kept in these files, by the same key columns.

    A rule that looks at rows together is asked of the whole table, and its answer held against the kept keys.

    Raises:
        RuleInvalid: the rule judges the table as a whole, so there are no rows to ask again.
        EngineFault: the engine refused a statement.
    """
    if rule.test.family is Family.TABLE:
        raise RuleInvalid(f"规则“{rule.key}”（{rule.kind}）查的是整张表，没有可复查的行。请重新检查整张表。")
    with tempfile.TemporaryDirectory(prefix="chengshu-recheck-", dir=engine.work) as folder:
        again = _Again(engine, shape, rule, keeping, now, Path(folder))
        engine.offer(_KEPT, list(kept))
        try:
            return again.ask()
        finally:
            for name in (_KEPT, _AGAIN, _FAILING):
                engine.withdraw(name)


@dataclass(frozen=True, slots=True)
class _Again:
    engine: Engine
    shape: Shape
    rule: Rule
    keeping: Keeping
    now: datetime
    scratch: Path

    def ask(self) -> Rechecked:
        asked = self._named(_kept_shape(_KEPT), ("key",))
        there = self.engine.write(self._planner(self.shape, self.keeping.key).among_sql(_KEPT), self.scratch / "there")
        if not there.rows:
            return Rechecked(asked, 0, 0, asked)
        self.engine.offer(_AGAIN, there.files)
        rows = Shape(_AGAIN, self.shape.kinds, self.shape.read_as)
        present = self._named(rows, self.keeping.key)
        failing = self._failing_alone(rows) if self.rule.test.family is Family.ROW else self._failing_together()
        return Rechecked(asked, failing, present - failing, asked - present)

    def _failing_alone(self, rows: Shape) -> int:
        (outcome,) = run_checks(self.engine, rows, [self.rule], now=self.now, keeping=self.keeping)
        return self._count(outcome.keys)

    def _failing_together(self) -> int:
        """Check the whole table beside, and keep of what fails only what had failed before."""
        beside = Keeping(self.scratch / "all", self.keeping.key)
        (outcome,) = run_checks(self.engine, self.shape, [self.rule], now=self.now, keeping=beside)
        target = self.keeping.folder / self.rule.key
        for old in target.glob("*.parquet"):
            old.unlink()
        if outcome.keys is None:
            return 0
        self.engine.offer(_FAILING, sorted(outcome.keys.glob("*.parquet")))
        self.engine.write(self._planner(_kept_shape(_FAILING), ("key",)).among_sql(_KEPT), target)
        return self._count(target)

    def _count(self, keys: Path | None) -> int:
        files = sorted(keys.glob("*.parquet")) if keys else []
        if not files:
            return 0
        self.engine.offer(_STILL, files)
        try:
            return self._named(_kept_shape(_STILL), ("key",))
        finally:
            self.engine.withdraw(_STILL)

    def _named(self, shape: Shape, key: tuple[str, ...]) -> int:
        rows: pa.Table = self.engine.fetch(self._planner(shape, key).named_sql())
        return int(rows["named"][0].as_py())

    def _planner(self, shape: Shape, key: tuple[str, ...]) -> Planner:
        return Planner((), Surroundings(shape, self.now.date()), key, self.engine.dialect)


def _kept_shape(relation: str) -> Shape:
    return Shape(relation, _KEYS.kinds)
