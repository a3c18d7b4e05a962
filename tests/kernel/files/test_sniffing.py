"""A file is what its bytes say, whatever its name says."""

import io
import zipfile
from datetime import datetime
from pathlib import Path

import docx
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.files.facade import EVIDENCE, Family, FileTypeRefused, StoredFile, store_file
from chengshu.kernel.files.rules.sniffing import refuse_foreign, sniff

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 40
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600


def _zip(name: str = "a.txt") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(name, "数")
    return target.getvalue()


def _xlsx() -> bytes:
    target = io.BytesIO()
    openpyxl.Workbook().save(target)
    return target.getvalue()


def _docx() -> bytes:
    target = io.BytesIO()
    docx.Document().save(target)
    return target.getvalue()


HARMLESS = {
    "a.pdf": PDF,
    "a.PNG": PNG,
    "a.jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x00" * 40,
    "a.tif": b"II*\x00\x08\x00\x00\x00" + b"\x00" * 40,
    "a.xls": OLE,
    "a.xlsx": _xlsx(),
    "a.docx": _docx(),
    "a.zip": _zip(),
    "多份.zip": _zip("word/说明.txt"),
    "a.txt": "预算执行情况说明\n".encode("gb18030"),
    "a.csv": "\ufeff代码,名称\n1,甲\n".encode(),
    "宽.csv": "代码,名称\n".encode("utf-16"),
}
HARMFUL = {
    "program.pdf": (b"MZ\x90\x00" + b"\x00" * 60, Family.PROGRAM),
    "program.txt": (b"\x7fELF\x02\x01\x01" + b"\x00" * 60, Family.PROGRAM),
    "page.png": (b"<!DOCTYPE html><html><script>alert(1)</script>", Family.MARKUP),
    "drawing.png": (b'<?xml version="1.0"?><svg onload="alert(1)"/>', Family.MARKUP),
    "comment.png": (b"GIF89a/*<svg/onload=alert(1)>*/", Family.MARKUP),
    "shell.txt": (b"#!/bin/sh\nrm -rf /\n", Family.SCRIPT),
    "batch.csv": (b"@ECHO off\r\ndel *.*\r\n", Family.SCRIPT),
    "php.jpg": (b"<?php system($_GET[0]);", Family.SCRIPT),
    "archive.pdf": (_zip(), Family.ARCHIVE),
    "paper.png": (PDF, Family.PDF),
    "noise.pdf": (b"\x00\x01\x02\x03", Family.UNKNOWN),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_what_its_name_says_is_taken(name: str) -> None:
    refuse_foreign(name, HARMLESS[name][:8192], EVIDENCE)


@pytest.mark.parametrize("name", HARMFUL)
def test_what_is_something_else_is_refused(name: str) -> None:
    content, family = HARMFUL[name]
    assert sniff(content) is family
    with pytest.raises(FileTypeRefused):
        refuse_foreign(name, content, EVIDENCE)


@pytest.mark.parametrize("name", ["a.exe", "a.js", "a.html", "a.svg", "a.pdf.exe", "a", ".pdf", "a.pdf "])
def test_other_endings_are_refused_whatever_is_in_them(name: str) -> None:
    with pytest.raises(FileTypeRefused):
        refuse_foreign(name, PDF, EVIDENCE)


@given(content=st.binary(max_size=200))
def test_every_content_is_something(content: bytes) -> None:
    assert sniff(content) in Family


@given(text=st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=60), cut=st.integers(0, 3))
def test_text_that_is_cut_within_a_character_is_no_noise(text: str, cut: int) -> None:
    content = (text + "数据").encode()
    assert sniff(content[: len(content) - cut]) in {Family.TEXT, Family.MARKUP, Family.SCRIPT}


def test_what_is_refused_leaves_nothing(officer: User, now: datetime, settings: Settings) -> None:
    with pytest.raises(FileTypeRefused) as refused:
        store_file(b"MZ\x90\x00", name="a.pdf", owner=officer, now=now, accepted=EVIDENCE)
    assert "可执行程序" in refused.value.message
    assert not StoredFile.objects.exists()
    assert [path for path in Path(settings.FILES_ROOT).rglob("*") if path.is_file()] == []
