"""One module reads one format: each has `transcribe(source, transcript)` and imports its own heavy libraries."""
