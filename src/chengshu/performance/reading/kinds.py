"""Says what kind of thing a cell's text looks like; one letter a kind, so that a row has a short signature."""

import re
from functools import lru_cache

from chengshu.base.texts import fold_signs
from chengshu.performance.reading.lexicon import Lexicon, bare_label

BANNER = "b"  # 绩效指标, or a fragment of it
CLASS = "1"
CATEGORY = "2"
EITHER = "3"  # a word that is a class in one template and a category in another (成本指标, 满意度指标)
BARE = "c"  # a category without 指标: as often an indicator's name
LABEL = "i"  # ends like a label, but is none that is known
NUMBER = "n"  # a plain figure that may be a weight or a score
FIGURE = "N"  # a plain figure too large or too fine for one
VALUE = "v"  # a figure with sign, per cent or unit
WORD = "w"  # a qualitative answer
TEXT = "t"
LONG = "l"  # a sentence
SIGN = "s"
MEASURE = "u"
DASH = "-"
JUNK = "j"

_BANNER = re.compile(r"绩?效?指标|绩效?指?标?|绩效|效指?标?|指标?|标|年度绩效指标")
_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,3})?")
_FIGURE = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
_VALUE = re.compile(
    r"[≥≤><=约]*-?\d[\d,]*(?:\.\d+)?(?:[-~至—]\d[\d.,]*)?"
    r"(?:%|‰|\([^()]{1,12}\)|[^\d\s。，,；;]{1,6}(?:/[^\d\s]{1,4})?)(?:以上|以下|以内|内|前|左右)?"
    r"|[≥≤><=]+.{1,20}|\d[\d.,]*%?[-~]\d[\d.,]*%?"
)
_DATE = re.compile(r"(?:于|在)?20\d\d年.{0,12}")
_SIGN = re.compile(r"[≥≤><=]|定性(?:指标)?|正向|反向|大于等于|小于等于|等于|大于|小于")
_MEASURE = re.compile(
    r"%|‰|个|次|人|人次|家|项|套|份|天|日|年|月|小时|分钟|秒|万元|元|台|件|条|篇|期|户|平方米|公里|千米|米|吨|工作日|百分比"
    r"|百分点|元/人|次/年|场|场次|批次|批|处|座|辆|本|册|栋|所|亩|公顷|ms|G|GB|Gbps|Mbps|人/次|个/套|家/次|人天|门|种|支|名|张|块|组|宗|例|点|分"
)
_WORDS = re.compile(
    r"(?:较|很|非常|基本|完全|全部|已|按时|按期|按质|明显|有效|显著|逐步|持续|不断|进一步|良好)?"
    r"(?:完善|健全|及时|合理|合规|合法|合格|规范|稳定|可控|到位|有效|提升|提高|促进|充分|完成|通过|达标|满意|达成|达成指标|达到|完备|充足|工整"
    r"|公开|拓宽|改善|节省|良好|减少|降低|减低|增加|增强|明显|显著|优|良|好|高|低|无|是|否|有|符合|完整|加强|保障|落实|齐全|正常|优良|优化"
    r"|满足|达成预期指标|达到预期|长期|持续|安全|准确|充实|便利|完工|验收|畅通|不断|推动|带动|改进|实现|足额|可持续|到位率|有所提升|基本完成"
    r"|按时完成|及时性|当年内|控制于预算内)"
)
_PATTERNS = (
    (_FIGURE, FIGURE),
    (_SIGN, SIGN),
    (_MEASURE, MEASURE),
    (_WORDS, WORD),
    (_VALUE, VALUE),
    (_DATE, VALUE),
)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_FILLER = re.compile(r"指标\d{1,2}|[….]+")
_DASHES = frozenset({"-", "—", "——", "–", "_", "/", "\\", "－", "一", "--", "―", "─", "＿", "~"})


def kind_of(key: str, lexicon: Lexicon) -> str:
    """Give the kind of a cell by its label key (a short text without blanks in half width)."""
    return LONG if len(key) > 60 else _kind(key, lexicon)


def is_filler(key: str) -> bool:
    """Tell whether the text is what the blank form prints for a row to be filled in: "指标2：", "……"."""
    return _FILLER.fullmatch(key) is not None


def is_dash(key: str) -> bool:
    """Tell whether the text is only a dash, which an office prints where nothing is asked."""
    return key in _DASHES


@lru_cache(maxsize=16384)
def _kind(key: str, lexicon: Lexicon) -> str:
    label = _label_kind(key, lexicon)
    if label is not None:
        return label
    text = fold_signs(key)
    if is_dash(text):
        return DASH
    if _NUMBER.fullmatch(text) and float(text) <= 100:
        return NUMBER
    for pattern, kind in _PATTERNS:
        if pattern.fullmatch(text):
            return kind
    return _text_kind(text)


def _label_kind(key: str, lexicon: Lexicon) -> str | None:
    bare = bare_label(key) if len(key) <= 24 else key
    is_class, is_category = bare in lexicon.classes, bare in lexicon.categories
    if is_class or is_category:
        if is_class and (is_category or bare == "满意度指标"):
            return EITHER
        if is_class:
            return CLASS
        return CATEGORY if bare.endswith("指标") else BARE
    if bare in lexicon.banner or _BANNER.fullmatch(bare):
        return BANNER
    return None


def _text_kind(text: str) -> str:
    han = len(_HAN.findall(text))
    if han == 0:
        return JUNK if len(text) <= 12 else TEXT
    if len(text) == 1:
        return JUNK
    if text.endswith("指标") and len(text) <= 10:
        return LABEL
    if len(text) > 36 or "。" in text or "；" in text:
        return LONG
    return TEXT
