"""A command group that imports a command only when it is called, so that help and short commands start at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import click

from chengshu.base.errors import ChengshuError


@dataclass(frozen=True, slots=True)
class LazyCommand:
    """A command's name, the module and attribute that hold it, and its line in the group's help."""

    name: str
    module: str
    attribute: str
    summary: str


class LazyGroup(click.Group):
    """Knows its commands by name and summary, and imports the one that is called."""

    def __init__(self, *args: Any, lazy_commands: Sequence[LazyCommand] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lazy = {command.name: command for command in lazy_commands}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of their declaration."""
        return [*self._lazy, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command, or return None when there is none of this name."""
        lazy = self._lazy.get(cmd_name)
        if lazy is None:
            return super().get_command(ctx, cmd_name)
        command = getattr(import_module(lazy.module), lazy.attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{lazy.module}.{lazy.attribute} is no command")
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an expected fault ends it with its message and exit code 1, without a traceback."""
        try:
            return super().invoke(ctx)
        except ChengshuError as error:
            raise click.ClickException(error.message) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """Write the list of commands without importing any."""
        with formatter.section("命令"):
            formatter.write_dl([(command.name, command.summary) for command in self._lazy.values()])
