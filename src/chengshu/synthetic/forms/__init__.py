"""Synthetic self-evaluation forms with planted defects and their key."""

from chengshu.synthetic.forms.drafts import PlantedDefect
from chengshu.synthetic.forms.generation import generate_forms
from chengshu.synthetic.forms.planting import PLANTED_CODES
from chengshu.synthetic.forms.styles import TEMPLATES

__all__ = ["PLANTED_CODES", "TEMPLATES", "PlantedDefect", "generate_forms"]
