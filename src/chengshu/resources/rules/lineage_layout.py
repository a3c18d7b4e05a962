"""Where the boxes of a lineage graph stand: layers from left to right, few crossings, edges as curves. In pixels."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEAD, ROW = 220, 52, 24
"""Of a box: its width, the height of its head and of a column."""
_GAP, _BETWEEN, _MARGIN = 96, 22, 16
_SWEEPS = 4
_END = 7
"""Room for the arrow's head before a box."""


@dataclass(frozen=True, slots=True)
class BoxAsked:
    """A table to be drawn: its name, its step from what is asked about, and the columns that are unfolded."""

    name: str
    step: int
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LinkAsked:
    """An edge to be drawn; an end whose column is folded away leads to the head of its box."""

    source: str
    source_column: str
    target: str
    target_column: str
    is_value: bool = True


@dataclass(frozen=True, slots=True)
class Box:
    """A placed table; `rows` gives each unfolded column with the top of its row."""

    name: str
    x: int
    y: int
    height: int
    rows: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """A placed edge: its path as SVG writes it, and the ends that it stands for."""

    path: str
    is_value: bool
    pairs: tuple[LinkAsked, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Boxes in the order of reading, curves, and the size of the whole."""

    boxes: tuple[Box, ...]
    curves: tuple[Curve, ...]
    width: int
    height: int


def lay_out(boxes: Sequence[BoxAsked], links: Iterable[LinkAsked]) -> Drawing:
    """Place boxes in layers, sources left of what is made of them, as far as there is no circle."""
    listed = list(links)
    pairs = {(link.source, link.target) for link in listed if link.source != link.target}
    layers = _sort_layers(_layers_of(boxes, pairs), pairs)
    by_name = {box.name: box for box in boxes}
    heights = {box.name: HEAD + ROW * len(box.columns) for box in boxes}
    tallest = max((_height(layer, heights) for layer in layers), default=0)
    placed: dict[str, Box] = {}
    for number, layer in enumerate(layers):
        x, y = _MARGIN + number * (WIDTH + _GAP), _MARGIN + (tallest - _height(layer, heights)) // 2
        for name in layer:
            rows = tuple((column, y + HEAD + ROW * at) for at, column in enumerate(by_name[name].columns))
            placed[name] = Box(name, x, y, heights[name], rows)
            y += heights[name] + _BETWEEN
    width = 2 * _MARGIN + len(layers) * WIDTH + max(0, len(layers) - 1) * _GAP
    return Drawing(tuple(placed.values()), tuple(_draw(listed, placed)), width, 2 * _MARGIN + tallest)


def _height(layer: Sequence[str], heights: Mapping[str, int]) -> int:
    return sum(heights[name] for name in layer) + _BETWEEN * max(0, len(layer) - 1)


def _layers_of(boxes: Sequence[BoxAsked], pairs: set[tuple[str, str]]) -> list[list[str]]:
    """Part boxes into layers by their steps, pushed to the right until every edge leads that way."""
    layer = {box.name: box.step for box in boxes}
    for _turn in boxes:  # circles never come to rest
        behind = [(source, target) for source, target in sorted(pairs) if layer[target] <= layer[source]]
        if not behind:
            break
        for source, target in behind:
            if layer[target] <= layer[source]:
                layer[target] = min(layer[source] + 1, len(boxes))
    grouped: dict[int, list[str]] = defaultdict(list)
    for box in boxes:
        grouped[layer[box.name]].append(box.name)
    return [sorted(grouped[number]) for number in sorted(grouped)]


def _sort_layers(layers: list[list[str]], pairs: set[tuple[str, str]]) -> list[list[str]]:
    """Order each layer by the middle of its neighbours in the layer before, forth and back."""
    around: dict[str, set[str]] = defaultdict(set)
    for source, target in pairs:
        around[source].add(target)
        around[target].add(source)
    for sweep in range(_SWEEPS):
        order = range(1, len(layers)) if sweep % 2 == 0 else range(len(layers) - 2, -1, -1)
        for number in order:
            beside = layers[number - 1] if sweep % 2 == 0 else layers[number + 1]
            places = {name: place for place, name in enumerate(beside)}
            stands = {name: place for place, name in enumerate(layers[number])}

            def middle(
                name: str, places: dict[str, int] = places, stands: dict[str, int] = stands
            ) -> tuple[float, str]:
                found = [places[other] for other in around[name] if other in places]
                return (sum(found) / len(found) if found else float(stands[name]), name)

            layers[number] = sorted(layers[number], key=middle)
    return layers


def _draw(links: Sequence[LinkAsked], placed: Mapping[str, Box]) -> Iterable[Curve]:
    """Draw each pair of visible ends once, whatever is folded behind them."""
    drawn: dict[tuple[int, int, int, int], list[LinkAsked]] = defaultdict(list)
    for link in links:
        source, target = placed[link.source], placed[link.target]
        start = (source.x + WIDTH, _middle(source, link.source_column))
        end = (target.x - _END, _middle(target, link.target_column))
        drawn[(*start, *end)].append(link)
    for (x1, y1, x2, y2), pairs in drawn.items():
        bend = max(40, abs(x2 - x1) // 2)
        path = f"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"
        yield Curve(path, any(link.is_value for link in pairs), tuple(pairs))


def _middle(box: Box, column: str) -> int:
    """Give the height at which an edge meets a box: at its column, or at its head."""
    return next((y + ROW // 2 for name, y in box.rows if name == column), box.y + HEAD // 2)


def shorten(text: str, most: int) -> str:
    """Cut a text to what fits, where a Chinese sign is as wide as two others."""
    width = 0
    for at, sign in enumerate(text):
        width += 2 if ord(sign) > 0x2E7F else 1
        if width > most:
            return f"{text[: max(0, at - 1)]}…"
    return text
