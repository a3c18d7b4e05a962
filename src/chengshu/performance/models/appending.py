"""Rows of a project's year that are added and read, nothing else."""

from typing import Any, NoReturn

from chengshu.performance.models.rights import M, YearlyManager, YearlyQuerySet


class AppendOnlyQuerySet(YearlyQuerySet[M]):
    """Rows that stay as they were written."""

    def update(self, **_kwargs: Any) -> NoReturn:
        """Refuse: raise TypeError."""
        raise TypeError(f"{self.model.__name__} is append-only")

    def delete(self) -> NoReturn:
        """Refuse: raise TypeError."""
        raise TypeError(f"{self.model.__name__} is append-only")


class AppendOnlyManager(YearlyManager[M]):
    """Gives rows that are read and added."""

    rows = AppendOnlyQuerySet
