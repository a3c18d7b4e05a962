"""The one address at which files are given out."""
