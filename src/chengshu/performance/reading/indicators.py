"""Turns placed rows into indicators: texts tidied, targets joined, figures read, doubts kept."""

from collections.abc import Sequence

from chengshu.base.texts import parse_decimal, tidy, value_text
from chengshu.performance.contracts.forms import Indicator
from chengshu.performance.reading.kinds import JUNK, is_dash, kind_of
from chengshu.performance.reading.labels import Label, Placed, place_labels
from chengshu.performance.reading.ledger import Ledger
from chengshu.performance.reading.lexicon import Lexicon
from chengshu.performance.reading.lines import Piece
from chengshu.performance.reading.rows import Draft

_SIGNS = "≥≤><="
_PARTLY_SURE = 0.9  # a row with a doubtful label or a lost cell: the other cells stand as they are
_SIGN_WORDS = {
    "大于等于": "≥", "不低于": "≥", "小于等于": "≤", "不高于": "≤", "大于": ">", "小于": "<", "等于": "=",
    "定性": "", "定性指标": "", "正向": "≥", "反向": "≤",
}  # fmt: skip


def read_indicators(drafts: Sequence[Draft], ledger: Ledger, lexicon: Lexicon) -> tuple[Indicator, ...]:
    """Read every draft that is an indicator; origins and unreadable cells go into the ledger."""
    return tuple(
        _indicator(f"/indicators/{index}", placed, ledger, lexicon)
        for index, placed in enumerate(place_labels(drafts, lexicon))
    )


def _indicator(pointer: str, placed: Placed, ledger: Ledger, lexicon: Lexicon) -> Indicator:
    draft = placed.draft
    confidence = min(draft.confidence, _certainty(draft))
    refused = len(ledger.unreadable)
    level2 = _label(f"{pointer}/level2", placed.level2, draft, ledger)
    level1 = placed.class_name
    if placed.level1 is not None and level1 is not None:
        ledger.note(f"{pointer}/level1", (placed.level1.piece,), placed.confidence)
    texts = {
        "level3": _text(f"{pointer}/level3", draft.cells.get("level3"), ledger, confidence),
        "target": _target(f"{pointer}/target", draft, ledger, confidence),
        "actual": _value(f"{pointer}/actual", draft.cells.get("actual"), ledger, lexicon, confidence),
        "reason": _reason(f"{pointer}/reason", draft.cells.get("reason"), ledger, confidence),
    }
    weight = ledger.decimal(f"{pointer}/weight", draft.first("weight"), confidence=confidence)
    score = ledger.decimal(f"{pointer}/score", draft.first("score"), confidence=confidence)
    if len(ledger.unreadable) > refused or placed.confidence < _PARTLY_SURE:
        confidence = min(confidence, _PARTLY_SURE)
    return Indicator(level1=level1, level2=level2, weight=weight, score=score, confidence=round(confidence, 3), **texts)


def _certainty(draft: Draft) -> float:
    """The least certain cell of the row, never nothing: what was recognised at all is a reading."""
    return min((piece.cell.certainty for pieces in draft.cells.values() for piece in pieces), default=1.0) or 0.01


def _label(pointer: str, label: Label | None, draft: Draft, ledger: Ledger) -> str | None:
    if label is None or label.text == "":
        return None
    if label.text is None:
        if label.piece is draft.first("level2"):
            ledger.refuse(pointer, (label.piece,))
        return None
    ledger.note(pointer, (label.piece,), label.confidence)
    return label.text


def _text(pointer: str, pieces: Sequence[Piece] | None, ledger: Ledger, confidence: float) -> str | None:
    if not pieces or (len(pieces) == 1 and is_dash(pieces[0].key)):
        return None
    if not all(piece.legible for piece in pieces):
        ledger.refuse(pointer, pieces)
        return None
    ledger.note(pointer, pieces, confidence)
    return tidy("".join(piece.text for piece in pieces)) or None


def _reason(pointer: str, pieces: Sequence[Piece] | None, ledger: Ledger, confidence: float) -> str | None:
    """A bare figure is no reason but a trace of something else."""
    if pieces and all(parse_decimal(piece.key) is not None for piece in pieces):
        ledger.refuse(pointer, pieces)
        return None
    return _text(pointer, pieces, ledger, confidence)


def _value(
    pointer: str, pieces: Sequence[Piece] | None, ledger: Ledger, lexicon: Lexicon, confidence: float
) -> str | None:
    if not pieces or (len(pieces) == 1 and is_dash(pieces[0].key)):
        return None
    is_junk = all(kind_of(piece.key, lexicon) == JUNK and not piece.key.isalnum() for piece in pieces)
    if is_junk or not all(piece.legible for piece in pieces):
        ledger.refuse(pointer, pieces)
        return None
    ledger.note(pointer, pieces, confidence)
    return value_text("".join(piece.text for piece in pieces)) or None


def _target(pointer: str, draft: Draft, ledger: Ledger, confidence: float) -> str | None:
    """Read the target; one that is printed as sign, figure and unit is joined in that order."""
    parts = [piece for role in ("sign", "figure", "measure") for piece in draft.cells.get(role, ())]
    if not parts:
        pieces = draft.cells.get("target")
        if not pieces or (len(pieces) == 1 and is_dash(pieces[0].key)):
            return None
        if not all(piece.legible for piece in pieces):
            ledger.refuse(pointer, pieces)
            return None
        ledger.note(pointer, pieces, confidence)
        return value_text("".join(piece.text for piece in pieces)) or None
    figure = value_text("".join(piece.text for piece in draft.cells.get("figure", ())))
    if not figure or is_dash(figure):
        return None
    sign = value_text("".join(piece.text for piece in draft.cells.get("sign", ())))
    measure = value_text("".join(piece.text for piece in draft.cells.get("measure", ())))
    measure = "" if is_dash(measure) or figure.endswith(measure) else measure
    sign = "" if is_dash(sign) or figure[0] in _SIGNS else _SIGN_WORDS.get(sign, sign)
    if sign.strip(_SIGNS):
        ledger.refuse(pointer, parts)
        return None
    ledger.note(pointer, parts, confidence)
    return f"{sign}{figure}{measure}"
