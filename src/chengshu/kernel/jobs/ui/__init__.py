"""Pages for who manages jobs: all of them, what failed for good, and what is due when."""
