"""Synthetic data from a seed and a size, with its ground truth. No Django."""
