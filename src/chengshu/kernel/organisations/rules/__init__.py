"""Pure rules of organisations: places, the closure, rows of tables."""
