"""The lake: open ACID tables (Delta) in three zones, on the local disk or in an S3 store."""
