"""Indicators: what a domain measures, and each measurement with the evidence that it was counted from."""
