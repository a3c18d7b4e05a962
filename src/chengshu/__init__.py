"""城枢 Chengshu: work → facts → indicators with evidence → performance."""

__version__ = "0.1.0"
