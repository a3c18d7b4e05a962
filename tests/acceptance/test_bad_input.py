"""Whatever is no readable form is named with its reason; the other files of the same call are read."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from acceptance import damage
from click.testing import CliRunner

from chengshu.cli.main import main
from chengshu.documents.errors import DocumentError
from chengshu.documents.reading import read_document
from chengshu.performance.errors import FormBlank, FormDigitsLost, NotAForm
from chengshu.performance.reading.reader import read_forms

REASONS: list[tuple[Callable[[], dict[str, bytes]], str]] = [
    (damage.unfilled_files, "没有填写"),
    (damage.digitless_files, "数字没有"),
    (damage.other_files, "没有绩效自评表|没有可读的文字"),
    (damage.locked_files, "密码"),
    (damage.broken_files, "已损坏"),
    (damage.foreign_files, "旧版办公文件|空文件|编码无法识别|格式无法识别|超过限制"),
]


@pytest.mark.parametrize(("make", "reason"), REASONS, ids=lambda item: getattr(item, "__name__", ""))
def test_the_others_go_on_and_every_fault_is_named(
    make: Callable[[], dict[str, bytes]], reason: str, tmp_path: Path
) -> None:
    files = {"00-好.xlsx": damage.good_file(), **make(), "归档.zip": damage.pack({"好.xlsx": damage.good_file()})}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    result = CliRunner().invoke(main, ["performance", "read", *(str(tmp_path / name) for name in files), "--json"])
    records = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 2
    assert [record["source"]["file"] for record in records] == ["00-好.xlsx", "好.xlsx"]
    assert records[1]["duplicate_of"] == {"file": "00-好.xlsx", "form": 1}
    complaints = result.stderr.splitlines()
    for name in make():
        (complaint,) = [line for line in complaints if line.startswith(name)]
        assert any(word in complaint for word in reason.split("|"))


@pytest.mark.parametrize(
    ("make", "fault"), [(damage.unfilled_files, FormBlank), (damage.digitless_files, FormDigitsLost)]
)
def test_an_unfilled_form_is_told_from_one_that_lost_its_digits(
    make: Callable[[], dict[str, bytes]], fault: type[Exception]
) -> None:
    for name, data in make().items():
        with pytest.raises(fault):
            read_forms(read_document(name, data))


def test_a_letter_that_mentions_the_form_is_no_form() -> None:
    for name, data in damage.other_files().items():
        with pytest.raises((NotAForm, DocumentError)):
            read_forms(read_document(name, data))
