"""What computes: DuckDB within the process by default, Spark on a cluster, behind one protocol."""
