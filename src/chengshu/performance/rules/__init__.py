"""Pure computation over structured forms: rule sets, checks, re-scoring."""
