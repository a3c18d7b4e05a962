"""Writes of the outbox: putting in, delivering, endpoints, what failed for good."""
