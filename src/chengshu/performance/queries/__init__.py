"""Reads: papers into forms, and lists, sums and comparisons out of the database."""
