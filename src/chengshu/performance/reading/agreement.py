"""Mends names of departments and units that a damaged extraction broke, by the same names read cleanly beside them.

Only in a document that is visibly damaged, only to a name read cleanly at least twice in it, and only where the
broken text agrees with one such name alone. The raw text stays in the origin, the confidence falls.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz.distance import LCSseq

from chengshu.performance.reading.head import Name

_MENDED = ("department", "unit")
_CLEAN = re.compile(r"[\u4e00-\u9fff()（）]+")
_TWICE = 2
_OWN_SHARE = 0.75  # of the broken text must be found in the clean name, in order
_NAME_SHARE = 0.8  # or of the clean name in the broken text
_LEAST = 4  # characters that must agree


def agree_on_names(heads: Sequence[dict[str, Name]], *, damaged: bool) -> list[dict[str, Name]]:
    """Give the heads with their broken names mended; without damage to the document they come back as they are.

    `damaged` says that the document is known to be damaged (run-on text, a scan); names broken over cells in two
    forms say so as well.
    """
    names = [head[role] for head in heads for role in _MENDED if role in head]
    if not damaged and sum(name.is_broken for name in names) < _TWICE:
        return list(heads)
    counts = Counter(name.text for name in names if not name.is_broken and _CLEAN.fullmatch(name.text))
    clean = [text for text, count in counts.items() if count >= _TWICE and not _is_cut_short(text, counts)]
    return [{role: _mend(name, clean) if role in _MENDED else name for role, name in head.items()} for head in heads]


def _is_cut_short(text: str, counts: Counter[str]) -> bool:
    """Tell whether the name is only the beginning of one that is read more often."""
    return any(other != text and other.startswith(text) and count > counts[text] for other, count in counts.items())


def _mend(name: Name, clean: Sequence[str]) -> Name:
    if name.text in clean:
        return name
    agreeing = [text for text in clean if _agrees(name, text)]
    if len(agreeing) != 1:
        return name
    share = LCSseq.similarity(name.text, agreeing[0]) / max(len(name.text), len(agreeing[0]))
    return replace(name, text=agreeing[0], confidence=round(min(name.confidence, 0.3 + 0.5 * share), 3))


def _agrees(name: Name, text: str) -> bool:
    """Two whole names of one length that differ in a character are two units, not a misreading."""
    if not name.is_broken and _CLEAN.fullmatch(name.text) and len(name.text) >= len(text):
        return False
    common = LCSseq.similarity(name.text, text)
    return common >= _LEAST and (common >= _OWN_SHARE * len(name.text) or common >= _NAME_SHARE * len(text))
