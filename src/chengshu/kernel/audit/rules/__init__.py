"""The arithmetic of the audit: what is hashed and signed, and how a chain is checked. No database, no clock."""
