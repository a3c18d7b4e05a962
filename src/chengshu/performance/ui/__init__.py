"""Pages of the performance domain."""
