"""Writes: one transaction each, the author and the moment given by the caller."""
