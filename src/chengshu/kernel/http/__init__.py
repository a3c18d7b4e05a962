"""What every `http` room stands on: who asks, one page of a list, plain texts, and the shape of a fault (ADR 0016)."""
