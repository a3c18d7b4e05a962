"""What a spec is: a feature of the neutral language, shown by cases that hold on every engine."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from dataplane.spec.drawing import draw_shape

from chengshu.dataplane.pipelines.pipeline import Pipeline, Step


@dataclass(frozen=True, slots=True)
class Case:
    """One statement of behaviour: steps over drawn tables, and the drawn outcome or the fault."""

    title: str
    steps: str
    """SQL; several steps are separated by a line `-- name`, which names the step that follows."""
    expected: str = ""
    fault: str = ""
    """Words of the fault's message, where there is no outcome."""
    t: str = ""
    """The input `t`; that of the feature when empty."""
    u: str = ""
    """The input `u`, where there is one."""


@dataclass(frozen=True, slots=True)
class Feature:
    """A chapter: what is said for people, a table that its cases share, and the cases."""

    title: str
    about: str
    t: str
    cases: tuple[Case, ...] = field(default=())
    u: str = ""

    def inputs(self, case: Case) -> dict[str, str]:
        """Give the drawn tables that a case reads."""
        drawn = {"t": case.t or self.t, "u": case.u or self.u}
        return {
            name: table for name, table in drawn.items() if table and re.search(rf"(FROM|JOIN|,) {name}\b", case.steps)
        }

    def pipeline(self, case: Case) -> Pipeline:
        """Give the pipeline of a case."""
        inputs = tuple(draw_shape(name, drawn) for name, drawn in self.inputs(case).items())
        return Pipeline(case.title, inputs, split_steps(case.steps))


def split_steps(text: str) -> tuple[Step, ...]:
    """Give the steps of a case."""
    steps, name, lines = [], "result", list[str]()
    for line in text.strip().splitlines():
        if line.startswith("-- "):
            if lines:
                steps.append(Step(name, "\n".join(lines)))
            name, lines = line.removeprefix("-- "), []
        else:
            lines.append(line)
    return (*steps, Step(name, "\n".join(lines)))


def list_modules() -> list[str]:
    """Give the names of the files that hold features, in the order of the documentation."""
    return sorted(path.stem for path in Path(__file__).parent.glob("f[0-9][0-9]_*.py"))
