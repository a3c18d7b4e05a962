"""Pure rules of files: what a content is, and whether it is taken."""
