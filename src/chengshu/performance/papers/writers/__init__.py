"""One writer a format: each puts the same sheets down its own way."""
