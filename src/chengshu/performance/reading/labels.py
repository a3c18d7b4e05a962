"""Settles which class and category each indicator row stands under, from the labels printed somewhere beside them."""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from chengshu.base.texts import tidy
from chengshu.performance.reading.kinds import BARE, CATEGORY, CLASS, EITHER, LABEL, kind_of
from chengshu.performance.reading.lexicon import Lexicon, bare_label
from chengshu.performance.reading.lines import Piece
from chengshu.performance.reading.rows import Draft

_ALIKE = 0.75  # a destroyed label is repaired when this share of its characters agrees with one label alone


@dataclass(frozen=True, slots=True)
class Label:
    """A printed class or category: its text (None when destroyed), its piece, and how sure the text is."""

    text: str | None
    piece: Piece
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Placed:
    """A row with its settled labels."""

    draft: Draft
    level1: Label | None
    level2: Label | None
    class_name: str | None
    confidence: float


def place_labels(drafts: Sequence[Draft], lexicon: Lexicon) -> list[Placed]:
    """Give every indicator row its class and category.

    Labels stand at the first row that they cover; when the first row of all has no category, the labels stand at the
    middle of their rows (text taken from a picture), and each is given the rows whose middle lies nearest.
    """
    rows = [draft for draft in drafts if draft.is_indicator]
    categories = _positions(drafts, lexicon)
    spread = _spread(categories, len(rows)) if _is_centred(categories) else _carry(categories, len(rows))
    placed: list[Placed] = []
    carried: Label | None = None
    for index, draft in enumerate(rows):
        printed = _printed_class(draft, lexicon)
        if printed is not None and printed.text is not None:
            carried = printed
        placed.append(_settle(draft, carried, spread[index], lexicon))
    return placed


def _settle(draft: Draft, carried: Label | None, category: Label | None, lexicon: Lexicon) -> Placed:
    known = lexicon.categories.get(category.text) if category is not None and category.text else None
    printed = carried.text if carried is not None else None
    confidence = min(category.confidence if category else 1.0, carried.confidence if carried else 1.0)
    if known is None or (draft.exact and printed is not None):
        return Placed(draft, carried, category, printed, confidence)
    if printed is not None and printed != known:
        own = draft.first("level1")
        if own is not None and carried is not None and own is carried.piece:
            confidence *= 0.85
        return Placed(draft, carried, category, known, confidence)
    return Placed(draft, carried or category, category, known, confidence if printed else confidence * 0.95)


def _printed_class(draft: Draft, lexicon: Lexicon) -> Label | None:
    piece = draft.first("level1")
    if piece is None:
        return None
    kind = kind_of(piece.key, lexicon)
    bare = bare_label(piece.key)
    if kind in (CLASS, EITHER):
        return Label(bare, piece)
    if kind == CATEGORY:
        return Label(lexicon.categories[bare], piece, 0.85)
    if draft.exact:
        return Label(tidy(piece.text), piece)
    return Label(None, piece)


def _category(draft: Draft, lexicon: Lexicon) -> Label | None:
    piece = draft.first("level2")
    if piece is None:
        above = draft.first("level1")
        if above is not None and kind_of(above.key, lexicon) == CATEGORY:
            return Label(bare_label(above.key), above, 0.85)
        return None
    kind = kind_of(piece.key, lexicon)
    if kind in (CATEGORY, BARE, EITHER):
        return Label(bare_label(piece.key), piece)
    if draft.exact:
        return Label(tidy(piece.text), piece)
    return _repair(piece, lexicon, keep=kind == LABEL)


def _repair(piece: Piece, lexicon: Lexicon, *, keep: bool) -> Label:
    """Take a damaged category for the one known label that it resembles, an unknown one as printed, else as lost."""
    scores = sorted(
        ((Levenshtein.normalized_similarity(piece.key, name), name) for name in lexicon.categories), reverse=True
    )
    best, name = scores[0]
    if best >= _ALIKE and scores[1][0] < best:
        return Label(name, piece, 0.7)
    if keep and best < 0.5:
        return Label(tidy(piece.text), piece, 0.9)
    return Label(None, piece, 0.5)


def _positions(drafts: Sequence[Draft], lexicon: Lexicon) -> list[tuple[float, Label]]:
    """The printed categories, each at the index of its row; a label alone on its line stands between two rows."""
    found: list[tuple[float, Label]] = []
    index = 0
    for draft in drafts:
        label = _category(draft, lexicon)
        if label is not None:
            found.append((float(index) if draft.is_indicator else index - 0.5, label))
        index += draft.is_indicator
    return found


def _is_centred(categories: Sequence[tuple[float, Label]]) -> bool:
    return bool(categories) and categories[0][0] > 0


def _carry(categories: Sequence[tuple[float, Label]], count: int) -> list[Label | None]:
    spread: list[Label | None] = [None] * count
    for position, label in categories:
        start = max(0, round(position + 0.01))
        spread[start:] = [label] * (count - start)
    return spread


def _spread(categories: Sequence[tuple[float, Label]], count: int) -> list[Label | None]:
    """Cut the rows into one run a label so that every label lies as near as can be to the middle of its run."""
    labels = len(categories)
    if labels > count:
        return _carry(categories, count)
    infinite = float("inf")
    best = [[infinite] * (count + 1) for _ in range(labels + 1)]
    cut = [[0] * (count + 1) for _ in range(labels + 1)]
    best[0][0] = 0.0
    for used, (position, _) in enumerate(categories, start=1):
        for end in range(used, count + 1):
            for start in range(used - 1, end):
                cost = best[used - 1][start] + abs(position - (start + end - 1) / 2)
                if cost < best[used][end]:
                    best[used][end], cut[used][end] = cost, start
    spread: list[Label | None] = [None] * count
    end = count
    for used in range(labels, 0, -1):
        start = cut[used][end]
        spread[start:end] = [categories[used - 1][1]] * (end - start)
        end = start
    return spread
