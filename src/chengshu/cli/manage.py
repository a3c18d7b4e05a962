"""`chengshu manage`: Django's management commands."""

import click
from django.core.management import execute_from_command_line

from chengshu.config.env import name_settings_module


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []},
    add_help_option=False,
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """运行 Django 的管理命令；不带参数时列出全部命令。"""
    name_settings_module()
    execute_from_command_line(["chengshu manage", *arguments])
