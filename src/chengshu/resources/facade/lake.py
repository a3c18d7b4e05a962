"""The door of the lake's upkeep. Apart from the other doors because what it stands on is heavy to import."""

from chengshu.resources.operations.tidying import Tidied, sweep_work, tidy_lake

__all__ = ["Tidied", "sweep_work", "tidy_lake"]
