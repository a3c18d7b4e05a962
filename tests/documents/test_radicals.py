"""Characters that printing wrote as radicals are read as what they look like."""

import unicodedata

from chengshu.documents.contracts import Place
from chengshu.documents.radicals import fold_radicals
from chengshu.documents.reading import read_document


def test_radicals_become_the_characters_that_they_look_like() -> None:
    assert (
        fold_radicals("项⽬⽀出绩效⾃评表，资⾦、⻓效、⻔⼾、⻛险、⺠⽣")
        == "项目支出绩效自评表，资金、长效、门户、风险、民生"
    )


def test_what_is_no_radical_stays() -> None:
    text = "指标１：≥９５％（含）　Smart"
    assert fold_radicals(text) is text


def test_every_radical_of_the_dictionary_becomes_an_ideograph() -> None:
    folded = (fold_radicals(chr(code)) for code in range(0x2F00, 0x2FD6))
    assert all(unicodedata.name(character).startswith("CJK UNIFIED IDEOGRAPH") for character in folded)


def test_any_format_gives_them_folded_with_their_place() -> None:
    document = read_document("表.csv", "项⽬名称,甲\n总⾦额,1\n".encode())
    assert [[cell.text for cell in row.cells] for row in document.rows] == [["项目名称", "甲"], ["总金额", "1"]]
    assert document.rows[1].cells[0].place == Place(line=2, ref="C1")
