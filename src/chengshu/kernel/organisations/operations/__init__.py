"""Writes of organisations: each is one transaction with its audit entry, under the lock of the tree."""
