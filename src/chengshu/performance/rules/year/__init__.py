"""Pure rules of the performance year."""
