"""Papers into forms and findings, without a database: bytes, files and folders in."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from chengshu.base.errors import ChengshuError
from chengshu.documents.archives import walk_folder
from chengshu.documents.contracts import Document, Row
from chengshu.documents.disk import load_file, name_file
from chengshu.documents.errors import DocumentError
from chengshu.documents.reading import Limits, Member, list_members, read_document
from chengshu.performance.contracts import Checked, Form
from chengshu.performance.contracts.wire import form_from_record
from chengshu.performance.errors import FormUnreadable, RecordInvalid
from chengshu.performance.reading import duplicates, reader
from chengshu.performance.rules import checking
from chengshu.performance.rules.rulesets import get_rule_set

PageProgress = Callable[[int, int], None]

_RECORD_ENDINGS = (".json", ".jsonl")


@dataclass(frozen=True, slots=True)
class Reading:
    """What one document gave: its forms with the rows they were read from, or the fault.

    `member` is the path inside an archive, empty for a plain file. A document with a fault may still hold forms that
    could be read.
    """

    name: str
    member: str = ""
    forms: tuple[Form, ...] = ()
    rows: tuple[Row, ...] = ()
    warnings: tuple[str, ...] = ()
    fault: ChengshuError | None = None


def read_bytes(name: str, data: bytes, on_page: PageProgress | None = None) -> Iterator[Reading]:
    """Read a file, every member of an archive, or published records (.json, .jsonl) into forms or faults.

    Nothing is raised for bad input; what `on_page` raises is passed on.
    """
    if name.lower().endswith(_RECORD_ENDINGS):
        yield _read_records(name, data)
        return
    for member in list_members(name, data, limits=Limits()):
        if isinstance(member, DocumentError):
            faulty = _faulty(member, name)
            yield faulty if faulty.name == name else replace(faulty, member=f"{name}!/{faulty.name}")
            continue
        path = "" if member.origin == name else member.origin
        yield replace(_read_member(member, on_page), member=path)


def list_paper_files(paths: Iterable[Path]) -> list[Path]:
    """List the files of paths, those of folders and their subfolders in natural order; a missing path stays listed."""
    return [file for path in paths for file in (walk_folder(path) if path.is_dir() else (path,))]


def read_file(path: Path, on_page: PageProgress | None = None) -> Iterator[Reading]:
    """Read one file as `read_bytes` does; one that cannot be opened is a fault like any other."""
    name = name_file(path)
    try:
        data = load_file(path, limits=Limits())
    except DocumentError as fault:
        yield Reading(name, fault=fault)
        return
    yield from read_bytes(name, data, on_page)


def mark_duplicates(forms: Sequence[Form]) -> Sequence[Form]:
    """Give the forms in the same order, repeated printings pointing at the first."""
    return duplicates.mark_duplicates(forms)


def check_forms(forms: Sequence[Form], rules: str = "") -> Sequence[Checked]:
    """Check forms one by one and against each other; empty `rules` = the rule set of each form's year and place.

    Raises RuleSetUnknown.
    """
    return checking.check_forms(forms, get_rule_set(rules) if rules else None)


def _read_member(member: Member, on_page: PageProgress | None) -> Reading:
    try:
        return _read_forms(read_document(member.origin, member.read(), on_page=on_page))
    except DocumentError as fault:
        return _faulty(fault, member.name)


def _read_forms(document: Document) -> Reading:
    try:
        forms = tuple(reader.read_forms(document))
    except FormUnreadable as fault:
        return Reading(document.name, rows=document.rows, warnings=document.warnings, fault=document.fault or fault)
    return Reading(document.name, forms=forms, rows=document.rows, warnings=document.warnings, fault=document.fault)


def _read_records(name: str, data: bytes) -> Reading:
    """Read one published record, an array of them, or one a line."""
    try:
        text = data.decode("utf-8-sig")
        try:
            found = json.loads(text)
        except json.JSONDecodeError:
            found = [json.loads(line) for line in text.splitlines() if line.strip()]
        records = found if isinstance(found, list) else [found]
        return Reading(name, forms=tuple(form_from_record(record) for record in records))
    except RecordInvalid as fault:
        return Reading(name, fault=fault)
    except (ValueError, RecursionError) as fault:
        message = f"文件“{name}”不是有效的 JSON，请用 read --json 的输出。"
        return Reading(name, fault=RecordInvalid(message, file=name, reason=type(fault).__name__))


def _faulty(fault: DocumentError, name: str) -> Reading:
    return Reading(str(fault.details.get("file") or name), fault=fault)
