"""Long work in the background, with progress that survives leaving the page."""
