"""The door: content decides, errors name the file and the cure, heavy libraries wait."""

import subprocess
import sys
from collections.abc import Callable

import pytest

from chengshu.documents.contracts import Media
from chengshu.documents.errors import (
    DocumentEmpty,
    DocumentEncrypted,
    DocumentError,
    DocumentTooLarge,
    UnknownFormat,
)
from chengshu.documents.reading import Limits, read_document

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)


def test_the_content_decides_and_not_the_name(form_files: dict[str, bytes]) -> None:
    found = {name: read_document("错.txt", data).media for name, data in form_files.items()}
    assert found == {
        "form.html": Media.HTML,
        "form.xlsx": Media.XLSX,
        "form.docx": Media.DOCX,
        "form.pdf": Media.PDF,
    }


def test_the_name_is_the_last_part_of_the_origin() -> None:
    document = read_document(r"C:\报送\a.zip!/表\一.txt", "甲".encode())
    assert (document.name, document.origin) == ("一.txt", r"C:\报送\a.zip!/表\一.txt")


@pytest.mark.parametrize(
    ("name", "data", "error", "cure"),
    [
        ("空.txt", b"", DocumentEmpty, "重新导出"),
        ("白.txt", b" \n\t\n ", DocumentEmpty, "检查"),
        ("旧.xls", OLE, UnknownFormat, "另存为 .xlsx"),
        ("旧.et", OLE, UnknownFormat, "另存为 .xlsx"),
        ("旧.doc", OLE, UnknownFormat, "另存为 .docx"),
        ("旧.wps", OLE, UnknownFormat, "另存为 .docx"),
        ("密.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), DocumentEncrypted, "去除密码"),
        ("包.rar", b"Rar!\x1a\x07\x00" + bytes(20), UnknownFormat, "ZIP"),
        ("包.7z", b"7z\xbc\xaf\x27\x1c" + bytes(20), UnknownFormat, "ZIP"),
        ("文.rtf", b"{\\rtf1 x}", UnknownFormat, "另存为 .docx"),
        ("乱.dat", b"\x00\x01\x02\x03" * 20, UnknownFormat, "导出为"),
        ("坏.pdf", b"%PDF-1.7\n1 0 obj", DocumentError, "重新导出"),
        ("坏.png", b"\x89PNG\r\n\x1a\n" + bytes(50), DocumentError, "重新扫描"),
        ("坏.xlsx", b"PK\x03\x04" + bytes(50), DocumentError, "重新"),
    ],
)
def test_every_refusal_names_the_file_and_the_cure(name: str, data: bytes, error: type, cure: str) -> None:
    with pytest.raises(error) as caught:
        read_document(name, data)
    assert isinstance(caught.value, DocumentError)
    assert f"“{name}”" in caught.value.message
    assert cure in caught.value.message
    assert caught.value.details["file"] == name


@pytest.mark.parametrize(
    ("limits", "text"),
    [(Limits(file_bytes=10), "甲" * 10), (Limits(rows=2), "甲\n乙\n丙"), (Limits(cells=5), "a\tb\tc\nd\te\tf")],
)
def test_limits_hold(limits: Limits, text: str) -> None:
    with pytest.raises(DocumentTooLarge, match=r"“a.txt”"):
        read_document("a.txt", text.encode(), limits=limits)


def test_what_a_page_report_raises_is_passed_on(make_pdf: Callable[..., bytes]) -> None:
    class Cancelled(Exception):
        pass

    def cancel(page: int, pages: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        read_document("a.pdf", make_pdf(), on_page=cancel)


def test_reading_text_loads_no_heavy_library() -> None:
    script = (
        "import sys; from chengshu.documents.reading import read_document; read_document('a.txt', b'a\\tb');"
        "print(sorted({'cv2', 'numpy', 'openpyxl', 'lxml', 'docx', 'pdfplumber', 'rapidocr', 'PIL'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
