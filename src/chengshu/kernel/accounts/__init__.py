"""Accounts, roles and who may come in."""
