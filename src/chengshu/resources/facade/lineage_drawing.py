"""The door of how lineage is drawn."""

from chengshu.resources.rules.lineage_layout import (
    HEAD,
    ROW,
    WIDTH,
    Box,
    BoxAsked,
    Drawing,
    LinkAsked,
    lay_out,
    shorten,
)

__all__ = ["HEAD", "ROW", "WIDTH", "Box", "BoxAsked", "Drawing", "LinkAsked", "lay_out", "shorten"]
