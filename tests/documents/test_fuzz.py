"""Whatever the bytes, the door raises a DocumentError or gives a document."""

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chengshu.documents.errors import DocumentError
from chengshu.documents.limits import MIB
from chengshu.documents.reading import Limits, list_members, read_document

LIMITS = Limits(file_bytes=4 * MIB, expanded_bytes=16 * MIB, pixels=10_000, pages=5)
HEADS = [b"", b"%PDF-1.7\n", b"PK\x03\x04", b"<html>", b"<table>", b"\xff\xfe", b"\x89PNG\r\n\x1a\n", b"BM", b"II*\0"]
NAMES = ["a.txt", "a.md", "a.csv", "a.html", "a.pdf", "a"]


def _read(name: str, data: bytes) -> None:
    with contextlib.suppress(DocumentError):
        read_document(name, data, limits=LIMITS)
    for member in list_members(name, data, limits=LIMITS):
        if not isinstance(member, DocumentError):
            with contextlib.suppress(DocumentError):
                member.read()


@given(st.sampled_from(NAMES), st.sampled_from(HEADS), st.binary(max_size=300))
def test_any_bytes(name: str, head: bytes, body: bytes) -> None:
    _read(name, head + body)


@given(st.sampled_from(NAMES), st.text(st.sampled_from("<>/|-\n\t\"',;table tr td=colspan29&#x甲一\r"), max_size=300))
def test_any_text(name: str, text: str) -> None:
    _read(name, text.encode())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_files(form_file: tuple[str, bytes], data: st.DataObject) -> None:
    name, whole = form_file
    position = data.draw(st.integers(0, len(whole) - 1))
    damage: Callable[[bytes], bytes] = data.draw(
        st.sampled_from(
            [
                lambda b: b[:position],
                lambda b: b[:position] + b[position + 7 :],
                lambda b: b[:position] + bytes([b[position] ^ 0xFF]) + b[position + 1 :],
                lambda b: b[:position] + b"\x00\xff<" + b[position:],
            ]
        )
    )
    _read(name, damage(whole))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP", "WEBP"])
def test_damaged_pictures(kind: str, make_picture: Callable[..., object], save: Callable[..., bytes]) -> None:
    picture: object = make_picture(ppi=10)
    whole = save(lambda buffer: picture.save(buffer, kind))  # type: ignore[attr-defined]  # a Pillow image
    for cut in range(1, len(whole), max(1, len(whole) // 12)):
        _read("a.img", whole[:cut])
