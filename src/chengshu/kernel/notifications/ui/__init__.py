"""Pages of notifications: one's own, and how one wants to be told."""
