"""Runs: a pipeline carried out over versions of lake tables, with a record that outlives it."""
