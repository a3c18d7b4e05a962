"""By what a text betrays that it tells how to reach somebody, or who somebody is."""

import re

# A mobile number (11 digits from 13 to 19), a number of a fixed line with its area, a citizen's number (GB 11643).
_CONTACT = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|\d{17}[\dXx])(?!\d)|[\w.+-]+@[\w-]+\.\w")


def holds_contact(text: str) -> bool:
    """Tell whether the text holds a telephone number, an e-mail address or a citizen's number.

    Blanks and hyphens within a mobile number do not hide it.
    """
    return bool(_CONTACT.search(text) or _CONTACT.search(re.sub(r"(?<=\d)[ -](?=\d)", "", text)))
