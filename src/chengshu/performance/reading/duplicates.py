"""Recognises the same form printed twice, in one file or in several, whatever extraction did to either printing."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from rapidfuzz import fuzz

from chengshu.base.texts import label_key
from chengshu.performance.contracts.forms import Form, FormRef

_ALIKE = 0.85  # share of the rows of the longer form that must be found in the other
_ROW_ALIKE = 80  # of 100: rows that differ by a lost character or a cell that slipped are still the same row


def mark_duplicates(forms: Iterable[Form]) -> tuple[Form, ...]:
    """Point every later printing of a form to its first one, across all files of one reading.

    Two printings are of the same form when year and project agree, their amounts agree, and so do their indicator
    rows. Forms are compared only within the same year and amount or project, so the cost stays linear.
    """
    marked: list[Form] = []
    firsts: dict[Hashable, list[Form]] = defaultdict(list)
    for form in forms:
        first = next((known for known in _candidates(form, firsts) if is_same_form(known, form)), None)
        if first is None:
            for key in _keys(form):
                firsts[key].append(form)
            marked.append(replace(form, duplicate_of=None))
        else:
            marked.append(replace(form, duplicate_of=FormRef(first.source.file, first.source.form)))
    return tuple(marked)


def is_same_form(one: Form, other: Form) -> bool:
    """Tell whether two forms are printings of the same one."""
    if one.year != other.year or not _agree(one.project, other.project) or not _agree(one.unit, other.unit):
        return False
    if not _same_amounts(one, other):
        return False
    if len(one.indicators) != len(other.indicators) and abs(len(one.indicators) - len(other.indicators)) > 1:
        return False
    return _rows_alike(_row_texts(one), _row_texts(other))


def _candidates(form: Form, firsts: dict[Hashable, list[Form]]) -> Iterator[Form]:
    seen: set[int] = set()
    for key in _keys(form):
        for known in firsts.get(key, ()):
            if id(known) not in seen:
                seen.add(id(known))
                yield known


def _keys(form: Form) -> Iterator[Hashable]:
    """What a second printing has in common with the first: the project, or where its name was lost the amounts."""
    project = label_key(form.project or "")
    amounts = (form.money.total.budget, form.money.total.executed)
    if project:
        yield (form.year, project, _plain(amounts[0]))
    if any(amounts):
        yield (form.year, *map(_plain, amounts), len(form.indicators))


def _plain(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount.normalize()


def _agree(one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return True
    first, second = label_key(one), label_key(other)
    return first == second or (len(first) == len(second) and fuzz.ratio(first, second) >= 90)


def _same_amounts(one: Form, other: Form) -> bool:
    pairs = (
        (one.money.total.initial, other.money.total.initial),
        (one.money.total.budget, other.money.total.budget),
        (one.money.total.executed, other.money.total.executed),
        (one.total.score, other.total.score),
    )
    return all(first is None or second is None or first == second for first, second in pairs)


def _row_texts(form: Form) -> list[str]:
    return [
        "".join(
            str(part)
            for part in (item.level3, item.target, item.actual, _plain(item.weight), _plain(item.score))
            if part is not None
        )
        for item in form.indicators
    ]


def _rows_alike(one: Sequence[str], other: Sequence[str]) -> bool:
    if not one or not other:
        return not one and not other
    longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
    left = list(shorter)
    found = 0
    for row in longer:
        match = row if row in left else next((text for text in left if fuzz.ratio(row, text) >= _ROW_ALIKE), None)
        if match is not None:
            left.remove(match)
            found += 1
    return found >= _ALIKE * len(longer)
