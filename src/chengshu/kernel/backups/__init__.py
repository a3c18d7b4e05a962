"""Backups: database, files and keys in one archive whose every byte is held to a digest, and the way back."""
