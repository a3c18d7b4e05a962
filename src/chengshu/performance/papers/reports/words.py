"""The report's own words in each language, kept as data beside this module."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from chengshu.performance.contracts import Finding, RescoredLine

Language = Literal["zh", "en"]
_FOLDER = files("chengshu.performance.papers.reports") / "words"


@dataclass(frozen=True, slots=True)
class Words:
    """One language: labels and sentences by key, names of levels, of finding codes and of the form's parts."""

    language: Language
    labels: Mapping[str, str]
    levels: Mapping[str, str]
    codes: Mapping[str, str]
    parts: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        return self.labels[key]

    def code(self, code: str) -> str:
        """Name a class of findings; a code without a name stands for itself."""
        return self.codes.get(code, code)

    def message(self, finding: Finding) -> str:
        """Give a finding's message in this language."""
        return finding.message_en if self.language == "en" else finding.message

    def why(self, line: RescoredLine) -> str:
        """Give a re-scored line's reason in this language."""
        return line.why_en if self.language == "en" else line.why


@cache
def get_words(language: Language) -> Words:
    """Read the words of a language."""
    data = tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    return Words(language, data["labels"], data["levels"], data["codes"], data["parts"])
