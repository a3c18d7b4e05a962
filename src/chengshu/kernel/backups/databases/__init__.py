"""The engines' own ways of dumping and loading."""
