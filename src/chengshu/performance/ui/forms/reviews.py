"""The forms of spot checks, and what a person typed on a review."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengshu.performance.facade import reviews
from chengshu.performance.facade.reviews import LineScore, ReviewedLine, SpotCheckAsked, StratumBy
from chengshu.performance.ui.review_words import DIVISIONS
from chengshu.performance.ui.wording import write_move, write_score

_LARGEST_SEED = 10**18 - 1


class SpotCheckForm(forms.Form):
    """What is needed to draw a spot check."""

    year = forms.IntegerField(label=gettext_lazy("年度"), min_value=1990, max_value=2100)
    name = forms.CharField(label=gettext_lazy("抽查名称"), max_length=reviews.NAME_LENGTH)
    size = forms.IntegerField(label=gettext_lazy("抽取份数"), min_value=1, max_value=reviews.MOST_DRAWN)
    seed = forms.IntegerField(label=gettext_lazy("随机种子"), min_value=0, max_value=_LARGEST_SEED)
    by = forms.MultipleChoiceField(
        label=gettext_lazy("分层"),
        choices=[(one.value, name) for one, name in DIVISIONS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any, *, today: date, seed: int) -> None:
        """Offer last year's papers; `seed` is one that nobody chose."""
        last = today.year - 1
        initial = {
            "year": last,
            "name": _("%(year)s 年度自评抽查") % {"year": last},
            "size": 10,
            "seed": seed,
            "by": [by.value for by in StratumBy],
        }
        super().__init__(data, initial=initial, auto_id="spot-check-%s")

    def asked(self) -> SpotCheckAsked:
        """Give what is asked, of a form that is valid."""
        data = self.cleaned_data
        by = tuple(StratumBy(value) for value in data["by"])
        return SpotCheckAsked(data["year"], data["name"], data["size"], data["seed"], by)


@dataclass(frozen=True, slots=True)
class TypedReview:
    """What was typed in an attempt that failed: the fields, what is wrong by line, whether somebody else saved first."""

    given: Mapping[str, str]
    faults: Mapping[str, str]
    is_stale: bool = False


@dataclass(frozen=True, slots=True)
class LineField:
    """One line on the page: what stands, what was typed, and what is wrong with it.

    `stored` tells what is kept where something else was typed, so that nobody overwrites a colleague unseen.
    """

    line: ReviewedLine
    score: str
    reason: str
    error: str = ""
    stored: str = ""

    @property
    def weight(self) -> str:
        """The points that the line is worth."""
        return write_score(self.line.weight)

    @property
    def own(self) -> str:
        """The unit's score."""
        return write_score(self.line.own)

    @property
    def by_rule(self) -> str:
        """The rules' score."""
        return write_score(self.line.by_rule)

    @property
    def differs_from_rule(self) -> bool:
        """Whether the unit's score is another than the rules'."""
        return self.line.by_rule is not None and self.line.by_rule != self.line.own

    @property
    def move(self) -> str:
        """How far the kept score moved the unit's, with its sign; empty where it stands."""
        return write_move(self.line.difference)


def read_review(data: Mapping[str, str], lines: Sequence[ReviewedLine]) -> tuple[tuple[LineScore, ...], dict[str, str]]:
    """Read the typed scores; gives them and, by line, what is wrong. An empty cell leaves the unit's score."""
    scores, faults = [], {}
    for line in lines:
        typed = data.get(f"score-{line.key}", "").strip()
        reason = data.get(f"reason-{line.key}", "")
        if not typed:
            if reason.strip():
                faults[line.key] = _("写了理由，还没有填复核分。")
            continue
        try:
            scores.append(LineScore(line.key, _decimal(typed), reason))
        except (InvalidOperation, ValueError):
            faults[line.key] = _("请填数字，如 24 或 24.5。")
    return tuple(scores), faults


def _decimal(typed: str) -> Decimal:
    value = Decimal(typed)
    if not value.is_finite() or abs(value) >= 10_000:
        raise ValueError(typed)
    return value


def draw_fields(lines: Sequence[ReviewedLine], typed: TypedReview | None = None) -> tuple[LineField, ...]:
    """Give the lines as the page shows them: what is kept, or what was typed in an attempt that failed."""
    return tuple(_field(line, typed) for line in lines)


def _field(line: ReviewedLine, typed: TypedReview | None) -> LineField:
    kept = "" if line.reviewed is None else f"{line.reviewed.normalize():f}"
    if typed is None:
        return LineField(line, kept, line.reason)
    score, reason = typed.given.get(f"score-{line.key}", ""), typed.given.get(f"reason-{line.key}", "")
    differs = typed.is_stale and (score.strip(), reason.strip()) != (kept, line.reason)
    stored = _("现在保存的：%(score)s %(reason)s") % {"score": kept or _("未改分"), "reason": line.reason}
    return LineField(line, score, reason, typed.faults.get(line.key, ""), stored if differs else "")
