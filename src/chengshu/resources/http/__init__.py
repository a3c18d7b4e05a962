"""Data resources over HTTP."""
