"""`chengshu manage import_organisations`: take a table of organisations, such as the first one of a new installation."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from chengshu.base.errors import ChengshuError
from chengshu.kernel.organisations.facade import import_organisations, read_organisation_table


class Command(BaseCommand):
    """Imports a table and says what became of its rows."""

    help = "导入组织表（XLSX、CSV 等），列为 代码、名称、类别、上级代码、设立日期；可以重复导入。有行未收时退出码为 1。"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the file, the day and the reason."""
        parser.add_argument("file", type=Path, help="组织表")
        parser.add_argument("--on", type=date.fromisoformat, help="变动生效的日期，如 2024-03-15；默认今天")
        parser.add_argument("--reason", default="", help="事由，如机构改革文件的文号")

    def handle(self, *_args: str, **options: Any) -> None:
        """Import and report."""
        file: Path = options["file"]
        now = timezone.now()
        try:
            table = read_organisation_table(file.name, file.read_bytes())
            on = options["on"] or timezone.localdate(now)
            receipt = import_organisations(table, on=on, actor=None, now=now, reason=options["reason"])
        except (ChengshuError, OSError) as fault:
            raise CommandError(str(fault)) from fault
        counts = {
            "新设": receipt.created,
            "更名": receipt.renamed,
            "划转": receipt.moved,
            "未变": receipt.unchanged,
            "未收": receipt.rejected,
        }
        self.stdout.write("，".join(f"{word} {len(rows)}" for word, rows in counts.items()))
        for row in receipt.rejected:
            self.stderr.write(f"第 {row.line} 行 {row.code}：{row.reason}")
        if receipt.rejected:
            raise CommandError("有行未收，其余已导入。改正后可以重新导入整张表。")
