"""Pure computation of indicators: canonical facts, their digest, the value."""
