"""Parts two columns of running text whose lines were extracted one after the other, left and right mixed.

The two texts of a goal are near copies of each other, so a line belongs where it continues one text and agrees with
what the other text has at the same place.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

_BEAM = 12
_MOST_LINES = 400  # of one page
_HEAD = 4  # characters by which a line is found again in the other text
_AHEAD = 60  # characters that one column may be ahead of the other: its lines come at most two or three in a row
_SLACK = 12  # how far the two texts may drift against each other from line to line
_HOPELESS = 0.12  # share of the shared length that may disagree
_SIDE_WORDS = ("年度", "总体", "目标")
_FRAME = "|"


@dataclass(frozen=True, slots=True)
class _State:
    """Two texts under way.

    `drift` is how far the right text runs ahead of the left at the same words, `cost` what disagrees so far, `marks`
    how many lines of each had the words of the row label glued on.
    """

    texts: tuple[str, str]
    cost: float
    drift: int
    marks: tuple[int, int]


def part_columns(lines: Sequence[str]) -> tuple[str, str] | None:
    """Give the left and the right text, or None when the lines cannot be parted with fair certainty."""
    if len(lines) > _MOST_LINES:
        return None
    states = [_State(("", ""), 0.0, 0, (0, 0))]
    for number, line in enumerate(_strip_side_words(lines)):
        sides = (0, 1) if number else (0,)  # every way has a mirror image
        grown = [_grow(state, side, line) for state in states for side in sides]
        states = sorted(grown, key=lambda state: state.cost)[:_BEAM]
    best = min(states, key=_final_cost)
    if _final_cost(best) > _HOPELESS * min(map(len, best.texts)) + 2:
        return None
    left = 1 if best.marks[1] > best.marks[0] else 0
    return best.texts[left], best.texts[1 - left]


def _strip_side_words(lines: Sequence[str]) -> list[tuple[str, bool]]:
    """Take off the words of the row label 年度总体目标, each once, where they stand in the same line of print.

    Tells of each line whether a word was glued to it: such a line is one of the left column.
    """
    words = {word for word in _SIDE_WORDS if word not in lines}
    stripped: list[tuple[str, bool]] = []
    for line in lines:
        text = line.strip(_FRAME)
        glued = next((word for word in words if text.startswith(word)), None)
        if glued is not None:
            words.discard(glued)
            text = text.removeprefix(glued).lstrip(_FRAME)
        if text and text not in _SIDE_WORDS:
            stripped.append((text, glued is not None))
    return stripped


def _grow(state: _State, side: int, line: tuple[str, bool]) -> _State:
    text, marked = line
    texts = list(state.texts)
    begin = len(texts[side])
    texts[side] += text
    other = texts[1 - side]
    expected = begin + (state.drift if side == 0 else -state.drift)
    found = _find_near(other, text, expected)
    overlap = other[found : found + len(text)]
    cost = state.cost + (Levenshtein.distance(text[: len(overlap)], overlap) if overlap else 0.0)
    drift = found - begin if side == 0 else begin - found
    marks = (state.marks[0] + (marked and side == 0), state.marks[1] + (marked and side == 1))
    cost += 0.3 * abs(drift - state.drift) + 0.5 * max(0, abs(len(texts[0]) - len(texts[1])) - _AHEAD)
    return _State((texts[0], texts[1]), cost, drift, marks)


def _find_near(other: str, text: str, expected: int) -> int:
    """Find where the text begins in the other one, near to where it should; where it is not found, take that place."""
    start = max(0, expected - _SLACK)
    found = other.find(text[:_HEAD], start, expected + _SLACK + _HEAD)
    return found if found >= 0 else max(0, expected)


def _final_cost(state: _State) -> float:
    return float(Levenshtein.distance(*state.texts)) if min(map(len, state.texts)) else float("inf")
