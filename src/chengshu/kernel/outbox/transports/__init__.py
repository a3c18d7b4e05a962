"""How messages reach the other side."""
