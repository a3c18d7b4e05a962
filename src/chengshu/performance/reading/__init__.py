"""Paper in: rows of a document become structured forms. Pure; templates are data under profiles/."""
