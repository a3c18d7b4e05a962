"""The door of the lake's upkeep. Apart from the other doors because what it stands on is heavy to import."""

from chengshu.resources.operations.tidying import Tidied, tidy_lake

__all__ = ["Tidied", "tidy_lake"]
