"""The editor of goals: what was typed, read into a content, and the texts that are no figure kept beside it.

Every row has fields named after its key (`name-12`, `target-new1`), and `row` lists the keys in their order.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from django.http import QueryDict
from django.utils.translation import gettext as _

from chengshu.performance.facade import goals
from chengshu.performance.facade.goals import GoalContent, GoalRow, Mark

_KEY = re.compile(r"[A-Za-z0-9]{1,40}")


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the editor. `gone` are the keys of rows to be removed by the save, `faults` sentences by key.

    `weights` has the typed text of weights that are no figure; `focus` is the key of a row that was just added.
    """

    content: GoalContent
    version: int
    base: int
    gone: frozenset[str] = frozenset()
    weights: dict[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    search: str = ""
    focus: str = ""

    @property
    def standing(self) -> GoalContent:
        """The content without the rows that are to be removed."""
        rows = tuple(row for row in self.content.rows if row.key not in self.gone)
        return GoalContent(self.content.expected, rows)


def read_typed(data: QueryDict) -> Typed:
    """Read the posted editor; keys and numbers that nobody could have typed are left out."""
    weights: dict[str, str] = {}
    keys = dict.fromkeys(data.getlist("row"))
    rows = [_read_row(data, key, weights) for key in keys if _KEY.fullmatch(key)]
    faults = {key: _("分值要填 0 到 1000 的数，最多四位小数。") for key in weights}
    version = _number(data.get("version", ""))
    return Typed(
        goals.arrange(GoalContent(data.get("expected", ""), tuple(rows))),
        version,
        _number(data.get("base", "")) or version,
        frozenset(row.key for row in rows if f"gone-{row.key}" in data),
        weights,
        faults,
        data.get("search", "").strip()[:60],
    )


def _read_row(data: QueryDict, key: str, weights: dict[str, str]) -> GoalRow:
    level1, _slash, level2 = data.get(f"class-{key}", "").partition("/")
    typed = data.get(f"weight-{key}", "")
    weight: Decimal | None = None
    try:
        weight = goals.read_weight(typed)
    except ValueError:
        weights[key] = typed[:40]
    marks = () if f"settled-{key}" in data else _marks(data.get(f"marks-{key}", ""))
    return GoalRow(
        key=key,
        level1=level1,
        level2=level2,
        name=data.get(f"name-{key}", ""),
        target=data.get(f"target-{key}", ""),
        weight=weight,
        measured_by=data.get(f"measured-{key}", ""),
        scope=data.get(f"scope-{key}", ""),
        library_id=_number(data.get(f"library-{key}", "")) or None,
        marks=marks,
    )


def _marks(text: str) -> tuple[Mark, ...]:
    return tuple(mark for mark in Mark if mark.value in text.split())


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 15 else 0
