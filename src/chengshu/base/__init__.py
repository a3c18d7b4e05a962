"""Pure ground of the house: quantities, texts, errors. Imports nothing of the house and does no I/O."""
