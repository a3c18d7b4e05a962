"""Grants: which role an account has on which organisations, from when until when."""
