"""The doors of the domain, one a noun; nothing else of it is imported from outside."""
