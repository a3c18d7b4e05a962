"""The one door: files, folders, archives and uploads in, documents of located rows out."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import structlog

from chengshu.documents.archives import Member, base_name, list_members, refuse_size, walk_folder
from chengshu.documents.contracts import Document, Media
from chengshu.documents.disk import load_file, name_file
from chengshu.documents.errors import DocumentCorrupt, DocumentEmpty, DocumentError, PagesUnreadable, UnknownFormat
from chengshu.documents.limits import Limits
from chengshu.documents.sniffing import Container, recognise
from chengshu.documents.transcript import OnPage, Source, Transcript

__all__ = ["Limits", "Member", "list_members", "read_document", "read_documents"]

log = structlog.get_logger()

# Named, not imported: each brings heavy libraries of its own.
_READERS = {
    Media.TEXT: "text",
    Media.MARKDOWN: "markdown",
    Media.HTML: "webpage",
    Media.CSV: "delimited",
    Media.XLSX: "workbook",
    Media.DOCX: "word",
    Media.PDF: "pdf",
    Media.SCAN: "image",
}
_DEFAULT_LIMITS = Limits()


def read_documents(path: Path, *, limits: Limits = _DEFAULT_LIMITS) -> Iterator[Document | DocumentError]:
    """Read a file, the files of an archive, or those of a folder and its subfolders, one after the other.

    The order is the natural one of the names ("表2" before "表10"). The fault of one file is yielded in its place and
    the others go on; nothing is raised.
    """
    for file in walk_folder(path) if path.is_dir() else (path,):
        yield from _read_file(file, limits)


def _read_file(path: Path, limits: Limits) -> Iterator[Document | DocumentError]:
    try:
        data = load_file(path, limits=limits)
    except DocumentError as fault:
        yield fault
        return
    for member in list_members(str(path.with_name(name_file(path))), data, limits=limits):
        yield _read_member(member, limits) if isinstance(member, Member) else member


def _read_member(member: Member, limits: Limits) -> Document | DocumentError:
    try:
        return read_document(member.origin, member.read(), limits=limits)
    except DocumentError as fault:
        return fault


def read_document(
    name: str, data: bytes, *, limits: Limits = _DEFAULT_LIMITS, on_page: OnPage | None = None
) -> Document:
    """Read the bytes of one file that is no archive.

    `name` may be a path or "archive.zip!/member": it becomes the document's origin, its last part the document's name.
    `on_page(page, pages)` is called after each page of a paged format; what it raises stops the reading, passed on.

    Raises:
        DocumentError: of the kind that fits, naming the file and the cure.
    """
    file = base_name(name)
    if len(data) > limits.file_bytes:
        raise refuse_size(file, limits)
    media = recognise(file, data)
    if media is Container.ZIP:
        raise UnknownFormat(f"文件“{file}”是压缩包，请作为压缩包导入。", file=file)
    transcript, lost = Transcript(file, limits), None
    pages = _PageReport(on_page)
    try:
        reader = import_module(f"chengshu.documents.formats.{_READERS[media]}")
        reader.transcribe(Source(file, data, limits, pages), transcript)
    except PagesUnreadable as fault:
        if not transcript.rows:
            raise
        lost = fault
    except DocumentError:
        raise
    except Exception as fault:
        if fault is pages.raised:
            raise
        # The parsers below fail in every way there is on damaged bytes; the fault itself goes to the log.
        log.info("document_unreadable", media=media.value, fault=type(fault).__name__)
        message = f"文件“{file}”已损坏或不完整，无法读取，请重新导出后再导入。"
        raise DocumentCorrupt(message, file=file, reason=type(fault).__name__) from fault
    if not transcript.rows:
        raise _describe_empty(file, transcript)
    rows, uncomputed = tuple(transcript.rows), tuple(transcript.uncomputed)
    return Document(file, name, media, rows, tuple(transcript.warnings), lost, uncomputed)


class _PageReport:
    """Passes the caller's page reports on and remembers what the caller raised from them."""

    def __init__(self, on_page: OnPage | None) -> None:
        self._on_page = on_page
        self.raised: Exception | None = None

    def __call__(self, page: int, pages: int) -> None:
        if self._on_page is not None:
            try:
                self._on_page(page, pages)
            except Exception as stop:
                self.raised = stop
                raise


def _describe_empty(file: str, transcript: Transcript) -> DocumentEmpty:
    reasons = "".join(transcript.warnings)
    return DocumentEmpty(f"文件“{file}”中没有可读的文字，请检查后重新导出。{reasons}", file=file)
