"""Where domains tell the shell which pages they have, without importing it."""
