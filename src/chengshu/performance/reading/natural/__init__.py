"""Reads forms whose table is gone but whose words still stand in reading order: run-on lines, one cell a line."""
