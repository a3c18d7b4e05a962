"""Pipelines of the demonstration, as a city would write its own: each file lists its plans as PLANS."""
