"""Pure rules of the official calendar."""
