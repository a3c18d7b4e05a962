"""What crosses the boundary of this domain, by noun."""
