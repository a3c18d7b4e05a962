"""How the text of an environment variable becomes a value; each raises ValueError for a text that it cannot take."""

from collections.abc import Callable
from urllib.parse import urlsplit

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off", ""})


def boolean(text: str) -> bool:
    """Give whether it says yes or no."""
    lowered = text.lower()
    if lowered in _TRUE:
        return True
    if lowered in _FALSE:
        return False
    raise ValueError(f"'{text}' is neither true nor false")


def words(text: str) -> tuple[str, ...]:
    """Give the words between commas."""
    return tuple(word.strip() for word in text.split(",") if word.strip())


def pairs(text: str) -> tuple[tuple[str, str], ...]:
    """Give what is written as name=value; name=value. Values may hold commas and spaces."""
    return tuple(pair(part) for part in text.split(";") if part.strip())


def pair(text: str) -> tuple[str, str]:
    """Give name and value of name=value. What follows the name is not repeated in the fault: it may be a secret."""
    name, sign, value = (part.strip() for part in text.partition("="))
    if not (name and sign):
        raise ValueError(f"“{name}”要写成 名称=值")
    return name, value


def store_address(text: str) -> str:
    """Give the address of an S3 store with its keys, or nothing. A fault repeats none of it: it holds a secret."""
    try:
        parts = urlsplit(text)
        is_whole = parts.hostname and parts.username and parts.password and parts.path.strip("/") and parts.port != 0
    except ValueError:
        is_whole = False
    if text and not (is_whole and parts.scheme in {"https", "http"}):
        raise ValueError("要写成 https://访问键:密钥@主机/桶/前缀?region=区域，其中的特殊符号写成 %XX")
    return text


def positive(text: str) -> int:
    """Give a whole number above zero."""
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise ValueError(f"{text!r} 不是正整数")
    return int(text)


def one_of(*choices: str) -> Callable[[str], str]:
    """Give what takes these texts only."""

    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError(f"{text!r} 不是 {'、'.join(choices)} 之一")
        return text

    return parse
