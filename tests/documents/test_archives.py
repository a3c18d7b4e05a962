"""ZIP archives and folders: every member in natural order, faults in their place, nothing on the disk."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from chengshu.documents.archives import Member, natural_key
from chengshu.documents.contracts import Document
from chengshu.documents.errors import (
    DocumentCorrupt,
    DocumentEmpty,
    DocumentEncrypted,
    DocumentError,
    DocumentTooLarge,
)
from chengshu.documents.limits import MIB
from chengshu.documents.reading import Limits, list_members, read_document, read_documents


def _zip(files: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def _origins(data: bytes, limits: Limits | None = None) -> list[str | type[DocumentError]]:
    found = list_members("上报.zip", data, limits=limits or Limits())
    return [item.origin if isinstance(item, Member) else type(item) for item in found]


def test_members_come_in_natural_order_with_their_origin() -> None:
    data = _zip({"表10.txt": b"a", "表2.txt": b"b", "甲/表1.txt": b"c"})
    assert _origins(data) == ["上报.zip!/甲/表1.txt", "上报.zip!/表2.txt", "上报.zip!/表10.txt"]


def test_a_member_is_unpacked_when_it_is_read() -> None:
    (member,) = list_members("a.zip", _zip({"x/表.txt": "绩效".encode()}), limits=Limits())
    assert isinstance(member, Member)
    assert (member.name, member.size) == ("表.txt", 6)
    document = read_document(member.origin, member.read())
    assert (document.name, document.origin) == ("表.txt", "a.zip!/x/表.txt")


def test_a_file_that_is_no_archive_is_its_own_member() -> None:
    (member,) = list_members("a.txt", b"1", limits=Limits())
    assert isinstance(member, Member)
    assert (member.origin, member.read()) == ("a.txt", b"1")


def test_office_files_are_no_archives(form_files: dict[str, bytes]) -> None:
    for name, data in form_files.items():
        (member,) = list_members(name, data, limits=Limits())
        assert isinstance(member, Member)


def test_litter_is_passed_over() -> None:
    litter = ["__MACOSX/._表.txt", ".DS_Store", "~$表.docx", "夹/.隐", "Thumbs.db"]
    assert _origins(_zip(dict.fromkeys([*litter, "表.txt"], b"1"))) == ["上报.zip!/表.txt"]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_names_without_a_declared_encoding_are_read(encoding: str) -> None:
    raw = "绩效自评表.txt".encode(encoding)
    stand_in = b"x" * len(raw)
    data = _zip({stand_in.decode(): b"1"}).replace(stand_in, raw)
    assert _origins(data) == ["上报.zip!/绩效自评表.txt"]


def test_one_level_of_archives_within_is_opened_and_no_more() -> None:
    innermost = _zip({"深.txt": b"1"})
    inner = _zip({"1.txt": b"1", "2.zip": innermost})
    assert _origins(_zip({"a.zip": inner, "b.txt": b"1"})) == [
        "上报.zip!/a.zip!/1.txt",
        DocumentTooLarge,
        "上报.zip!/b.txt",
    ]


def test_tricks_with_paths_are_names_only() -> None:
    assert _origins(_zip({"../../etc/x.txt": b"1", "/abs.txt": b"2"})) == [
        "上报.zip!/../../etc/x.txt",
        "上报.zip!//abs.txt",
    ]


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    assert _origins(_zip({"bomb.txt": b"0" * (40 * MIB)})) == [DocumentTooLarge]


@pytest.mark.parametrize("limits", [Limits(expanded_bytes=1500), Limits(members=1)])
def test_archives_beyond_the_limits_are_refused(limits: Limits) -> None:
    assert _origins(_zip({"a.txt": b"1" * 1000, "b.txt": b"2" * 1000}), limits) == [DocumentTooLarge]


def test_a_member_beyond_the_size_of_a_file_is_refused_alone() -> None:
    data = _zip({"大.txt": b"1" * 1000, "小.txt": b"1"})
    assert _origins(data, Limits(file_bytes=999)) == [DocumentTooLarge, "上报.zip!/小.txt"]


def test_archives_together_stay_within_the_limit() -> None:
    inner = _zip({"a.txt": bytes(1000)})
    outer = _zip({f"{number}.zip": inner for number in range(5)})
    assert _origins(outer, Limits(expanded_bytes=len(inner) * 5 + 2500)).count(DocumentTooLarge) == 3


def test_an_archive_behind_a_password_is_named() -> None:
    data = bytearray(_zip({"表.txt": b"1"}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    (fault,) = list_members("密.zip", bytes(data), limits=Limits())
    assert isinstance(fault, DocumentEncrypted)
    assert "“密.zip”" in fault.message


def test_a_damaged_member_leaves_the_others_whole() -> None:
    data = _zip({"坏.txt": b"abcdefgh" * 9, "好.txt": b"1"}, method=zipfile.ZIP_STORED)
    bad, good = list_members("a.zip", data.replace(b"abcdefgh", b"abcdefgX", 1), limits=Limits())
    assert isinstance(good, Member)
    assert isinstance(bad, Member)
    assert good.read() == b"1"
    with pytest.raises(DocumentCorrupt, match=r"“坏.txt”"):
        bad.read()


def test_an_archive_cut_off_is_corrupt() -> None:
    data = _zip({"表.txt": b"1" * 1000})
    assert _origins(data[: len(data) // 2]) == [DocumentCorrupt]


def test_an_archive_of_nothing_is_empty() -> None:
    assert _origins(_zip({})) == [DocumentEmpty]


def test_a_folder_is_walked_in_natural_order_and_faults_stay_in_place(tmp_path: Path) -> None:
    (tmp_path / "子").mkdir()
    files = {"表10.txt": "十", "表2.txt": "二", "子/表1.txt": "一", ".隐.txt": "x", "~$表.docx": "x"}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "表3.pdf").write_bytes(b"%PDF-1.7 broken")
    (tmp_path / "表4.zip").write_bytes(_zip({"内.txt": "内".encode()}))
    found = [
        item.rows[0].cells[0].text if isinstance(item, Document) else item.details["file"]
        for item in read_documents(tmp_path)
    ]
    assert found == ["一", "二", "表3.pdf", "内", "十"]


def test_a_path_that_is_not_there_is_yielded_as_a_fault(tmp_path: Path) -> None:
    (fault,) = read_documents(tmp_path / "无.txt")
    assert isinstance(fault, DocumentError)
    assert "“无.txt”" in fault.message


def test_natural_order_counts_numbers_by_value() -> None:
    names = ["b1", "a10", "a9", "a", "10", "9", "a9b"]
    assert sorted(names, key=natural_key) == ["9", "10", "a", "a9", "a9b", "a10", "b1"]


def test_progress_of_an_upload_can_be_shown_by_file(
    form_files: dict[str, bytes], make_pdf: Callable[..., bytes]
) -> None:
    archive = _zip({"a.pdf": make_pdf(forms=2), "b.xlsx": form_files["form.xlsx"]})
    pages: list[tuple[str, int, int]] = []
    for member in list_members("a.zip", archive, limits=Limits()):
        assert isinstance(member, Member)
        name = member.name

        def note(page: int, of: int, name: str = name) -> None:
            pages.append((name, page, of))

        read_document(member.origin, member.read(), on_page=note)
    assert pages == [("a.pdf", 1, 2), ("a.pdf", 2, 2)]
