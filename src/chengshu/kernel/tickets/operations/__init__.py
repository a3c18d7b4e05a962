"""Writes of tickets. Each is one transaction with one entry in the audit."""
