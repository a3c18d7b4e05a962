"""Accounts, files, jobs, lists: small Django apps that every domain stands on."""
