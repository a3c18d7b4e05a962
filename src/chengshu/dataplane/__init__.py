"""The data plane: tables declared once, pipelines of named steps, engines, the lake, runs, checks and lineage. No Django."""
