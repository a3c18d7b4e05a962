"""Rebuilds the lines of a form from words in reading order, or tells that they do not stand in that order."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from chengshu.base.texts import parse_decimal
from chengshu.documents.contracts import Layout
from chengshu.performance.reading.blocks import find_money_row
from chengshu.performance.reading.lexicon import Lexicon, bare_label, find_role
from chengshu.performance.reading.lines import Line, make_piece
from chengshu.performance.reading.natural.amounts import place_parts, place_total
from chengshu.performance.reading.natural.glued import cut_figures
from chengshu.performance.reading.natural.rows import Placed, walk_rows
from chengshu.performance.reading.natural.words import Word, drop_fillers, make_word
from chengshu.performance.reading.natural.zones import Zones, column_role, cut_zones

_SURE = 0.95  # of its place, a word without a table
_DEAREST_ROW = 2.5  # the mean cost of a row beyond which the words do not stand in reading order
_SENTENCE_ENDS = "。；;！"
_FIRST_COLUMN = 2
_HUNDRED = 100
_LEAST_REPEATED = 8  # characters


@dataclass(frozen=True, slots=True)
class _Maker:
    table: int | None

    def line(self, pieces: Iterable[tuple[int, Sequence[Word]]]) -> Line:
        made = []
        for column, words in pieces:
            text = " ".join(word.text for word in words if word.text)
            if text:
                cell = replace(words[0].cell, text=text, certainty=min(words[0].cell.certainty, _SURE))
                made.append(make_piece(text, column, cell))
        return Line(tuple(made), Layout.GRID, self.table, tuple(piece.column for piece in made))


def rebuild_lines(words: Sequence[Word], lexicon: Lexicon, *, table: int | None = None) -> list[Line] | None:
    """Give the form's lines as those of a true table; None when the mended words do not read in order.

    They do when every name of the head follows its label and the rows of the indicators fall into the columns of
    their header.
    """
    zones = cut_zones(words, lexicon)
    if zones is None:
        return None
    head = _cut_head(zones.head, lexicon)
    if head is None:
        return None
    header, roles = _header_columns(zones.header, lexicon)
    walk = walk_rows(drop_fillers(zones.rows), roles, lexicon)
    if not walk.rows or walk.cost > _DEAREST_ROW:
        return None
    maker = _Maker(table)
    lines = [maker.line([(0, [label]), (1, values)]) for label, values in head]
    lines += _money_lines(zones, maker, lexicon)
    lines += _goal_lines(zones.goal, maker, lexicon)
    read = [index for index, role in enumerate(roles) if role != "ignored"]
    lines.append(maker.line((index, [header[index]]) for index in read))
    lines += [
        maker.line((column, cell) for column, cell in row if column in read) for row in _fill_classes(walk.rows, roles)
    ]
    lines += _footer_lines(zones.footer, roles, maker, lexicon)
    return [line for line in lines if line.pieces]


def _cut_head(words: Sequence[Word], lexicon: Lexicon) -> list[tuple[Word, list[Word]]] | None:
    """Each label with the words behind it; None when a name that must be there is not behind its label."""
    pairs: list[tuple[Word, list[Word]]] = []
    for word in words:
        role = find_role(word.key, lexicon.head)
        if role is not None and word.key:
            pairs.append((word, []))
        elif pairs:
            pairs[-1][1].append(word)
    filled = {find_role(label.key, lexicon.head) for label, values in pairs if any(value.text for value in values)}
    return pairs if "project" in filled else None


def _header_columns(words: Sequence[Word], lexicon: Lexicon) -> tuple[list[Word], list[str]]:
    """The words of the header in the order of the columns, with their roles.

    Where the levels stand in a second row of the header, they come first, and the parts of the target take its place.
    """
    roles = [(word, column_role(word, lexicon) or "ignored") for word in words]
    columns = [(word, role) for word, role in roles if role != "banner"]
    first = next(index for index, (_, role) in enumerate(columns) if role.startswith("level"))
    upper, lower = columns[:first], columns[first:]
    target = next((index for index, (_, role) in enumerate(upper) if role == "target"), len(upper))
    ordered = [*lower, *upper[:target], *upper[target + 1 :]] if upper else lower
    if upper and target < len(upper) and not any(role == "figure" for _, role in lower):
        ordered = [*lower, *upper]
    return [word for word, _ in ordered], [role for _, role in ordered]


def _fill_classes(rows: Iterable[Placed], roles: Sequence[str]) -> Iterator[Placed]:
    """Leave out rows of nothing but labels; a class printed there is that of the next row."""
    waiting: Placed = []
    for row in rows:
        labels = [(column, cell) for column, cell in row if roles[column] in ("level1", "level2")]
        classes = [(column, cell) for column, cell in labels if roles[column] == "level1"]
        waiting = classes or waiting
        if len(labels) < len(row):
            yield [*waiting, *(placed for placed in row if placed not in classes)]
            waiting = []


def _money_lines(zones: Zones, maker: _Maker, lexicon: Lexicon) -> list[Line]:
    roles = [find_role(word.key, lexicon.money_columns) or "ignored" for word in zones.money_header]
    column = {role: index for index, role in enumerate(roles, start=_FIRST_COLUMN)}
    rows = _money_rows(zones.money, lexicon)
    if not rows:
        return []
    labels = dict(reversed([(find_money_row(label.key, lexicon) or "", label) for label, _ in reversed(rows)]))
    values = {find_money_row(label.key, lexicon) or "": words for label, words in rows}
    total = place_total(values.pop("total", []), roles)
    values.pop("ignored", None)
    placed = {"total": total, **place_parts(values, total, roles)}
    lines = [maker.line([(0, zones.money_title), *enumerate(([w] for w in zones.money_header), start=_FIRST_COLUMN)])]
    for name, label in labels.items():
        cells = placed.get(name, {})
        lines.append(
            maker.line(
                [(1, [label]), *sorted((column[role], [word]) for role, word in cells.items() if role != "ignored")]
            )
        )
    return lines


def _money_rows(words: Sequence[Word], lexicon: Lexicon) -> list[tuple[Word, list[Word]]]:
    rows: list[tuple[Word, list[Word]]] = []
    for word in words:
        if word.key and find_money_row(word.key, lexicon) is not None:
            rows.append((word, []))
        elif bare_label(word.key) in lexicon.banner | lexicon.goal_labels:
            break
        elif rows:
            rows[-1][1].append(word)
    return rows


def _goal_lines(words: Sequence[Word], maker: _Maker, lexicon: Lexicon) -> list[Line]:
    """The two goals under their labels; behind both labels the words are parted where the second text begins."""
    sides: dict[str, list[Word]] = {"expected": [], "actual": []}
    labels: dict[str, Word] = {}
    behind: list[Word] = []
    current: str | None = None
    for word in words:
        role = find_role(word.key, lexicon.goal)
        if role in sides:
            labels[role], current = word, role
        elif word.text and bare_label(word.key) not in lexicon.goal_labels and current is not None:
            sides[current].append(word)
    if not labels:
        return []
    if not sides["expected"]:
        behind, sides["actual"] = sides["actual"], []
        sides["expected"], sides["actual"] = _part(behind)
    header = [(1, [labels["expected"]])] if "expected" in labels else []
    header += [(4, [labels["actual"]])] if "actual" in labels else []
    return [maker.line(header), maker.line([(1, sides["expected"]), (4, sides["actual"])])]


def _part(words: list[Word]) -> tuple[list[Word], list[Word]]:
    """Part the words of two texts that stand one behind the other."""
    if len(words) == 1 and words[0].glued:
        return _part_glued(words[0])
    if len(words) <= 1:
        return words, []
    numbered = [index for index in range(1, len(words)) if re.match(r"[(（]?[1一][)）]?[、.．]", words[index].text)]
    if len(numbered) == 1:
        return words[: numbered[0]], words[numbered[0] :]
    ends = [index for index in range(1, len(words)) if words[index - 1].text[-1] in _SENTENCE_ENDS]
    candidates = ends or list(range(1, len(words)))
    half = sum(len(word.text) for word in words) / 2
    cut = min(candidates, key=lambda index: abs(sum(len(word.text) for word in words[:index]) - half))
    return words[:cut], words[cut:]


def _part_glued(word: Word) -> tuple[list[Word], list[Word]]:
    """Part two texts with nothing between them where the second repeats the end of the first, or at a full stop."""
    text = word.text
    for size in range(len(text) // 2, _LEAST_REPEATED - 1, -1):
        if text.endswith(text[-size:] * 2):
            return [make_word(text[:-size], word.cell)], [make_word(text[-size:], word.cell)]
    stop = text.find("。")
    if 0 <= stop < len(text) - 1 and text.count("。", 0, -1) == 1:
        return [make_word(text[: stop + 1], word.cell)], [make_word(text[stop + 1 :], word.cell)]
    return [], []


def _footer_lines(words: Sequence[Word], roles: Sequence[str], maker: _Maker, lexicon: Lexicon) -> list[Line]:
    if not words:
        return []
    columns = [roles.index(role) for role in ("weight", "score") if role in roles]
    slots = list(takewhile(lambda word: not word.text or parse_decimal(word.key) is not None, words[1:]))
    rest = words[1 + len(slots) :]
    if not slots and rest and rest[0].glued:
        slots = _cut_total(rest[0], len(columns))
    if len(slots) == 1 and parse_decimal(slots[0].key) != _HUNDRED:
        columns = columns[-1:]  # a lone figure is the score, unless it is the weight of everything
    total = maker.line([(0, words[:1]), *((column, [word]) for column, word in zip(columns, slots, strict=False))])
    return [total, *_grade_lines(rest, maker, lexicon)]


def _cut_total(word: Word, count: int) -> list[Word]:
    """Cut the figures of a total that ran together: a hundred points, and a score of no more."""
    digits = re.match(r"[\d.]*", word.text)
    cuts = list(cut_figures(digits.group(), count)) if digits is not None else []
    fitting = [cut for cut in cuts if count == 1 or cut[0] == "100"]
    fitting = [cut for cut in fitting if (parse_decimal(cut[-1]) or 0) <= 100]
    return [make_word(text, word.cell) for text in fitting[0]] if len(fitting) == 1 else []


def _grade_lines(words: Sequence[Word], maker: _Maker, lexicon: Lexicon) -> list[Line]:
    for index, word in enumerate(words):
        if find_role(word.key.partition(":")[0], lexicon.footer) == "grade":
            return [maker.line([(0, [word]), (1, words[index + 1 : index + 2])])]
    return []
