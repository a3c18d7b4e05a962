"""Takes the traces of HTML out of a cell that some export left there."""

import html
import re

# Only these names are tags: "<1天" and "<=2" are targets.
_PARAGRAPH_END = re.compile(r"</(?:p|div|li|h[1-6]|tr)\s*>|<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:p|div|span|br|b|i|u|s|em|strong|sub|sup|font|a|li|ul|ol|h[1-6]|o:p|table|tbody|thead|tr|td|th)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:[a-zA-Z][a-zA-Z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});")
_BLANKS_AROUND_BREAK = re.compile(r"[ \t]*\n[ \t]*")


def strip_markup(text: str) -> str:
    """The text without tags and entities; a paragraph's end and `<br>` become a line break, the ends are stripped."""
    if "<" in text:
        text = _PARAGRAPH_END.sub("\n", text)
        text = _BLANKS_AROUND_BREAK.sub("\n", _TAG.sub("", text))
    if "&" in text:
        text = _ENTITY.sub(lambda match: html.unescape(match.group()), text)
    return text.strip()
