"""Where words in reading order are met: a page on one line, and a form whose table became lines of text."""

from collections.abc import Iterable, Sequence

from chengshu.documents.contracts import Layout
from chengshu.performance.reading.column_major.page import rebuild_columns
from chengshu.performance.reading.lexicon import Lexicon, find_role
from chengshu.performance.reading.lines import Line, make_piece
from chengshu.performance.reading.natural.lines import rebuild_lines
from chengshu.performance.reading.natural.words import Word, list_words, mend_words
from chengshu.performance.reading.sections import Section

_TEXT_SHARE = 0.9  # of the lines are text without columns
_MOST_WORDS = 4000  # of one form; more is no form


def read_page(page: Line, lexicon: Lexicon) -> list[Line] | None:
    """Give the lines of a form that stands on one line, its title first; None when it does not read in order."""
    words = list_words([page], lexicon)
    if len(words) > _MOST_WORDS:
        return None
    mended = mend_words(words, lexicon)
    by_columns = rebuild_columns(mended, lexicon, table=page.table)
    if by_columns is not None:
        return by_columns
    lines = rebuild_lines(mended, lexicon, table=page.table)
    if lines is None:
        return None
    title = _title(words, lexicon)
    if not title:
        return lines
    piece = make_piece("".join(word.text for word in title), 0, title[0].cell)
    return [Line((piece,), Layout.TABBED, page.table), *lines]


def mend_sections(sections: Iterable[Section], lexicon: Lexicon) -> list[Section]:
    """Rebuild the forms that stand as lines of text, where the words read in order; the others stay."""
    mended = []
    for section in sections:
        texts = sum(line.layout is Layout.LOOSE for line in section.body)
        lines = _rebuild(list_words(section.body, lexicon), lexicon) if _is_text(section, texts) else None
        if lines is not None:
            section.body = lines
        mended.append(section)
    return mended


def _rebuild(words: Sequence[Word], lexicon: Lexicon) -> list[Line] | None:
    if len(words) > _MOST_WORDS:
        return None
    mended = mend_words(words, lexicon)
    by_columns = rebuild_columns(mended, lexicon)
    return rebuild_lines(mended, lexicon) if by_columns is None else by_columns


def _is_text(section: Section, texts: int) -> bool:
    return bool(section.body) and texts >= _TEXT_SHARE * len(section.body)


def _title(words: Iterable[Word], lexicon: Lexicon) -> list[Word]:
    title: list[Word] = []
    for word in words:
        if find_role(word.key, lexicon.head) is not None:
            break
        title.append(word)
    return title
