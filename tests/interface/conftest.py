"""The world that programs ask about: the one that people see."""

from web.conftest import founded, world

__all__ = ["founded", "world"]
