"""Reads forms that an extractor printed column by column: figures by themselves, names and labels apart."""
