"""Files that hold no readable form: damaged, locked, empty, or something else altogether."""

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import replace

from acceptance import facts as known
from acceptance.pages import make_pdf, make_word
from acceptance.papers import Sheet
from acceptance.templates import national
from acceptance.texts import make_run_on, make_tabs
from acceptance.workbooks import make_workbook
from PIL import Image

_OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 504
_KEPT = re.compile(r"指标|年度总体目标|预期目标|完成|资金|预算数|执行|分值|得分|总分|主管|实施单位|项目名称|—|自评表")
_LETTER = "关于报送年度工作总结的通知\n各科室：\n请于2024年1月15日前报送，字数不超过3000字。\n联系电话：0731-1234567\n"
_NOTICE = "关于开展2023年度项目支出绩效自评工作的通知\n请填写《项目支出绩效自评表》，90分以上为优。\n"


def good_file() -> bytes:
    return make_workbook([national(known.LAMPS)])


def pack(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def _blank() -> Sheet:
    """The official form with its printed words only."""
    sheet = national(known.CLINIC)
    entries = {known.CLINIC.project, known.CLINIC.department, known.CLINIC.unit, known.CLINIC.expected}
    entries |= {known.CLINIC.actual, *(row.level3 for row in known.CLINIC.rows)}
    entries |= {row.reason for row in known.CLINIC.rows}
    sheet.after = []
    for index, cell in enumerate(sheet.cells):
        text = "（     年度）" if "年度）" in cell.text else cell.text
        printed = text not in entries and _KEPT.search(text)
        sheet.cells[index] = replace(cell, text=text if printed or "年度）" in text else "")
    return sheet


def _without_digits() -> Sheet:
    sheet = national(known.CLINIC)
    sheet.after = []
    sheet.cells = [replace(cell, text=re.sub(r"[0-9,.%]", "", cell.text)) for cell in sheet.cells]
    return sheet


def _locked_pdf() -> bytes:
    lock = b"/Encrypt <</Filter/Standard/V 1/R 2/P -4/O <" + b"11" * 32 + b">/U <" + b"22" * 32 + b">>>/ID[<33><33>]"
    pdf = make_pdf([national(known.LAMPS)])
    return re.sub(rb"trailer\s*<<|/Type\s*/XRef", lambda found: found.group() + lock, pdf)


def _locked_zip() -> bytes:
    data = bytearray(pack({"表.xlsx": good_file()}))
    directory = data.index(b"PK\1\2")
    data[6] |= 1
    data[directory + 8] |= 1
    return bytes(data)


def _white_page() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (800, 600), "white").save(buffer, "PNG")
    return buffer.getvalue()


def unfilled_files() -> dict[str, bytes]:
    return {
        "空表.xlsx": make_workbook([_blank()]),
        "空表.docx": make_word([_blank()]),
        "空表.pdf": make_pdf([_blank()]),
        "空表.txt": make_tabs(_blank()),
    }


def digitless_files() -> dict[str, bytes]:
    return {
        "无数字.txt": make_tabs(_without_digits()),
        "无数字连排.txt": make_run_on(_without_digits()),
        "无数字.pdf": make_pdf([_without_digits()]),
    }


def other_files() -> dict[str, bytes]:
    return {
        "通知.txt": _LETTER.encode(),
        "通知.gb.txt": _LETTER.encode("gb18030"),
        "提到自评表.txt": _NOTICE.encode() * 3,
        "白页.png": _white_page(),
    }


def locked_files() -> dict[str, bytes]:
    return {
        "密.pdf": _locked_pdf(),
        "密.xlsx": _OLE + "EncryptedPackage".encode("utf-16-le") + b"\0" * 1000,
        "密.zip": _locked_zip(),
    }


def broken_files() -> dict[str, bytes]:
    archive = pack({"表.xlsx": good_file()})
    return {
        "断.pdf": make_pdf([national(known.LAMPS)])[:9000],
        "断.xlsx": good_file()[:4000],
        "断.docx": make_word([national(known.LAMPS)])[:8000],
        "断.zip": archive[: len(archive) // 2],
        "断.png": b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
    }


def foreign_files() -> dict[str, bytes]:
    return {
        "旧.docx": _OLE + "WordDocument".encode("utf-16-le") + b"\0" * 1000,
        "空.xlsx": b"",
        "日文.txt": "これは日本語の文章です。東京都の予算について説明します。".encode("shift_jis"),
        "拉丁.txt": "Le résumé des dépenses était inférieur à l'année précédente.".encode("cp1252"),
        "乱.bin": bytes((index * 7919) % 256 for index in range(5000)),
        "炸弹.zip": pack({"表.txt": b"0" * 120_000_000}),
    }
