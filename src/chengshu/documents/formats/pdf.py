"""PDF: ruled tables of the text layer as grids, other text in reading order; pages without text go to the recogniser."""

import contextlib
import io
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import Any, TypeVar

import pdfplumber
import structlog
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfpage import PDFPage
from pdfplumber.page import Page
from pdfplumber.utils.exceptions import PdfminerException

from chengshu.documents.errors import DocumentEncrypted, DocumentError, DocumentTooLarge, PagesUnreadable
from chengshu.documents.lattices import Lattice
from chengshu.documents.limits import MIB
from chengshu.documents.pages import PageText, add_page, holds_columns, read_table
from chengshu.documents.pieces import Piece, group_lines
from chengshu.documents.seams import join_pages, share_columns
from chengshu.documents.transcript import Source, Transcript
from chengshu.documents.unruled.blocks import Rules

log = structlog.get_logger()
T = TypeVar("T")

_TOLERANCE_PT = 2.0
# Text that the font does not let us read is worse than none: such a page is looked at instead.
_READABLE_SHARE = 0.7
_PICTURE_SHARE = 0.8
_SNAP_PT = 3.0
_DEPTH = 0.12  # of the letters' height: how far Chinese characters reach below the line
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_STREAM_MATTERS_FROM = 64 * MIB  # a page scanned at 300 dpi on A3 has 52
_CHUNK, _MAX_STEP, _HOPELESS = MIB // 16, MIB, 1024 * MIB
_SEVERAL = 3
_PRIVATE_USE = range(0xE000, 0xF900)


def transcribe(source: Source, transcript: Transcript) -> None:
    """Give every page in order; `Place` holds the page and, for text and cells that begin there, the box in points.

    A ruled table is a GRID with its merged cells; lines of text in columns without rules are TABBED; the rest is
    LOOSE. A table that goes on over a page is a new table there. A page without readable text is recognised as a scan.

    Raises:
        PagesUnreadable: after the last page, if damaged pages had to be left out.
    """
    _refuse_bomb(source)
    pdf = _open(source)  # never closed: closing opens every page, the damaged too, and all is in memory
    found = list(PDFPage.create_pages(pdf.doc))
    pages = len(found)
    if pages > source.limits.pages:
        message = f"文件“{source.file}”有 {pages:,} 页，超过 {source.limits.pages:,} 页，请拆分后再导入。"
        raise DocumentTooLarge(message, file=source.file, limit=source.limits.pages)
    lost: list[int] = []
    held: list[PageText] = []
    for number, found_page in enumerate(found, start=1):
        page = _try_page(partial(_read_page, pdf, found_page, number), number)
        if page is None or not held or not join_pages(held[-1], page):
            lost += _give_pages(held, source, transcript)
            held = []
        if page is None:
            lost.append(number)
        else:
            held.append(page)
        source.report_page(number, pages)
    lost += _give_pages(held, source, transcript)
    if lost:
        raise _describe_lost(source.file, sorted(lost))


def _try_page(work: Callable[[], T], number: int) -> T | None:
    """Do the work on a page; None where the page is damaged."""
    try:
        return work()
    except DocumentError:
        raise
    except Exception as fault:  # noqa: BLE001 - a damaged page fails in every way there is, and the others count
        log.info("page_unreadable", page=number, fault=type(fault).__name__)
        return None


def _give_pages(pages: Sequence[PageText], source: Source, transcript: Transcript) -> list[int]:
    """Give pages over which a table goes on; the numbers of those that were lost, of which nothing is given."""
    if len(pages) > 1:
        share_columns(
            [table for page, following in pairwise(pages) for table in (page.tables[-1], following.tables[0])]
        )
    lost = []
    for page in pages:
        before = len(transcript.rows)
        if _try_page(partial(_give_page, page, source, transcript), page.number) is None:
            del transcript.rows[before:]
            lost.append(page.number)
    return lost


def _give_page(page: PageText, source: Source, transcript: Transcript) -> bool:
    if page.is_scan:
        from chengshu.documents.formats.image import transcribe_pdf_page  # noqa: PLC0415 - loads the recogniser

        transcribe_pdf_page(source, page.number, transcript)
    else:
        add_page(page.tables, page.outside, transcript, page=page.number, rules=page.rules)
    return True


def _open_upright(pdf: Any, found: Any, number: int) -> Any:
    """The page so that most of its text reads from left to right; boxes are those of the page so turned."""
    page: Any = Page(pdf, found, number)
    turn = _find_turn(page.chars)
    if turn:
        page.close()
        found.rotate = (found.rotate + turn) % 360
        page = Page(pdf, found, number)
    return page


def _find_turn(chars: Sequence[dict[str, Any]]) -> int:
    """The degrees clockwise by which a page must be turned."""
    turns = Counter(_turn_of(*char["matrix"][:2]) for char in chars)
    return turns.most_common(1)[0][0] if turns else 0


def _turn_of(along: float, up: float) -> int:
    if abs(along) >= abs(up):
        return 0 if along >= 0 else 180
    return 90 if up > 0 else 270


def _describe_lost(file: str, pages: Sequence[int]) -> PagesUnreadable:
    listed = "、".join(map(str, pages))
    message = f"文件“{file}”的第 {listed} 页已损坏，无法读取，其余各页已读取；请重新导出后再导入。"
    return PagesUnreadable(message, file=file, pages=listed)


def _refuse_bomb(source: Source) -> None:
    """Raise `DocumentTooLarge` for a packed stream that unpacks to a great size out of almost nothing."""
    for start in _STREAM.finditer(source.data):
        packed, unpacked = _measure_stream(source.data, start.end())
        if unpacked > _STREAM_MATTERS_FROM and unpacked > source.limits.expansion * packed:
            message = f"文件“{source.file}”解开后超过限制，请检查来源后再导入。"
            raise DocumentTooLarge(message, file=source.file, limit=_STREAM_MATTERS_FROM)


def _measure_stream(data: bytes, start: int) -> tuple[int, int]:
    """Bytes of a deflated stream before and after, as far as it is one; nothing is kept."""
    unpacker, position, unpacked = zlib.decompressobj(), start, 0
    with contextlib.suppress(zlib.error):  # packed in another way, or damaged
        while not unpacker.eof and (unpacker.unconsumed_tail or position < len(data)):
            chunk = unpacker.unconsumed_tail or data[position : position + _CHUNK]
            position += 0 if unpacker.unconsumed_tail else len(chunk)
            unpacked += len(unpacker.decompress(chunk, _MAX_STEP))
            if unpacked > _HOPELESS:
                break
    return position - start, unpacked


def _open(source: Source) -> Any:
    try:
        return pdfplumber.open(io.BytesIO(source.data))
    except PdfminerException as fault:
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in fault.args):
            message = f"文件“{source.file}”有打开密码，请去除密码后重新导入。"
            raise DocumentEncrypted(message, file=source.file) from fault
        raise


def _read_page(pdf: Any, found: Any, number: int) -> PageText:
    page = _open_upright(pdf, found, number)
    text = _read_text(page, number)
    page.close()
    return text


def _read_text(page: Any, number: int) -> PageText:
    pieces = list(_iter_pieces(page.chars))
    tables = page.find_tables(_complete_rules(page.edges)) if pieces else []
    if _is_scan(page, pieces, has_tables=bool(tables)):
        return PageText(number, is_scan=True)
    lattices = [Lattice(table.cells, tolerance=_TOLERANCE_PT) for table in sorted(tables, key=lambda t: t.bbox[1])]
    held, outside = _share_out(pieces, lattices)
    ruled = []
    for lattice, cells in zip(lattices, held, strict=True):
        if any(holds_columns(group_lines(cell)) for cell in cells.values()):
            outside += [piece for cell in cells.values() for piece in cell]
        else:
            ruled.append(read_table((lattice, cells)))
    return PageText(number, ruled, outside, _list_rules(page.edges))


def _list_rules(edges: Sequence[dict[str, Any]]) -> Rules:
    return Rules(
        level=[(edge["top"], edge["x0"], edge["x1"]) for edge in edges if edge["orientation"] == "h"],
        upright=[(edge["x0"], edge["top"], edge["bottom"]) for edge in edges if edge["orientation"] == "v"],
    )


def _iter_pieces(chars: Sequence[dict[str, Any]]) -> Iterator[Piece]:
    """The characters, level ones as high as their size above one line: fonts differ in how deep their boxes reach."""
    for char in chars:
        _, slant, lean, _, _, line = char["matrix"]
        top, bottom = char["top"], char["bottom"]
        if slant == lean == 0:
            bottom += char["y0"] - line + _DEPTH * (bottom - top)
            top += bottom - char["bottom"]
        yield Piece(char["text"], char["x0"], top, char["x1"], bottom)


def _is_scan(page: Any, pieces: Sequence[Piece], *, has_tables: bool) -> bool:
    printed = [piece for piece in pieces if not piece.text.isspace()]
    if not printed:
        return bool(page.images or page.curves or page.rects)
    readable = sum(not _is_unreadable(piece.text) for piece in printed)
    return readable < _READABLE_SHARE * len(printed) or (not has_tables and _is_covered_by_picture(page))


def _is_unreadable(text: str) -> bool:
    return text.startswith("(cid:") or ord(text[0]) in _PRIVATE_USE or text == "\ufffd"


def _is_covered_by_picture(page: Any) -> bool:
    """A scan with a hidden text layer: the rules of its tables are in the picture alone."""
    area = float(page.width) * float(page.height)
    return any(image["width"] * image["height"] > _PICTURE_SHARE * area for image in page.images)


def _complete_rules(edges: Sequence[dict[str, Any]]) -> dict[str, list[float]]:
    """Table settings that add the outer rules which forms, or browsers at the end of a page, leave out.

    They are where the inner rules end together.
    """
    level = [edge for edge in edges if edge["orientation"] == "h" and edge["x1"] - edge["x0"] >= _SNAP_PT]
    upright = [edge for edge in edges if edge["orientation"] == "v" and edge["bottom"] - edge["top"] >= _SNAP_PT]
    if not level or not upright:
        return {}
    return {
        "explicit_vertical_lines": _find_open_ends(
            [(edge["top"], edge["x0"], edge["x1"]) for edge in level],
            drawn=[(edge["x0"], edge["top"], edge["bottom"]) for edge in upright],
        ),
        "explicit_horizontal_lines": _find_open_ends(
            [(edge["x0"], edge["top"], edge["bottom"]) for edge in upright],
            drawn=[(edge["top"], edge["x0"], edge["x1"]) for edge in level],
        ),
    }


def _find_open_ends(
    rules: Sequence[tuple[float, float, float]], *, drawn: Sequence[tuple[float, float, float]]
) -> list[float]:
    """The first and the last position where several rules end, if nothing is drawn across them there, or not all along.

    A rule is where it lies, where it begins and where it ends.
    """
    first, last = min(start for _, start, _ in rules), max(end for _, _, end in rules)
    ending = {
        first: [at for at, start, _ in rules if abs(start - first) < _SNAP_PT],
        last: [at for at, _, end in rules if abs(end - last) < _SNAP_PT],
    }
    return [end for end, places in ending.items() if len(places) >= _SEVERAL and _is_open(end, places, drawn)]


def _is_open(end: float, places: Sequence[float], drawn: Sequence[tuple[float, float, float]]) -> bool:
    across = sorted((start, stop) for at, start, stop in drawn if abs(at - end) < _SNAP_PT)
    reached = min(places)
    for start, stop in across:
        if start - reached >= _SNAP_PT:
            return True
        reached = max(reached, stop)
    return max(places) - reached >= _SNAP_PT


def _share_out(
    pieces: Sequence[Piece], lattices: Sequence[Lattice]
) -> tuple[list[dict[int, list[Piece]]], list[Piece]]:
    """For each table the pieces by cell, and the pieces that stand in none."""
    held: list[dict[int, list[Piece]]] = [{} for _ in lattices]
    outside: list[Piece] = []
    for piece in pieces:
        x = (piece.x0 + piece.x1) / 2
        for lattice, cells in zip(lattices, held, strict=True):
            if (found := lattice.find(x, piece.middle)) is not None:
                cells.setdefault(found, []).append(piece)
                break
        else:
            outside.append(piece)
    return held, outside
