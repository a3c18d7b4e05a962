"""Writes of grants, and changes of organisations by people who may make them: each is one transaction."""
