"""Writes of the file store: storing, and sweeping out what nobody refers to."""
