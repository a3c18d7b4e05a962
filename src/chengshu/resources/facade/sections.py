"""The door for those who tell something of a resource on its page."""

from chengshu.resources.contracts.sections import Fact, SectionKey, SectionTold, Teller
from chengshu.resources.queries.sections import register_section, tell_sections

__all__ = ["Fact", "SectionKey", "SectionTold", "Teller", "register_section", "tell_sections"]
