"""Carries a plan out on an engine: counts first, then the keys of failing rows, streamed to Parquet by the engine.

Memory stays bounded by the engine's own limit: keys never pass through this process, and none is left out.
"""

import errno
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from sqlglot import exp

from chengshu.dataplane.checks.cells import Shape, shape_of
from chengshu.dataplane.checks.dense import Span
from chengshu.dataplane.checks.footers import count_missing
from chengshu.dataplane.checks.judging import judge_table
from chengshu.dataplane.checks.outcomes import Outcome
from chengshu.dataplane.checks.planning import Planner, large_domains
from chengshu.dataplane.checks.predicates import DOMAIN_VALUE, Surroundings, known_missing
from chengshu.dataplane.checks.rules import Completeness, Family, NotNull, References, Rule
from chengshu.dataplane.checks.validity import require_answerable, require_valid
from chengshu.dataplane.engines.protocol import Engine
from chengshu.dataplane.errors import EngineFault, RuleInvalid

_PART = ".part"
"""The folder in which a rule's keys come into being. It takes the rule's name once they are whole, so that a check that
is killed leaves nothing under that name."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where the keys of failing rows are kept: a folder, with a folder in it for each rule that failed."""

    folder: Path
    key: tuple[str, ...]
    """Columns that name a row."""


def run_checks(
    engine: Engine, shape: Shape, rules: Sequence[Rule], *, now: datetime, keeping: Keeping | None = None
) -> tuple[Outcome, ...]:
    """Ask all rules of a relation that the engine was offered; give an outcome for each, in their order.

    `now` is aware; expressions see its day. What `references` rules point to has been offered too.

    Raises:
        RuleInvalid: a rule makes no sense, or reads a column that is not there.
        EngineFault: the engine refused a statement.
    """
    for rule in rules:
        require_valid(rule)
    require_answerable(rules, shape)
    if keeping and (absent := [column for column in keeping.key if column not in shape.kinds]):
        raise RuleInvalid(f"标识列“{'、'.join(absent)}”不在数据中。数据有这些列：{'、'.join(shape.kinds)}。")
    with ExitStack() as stack:
        domains = {key: f"__domain_{place}" for place, key in enumerate(large_domains(rules))}
        for key, values in large_domains(rules).items():
            stack.enter_context(_offered(engine, domains[key], pa.table({DOMAIN_VALUE: sorted(set(values))})))
        missing = count_missing(shape.files, _asked_for_values(rules))
        around = Surroundings(shape, now.date(), domains, missing, _shapes_referred_to(engine, rules))
        planner = Planner(tuple(rules), around, keeping.key if keeping else (), engine.dialect)
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chengshu-checks-", dir=engine.work)))
        if keeping:
            stack.enter_context(_alone(keeping.folder))
        run = _Run(engine, planner, keeping, scratch, now)
        try:
            return run.outcomes()
        except (Exception, KeyboardInterrupt):
            run.discard()
            raise


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other checks from writing keys into the folder meanwhile; the lock goes with the process, however that ends.

    Raises:
        EngineFault: another check is writing there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = f"另一次检查正在往目录“{folder}”里写不合格行。请等它结束，或换一个目录。"
            raise EngineFault(message, statement="") from error
        except OSError as error:  # a share that knows no locks
            if error.errno not in {errno.EBADF, errno.ENOLCK, errno.ENOTSUP, errno.EINVAL}:
                raise
        yield
    finally:
        os.close(handle)


@dataclass(slots=True)
class _Run:
    engine: Engine
    planner: Planner
    keeping: Keeping | None
    scratch: Path
    now: datetime
    seconds: dict[int, float] = field(default_factory=dict)
    kept: dict[int, Path] = field(default_factory=dict)

    def outcomes(self) -> tuple[Outcome, ...]:
        rules = self.planner.rules
        indexes = {family: [i for i, rule in enumerate(rules) if rule.test.family is family] for family in Family}
        counted: dict[str, Any] = {}
        self._forget_earlier()
        if rules:
            with self._shared_time(range(len(rules))):
                counted = self.engine.fetch(self.planner.counting_sql(failed=not self.keeping)).to_pylist()[0]
        if self.keeping:
            clean = {index for index in indexes[Family.ROW] if self._is_clean(index)}
            counted = {f"failed_{index}": 0 for index in clean} | counted
            if doubtful := [index for index in indexes[Family.ROW] if index not in clean]:
                counted = self._keep_rows(doubtful) | counted  # completeness counts cells, not rows
        failed = {index: int(counted[f"failed_{index}"] or 0) for index in indexes[Family.ROW]}
        for index in indexes[Family.GROUP]:
            with self._shared_time([index]):
                failed[index] = self._ask_group(index, counted)
        return tuple(self._outcome(index, counted, failed.get(index)) for index in range(len(rules)))

    def _outcome(self, index: int, counted: dict[str, Any], failed: int | None) -> Outcome:
        rule, seconds = self.planner.rules[index], self.seconds[index]
        checked = int(counted[f"checked_{index}"] or 0)
        if failed is None:
            fails, observed = judge_table(rule, index, counted, self.planner.around.shape, now=self.now)
            return Outcome(rule, 1, int(fails), None, seconds, observed)
        cells = len(rule.columns) if rule.kind == "completeness" else 1
        return Outcome(rule, checked * cells, failed, self.kept.get(index), seconds)

    def _is_clean(self, index: int) -> bool:
        """Whether the files tell that no row fails, so that its column need not be read."""
        return known_missing(self.planner.rules[index], self.planner.around) == 0

    def _keep_rows(self, indexes: list[int]) -> dict[str, Any]:
        """Take the failing rows out in one scan, count them there, and give each rule its own.

        This scan evaluates every condition as counting does, so counting first would double the work.
        """
        with self._shared_time(indexes):
            rows = self.engine.write(self.planner.failing_sql(indexes), self.scratch / "rows")
            if not rows.rows:
                return {f"failed_{index}": 0 for index in indexes}
        with _offered(self.engine, "__failing", rows.files):
            with self._shared_time(indexes):
                counted: dict[str, Any] = self.engine.fetch(self.planner.failed_sql(indexes, "__failing")).to_pylist()[
                    0
                ]
            for index in indexes:
                if counted[f"failed_{index}"]:
                    with self._shared_time([index]):
                        self._keep(index, self.planner.keys_sql(index, "__failing"))
        return counted

    def _ask_group(self, index: int, counted: Mapping[str, Any]) -> int:
        rule = self.planner.rules[index]
        if isinstance(rule.test, References):
            row = self.engine.fetch(self.planner.orphans_sql(index, keys=False)).to_pylist()[0]
            failed = int(row["failed"])
            if failed and self.keeping:
                self._keep(index, self.planner.orphans_sql(index, keys=True))
            return failed
        span = _span(index, counted)
        if not self.keeping:
            row = self.engine.fetch(self.planner.repeated_rows_sql(index, span)).to_pylist()[0]
            return int(row["failed"] or 0)
        repeated = self.engine.write(self.planner.repeated_sql(index, span), self.scratch / f"repeated_{index}")
        if not repeated.rows:
            return 0
        with _offered(self.engine, "__repeated", repeated.files):
            return self._keep(index, self.planner.repeated_keys_sql(index, "__repeated"))

    def _forget_earlier(self) -> None:
        """Remove what an earlier check kept for these rules, or a rule that is clean now would still show rows."""
        if self.keeping:
            shutil.rmtree(self.keeping.folder / _PART, ignore_errors=True)
            for rule in self.planner.rules:
                for old in (self.keeping.folder / rule.key).glob("*.parquet"):
                    old.unlink()

    def _keep(self, index: int, statement: str) -> int:
        if self.keeping is None:
            raise TypeError("nothing is kept")
        part, folder = self.keeping.folder / _PART, self.keeping.folder / self.planner.rules[index].key
        written = self.engine.write(statement, part)
        folder.mkdir(exist_ok=True)
        if others := [path.name for path in folder.iterdir()]:
            raise EngineFault(
                f"文件夹“{folder}”里有别的文件（{others[0]}）；请移走或换一个文件夹。", statement=statement
            )
        part.replace(folder)
        self.kept[index] = folder
        return written.rows

    def discard(self) -> None:
        """Remove what was kept so far: a rule without a folder would pass for a clean one."""
        if self.keeping:
            for folder in (self.keeping.folder / _PART, *self.kept.values()):
                shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def _shared_time(self, indexes: Sequence[int]) -> Iterator[None]:
        began = time.perf_counter()
        yield
        part = (time.perf_counter() - began) / len(indexes)
        for index in indexes:
            self.seconds[index] = self.seconds.get(index, 0.0) + part


def _asked_for_values(rules: Sequence[Rule]) -> set[str]:
    """Give the columns that some rule asks to have values."""
    return {column for rule in rules if isinstance(rule.test, NotNull | Completeness) for column in rule.columns}


def _shapes_referred_to(engine: Engine, rules: Sequence[Rule]) -> Mapping[str, Shape]:
    names = {rule.test.relation for rule in rules if isinstance(rule.test, References)}
    nothing = {name: exp.select("*").from_(exp.table_(name, quoted=True)).limit(0) for name in sorted(names)}
    return {name: shape_of(name, engine.fetch(asked.sql(engine.dialect)).schema) for name, asked in nothing.items()}


def _span(index: int, counted: Mapping[str, Any]) -> Span | None:
    """Give the span of a rule's numbers where the scan measured it and there were any."""
    least, most = (counted.get(f"{end}_{index}") for end in ("least", "most"))
    return None if least is None or most is None else Span(int(least), int(most), int(counted[f"checked_{index}"]))


@contextmanager
def _offered(engine: Engine, name: str, rows: pa.Table | Sequence[Path]) -> Iterator[None]:
    engine.offer(name, rows)
    try:
        yield
    finally:
        engine.withdraw(name)
