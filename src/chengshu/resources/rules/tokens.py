"""Words of a text as the search counts them: pairs of Chinese signs, words of letters and figures, heads of codes."""

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise

NAME, CODE, ELEMENT, FIELD, DEPARTMENT, FIELD_CODE, SUMMARY = 100, 90, 60, 40, 35, 30, 10
"""Weights of the places that a word may stand in."""

_SHORTEST_HEAD, _LONGEST_HEAD = 2, 24
_MOST_TERMS = 8
_MOST_WORDINGS = 4
_RUN = re.compile(r"([\u3400-\u9fff]+)|([0-9a-z]+)")


@dataclass(frozen=True, slots=True)
class Wording:
    """One way to say what is looked for: the texts that should stand in a resource, and the tokens they make.

    `is_own` tells whether these are the person's own words, not synonyms of them.
    """

    terms: tuple[str, ...]
    tokens: frozenset[int]
    is_own: bool


def fold(text: str) -> str:
    """Write a text as the index compares it: half width, small letters."""
    return unicodedata.normalize("NFKC", text).lower()


@lru_cache(maxsize=262_144)
def token_of(word: str) -> int:
    """Give the number of a word: 64 bits of its BLAKE2b digest, signed, as databases keep whole numbers."""
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little", signed=True)


@lru_cache(maxsize=65_536)
def tokens_of(text: str) -> tuple[int, ...]:
    """Give the tokens of a text: each pair of neighbouring Chinese signs, each word of letters and figures."""
    return tuple({token_of(word): None for word in _words(fold(text))})


@lru_cache(maxsize=65_536)
def name_tokens(text: str) -> tuple[int, ...]:
    """Give the tokens of a name, in which single signs and heads of words are found as well."""
    folded = fold(text)
    signs = (sign for run, _word in _RUN.findall(folded) for sign in run)
    heads = (head for _run, word in _RUN.findall(folded) for head in _heads(word))
    return tuple({token_of(word): None for word in (*_words(folded), *signs, *heads)})


def code_tokens(code: str) -> tuple[int, ...]:
    """Give the tokens of a code: its parts with their heads, and the heads of the whole without its separators."""
    folded = fold(code)
    parts = [word for _run, word in _RUN.findall(folded)]
    heads = [head for word in (*parts, "".join(parts)) for head in _heads(word)]
    return tuple({token_of(word): None for word in (*_words(folded), *heads)})


def read_query(text: str) -> tuple[Wording, ...]:
    """Read what somebody typed: first his own words, then up to three other wordings by the synonyms.

    Blanks part terms, all of which must be found; at most eight count. Nothing searchable gives nothing.
    """
    terms = tuple(dict.fromkeys(fold(text).split()))[:_MOST_TERMS]
    wordings: list[Wording] = []
    for at, said in enumerate(_wordings(terms)):
        tokens = frozenset(token_of(word) for term in said for word in _query_words(term))
        if tokens and tokens not in {wording.tokens for wording in wordings}:
            wordings.append(Wording(said, tokens, at == 0))
        if len(wordings) == _MOST_WORDINGS:
            break
    return tuple(wordings)


@cache
def synonym_groups() -> tuple[tuple[str, ...], ...]:
    """Give the groups of words that mean the same."""
    told = tomllib.loads((files("chengshu.resources.rules") / "synonyms.toml").read_text("utf-8"))
    return tuple(tuple(fold(word) for word in group) for group in told["groups"])


@cache
def rules_mark() -> str:
    """Give the mark of how texts become tokens and weights; what was indexed under another one is indexed again."""
    told = (NAME, CODE, ELEMENT, FIELD, DEPARTMENT, FIELD_CODE, SUMMARY, _SHORTEST_HEAD, _LONGEST_HEAD, _RUN.pattern, 1)
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def _wordings(terms: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Give the terms as they are, then with one of them said otherwise."""
    yield terms
    for at, term in enumerate(terms):
        for other in _synonyms(term):
            yield (*terms[:at], other, *terms[at + 1 :])


def _synonyms(term: str) -> Iterator[str]:
    """Give a term with its longest known word replaced by each of that word's synonyms."""
    known = [(word, group) for group in synonym_groups() for word in group if word in term]
    if not known:
        return
    word, group = max(known, key=lambda pair: len(pair[0]))
    for other in group:
        if other != word:
            yield term.replace(word, other)


def _words(folded: str) -> Iterator[str]:
    for run, word in _RUN.findall(folded):
        if word:
            yield word
        else:
            yield from (first + second for first, second in pairwise(run))


def _query_words(term: str) -> Iterable[str]:
    """Give what of a term is looked up: pairs, or the sign itself where there is but one."""
    for run, word in _RUN.findall(term):
        if word or len(run) == 1:
            yield word or run
        else:
            yield from (first + second for first, second in pairwise(run))


def _heads(word: str) -> Iterator[str]:
    return (word[:length] for length in range(_SHORTEST_HEAD, min(len(word), _LONGEST_HEAD) + 1))
