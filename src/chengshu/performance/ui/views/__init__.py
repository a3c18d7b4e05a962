"""Views: each makes one call inward and draws a page."""
