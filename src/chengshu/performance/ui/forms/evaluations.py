"""What people type into a self-evaluation, read back without losing a word."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from chengshu.performance.facade.evaluations import EvaluationContent, ResultRow

COLUMNS = ("actual", "score", "score_reason", "deviation", "document_note")
_WIDE = str.maketrans("０１２３４５６７８９．", "0123456789.")


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as typed: the content, the version it was begun on, texts that are no score by goal id.

    `base` is the version that both people began on while what they typed is being put together; 0 for one person alone.
    """

    content: EvaluationContent
    version: int
    wrong_scores: Mapping[int, str]
    base: int = 0

    @property
    def error(self) -> str:
        """What is wrong, in words; "" for nothing."""
        return _("得分应填数字，如 9.5。") if self.wrong_scores else ""


def read_typed(given: Mapping[str, str], kept: EvaluationContent) -> Typed:
    """Read a form over the kept content; what was not sent stays as it is."""
    wrong: dict[int, str] = {}
    rows = tuple(_read_row(given, row, wrong) for row in kept.rows)
    content = EvaluationContent(given.get("result", kept.actual), rows)
    return Typed(content, read_version(given), wrong, read_version(given, "base"))


def _read_row(given: Mapping[str, str], row: ResultRow, wrong: dict[int, str]) -> ResultRow:
    texts: dict[str, Any] = {
        name: given.get(f"{name}-{row.goal_id}", str(getattr(row, name))) for name in COLUMNS if name != "score"
    }
    score = row.score
    if (text := given.get(f"score-{row.goal_id}")) is not None:
        try:
            score = _read_score(text)
        except ValueError:
            wrong[row.goal_id] = text
    if row.measurement_id is not None:
        texts["actual"] = row.actual
    return replace(row, score=score, **texts)


def _read_score(text: str) -> Decimal | None:
    bare = text.strip().translate(_WIDE).removesuffix("分")
    if not bare:
        return None
    try:
        score = Decimal(bare)
    except InvalidOperation as fault:
        raise ValueError(text) from fault
    if not score.is_finite() or len(bare) > 12:
        raise ValueError(text)
    return score


def read_version(given: Mapping[str, str], name: str = "version") -> int:
    """Read the version that was seen; 0, which none is, for what is no number."""
    text = given.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
