"""Writes of jobs: queueing, what failed for good, what is due at set times."""
