"""Pure rules of notifications: words and quiet hours."""
