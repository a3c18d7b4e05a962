"""The performance domain over HTTP: translation only, one call inward through the facades."""
