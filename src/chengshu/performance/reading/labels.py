"""Settles which class and category each indicator row stands under, from the labels printed somewhere beside them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from rapidfuzz.distance import Levenshtein

from chengshu.base.texts import tidy
from chengshu.performance.reading.kinds import BARE, CATEGORY, CLASS, DASH, EITHER, LABEL, kind_of
from chengshu.performance.reading.lexicon import Lexicon, bare_label
from chengshu.performance.reading.lines import Piece
from chengshu.performance.reading.rows import Draft

_LOWER = 0.1  # labels are set a little below the middle of their rows, so a low one costs a little less
_STRANGER = 0.2
_MOST_SPREAD = 150  # rows; no printed form has so many
_HANGS = 0.25
_ALIKE = 0.75  # a destroyed label is repaired when this share of its characters agrees with one label alone


@dataclass(frozen=True, slots=True)
class Label:
    """A printed class or category: its text, its piece, and how sure the text is.

    The text is None when it is destroyed, and empty when a dash says that there is none.
    """

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

    Labels stand at the first row that they cover. Where some stand between two rows, or a class below the first row of
    its categories, they stand at the middle of their rows (text taken from a picture), and each is given the rows whose
    middle lies nearest.
    """
    rows = [draft for draft in drafts if draft.is_indicator]
    categories = _positions(drafts, lexicon)
    spread = _spread(categories, rows) if _is_centred(categories, rows, lexicon) else _carry(categories, rows)
    known = [_class_of(label, lexicon) for label in spread]
    placed: list[Placed] = []
    carried: Label | None = None
    for index, draft in enumerate(rows):
        printed = _printed_class(draft, lexicon)
        if printed is not None and printed.text is not None:
            carried = printed if printed.text else None
        if printed is not None and printed.text == "" and draft.exact:
            placed.append(Placed(draft, None, spread[index], None, 1.0))
            continue
        trusted = draft.exact and carried is not None  # in a table that was kept, the label above is the row's own
        class_name = known[index] or (None if trusted else _between(known, index))
        placed.append(_settle(draft, carried, spread[index], class_name))
    return placed


def _class_of(category: Label | None, lexicon: Lexicon) -> str | None:
    return lexicon.categories.get(category.text) if category is not None and category.text is not None else None


def _between(classes: Sequence[str | None], index: int) -> str | None:
    """Give the class of a row without a known category when the nearest known rows above and below agree on it."""
    above = next((name for name in reversed(classes[:index]) if name is not None), None)
    below = next((name for name in classes[index + 1 :] if name is not None), None)
    return above if above == below else None


def _settle(draft: Draft, carried: Label | None, category: Label | None, known: str | None) -> Placed:
    """Take the class from the category, which is printed more often; a true table's own label comes first."""
    printed = carried.text if carried is not None else None
    confidence = min(category.confidence if category else 1.0, carried.confidence if carried else 1.0)
    if known is None or (draft.ruled and printed is not None):
        return Placed(draft, carried, category, printed, confidence)
    if printed is None:
        return Placed(draft, category, category, known, confidence * 0.95)
    if printed != known and carried is not None and draft.first("level1") is carried.piece:
        confidence *= 0.85
    return Placed(draft, carried, category, known, confidence)


def _printed_class(draft: Draft, lexicon: Lexicon) -> Label | None:
    piece = draft.first("level1")
    if piece is None or _is_category_alone(draft, lexicon):
        return None
    kind = kind_of(piece.key, lexicon)
    bare = bare_label(piece.key)
    if kind == DASH and draft.exact:
        return Label("", piece)
    if kind in (CLASS, EITHER):
        return Label(bare, piece)
    if kind == CATEGORY:
        return Label(lexicon.categories[bare], piece, 0.85)
    if draft.ruled:
        return Label(tidy(piece.text), piece)
    return Label(None, piece)


def _is_category_alone(draft: Draft, lexicon: Lexicon) -> bool:
    """Tell whether a label in the class column with no category behind it is one that may be a category (成本指标)."""
    piece = draft.first("level1")
    if piece is None or draft.exact or "level2" in draft.cells:
        return False
    return kind_of(piece.key, lexicon) == EITHER and bare_label(piece.key) in lexicon.categories


def _category(draft: Draft, lexicon: Lexicon) -> Label | None:
    piece = draft.first("level2")
    if piece is None:
        return _category_as_class(draft, lexicon)
    kind = kind_of(piece.key, lexicon)
    if kind in (CATEGORY, BARE, EITHER):
        return Label(bare_label(piece.key), piece)
    if kind == DASH and draft.exact:
        return Label("", piece)
    if draft.ruled:
        return Label(tidy(piece.text) if piece.legible else None, piece)
    return _repair(piece, lexicon, keep=kind == LABEL)


def _category_as_class(draft: Draft, lexicon: Lexicon) -> Label | None:
    """Give the category of a row that prints it in the column of the classes."""
    piece = draft.first("level1")
    if piece is not None and (kind_of(piece.key, lexicon) == CATEGORY or _is_category_alone(draft, lexicon)):
        return Label(bare_label(piece.key), piece, 0.85)
    return None


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


def _is_centred(categories: Sequence[tuple[float, Label]], rows: Sequence[Draft], lexicon: Lexicon) -> bool:
    if not categories or all(row.ruled for row in rows):
        return False
    if any(position % 1 for position, _ in categories):
        return True
    return categories[0][0] > 0 and _hangs_low(categories, rows, lexicon)


def _hangs_low(categories: Sequence[tuple[float, Label]], rows: Sequence[Draft], lexicon: Lexicon) -> bool:
    """Tell whether the class of the first category is printed first beside a later row."""
    position, label = categories[0]
    owner = _class_of(label, lexicon)
    printed = (
        index for index, row in enumerate(rows) if (piece := row.first("level1")) and bare_label(piece.key) == owner
    )
    return next(printed, position) > position


def _carry(categories: Sequence[tuple[float, Label]], rows: Sequence[Draft]) -> list[Label | None]:
    """Carry each label down to the next; in a true table a class of its own without a category ends the one above."""
    spread: list[Label | None] = [None] * len(rows)
    starts = {max(0, math.ceil(position)): label for position, label in categories}
    current: Label | None = None
    owner: str | None = None
    for index, row in enumerate(rows):
        piece = row.first("level1")
        if index in starts:
            current = starts[index]
        elif row.ruled and piece is not None and piece.key != owner:
            current = None
        owner = piece.key if piece is not None else owner
        spread[index] = current
    return spread


def _spread(categories: Sequence[tuple[float, Label]], rows: Sequence[Draft]) -> list[Label | None]:
    """Cut the rows into one run a label so that every label lies as near as can be to the middle of its run."""
    count, labels = len(rows), len(categories)
    if labels > count or count > _MOST_SPREAD:
        return _carry(categories, rows)
    tops = [0.0, *accumulate(_height(row) for row in rows)]
    satisfied = [0, *accumulate(_speaks_of_satisfaction(row) for row in rows)]
    infinite = float("inf")
    best = [[infinite] * (count + 1) for _ in range(labels + 1)]
    cut = [[0] * (count + 1) for _ in range(labels + 1)]
    best[0][0] = 0.0
    for used, (position, label) in enumerate(categories, start=1):
        stands = _line_of(position, tops)
        for end in range(used, count + 1):
            for start in range(used - 1, end):
                below = stands - (tops[start] + tops[end]) / 2
                strangers = _strangers(label, satisfied[end] - satisfied[start], end - start)
                cost = best[used - 1][start] + abs(below) - _LOWER * below + _STRANGER * strangers
                if cost < best[used][end]:
                    best[used][end], cut[used][end] = cost, start
    spread: list[Label | None] = [None] * count
    end = count
    for used in range(labels, 0, -1):
        start = cut[used][end]
        spread[start:end] = [categories[used - 1][1]] * (end - start)
        end = start
    return spread


def _height(row: Draft) -> int:
    """Lines of print that the row takes: a wrapped cell shows a blank where its line broke."""
    cells = (piece.text for role in ("level3", "target", "actual") for piece in row.cells.get(role, ()))
    return max((len(text.split()) for text in cells), default=1)


def _line_of(position: float, tops: Sequence[float]) -> float:
    """The line of print of a label: the middle of its row, or a little below the border between two rows."""
    row = math.floor(position)
    if position % 1:
        return tops[min(row + 1, len(tops) - 1)] + _HANGS
    return (tops[row] + tops[row + 1]) / 2


def _speaks_of_satisfaction(row: Draft) -> bool:
    piece = row.first("level3")
    return piece is not None and "满意" in piece.key


def _strangers(label: Label, satisfied: int, count: int) -> int:
    """Count the rows that speak of satisfaction under a label that does not, or the other way round."""
    if label.text is None:
        return 0
    return count - satisfied if "满意" in label.text else satisfied
