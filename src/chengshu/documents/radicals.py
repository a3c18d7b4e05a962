"""Characters that a print program wrote as radicals: they look alike, but no search and no label finds them."""

import re
import unicodedata

# Radicals of the supplement that have no decomposition of their own, by EquivalentUnifiedIdeograph of Unicode.
_SUPPLEMENT = dict(
    zip(
        "⺁⺇⺌⺎⺒⺓⺕⺛⺝⺠⺢⺬⺷⺼⺽⻁⻂⻄⻅⻆⻇⻉⻋⻑⻒⻓⻔⻗⻘⻙⻚⻛⻜⻝⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻲",
        "厂几小尢巳幺彐旡月民氺示羊月臼虎衤西见角角贝车長镸长门雨青韦页风飞食首马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙亀",
        strict=True,
    )
)
# The dictionary's radical of the door is by decomposition the traditional 戶; simplified fonts print 户 with it.
_SUPPLEMENT["⼾"] = "户"
_RADICAL = re.compile("[\u2e80-\u2fd5]")


def fold_radicals(text: str) -> str:
    """Write radicals (U+2E80 to U+2FD5) as the characters that they stand for."""
    if text.isascii() or not _RADICAL.search(text):
        return text
    return _RADICAL.sub(lambda found: _fold(found.group()), text)


def _fold(character: str) -> str:
    return _SUPPLEMENT.get(character) or unicodedata.normalize("NFKC", character)
