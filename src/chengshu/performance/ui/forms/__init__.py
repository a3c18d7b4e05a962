"""The forms of the performance year."""
